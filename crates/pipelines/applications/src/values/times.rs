//! Dates and times as documents write them.

use super::{Compat, ValueError};

/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400_000_000;

/// Days since 1970-01-01 and microseconds of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) day: i32,
    pub(crate) micros: i64,
}

impl Moment {
    /// Microseconds since 1970.
    pub(crate) fn instant(self) -> i64 {
        i64::from(self.day) * DAY + self.micros
    }
}

/// The date and time of a text: `2024-3-9`, `2024-3-9 4:05:06.789` (also with a `T`), `3/9/2024`, `3/9/2024 4:05:06` and `3/9/2024 4:05:06 PM`, month
/// first. Figures need no zeros before them, years have four. There is no zone.
///
/// With `datesForgiving`, as contracts of old have it: where a month first makes no date a day first may, seconds beyond 59 are 59, and a zone is
/// passed over.
pub(crate) fn moment(text: &str, compat: &Compat) -> Result<Moment, ValueError> {
    let mut parts = Parts { rest: text.trim() };
    let first = parts.figure().ok_or(ValueError::NotADate)?;
    let by_slash = match parts.take() {
        Some('/') => true,
        Some('-') => false,
        _ => return Err(ValueError::NotADate),
    };
    let second = parts.figure().ok_or(ValueError::NotADate)?;
    if parts.take() != Some(if by_slash { '/' } else { '-' }) {
        return Err(ValueError::NotADate);
    }
    let third = parts.figure().ok_or(ValueError::NotADate)?;
    let (day, order) = if by_slash { slashed([first, second, third], compat) } else { dashed([first, second, third]) }.ok_or(ValueError::NotADate)?;
    let micros = if parts.rest.is_empty() { 0 } else { time(&mut parts, order, compat)? };
    Ok(Moment { day, micros })
}

/// A run of digits: how many, and the number.
type Figure = (usize, u32);

/// Which figure of a date stands first. What may follow depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Year,
    Month,
    Day,
}

fn dashed([year, month, day]: [Figure; 3]) -> Option<(i32, Order)> {
    Some((days(year, month, day)?, Order::Year))
}

fn slashed([first, second, year]: [Figure; 3], compat: &Compat) -> Option<(i32, Order)> {
    match days(year, first, second) {
        Some(day) => Some((day, Order::Month)),
        None if compat.dates_forgiving => Some((days(year, second, first)?, Order::Day)),
        None => None,
    }
}

/// Days since 1970 of a date that the calendar has.
fn days(year: Figure, month: Figure, day: Figure) -> Option<i32> {
    if year.0 != 4 || month.0 > 2 || day.0 > 2 || year.1 == 0 || !(1..=12).contains(&month.1) || day.1 == 0 || day.1 > length_of(year.1, month.1) {
        return None;
    }
    Some(days_from_civil(year.1.cast_signed(), month.1, day.1))
}

fn length_of(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let month = month.cast_signed();
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day.cast_signed() - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of days since 1970, as `2024-03-09`.
pub fn date_text(days: i32) -> String {
    let (year, month, day) = civil_from_days(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The inverse of [`days_from_civil`].
pub(crate) fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month.unsigned_abs(), day.unsigned_abs())
}

/// Days since 1970 of the date so many months later; on the month's last day where it does not have that day. `None` beyond the years 1 to 9999.
pub(crate) fn months_later(days: i32, months: i64) -> Option<i32> {
    let (year, month, day) = civil_from_days(days);
    let total = (i64::from(year) * 12 + i64::from(month) - 1).checked_add(months)?;
    let year = u32::try_from(total.div_euclid(12)).ok().filter(|year| (1..=9999).contains(year))?;
    let month = u32::try_from(total.rem_euclid(12)).ok()? + 1;
    Some(days_from_civil(year.cast_signed(), month, day.min(length_of(year, month))))
}

/// Days since 1970 of the last day that is taken: 9999-12-31.
pub(crate) const LAST_DAY: i32 = 2_932_896;

/// What follows a date: a blank or `T`, hours, minutes, seconds, a fraction, AM or PM, a zone.
fn time(parts: &mut Parts<'_>, order: Order, compat: &Compat) -> Result<i64, ValueError> {
    let by_slash = order != Order::Year;
    let is_iso = match parts.take() {
        Some(' ') => false,
        Some('T') if !by_slash => true,
        _ => return Err(ValueError::NotADate),
    };
    parts.rest = parts.rest.trim_start();
    let hour = parts.upto(2, 23)?;
    parts.colon()?;
    let minute = parts.upto(2, 59)?;
    let mut second = 0;
    let mut micros = 0;
    if parts.rest.starts_with(':') {
        parts.take();
        second = parts.upto(2, if compat.dates_forgiving { 99 } else { 59 })?.min(59);
        if parts.rest.starts_with('.') && !by_slash {
            parts.take();
            micros = parts.fraction(compat)?;
        }
    } else if !is_iso {
        return Err(ValueError::NotADate);
    }
    let hour = parts.half_of_day(hour, order)?;
    parts.zone(by_slash, compat)?;
    Ok((i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)) * 1_000_000 + micros)
}

/// What is left of a text.
struct Parts<'t> {
    rest: &'t str,
}

impl Parts<'_> {
    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// A run of one to nine digits.
    fn figure(&mut self) -> Option<Figure> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = (1..=9).contains(&length).then(|| self.rest[..length].parse().ok())??;
        self.rest = &self.rest[length..];
        Some((length, number))
    }

    fn upto(&mut self, digits: usize, most: u32) -> Result<u32, ValueError> {
        match self.figure() {
            Some((length, number)) if length <= digits && number <= most => Ok(number),
            _ => Err(ValueError::NotADate),
        }
    }

    fn colon(&mut self) -> Result<(), ValueError> {
        if self.take() == Some(':') { Ok(()) } else { Err(ValueError::NotADate) }
    }

    /// Microseconds of the digits behind the point; further digits must be zeros, and of old there were none.
    fn fraction(&mut self, compat: &Compat) -> Result<i64, ValueError> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        let (kept, beyond) = digits.split_at(length.min(6));
        if length == 0 {
            return Err(ValueError::NotADate);
        }
        if beyond.bytes().any(|digit| digit != b'0' || compat.dates_forgiving) {
            return Err(ValueError::TooFine);
        }
        let micros = kept.bytes().fold(0, |micros, digit| micros * 10 + i64::from(digit - b'0'));
        Ok((kept.len()..6).fold(micros, |micros, _| micros * 10))
    }

    /// The hour of the day, where AM or PM may follow; they do only behind dates with their month first.
    fn half_of_day(&mut self, hour: u32, order: Order) -> Result<u32, ValueError> {
        let word = self.rest.trim();
        let afternoon = match order {
            Order::Month if word.eq_ignore_ascii_case("AM") => 0,
            Order::Month if word.eq_ignore_ascii_case("PM") => 12,
            _ => return Ok(hour),
        };
        self.rest = "";
        if (1..=12).contains(&hour) { Ok(hour % 12 + afternoon) } else { Err(ValueError::NotADate) }
    }

    /// Nothing is left, or a zone that is passed over.
    fn zone(&mut self, by_slash: bool, compat: &Compat) -> Result<(), ValueError> {
        let zone = self.rest.trim();
        if zone.is_empty() {
            return Ok(());
        }
        let is_offset =
            zone.strip_prefix(['+', '-']).is_some_and(|offset| offset.len() >= 2 && offset.bytes().all(|byte| byte.is_ascii_digit() || byte == b':'));
        match (by_slash, zone == "Z" || zone == "z" || is_offset) {
            (false, true) if compat.dates_forgiving => Ok(()),
            (false, true) => Err(ValueError::Zoned),
            _ => Err(ValueError::NotADate),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, compat: &Compat) -> String {
        match moment(text, compat) {
            Ok(Moment { day, micros }) => {
                let seconds = micros / 1_000_000;
                let time = format!("{:02}:{:02}:{:02}.{:06}", seconds / 3600, seconds / 60 % 60, seconds % 60, micros % 1_000_000);
                format!("{} {time}", date_text(day))
            }
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn dates_are_read_as_documents_write_them() {
        for (text, expected) in [
            ("2024-03-09", "2024-03-09 00:00:00.000000"),
            ("2024-3-9 4:5:6", "2024-03-09 04:05:06.000000"),
            ("2024-3-9 4:05:06.789", "2024-03-09 04:05:06.789000"),
            ("2024-03-09T04:05:06.789", "2024-03-09 04:05:06.789000"),
            ("2024-03-09T04:05", "2024-03-09 04:05:00.000000"),
            ("03/04/2020", "2020-03-04 00:00:00.000000"),
            ("3/4/2020 10:11:12", "2020-03-04 10:11:12.000000"),
            ("3/4/2020 12:11:12 AM", "2020-03-04 00:11:12.000000"),
            ("3/4/2020 1:11:12 pm", "2020-03-04 13:11:12.000000"),
            ("2/29/2024", "2024-02-29 00:00:00.000000"),
            ("2024-03-09 04:05:06.1234560", "2024-03-09 04:05:06.123456"),
            ("2024-03-09 04:05:06.1234567", "TooFine"),
            ("2024-03-09T04:05:06Z", "Zoned"),
            ("2024-03-09T04:05:06+10:00", "Zoned"),
            ("2/29/2023", "NotADate"),
            ("14/12/1988", "NotADate"),
            ("3/4/20", "NotADate"),
            ("24-3-4", "NotADate"),
            ("2024-03-09 10:60:00", "NotADate"),
            ("2024-03-09 10:00:88", "NotADate"),
            ("2024-03-09 10:00:00 PM", "NotADate"),
            ("3/4/2020 13:11:12 PM", "NotADate"),
            ("2024-13-01", "NotADate"),
            ("2024-03-09 ", "2024-03-09 00:00:00.000000"),
            ("2024-03-09x", "NotADate"),
            ("2024/03-09", "NotADate"),
            ("", "NotADate"),
            ("0000-01-01", "NotADate"),
        ] {
            assert_eq!(shown(text, &Compat::default()), expected, "{text}");
        }
    }

    #[test]
    fn contracts_of_old_forgive_days_first_and_too_many_seconds() {
        let compat = Compat { dates_forgiving: true, ..Compat::default() };
        for (text, expected) in [
            ("03/04/2020", "2020-03-04 00:00:00.000000"),
            ("14/12/1988", "1988-12-14 00:00:00.000000"),
            ("14/12/1988 10:59:88", "1988-12-14 10:59:59.000000"),
            ("3/4/2020 1:11:12 PM", "2020-03-04 13:11:12.000000"),
            ("14/12/1988 1:11:12 PM", "NotADate"),
            ("2024-03-09T04:05:06Z", "2024-03-09 04:05:06.000000"),
            ("2024-03-09 04:05:06.1234567", "TooFine"),
            ("2024-03-09 04:05:06.1234560", "TooFine"),
            ("3/4/20", "NotADate"),
            ("2024-03-09 10:60:88", "NotADate"),
            ("14/13/1988", "NotADate"),
        ] {
            assert_eq!(shown(text, &compat), expected, "{text}");
        }
    }

    #[test]
    fn months_later_stay_in_their_month() {
        let day = |text| moment(text, &Compat::default()).unwrap().day;
        assert_eq!(months_later(day("2024-01-31"), 1), Some(day("2024-02-29")));
        assert_eq!(months_later(day("2024-01-31"), -2), Some(day("2023-11-30")));
        assert_eq!(months_later(day("9999-12-01"), 1), None);
        assert_eq!(day("9999-12-31"), LAST_DAY);
    }

    proptest! {
        #[test]
        fn a_date_comes_back(days in -719_162_i32..=LAST_DAY) {
            prop_assert_eq!(moment(&date_text(days), &Compat::default()).map(|moment| moment.day), Ok(days));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-0-9/:. TAPMZ+é]{0,40}") {
            let _ = moment(&text, &Compat::default());
            let _ = moment(&text, &Compat { dates_forgiving: true, ..Compat::default() });
        }
    }
}
