//! Files of every kind, sound and damaged.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMillisecondType};
use arrow_array::{
    Array, ArrayRef, BinaryArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array, Int64Array, LargeStringArray, NullArray,
    RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray,
    UInt8Array,
};
use arrow_schema::DataType;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use rowmill_core::day::Day;
use rowmill_core::{Code, ColumnKind, Error, InputColumn, InputSpec, Result};
use tempfile::TempDir;

use crate::{Batch, BatchLimit, ParquetFile};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const EVERYTHING: BatchLimit = BatchLimit { rows: 8_192, bytes: usize::MAX };
const FOREVER: (Day, Day) = (Day(-100_000), Day(100_000));

struct Fixture {
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> String {
        self.folder.path().join("input.parquet").to_str().unwrap().to_owned()
    }

    fn write(columns: Vec<(&str, ArrayRef)>, properties: WriterPropertiesBuilder) -> Self {
        let fixture = Self::new();
        let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap();
        let mut writer = ArrowWriter::try_new(File::create(fixture.path()).unwrap(), batch.schema(), Some(properties.build())).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        fixture
    }

    fn bytes(bytes: &[u8]) -> Self {
        let fixture = Self::new();
        std::fs::write(fixture.path(), bytes).unwrap();
        fixture
    }

    fn open_error(&self) -> Error {
        ParquetFile::open(&self.path()).unwrap_err()
    }

    fn read(&self, columns: &[(&'static str, ColumnKind)], limit: BatchLimit) -> Result<Vec<Batch>> {
        let file = ParquetFile::open(&self.path())?;
        let plan = file.plan(&spec(columns), FOREVER.0, FOREVER.1)?;
        let groups: Vec<u32> = plan.row_groups.iter().map(|group| group.index).collect();
        file.batches(&plan, &groups, limit)?.collect()
    }

    /// The single column of a file of one batch.
    fn column(&self, kind: ColumnKind) -> Result<ArrayRef> {
        Ok(self.read(&[("c", kind)], EVERYTHING)?[0].batch.column(0).clone())
    }
}

fn spec(columns: &[(&'static str, ColumnKind)]) -> InputSpec {
    let columns = columns.iter().map(|(name, kind)| InputColumn::new(name, *kind)).collect();
    InputSpec { time_column: Some("time"), ..InputSpec::new("test", columns) }
}

fn plain() -> WriterPropertiesBuilder {
    WriterProperties::builder()
}

fn text_of(array: &ArrayRef) -> Vec<Option<String>> {
    let coded = array
        .as_dictionary_opt::<Int32Type>()
        .map(|array| array.downcast_dict::<StringArray>().unwrap().into_iter().map(|text| text.map(str::to_owned)).collect());
    coded.unwrap_or_else(|| array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
}

#[test]
fn every_kind_of_text_reads_the_same() {
    let values = vec![Some("a"), None, Some("ü"), Some("")];
    let bytes: Vec<Option<&[u8]>> = values.iter().map(|text| text.map(str::as_bytes)).collect();
    let coded: DictionaryArray<Int32Type> = values.iter().copied().collect();
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(values.clone())),
        Arc::new(LargeStringArray::from(values.clone())),
        Arc::new(StringViewArray::from(values.clone())),
        Arc::new(BinaryArray::from(bytes)),
        Arc::new(coded),
    ];
    for array in arrays {
        for dictionary in [true, false] {
            let found = array.data_type().clone();
            let read = Fixture::write(vec![("c", array.clone())], plain().set_dictionary_enabled(dictionary)).column(ColumnKind::Text).unwrap();
            assert_eq!(text_of(&read), text_of(&(Arc::new(StringArray::from(values.clone())) as ArrayRef)), "{found}");
            assert_eq!(matches!(read.data_type(), DataType::Dictionary(..)), dictionary, "{found}");
        }
    }
}

#[test]
fn a_dictionary_that_the_writer_gave_up_half_way_reads_right() {
    let values: Vec<String> = (0..20_000).map(|row| if row % 3 == 0 { "same".into() } else { format!("value-{row}") }).collect();
    let array: ArrayRef = Arc::new(StringArray::from(values.clone()));
    let properties = plain().set_dictionary_page_size_limit(20_000).set_data_page_row_count_limit(500).set_write_batch_size(100);
    let file = Fixture::write(vec![("c", array)], properties);
    let metadata = ParquetFile::open(&file.path()).unwrap().inner.metadata.clone();
    let encodings: Vec<_> = metadata.row_group(0).column(0).encodings().collect();
    assert!(encodings.contains(&parquet::basic::Encoding::PLAIN) && metadata.row_group(0).column(0).dictionary_page_offset().is_some());
    let read: Vec<String> = file
        .read(&[("c", ColumnKind::Text)], BatchLimit { rows: 700, bytes: usize::MAX })
        .unwrap()
        .iter()
        .flat_map(|batch| text_of(batch.batch.column(0)))
        .flatten()
        .collect();
    assert_eq!(read, values);
}

#[test]
fn every_kind_of_number_widens_to_the_nearest_double() {
    let decimals = Decimal128Array::from(vec![Some(15), None, Some(123_456_789_012_345_678_901_234_567)]).with_precision_and_scale(38, 1).unwrap();
    let cases: Vec<(ArrayRef, Vec<Option<f64>>)> = vec![
        (Arc::new(Float64Array::from(vec![Some(0.1), None])), vec![Some(0.1), None]),
        (Arc::new(Float32Array::from(vec![Some(0.5), None])), vec![Some(0.5), None]),
        (Arc::new(Int64Array::from(vec![Some(-(1 << 53)), None])), vec![Some(-9_007_199_254_740_992.0), None]),
        (Arc::new(UInt8Array::from(vec![Some(255), None])), vec![Some(255.0), None]),
        (Arc::new(decimals), vec![Some(1.5), None, Some(12_345_678_901_234_567_890_123_456.7)]),
        (Arc::new(NullArray::new(2)), vec![None, None]),
    ];
    for (array, expected) in cases {
        let read = Fixture::write(vec![("c", array)], plain()).column(ColumnKind::Double).unwrap();
        assert_eq!(read.as_primitive::<Float64Type>().iter().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn every_kind_of_time_keeps_its_digits_and_rounds_down_to_milliseconds() {
    let cases: Vec<(ArrayRef, Vec<Option<i64>>)> = vec![
        (Arc::new(TimestampSecondArray::from(vec![Some(-1), None])), vec![Some(-1_000), None]),
        (Arc::new(TimestampMillisecondArray::from(vec![Some(1)]).with_timezone("+05:00")), vec![Some(1)]),
        (Arc::new(TimestampMicrosecondArray::from(vec![Some(-1), Some(1_999)]).with_timezone("UTC")), vec![Some(-1), Some(1)]),
        (Arc::new(TimestampNanosecondArray::from(vec![Some(-1), Some(1_999_999)])), vec![Some(-1), Some(1)]),
        (Arc::new(Date32Array::from(vec![Some(-1), Some(20_362), None])), vec![Some(-DAY), Some(20_362 * DAY), None]),
    ];
    for (array, expected) in cases {
        let found = array.data_type().clone();
        let read = Fixture::write(vec![("c", array)], plain()).column(ColumnKind::Timestamp).unwrap();
        assert_eq!(read.data_type(), &DataType::Timestamp(arrow_schema::TimeUnit::Millisecond, None));
        assert_eq!(read.as_primitive::<TimestampMillisecondType>().iter().collect::<Vec<_>>(), expected, "{found}");
    }
}

#[test]
fn int96_reads_as_the_instant_it_counts() {
    use parquet::data_type::{Int96, Int96Type};
    use parquet::file::writer::SerializedFileWriter;
    let fixture = Fixture::new();
    let schema = Arc::new(parquet::schema::parser::parse_message_type("message m { OPTIONAL INT96 c; }").unwrap());
    let mut writer = SerializedFileWriter::new(File::create(fixture.path()).unwrap(), schema, Arc::new(plain().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    // Julian day 2,440,588 is 1970-01-01; the value is 01:00 of the next day.
    let nanos = (HOUR * 1_000_000) as u64;
    let value = Int96::from(vec![nanos as u32, (nanos >> 32) as u32, 2_440_589]);
    column.typed::<Int96Type>().write_batch(&[value], Some(&[1, 0]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    let read = fixture.column(ColumnKind::Timestamp).unwrap();
    assert_eq!(read.as_primitive::<TimestampMillisecondType>().iter().collect::<Vec<_>>(), [Some(DAY + HOUR), None]);
}

#[test]
fn columns_come_in_the_order_asked_for_and_missing_ones_are_null() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("extra", Arc::new(UInt8Array::from(vec![1, 2]))),
        ("b", Arc::new(Float64Array::from(vec![1.0, 2.0]))),
        ("a", Arc::new(StringArray::from(vec!["x", "y"]))),
    ];
    let file = Fixture::write(columns, plain());
    let wanted =
        [("a", ColumnKind::Text), ("gone", ColumnKind::Text), ("time", ColumnKind::Timestamp), ("b", ColumnKind::Double), ("B", ColumnKind::Double)];
    let plan = ParquetFile::open(&file.path()).unwrap().plan(&spec(&wanted), FOREVER.0, FOREVER.1).unwrap();
    assert_eq!(plan.missing, ["gone", "time", "B"]);
    let batch = file.read(&wanted, EVERYTHING).unwrap().remove(0).batch;
    assert_eq!(batch.schema().fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>(), ["a", "gone", "time", "b", "B"]);
    assert_eq!(text_of(batch.column(0)), [Some("x".into()), Some("y".into())]);
    assert_eq!([1, 2, 4].map(|column| batch.column(column).null_count()), [2, 2, 2]);
    let nothing = file.read(&[("gone", ColumnKind::Double)], EVERYTHING).unwrap();
    assert_eq!(nothing.iter().map(|batch| batch.batch.num_rows()).sum::<usize>(), 2);
}

#[test]
fn a_column_of_an_unsuitable_type_is_named_with_both_types() {
    let file = Fixture::write(vec![("c", Arc::new(StringArray::from(vec!["1"])))], plain());
    for kind in [ColumnKind::Double, ColumnKind::Timestamp] {
        let error = file.column(kind).unwrap_err();
        assert_eq!((error.code(), error.place().column.as_deref()), (Code::InputColumnType, Some("c")));
        assert!(error.message().contains("Utf8") && error.place().file.is_some(), "{error}");
    }
    let file = Fixture::write(vec![("c", Arc::new(Int64Array::from(vec![1])))], plain());
    assert_eq!(file.column(ColumnKind::Text).unwrap_err().code(), Code::InputColumnType);
    assert_eq!(file.column(ColumnKind::Timestamp).unwrap_err().code(), Code::InputColumnType);
}

#[test]
fn row_groups_outside_the_window_are_pruned_only_where_statistics_prove_it() {
    let times: ArrayRef = Arc::new(TimestampMicrosecondArray::from_iter_values((0..100).map(|hour| hour * HOUR * 1_000)));
    for statistics in [EnabledStatistics::Chunk, EnabledStatistics::None] {
        let properties = plain().set_max_row_group_row_count(Some(10)).set_statistics_enabled(statistics);
        let fixture = Fixture::write(vec![("time", times.clone())], properties);
        let file = ParquetFile::open(&fixture.path()).unwrap();
        let plan = file.plan(&spec(&[("time", ColumnKind::Timestamp)]), Day(1), Day(1)).unwrap();
        let kept: Vec<u32> = plan.row_groups.iter().map(|group| group.index).collect();
        if statistics == EnabledStatistics::None {
            assert_eq!((kept.len(), plan.rows_pruned), (10, 0));
        } else {
            // Hours 24 to 47 lie in the groups of hours 20 to 49.
            assert_eq!((kept, plan.rows_pruned, plan.row_groups[0].first_row), (vec![2, 3, 4], 70, 20));
        }
    }
}

#[test]
fn batches_keep_to_the_limits_of_rows_and_bytes() {
    let columns: Vec<(&str, ArrayRef)> = vec![("c", Arc::new(StringArray::from_iter_values((0..1_000).map(|row| format!("{row:0100}")))))];
    let file = Fixture::write(columns, plain().set_dictionary_enabled(false).set_max_row_group_row_count(Some(400)));
    let wanted = [("c", ColumnKind::Text)];
    let sizes =
        |limit| file.read(&wanted, limit).unwrap().iter().map(|batch| (batch.row_group, batch.first_row, batch.batch.num_rows())).collect::<Vec<_>>();
    assert_eq!(sizes(EVERYTHING), [(0, 0, 400), (1, 0, 400), (2, 0, 200)]);
    assert_eq!(sizes(BatchLimit { rows: 300, bytes: usize::MAX }), [(0, 0, 300), (0, 300, 100), (1, 0, 300), (1, 300, 100), (2, 0, 200)]);
    assert_eq!(sizes(BatchLimit { rows: 300, bytes: 1 }).len(), 1_000);
    assert!(sizes(BatchLimit { rows: 300, bytes: 11_000 }).iter().all(|size| size.2 <= 105));
}

#[test]
fn files_that_are_not_whole_parquet_are_told_apart() {
    assert_eq!(Fixture::new().open_error().code(), Code::InputUnreadable);
    let folder = Fixture::new();
    std::fs::create_dir(folder.path()).unwrap();
    assert_eq!(folder.open_error().code(), Code::InputUnreadable);
    assert_eq!(Fixture::bytes(b"").open_error().code(), Code::InputTruncated);
    assert_eq!(Fixture::bytes(b"interval_start,pod\n2025-10-01,a\n").open_error().code(), Code::InputFormat);
    assert_eq!(Fixture::bytes(b"PARE1234567890PARE").open_error().code(), Code::InputFormat);
    assert_eq!(Fixture::bytes(b"PAR1 and then the connection was lost").open_error().code(), Code::InputTruncated);
    assert_eq!(Fixture::bytes(b"PAR1....\xff\xff\0\0PAR1").open_error().code(), Code::InputTruncated);
}

#[test]
fn text_that_is_not_utf8_names_file_row_group_and_column() {
    let columns: Vec<(&str, ArrayRef)> = vec![("c", Arc::new(BinaryArray::from(vec![b"fine".as_slice(), b"\xff\xfe"])))];
    for dictionary in [true, false] {
        let file = Fixture::write(columns.clone(), plain().set_dictionary_enabled(dictionary));
        let error = file.column(ColumnKind::Text).unwrap_err();
        let place = error.place();
        assert_eq!((error.code(), place.row_group, place.column.as_deref()), (Code::DataTextInvalid, Some(0), Some("c")));
        assert!(place.file.is_some() && place.value.is_some());
    }
}

#[test]
fn a_file_that_changed_since_its_footer_was_read_is_refused() {
    let file = Fixture::write(vec![("c", Arc::new(Int64Array::from(vec![1])))], plain());
    let opened = ParquetFile::open(&file.path()).unwrap();
    let plan = opened.plan(&spec(&[("c", ColumnKind::Double)]), FOREVER.0, FOREVER.1).unwrap();
    std::fs::write(file.path(), b"something else").unwrap();
    assert_eq!(opened.batches(&plan, &[0], EVERYTHING).err().unwrap().code(), Code::InputChanged);
}

#[test]
fn damaged_files_answer_with_rows_or_an_error_of_the_file_and_never_a_panic() {
    let times: ArrayRef = Arc::new(TimestampMillisecondArray::from_iter_values((0..60).map(|hour| hour * HOUR)));
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values((0..60).map(|row| format!("pod-{}", row % 7))));
    let numbers: ArrayRef = Arc::new(Float64Array::from_iter((0..60).map(|row| (row % 5 != 0).then_some(f64::from(row)))));
    let columns = vec![("time", times), ("c", texts), ("n", numbers)];
    let wanted = [("time", ColumnKind::Timestamp), ("c", ColumnKind::Text), ("n", ColumnKind::Double)];
    for compression in [parquet::basic::Compression::UNCOMPRESSED, parquet::basic::Compression::SNAPPY] {
        let sound = Fixture::write(columns.clone(), plain().set_max_row_group_row_count(Some(30)).set_compression(compression));
        let bytes = std::fs::read(sound.path()).unwrap();
        // In place, because some file systems flush a file that is written anew each time.
        let mut file = File::options().write(true).open(sound.path()).unwrap();
        let mut put = |at: usize, byte: u8| file.seek(SeekFrom::Start(at as u64)).and_then(|_| file.write_all(&[byte])).unwrap();
        for at in 0..bytes.len() {
            for flip in [0x01, 0x80, 0xFF] {
                put(at, bytes[at] ^ flip);
                if let Err(error) = sound.read(&wanted, EVERYTHING) {
                    assert!(error.place().file.is_some(), "byte {at}: {error}");
                    assert_ne!(error.code(), Code::Bug, "byte {at}: {error}");
                }
            }
            put(at, bytes[at]);
        }
        for end in (0..bytes.len()).rev() {
            file.set_len(end as u64).unwrap();
            let error = sound.open_error();
            assert!(matches!(error.code(), Code::InputTruncated | Code::InputFormat), "cut at {end}: {error}");
        }
    }
}

#[test]
fn the_filter_leaves_out_row_groups_by_statistics_and_rows_by_value_and_counts_both() {
    use rowmill_core::{FilterTerm, POSITION, Test};
    let keys: ArrayRef = Arc::new(Int64Array::from_iter((0..100).map(|row| (row % 7 != 0).then_some(row))));
    let codes: ArrayRef = Arc::new(arrow_array::Int32Array::from_iter_values((0..100).map(|row| if row % 5 == 0 { -1 } else { row % 3 })));
    for statistics in [EnabledStatistics::Chunk, EnabledStatistics::None] {
        let properties = plain().set_max_row_group_row_count(Some(10)).set_statistics_enabled(statistics);
        let fixture = Fixture::write(vec![("k", keys.clone()), ("c", codes.clone())], properties);
        let mut spec = spec(&[("c", ColumnKind::Integer), ("k", ColumnKind::Integer)]);
        spec.position = true;
        spec.columns[0].null_value = Some(-1);
        spec.filter = vec![
            FilterTerm { name: "key", column: 1, test: Test::ranges(vec![5..8, 30..46]) },
            FilterTerm { name: "code", column: 0, test: Test::one_of(vec![-1, 1]) },
        ];
        let file = ParquetFile::open(&fixture.path()).unwrap();
        let plan = file.plan(&spec, FOREVER.0, FOREVER.1).unwrap().numbered(&file, 2).unwrap();
        let groups: Vec<u32> = plan.row_groups.iter().map(|group| group.index).collect();
        assert_eq!(groups.len(), if statistics == EnabledStatistics::None { 10 } else { 3 });
        let batches: Vec<Batch> = file.batches(&plan, &groups, BatchLimit { rows: 4, bytes: usize::MAX }).unwrap().collect::<Result<_>>().unwrap();
        let found: Vec<i64> = batches.iter().flat_map(|batch| batch.batch.column(2).as_primitive::<Int64Type>().values().to_vec()).collect();
        let in_range = |row: &i64| row % 7 != 0 && ((5..8).contains(row) || (30..46).contains(row));
        let expected: Vec<i64> = (0..100).filter(in_range).filter(|row| row % 5 != 0 && row % 3 == 1).map(|row| (2 << 44) + row).collect();
        assert_eq!(found, expected);
        assert_eq!(batches[0].batch.schema().field(2).name(), POSITION);
        let sum = |term: usize| batches.iter().map(|batch| batch.passed[term]).sum::<u64>();
        assert_eq!((sum(0), sum(1)), ((0..100).filter(in_range).count() as u64, expected.len() as u64));
        assert_eq!(batches.iter().map(|batch| batch.records).sum::<u64>() + plan.rows_pruned, 100);
    }
}

#[test]
fn a_required_column_that_the_file_lacks_is_named() {
    let file = Fixture::write(vec![("c", Arc::new(Int64Array::from(vec![1])))], plain());
    let mut spec = spec(&[("c", ColumnKind::Integer), ("gone", ColumnKind::Integer)]);
    spec.columns[1].required = true;
    let error = ParquetFile::open(&file.path()).unwrap().plan(&spec, FOREVER.0, FOREVER.1).unwrap_err();
    assert_eq!((error.code(), error.place().column.as_deref()), (Code::InputColumnMissing, Some("gone")));
}

#[test]
fn every_kind_of_integer_widens_and_what_does_not_fit_is_told() {
    let cases: Vec<(ArrayRef, Vec<Option<i64>>)> = vec![
        (
            Arc::new(Int64Array::from(vec![Some(i64::MIN), None, Some(7_900_000_000_000_000_001)])),
            vec![Some(i64::MIN), None, Some(7_900_000_000_000_000_001)],
        ),
        (Arc::new(UInt8Array::from(vec![255])), vec![Some(255)]),
        (Arc::new(arrow_array::UInt64Array::from(vec![Some(i64::MAX as u64), None])), vec![Some(i64::MAX), None]),
        (Arc::new(TimestampMicrosecondArray::from(vec![Some(-1), None]).with_timezone("UTC")), vec![Some(-1_000), None]),
        (Arc::new(TimestampNanosecondArray::from(vec![1_725_494_536_000_000_001])), vec![Some(1_725_494_536_000_000_001)]),
    ];
    for (array, expected) in cases {
        let found = array.data_type().clone();
        let read = Fixture::write(vec![("c", array)], plain()).column(ColumnKind::Integer).unwrap();
        assert_eq!(read.as_primitive::<Int64Type>().iter().collect::<Vec<_>>(), expected, "{found}");
    }
    let beyond: ArrayRef = Arc::new(arrow_array::UInt64Array::from(vec![1, u64::MAX]));
    let error = Fixture::write(vec![("c", beyond)], plain()).column(ColumnKind::Integer).unwrap_err();
    assert_eq!((error.code(), error.place().row, error.place().value.as_deref()), (Code::DataValueInvalid, Some(1), Some("18446744073709551615")));
    let text: ArrayRef = Arc::new(StringArray::from(vec!["1"]));
    assert_eq!(Fixture::write(vec![("c", text)], plain()).column(ColumnKind::Integer).unwrap_err().code(), Code::InputColumnType);
}

#[test]
fn a_chunk_of_nulls_alone_reads_as_nulls_beside_other_columns() {
    let columns: Vec<(&str, ArrayRef)> =
        vec![("c", Arc::new(StringArray::from(vec![None::<&str>; 5]))), ("n", Arc::new(Int64Array::from(vec![1, 2, 3, 4, 5])))];
    let file = Fixture::write(columns, plain());
    for wanted in [vec![("c", ColumnKind::Text), ("n", ColumnKind::Integer)], vec![("c", ColumnKind::Text)]] {
        let batch = file.read(&wanted, EVERYTHING).unwrap().remove(0).batch;
        assert_eq!((batch.num_rows(), batch.column(0).null_count()), (5, 5));
    }
}
