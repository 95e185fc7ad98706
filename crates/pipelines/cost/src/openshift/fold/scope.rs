//! Which rows count: those whose timestamp lies in the window.

use arrow_array::{Array, RecordBatch, TimestampMillisecondArray};
use rowmill_core::day::Day;
use rowmill_core::{Error, Result, Window};
use rowmill_kernels::time::{MS_PER_DAY, day_of_ms, start_of_day_ms};

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

    #[inline]
    fn contains(self, ms: i64) -> bool {
        ms >= self.start_ms && ms < self.end_ms
    }
}

/// Rows of a batch, one after the other, that are of the same day.
pub struct DayRows<'a> {
    pub day: Day,
    /// Their positions in the batch.
    pub rows: &'a [u32],
    start_ms: i64,
    times: &'a [i64],
}

impl DayRows<'_> {
    /// Milliseconds between the start of the day and the row.
    #[inline]
    pub fn in_day_ms(&self, row: u32) -> i64 {
        self.times[row as usize] - self.start_ms
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

    /// Puts the positions of the rows in the window into `rows`; not those without a timestamp (COST-001).
    pub fn select(&self, rows: &mut Vec<u32>) {
        rows.clear();
        let count = self.times.len() as u32;
        let times = self.times.values();
        if self.times.null_count() == 0 && times.iter().fold(true, |all, ms| all & self.scope.contains(*ms)) {
            rows.extend(0..count);
        } else {
            rows.extend((0..count).filter(|row| self.times.is_valid(*row as usize) && self.scope.contains(times[*row as usize])));
        }
    }

    /// Runs of rows of the same day, in the order of the rows.
    pub fn days<'b>(&'b self, mut rows: &'b [u32]) -> impl Iterator<Item = DayRows<'b>> {
        let times: &[i64] = self.times.values();
        std::iter::from_fn(move || {
            let day = day_of_ms(times[*rows.first()? as usize]);
            let start_ms = start_of_day_ms(day);
            let of_day = |row: &u32| (0..MS_PER_DAY).contains(&(times[*row as usize] - start_ms));
            let (run, rest) = rows.split_at(rows.iter().position(|row| !of_day(row)).unwrap_or(rows.len()));
            rows = rest;
            Some(DayRows { day, rows: run, start_ms, times })
        })
    }
}
