//! A text column to numbers, with and without a dictionary, in runs and scattered.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, StringArray};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_kernels::codes::CodeMap;
use rowmill_kernels::intern::Interner;

const ROWS: usize = 8_192;

fn codes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("codes");
    group.throughput(Throughput::Elements(ROWS as u64));
    // 613 is prime to the number of names, so that neighbours differ.
    for (name, number) in [("in runs", (|row| row / 64) as fn(usize) -> usize), ("scattered", |row| row * 613 % 128), ("all distinct", |row| row)] {
        let texts: Vec<String> = (0..ROWS).map(|row| format!("namespace-{}", number(row))).collect();
        let dictionary: DictionaryArray<Int32Type> = texts.iter().map(String::as_str).collect();
        let arrays: [(&str, ArrayRef); 2] = [("dictionary", Arc::new(dictionary)), ("plain", Arc::new(StringArray::from(texts)))];
        for (encoding, array) in arrays {
            let (mut map, mut interner, mut out) = (CodeMap::default(), Interner::default(), Vec::with_capacity(ROWS));
            group.bench_function(format!("{name}, {encoding}"), |bencher| {
                bencher.iter(|| {
                    out.clear();
                    map.map(&array, &mut interner, &mut out).unwrap();
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, codes);
criterion_main!(benches);
