//! The files of an extract.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, RecordBatch, UInt32Array};
use arrow_schema::{Field, Schema};
use arrow_select::take::take;
use rowmill_core::day::Day;
use rowmill_core::{Emit, Error, Outlet, Result};

use super::types::{Types, cast};
use crate::fold::extract::{PLACED_BY, Rows};

/// Rows of one batch of a file.
const BATCH_ROWS: usize = 65_536;

/// Writes the rows of a partition into the files that they belong to, in the order of the input.
pub fn write(of: &mut Rows, partition: u32, types: &Types, ending: &str, emit: &mut Emit<'_>) -> Result<()> {
    let Some(rows) = of.take(partition)? else { return Ok(()) };
    let positions = rows.column(rows.num_columns() - 1).as_primitive::<Int64Type>().values();
    let mut order: Vec<u32> = (0..rows.num_rows() as u32).collect();
    if of.is_single() {
        order.sort_unstable_by_key(|row| positions[*row as usize]);
        return file(of, &rows, &order, types, format!("orders.{ending}"), emit);
    }
    let placed = |name: &str| {
        let column = of.carried.iter().position(|carried| carried.name == name).map(|at| rows.column(at));
        column.map(|column| column.as_primitive::<Int64Type>().values()).ok_or_else(|| Error::bug(format!("an extract without {name}")))
    };
    let (times, securities) = (placed(PLACED_BY[0])?, placed(PLACED_BY[1])?);
    let days: Vec<i32> = times.iter().map(|time| of.day(*time)).collect();
    let job = |row: &u32| (days[*row as usize], securities[*row as usize]);
    order.sort_unstable_by_key(|row| (job(row), positions[*row as usize]));
    for of_job in order.chunk_by(|left, right| job(left) == job(right)) {
        let (day, security) = job(&of_job[0]);
        file(of, &rows, of_job, types, format!("{}/{security}/orders.{ending}", Day(day)), emit)?;
    }
    Ok(())
}

fn file(of: &Rows, rows: &RecordBatch, order: &[u32], types: &Types, path: String, emit: &mut Emit<'_>) -> Result<()> {
    let kept: Vec<_> = types.columns.iter().enumerate().filter_map(|(at, declared)| Some((at, (*declared)?))).collect();
    let outlet = Outlet::File(path);
    for piece in order.chunks(BATCH_ROWS) {
        let piece = UInt32Array::from(piece.to_vec());
        let columns = kept.iter().map(|(at, declared)| {
            let taken = take(rows.column(*at), &piece, None).map_err(|error| Error::bug(format!("rows do not sort: {error}")))?;
            cast(&taken, *declared)
        });
        let columns = columns.collect::<Result<Vec<ArrayRef>>>()?;
        let fields = kept.iter().zip(&columns).map(|((at, _), column)| Field::new(&of.carried[*at].name, column.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        emit(&outlet, RecordBatch::try_new(schema, columns).map_err(|error| Error::bug(format!("rows make no file: {error}")))?)?;
    }
    Ok(())
}
