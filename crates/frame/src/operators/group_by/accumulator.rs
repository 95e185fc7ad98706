//! What is known of every group while rows go by.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch};
use rowmill_core::Result;

use super::super::column::{Numbers, integers, named, projected};
use super::super::held::Held;
use super::super::order::{Best, End};
use super::Function;
use super::total::Total;

/// One aggregate of all groups.
pub(super) enum Accumulator {
    Count { column: Option<String>, counts: Vec<i64> },
    Total { column: String, gives: Gives, totals: Vec<Total> },
    Vwap { price: String, quantity: String, sums: Vec<Weighted> },
    Duration { column: String, spans: Vec<Option<(i64, i64)>> },
    Pick(Box<Pick>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    WholeSum,
    FloatSum,
    Mean,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Weighted {
    worth: Total,
    weight: Total,
}

/// A value of each group, chosen by an order.
pub(super) struct Pick {
    column: String,
    best: Best,
    held: Held,
    /// Whether a NULL can be chosen.
    takes_null: bool,
}

impl Accumulator {
    /// `none` is a batch without rows, which shows the columns.
    pub fn of(function: &Function, order: &[String], none: &RecordBatch) -> Result<Self> {
        let own = |column: &String| vec![column.clone()];
        Ok(match function {
            Function::Count { column } => Self::Count { column: column.clone(), counts: Vec::new() },
            Function::Sum { column } => {
                let gives = if matches!(Numbers::of(none, column)?, Numbers::Integers(_)) { Gives::WholeSum } else { Gives::FloatSum };
                Self::Total { column: column.clone(), gives, totals: Vec::new() }
            }
            Function::Mean { column } => Self::Total { column: column.clone(), gives: Gives::Mean, totals: Vec::new() },
            Function::Vwap { price, quantity } => Self::Vwap { price: price.clone(), quantity: quantity.clone(), sums: Vec::new() },
            Function::Duration { column } => Self::Duration { column: column.clone(), spans: Vec::new() },
            Function::Min { column } => Self::pick(column, End::First, &own(column), false, none)?,
            Function::Max { column } => Self::pick(column, End::Last, &own(column), false, none)?,
            Function::First { column } => Self::pick(column, End::First, order, true, none)?,
            Function::Last { column } => Self::pick(column, End::Last, order, true, none)?,
            Function::FirstNonNull { column } => Self::pick(column, End::First, order, false, none)?,
            Function::LastNonNull { column } => Self::pick(column, End::Last, order, false, none)?,
        })
    }

    fn pick(column: &str, end: End, order: &[String], takes_null: bool, none: &RecordBatch) -> Result<Self> {
        let held = Held::new(&projected(none, &[column.to_owned()])?.schema())?;
        Ok(Self::Pick(Box::new(Pick { column: column.to_owned(), best: Best::new(end, order), held, takes_null })))
    }

    /// Takes the rows of a batch, given the group of each and how many groups there are now.
    pub fn add(&mut self, batch: &RecordBatch, groups: &[Option<u32>], many: usize) -> Result<()> {
        match self {
            Self::Count { column, counts } => {
                counts.resize(many, 0);
                let array = column.as_ref().map(|column| named(batch, column)).transpose()?;
                each(groups, |row, group| counts[group] += i64::from(array.is_none_or(|array| array.is_valid(row))));
                Ok(())
            }
            Self::Total { column, totals, .. } => {
                totals.resize(many, Total::default());
                let numbers = Numbers::of(batch, column)?;
                try_each(groups, |row, group| add_number(&numbers, row, &mut totals[group])).map_err(|error| error.column(column.as_str()))
            }
            Self::Vwap { price, quantity, sums } => {
                sums.resize(many, Weighted::default());
                let (prices, quantities) = (Numbers::of(batch, price)?, Numbers::of(batch, quantity)?);
                try_each(groups, |row, group| sums[group].add(&prices, &quantities, row)).map_err(|error| error.column(price.as_str()))
            }
            Self::Duration { column, spans } => {
                spans.resize(many, None);
                let times = integers(batch, column)?;
                each(groups, |row, group| {
                    if times.is_valid(row) {
                        let time = times.value(row);
                        let (first, last) = spans[group].unwrap_or((time, time));
                        spans[group] = Some((first.min(time), last.max(time)));
                    }
                });
                Ok(())
            }
            Self::Pick(pick) => pick.add(batch, groups),
        }
    }

    /// The values of the groups `first..last`.
    pub fn values(&self, first: usize, last: usize) -> Result<ArrayRef> {
        Ok(match self {
            Self::Count { counts, .. } => Arc::new(Int64Array::from_iter_values(counts[first..last].iter().copied())),
            Self::Total { gives: Gives::WholeSum, totals, .. } => {
                Arc::new(totals[first..last].iter().map(|total| total.whole()).collect::<Result<Int64Array>>()?)
            }
            Self::Total { gives, totals, .. } => {
                let divisor = |total: &Total| if *gives == Gives::Mean { total.count as f64 } else { 1.0 };
                doubles(totals[first..last].iter().map(|total| total.float().map(|sum| sum / divisor(total))))
            }
            Self::Vwap { sums, .. } => doubles(sums[first..last].iter().map(Weighted::value)),
            Self::Duration { spans, .. } => {
                let seconds = |(first, last): (i64, i64)| (i128::from(last) - i128::from(first)) as f64 / 1e9;
                doubles(spans[first..last].iter().map(|span| span.map(seconds)))
            }
            Self::Pick(pick) => pick.held.gather(first, last)?.column(0).clone(),
        })
    }
}

impl Weighted {
    /// A row counts where it has both.
    fn add(&mut self, prices: &Numbers, quantities: &Numbers, row: usize) -> Result<()> {
        if let (Numbers::Integers(prices), Numbers::Integers(quantities)) = (prices, quantities) {
            if prices.is_valid(row) && quantities.is_valid(row) {
                let quantity = i128::from(quantities.value(row));
                self.worth.add_whole(i128::from(prices.value(row)) * quantity)?;
                self.weight.add_whole(quantity)?;
            }
        } else if let (Some(price), Some(quantity)) = (float(prices, row), float(quantities, row)) {
            self.worth.add_float(price * quantity);
            self.weight.add_float(quantity);
        }
        Ok(())
    }

    fn value(&self) -> Option<f64> {
        let weight = self.weight.float().filter(|weight| *weight != 0.0)?;
        self.worth.float().map(|worth| worth / weight)
    }
}

impl Pick {
    fn add(&mut self, batch: &RecordBatch, groups: &[Option<u32>]) -> Result<()> {
        let columns = self.best.columns(batch)?;
        let values = projected(batch, std::slice::from_ref(&self.column))?;
        let mut winners = Vec::new();
        each(groups, |row, group| {
            let group = group as u32;
            if (self.takes_null || values.column(0).is_valid(row)) && self.best.takes(&columns, row, group) {
                winners.push((group, row));
            }
        });
        self.held.keep(&values, &winners)
    }
}

fn add_number(numbers: &Numbers, row: usize, total: &mut Total) -> Result<()> {
    match numbers {
        Numbers::Integers(array) if array.is_valid(row) => total.add_whole(array.value(row).into())?,
        Numbers::Doubles(array) if array.is_valid(row) => total.add_float(array.value(row)),
        _ => {}
    }
    Ok(())
}

fn float(numbers: &Numbers, row: usize) -> Option<f64> {
    match numbers {
        Numbers::Integers(array) => array.is_valid(row).then(|| array.value(row) as f64),
        Numbers::Doubles(array) => array.is_valid(row).then(|| array.value(row)),
    }
}

fn doubles(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.collect::<Float64Array>())
}

/// Rows that belong to a group.
fn each(groups: &[Option<u32>], mut work: impl FnMut(usize, usize)) {
    groups.iter().enumerate().for_each(|(row, group)| group.iter().for_each(|group| work(row, *group as usize)));
}

fn try_each(groups: &[Option<u32>], mut work: impl FnMut(usize, usize) -> Result<()>) -> Result<()> {
    groups.iter().enumerate().try_for_each(|(row, group)| group.map_or(Ok(()), |group| work(row, group as usize)))
}
