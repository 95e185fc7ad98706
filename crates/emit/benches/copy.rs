//! Encoding and decoding a summary-shaped table: 30 decimals and 10 texts a row.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Decimal128Array, DictionaryArray, RecordBatch, StringArray};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_core::SqlType;
use rowmill_emit::{CopyDecoder, CopyEncoder, TargetColumn};

const ROWS: usize = 8_192;

fn rows() -> (RecordBatch, Vec<TargetColumn>, Vec<(String, SqlType)>) {
    let mut arrays: Vec<(String, ArrayRef, &str, SqlType)> = Vec::new();
    for column in 0..30i128 {
        // Hours and gigabytes: some whole digits and a full fraction.
        let values = (0..ROWS as i128).map(|row| (row * 7_919 + column) * 123_456_789_012_345);
        let array = Decimal128Array::from_iter_values(values).with_precision_and_scale(33, 15).unwrap();
        arrays.push((format!("n{column}"), Arc::new(array), "numeric(33,15)", SqlType::Numeric { precision: 33, scale: 15 }));
    }
    for column in 0..8 {
        let array: StringArray = (0..ROWS).map(|row| Some(format!("namespace-{}", row % (column + 3)))).collect();
        arrays.push((format!("t{column}"), Arc::new(array), "character varying(253)", SqlType::Varchar { limit: 253 }));
    }
    for column in 0..2 {
        let array: DictionaryArray<Int32Type> = (0..ROWS).map(|row| ["{}", r#"{"app":"shop","tier":"web"}"#][(row + column) % 2]).collect();
        arrays.push((format!("j{column}"), Arc::new(array), "jsonb", SqlType::Jsonb));
    }
    let targets = arrays.iter().map(|(name, _, sql_type, _)| TargetColumn { name: name.clone(), sql_type: (*sql_type).into() }).collect();
    let columns = arrays.iter().map(|(name, _, _, sql)| (name.clone(), *sql)).collect();
    let batch = RecordBatch::try_from_iter(arrays.into_iter().map(|(name, array, _, _)| (name, array))).unwrap();
    (batch, targets, columns)
}

fn copy(criterion: &mut Criterion) {
    let (batch, targets, columns) = rows();
    let mut group = criterion.benchmark_group("copy");
    group.throughput(Throughput::Elements(ROWS as u64)).sample_size(20);
    let mut encoder = CopyEncoder::new(batch.schema_ref(), &targets).unwrap();
    let mut out = Vec::new();
    group.bench_function("encode rows", |bencher| {
        bencher.iter(|| {
            out.clear();
            encoder.encode(black_box(&batch), &mut out).unwrap();
        });
    });
    let mut stream = Vec::new();
    let mut encoder = CopyEncoder::new(batch.schema_ref(), &targets).unwrap();
    encoder.encode(&batch, &mut stream).unwrap();
    encoder.finish(&mut stream);
    group.bench_function("decode rows", |bencher| {
        bencher.iter(|| {
            let mut decoder = CopyDecoder::new(&columns, ROWS);
            stream.chunks(65_536).for_each(|piece| decoder.feed(black_box(piece)).unwrap());
            decoder.finish().unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, copy);
criterion_main!(benches);
