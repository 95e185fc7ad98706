//! Round trips and known bytes of the COPY format.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampNanosecondArray,
};
use rowmill_core::{Code, SqlType};

use super::{CopyDecoder, CopyEncoder, TargetColumn, numeric, uuid};

const MAX: i128 = 10i128.pow(33) - 1;
const NUMERIC: SqlType = SqlType::Numeric { precision: 33, scale: 15 };

fn target(name: &str, sql_type: &str) -> TargetColumn {
    TargetColumn { name: name.into(), sql_type: sql_type.into() }
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

fn decimals(values: Vec<Option<i128>>) -> ArrayRef {
    Arc::new(Decimal128Array::from(values).with_precision_and_scale(33, 15).unwrap())
}

fn texts(values: Vec<Option<&str>>) -> ArrayRef {
    Arc::new(StringArray::from(values))
}

fn encoded(batch: &RecordBatch, targets: &[TargetColumn]) -> Vec<u8> {
    let mut encoder = CopyEncoder::new(batch.schema_ref(), targets).unwrap();
    let mut out = Vec::new();
    encoder.encode(batch, &mut out).unwrap();
    encoder.finish(&mut out);
    out
}

fn words(value: i128, scale: u8) -> Vec<u16> {
    let mut out = Vec::new();
    numeric::put(&mut out, value, scale);
    assert_eq!(out[..4], (out.len() as i32 - 4).to_be_bytes());
    out[4..].chunks(2).map(|word| u16::from_be_bytes([word[0], word[1]])).collect()
}

/// A small generator, so that failures repeat.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) ^ (mixed >> 31)
}

#[test]
fn numerics_are_the_words_that_postgresql_itself_sends() {
    let unit = 10i128.pow(15);
    // Digit count, weight, sign, scale, digits; as `numeric_send` of PostgreSQL prints them.
    assert_eq!(words(0, 15), [0, 0, 0, 15]);
    assert_eq!(words(-unit, 15), [1, 0, 0x4000, 15, 1]);
    assert_eq!(words(12_345_678 * 10i128.pow(12), 15), [3, 1, 0, 15, 1, 2345, 6780]);
    assert_eq!(words(1, 15), [1, (-4i16) as u16, 0, 15, 10]);
    assert_eq!(words(10_000 * unit, 15), [1, 1, 0, 15, 1]);
    assert_eq!(words(unit / 2, 15), [1, (-1i16) as u16, 0, 15, 5000]);
    assert_eq!(words(42, 0), [1, 0, 0, 0, 42]);
    assert_eq!(words(100_000_000, 0), [1, 2, 0, 0, 1]);
    assert_eq!(words(MAX, 15), [9, 4, 0, 15, 99, 9999, 9999, 9999, 9999, 9999, 9999, 9999, 9990]);
}

#[test]
fn numerics_come_back_exactly_at_every_scale() {
    let mut seed = 7;
    for round in 0..200_000u32 {
        let wide = i128::from(random(&mut seed)) << 64 | i128::from(random(&mut seed));
        let value = (wide >> (round % 127)) % (10i128.pow(33));
        let scale = (random(&mut seed) % 34) as u8;
        let mut out = Vec::new();
        numeric::put(&mut out, value, scale);
        assert_eq!(numeric::get(&out[4..], 33, scale as i8).unwrap(), value, "{value} at scale {scale}");
    }
    for (value, scale) in [(i128::MAX, 0), (i128::MIN + 1, 0), (i128::MAX, 35), (-i128::MAX, 35), (MAX, 15), (-MAX, 15), (1, 35)] {
        let mut out = Vec::new();
        numeric::put(&mut out, value, scale);
        assert_eq!(numeric::get(&out[4..], 39, scale as i8).unwrap(), value);
    }
}

#[test]
fn amounts_of_every_size_are_written_without_needless_zeros() {
    let wide = 1i128 << 79;
    let around = [10i128.pow(15), 10i128.pow(19), 10i128.pow(23), i128::from(u64::MAX), wide, wide * 9, MAX];
    for value in around.into_iter().flat_map(|value| [value - 1, value, value + 1, -value, value / 10_000 * 10_000]) {
        let mut out = Vec::new();
        numeric::put(&mut out, value, 15);
        assert_eq!(numeric::get(&out[4..], 39, 15).unwrap(), value);
        let found = words(value, 15);
        assert_eq!(found.len(), 4 + usize::from(found[0]), "{value}");
        assert!(found[4] != 0 && found.last() != Some(&0), "{value}: {found:?}");
    }
}

#[test]
fn numerics_that_would_lose_digits_are_refused() {
    let field = |value: i128, scale: u8| {
        let mut out = Vec::new();
        numeric::put(&mut out, value, scale);
        out.split_off(4)
    };
    assert_eq!(numeric::get(&field(1, 16), 33, 15).unwrap_err().code(), Code::DataOverflow);
    assert_eq!(numeric::get(&field(MAX + 1, 15), 33, 15).unwrap_err().code(), Code::DataOverflow);
    assert_eq!(numeric::get(&field(10, 16), 33, 15).unwrap(), 1);
    for sign in [0xC000u16, 0xD000, 0xF000] {
        let words = [0, 0, sign, 0].map(u16::to_be_bytes).concat();
        assert_eq!(numeric::get(&words, 33, 15).unwrap_err().code(), Code::DataNotFinite);
    }
    let digit = [1u16, 0, 0, 0, 10_000].map(u16::to_be_bytes).concat();
    assert_eq!(numeric::get(&digit, 33, 15).unwrap_err().code(), Code::SinkCopyInvalid);
    assert_eq!(numeric::get(&[0; 7], 33, 15).unwrap_err().code(), Code::SinkCopyInvalid);
}

fn every_type() -> (RecordBatch, Vec<TargetColumn>, Vec<(String, SqlType)>) {
    let coded: DictionaryArray<Int32Type> = vec![Some("node-1"), None, Some("node-2"), Some("node-1")].into_iter().collect();
    let rows = batch(vec![
        ("cost", decimals(vec![Some(MAX), Some(-MAX), None, Some(1)])),
        ("day", Arc::new(Date32Array::from(vec![Some(20_362), Some(0), None, Some(-1)]))),
        ("node", Arc::new(coded)),
        ("labels", texts(vec![Some("{}"), Some(r#"{"a":"\\u0000 \"ü\""}"#), None, Some("")])),
        ("id", texts(vec![Some("0a0b0c0d-0001-4002-8003-00000000000f"), None, None, None])),
        ("period", Arc::new(Int32Array::from(vec![Some(1), Some(i32::MIN), None, Some(i32::MAX)]))),
        ("order", Arc::new(Int64Array::from(vec![Some(7_904_794_000_123_456_789), Some(i64::MIN), None, Some(i64::MAX)]))),
        ("mean", Arc::new(Float64Array::from(vec![Some(0.1), Some(-0.0), None, Some(f64::MAX)]))),
        ("at", Arc::new(TimestampNanosecondArray::from(vec![Some(1_725_494_536_000_001_000), Some(-1_000), None, Some(0)]).with_timezone("+00:00"))),
    ]);
    let targets =
        ["numeric(33,15)", "date", "character varying(253)", "jsonb", "uuid", "integer", "bigint", "double precision", "timestamp with time zone"];
    let targets = rows.schema().fields().iter().zip(targets).map(|(field, sql_type)| target(field.name(), sql_type)).collect();
    let types = [
        NUMERIC,
        SqlType::Date,
        SqlType::Varchar { limit: 253 },
        SqlType::Jsonb,
        SqlType::Uuid,
        SqlType::Integer,
        SqlType::Bigint,
        SqlType::Double,
        SqlType::TimestampTz,
    ];
    let columns = rows.schema().fields().iter().zip(types).map(|(field, sql)| (field.name().clone(), sql)).collect();
    (rows, targets, columns)
}

#[test]
fn a_stream_decodes_to_the_same_rows_however_it_is_cut() {
    let (rows, targets, columns) = every_type();
    let bytes = encoded(&rows, &targets);
    for piece in [1, 2, 3, 7, 19, 64, bytes.len()] {
        let mut decoder = CopyDecoder::new(&columns, 3);
        bytes.chunks(piece).for_each(|piece| decoder.feed(piece).unwrap());
        let batches = decoder.finish().unwrap();
        assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(batches[0].column(0).as_primitive::<Decimal128Type>().values()[..2], [MAX, -MAX]);
        assert_eq!(batches[1].column(1).as_ref(), &Date32Array::from(vec![-1]) as &dyn Array);
        assert_eq!(batches[0].column(2).as_string::<i32>(), &StringArray::from(vec![Some("node-1"), None, Some("node-2")]));
        assert_eq!(batches[0].column(3).slice(0, 3).as_ref(), rows.column(3).slice(0, 3).as_ref());
        assert_eq!(batches[0].column(4).slice(0, 3).as_ref(), rows.column(4).slice(0, 3).as_ref());
        assert_eq!(batches[1].column(5).as_ref(), rows.column(5).slice(3, 1).as_ref());
    }
}

#[test]
fn a_stream_that_breaks_off_anywhere_is_refused() {
    let (rows, targets, columns) = every_type();
    let bytes = encoded(&rows, &targets);
    for end in 0..bytes.len() {
        let mut decoder = CopyDecoder::new(&columns, 100);
        decoder.feed(&bytes[..end]).unwrap();
        assert_eq!(decoder.finish().unwrap_err().code(), Code::SinkCopyInvalid, "cut at {end}");
    }
    let mut decoder = CopyDecoder::new(&columns, 100);
    decoder.feed(&bytes).unwrap();
    assert_eq!(decoder.feed(&[0]).unwrap_err().code(), Code::SinkCopyInvalid);
}

#[test]
fn garbage_is_an_error_and_never_a_panic() {
    let (rows, targets, columns) = every_type();
    let bytes = encoded(&rows, &targets);
    let mut seed = 11;
    for at in 0..bytes.len() {
        for _ in 0..4 {
            let mut damaged = bytes.clone();
            damaged[at] ^= (random(&mut seed) % 255) as u8 + 1;
            let mut decoder = CopyDecoder::new(&columns, 2);
            let _ = decoder.feed(&damaged).and_then(|()| decoder.finish());
        }
    }
    let mut decoder = CopyDecoder::new(&columns, 2);
    assert_eq!(decoder.feed(b"COPY 5 tuples").unwrap_err().code(), Code::SinkCopyInvalid);
}

#[test]
fn a_stream_without_rows_is_a_header_and_a_trailer() {
    let rows = batch(vec![("n", Arc::new(Int32Array::from(vec![1])))]);
    let mut encoder = CopyEncoder::new(rows.schema_ref(), &[target("n", "integer")]).unwrap();
    let mut out = Vec::new();
    encoder.finish(&mut out);
    assert_eq!(out, [b"PGCOPY\n\xff\r\n\0".as_slice(), &[0; 8], &[0xFF, 0xFF]].concat());
}

#[test]
fn every_row_gets_a_uuid_of_its_own() {
    let rows = batch(vec![("n", Arc::new(Int32Array::from(vec![0; 5_000])))]);
    let bytes = encoded(&rows, &[target("uuid", "uuid"), target("n", "integer")]);
    let columns = [("uuid".to_owned(), SqlType::Uuid), ("n".to_owned(), SqlType::Integer)];
    let mut decoder = CopyDecoder::new(&columns, 5_000);
    decoder.feed(&bytes).unwrap();
    let batches = decoder.finish().unwrap();
    let made: std::collections::HashSet<&str> = batches[0].column(0).as_string::<i32>().iter().flatten().collect();
    assert_eq!(made.len(), 5_000);
    assert!(made.iter().all(|uuid| uuid.as_bytes()[14] == b'4' && b"89ab".contains(&uuid.as_bytes()[19])));
    assert_eq!(uuid::parse("not a uuid"), None);
}

#[test]
fn tables_that_do_not_fit_are_refused_with_the_column() {
    let rows = batch(vec![("n", Arc::new(Int32Array::from(vec![1]))), ("t", texts(vec![Some("x")]))]);
    let fits = [target("n", "integer"), target("t", "text")];
    for (targets, column) in [
        (vec![target("n", "text"), fits[1].clone()], "n"),
        (vec![fits[0].clone(), target("t", "numeric(33,15)")], "t"),
        (vec![fits[0].clone()], "t"),
        (vec![fits[0].clone(), fits[1].clone(), target("other", "text")], "other"),
        (vec![fits[0].clone(), fits[1].clone(), target("uuid", "integer")], "uuid"),
    ] {
        let error = CopyEncoder::new(rows.schema_ref(), &targets).unwrap_err();
        assert_eq!((error.code(), error.place().column.as_deref()), (Code::SinkTableMismatch, Some(column)));
    }
}

#[test]
fn texts_that_postgresql_cannot_store_name_row_and_column_and_leave_the_output_alone() {
    for (sql_type, bad, code) in [
        ("text", "a\0b", Code::DataTextInvalid),
        ("jsonb", r#"{"a":"\u0000"}"#, Code::DataTextInvalid),
        ("jsonb", r#"{"a":"\\\u0000"}"#, Code::DataTextInvalid),
        ("uuid", "xyz", Code::DataTextInvalid),
        ("character varying(3)", "äöüß", Code::DataTextTooLong),
    ] {
        let fine = if sql_type == "uuid" { None } else { Some("äöü") };
        let rows = batch(vec![("t", texts(vec![fine, Some(bad)]))]);
        let mut encoder = CopyEncoder::new(rows.schema_ref(), &[target("t", sql_type)]).unwrap();
        let mut out = vec![1, 2, 3];
        let error = encoder.encode(&rows, &mut out).unwrap_err();
        assert_eq!((error.code(), error.place().row, error.place().column.as_deref()), (code, Some(1), Some("t")), "{sql_type}");
        assert_eq!(out, [1, 2, 3]);
        encoder.encode(&rows.slice(0, 1), &mut out).unwrap();
        assert_eq!(out[3..14], *b"PGCOPY\n\xff\r\n\0");
    }
}

#[test]
fn texts_of_a_dictionary_are_the_bytes_of_plain_texts_and_values_that_no_row_has_are_not_looked_at() {
    for (sql_type, bad) in [("text", "a\0b"), ("character varying(4)", "abcde"), ("jsonb", r#"{"a":"\u0000"}"#)] {
        let values = StringArray::from(vec![Some("{}"), None, Some(bad), Some("")]);
        let keys = Int32Array::from(vec![Some(3), Some(0), None, Some(1), Some(0), Some(3), Some(0)]);
        let coded = batch(vec![("t", Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(values))))]);
        let plain = batch(vec![("t", texts(vec![Some(""), Some("{}"), None, None, Some("{}"), Some(""), Some("{}")]))]);
        let targets = [target("t", sql_type)];
        assert_eq!(encoded(&coded, &targets), encoded(&plain, &targets), "{sql_type}");
    }
}

#[test]
fn a_bad_text_of_a_dictionary_names_its_first_row() {
    let coded: DictionaryArray<Int32Type> = vec!["fine", "fine", "b\0d", "b\0d"].into_iter().collect();
    let rows = batch(vec![("t", Arc::new(coded))]);
    let mut out = vec![7];
    let error = CopyEncoder::new(rows.schema_ref(), &[target("t", "text")]).unwrap().encode(&rows, &mut out).unwrap_err();
    assert_eq!((error.code(), error.place().row, error.place().column.as_deref()), (Code::DataTextInvalid, Some(2), Some("t")));
    assert_eq!(out, [7]);
}

#[test]
fn integers_that_do_not_fit_are_refused() {
    let rows = batch(vec![("n", Arc::new(Int64Array::from(vec![40_000])))]);
    let error = CopyEncoder::new(rows.schema_ref(), &[target("n", "smallint")]).unwrap().encode(&rows, &mut Vec::new()).unwrap_err();
    assert_eq!(error.code(), Code::DataOverflow);
    assert_eq!(encoded(&rows, &[target("n", "bigint")]).len(), 19 + 2 + 12 + 2);
}
