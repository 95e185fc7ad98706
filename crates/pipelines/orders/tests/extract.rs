//! Extracts and statistics at their borders: types that do not fit, columns without values, sums that are too large.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use common::{Run, run};
use rowmill_core::{Code, ColumnKind, InputSpec};
use rowmill_testkit::orders::Cell;
use serde_json::{Value, json};

const NOON: i64 = 1_725_500_000_000_000_000;

/// Two rows of one security; columns by name, the others are NULL.
fn rows(given: &'static [(&'static str, [Option<i64>; 2])]) -> impl Fn(&InputSpec) -> RecordBatch {
    move |input| {
        let usual = |name: &str| match name {
            "order_id" => [Some(1), Some(2)],
            "timestamp" => [Some(NOON), Some(NOON + 1)],
            "security_code" => [Some(110_621); 2],
            "participantid" => [Some(69); 2],
            "quantity" => [Some(100); 2],
            "price" => [Some(3_340); 2],
            _ => [None; 2],
        };
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for column in &input.columns {
            let values = given.iter().find(|(name, _)| *name == column.name).map_or_else(|| usual(&column.name), |(_, values)| *values);
            let values: ArrayRef = match column.kind {
                ColumnKind::Text => Arc::new(StringArray::from(vec![None::<&str>; 2])),
                _ => Arc::new(Int64Array::from(values.to_vec())),
            };
            columns.push((column.name.to_string(), values));
        }
        if input.position {
            columns.push(("#position".into(), Arc::new(Int64Array::from(vec![10, 5]))));
        }
        let fields = columns.iter().map(|(name, values)| Field::new(name, values.data_type().clone(), true)).collect::<Vec<_>>();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, values)| values).collect()).unwrap()
    }
}

fn types(run: &Run) -> Vec<(String, DataType)> {
    let batch = &run.files.values().next().unwrap()[0];
    batch.schema().fields().iter().map(|field| (field.name().clone(), field.data_type().clone())).collect()
}

fn kinds(run: &Run) -> Vec<&str> {
    run.details["warnings"].as_array().unwrap().iter().filter_map(|warning| warning["kind"].as_str()).collect()
}

#[test]
fn ord_071_the_narrowest_types_are_taken_and_columns_without_values_left_out() {
    let found =
        run(json!({"orders": {"extract": "partitioned"}}), rows(&[("exchangeordertype", [Some(2048), None]), ("side", [Some(1), Some(2)])])).unwrap();
    assert_eq!(found.files.keys().collect::<Vec<_>>(), ["2024-09-05/110621/orders.parquet"]);
    let expected = [
        ("order_id", DataType::Int8),
        ("timestamp", DataType::Int64),
        ("security_code", DataType::Int32),
        ("price", DataType::Int16),
        ("side", DataType::Int8),
        ("quantity", DataType::Int8),
        ("exchangeordertype", DataType::Int16),
        ("participantid", DataType::Int8),
    ];
    assert_eq!(types(&found), expected.map(|(name, of)| (name.to_owned(), of)));
    assert_eq!(found.details["types"]["exchangeordertype"], "int16");
}

#[test]
fn ord_072_declared_types_come_from_the_plan_and_then_from_the_columns_meaning() {
    let settings = |downcast: &str| json!({"orders": {"extract": "single", "downcast": downcast, "types": {"quantity": "uint32"}}});
    let of = |downcast: &str, name: &str| {
        let found = run(settings(downcast), rows(&[])).unwrap();
        types(&found).into_iter().find(|(found, _)| found == name).unwrap().1
    };
    assert_eq!(["declared", "narrowest", "off"].map(|downcast| of(downcast, "quantity")), [DataType::UInt32, DataType::UInt32, DataType::UInt32]);
    assert_eq!(["declared", "narrowest", "off"].map(|downcast| of(downcast, "participantid")), [DataType::Int32, DataType::Int8, DataType::Int64]);
}

#[test]
fn ord_073_a_value_that_does_not_fit_fails_or_widens_and_never_wraps() {
    let settings = |overflow: &str| json!({"orders": {"extract": "single", "types": {"quantity": "uint32"}, "downcastOverflow": overflow}});
    let negative = || rows(&[("quantity", [Some(7), Some(-1)])]);
    let error = run(settings("fail"), negative()).unwrap_err();
    assert_eq!((error.code(), error.place().column.as_deref(), error.place().value.as_deref()), (Code::DataOverflow, Some("quantity"), Some("-1")));
    let found = run(settings("widen"), negative()).unwrap();
    assert_eq!((kinds(&found), &found.details["types"]["quantity"]), (vec!["widened"], &Value::from("int8")));
}

#[test]
fn ord_074_rows_without_a_file_are_counted() {
    let found = run(json!({"orders": {"extract": "partitioned"}}), rows(&[("security_code", [Some(5), None])])).unwrap();
    assert_eq!((kinds(&found), &found.details["warnings"][0]["rows"]), (vec!["homeless"], &Value::from(1)));
    assert_eq!(found.files.len(), 1);
}

#[test]
fn ord_075_a_single_extract_is_in_the_order_of_the_input() {
    let found = run(json!({"orders": {"extract": "single", "extractFormat": "csv.gz"}}), rows(&[])).unwrap();
    let batch = &found.files["orders.csv.gz"][0];
    assert_eq!(format!("{:?}", batch.column(0)), "PrimitiveArray<Int8>\n[\n  2,\n  1,\n]");
}

#[test]
fn ord_076_the_linter_names_what_the_original_types_destroy() {
    let found = run(
        json!({"orders": {"lint": true}}),
        rows(&[("exchangeordertype", [Some(4098), Some(64)]), ("quantity", [Some(-1), Some(1)]), ("price", [Some((1 << 24) + 1), Some(1)])]),
    );
    let found = found.unwrap();
    let warnings = found.details["warnings"].as_array().unwrap();
    let named = warnings.iter().map(|warning| (warning["column"].as_str().unwrap(), warning["rows"].as_u64().unwrap())).collect::<Vec<_>>();
    assert_eq!(named, [("price", 1), ("quantity", 1), ("exchangeordertype", 1)]);
    let said = warnings[2]["message"].as_str().unwrap();
    assert!(said.contains("exchangeordertype as Int8: 256, 2048 and 4096 would become 0") && said.ends_with("Int16 holds all"), "{said}");
}

#[test]
fn ord_045_a_sum_that_does_not_fit_is_refused() {
    let error = run(json!({}), rows(&[("quantity", [Some(i64::MAX), Some(1)])])).unwrap_err();
    assert_eq!((error.code(), error.place().column.as_deref()), (Code::DataOverflow, Some("quantity_sum")));
    let error = run(json!({}), rows(&[("price", [Some((1 << 53) + 1), Some(1)])])).unwrap_err();
    assert_eq!((error.code(), error.place().column.as_deref()), (Code::DataOverflow, Some("price_max")));
}

#[test]
fn ord_046_ids_and_instants_beyond_2_to_the_53_stay_exact() {
    let found = run(json!({}), rows(&[("security_code", [Some(9_007_199_254_740_993); 2])])).unwrap();
    assert_eq!(found.tables[0][0][1], Cell::Integer(9_007_199_254_740_993));
    assert_eq!(found.tables[0][0][10], Cell::Integer(NOON.into()));
    assert_eq!(found.details["jobs"][0]["securityCode"], "9007199254740993");
}
