//! Dates and times as documents write them.

#[cfg(test)]
mod tests;

use super::calendar::{Figure, days};
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
