//! Calendar days without zones.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A calendar day: days since 1970-01-01, in the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The first day that can be written with four digits of a year: it stands for "from the beginning".
    pub const FIRST: Self = Self(-719_162);
    /// The last day that can be written with four digits of a year: it stands for "to the end".
    pub const LAST: Self = Self(2_932_896);

    /// The day of this year, month (1 to 12) and day of the month (from 1), or `None` where there is no such day.
    pub fn from_civil(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        // Days are counted in 400-year eras of years that begin in March, so that the leap day is a year's last.
        // Source: the civil calendar's 146,097 days per 400 years.
        let shifted = i64::from(year) - i64::from(month <= 2);
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let month_from_march = (i64::from(month) + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        i32::try_from(era * 146_097 + day_of_era - 719_468).ok().map(Self)
    }

    /// Year, month (1 to 12) and day of the month (from 1).
    pub fn civil(self) -> (i32, u32, u32) {
        let shifted = i64::from(self.0) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year as i32, month as u32, day as u32)
    }

    /// Reads `YYYY-MM-DD`; anything else, and days that do not exist, are `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = fixed_digits(parts.next()?, 4)?;
        let month = fixed_digits(parts.next()?, 2)?;
        let day = fixed_digits(parts.next()?, 2)?;
        if parts.next().is_some() {
            return None;
        }
        Self::from_civil(year as i32, month, day)
    }

    /// The last day of this day's month.
    pub fn end_of_month(self) -> Self {
        let (year, month, day) = self.civil();
        Self(self.0 + (days_in_month(year, month) - day) as i32)
    }

    /// Number of days in this day's month: 28 to 31.
    pub fn days_in_month(self) -> u32 {
        let (year, month, _) = self.civil();
        days_in_month(year, month)
    }
}

/// Reads a month `YYYY-MM` as its first day.
pub fn parse_month(text: &str) -> Option<Day> {
    Day::parse(&format!("{text}-01"))
}

fn fixed_digits(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Day::parse(&text).ok_or_else(|| de::Error::custom(format!("{text:?} is not a day of the form YYYY-MM-DD")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_and_back_for_every_day_of_five_centuries() {
        for day in -100_000..100_000 {
            let (year, month, of_month) = Day(day).civil();
            assert_eq!(Day::from_civil(year, month, of_month), Some(Day(day)));
        }
        assert_eq!(Day(0).to_string(), "1970-01-01");
        assert_eq!(Day(20_362).to_string(), "2025-10-01");
        assert_eq!((Day::FIRST.to_string(), Day::LAST.to_string()), ("0001-01-01".into(), "9999-12-31".into()));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2025-02-29", "2025-13-01", "2025-1-01", "2025-10-00", "2025-10-01x", "", "2025-10"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert!(Day::parse("2024-02-29").is_some());
        assert_eq!(Day::parse("2024-02-03").map(Day::end_of_month), Day::parse("2024-02-29"));
    }
}
