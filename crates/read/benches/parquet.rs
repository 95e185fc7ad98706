//! Reading texts that repeat and texts that do not, with and without the file's dictionary, beside times and numbers.
//!
//! The two "as a dictionary" cases show why a chunk without a dictionary page is read as plain text.
#![allow(missing_docs, clippy::unwrap_used)]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use arrow_schema::{DataType, Field, Schema};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use rowmill_core::day::Day;
use rowmill_core::{ColumnKind, InputColumn, InputSpec};
use rowmill_read::{BatchLimit, ParquetFile};

const ROWS: usize = 200_000;
const ROWS_PER_BATCH: usize = 8_192;

fn write(path: &Path, distinct: usize, dictionary: bool) {
    let texts: StringArray = (0..ROWS).map(|row| Some(format!("{{\"label_app\":\"service-{}\"}}", row % distinct))).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("time", Arc::new(TimestampMillisecondArray::from_iter_values((0..ROWS as i64).map(|row| row / 300 * 3_600_000)))),
        ("text", Arc::new(texts)),
        ("number", Arc::new(Float64Array::from_iter_values((0..ROWS).map(|row| row as f64 * 0.37)))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_dictionary_enabled(dictionary).set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn read(path: &Path) -> usize {
    let kinds = [("time", ColumnKind::Timestamp), ("text", ColumnKind::Text), ("number", ColumnKind::Double)];
    let columns = kinds.map(|(name, kind)| InputColumn::new(name, kind)).to_vec();
    let file = ParquetFile::open(path.to_str().unwrap()).unwrap();
    let plan = file.plan(&InputSpec { time_column: Some("time"), ..InputSpec::new("bench", columns) }, Day(0), Day(100_000)).unwrap();
    let groups: Vec<u32> = plan.row_groups.iter().map(|group| group.index).collect();
    let limit = BatchLimit { rows: ROWS_PER_BATCH, bytes: 64 << 20 };
    file.batches(&plan, &groups, limit).unwrap().map(|batch| batch.unwrap().batch.num_rows()).sum()
}

/// The same columns with the text asked for as a dictionary, whatever the file has.
fn read_as_dictionary(path: &Path) -> usize {
    let file = File::open(path).unwrap();
    let found = ParquetRecordBatchReaderBuilder::try_new(file.try_clone().unwrap()).unwrap().schema().clone();
    let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let fields: Vec<Field> = found
        .fields()
        .iter()
        .map(|field| if field.name() == "text" { field.as_ref().clone().with_data_type(coded.clone()) } else { field.as_ref().clone() })
        .collect();
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).unwrap().with_batch_size(ROWS_PER_BATCH).build().unwrap();
    reader.map(|batch| batch.unwrap().num_rows()).sum()
}

fn parquet(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let mut group = criterion.benchmark_group("parquet");
    group.throughput(Throughput::Elements(ROWS as u64)).sample_size(10);
    for (name, distinct, dictionary) in [
        ("repeating text, dictionary", 500, true),
        ("distinct text, dictionary given up half-way", ROWS, true),
        ("distinct text, plain", ROWS, false),
    ] {
        let path: PathBuf = folder.path().join("input.parquet");
        write(&path, distinct, dictionary);
        group.bench_function(name, |bencher| bencher.iter(|| assert_eq!(read(&path), ROWS)));
        group.bench_function(format!("{name}, as a dictionary"), |bencher| bencher.iter(|| assert_eq!(read_as_dictionary(&path), ROWS)));
    }
    group.finish();
}

criterion_group!(benches, parquet);
criterion_main!(benches);
