//! Questions about result sets in Parquet files: comparing and rolling up.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use napi_derive::napi;
use rowmill_core::day::Day;
use rowmill_core::{Error, Result};
use rowmill_frame::{Batches, CompareOptions, compare as compare_sides, rollup as roll_up};
use rowmill_read::Rows;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{answer, in_background};
use crate::plan::from_wire;
use crate::spool::table_named;

/// Rows per batch while reading.
const BATCH_ROWS: usize = 8192;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireCompare {
    left: String,
    right: String,
    pipeline: String,
    table: String,
    tolerance: f64,
    samples: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireRollup {
    path: String,
    by: Vec<String>,
    sums: Vec<String>,
}

/// Compares two Parquet files with rows of the same table, as multisets.
#[napi(
    ts_args_type = "request: { left: string; right: string; pipeline: string; table: string; tolerance: number; samples: number }",
    ts_return_type = "Promise<Answer<Comparison>>"
)]
pub async fn compare(request: Value) -> Value {
    in_background(move || {
        answer(|| {
            let request: WireCompare = from_wire(request, "the request")?;
            let table = table_named(&request.pipeline, &request.table)?;
            let open = |path: &str| Rows::open(path, BATCH_ROWS).map(|rows| Box::new(rows) as Batches);
            let options = CompareOptions { tolerance: request.tolerance, samples: request.samples };
            compare_sides(&|| open(&request.left), &|| open(&request.right), table, options)
        })
    })
    .await
}

/// Sums columns of a Parquet file by others; timestamps become milliseconds since 1970-01-01. Every row becomes an object: for small results only.
#[napi(
    ts_args_type = "request: { path: string; by: string[]; sums: string[] }",
    ts_return_type = "Promise<Answer<{ rows: Record<string, unknown>[] }>>"
)]
pub async fn rollup(request: Value) -> Value {
    in_background(move || {
        answer(|| {
            let request: WireRollup = from_wire(request, "the request")?;
            let by: Vec<&str> = request.by.iter().map(String::as_str).collect();
            let sums: Vec<&str> = request.sums.iter().map(String::as_str).collect();
            let columns: Vec<&str> = by.iter().chain(&sums).copied().collect();
            let batch = roll_up(&mut Rows::open_columns(&request.path, BATCH_ROWS, &columns)?, &by, &sums)?;
            Ok(json!({ "rows": rows(&batch)? }))
        })
    })
    .await
}

fn rows(batch: &RecordBatch) -> Result<Vec<Value>> {
    let schema = batch.schema();
    let object = |row: usize| {
        let members = schema.fields().iter().zip(batch.columns()).map(|(field, column)| Ok((field.name().clone(), value(column.as_ref(), row)?)));
        members.collect::<Result<Map<_, _>>>().map(Value::Object)
    };
    (0..batch.num_rows()).map(object).collect()
}

fn value(column: &dyn Array, row: usize) -> Result<Value> {
    if column.is_null(row) {
        return Ok(Value::Null);
    }
    Ok(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).into(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(row).into(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into(),
        DataType::Date32 => Day(column.as_primitive::<Date32Type>().value(row)).to_string().into(),
        other => return Err(Error::bug(format!("a roll-up with a column of type {other}"))),
    })
}
