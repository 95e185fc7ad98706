//! Nanoseconds to local dates and hours, and back: as ranges of instants, so that nothing is converted row by row.

use std::ops::{Range, RangeInclusive};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Nanoseconds of an hour.
pub const NS_PER_HOUR: i64 = 3_600_000_000_000;
/// Nanoseconds of a day of 24 hours.
pub const NS_PER_DAY: i64 = 24 * NS_PER_HOUR;
/// The days that hold an instant of 64-bit nanoseconds, in any zone.
pub const ALL_DAYS: RangeInclusive<i32> = -106_753..=106_753;

/// How far local time is from UTC, at every instant that 64-bit nanoseconds can tell (1677 to 2262).
///
/// From each instant `starts[i]` up to the next one, local time is UTC plus `offsets[i]` nanoseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    starts: Vec<i64>,
    offsets: Vec<i64>,
}

/// Instants that share their local date and hour, and their offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// First instant.
    pub start: i64,
    /// The instant behind the last; the very last instant of all is behind its own slot.
    pub end: i64,
    /// Local date, in days since 1970-01-01.
    pub day: i32,
    /// Local hour, 0 to 23; 0 for a slot of a whole date.
    pub hour: u8,
}

impl Slot {
    /// A slot that holds no instant.
    pub const NONE: Self = Self { start: 0, end: 0, day: 0, hour: 0 };

    /// Whether the instant is in it.
    #[inline]
    pub fn holds(&self, ns: i64) -> bool {
        self.start <= ns && ns < self.end
    }
}

impl Zone {
    /// UTC, a fixed offset `+HH:MM` or `-HH:MM`, or an IANA name; `None` where there is no such zone.
    pub fn parse(name: &str) -> Option<Self> {
        if name == "UTC" {
            return Some(Self::fixed(0));
        }
        if let Some(seconds) = fixed_offset(name) {
            return Some(Self::fixed(seconds));
        }
        TimeZone::get(name).ok().and_then(|zone| Self::of(&zone))
    }

    fn fixed(seconds: i64) -> Self {
        Self { starts: vec![i64::MIN], offsets: vec![seconds * 1_000_000_000] }
    }

    fn of(zone: &TimeZone) -> Option<Self> {
        let first = Timestamp::from_nanosecond(i128::from(i64::MIN)).ok()?;
        let mut found = Self::fixed(zone.to_offset(first).seconds().into());
        for change in zone.following(first) {
            let Ok(start) = i64::try_from(change.timestamp().as_nanosecond()) else { break };
            let offset = i64::from(change.offset().seconds()) * 1_000_000_000;
            if found.offsets.last() != Some(&offset) {
                found.starts.push(start);
                found.offsets.push(offset);
            }
        }
        Some(found)
    }

    /// The hour that the instant is in. Where clocks were set inside an hour, it is in pieces.
    pub fn hour(&self, ns: i64) -> Slot {
        self.slot(ns, NS_PER_HOUR)
    }

    /// The date that the instant is in. Where clocks were set, it is in pieces.
    pub fn date(&self, ns: i64) -> Slot {
        Slot { hour: 0, ..self.slot(ns, NS_PER_DAY) }
    }

    fn slot(&self, ns: i64, length: i64) -> Slot {
        let span = self.starts.partition_point(|start| *start <= ns) - 1;
        let offset = i128::from(self.offsets[span]);
        let local = (i128::from(ns) + offset).div_euclid(i128::from(length)) * i128::from(length);
        let held = self.span(span);
        let start = clamped(local - offset).max(held.start);
        let end = clamped(local - offset + i128::from(length)).min(held.end);
        let hours = local.div_euclid(i128::from(NS_PER_HOUR)) as i64;
        Slot { start, end, day: hours.div_euclid(24) as i32, hour: hours.rem_euclid(24) as u8 }
    }

    fn span(&self, at: usize) -> Range<i64> {
        self.starts[at]..self.starts.get(at + 1).copied().unwrap_or(i64::MAX)
    }

    /// The instants whose local date is one of `days` and whose local time of day, in nanoseconds, is in `time`; in no order.
    ///
    /// An hour that clocks run through twice is there twice, one that they skip is not there.
    pub fn ranges(&self, days: RangeInclusive<i32>, time: Range<i64>) -> Vec<Range<i64>> {
        let day = i128::from(NS_PER_DAY);
        let whole = time == (0..NS_PER_DAY);
        let mut ranges = Vec::new();
        for at in 0..self.starts.len() {
            let held = self.span(at);
            let offset = i128::from(self.offsets[at]);
            let first = (i128::from(held.start) + offset).div_euclid(day).max(i128::from(*days.start()));
            let last = (i128::from(held.end) + offset).div_euclid(day).min(i128::from(*days.end()));
            let mut put = |from: i128, to: i128| ranges.push(clamped(from - offset).max(held.start)..clamped(to - offset).min(held.end));
            match whole {
                true if first <= last => put(first * day, (last + 1) * day),
                true => {}
                false => (first..=last).for_each(|date| put(date * day + i128::from(time.start), date * day + i128::from(time.end))),
            }
        }
        ranges.retain(|range| range.start < range.end);
        ranges
    }
}

fn clamped(ns: i128) -> i64 {
    ns.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

/// Seconds of `+HH:MM` or `-HH:MM`.
fn fixed_offset(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text[1..].split_once(':')?;
    let digits = |text: &str, end: i64| {
        let fits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse::<i64>().ok()).flatten().filter(|number| *number < end)
    };
    Some(sign * (digits(hours, 24)? * 3600 + digits(minutes, 60)? * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    fn hours(ranges: &[Range<i64>]) -> f64 {
        ranges.iter().map(|range| (range.end - range.start) as f64 / NS_PER_HOUR as f64).sum()
    }

    /// 2024-10-06: clocks in Sydney skip 02:00 to 03:00; 2024-04-07: 02:00 to 03:00 comes twice.
    const SHORT: i32 = 20_002;
    const LONG: i32 = 19_820;

    #[test]
    fn days_on_which_clocks_are_set_have_23_and_25_hours() {
        let sydney = zone("Australia/Sydney");
        assert_eq!(hours(&sydney.ranges(SHORT..=SHORT, 0..NS_PER_DAY)), 23.0);
        assert_eq!(hours(&sydney.ranges(LONG..=LONG, 0..NS_PER_DAY)), 25.0);
        assert_eq!(hours(&sydney.ranges(SHORT..=SHORT, 2 * NS_PER_HOUR..3 * NS_PER_HOUR)), 0.0);
        assert_eq!(hours(&sydney.ranges(LONG..=LONG, 2 * NS_PER_HOUR..3 * NS_PER_HOUR)), 2.0);
        assert_eq!(hours(&zone("+10:00").ranges(SHORT..=SHORT, 0..NS_PER_DAY)), 24.0);
    }

    #[test]
    fn trading_hours_of_a_date_begin_the_evening_before_in_summer_time() {
        let day = i64::from(SHORT + 1) * NS_PER_DAY;
        let trading = 10 * NS_PER_HOUR..16 * NS_PER_HOUR;
        let found = zone("Australia/Sydney").ranges(SHORT + 1..=SHORT + 1, trading.clone());
        assert_eq!((found.len(), found[0].clone()), (1, day - NS_PER_HOUR..day + 5 * NS_PER_HOUR));
        assert_eq!(zone("+10:00").ranges(SHORT + 1..=SHORT + 1, trading)[0], day..day + 6 * NS_PER_HOUR);
    }

    #[test]
    fn an_instant_is_in_the_ranges_of_its_own_date_and_hour_and_of_no_other() {
        for name in ["UTC", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Monrovia", "-03:30", "America/St_Johns"] {
            let zone = zone(name);
            for step in 0..4000_i64 {
                let ns = step * 2_305_843_009_213_693 - 4_611_686_018_427_387_904 + step * 7 * NS_PER_HOUR / 3;
                let slot = zone.hour(ns);
                assert!(slot.holds(ns) && zone.hour(slot.start) == slot && zone.hour(slot.end - 1) == slot, "{name} {ns} {slot:?}");
                let date = zone.date(ns);
                assert!(date.holds(ns) && date.day == slot.day && date.start <= slot.start && slot.end <= date.end, "{name} {ns}");
                let time = i64::from(slot.hour) * NS_PER_HOUR..i64::from(slot.hour + 1) * NS_PER_HOUR;
                let inside = |days: RangeInclusive<i32>, time| zone.ranges(days, time).iter().any(|range| range.contains(&ns));
                assert!(inside(slot.day..=slot.day, time), "{name} {ns}");
                assert!(!inside(slot.day + 1..=slot.day + 1, 0..NS_PER_DAY) && !inside(slot.day - 1..=slot.day - 1, 0..NS_PER_DAY), "{name} {ns}");
            }
        }
    }

    #[test]
    fn the_first_and_the_last_instants_have_a_slot() {
        for name in ["UTC", "+14:00", "-12:00", "Australia/Sydney"] {
            let zone = zone(name);
            assert!(zone.hour(i64::MIN).holds(i64::MIN) && zone.date(i64::MAX - 1).holds(i64::MAX - 1), "{name}");
            assert_eq!(zone.hour(i64::MAX).end, i64::MAX);
            assert_eq!(Zone::ranges(&zone, ALL_DAYS, 0..NS_PER_DAY).iter().map(|range| range.start).min(), Some(i64::MIN));
        }
    }

    #[test]
    fn names_that_are_no_zone_are_refused() {
        for name in ["", "Sydney", "+10", "+24:00", "+10:60", "10:00", "+1:00", "Australia/Nowhere"] {
            assert_eq!(Zone::parse(name), None, "{name}");
        }
    }
}
