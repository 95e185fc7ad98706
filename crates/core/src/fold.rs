//! The one thing a pipeline really is.

use arrow_array::RecordBatch;
use serde_json::Value;

use crate::day::Day;
use crate::{Place, Result};

/// Partition of state that every other partition needs; it is absorbed before all others and never finished by itself.
pub const GLOBAL_PARTITION: u32 = 0;

/// A piece of a fold's state: plain columns, so that threads, spill files and other machines can carry it.
#[derive(Clone, Debug)]
pub struct StateBatch {
    /// Which of the fold's state tables this is; the fold alone knows the numbers.
    pub table: u8,
    /// Which partition it belongs to; partitions are finished one at a time, in ascending order.
    pub partition: u32,
    /// The columns.
    pub batch: RecordBatch,
}

/// Where a finished batch goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outlet {
    /// The output table of this index in [`crate::Pipeline::tables`]; the batch has its carried columns, in the table's order.
    Table(usize),
    /// A file of its own below the run's folder for files: a path with `/` between names. Its ending tells the format: `.parquet`,
    /// `.csv` or `.csv.gz`; the batch's columns are the file's.
    File(String),
}

/// Takes finished batches. The batches of one outlet come one after the other; tables come in ascending order.
pub type Emit<'a> = dyn FnMut(&Outlet, RecordBatch) -> Result<()> + 'a;

/// What a fold knows once it has seen all input.
#[derive(Clone, Debug, Default)]
pub struct Sealed {
    /// The first day that will have rows, where that is later than the window's: earlier days are to be left as they are.
    pub first_day: Option<Day>,
    /// What the pipeline has to say about this run beyond counts that every run has; null where there is nothing.
    pub details: Value,
}

/// Called by a fold when a phase of [`Fold::push`] is done, with the name of the phase: who measures takes the time since the call before.
/// Phases are few and last for a batch, never for a row.
pub type PhaseDone<'a> = dyn FnMut(&'static str) + 'a;

/// A value that a lenient rule let pass: counted, and shown as a sample.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Why it was refused, in one sentence.
    pub reason: String,
    /// Where the first one of its kind was.
    pub place: Place,
    /// How many rows it touched.
    pub rows: u64,
}

/// Folds batches of input rows into output tables.
///
/// The law: for any split of the rows into batches, any order of the batches, any assignment of them to folds, and any
/// sequence of [`Fold::take`] and [`Fold::absorb`] in between, the finished rows are the same multiset.
///
/// The life of a fold is: any number of `push`, `take` and `absorb`; then [`Fold::seal`] once; then, for each partition
/// in ascending order, any number of `absorb` for that partition followed by one `finish`. Several folds may share the partitions
/// out, as long as those of one family are finished by the same fold and every fold has absorbed the global state of all.
pub trait Fold: Send {
    /// Takes in one batch of the input with this index (the position in [`crate::Pipeline::inputs`]).
    ///
    /// The batch has exactly the input's columns, in their order and with their kinds; text columns are either
    /// `Dictionary(Int32, Utf8)` or `Utf8`. Errors carry the row inside the batch; the caller adds file and offset.
    fn push(&mut self, input: usize, batch: &RecordBatch, done: &mut PhaseDone<'_>) -> Result<()>;

    /// Bytes held now; an estimate that errs upwards, cheap enough to ask after every batch.
    fn resident_bytes(&self) -> usize;

    /// The partitions that have state here, without the global one, in ascending order.
    fn partitions(&self) -> Vec<u32>;

    /// The family of a partition: those of a family are finished by the same fold, because they need what it remembers of each other.
    /// Families are as ordered as their partitions.
    fn family(&self, partition: u32) -> u32;

    /// Gives away (and forgets) the state of one partition. Of the global partition it gives a copy and keeps it.
    fn take(&mut self, partition: u32) -> Result<Vec<StateBatch>>;

    /// Takes in state that a fold of the same plan gave away.
    fn absorb(&mut self, state: &StateBatch) -> Result<()>;

    /// Called once, when all input was pushed and all global state absorbed, before the first `finish`. Every fold answers the same.
    fn seal(&mut self) -> Result<Sealed>;

    /// Writes the rows of one partition and forgets its state.
    fn finish(&mut self, partition: u32, emit: &mut Emit<'_>) -> Result<()>;

    /// What lenient rules let pass so far, at most one entry per reason.
    fn rejected(&self) -> Vec<Rejected>;
}
