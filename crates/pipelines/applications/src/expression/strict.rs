//! The strict dialect: values have types, and what does not go together is an error.
//!
//! A missing attribute is null. Null in arithmetic gives null; a comparison with null, or of a blank text with a number or date, is false. Texts are
//! numbers or dates where the other side is one: by its own type, or as a text between quotes that reads as one.

mod compare;
mod dates;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::Evaluated;
use super::ast::{Arithmetic, Comparison, Node, is_like};
use super::error::EvaluationError;
use crate::values::{Number, is_blank};
use compare::compare;
use dates::{date, date_add};

type Texts<'t, 'f> = &'f dyn Fn(usize) -> Option<&'t str>;

/// A value on the way.
#[derive(Clone, Debug)]
enum Value<'v> {
    Null,
    Truth(bool),
    Text(Cow<'v, str>),
    Number(Number),
    Date(i32),
    Timestamp(i64),
}

type Result<T> = std::result::Result<T, EvaluationError>;

/// The value of an expression; a condition is 1 or 0.
pub(super) fn evaluate<'t>(node: &Node, text: Texts<'t, '_>) -> Evaluated {
    match value(node, text) {
        Ok(Value::Null) => Evaluated::Null,
        Ok(Value::Truth(truth)) => Evaluated::Number(Number::whole(truth.into())),
        Ok(Value::Text(text)) => Evaluated::Text(text.into_owned()),
        Ok(Value::Number(number)) => Evaluated::Number(number),
        Ok(Value::Date(day)) => Evaluated::Date(day),
        Ok(Value::Timestamp(instant)) => Evaluated::Timestamp(instant),
        Err(error) => Evaluated::Error(error),
    }
}

fn value<'v, 't: 'v>(node: &'v Node, text: Texts<'t, '_>) -> Result<Value<'v>> {
    Ok(match node {
        Node::Reference(number) => text(*number).map_or(Value::Null, |text| Value::Text(text.into())),
        Node::Text(text) => Value::Text(text.as_str().into()),
        Node::Number(number) => Value::Number(*number),
        Node::Null => Value::Null,
        Node::Case { branches, otherwise } => {
            for (condition, then) in branches {
                if truth(condition, text)? {
                    return value(then, text);
                }
            }
            return value(otherwise, text);
        }
        Node::Arithmetic { operator, left, right } => arithmetic(*operator, number(left, text)?, number(right, text)?)?,
        Node::Negative(node) => match number(node, text)? {
            Some(number) => Value::Number(number.negated().ok_or(EvaluationError::Overflow)?),
            None => Value::Null,
        },
        Node::Date(node) => date(value(node, text)?)?,
        Node::DateAdd { unit, count, date } => date_add(*unit, number(count, text)?, value(date, text)?)?,
        condition => Value::Truth(truth(condition, text)?),
    })
}

fn truth<'t>(node: &Node, text: Texts<'t, '_>) -> Result<bool> {
    Ok(match node {
        Node::And(parts) => all(parts, true, text)?,
        Node::Or(parts) => !all(parts, false, text)?,
        Node::Not(node) => !truth(node, text)?,
        Node::IsNull(node) => matches!(value(node, text)?, Value::Null),
        Node::IsEmpty(node) => is_empty(&value(node, text)?),
        Node::Like { text: node, pattern } => match value(node, text)? {
            Value::Null => false,
            Value::Text(text) => is_like(&text, pattern),
            _ => return Err(EvaluationError::Types),
        },
        Node::Compare { operator, left, right } => compare(*operator, value(left, text)?, value(right, text)?)?,
        Node::In { value: node, list } => {
            let wanted = value(node, text)?;
            for node in list {
                if compare(Comparison::Equal, wanted.clone(), value(node, text)?)? {
                    return Ok(true);
                }
            }
            false
        }
        Node::Between { value: node, low, high } => {
            let between = value(node, text)?;
            compare(Comparison::GreaterOrEqual, between.clone(), value(low, text)?)? && compare(Comparison::LessOrEqual, between, value(high, text)?)?
        }
        node => match value(node, text)? {
            Value::Truth(truth) => truth,
            Value::Null => false,
            _ => return Err(EvaluationError::Types),
        },
    })
}

/// Whether all of the parts are `wanted`; those behind the first that is not are not asked.
fn all<'t>(parts: &[Node], wanted: bool, text: Texts<'t, '_>) -> Result<bool> {
    for part in parts {
        if truth(part, text)? != wanted {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_empty(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => is_blank(text),
        _ => false,
    }
}

/// A number, nothing for null and blank.
fn number<'t>(node: &Node, text: Texts<'t, '_>) -> Result<Option<Number>> {
    match value(node, text)? {
        Value::Number(number) => Ok(Some(number)),
        Value::Null => Ok(None),
        Value::Text(text) if is_blank(&text) => Ok(None),
        Value::Text(text) => Number::parse(&text).map(Some).ok_or(EvaluationError::NotANumber),
        _ => Err(EvaluationError::Types),
    }
}

/// Null with null, and by zero.
fn arithmetic<'v>(operator: Arithmetic, left: Option<Number>, right: Option<Number>) -> Result<Value<'v>> {
    let (Some(left), Some(right)) = (left, right) else { return Ok(Value::Null) };
    let divides = matches!(operator, Arithmetic::Divided | Arithmetic::DividedDown | Arithmetic::Remainder);
    if divides && right.unscaled == 0 {
        return Ok(Value::Null);
    }
    let result = match operator {
        Arithmetic::Plus => left.plus(right),
        Arithmetic::Minus => left.minus(right),
        Arithmetic::Times => left.times(right),
        Arithmetic::Divided => left.divided_by(right),
        Arithmetic::DividedDown => left.divided_down(right),
        Arithmetic::Remainder => left.remainder(right),
        Arithmetic::Power if right.trimmed().scale > 0 || right.unscaled < 0 => return Err(EvaluationError::Exponent),
        Arithmetic::Power => left.to_the(right),
    };
    result.map(Value::Number).ok_or(EvaluationError::Overflow)
}
