//! What an exact sum of squares costs beside a plain one.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_kernels::exact::SquareSum;

fn squares(criterion: &mut Criterion) {
    let values: Vec<i64> = (0..8_192).map(|row| row * 7_919 % 50_000).collect();
    let mut group = criterion.benchmark_group("squares");
    group.throughput(Throughput::Elements(values.len() as u64));
    group.bench_function("plain", |bencher| bencher.iter(|| black_box(&values).iter().map(|value| (*value as f64) * (*value as f64)).sum::<f64>()));
    group.bench_function("exact", |bencher| {
        bencher.iter(|| {
            let mut sum = SquareSum::default();
            black_box(&values).iter().for_each(|value| sum.add(*value));
            sum
        });
    });
    group.finish();
}

criterion_group!(benches, squares);
criterion_main!(benches);
