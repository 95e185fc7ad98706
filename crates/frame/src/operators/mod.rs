//! Operators on whole files: which rows to keep, which row of a key to pick, how to sum a key up, what to put beside a row.
//!
//! Each reads its input once, batch by batch, and holds what its own page says: keys, groups, or the rows of the side that is looked up. Rows come
//! out in the order of the first input, groups in the order in which their keys are first met: the same input gives the same output.
//!
//! A NULL in a key matches nothing and makes no group: such a row is left out where keys select rows, and counted.

mod as_of;
mod book_lifetime;
mod by_date;
mod column;
mod derive;
mod group_by;
mod held;
mod keys;
mod order;
mod pick_row;
mod semi_join;
#[cfg(test)]
mod tests;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use rowmill_core::{Error, Result};
use serde::Serialize;

pub use as_of::AsOf;
pub use book_lifetime::BookLifetime;
pub use by_date::ByDate;
pub use derive::LocalDate;
pub use group_by::{Aggregate, Function, GroupBy};
pub use order::End;
pub use pick_row::PickRow;
pub use semi_join::SemiJoin;

use crate::Batches;

/// Rows per batch of what is made in memory.
const OUT_ROWS: usize = 8192;

/// Rows to work on, which can be read more than once.
pub struct Input<'a> {
    /// What to call it in an error: its file.
    pub name: &'a str,
    /// The columns of every batch.
    pub schema: SchemaRef,
    /// Starts reading from the first row.
    pub open: &'a dyn Fn() -> Result<Batches>,
}

impl Input<'_> {
    /// Reads all rows; what fails says which input it is.
    fn each(&self, mut work: impl FnMut(&RecordBatch) -> Result<()>) -> Result<()> {
        (self.open)().and_then(|mut batches| batches.try_for_each(|batch| work(&batch?))).map_err(|error| error.file(self.name))
    }
}

/// Where rows go.
pub trait Output {
    /// Takes rows, which may be none, for one file: the only one, or that of these partition values.
    ///
    /// # Errors
    /// What writing fails with.
    fn write(&mut self, partition: &[String], batch: &RecordBatch) -> Result<()>;

    /// No more rows come for the partitions so far.
    ///
    /// # Errors
    /// What writing fails with.
    fn end_partitions(&mut self) -> Result<()>;
}

/// Columns that an operator needs of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Whether every other column is carried along too.
    pub all: bool,
    /// Columns that are compared or calculated with: integers, unless it is said otherwise.
    pub numbers: Vec<String>,
    /// Columns whose values are taken as they are.
    pub others: Vec<String>,
}

/// What an operator has done.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    /// Rows of the first input.
    pub rows_read: u64,
    /// Rows of either input with a NULL in their key, which match nothing and belong to no group.
    pub rows_without_key: u64,
    /// Rows that came out.
    pub rows_written: u64,
    /// Different keys, where the operator holds keys.
    pub keys: u64,
    /// Keys that are in several partitions and follow the first; with partitions only.
    pub keys_in_several_partitions: u64,
    /// The date whose rows were kept, `YYYY-MM-DD`; by date only, and `None` where there is no row with a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// A library call that cannot fail on columns that were checked before.
fn fault(error: arrow_schema::ArrowError) -> Error {
    Error::bug(error.to_string())
}
