//! The columns of a batch that aggregates and jobs look at.

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, Float64Array, Int64Array, PrimitiveArray, RecordBatch};
use rowmill_core::{Code, Error, Result};

use super::totals::{DOUBLE_LIMIT, Price};
use crate::sources::{NEEDED, column};

/// The needed columns of a batch.
pub struct Columns<'a> {
    pub orders: &'a Int64Array,
    pub times: &'a Int64Array,
    pub securities: &'a Int64Array,
    pub participants: &'a Int64Array,
    pub quantities: &'a Int64Array,
    pub prices: Prices<'a>,
}

/// Prices, as they were declared.
pub enum Prices<'a> {
    Integers(&'a Int64Array),
    Doubles(&'a Float64Array),
}

impl<'a> Columns<'a> {
    /// Finds the columns, and refuses prices that do not add up.
    ///
    /// # Errors
    /// `DATA_NUMBER_NOT_FINITE` or `DATA_NUMBER_OVERFLOW` with the row and the value of a double price.
    pub fn of(batch: &'a RecordBatch) -> Result<Self> {
        let prices = match batch.column(5).as_any().downcast_ref::<PrimitiveArray<Float64Type>>() {
            Some(doubles) => Prices::Doubles(checked(doubles)?),
            None => Prices::Integers(integers(batch, 5)?),
        };
        Ok(Self {
            orders: integers(batch, 0)?,
            times: integers(batch, 1)?,
            securities: integers(batch, 2)?,
            participants: integers(batch, 3)?,
            quantities: integers(batch, 4)?,
            prices,
        })
    }

    /// Whether any of them has a NULL.
    pub fn have_nulls(&self) -> bool {
        let prices = match self.prices {
            Prices::Integers(prices) => prices.null_count(),
            Prices::Doubles(prices) => prices.null_count(),
        };
        let others = [self.orders, self.times, self.securities, self.participants, self.quantities];
        prices > 0 || others.iter().any(|column| column.null_count() > 0)
    }
}

/// A column of whole numbers by its position.
pub fn integers(batch: &RecordBatch, at: usize) -> Result<&PrimitiveArray<Int64Type>> {
    let name = || NEEDED.get(at).copied().unwrap_or("#position");
    let column = batch.columns().get(at).and_then(|column| column.as_any().downcast_ref());
    column.ok_or_else(|| Error::bug(format!("the column {} of a batch is not one of whole numbers", name())))
}

fn checked(prices: &Float64Array) -> Result<&Float64Array> {
    let place = |error: Error, row: usize, price: f64| error.row(row as u64).column(column::PRICE).value(price.to_string());
    for (row, price) in prices.iter().enumerate().filter_map(|(row, price)| Some((row, price?))) {
        if !price.is_finite() {
            return Err(place(Error::new(Code::DataNotFinite, "a price is not a finite number"), row, price));
        }
        if price.abs() >= DOUBLE_LIMIT {
            return Err(place(Error::new(Code::DataOverflow, format!("a double price must be below {DOUBLE_LIMIT}")), row, price));
        }
    }
    Ok(prices)
}

/// How the prices of a batch are read, row by row.
pub trait PriceOf {
    /// The price of a row that is not NULL.
    fn price(&self, row: usize) -> Price;
    /// Whether a row has none.
    fn is_null(&self, row: usize) -> bool;
}

impl PriceOf for &Int64Array {
    #[inline]
    fn price(&self, row: usize) -> Price {
        Price::of_integer(self.values()[row])
    }

    fn is_null(&self, row: usize) -> bool {
        Array::is_null(*self, row)
    }
}

impl PriceOf for &Float64Array {
    #[inline]
    fn price(&self, row: usize) -> Price {
        Price::of_double(self.values()[row])
    }

    fn is_null(&self, row: usize) -> bool {
        Array::is_null(*self, row)
    }
}
