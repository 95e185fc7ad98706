//! The first or the last row of each key.

use arrow_array::RecordBatch;
use rowmill_core::Result;
use serde::Deserialize;

use super::held::Held;
use super::keys::Index;
use super::order::{Best, End};
use super::{Done, Input, Needs, OUT_ROWS, Output};

/// Picks one whole row for each key: the first or the last by the order columns, NULLs of the row included.
///
/// The keys come out in the order in which they are first met. A NULL in an order column loses against every value; of equal rows the first (or
/// last) of the input is taken. A row with a NULL in its key is left out.
///
/// Holds one row for each key (up to twice that while reading), and a batch.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PickRow {
    /// Key columns.
    pub key: Vec<String>,
    /// Columns of whole numbers or doubles, the most important first.
    pub order: Vec<String>,
}

impl PickRow {
    /// What the input must have.
    pub fn needs(&self) -> Needs {
        Needs { all: true, numbers: self.key.iter().chain(&self.order).cloned().collect(), others: Vec::new() }
    }

    /// # Errors
    /// `INPUT_COLUMN_MISSING`, `INPUT_COLUMN_TYPE`, and what reading and writing fail with.
    pub fn run(&self, end: End, input: &Input<'_>, out: &mut dyn Output) -> Result<Done> {
        let mut done = Done::default();
        let (mut index, mut best, mut held) = (Index::default(), Best::new(end, &self.order), Held::new(&input.schema)?);
        input.each(|batch| {
            done.rows_read += batch.num_rows() as u64;
            let groups = index.assign(batch, &self.key)?;
            let columns = best.columns(batch)?;
            let mut winners = Vec::new();
            for (row, group) in groups.into_iter().enumerate() {
                match group {
                    Some(group) if best.takes(&columns, row, group) => winners.push((group, row)),
                    Some(_) => {}
                    None => done.rows_without_key += 1,
                }
            }
            held.keep(batch, &winners)
        })?;
        out.write(&[], &RecordBatch::new_empty(input.schema.clone()))?;
        for first in (0..index.len()).step_by(OUT_ROWS) {
            out.write(&[], &held.gather(first, (first + OUT_ROWS).min(index.len()))?)?;
        }
        out.end_partitions()?;
        done.keys = index.len() as u64;
        done.rows_written = done.keys;
        Ok(done)
    }
}
