use std::io::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use rowmill_core::plan::BadRows;
use rowmill_core::{ByteRange, Code, ColumnKind, FilterTerm, InputColumn, InputSpec, Result, Test};
use tempfile::TempDir;

use super::*;
use crate::BatchLimit;

const EVERYTHING: BatchLimit = BatchLimit { rows: usize::MAX, bytes: usize::MAX };

struct Fixture {
    folder: TempDir,
}

/// All that reading a range answers, whatever the batches.
#[derive(Clone, Debug, Default, PartialEq)]
struct Answer {
    rows: Vec<Vec<String>>,
    records: u64,
    bytes: u64,
    passed: Vec<u64>,
    /// Offset, column, value, code.
    bad: Vec<(u64, Option<String>, String, Code)>,
}

impl Fixture {
    fn of(text: &[u8]) -> Self {
        let fixture = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(fixture.path(), text).unwrap();
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text).unwrap();
        std::fs::write(fixture.packed(), packed.finish().unwrap()).unwrap();
        fixture
    }

    fn path(&self) -> String {
        self.folder.path().join("orders.csv").display().to_string()
    }

    fn packed(&self) -> String {
        self.folder.path().join("orders.csv.gz").display().to_string()
    }

    fn read(&self, spec: &InputSpec, range: Option<(u64, u64)>, limit: BatchLimit) -> Result<Answer> {
        answer(&self.path(), spec, range, limit)
    }
}

fn answer(path: &str, spec: &InputSpec, range: Option<(u64, u64)>, limit: BatchLimit) -> Result<Answer> {
    let range = range.map(|(start, end)| ByteRange { start, end });
    let mut answer = Answer { passed: vec![0; spec.filter.len()], ..Answer::default() };
    for batch in CsvFile::open(path, range, spec, 3, BadRows::Quarantine)?.batches(limit) {
        let batch = batch?;
        assert!(batch.batch.num_rows() <= limit.rows);
        answer.rows.extend(rows(&batch.batch));
        answer.add(&Answer {
            records: batch.records,
            bytes: batch.bytes,
            passed: batch.passed,
            bad: batch.bad.into_iter().map(|bad| (bad.offset, bad.column, bad.value, bad.code)).collect(),
            rows: Vec::new(),
        });
    }
    Ok(answer)
}

impl Answer {
    fn add(&mut self, other: &Answer) {
        self.rows.extend(other.rows.iter().cloned());
        self.records += other.records;
        self.bytes += other.bytes;
        self.passed.iter_mut().zip(&other.passed).for_each(|(sum, passed)| *sum += passed);
        self.bad.extend(other.bad.iter().cloned());
    }
}

fn rows(batch: &RecordBatch) -> Vec<Vec<String>> {
    let cell = |column: &dyn Array, row: usize| {
        if column.is_null(row) {
            return "NULL".to_owned();
        }
        if let Some(integers) = column.as_primitive_opt::<Int64Type>() {
            return integers.value(row).to_string();
        }
        if let Some(doubles) = column.as_primitive_opt::<Float64Type>() {
            return doubles.value(row).to_string();
        }
        column.as_string_opt::<i32>().map(|texts| format!("'{}'", texts.value(row))).unwrap_or_else(|| "?".to_owned())
    };
    (0..batch.num_rows()).map(|row| batch.columns().iter().map(|column| cell(column, row)).collect()).collect()
}

/// Four columns, the third of which is not wanted; a filter on the second, then on the first.
fn spec(filter: bool) -> InputSpec {
    let mut columns =
        vec![InputColumn::new("a", ColumnKind::Integer), InputColumn::new("b", ColumnKind::Integer), InputColumn::new("d", ColumnKind::Text)];
    columns[1].null_value = Some(i64::MIN);
    let mut spec = InputSpec { position: true, ..InputSpec::new("orders", columns) };
    if filter {
        spec.filter = vec![
            FilterTerm { name: "b", column: 1, test: Test::ranges(vec![0..5_000, 1_700_000_000_000_000_000..i64::MAX]) },
            FilterTerm { name: "a", column: 0, test: Test::one_of(vec![1, 2, 3, 44, i64::MAX]) },
        ];
    }
    spec
}

/// The same reading, written down as the rules are: a character at a time, everything in memory.
fn naive(text: &[u8], spec: &InputSpec, start: usize, end: usize) -> Answer {
    let mut answer = Answer { passed: vec![0; spec.filter.len()], ..Answer::default() };
    let mut offset = 0;
    for (number, whole) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let at = offset;
        offset += whole.len();
        if at < start || at >= end {
            continue;
        }
        answer.bytes += whole.len() as u64;
        let line = whole.strip_suffix(b"\n").unwrap_or(whole);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if number == 0 || line.is_empty() {
            continue;
        }
        answer.records += 1;
        match naive_row(line, spec, &mut answer.passed) {
            Ok(None) => {}
            Ok(Some(mut row)) => {
                row.push(((3_i64 << 44) + at as i64).to_string());
                answer.rows.push(row);
            }
            Err((column, value, code)) => answer.bad.push((at as u64, column, value, code)),
        }
    }
    answer
}

type NaiveFault = (Option<String>, String, Code);

fn naive_row(line: &[u8], spec: &InputSpec, passed: &mut [u64]) -> Result<Option<Vec<String>>, NaiveFault> {
    let fields_of_columns = [0, 1, 3];
    let broken = || (None, String::from_utf8_lossy(line).chars().take(200).collect::<String>(), Code::DataRecordInvalid);
    let (fields, is_whole) = naive_fields(line);
    let integer = |column: usize| -> Result<Option<i64>, NaiveFault> {
        let Some((field, _)) = fields.get(fields_of_columns[column]) else { return Err(broken()) };
        let shown = String::from_utf8_lossy(field).into_owned();
        let text = shown.trim_matches([' ', '\t']);
        if text.is_empty() {
            return Ok(None);
        }
        let plain = text.strip_prefix(['-', '+']).unwrap_or(text);
        let value = if plain.bytes().all(|byte| byte.is_ascii_digit()) { text.parse::<i64>().ok() } else { None };
        let name = spec.columns[column].name.clone().into_owned();
        let value = value.ok_or((Some(name), shown.chars().take(200).collect(), Code::DataValueInvalid))?;
        Ok(Some(value).filter(|value| Some(*value) != spec.columns[column].null_value))
    };
    for (number, term) in spec.filter.iter().enumerate() {
        if !integer(term.column)?.is_some_and(|value| term.test.passes(value)) {
            return Ok(None);
        }
        passed[number] += 1;
    }
    if fields.len() != 4 || !is_whole {
        return Err(broken());
    }
    let mut row = Vec::new();
    for column in 0..2 {
        row.push(integer(column)?.map_or("NULL".to_owned(), |value| value.to_string()));
    }
    let (text, quoted) = &fields[3];
    let text =
        String::from_utf8(text.clone()).map_err(|_| (Some("d".to_owned()), String::from_utf8_lossy(text).into_owned(), Code::DataTextInvalid))?;
    row.push(if text.is_empty() && !quoted { "NULL".to_owned() } else { format!("'{text}'") });
    Ok(Some(row))
}

/// The fields up to the first fault, and whether there is none.
fn naive_fields(line: &[u8]) -> (Vec<(Vec<u8>, bool)>, bool) {
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let (mut field, quoted) = (Vec::new(), line.get(at) == Some(&b'"'));
        if quoted {
            at += 1;
            loop {
                match line.get(at) {
                    None => return (fields, false),
                    Some(b'"') if line.get(at + 1) == Some(&b'"') => at += 1,
                    Some(b'"') => break,
                    Some(_) => {}
                }
                field.push(line[at]);
                at += 1;
            }
            at += 1;
            if !matches!(line.get(at), None | Some(b',')) {
                return (fields, false);
            }
        } else {
            while at < line.len() && line[at] != b',' {
                field.push(line[at]);
                at += 1;
            }
        }
        fields.push((field, quoted));
        if at >= line.len() {
            return (fields, true);
        }
        at += 1;
    }
}

fn field() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => prop_oneof![Just(1), Just(2), Just(44), Just(4_999), Just(1_725_494_536_000_000_000), Just(i64::MIN), Just(i64::MAX), any::<i64>()]
            .prop_map(|value: i64| value.to_string().into_bytes()),
        2 => "[0-9]{1,21}|[ \t]{0,2}[-+]?[0-9]{0,3} ?".prop_map(String::into_bytes),
        2 => prop::sample::select(vec!["", "\"\"", "\"x\"\"y\"", "\"1\"", "\"a,b\"", "\"open", "\"a\"b", "x\"y", "\r", "ü", "12a"])
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::sample::select(vec![vec![0xFF, b'1'], vec![b'7'; 70], vec![b'x'; 130], vec![0], vec![b'"', 0xC3, b'"']]),
    ]
}

/// Hostile text below a header: short, long and blank lines, quotes, both line ends, the last one or none.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let count = prop_oneof![9 => Just(4_usize), 1 => 0..7_usize];
    let line = count.prop_flat_map(|count| prop::collection::vec(field(), count)).prop_map(|fields| fields.join(&b','));
    let end = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\n\n", "\r\n\r\n", "\r\r\n"]);
    let bom = prop::sample::select(vec!["", "\u{feff}"]);
    let header = prop::sample::select(vec!["a,b,c,d\n", " a,\"b\", c ,d\r\n"]);
    (bom, header, prop::collection::vec((line, end), 0..12), any::<bool>()).prop_map(|(bom, header, lines, ends)| {
        let mut text = format!("{bom}{header}").into_bytes();
        for (line, end) in lines {
            text.extend_from_slice(&line);
            text.extend_from_slice(end.as_bytes());
        }
        if !ends {
            text.pop();
        }
        text
    })
}

proptest! {
    #[test]
    fn hostile_text_reads_as_it_does_a_character_at_a_time(text in hostile(), filter: bool, rows in 1_usize..4) {
        let spec = spec(filter);
        let fixture = Fixture::of(&text);
        let expected = naive(&text, &spec, 0, usize::MAX);
        prop_assert_eq!(&fixture.read(&spec, None, EVERYTHING).unwrap(), &expected);
        prop_assert_eq!(&fixture.read(&spec, None, BatchLimit { rows, bytes: 100 }).unwrap(), &expected);
        let mut packed = answer(&fixture.packed(), &spec, None, EVERYTHING).unwrap();
        prop_assert_eq!(packed.bytes, std::fs::metadata(fixture.packed()).unwrap().len());
        packed.bytes = expected.bytes;
        prop_assert_eq!(&packed, &expected);
    }

    #[test]
    fn any_cut_of_a_file_gives_the_same_records(text in hostile(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5), filter: bool) {
        let spec = spec(filter);
        let fixture = Fixture::of(&text);
        let mut borders: Vec<u64> = cuts.iter().map(|cut| cut.index(text.len() + 1) as u64).collect();
        borders.extend([0, text.len() as u64]);
        borders.sort_unstable();
        let mut whole = Answer { passed: vec![0; spec.filter.len()], ..Answer::default() };
        for border in borders.windows(2) {
            let part = fixture.read(&spec, Some((border[0], border[1])), EVERYTHING).unwrap();
            if border[0] < border[1] {
                prop_assert_eq!(&part, &naive(&text, &spec, border[0] as usize, border[1] as usize));
                whole.add(&part);
            }
        }
        prop_assert_eq!(whole, naive(&text, &spec, 0, usize::MAX));
    }
}

fn opened(text: &[u8], spec: &InputSpec) -> Result<Vec<CsvBatch>> {
    let fixture = Fixture::of(text);
    CsvFile::open(&fixture.path(), None, spec, 0, BadRows::Fail)?.batches(EVERYTHING).collect()
}

/// The same values in a Parquet file, read with the same input.
fn parquet_answer(values: &[(Option<i64>, Option<i64>, Option<String>)], spec: &InputSpec, folder: &TempDir) -> (Vec<Vec<String>>, Vec<u64>) {
    use std::sync::Arc;
    let column = |values: Vec<Option<i64>>| Arc::new(arrow_array::Int64Array::from(values)) as arrow_array::ArrayRef;
    let texts: arrow_array::StringArray = values.iter().map(|row| row.2.as_deref()).collect();
    let columns: [(&str, arrow_array::ArrayRef); 3] =
        [("b", column(values.iter().map(|row| row.1).collect())), ("a", column(values.iter().map(|row| row.0).collect())), ("d", Arc::new(texts))];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap();
    let properties =
        parquet::file::properties::WriterProperties::builder().set_max_row_group_row_count(Some(3)).set_dictionary_enabled(false).build();
    let path = folder.path().join("orders.parquet");
    let mut writer = parquet::arrow::ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let file = crate::ParquetFile::open(&path.display().to_string()).unwrap();
    let plan = file.plan(spec, rowmill_core::day::Day::FIRST, rowmill_core::day::Day::LAST).unwrap();
    let groups: Vec<u32> = plan.row_groups.iter().map(|group| group.index).collect();
    let (mut found, mut passed) = (Vec::new(), vec![0; spec.filter.len()]);
    for batch in file.batches(&plan, &groups, BatchLimit { rows: 2, bytes: usize::MAX }).unwrap() {
        let batch = batch.unwrap();
        passed.iter_mut().zip(&batch.passed).for_each(|(sum, passed)| *sum += passed);
        let columns: Vec<_> = batch
            .batch
            .columns()
            .iter()
            .map(|column| {
                if column.null_count() == column.len() {
                    arrow_array::new_null_array(&arrow_schema::DataType::Utf8, column.len())
                } else {
                    column.clone()
                }
            })
            .collect();
        found.extend(rows(
            &RecordBatch::try_from_iter_with_nullable(["a", "b", "d"].into_iter().zip(columns).map(|(name, array)| (name, array, true))).unwrap(),
        ));
    }
    (found, passed)
}

proptest! {
    #[test]
    fn csv_its_compressed_form_and_parquet_hold_the_same_rows(
        values in prop::collection::vec((prop::option::of(-2_i64..60), prop::option::of(prop_oneof![any::<i64>(), Just(i64::MIN), 0_i64..9_000]), prop::option::of("[a-z\",]{1,9}")), 1..12),
        filter: bool,
    ) {
        let spec = InputSpec { position: false, ..spec(filter) };
        let integer = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
        let quoted = |text: &Option<String>| text.as_ref().map_or_else(String::new, |text| format!("\"{}\"", text.replace('"', "\"\"")));
        let lines: String = values.iter().map(|(a, b, d)| format!("{},{},,{}\n", integer(*a), integer(*b), quoted(d))).collect();
        let fixture = Fixture::of(format!("a,b,c,d\n{lines}").as_bytes());
        let csv = fixture.read(&spec, None, EVERYTHING).unwrap();
        let packed = answer(&fixture.packed(), &spec, None, EVERYTHING).unwrap();
        prop_assert_eq!((&csv.rows, &csv.passed, &csv.bad), (&packed.rows, &packed.passed, &packed.bad));
        prop_assert!(csv.bad.is_empty());
        prop_assert_eq!((csv.rows, csv.passed), parquet_answer(&values, &spec, &fixture.folder));
    }
}

#[test]
fn a_header_alone_has_no_rows_and_an_empty_file_has_no_header() {
    for text in ["a,b,c,d", "a,b,c,d\n", "a,b,c,d\r\n\n\r\n"] {
        let batches = opened(text.as_bytes(), &spec(true)).unwrap();
        assert_eq!(batches.iter().map(|batch| batch.records + batch.batch.num_rows() as u64).sum::<u64>(), 0);
        assert_eq!(batches[0].batch.num_columns(), 4);
    }
    for text in ["", "\n1,2,3,4\n", "\u{feff}", " \r\n"] {
        let error = opened(text.as_bytes(), &spec(true)).unwrap_err();
        assert_eq!(error.code(), Code::InputFormat, "{text:?}");
        assert!(error.message().contains("no header line") && error.place().file.is_some() && error.help_text().is_some());
    }
}

#[test]
fn names_that_are_unknown_missing_or_twice_are_said_with_the_first_line() {
    let mut spec = spec(false);
    spec.known = Some(vec!["c".into()]);
    spec.columns[1].required = true;
    let told = |header: &str| {
        let error = opened(format!("{header}\n1,2,3,4\n").as_bytes(), &spec).unwrap_err();
        (error.code(), error.place().line, error.place().value.clone().or(error.place().column.clone()))
    };
    assert_eq!(told("a,b,c,x"), (Code::InputColumnUnknown, Some(1), Some("x".into())));
    assert_eq!(told("a,b,a,d"), (Code::InputColumnUnknown, Some(1), Some("a".into())));
    assert_eq!(told("a,c,d"), (Code::InputColumnMissing, Some(1), Some("b".into())));
    assert_eq!(told("a,\"b,c,d").0, Code::InputFormat);
    let fixture = Fixture::of(b"b\n7\n");
    assert_eq!(CsvFile::open(&fixture.path(), None, &spec, 0, BadRows::Fail).unwrap().missing(), ["a", "d"]);
    assert_eq!(rows(&opened(b"b\n7\n", &spec).unwrap()[0].batch), [["NULL", "7", "NULL", "2"]]);
}

#[test]
fn the_first_bad_record_fails_with_file_line_column_value_and_help() {
    type Case = (&'static [u8], u64, Code, Option<&'static str>, &'static str);
    let cases: [Case; 7] = [
        (b"a,b,c,d\n1,1,,x\n\n1,x2,,\n", 4, Code::DataValueInvalid, Some("b"), "x2"),
        (b"a,b,c,d\n9223372036854775808,1,,\n", 2, Code::DataValueInvalid, Some("a"), "9223372036854775808"),
        (b"a,b,c,d\n1,1,1\n", 2, Code::DataRecordInvalid, None, "1,1,1"),
        (b"a,b,c,d\n1,1,1,1,1\n", 2, Code::DataRecordInvalid, None, "1,1,1,1,1"),
        (b"a,b,c,d\n1,1,1,\"x\ny\"\n", 2, Code::DataRecordInvalid, None, "1,1,1,\"x"),
        (b"a,b,c,d\n1,1,1,\"x\"y\n", 2, Code::DataRecordInvalid, None, "1,1,1,\"x\"y"),
        (b"a,b,c,d\n1,1,1,\xFF\n", 2, Code::DataTextInvalid, Some("d"), "\u{fffd}"),
    ];
    for (text, line, code, column, value) in cases {
        let error = opened(text, &spec(false)).unwrap_err();
        let place = error.place();
        assert_eq!((error.code(), place.line, place.column.as_deref(), place.value.as_deref()), (code, Some(line), column, Some(value)));
        assert!(place.file.is_some() && error.help_text().is_some());
    }
    let text = b"a,b,c,d\n1,1,,\n1,1,,\n1,z,,\n";
    let file = CsvFile::open(&Fixture::of(text).path(), None, &spec(false), 0, BadRows::Fail);
    assert_eq!(file.unwrap().batches(EVERYTHING).next().unwrap().unwrap_err().code(), Code::InputUnreadable);
    let fixture = Fixture::of(text);
    let range = Some(ByteRange { start: 10, end: 100 });
    let error = CsvFile::open(&fixture.path(), range, &spec(false), 0, BadRows::Fail).unwrap().batches(EVERYTHING).next().unwrap().unwrap_err();
    assert_eq!(error.place().line, Some(4), "counted from the beginning of the file");
}

#[test]
fn a_compressed_file_that_ends_too_early_is_told_from_one_that_is_damaged() {
    let text: String = (0..5_000).map(|row| format!("{row},{},{},\n", row * 7_919 % 1_000, row * row % 977)).collect();
    let fixture = Fixture::of(format!("a,b,c,d\n{text}").as_bytes());
    let packed = std::fs::read(fixture.packed()).unwrap();
    let read = || answer(&fixture.packed(), &spec(false), None, EVERYTHING);
    assert_eq!(read().unwrap().records, 5_000);
    for end in [3, 9, 15, packed.len() / 2, packed.len() - 9, packed.len() - 8, packed.len() - 1] {
        std::fs::write(fixture.packed(), &packed[..end]).unwrap();
        assert_eq!(read().unwrap_err().code(), Code::InputTruncated, "{end} of {}", packed.len());
    }
    let mut damaged = packed.clone();
    damaged[packed.len() - 6] ^= 1;
    std::fs::write(fixture.packed(), &damaged).unwrap();
    assert_eq!(read().unwrap_err().code(), Code::InputFormat);
    std::fs::write(fixture.packed(), [packed.clone(), packed].concat()).unwrap();
    let (twice, header_again) = (answer(&fixture.packed(), &spec(false), None, EVERYTHING).unwrap(), 1);
    assert_eq!((twice.records, twice.bad.len()), (10_001, header_again));
    std::fs::write(fixture.packed(), "a,b,c,d\n").unwrap();
    assert_eq!(read().unwrap_err().code(), Code::InputFormat);
}

#[test]
fn a_line_without_end_is_one_bad_record_and_takes_no_more_memory() {
    let long = "x".repeat((1 << 20) + 300_000);
    let text = format!("a,b,c,d\n1,2,3,4\n{long}\n5,6,7,8\n{}", "y".repeat(3 << 20));
    let fixture = Fixture::of(text.as_bytes());
    let whole = fixture.read(&spec(false), None, EVERYTHING).unwrap();
    assert_eq!((whole.records, whole.rows.len(), whole.bytes), (4, 2, text.len() as u64));
    assert_eq!(whole.bad.iter().map(|bad| bad.0).collect::<Vec<_>>(), [16, 16 + long.len() as u64 + 1 + 8]);
    let mut parts = Answer::default();
    for border in [0, 9, 17, 700_000, 1_400_000, text.len() as u64 - 1, text.len() as u64].windows(2) {
        parts.add(&fixture.read(&spec(false), Some((border[0], border[1])), EVERYTHING).unwrap());
    }
    assert_eq!(parts, whole);
}

#[test]
fn lines_are_counted_in_one_pass_in_plain_and_in_compressed_files() {
    let text: String = (0..60_000).map(|row| format!("{row}\n")).collect();
    let fixture = Fixture::of(text.as_bytes());
    let offsets: Vec<u64> = [0, 1, 2, 19, 40_000, 250_000, 300_000, text.len() as u64 - 1, text.len() as u64 + 9].to_vec();
    let naive = |offset: &u64| text.bytes().take(*offset as usize).filter(|byte| *byte == b'\n').count() as u64 + 1;
    let expected: Vec<u64> = offsets.iter().map(naive).collect();
    assert_eq!(lines_of(&fixture.path(), &offsets).unwrap(), expected);
    assert_eq!(lines_of(&fixture.packed(), &offsets).unwrap(), expected);
    assert_eq!(line_of(&fixture.path(), 300_000).unwrap(), expected[6]);
}

#[test]
fn quarantine_keeps_the_record_and_the_line_and_skip_the_line_alone() {
    let fixture = Fixture::of(b"a,b,c,d\n1,2,3,4\n\nbad,2,3,\xFF\r\n");
    let bad =
        |on_bad| CsvFile::open(&fixture.path(), None, &spec(false), 0, on_bad).unwrap().batches(EVERYTHING).next().unwrap().unwrap().bad.remove(0);
    let kept = bad(BadRows::Quarantine);
    assert_eq!((kept.offset, kept.line, kept.column.as_deref(), kept.record.as_slice()), (17, Some(4), Some("a"), b"bad,2,3,\xFF".as_slice()));
    assert_eq!(bad(BadRows::Skip), BadRow { record: Vec::new(), ..kept });
}
