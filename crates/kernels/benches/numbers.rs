//! What exactness costs: sums that do not depend on the order beside plain ones, and doubles to decimals.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_kernels::numeric::{Rounding, to_numeric};
use rowmill_kernels::sum::FixedSum;

const ROWS: usize = 8_192;

fn values(step: f64) -> Vec<f64> {
    (0..ROWS).map(|row| row as f64 * step).collect()
}

fn sums(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sum");
    group.throughput(Throughput::Elements(ROWS as u64));
    // Values from 2^62 on take the slow way; at this scale their sum stays in range.
    for (name, values) in [("usual", values(0.37)), ("huge", vec![2f64.powi(65); ROWS])] {
        group.bench_function(format!("{name}, plain"), |bencher| bencher.iter(|| black_box(&values).iter().sum::<f64>()));
        group.bench_function(format!("{name}, fixed"), |bencher| {
            bencher.iter(|| {
                let mut sum = FixedSum::<24>::default();
                black_box(&values).iter().for_each(|value| sum.add(*value));
                sum
            });
        });
    }
    group.finish();
}

fn numeric(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("to numeric");
    group.throughput(Throughput::Elements(ROWS as u64));
    for (name, values) in [("whole", values(3.0)), ("short", values(0.25)), ("long", values(1.0 / 3.0)), ("too large", vec![1e18; ROWS])] {
        for rounding in [Rounding::Shortest, Rounding::Significant15] {
            group.bench_function(format!("{name}, {rounding:?}"), |bencher| {
                bencher.iter(|| black_box(&values).iter().filter_map(|value| to_numeric(*value, rounding)).fold(0, |sum: i128, value| sum ^ value));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, sums, numeric);
criterion_main!(benches);
