//! Beside each row, what another input said last.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, new_null_array};
use arrow_schema::{Field, Schema, SchemaRef};
use rowmill_core::{Code, Error, Result};
use serde::Deserialize;

use super::column::{integers, projected};
use super::held::gathered;
use super::keys::Index;
use super::{Done, Input, Needs, Output, fault};

/// Puts columns of the second input beside each row of the first: those of the last row there with the same key and a time not after the row's.
///
/// Every row of the first input comes out once, in its order. Where the second has no such row, or a key or a time is NULL, the columns are
/// NULL. Of rows at the same time the last by the order columns counts, then the last that was read.
///
/// Holds the second input: the columns that are taken, and 40 bytes or so for each row.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AsOf {
    /// Key columns of the first input.
    pub key: Vec<String>,
    /// Key columns of the second, as many.
    pub with_key: Vec<String>,
    /// Time of the first input: whole numbers, such as nanoseconds, or timestamps.
    pub time: String,
    /// Time of the second.
    pub with_time: String,
    /// Columns of the second input that decide between rows of the same time.
    #[serde(default)]
    pub with_order: Vec<String>,
    /// Columns of the second input to take.
    pub take: Vec<String>,
    /// What their names begin with in the output.
    #[serde(default)]
    pub prefix: String,
}

/// The rows of the second input, by key and time.
struct Quotes {
    index: Index,
    /// The first is a row of NULLs.
    batches: Vec<RecordBatch>,
    by_key: Vec<Vec<Quote>>,
}

struct Quote {
    time: i64,
    order: Box<[Option<i64>]>,
    place: (usize, usize),
}

impl AsOf {
    /// What the two inputs must have.
    pub fn needs(&self) -> [Needs; 2] {
        let numbers = self.key.iter().chain([&self.time]).cloned().collect();
        let with_numbers = self.with_key.iter().chain([&self.with_time]).chain(&self.with_order).cloned().collect();
        [Needs { all: true, numbers, others: Vec::new() }, Needs { all: false, numbers: with_numbers, others: self.take.clone() }]
    }

    /// # Errors
    /// `PLAN_INVALID` where two columns would have one name; `INPUT_COLUMN_MISSING`, `INPUT_COLUMN_TYPE`, and what reading and writing fail with.
    pub fn run(&self, input: &Input<'_>, with: &Input<'_>, out: &mut dyn Output) -> Result<Done> {
        let taken = projected(&RecordBatch::new_empty(with.schema.clone()), &self.take).map_err(|error| error.file(with.name))?.schema();
        let schema = self.schema(&input.schema, &taken)?;
        let mut done = Done::default();
        let mut quotes = self.quotes(with, &taken, &mut done)?;
        done.keys = quotes.index.len() as u64;
        out.write(&[], &RecordBatch::new_empty(schema.clone()))?;
        input.each(|batch| {
            let times = integers(batch, &self.time)?;
            let (keys, without) = quotes.index.find(batch, &self.key)?;
            done.rows_without_key += without;
            done.rows_read += batch.num_rows() as u64;
            let places: Vec<(usize, usize)> = keys.iter().enumerate().map(|(row, key)| quotes.last(*key, &times, row)).collect();
            let beside = gathered(&quotes.batches, &places)?;
            let columns = batch.columns().iter().chain(beside.columns()).cloned().collect();
            out.write(&[], &RecordBatch::try_new(schema.clone(), columns).map_err(fault)?)
        })?;
        out.end_partitions()?;
        done.rows_written = done.rows_read;
        Ok(done)
    }

    fn schema(&self, left: &SchemaRef, taken: &SchemaRef) -> Result<SchemaRef> {
        let mut fields: Vec<Arc<Field>> = left.fields().iter().cloned().collect();
        for field in taken.fields() {
            let name = format!("{}{}", self.prefix, field.name());
            if fields.iter().any(|known| *known.name() == name) {
                let message = "a column that is to be taken has the name of one that is there";
                return Err(Error::new(Code::PlanInvalid, message).column(name).help("Give the taken columns a prefix"));
            }
            fields.push(Arc::new(Field::new(name, field.data_type().clone(), true)));
        }
        Ok(Arc::new(Schema::new(fields)))
    }

    fn quotes(&self, with: &Input<'_>, taken: &SchemaRef, done: &mut Done) -> Result<Quotes> {
        let nulls: Vec<ArrayRef> = taken.fields().iter().map(|field| new_null_array(field.data_type(), 1)).collect();
        let empty = RecordBatch::try_new(taken.clone(), nulls).map_err(fault)?;
        let mut quotes = Quotes { index: Index::default(), batches: vec![empty], by_key: Vec::new() };
        with.each(|batch| self.collect(batch, &mut quotes, done))?;
        for quotes in &mut quotes.by_key {
            // A missing value sorts before every other, so that it loses.
            quotes.sort_unstable_by(|left, right| (left.time, &left.order, left.place).cmp(&(right.time, &right.order, right.place)));
            quotes.iter_mut().for_each(|quote| quote.order = Box::default());
        }
        Ok(quotes)
    }

    fn collect(&self, batch: &RecordBatch, quotes: &mut Quotes, done: &mut Done) -> Result<()> {
        let keys = quotes.index.assign(batch, &self.with_key)?;
        let times = integers(batch, &self.with_time)?;
        let order = self.with_order.iter().map(|name| integers(batch, name)).collect::<Result<Vec<_>>>()?;
        quotes.by_key.resize_with(quotes.index.len(), Vec::new);
        let number = quotes.batches.len();
        for (row, key) in keys.into_iter().enumerate() {
            match key {
                Some(key) if times.is_valid(row) => {
                    let order = order.iter().map(|column| column.is_valid(row).then(|| column.value(row))).collect();
                    quotes.by_key[key as usize].push(Quote { time: times.value(row), order, place: (number, row) });
                }
                Some(_) => {}
                None => done.rows_without_key += 1,
            }
        }
        quotes.batches.push(projected(batch, &self.take)?);
        Ok(())
    }
}

impl Quotes {
    /// Where the last quote is; the row of NULLs where there is none.
    fn last(&self, key: Option<u32>, times: &Int64Array, row: usize) -> (usize, usize) {
        let Some(key) = key.filter(|_| times.is_valid(row)) else { return (0, 0) };
        let quotes = &self.by_key[key as usize];
        let until = quotes.partition_point(|quote| quote.time <= times.value(row));
        until.checked_sub(1).map_or((0, 0), |at| quotes[at].place)
    }
}
