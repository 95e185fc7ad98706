//! Which rows count: those whose timestamp lies in the window.

use arrow_array::{Array, RecordBatch, TimestampMillisecondArray};
use rowmill_core::day::Day;
use rowmill_core::{Error, Result, Window};
use rowmill_kernels::time::{day_of_ms, start_of_day_ms};

/// The window in milliseconds.
#[derive(Clone, Copy)]
pub struct Scope {
    start_ms: i64,
    end_ms: i64,
}

impl Scope {
    pub fn of(window: &Window) -> Self {
        Self { start_ms: start_of_day_ms(window.start), end_ms: start_of_day_ms(Day(window.end.0 + 1)) }
    }
}

/// The timestamps of a batch, which are its first column.
pub struct Times<'a> {
    scope: Scope,
    times: &'a TimestampMillisecondArray,
}

impl<'a> Times<'a> {
    pub fn of(batch: &'a RecordBatch, scope: Scope) -> Result<Self> {
        let times = batch.column(0).as_any().downcast_ref();
        times.map(|times| Self { scope, times }).ok_or_else(|| Error::bug("the first column is no timestamp in milliseconds"))
    }

    /// The timestamp of a row in the window; `None` outside and for NULL (COST-001).
    #[inline]
    pub fn get(&self, row: usize) -> Option<i64> {
        let ms = self.times.value(row);
        (self.times.is_valid(row) && ms >= self.scope.start_ms && ms < self.scope.end_ms).then_some(ms)
    }

    /// The day of a timestamp.
    #[inline]
    pub fn day(ms: i64) -> Day {
        day_of_ms(ms)
    }
}
