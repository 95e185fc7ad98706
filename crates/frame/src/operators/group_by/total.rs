//! Sums that lose nothing where they are of integers, and little where they are of doubles.

use rowmill_core::{Code, Error, Result};

/// A sum of integers, or of doubles (Neumaier's, which carries what rounding drops).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Total {
    pub count: u64,
    whole: i128,
    float: f64,
    dropped: f64,
}

impl Total {
    /// Adds an integer, or the product of two.
    ///
    /// # Errors
    /// `DATA_NUMBER_OVERFLOW` beyond 127 bits, which products alone can reach.
    pub fn add_whole(&mut self, value: i128) -> Result<()> {
        self.count += 1;
        self.whole = self.whole.checked_add(value).ok_or_else(|| overflow("127 bits"))?;
        Ok(())
    }

    pub fn add_float(&mut self, value: f64) {
        self.count += 1;
        let sum = self.float + value;
        if sum.is_finite() {
            self.dropped += if self.float.abs() >= value.abs() { (self.float - sum) + value } else { (value - sum) + self.float };
        }
        self.float = sum;
    }

    /// The sum of integers, where it fits 64 bits.
    ///
    /// # Errors
    /// `DATA_NUMBER_OVERFLOW`.
    pub fn whole(self) -> Result<Option<i64>> {
        if self.count == 0 {
            return Ok(None);
        }
        i64::try_from(self.whole).map(Some).map_err(|_| overflow("64 bits").value(self.whole.to_string()))
    }

    /// The sum of doubles, or that of integers, rounded once.
    pub fn float(self) -> Option<f64> {
        (self.count > 0).then_some(if self.whole == 0 { self.float + self.dropped } else { self.whole as f64 })
    }
}

fn overflow(bits: &str) -> Error {
    Error::new(Code::DataOverflow, format!("a sum of integers does not fit {bits}"))
        .help("Ask for the mean, or read the column as double, where rounding is no harm")
}
