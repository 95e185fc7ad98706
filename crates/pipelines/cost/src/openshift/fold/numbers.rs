//! Number columns of a batch.

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

    /// The value of a row, `None` for NULL.
    ///
    /// # Errors
    /// `DATA_NUMBER_NOT_FINITE` with row and column: the original fails to store such a sum.
    #[inline]
    pub fn get(&self, row: usize) -> Result<Option<f64>> {
        if self.values.is_null(row) {
            return Ok(None);
        }
        let value = self.values.value(row);
        if value.is_finite() { Ok(Some(value)) } else { Err(self.not_finite(row, value)) }
    }

    /// Whether the anomaly filter of hourly rows drops this row.
    #[inline]
    pub fn is_anomalous(&self, row: usize) -> bool {
        self.values.is_valid(row) && self.values.value(row) > ANOMALY
    }

    #[cold]
    fn not_finite(&self, row: usize, value: f64) -> Error {
        Error::new(Code::DataNotFinite, "a number that is summed is not finite")
            .row(row as u64)
            .column(self.name)
            .value(value.to_string())
            .help("Write NULL or 0 where a meter has no reading.")
    }
}
