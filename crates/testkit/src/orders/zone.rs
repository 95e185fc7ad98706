//! Local time by the rules as people tell them, for the years 2009 to 2099.

/// A zone whose rules are written down here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// UTC.
    Utc,
    /// Ten hours ahead, always.
    Ten,
    /// Five and a half hours ahead, always.
    Kolkata,
    /// Ten hours ahead, eleven from the first Sunday of October to the first one of April.
    Sydney,
    /// Ten and a half hours ahead, eleven from the first Sunday of October to the first one of April.
    LordHowe,
}

const MINUTE: i64 = 60_000_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Clock {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Utc, Self::Ten, Self::Kolkata, Self::Sydney, Self::LordHowe];

    /// The name that a plan uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utc => "UTC",
            Self::Ten => "+10:00",
            Self::Kolkata => "Asia/Kolkata",
            Self::Sydney => "Australia/Sydney",
            Self::LordHowe => "Australia/Lord_Howe",
        }
    }

    /// Nanoseconds that local time is ahead of UTC at this instant.
    pub fn ahead(self, ns: i64) -> i64 {
        let (usual, summer) = match self {
            Self::Utc => return 0,
            Self::Ten => return 10 * HOUR,
            Self::Kolkata => return 5 * HOUR + 30 * MINUTE,
            Self::Sydney => (10 * HOUR, 11 * HOUR),
            Self::LordHowe => (10 * HOUR + 30 * MINUTE, 11 * HOUR),
        };
        let year = year_of(ns.div_euclid(DAY));
        // Clocks are set at two o'clock of the time that holds before; in Sydney in April at three.
        let from = first_sunday(year, 10) * DAY + 2 * HOUR - usual;
        let until = first_sunday(year, 4) * DAY + if self == Self::Sydney { 3 * HOUR } else { 2 * HOUR } - summer;
        if ns < until || ns >= from { summer } else { usual }
    }

    /// Local day (since 1970-01-01) and nanoseconds since local midnight as clocks show it.
    pub fn local(self, ns: i64) -> (i64, i64) {
        let local = ns + self.ahead(ns);
        (local.div_euclid(DAY), local.rem_euclid(DAY))
    }

    /// The instant at which the local hour of this instant began, or at which clocks were set inside it.
    pub fn hour_start(self, ns: i64) -> i64 {
        let hour = |ns: i64| (self.local(ns).0, self.local(ns).1 / HOUR, self.ahead(ns));
        let mut start = ns.div_euclid(MINUTE) * MINUTE;
        while hour(start - MINUTE) == hour(ns) {
            start -= MINUTE;
        }
        start
    }
}

/// Days from 1970-01-01 to the first of January.
fn new_year(year: i64) -> i64 {
    (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum()
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn year_of(day: i64) -> i64 {
    (1970..).find(|year| new_year(year + 1) > day).unwrap_or(1970)
}

/// April or October.
fn first_sunday(year: i64, month: i64) -> i64 {
    let leap = i64::from(is_leap(year));
    let first = new_year(year) + leap + if month == 4 { 90 } else { 273 };
    // 1970-01-04, day 3, was a Sunday.
    (first..).find(|day| day.rem_euclid(7) == 3).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_set_on_the_days_that_are_known() {
        assert_eq!((first_sunday(2024, 4), first_sunday(2024, 10)), (19_820, 20_002));
        let october = 20_001 * DAY + 16 * HOUR;
        assert_eq!(Clock::Sydney.ahead(october - 1), 10 * HOUR);
        assert_eq!(Clock::Sydney.ahead(october), 11 * HOUR);
        assert_eq!(Clock::LordHowe.ahead(20_001 * DAY + 15 * HOUR + 30 * MINUTE), 11 * HOUR);
        assert_eq!(Clock::Sydney.ahead(19_819 * DAY + 16 * HOUR), 10 * HOUR);
    }
}
