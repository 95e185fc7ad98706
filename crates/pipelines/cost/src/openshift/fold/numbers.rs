//! Number columns of a batch.

use std::borrow::Cow;

use arrow_array::{Array, Float64Array, RecordBatch};
use rowmill_core::{Code, Error, Result};

/// A value above this in a guarded column of an hourly row is a fault of the meter; the whole row is dropped (COST-032).
const ANOMALY: f64 = 1e18;

/// A number column with its name.
pub struct Numbers<'a> {
    name: &'static str,
    values: &'a Float64Array,
}

impl<'a> Numbers<'a> {
    /// The column at this position.
    pub fn of(batch: &'a RecordBatch, at: usize, name: &'static str) -> Result<Self> {
        let values = batch.column(at).as_any().downcast_ref();
        values.map(|values| Self { name, values }).ok_or_else(|| Error::bug(format!("column {name} is no double")))
    }

    /// The column at this position, and the next.
    pub fn pair(batch: &'a RecordBatch, at: usize, [first, second]: [&'static str; 2]) -> Result<[Self; 2]> {
        Ok([Self::of(batch, at, first)?, Self::of(batch, at + 1, second)?])
    }

    /// All values, with NaN for NULL.
    ///
    /// # Errors
    /// `DATA_NUMBER_NOT_FINITE` with row and column where one of `rows` is not finite: the original fails to store such a sum.
    pub fn checked(&self, rows: impl Iterator<Item = u32>) -> Result<Cow<'a, [f64]>> {
        let values: &'a [f64] = self.values.values();
        if !values.iter().fold(true, |all, value| all & value.is_finite()) {
            self.check(rows)?;
        }
        Ok(match self.values.null_count() {
            0 => Cow::Borrowed(values),
            _ => Cow::Owned(self.values.iter().map(|value| value.unwrap_or(f64::NAN)).collect()),
        })
    }

    #[cold]
    fn check(&self, mut rows: impl Iterator<Item = u32>) -> Result<()> {
        let is_bad = |row: &u32| self.values.is_valid(*row as usize) && !self.values.value(*row as usize).is_finite();
        rows.find(is_bad).map_or(Ok(()), |row| Err(self.not_finite(row as usize)))
    }

    /// Removes the rows that the anomaly filter drops.
    pub fn drop_anomalous(&self, rows: &mut Vec<u32>) {
        let values: &[f64] = self.values.values();
        if values.iter().fold(false, |any, value| any | (*value > ANOMALY)) {
            rows.retain(|row| !(self.values.is_valid(*row as usize) && values[*row as usize] > ANOMALY));
        }
    }

    fn not_finite(&self, row: usize) -> Error {
        Error::new(Code::DataNotFinite, "a number that is summed is not finite")
            .row(row as u64)
            .column(self.name)
            .value(self.values.value(row).to_string())
            .help("Write NULL or 0 where a meter has no reading.")
    }
}
