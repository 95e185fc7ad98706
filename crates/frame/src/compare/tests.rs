use std::cell::Cell;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, Int64Array, StringArray};
use rowmill_core::{Column, SqlType};

use super::*;

const fn column(name: &'static str, sql: SqlType, key: bool) -> Column {
    Column { name, sql, written: true, generated: false, key, nullable: true, in_file: None }
}

const AMOUNT: SqlType = SqlType::Numeric { precision: 33, scale: 15 };

const TABLE: TableSpec = TableSpec {
    file: "",
    name: "small",
    doc: "A table of tests.",
    columns: &[
        Column { generated: true, ..column("uuid", SqlType::Uuid, false) },
        column("day", SqlType::Date, true),
        column("name", SqlType::Varchar { limit: 20 }, true),
        column("labels", SqlType::Jsonb, true),
        column("number", SqlType::Integer, true),
        column("usage", AMOUNT, false),
        column("limit", AMOUNT, false),
        Column { written: false, ..column("cost", AMOUNT, false) },
    ],
    primary_key: &["uuid"],
    partition_by: Some("day"),
    indexes: &[],
    delete_by: "number",
    delete_where: "true",
};

const ONE: i128 = 1_000_000_000_000_000;

/// Day, name, labels, number, usage, limit.
type Row = (i32, Option<&'static str>, Option<&'static str>, Option<i32>, Option<i128>, Option<i128>);

fn batch(rows: &[Row]) -> RecordBatch {
    let decimal = |values: Vec<Option<i128>>| Decimal128Array::from(values).with_precision_and_scale(33, 15).expect("a decimal");
    RecordBatch::try_from_iter([
        ("day", Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.0))) as ArrayRef),
        ("name", Arc::new(rows.iter().map(|row| row.1).collect::<StringArray>())),
        ("labels", Arc::new(rows.iter().map(|row| row.2).collect::<StringArray>())),
        ("number", Arc::new(rows.iter().map(|row| row.3).collect::<Int32Array>())),
        ("usage", Arc::new(decimal(rows.iter().map(|row| row.4).collect()))),
        ("limit", Arc::new(decimal(rows.iter().map(|row| row.5).collect()))),
    ])
    .expect("a batch")
}

/// The same rows in other types: dictionaries, 64-bit integers, doubles, another scale; and a column nobody asked for.
fn other_types(rows: &[Row]) -> RecordBatch {
    let names: DictionaryArray<Int32Type> = rows.iter().map(|row| row.1).collect();
    let limits: Vec<Option<i128>> = rows.iter().map(|row| row.5.map(|limit| limit / (ONE / 100))).collect();
    RecordBatch::try_from_iter([
        ("extra", Arc::new(Int64Array::from_iter_values(0..rows.len() as i64)) as ArrayRef),
        ("limit", Arc::new(Decimal128Array::from(limits).with_precision_and_scale(20, 2).expect("a decimal"))),
        ("usage", Arc::new(rows.iter().map(|row| row.4.map(|usage| usage as f64 / 1e15)).collect::<Float64Array>())),
        ("number", Arc::new(rows.iter().map(|row| row.3.map(i64::from)).collect::<Int64Array>())),
        ("labels", Arc::new(rows.iter().map(|row| row.2).collect::<StringArray>())),
        ("name", Arc::new(names)),
        ("day", Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.0)))),
    ])
    .expect("a batch")
}

fn compared(left: &[Vec<Row>], right: &[Vec<Row>], tolerance: f64) -> Comparison {
    let open = |batches: &[Vec<Row>]| -> Result<Batches> {
        let batches: Vec<RecordBatch> = batches.iter().map(|rows| batch(rows)).collect();
        Ok(Box::new(batches.into_iter().map(Ok)))
    };
    compare(&|| open(left), &|| open(right), &TABLE, CompareOptions { tolerance, samples: 2 }).expect("a comparison")
}

const PLAIN: Row = (20_362, Some("a"), Some(r#"{"x":"1","y":"2"}"#), Some(7), Some(ONE), None);

#[test]
fn equal_tables_match_whatever_the_order_of_rows_of_batches_and_of_json_keys() {
    let reordered: Row = (20_362, Some("a"), Some(r#"{ "y": "2", "x": "1" }"#), Some(7), Some(ONE), None);
    let nulls: Row = (20_363, None, None, None, None, Some(0));
    let left = [vec![PLAIN, PLAIN, nulls], vec![]];
    let right = [vec![nulls], vec![reordered], vec![PLAIN]];
    let comparison = compared(&left, &right, 0.0);
    assert!(comparison.equal());
    assert_eq!((comparison.left_rows, comparison.right_rows, comparison.matched), (3, 3, 3));
    assert_eq!(comparison.samples, []);
    let days: Vec<(Option<String>, u64, u64, u64)> =
        comparison.days.iter().map(|day| (day.day.map(|day| day.to_string()), day.left_rows, day.right_rows, day.different)).collect();
    assert_eq!(days, [(Some("2025-10-01".into()), 2, 2, 0), (Some("2025-10-02".into()), 1, 1, 0)]);
    assert_eq!(comparison.totals[0], Total { column: "usage".into(), left: 2.0, right: 2.0, relative: 0.0 });
}

#[test]
fn a_row_that_is_there_more_often_is_on_one_side_only() {
    let comparison = compared(&[vec![PLAIN, PLAIN, PLAIN]], &[vec![PLAIN]], 0.0);
    assert_eq!((comparison.matched, comparison.only_left, comparison.only_right, comparison.different), (1, 2, 0, 0));
    assert_eq!(comparison.days[0].different, 2);
    assert_eq!(comparison.samples.len(), 2);
    assert_eq!(comparison.samples[0].kind, SampleKind::OnlyLeft);
    assert_eq!(
        serde_json::to_string(&comparison.samples[0].key).expect("JSON"),
        r#"{"day":"2025-10-01","name":"a","labels":"{\"x\":\"1\",\"y\":\"2\"}","number":"7"}"#
    );
}

#[test]
fn null_is_neither_empty_nor_zero() {
    let cases: [Row; 4] = [
        (20_362, Some(""), PLAIN.2, PLAIN.3, PLAIN.4, PLAIN.5),
        (20_362, PLAIN.1, Some("{}"), PLAIN.3, PLAIN.4, PLAIN.5),
        (20_362, PLAIN.1, PLAIN.2, Some(0), PLAIN.4, PLAIN.5),
        (20_362, PLAIN.1, PLAIN.2, PLAIN.3, Some(0), PLAIN.5),
    ];
    for with_value in cases {
        let mut with_null = with_value;
        match with_value {
            (_, Some(""), ..) => with_null.1 = None,
            (_, _, Some("{}"), ..) => with_null.2 = None,
            (_, _, _, Some(0), ..) => with_null.3 = None,
            _ => with_null.4 = None,
        }
        let comparison = compared(&[vec![with_value]], &[vec![with_null]], 1.0);
        assert_eq!((comparison.matched, comparison.equal()), (0, false), "{with_value:?}");
    }
}

#[test]
fn rows_of_one_key_are_paired_by_their_measures_and_the_rest_is_shown() {
    let with = |usage: i128, limit: Option<i128>| -> Row { (20_362, PLAIN.1, PLAIN.2, PLAIN.3, Some(usage), limit) };
    let left = [vec![with(ONE, None), with(5 * ONE, Some(2 * ONE)), with(9 * ONE, None)]];
    let right = [vec![with(9 * ONE + 90_000, None), with(ONE, None), with(5 * ONE, Some(4 * ONE))]];
    let comparison = compared(&left, &right, 1e-9);
    assert_eq!((comparison.matched, comparison.only_left, comparison.only_right, comparison.different), (2, 0, 0, 1));
    let sample = &comparison.samples[0];
    assert_eq!((sample.kind, sample.column.as_deref()), (SampleKind::Different, Some("limit")));
    assert_eq!((sample.left.as_deref(), sample.right.as_deref()), (Some("2.000000000000000"), Some("4.000000000000000")));
    assert_eq!((comparison.totals[1].left, comparison.totals[1].right, comparison.totals[1].relative), (2.0, 4.0, 0.5));
}

#[test]
fn the_types_of_a_side_do_not_matter() {
    let rows = vec![PLAIN, (20_400, None, Some("{}"), None, Some(-ONE / 4), Some(3 * ONE / 4))];
    let open = |batch: RecordBatch| move || -> Result<Batches> { Ok(Box::new(std::iter::once(Ok(batch.clone())))) };
    let options = CompareOptions { tolerance: 0.0, samples: 1 };
    let comparison = compare(&open(batch(&rows)), &open(other_types(&rows)), &TABLE, options).expect("a comparison");
    assert!(comparison.equal(), "{comparison:?}");
}

#[test]
fn empty_tables_are_equal_and_an_empty_side_lacks_every_row() {
    assert!(compared(&[], &[vec![]], 0.0).equal());
    let comparison = compared(&[], &[vec![PLAIN]], 0.0);
    assert_eq!((comparison.only_right, comparison.samples[0].kind), (1, SampleKind::OnlyRight));
}

#[test]
fn a_missing_or_unsuitable_column_is_named_with_its_side() {
    let open = |batch: RecordBatch| move || -> Result<Batches> { Ok(Box::new(std::iter::once(Ok(batch.clone())))) };
    let whole = batch(&[PLAIN]);
    let options = CompareOptions { tolerance: 0.0, samples: 1 };
    let without = whole.project(&[0, 1, 2, 3, 5]).expect("fewer columns");
    let error = compare(&open(whole.clone()), &open(without), &TABLE, options).expect_err("usage is missing");
    assert_eq!(
        (error.code(), error.place().column.as_deref(), error.place().file.as_deref()),
        (Code::SinkTableMismatch, Some("usage"), Some("right side"))
    );
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["2025-10-01"]));
    let wrong = RecordBatch::try_from_iter(whole.schema().fields().iter().zip(whole.columns()).map(|(field, array)| {
        let array = if field.name() == "day" { texts.clone() } else { array.clone() };
        (field.name().clone(), array)
    }))
    .expect("a batch");
    let error = compare(&open(wrong), &open(whole), &TABLE, options).expect_err("the day is a text");
    assert_eq!((error.code(), error.place().column.as_deref()), (Code::SinkTableMismatch, Some("day")));
}

#[test]
fn labels_that_are_not_json_are_refused_with_their_row() {
    let broken: Row = (20_362, PLAIN.1, Some("{"), PLAIN.3, PLAIN.4, PLAIN.5);
    let open = |rows: Vec<Vec<Row>>| move || -> Result<Batches> { Ok(Box::new(rows.clone().into_iter().map(|rows| Ok(batch(&rows))))) };
    let options = CompareOptions { tolerance: 0.0, samples: 1 };
    let error = compare(&open(vec![]), &open(vec![vec![PLAIN, PLAIN], vec![PLAIN, broken]]), &TABLE, options).expect_err("not JSON");
    assert_eq!((error.code(), error.place().column.as_deref(), error.place().row), (Code::DataLabelsInvalid, Some("labels"), Some(3)));
}

#[test]
fn a_side_that_shrinks_between_readings_is_an_error() {
    let first = Cell::new(true);
    let shrinking = || -> Result<Batches> {
        let rows = if first.replace(false) { vec![PLAIN, PLAIN] } else { vec![PLAIN] };
        Ok(Box::new(std::iter::once(Ok(batch(&rows)))))
    };
    let none = || -> Result<Batches> { Ok(Box::new(std::iter::empty())) };
    let error = compare(&shrinking, &none, &TABLE, CompareOptions { tolerance: 0.0, samples: 9 }).expect_err("a row is gone");
    assert_eq!(error.code(), Code::InputChanged);
}
