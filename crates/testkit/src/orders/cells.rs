//! Rows as people would compare them.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, TimestampNanosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;

/// One value.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum Cell {
    /// NULL.
    Null,
    /// Whole numbers, days, instants, and decimals in units of their last digit.
    Integer(i128),
    /// Doubles.
    Double(f64),
    /// Texts.
    Text(String),
}

/// The rows of a batch.
pub fn cells(batch: &RecordBatch) -> Vec<Vec<Cell>> {
    let cell = |column: &dyn Array, row: usize| {
        if column.is_null(row) {
            return Cell::Null;
        }
        match column.data_type() {
            DataType::Int32 => Cell::Integer(column.as_primitive::<Int32Type>().value(row).into()),
            DataType::Int64 => Cell::Integer(column.as_primitive::<Int64Type>().value(row).into()),
            DataType::Date32 => Cell::Integer(column.as_primitive::<Date32Type>().value(row).into()),
            DataType::Timestamp(_, _) => Cell::Integer(column.as_primitive::<TimestampNanosecondType>().value(row).into()),
            DataType::Decimal128(_, _) => Cell::Integer(column.as_primitive::<Decimal128Type>().value(row)),
            DataType::Float64 => Cell::Double(column.as_primitive::<Float64Type>().value(row)),
            _ => Cell::Text(column.as_string::<i32>().value(row).to_owned()),
        }
    };
    (0..batch.num_rows()).map(|row| batch.columns().iter().map(|column| cell(column, row)).collect()).collect()
}

/// The first difference between rows that were expected and rows that were found, in their order; doubles may differ by `1e-12` of their size.
pub fn difference(expected: &[Vec<Cell>], found: &[Vec<Cell>]) -> Option<String> {
    if expected.len() != found.len() {
        return Some(format!("{} rows expected, {} found: {expected:?} {found:?}", expected.len(), found.len()));
    }
    let equal = |left: &Cell, right: &Cell| match (left, right) {
        (Cell::Double(left), Cell::Double(right)) => (left - right).abs() <= 1e-12 * left.abs().max(right.abs()),
        _ => left == right,
    };
    let rows = expected.iter().zip(found);
    let differs =
        |(left, right): &(&Vec<Cell>, &Vec<Cell>)| left.len() != right.len() || left.iter().zip(*right).any(|(left, right)| !equal(left, right));
    rows.into_iter().find(differs).map(|(left, right)| format!("expected {left:?}\n   found {right:?}"))
}
