//! Totals and picks by key.

mod accumulator;
mod total;

use arrow_array::{ArrayRef, RecordBatch};
use rowmill_core::{Code, Error, Result};
use serde::Deserialize;

use super::column::{batch_of, projected};
use super::held::{Held, first_of_each};
use super::keys::Index;
use super::{Done, Input, Needs, OUT_ROWS, Output};
use accumulator::Accumulator;

/// One row for each key: the key columns, then the aggregates in the order in which they are asked for.
///
/// The keys come out in the order in which they are first met. A row with a NULL in its key belongs to no group. Without key columns all rows are
/// one group, and no rows are none.
///
/// Holds a key and its aggregates for each group, and for `first`, `last`, `min`, `max` and their like one value (up to two while reading).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupBy {
    /// Key columns.
    pub by: Vec<String>,
    /// What to say of each key.
    pub aggregates: Vec<Aggregate>,
    /// Order columns for `first`, `last`, `firstNonNull` and `lastNonNull`; the order of the input where there are none.
    #[serde(default)]
    pub order: Vec<String>,
}

/// A column of the output.
#[derive(Clone, Debug, Deserialize)]
pub struct Aggregate {
    /// Its name.
    pub name: String,
    /// What is in it.
    #[serde(flatten)]
    pub function: Function,
}

/// What to say of the rows of a key. NULLs are passed over unless it says otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "function", rename_all = "camelCase")]
pub enum Function {
    /// Rows, or values of a column that are not NULL.
    Count {
        /// The column; rows where absent.
        #[serde(default)]
        column: Option<String>,
    },
    /// Sum: of integers exact, and `DATA_NUMBER_OVERFLOW` where it does not fit 64 bits; of doubles a double. NULL without values.
    Sum {
        /// Integers or doubles.
        column: String,
    },
    /// Sum divided by count, as a double: of integers the exact sum. NULL without values.
    Mean {
        /// Integers or doubles.
        column: String,
    },
    /// Sum of price times quantity, divided by the sum of quantities, over rows that have both, as a double; of integers both sums are exact.
    /// NULL where the quantities add up to 0.
    Vwap {
        /// Integers or doubles.
        price: String,
        /// Integers or doubles.
        quantity: String,
    },
    /// Smallest value, of the column's own type. NULL without values.
    Min {
        /// Integers, doubles, dates or timestamps.
        column: String,
    },
    /// Largest value.
    Max {
        /// Integers, doubles, dates or timestamps.
        column: String,
    },
    /// Seconds from the smallest to the largest of nanoseconds, as a double. NULL without values.
    Duration {
        /// Nanoseconds, or timestamps.
        column: String,
    },
    /// Value of the first row, NULL where that row has none.
    First {
        /// Any column.
        column: String,
    },
    /// Value of the last row, NULL where that row has none.
    Last {
        /// Any column.
        column: String,
    },
    /// The first value that is not NULL, whatever row it is in: not the first row, as soon as there is a NULL in it.
    FirstNonNull {
        /// Any column.
        column: String,
    },
    /// The last value that is not NULL.
    LastNonNull {
        /// Any column.
        column: String,
    },
}

impl Function {
    /// The columns it calculates or compares with, and those that it takes as they are.
    fn columns(&self) -> (Vec<&String>, Vec<&String>) {
        match self {
            Self::Count { column } => (Vec::new(), column.iter().collect()),
            Self::Sum { column } | Self::Mean { column } | Self::Min { column } | Self::Max { column } | Self::Duration { column } => {
                (vec![column], Vec::new())
            }
            Self::Vwap { price, quantity } => (vec![price, quantity], Vec::new()),
            Self::First { column } | Self::Last { column } | Self::FirstNonNull { column } | Self::LastNonNull { column } => {
                (Vec::new(), vec![column])
            }
        }
    }
}

impl GroupBy {
    /// What the input must have.
    pub fn needs(&self) -> Needs {
        let mut numbers: Vec<String> = self.by.iter().chain(&self.order).cloned().collect();
        let mut others = Vec::new();
        for aggregate in &self.aggregates {
            let (calculated, taken) = aggregate.function.columns();
            numbers.extend(calculated.into_iter().cloned());
            others.extend(taken.into_iter().cloned());
        }
        Needs { all: false, numbers, others }
    }

    /// # Errors
    /// `PLAN_INVALID` where two columns would have one name; `INPUT_COLUMN_MISSING`, `INPUT_COLUMN_TYPE`, `DATA_NUMBER_OVERFLOW`, and what
    /// reading and writing fail with.
    pub fn run(&self, input: &Input<'_>, out: &mut dyn Output) -> Result<Done> {
        self.check_names()?;
        let none = RecordBatch::new_empty(input.schema.clone());
        let at_input = |error: Error| error.file(input.name);
        let mut held = Held::new(&projected(&none, &self.by).map_err(at_input)?.schema())?;
        let accumulator = |aggregate: &Aggregate| Accumulator::of(&aggregate.function, &self.order, &none);
        let mut accumulators = self.aggregates.iter().map(accumulator).collect::<Result<Vec<_>>>().map_err(at_input)?;
        let (mut index, mut done) = (Index::default(), Done::default());
        input.each(|batch| {
            let known = index.len();
            let groups = index.assign(batch, &self.by)?;
            done.rows_read += batch.num_rows() as u64;
            done.rows_without_key += groups.iter().filter(|group| group.is_none()).count() as u64;
            let new = groups.iter().enumerate().filter_map(|(row, group)| group.filter(|group| *group as usize >= known).map(|group| (group, row)));
            held.keep(&projected(batch, &self.by)?, &first_of_each(new))?;
            accumulators.iter_mut().try_for_each(|accumulator| accumulator.add(batch, &groups, index.len()))
        })?;
        out.write(&[], &self.rows(&held, &accumulators, 0, 0)?)?;
        for first in (0..index.len()).step_by(OUT_ROWS) {
            out.write(&[], &self.rows(&held, &accumulators, first, (first + OUT_ROWS).min(index.len()))?)?;
        }
        out.end_partitions()?;
        done.keys = index.len() as u64;
        done.rows_written = done.keys;
        Ok(done)
    }

    fn rows(&self, held: &Held, accumulators: &[Accumulator], first: usize, last: usize) -> Result<RecordBatch> {
        let keys = held.gather(first, last)?;
        let mut columns: Vec<(String, ArrayRef)> = self.by.iter().cloned().zip(keys.columns().iter().cloned()).collect();
        for (aggregate, accumulator) in self.aggregates.iter().zip(accumulators) {
            let values = accumulator.values(first, last).map_err(|error| error.column(&aggregate.name))?;
            columns.push((aggregate.name.clone(), values));
        }
        batch_of(columns)
    }

    fn check_names(&self) -> Result<()> {
        let names: Vec<&String> = self.by.iter().chain(self.aggregates.iter().map(|aggregate| &aggregate.name)).collect();
        match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
            _ if names.is_empty() => Err(Error::new(Code::PlanInvalid, "there is nothing to say of the rows").help("Name a key, or an aggregate")),
            None => Ok(()),
            Some((_, name)) => {
                Err(Error::new(Code::PlanInvalid, "two columns of the output have one name").column(*name).help("Choose another name"))
            }
        }
    }
}
