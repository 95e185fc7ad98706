//! The hours that have data, counted from the first.

use std::ops::Range;

use rowmill_core::day::Day;

use crate::columns::Columns;

/// Milliseconds of an hour.
pub(crate) const HOUR_MS: i64 = 3_600_000;

/// The month that a row belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    start_ms: i64,
    end_ms: i64,
}

impl Period {
    pub(crate) fn of(day: Day) -> Self {
        let end = day.end_of_month().0 + 1;
        let at_ms = |day: i32| i64::from(day) * 24 * HOUR_MS;
        Self { start_ms: at_ms(end - day.days_in_month() as i32), end_ms: at_ms(end) }
    }

    /// Pushes `report_period_start` and `report_period_end`.
    pub(crate) fn push(self, columns: &mut Columns) {
        columns.time(self.start_ms);
        columns.time(self.end_ms);
    }
}

/// All hours of a generated range.
#[derive(Clone, Debug)]
pub(crate) struct Hours {
    /// The first hour, in hours since 1970-01-01.
    first: i64,
    /// Number of hours.
    pub(crate) count: u64,
    /// First day of each month.
    pub(crate) months: Vec<Day>,
}

impl Hours {
    pub(crate) fn new(first: Day, months: u32, first_hour: u32, last_hour: u32) -> Self {
        let mut firsts = vec![first];
        while firsts.len() < months as usize {
            let last = firsts[firsts.len() - 1];
            firsts.push(Day(last.end_of_month().0 + 1));
        }
        let last_day = firsts[firsts.len() - 1].end_of_month();
        let begin = i64::from(first.0) * 24 + i64::from(first_hour);
        let end = i64::from(last_day.0) * 24 + i64::from(last_hour) + 1;
        Self { first: begin, count: (end - begin).max(1) as u64, months: firsts }
    }

    /// Milliseconds since 1970-01-01 at which an hour begins.
    pub(crate) fn at_ms(&self, hour: u64) -> i64 {
        (self.first + hour as i64) * HOUR_MS
    }

    /// The hours of a day that have data.
    pub(crate) fn of_day(&self, day: Day) -> Range<u64> {
        let clamp = |hour: i64| (hour - self.first).clamp(0, self.count as i64) as u64;
        clamp(i64::from(day.0) * 24)..clamp(i64::from(day.0) * 24 + 24)
    }

    /// Hour of its day, 0 to 23.
    pub(crate) fn of_clock(&self, hour: u64) -> u64 {
        (self.first + hour as i64).rem_euclid(24) as u64
    }

    /// Day of an hour.
    pub(crate) fn day(&self, hour: u64) -> Day {
        Day((self.first + hour as i64).div_euclid(24) as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_days_have_fewer_hours() {
        let first = Day::from_civil(2024, 2, 1).expect("a day");
        let hours = Hours::new(first, 2, 5, 20);
        assert_eq!(hours.count, (29 + 31) * 24 - 5 - 3);
        assert_eq!((hours.of_day(first), hours.of_day(Day(first.0 + 1))), (0..19, 19..43));
        let last = hours.months[1].end_of_month();
        assert_eq!(hours.of_day(last).end - hours.of_day(last).start, 21);
        assert_eq!((hours.day(18), hours.of_clock(0), hours.of_clock(19)), (first, 5, 0));
    }
}
