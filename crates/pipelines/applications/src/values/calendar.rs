//! Days of the Gregorian calendar.

/// A run of digits: how many, and the number.
pub(super) type Figure = (usize, u32);

/// Days since 1970 of a date that the calendar has.
pub(super) fn days(year: Figure, month: Figure, day: Figure) -> Option<i32> {
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
