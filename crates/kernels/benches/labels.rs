//! Label texts to ids: short, long, escaped and refused ones, and a column of few texts with and without a dictionary.
#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, StringArray};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_kernels::labels::{LabelColumn, LabelRules, LabelTable};

/// Three times the texts that a plain column remembers, so that distinct ones are parsed each time.
const ROWS: usize = 24_576;

fn table() -> LabelTable {
    LabelTable::new(["app", "env", "team"].map(String::from), LabelRules::default())
}

fn text(number: usize) -> String {
    format!(r#"{{"app":"service-{number}","env":"production","pod_template_hash":"{number:x}"}}"#)
}

fn parse(criterion: &mut Criterion) {
    let padding: Vec<String> = (0..40).map(|key| format!(r#""other_{key}":"a value that nobody asks for""#)).collect();
    let long = format!(r#"{{{},"app":"shop"}}"#, padding.join(","));
    let shapes = [
        ("short", text(7)),
        ("long", long),
        ("escaped", r#"{"app":"a \"quoted\" \u00e9","env":"a\\b"}"#.into()),
        ("invalid", r#"{"app":"shop","env":"#.into()),
    ];
    let mut group = criterion.benchmark_group("labels, one text");
    for (name, text) in &shapes {
        let mut labels = table();
        assert_eq!(labels.parse(Some(text)).is_ok(), *name != "invalid");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(*name, |bencher| bencher.iter(|| labels.parse(Some(text)).ok()));
    }
    group.finish();
}

fn column(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("labels, a column");
    group.throughput(Throughput::Elements(ROWS as u64));
    for (name, distinct) in [("40 texts", 40), ("all distinct", ROWS)] {
        let texts: Vec<String> = (0..ROWS).map(|row| text(row % distinct)).collect();
        let dictionary: DictionaryArray<Int32Type> = texts.iter().map(String::as_str).collect();
        let arrays: [(&str, ArrayRef); 2] = [("dictionary", Arc::new(dictionary)), ("plain", Arc::new(StringArray::from(texts)))];
        for (encoding, array) in arrays {
            let (mut labels, mut memory) = (table(), LabelColumn::new("pod_labels"));
            group.bench_function(format!("{name}, {encoding}"), |bencher| {
                bencher.iter(|| {
                    let mut rows = memory.open(&array).unwrap();
                    (0..ROWS).fold(0, |sum, row| sum ^ rows.id(row, &mut labels).unwrap())
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, parse, column);
criterion_main!(benches);
