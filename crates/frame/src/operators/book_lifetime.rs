//! From when to when an order was in the book.

use std::sync::Arc;

use arrow_array::{Array, Int64Array, RecordBatch};
use rowmill_core::Result;
use serde::Deserialize;

use super::column::{batch_of, integers, projected};
use super::held::{Held, first_of_each};
use super::keys::Index;
use super::{Done, Input, Needs, OUT_ROWS, Output};

/// For each key, the time of its first event, and that of the last event by which it left.
///
/// A key that never left is there until the last event of its partition. Partition and key come out in the order in which they are first met,
/// with `first_execution_time` and `last_execution_time`; a key in two partitions is two rows. A row without key, partition or time is left
/// out and counted.
///
/// Holds the keys, and three numbers for each.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookLifetime {
    /// Key columns, without those of the partition.
    pub key: Vec<String>,
    /// Columns that keys of one book on one day have in common; none where all rows are one partition.
    #[serde(default)]
    pub partition: Vec<String>,
    /// Time of an event: whole numbers, such as nanoseconds, or timestamps.
    pub time: String,
    /// The column that says why an event happened.
    pub reason: String,
    /// Reasons by which a key leaves.
    pub exits: Vec<i64>,
    /// Reasons by which it leaves if nothing is left of it.
    #[serde(default)]
    pub exits_when_nothing_left: Vec<i64>,
    /// The column that says how much is left; NULL is not nothing.
    pub leaves: String,
}

#[derive(Default)]
struct Lives {
    lives: Vec<Life>,
    /// The last time in each partition.
    ends: Vec<i64>,
}

#[derive(Clone, Copy)]
struct Life {
    partition: u32,
    first: i64,
    exit: Option<i64>,
}

impl BookLifetime {
    /// What the input must have.
    pub fn needs(&self) -> Needs {
        let numbers = self.key.iter().chain(&self.partition).chain([&self.time, &self.reason, &self.leaves]).cloned().collect();
        Needs { all: false, numbers, others: Vec::new() }
    }

    /// # Errors
    /// `INPUT_COLUMN_MISSING`, `INPUT_COLUMN_TYPE`, and what reading and writing fail with.
    pub fn run(&self, input: &Input<'_>, out: &mut dyn Output) -> Result<Done> {
        let names: Vec<String> = self.partition.iter().chain(&self.key).cloned().collect();
        let keys = projected(&RecordBatch::new_empty(input.schema.clone()), &names).map_err(|error| error.file(input.name))?.schema();
        let (mut done, mut lives, mut held) = (Done::default(), Lives::default(), Held::new(&keys)?);
        let (mut index, mut partitions) = (Index::default(), Index::default());
        input.each(|batch| {
            let (known, times) = (index.len(), integers(batch, &self.time)?);
            let timed = batch_with_time(batch, &times)?;
            done.rows_read += batch.num_rows() as u64;
            done.rows_without_key += (batch.num_rows() - timed.num_rows()) as u64;
            let groups = index.assign(&timed, &names)?;
            let within = partitions.assign(&timed, &self.partition)?;
            done.rows_without_key += groups.iter().filter(|group| group.is_none()).count() as u64;
            self.live(&timed, &groups, &within, &mut lives)?;
            let new = groups.iter().enumerate().filter_map(|(row, group)| group.filter(|group| *group as usize >= known).map(|group| (group, row)));
            held.keep(&projected(&timed, &names)?, &first_of_each(new))
        })?;
        out.write(&[], &lives.rows(&held, 0, 0)?)?;
        for first in (0..index.len()).step_by(OUT_ROWS) {
            out.write(&[], &lives.rows(&held, first, (first + OUT_ROWS).min(index.len()))?)?;
        }
        out.end_partitions()?;
        done.keys = index.len() as u64;
        done.rows_written = done.keys;
        Ok(done)
    }

    fn live(&self, batch: &RecordBatch, groups: &[Option<u32>], partitions: &[Option<u32>], lives: &mut Lives) -> Result<()> {
        let times = integers(batch, &self.time)?;
        let (reasons, leaves) = (integers(batch, &self.reason)?, integers(batch, &self.leaves)?);
        let leaves_book = |row: usize| {
            let nothing_left = leaves.is_valid(row) && leaves.value(row) == 0;
            let is_in = |list: &[i64]| reasons.is_valid(row) && list.contains(&reasons.value(row));
            is_in(&self.exits) || nothing_left && is_in(&self.exits_when_nothing_left)
        };
        for row in 0..batch.num_rows() {
            let (Some(group), Some(partition)) = (groups[row], partitions[row]) else { continue };
            lives.add(group, partition, times.value(row), leaves_book(row));
        }
        Ok(())
    }
}

impl Lives {
    fn add(&mut self, group: u32, partition: u32, time: i64, is_exit: bool) {
        if partition as usize >= self.ends.len() {
            self.ends.resize(partition as usize + 1, i64::MIN);
        }
        let end = &mut self.ends[partition as usize];
        *end = time.max(*end);
        if group as usize >= self.lives.len() {
            self.lives.resize(group as usize + 1, Life { partition, first: i64::MAX, exit: None });
        }
        let life = &mut self.lives[group as usize];
        life.first = time.min(life.first);
        if is_exit {
            life.exit = life.exit.max(Some(time));
        }
    }

    fn rows(&self, held: &Held, first: usize, last: usize) -> Result<RecordBatch> {
        let keys = held.gather(first, last)?;
        let lives = &self.lives[first..last];
        let begins: Int64Array = lives.iter().map(|life| Some(life.first)).collect();
        let ends: Int64Array = lives.iter().map(|life| life.exit.or(Some(self.ends[life.partition as usize]))).collect();
        let schema = keys.schema();
        let columns = schema.fields().iter().zip(keys.columns()).map(|(field, array)| (field.name().clone(), array.clone()));
        batch_of(
            columns
                .chain([("first_execution_time".to_owned(), Arc::new(begins) as _), ("last_execution_time".to_owned(), Arc::new(ends) as _)])
                .collect(),
        )
    }
}

/// The rows that have a time.
fn batch_with_time(batch: &RecordBatch, times: &Int64Array) -> Result<RecordBatch> {
    if times.null_count() == 0 {
        return Ok(batch.clone());
    }
    let mask = (0..times.len()).map(|row| Some(times.is_valid(row))).collect();
    arrow_select::filter::filter_record_batch(batch, &mask).map_err(super::fault)
}
