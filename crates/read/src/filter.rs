//! Which rows of a Parquet file are wanted: by statistics, then by columns.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, BooleanArray, Int64Array, RecordBatch};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::{DataType, TimeUnit};
use arrow_select::filter::filter_record_batch;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics;
use rowmill_core::{Error, FilterTerm, Result, Test};

use crate::columns::PlannedColumn;

/// Whether the statistics of a row group leave room for a row that passes the first term. The others are not asked: how many rows pass the
/// first is told, and would not be known of a row group that is not read because of the second.
pub(crate) fn may_pass(terms: &[FilterTerm], columns: &[PlannedColumn], group: &RowGroupMetaData) -> bool {
    terms.first().is_none_or(|term| match columns.get(term.column).and_then(|column| column.source.as_ref()) {
        // What the file lacks is NULL, and NULL passes no term.
        None => false,
        Some(source) => range(group.column(source.leaf), &source.read_as).is_none_or(|(min, max)| term.test.may_pass(min, max)),
    })
}

/// Smallest and largest integer of a chunk, where its statistics tell both in an order that is ours.
fn range(chunk: &ColumnChunkMetaData, found: &DataType) -> Option<(i64, i64)> {
    let (min, max) = match chunk.statistics()? {
        Statistics::Int64(values) => (*values.min_opt()?, *values.max_opt()?),
        Statistics::Int32(values) => (i64::from(*values.min_opt()?), i64::from(*values.max_opt()?)),
        _ => return None,
    };
    let factor = match found {
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 | DataType::Timestamp(TimeUnit::Nanosecond, _) => 1,
        DataType::Timestamp(TimeUnit::Microsecond, _) => 1_000,
        DataType::Timestamp(TimeUnit::Millisecond, _) => 1_000_000,
        DataType::Timestamp(TimeUnit::Second, _) => 1_000_000_000,
        // Unsigned ones are kept in signed fields, and old writers ordered them as such.
        _ => return None,
    };
    let (min, max) = (min.checked_mul(factor)?, max.checked_mul(factor)?);
    (min <= max).then_some((min, max))
}

/// The rows that pass, and how many passed each term and all before it.
pub(crate) fn filtered(batch: &RecordBatch, terms: &[FilterTerm]) -> Result<(RecordBatch, Vec<u64>)> {
    let mut passed = Vec::with_capacity(terms.len());
    let mut kept = BooleanBuffer::new_set(batch.num_rows());
    for term in terms {
        let column = batch.columns().get(term.column).and_then(|column| column.as_primitive_opt::<Int64Type>());
        let column = column.ok_or_else(|| Error::bug(format!("the filter {} is not about an integer column", term.name)))?;
        kept = &kept & &passing(column, &term.test);
        passed.push(kept.count_set_bits() as u64);
    }
    if kept.count_set_bits() == batch.num_rows() {
        return Ok((batch.clone(), passed));
    }
    let batch = filter_record_batch(batch, &BooleanArray::new(kept, None)).map_err(|error| Error::bug(error.to_string()))?;
    Ok((batch, passed))
}

fn passing(column: &Int64Array, test: &Test) -> BooleanBuffer {
    let values = column.values();
    let passing = match test {
        Test::Ranges(ranges) if ranges.len() == 1 => BooleanBuffer::collect_bool(values.len(), |row| ranges[0].contains(&values[row])),
        test => BooleanBuffer::collect_bool(values.len(), |row| test.passes(values[row])),
    };
    match column.nulls() {
        None => passing,
        Some(nulls) => &passing & nulls.inner(),
    }
}

/// The column with NULL where it has this value.
pub(crate) fn without_value(column: &ArrayRef, null_value: i64) -> ArrayRef {
    let Some(integers) = column.as_primitive_opt::<Int64Type>().filter(|integers| integers.values().contains(&null_value)) else {
        return column.clone();
    };
    let others = BooleanBuffer::collect_bool(integers.len(), |row| integers.values()[row] != null_value);
    let valid = integers.nulls().map_or(others.clone(), |nulls| nulls.inner() & &others);
    std::sync::Arc::new(Int64Array::new(integers.values().clone(), Some(NullBuffer::new(valid))))
}
