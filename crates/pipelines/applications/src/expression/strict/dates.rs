//! Dates of values, and what is later.

use super::super::ast::Unit;
use super::super::error::EvaluationError;
use super::{Result, Value};
use crate::values::calendar::{LAST_DAY, months_later};
use crate::values::times::{DAY, moment};
use crate::values::{Compat, Number, is_blank};

/// Microseconds since 1970 of what is compared with a date; nothing for null and blank.
pub(super) fn instant(value: Value<'_>) -> Result<Option<i64>> {
    match value {
        Value::Date(day) => Ok(Some(i64::from(day) * DAY)),
        Value::Timestamp(instant) => Ok(Some(instant)),
        Value::Null => Ok(None),
        Value::Text(text) if is_blank(&text) => Ok(None),
        Value::Text(text) => moment(&text, &Compat::default()).map(|moment| Some(moment.instant())).map_err(|_| EvaluationError::NotADate),
        Value::Number(_) | Value::Truth(_) => Err(EvaluationError::Types),
    }
}

/// The day of a date, a time or a text.
pub(super) fn date(value: Value<'_>) -> Result<Value<'_>> {
    Ok(match instant(value)? {
        Some(instant) => Value::Date(i32::try_from(instant.div_euclid(DAY)).map_err(|_| EvaluationError::Overflow)?),
        None => Value::Null,
    })
}

/// Later by a whole number of units. A date stays one where years, months or days are added; a text is a date where it says no time.
pub(super) fn date_add<'v>(unit: Unit, count: Option<Number>, from: Value<'v>) -> Result<Value<'v>> {
    let is_time = match &from {
        Value::Timestamp(_) => true,
        Value::Text(text) => text.contains(':'),
        _ => false,
    };
    let (Some(count), Some(instant)) = (count, instant(from)?) else { return Ok(Value::Null) };
    let count = count.rounded(0).and_then(|count| i64::try_from(count).ok()).ok_or(EvaluationError::Overflow)?;
    let (day, micros) = (instant.div_euclid(DAY), instant.rem_euclid(DAY));
    let moved = match unit {
        Unit::Micros(micros) => count.checked_mul(micros).and_then(|later| instant.checked_add(later)),
        Unit::Months => later(day, micros, Some(count)),
        Unit::Years => later(day, micros, count.checked_mul(12)),
    };
    /// 0001-01-01.
    const FIRST_DAY: i64 = -719_162;
    let moved = moved.filter(|moved| (FIRST_DAY..=LAST_DAY.into()).contains(&moved.div_euclid(DAY))).ok_or(EvaluationError::Overflow)?;
    let is_time = is_time || matches!(unit, Unit::Micros(micros) if micros % DAY != 0);
    let day = i32::try_from(moved.div_euclid(DAY)).map_err(|_| EvaluationError::Overflow)?;
    Ok(if is_time { Value::Timestamp(moved) } else { Value::Date(day) })
}

fn later(day: i64, micros: i64, months: Option<i64>) -> Option<i64> {
    let day = months_later(i32::try_from(day).ok()?, months?)?;
    Some(i64::from(day) * DAY + micros)
}
