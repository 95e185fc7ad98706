//! Instants to local hours, and trading hours of every day to ranges.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_kernels::zones::{ALL_DAYS, NS_PER_HOUR, Slot, Zone};

const ROWS: i64 = 8_192;

fn zones(criterion: &mut Criterion) {
    let zone = Zone::parse("Australia/Sydney").unwrap();
    let mut group = criterion.benchmark_group("zones");
    group.throughput(Throughput::Elements(ROWS as u64));
    for (name, step) in [("by time", 1_000_000), ("any time", 977 * NS_PER_HOUR)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut slot = Slot::NONE;
                let mut days = 0_i64;
                for row in 0..black_box(ROWS) {
                    let ns = 1_725_494_536_000_000_000_i64.wrapping_add(row * step);
                    if !slot.holds(ns) {
                        slot = zone.hour(ns);
                    }
                    days += i64::from(slot.day);
                }
                days
            });
        });
    }
    group.finish();
    criterion.bench_function("zones/trading hours of every day", |bencher| {
        bencher.iter(|| zone.ranges(ALL_DAYS, 10 * NS_PER_HOUR..16 * NS_PER_HOUR).len());
    });
}

criterion_group!(benches, zones);
criterion_main!(benches);
