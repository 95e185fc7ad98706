//! Groups to batches of their tables.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray, TimestampNanosecondArray};
use arrow_schema::DataType;
use rowmill_core::{Code, Column, Error, Result};

use super::groups::Group;
use crate::fold::aggregates::SIZES;
use crate::fold::totals::unordered;
use crate::tables::TABLES;

/// The largest number with 38 digits.
const LARGEST: i128 = 10_i128.pow(38) - 1;

/// What the rows of all tables share.
pub struct Writer<'a> {
    pub dataset: &'a str,
    /// Whether prices are doubles.
    pub double: bool,
}

impl Writer<'_> {
    /// The rows of a table as its batch.
    ///
    /// # Errors
    /// `DATA_NUMBER_OVERFLOW` where a sum of quantities, or a price, does not fit its column.
    pub fn batch(&self, table: usize, groups: &[Group]) -> Result<RecordBatch> {
        let spec = &TABLES[table];
        let columns = spec.carried().map(|column| self.column(column, groups)).collect::<Result<Vec<_>>>()?;
        RecordBatch::try_new(Arc::new(spec.schema()), columns).map_err(|error| Error::bug(format!("rows of {} do not fit: {error}", spec.name)))
    }

    fn column(&self, column: &Column, groups: &[Group]) -> Result<ArrayRef> {
        let double = self.double;
        Ok(match column.name {
            "dataset" => Arc::new(groups.iter().map(|_| Some(self.dataset)).collect::<StringArray>()),
            "security_code" | "participantid" => integers(groups, |group| Some(group.key)),
            "date" => Arc::new(groups.iter().map(|group| Some(group.key as i32)).collect::<Date32Array>()),
            "hour" => Arc::new(groups.iter().map(|group| Some(group.key as i32)).collect::<Int32Array>()),
            "size_bucket" => Arc::new(groups.iter().map(|group| SIZES.get(group.key as usize)).collect::<StringArray>()),
            "timestamp" => instants(groups, |group| Some(group.key)),
            "total_orders" | "order_count" => integers(groups, |group| Some(group.totals.orders as i64)),
            "quantity_sum" => quantity_sums(groups)?,
            "quantity_mean" | "quantity_avg" => doubles(groups, |group| group.totals.quantity_mean()),
            "quantity_std" => doubles(groups, |group| group.spread.squares.deviation(group.totals.quantities, group.totals.quantity_sum)),
            "price_mean" | "price_avg" => doubles(groups, |group| group.totals.price_mean(double)),
            "price_min" => self.prices(groups, column.name, |group| group.totals.price_min)?,
            "price_max" => self.prices(groups, column.name, |group| group.totals.price_max)?,
            "participantid_nunique" | "participant_count" => integers(groups, |group| Some(group.participants)),
            "security_code_nunique" | "security_count" => integers(groups, |group| Some(group.securities)),
            "timestamp_min" => integers(groups, first),
            "timestamp_max" => integers(groups, last),
            "timestamp_min_at" => instants(groups, first),
            "timestamp_max_at" => instants(groups, last),
            "quantity_count" => integers(groups, |group| Some(group.totals.quantities as i64)),
            "price_count" => integers(groups, |group| Some(group.totals.prices as i64)),
            "quantity_sum_squares" => amounts(groups, 0, |group| group.spread.squares.total()),
            "price_sum" => amounts(groups, 9, |group| group.totals.price_sum_nanos(double)),
            other => return Err(Error::bug(format!("nothing writes the column {other}"))),
        })
    }

    /// Whole prices are written as doubles, because a price may be declared one: those that a double cannot hold are refused.
    fn prices(&self, groups: &[Group], name: &str, of: impl Fn(&Group) -> i64) -> Result<ArrayRef> {
        let price = |group: &Group| {
            let price = of(group);
            if group.totals.prices == 0 {
                return Ok(None);
            }
            if self.double {
                return Ok(Some(unordered(price)));
            }
            let written = price as f64;
            let is_exact = written as i128 == i128::from(price);
            if is_exact { Ok(Some(written)) } else { Err(overflow("a price does not fit a double", name, &price.to_string())) }
        };
        Ok(Arc::new(groups.iter().map(price).collect::<Result<Float64Array>>()?))
    }
}

fn first(group: &Group) -> Option<i64> {
    (group.spread.first <= group.spread.last).then_some(group.spread.first)
}

fn last(group: &Group) -> Option<i64> {
    (group.spread.first <= group.spread.last).then_some(group.spread.last)
}

fn integers(groups: &[Group], of: impl Fn(&Group) -> Option<i64>) -> ArrayRef {
    Arc::new(groups.iter().map(of).collect::<Int64Array>())
}

fn doubles(groups: &[Group], of: impl Fn(&Group) -> Option<f64>) -> ArrayRef {
    Arc::new(groups.iter().map(of).collect::<Float64Array>())
}

fn instants(groups: &[Group], of: impl Fn(&Group) -> Option<i64>) -> ArrayRef {
    Arc::new(groups.iter().map(of).collect::<TimestampNanosecondArray>().with_timezone("+00:00"))
}

/// Parts of statistics; one that does not fit is NULL, for the statistic itself is right without it.
fn amounts(groups: &[Group], scale: i8, of: impl Fn(&Group) -> Option<i128>) -> ArrayRef {
    let amounts = groups.iter().map(|group| of(group).filter(|amount| (-LARGEST..=LARGEST).contains(amount)));
    Arc::new(amounts.collect::<Decimal128Array>().with_data_type(DataType::Decimal128(38, scale)))
}

fn quantity_sums(groups: &[Group]) -> Result<ArrayRef> {
    let sum = |group: &Group| {
        let sum = group.totals.quantity_sum;
        i64::try_from(sum).map_err(|_| overflow("a sum of quantities does not fit 64 bits", "quantity_sum", &sum.to_string()))
    };
    Ok(Arc::new(groups.iter().map(|group| sum(group).map(Some)).collect::<Result<Int64Array>>()?))
}

fn overflow(message: &str, column: &str, value: &str) -> Error {
    Error::new(Code::DataOverflow, message).column(column).value(value)
}
