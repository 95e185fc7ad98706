//! Integers to narrower ones, with no NULL, few of them, and many.
#![allow(missing_docs, clippy::unwrap_used)]

use arrow_array::Int64Array;
use arrow_schema::DataType;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_kernels::downcast::{downcast, extremes};

const ROWS: i64 = 8_192;

fn narrow(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("downcast");
    group.throughput(Throughput::Elements(ROWS as u64));
    for (name, every) in [("no nulls", ROWS), ("few nulls", 97), ("many nulls", 2)] {
        let array: Int64Array = (0..ROWS).map(|row| (row % every != every - 1).then_some(row * 31 % 127)).collect();
        for data_type in [DataType::Int8, DataType::Int32, DataType::Float32] {
            group.bench_function(format!("{data_type}, {name}"), |bencher| bencher.iter(|| downcast(&array, &data_type).unwrap()));
        }
        group.bench_function(format!("extremes, {name}"), |bencher| bencher.iter(|| extremes(&array)));
    }
    group.finish();
}

criterion_group!(benches, narrow);
criterion_main!(benches);
