//! CSV to columns: a few columns of every record, all of a few, and the same with quotes, beside a bare count of line ends.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fmt::Write;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_core::plan::BadRows;
use rowmill_core::{ColumnKind, FilterTerm, InputColumn, InputSpec, Test};
use rowmill_read::{BatchLimit, CsvFile};

const ROWS: i64 = 100_000;
const COLUMNS: [&str; 20] =
    ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13", "c14", "c15", "c16", "c17", "c18", "c19"];

/// Records with a long number, a key, an instant, many short numbers, and a text.
fn text(quoted: bool) -> String {
    let mut text = COLUMNS.join(",") + "\n";
    for row in 0..ROWS {
        let quote = if quoted { "\"" } else { "" };
        let (order, key, instant) = (7_900_000_000_000_000_000 + row, row * 613 % 200, 1_725_408_000_000_000_000 + row * 7_919);
        write!(text, "{order},{key},{instant},{quote}Current Max{quote}").unwrap();
        (4..20).for_each(|column| write!(text, ",{}", row * column % 9_999).unwrap());
        text.push('\n');
    }
    text
}

fn spec(columns: &[&'static str], keys: Vec<i64>) -> InputSpec {
    let columns = columns.iter().map(|name| InputColumn::new(name, ColumnKind::Integer)).collect();
    let filter = if keys.is_empty() { Vec::new() } else { vec![FilterTerm { name: "key", column: 0, test: Test::one_of(keys) }] };
    InputSpec { filter, ..InputSpec::new("orders", columns) }
}

fn scan(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let mut group = criterion.benchmark_group("csv");
    for quoted in [false, true] {
        let (text, name) = (text(quoted), if quoted { "quoted" } else { "plain" });
        let path = folder.path().join(format!("{name}.csv")).display().to_string();
        std::fs::write(&path, &text).unwrap();
        group.throughput(Throughput::Bytes(text.len() as u64));
        let shapes = [
            ("six columns", spec(&["c1", "c0", "c2", "c4", "c8", "c16"], vec![])),
            ("five keys of 200", spec(&["c1", "c0", "c2"], vec![3, 50, 51, 99, 170])),
        ];
        for (shape, spec) in shapes {
            let read = || {
                let file = CsvFile::open(&path, None, &spec, 0, BadRows::Fail).unwrap();
                file.batches(BatchLimit { rows: 8_192, bytes: usize::MAX }).map(|batch| batch.unwrap().batch.num_rows()).sum::<usize>()
            };
            group.bench_function(format!("{shape}, {name}"), |bencher| bencher.iter(read));
        }
        let count = || std::fs::read(&path).map(|bytes| memchr::memchr_iter(b'\n', &bytes).count());
        group.bench_function(format!("line ends, {name}"), |bencher| bencher.iter(count));
    }
    group.finish();
}

criterion_group!(benches, scan);
criterion_main!(benches);
