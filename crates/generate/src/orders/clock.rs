//! Sydney's clock, and how a trading day's events lie in it.

use rowmill_core::day::Day;

const HOUR: i64 = 3_600_000_000_000;
const MINUTE: i64 = HOUR / 60;

/// Nanoseconds since 1970-01-01T00:00:00Z of a local time of day in Sydney. Source: daylight saving of New South Wales since 2008, from the
/// first Sunday of October at 2:00 to the first Sunday of April at 3:00; a time inside the change itself counts as after it.
pub(super) fn instant(day: Day, of_day: i64) -> i64 {
    let offset = if is_summer(day, of_day) { 11 } else { 10 };
    i64::from(day.0) * 24 * HOUR + of_day - offset * HOUR
}

fn is_summer(day: Day, of_day: i64) -> bool {
    let (year, _, _) = day.civil();
    let (april, october) = (first_sunday(year, 4), first_sunday(year, 10));
    match day {
        day if day == april => of_day < 3 * HOUR,
        day if day == october => of_day >= 2 * HOUR,
        day => day < april || day > october,
    }
}

fn first_sunday(year: i32, month: u32) -> Day {
    let first = Day::from_civil(year, month, 1).unwrap_or(Day(0));
    Day(first.0 + (3 - first.0).rem_euclid(7))
}

/// The parts of a trading day: first and last time of day, and how many of a thousand events they have.
const PARTS: [(i64, i64, u64); 4] =
    [(7 * HOUR, 10 * HOUR, 60), (10 * HOUR, 16 * HOUR, 880), (16 * HOUR, 16 * HOUR + 12 * MINUTE, 40), (16 * HOUR + 12 * MINUTE, 19 * HOUR, 20)];

/// The time of day of an event, ascending with its number; the day's first and last ones are at midnight and just before it, and one each is at
/// the very beginning and at the very end of trading.
pub(super) fn of_day(number: u64, events: u64, noise: u64) -> i64 {
    if events >= 8 && number == 0 {
        return 0;
    }
    if events >= 8 && number == events - 1 {
        return 24 * HOUR - 1;
    }
    let mut before = 0;
    for (at, (first, last, share)) in PARTS.into_iter().enumerate() {
        let behind = if at == PARTS.len() - 1 { events } else { before + (events * share).div_ceil(1_000) };
        if number < behind {
            let (place, count) = ((number - before) as i64, (behind - before).max(1) as i64);
            let step = (last - first) / count;
            // The part's first event is at its border; the others somewhere in the steps of their own.
            let jitter = if place == 0 || step == 0 { 0 } else { (noise % step as u64) as i64 };
            return first + place * step + jitter;
        }
        before = behind;
    }
    19 * HOUR
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn the_clock_goes_forward_in_october_and_back_in_april() {
        assert_eq!(instant(day("2024-09-05"), 10 * HOUR), 1_725_494_400_000_000_000);
        let offset = |text: &str, hour: i64| (i64::from(day(text).0) * 24 + hour) - instant(day(text), hour * HOUR) / HOUR;
        assert_eq!([offset("2024-10-06", 1), offset("2024-10-06", 3), offset("2024-10-07", 0)], [10, 11, 11]);
        assert_eq!([offset("2025-04-06", 1), offset("2025-04-06", 4), offset("2025-04-05", 23)], [11, 10, 11]);
    }

    #[test]
    fn times_of_a_day_ascend_and_touch_its_borders() {
        for events in [1, 3, 8, 100, 5_000] {
            let times: Vec<i64> = (0..events).map(|number| of_day(number, events, number * 7_919_777)).collect();
            assert!(times.is_sorted(), "{events} {times:?}");
            if events >= 100 {
                assert!([0, 10 * HOUR, 16 * HOUR, 24 * HOUR - 1].iter().all(|border| times.contains(border)), "{events}");
            }
        }
    }
}
