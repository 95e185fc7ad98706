//! Timestamps to days.

use rowmill_core::day::Day;

/// Milliseconds of a day.
pub const MS_PER_DAY: i64 = 86_400_000;

/// The day of a zone-less timestamp in milliseconds since 1970; 23:59:59.999 belongs to its day, also before 1970.
pub fn day_of_ms(ms: i64) -> Day {
    Day(ms.div_euclid(MS_PER_DAY) as i32)
}

/// The first millisecond of a day.
pub fn start_of_day_ms(day: Day) -> i64 {
    i64::from(day.0) * MS_PER_DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_millisecond_belongs_to_its_day() {
        assert_eq!(day_of_ms(MS_PER_DAY - 1), Day(0));
        assert_eq!(day_of_ms(MS_PER_DAY), Day(1));
        assert_eq!(day_of_ms(-1), Day(-1));
    }
}
