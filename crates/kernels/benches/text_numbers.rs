//! Integers from text: short ones, instants, and what is not plain.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_kernels::text_numbers::{NineteenDigits, parse_digits, parse_integer};

const ROWS: i64 = 8_192;
const INSTANT: i64 = 1_725_408_000_000_000_000;

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("text_numbers");
    group.throughput(Throughput::Elements(ROWS as u64));
    type Shape = (&'static str, fn(i64) -> i64);
    let shapes: [Shape; 4] =
        [("short", |row| row * 7 % 20_000), ("instants", |row| INSTANT + row * 7_919), ("negative", |row| -row), ("smallest", |_| i64::MIN)];
    for (name, value) in shapes {
        let mut text = String::new();
        let places: Vec<(usize, usize)> = (0..ROWS)
            .map(|row| {
                let start = text.len();
                text.push_str(&value(row).to_string());
                text.push(',');
                (start, text.len() - 1)
            })
            .collect();
        text.push_str("padding,");
        let text = text.as_bytes();
        group.bench_function(format!("fast, {name}"), |bencher| {
            bencher.iter(|| places.iter().filter_map(|(start, end)| parse_digits(black_box(text), *start, *end)).fold(0_i64, i64::wrapping_add));
        });
        group.bench_function(format!("careful, {name}"), |bencher| {
            bencher.iter(|| places.iter().filter_map(|(start, end)| parse_integer(&text[*start..*end]).ok()?).fold(0_i64, i64::wrapping_add));
        });
        if let Some(span) = NineteenDigits::span(INSTANT + 1_000_000, INSTANT + 30_000_000) {
            group.bench_function(format!("span, {name}"), |bencher| {
                bencher.iter(|| places.iter().filter(|(start, end)| span.contain(black_box(text), *start, *end) == Some(true)).count());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
