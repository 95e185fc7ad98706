//! The rows of one input whose key is in another.

use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, RecordBatch, UInt32Array};
use arrow_schema::DataType;
use arrow_select::take::take_record_batch;
use rowmill_core::Result;
use rowmill_core::day::Day;
use serde::Deserialize;

use super::column::{integers, named};
use super::keys::Index;
use super::{Done, Input, Needs, Output, fault};
use crate::columns::Texts;

/// Files that are written side by side; where there are more partitions, the first input is read again for the next ones.
const OPEN_PARTITIONS: usize = 128;

/// Keeps the rows of the first input whose key is among the keys of the second; each once, in their order, with their columns.
///
/// With partitions, a row goes where its key is in the second input, whatever the row itself says: to the partition of the first row there that has
/// the key. A partition that no row goes to gets no file. NULL is no key: it matches nothing, not even another NULL. A NULL among
/// partition values reads as `null`.
///
/// Holds the different keys of the second input (16 bytes or so for an integer, and 4 with partitions), and a batch.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SemiJoin {
    /// Key columns of the first input.
    pub key: Vec<String>,
    /// Key columns of the second, as many.
    pub with_key: Vec<String>,
    /// Columns of the second input whose values name the partition; none for one file.
    #[serde(default)]
    pub partition: Vec<String>,
}

/// Keys with the partitions they are in.
#[derive(Default)]
struct Wanted {
    keys: Index,
    /// By key.
    partitions: Vec<u32>,
    names: Index,
    /// By partition.
    values: Vec<Vec<String>>,
    several: Vec<bool>,
}

impl SemiJoin {
    /// What the two inputs must have.
    pub fn needs(&self) -> [Needs; 2] {
        let of = |all: bool, numbers: &[String], others: &[String]| Needs { all, numbers: numbers.to_vec(), others: others.to_vec() };
        [of(true, &self.key, &[]), of(false, &self.with_key, &self.partition)]
    }

    /// Reads the second input, then the first: once for every 128 partitions.
    ///
    /// # Errors
    /// `INPUT_COLUMN_MISSING`, `INPUT_COLUMN_TYPE`, and what reading and writing fail with.
    pub fn run(&self, input: &Input<'_>, with: &Input<'_>, out: &mut dyn Output) -> Result<Done> {
        let mut done = Done::default();
        let mut wanted = Wanted::default();
        with.each(|batch| self.collect(batch, &mut wanted, &mut done))?;
        done.keys = wanted.keys.len() as u64;
        done.keys_in_several_partitions = wanted.several.iter().filter(|several| **several).count() as u64;
        if self.partition.is_empty() {
            out.write(&[], &RecordBatch::new_empty(input.schema.clone()))?;
            wanted.values = vec![Vec::new()];
        }
        for first in (0..wanted.values.len().max(1)).step_by(OPEN_PARTITIONS) {
            let mut pass = Done::default();
            input.each(|batch| self.select(batch, first, &mut wanted, &mut pass, out))?;
            out.end_partitions()?;
            done.rows_written += pass.rows_written;
            done.rows_read = pass.rows_read;
            if first == 0 {
                done.rows_without_key += pass.rows_without_key;
            }
        }
        Ok(done)
    }

    fn collect(&self, batch: &RecordBatch, wanted: &mut Wanted, done: &mut Done) -> Result<()> {
        let keys = wanted.keys.assign(batch, &self.with_key)?;
        done.rows_without_key += keys.iter().filter(|key| key.is_none()).count() as u64;
        if self.partition.is_empty() {
            return Ok(());
        }
        let values = self.partition.iter().map(|name| texts(batch, name)).collect::<Result<Vec<_>>>()?;
        wanted.partitions.resize(wanted.keys.len(), u32::MAX);
        wanted.several.resize(wanted.keys.len(), false);
        let named = self.partitions(&values, wanted)?;
        for (key, partition) in keys.iter().zip(named).filter_map(|(key, partition)| Some(((*key)? as usize, partition))) {
            if wanted.partitions[key] == u32::MAX {
                wanted.partitions[key] = partition;
            } else if wanted.partitions[key] != partition {
                wanted.several[key] = true;
            }
        }
        Ok(())
    }

    /// The number of each row's partition.
    fn partitions(&self, values: &[Vec<String>], wanted: &mut Wanted) -> Result<Vec<u32>> {
        let column = |texts: &Vec<String>| std::sync::Arc::new(arrow_array::StringArray::from_iter_values(texts)) as arrow_array::ArrayRef;
        let named = super::column::batch_of(self.partition.iter().cloned().zip(values.iter().map(column)).collect())?;
        let numbers: Vec<u32> = wanted.names.assign(&named, &self.partition)?.into_iter().flatten().collect();
        for (row, number) in numbers.iter().enumerate() {
            if *number as usize == wanted.values.len() {
                wanted.values.push(values.iter().map(|texts| texts[row].clone()).collect());
            }
        }
        Ok(numbers)
    }

    /// Writes the rows of the partitions from `first` on, as many as may be open.
    fn select(&self, batch: &RecordBatch, first: usize, wanted: &mut Wanted, done: &mut Done, out: &mut dyn Output) -> Result<()> {
        let (keys, without) = wanted.keys.find(batch, &self.key)?;
        done.rows_read += batch.num_rows() as u64;
        done.rows_without_key += without;
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); OPEN_PARTITIONS.min(wanted.values.len() - first.min(wanted.values.len()))];
        for (row, key) in keys.iter().enumerate() {
            let Some(key) = key else { continue };
            let partition = if self.partition.is_empty() { 0 } else { wanted.partitions[*key as usize] as usize };
            if let Some(rows) = partition.checked_sub(first).and_then(|at| rows.get_mut(at)) {
                rows.push(row as u32);
            }
        }
        for (at, rows) in rows.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            done.rows_written += rows.len() as u64;
            let kept = take_record_batch(batch, &UInt32Array::from(rows)).map_err(fault)?;
            out.write(&wanted.values[first + at], &kept)?;
        }
        Ok(())
    }
}

/// Values as they stand in the name of a file.
fn texts(batch: &RecordBatch, name: &str) -> Result<Vec<String>> {
    let array = named(batch, name)?;
    let null = || "null".to_owned();
    Ok(match array.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => {
            let texts = Texts::of(name, array)?;
            (0..array.len()).map(|row| texts.get(row).map_or_else(null, str::to_owned)).collect()
        }
        DataType::Date32 => array.as_primitive::<Date32Type>().iter().map(|day| day.map_or_else(null, |day| Day(day).to_string())).collect(),
        _ => integers(batch, name)?.iter().map(|value| value.map_or_else(null, |value| value.to_string())).collect(),
    })
}
