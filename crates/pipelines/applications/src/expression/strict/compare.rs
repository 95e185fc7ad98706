//! Comparisons of values of which one may be a text.

use std::cmp::Ordering;

use super::super::ast::Comparison;
use super::super::error::EvaluationError;
use super::dates::instant;
use super::{Result, Value};
use crate::values::times::moment;
use crate::values::{Compat, Number, is_blank};

/// Whether a comparison holds; with null it does not.
pub(super) fn compare(operator: Comparison, left: Value<'_>, right: Value<'_>) -> Result<bool> {
    let order = match (&left, &right) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Text(left), Value::Text(right)) => texts(operator, left, right)?,
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Number(number), Value::Text(text)) => beside_number(text)?.and_then(|other| number.partial_cmp(&other)),
        (Value::Text(text), Value::Number(number)) => beside_number(text)?.and_then(|other| other.partial_cmp(number)),
        (Value::Truth(left), Value::Truth(right)) => Some(left.cmp(right)),
        (Value::Number(_) | Value::Truth(_), _) | (_, Value::Number(_) | Value::Truth(_)) => return Err(EvaluationError::Types),
        _ => match (instant(left)?, instant(right)?) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => None,
        },
    };
    Ok(order.is_some_and(|order| operator.holds(order)))
}

/// Two texts: equal or not as they stand; which is more by number or date where both are one, else by their characters.
fn texts(operator: Comparison, left: &str, right: &str) -> Result<Option<Ordering>> {
    if matches!(operator, Comparison::Equal | Comparison::Unequal) {
        return Ok(Some(left.cmp(right)));
    }
    if is_blank(left) || is_blank(right) {
        return Ok(None);
    }
    match (Number::parse(left), Number::parse(right)) {
        (Some(left), Some(right)) => return Ok(left.partial_cmp(&right)),
        (Some(_), None) | (None, Some(_)) => return Err(EvaluationError::NotANumber),
        (None, None) => {}
    }
    match (moment(left, &Compat::default()), moment(right, &Compat::default())) {
        (Ok(left), Ok(right)) => Ok(Some(left.instant().cmp(&right.instant()))),
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => Err(EvaluationError::NotADate),
        (Err(_), Err(_)) => Ok(Some(left.cmp(right))),
    }
}

/// A text that is compared with a number; nothing for a blank one.
fn beside_number(text: &str) -> Result<Option<Number>> {
    if is_blank(text) {
        return Ok(None);
    }
    Number::parse(text).map(Some).ok_or(EvaluationError::NotANumber)
}
