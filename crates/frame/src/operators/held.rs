//! One row for each group, kept from batches that have gone by.

use arrow_array::{RecordBatch, RecordBatchOptions, UInt32Array, new_null_array};
use arrow_schema::SchemaRef;
use arrow_select::interleave::interleave;
use arrow_select::take::take;
use rowmill_core::Result;

use super::fault;

/// Rows that may be out of use before the rest are gathered.
const SPARE_ROWS: usize = 1 << 16;
/// Rows that are gathered into one batch.
const GATHERED_ROWS: usize = 1 << 16;

/// Rows by group, of any columns. Holds at most twice as many rows as there are groups, and some.
pub(super) struct Held {
    batches: Vec<RecordBatch>,
    /// Batch and row of each group; the first batch is a row of NULLs.
    places: Vec<(usize, usize)>,
    rows: usize,
}

impl Held {
    pub fn new(schema: &SchemaRef) -> Result<Self> {
        let nulls = schema.fields().iter().map(|field| new_null_array(field.data_type(), 1)).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(1));
        let empty = RecordBatch::try_new_with_options(schema.clone(), nulls, &options).map_err(fault)?;
        Ok(Self { batches: vec![empty], places: Vec::new(), rows: 0 })
    }

    /// Keeps rows of a batch in place of what their groups had: pairs of group and row, later ones winning.
    pub fn keep(&mut self, batch: &RecordBatch, winners: &[(u32, usize)]) -> Result<()> {
        if winners.is_empty() {
            return Ok(());
        }
        let number = self.batches.len();
        let mut rows: Vec<u32> = Vec::new();
        for (group, row) in winners {
            let group = *group as usize;
            if group >= self.places.len() {
                self.places.resize(group + 1, (0, 0));
            }
            // Rows of a batch are fewer than 2^32.
            if self.places[group].0 == number {
                rows[self.places[group].1] = *row as u32;
            } else {
                self.places[group] = (number, rows.len());
                rows.push(*row as u32);
            }
        }
        self.rows += rows.len();
        self.batches.push(taken(batch, rows)?);
        if self.rows > 2 * self.places.len() + SPARE_ROWS { self.compact() } else { Ok(()) }
    }

    fn compact(&mut self) -> Result<()> {
        let mut gathered = vec![self.batches[0].clone()];
        let mut places = Vec::with_capacity(self.places.len());
        for first in (0..self.places.len()).step_by(GATHERED_ROWS) {
            let last = (first + GATHERED_ROWS).min(self.places.len());
            places.extend((0..last - first).map(|row| (gathered.len(), row)));
            gathered.push(self.gather(first, last)?);
        }
        (self.batches, self.rows, self.places) = (gathered, places.len(), places);
        Ok(())
    }

    /// The rows of the groups `first..last`; NULLs for one that kept none.
    pub fn gather(&self, first: usize, last: usize) -> Result<RecordBatch> {
        let places: Vec<(usize, usize)> = (first..last).map(|group| self.places.get(group).copied().unwrap_or((0, 0))).collect();
        gathered(&self.batches, &places)
    }
}

/// Rows of a batch, which may have no columns.
fn taken(batch: &RecordBatch, rows: Vec<u32>) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let rows = UInt32Array::from(rows);
    let columns = batch.columns().iter().map(|column| take(column, &rows, None)).collect::<Result<Vec<_>, _>>().map_err(fault)?;
    RecordBatch::try_new_with_options(batch.schema(), columns, &options).map_err(fault)
}

/// Rows by batch and row.
pub(super) fn gathered(batches: &[RecordBatch], places: &[(usize, usize)]) -> Result<RecordBatch> {
    let schema = batches[0].schema();
    let column = |at: usize| {
        let arrays: Vec<_> = batches.iter().map(|batch| batch.column(at).as_ref()).collect();
        interleave(&arrays, places).map_err(fault)
    };
    let columns = (0..schema.fields().len()).map(column).collect::<Result<Vec<_>>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(places.len()));
    RecordBatch::try_new_with_options(schema, columns, &options).map_err(fault)
}

/// Groups come in the order of their numbers where they are new, so that one that is there again is below the last.
pub(super) fn first_of_each(new: impl Iterator<Item = (u32, usize)>) -> Vec<(u32, usize)> {
    let mut firsts: Vec<(u32, usize)> = Vec::new();
    for (group, row) in new {
        if firsts.last().is_none_or(|(last, _)| group > *last) {
            firsts.push((group, row));
        }
    }
    firsts
}
