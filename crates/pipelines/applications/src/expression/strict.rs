//! The strict dialect: values have types, and what does not go together is an error.
//!
//! A missing attribute is null. Null in arithmetic gives null; a comparison with null, or of a blank text with a number or date, is false. Texts are
//! numbers or dates where the other side is one: by its own type, or as a text between quotes that reads as one.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Evaluated;
use super::ast::{Arithmetic, Comparison, Node, Unit, is_like};
use super::error::EvaluationError;
use crate::values::times::{DAY, LAST_DAY, moment, months_later};
use crate::values::{Compat, Number, is_blank};

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

fn compare(operator: Comparison, left: Value<'_>, right: Value<'_>) -> Result<bool> {
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

/// Microseconds since 1970 of what is compared with a date; nothing for null and blank.
fn instant(value: Value<'_>) -> Result<Option<i64>> {
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
fn date(value: Value<'_>) -> Result<Value<'_>> {
    Ok(match instant(value)? {
        Some(instant) => Value::Date(i32::try_from(instant.div_euclid(DAY)).map_err(|_| EvaluationError::Overflow)?),
        None => Value::Null,
    })
}

/// Later by a whole number of units. A date stays one where years, months or days are added; a text is a date where it says no time.
fn date_add<'v>(unit: Unit, count: Option<Number>, from: Value<'v>) -> Result<Value<'v>> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Dialect, Expression};
    use super::*;

    fn asked(text: &str, context: &[(&str, &'static str)]) -> String {
        let expression = Expression::parse(text, Dialect::Strict).unwrap_or_else(|error| panic!("{text}: {error}"));
        let find = |at: usize| {
            let reference = &expression.references()[at];
            let name = reference.element.as_ref().map_or(reference.attribute.clone(), |element| format!("{element}.{}", reference.attribute));
            context.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name)).map(|(_, text)| *text)
        };
        match expression.evaluate(&find) {
            Evaluated::Error(error) => format!("{error:?}"),
            Evaluated::Null => "null".to_owned(),
            evaluated => evaluated.to_string(),
        }
    }

    /// 1 or 0 of a condition over one or two attributes.
    fn holds(condition: &str, a: &'static str, b: &'static str) -> String {
        asked(condition, &[("a", a), ("b", b)])
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        for (condition, a, b, expected) in [
            ("a >= 700", "100", "", "0"),
            ("a >= 700", "700", "", "1"),
            ("a >= 700", "-5", "", "0"),
            ("a >= 700", "", "", "0"),
            ("a > '0'", "150", "", "1"),
            ("a > '0'", "0", "", "0"),
            ("a = 1", "1.0", "", "1"),
            ("a = 1", "", "", "0"),
            ("a < 5", "3", "", "1"),
            ("a != 1", "1", "", "0"),
            ("a > '5'", "abc", "", "NotANumber"),
            ("a < b", "3", "10", "1"),
            ("a + 1 > b", "3", "3.5", "1"),
            ("a = '01'", "1", "", "0"),
        ] {
            assert_eq!(holds(condition, a, b), expected, "{condition} of {a:?} and {b:?}");
        }
    }

    #[test]
    fn conditions_have_precedence_and_brackets() {
        for (condition, a, b, expected) in [
            ("a = 'x' AND b = 'y'", "x", "y", "1"),
            ("a = 'x'", "X", "", "0"),
            ("a = 'x' OR a = 'y' AND b = 'z'", "x", "", "1"),
            ("(a = 'x' OR a = 'y') AND b = 'z'", "x", "", "0"),
            ("NOT (a = 'x')", "x", "", "0"),
            ("NOT a = 'x'", "y", "", "1"),
            ("a NOT LIKE 'x%'", "Xyz", "", "0"),
            ("a LIKE '_Y%'", "xyz", "", "1"),
            ("a LIKE 'x.z'", "xyz", "", "0"),
            ("a <> 'x'", "y", "", "1"),
            ("a IN ('x', 'y')", "y", "", "1"),
            ("a NOT IN ('x', 'y')", "y", "", "0"),
            ("a BETWEEN 1 AND 3", "2.5", "", "1"),
            ("a = 'x AND y'", "x AND y", "", "1"),
            ("a IS NULL", "  ", "", "0"),
            ("a IS EMPTY", "  ", "", "1"),
            ("c IS NULL AND c IS EMPTY", "", "", "1"),
            ("c IS NOT NULL", "", "", "0"),
            ("a", "x", "", "x"),
        ] {
            assert_eq!(holds(condition, a, b), expected, "{condition} of {a:?} and {b:?}");
        }
    }

    #[test]
    fn dates_are_compared_as_dates_however_they_are_written() {
        for (condition, a, expected) in [
            ("a > '2020-01-01'", "1/15/2024", "1"),
            ("a > DATE('2024-02-01')", "1/15/2024", "0"),
            ("a >= '2024-1-15'", "1/15/2024 00:00:00", "1"),
            ("a > '2020-01-01'", "soon", "NotADate"),
            ("a > '2020-01-01'", "", "0"),
        ] {
            assert_eq!(holds(condition, a, ""), expected, "{condition} of {a:?}");
        }
    }

    #[test]
    fn values_are_exact_and_null_where_nothing_is_known() {
        for (text, a, b, expected) in [
            ("a + b * 12", "3", "2", "27"),
            ("a + b * 12", "3", "", "null"),
            ("a / b", "1", "0", "null"),
            ("a / b", "1", "8", "0.125"),
            ("a // b", "-7", "2", "-4"),
            ("a % b", "-7", "2", "1"),
            ("-a ** 2", "3", "", "-9"),
            ("a ** b", "2", "0.5", "Exponent"),
            ("a ** b", "10", "60", "Overflow"),
            ("a * 1", "1,234.50", "", "1234.5"),
            ("a * 1", "$12", "", "NotANumber"),
            ("a + b", "1", "two", "NotANumber"),
            ("0.1 + 0.2", "", "", "0.3"),
            ("CASE WHEN a = 'ANNUM' THEN b / 12 WHEN a = 'MONTH' THEN b ELSE 0 END", "ANNUM", "48000", "4000"),
            ("CASE WHEN a = 'ANNUM' THEN b / 12 END", "WEEK", "1", "null"),
            ("case when a is null then 'none' else 'it''s' end", "x", "", "it's"),
            ("a > 1 > 0", "x", "", "the end"),
            ("DATEADD(day, 30, a)", "1/31/2024", "", "2024-03-01"),
            ("DATEADD(month, 1, a)", "2024-01-31 10:00:00", "", "2024-02-29 10:00:00"),
            ("DATEADD(hour, -1, a)", "2024-01-01", "", "2023-12-31 23:00:00"),
            ("DATEADD(year, b, DATE(a))", "2024-02-29 10:00:00", "-1", "2023-02-28"),
            ("DATEADD(day, 1, a)", "", "", "null"),
            ("DATEADD(day, 1, a)", "soon", "", "NotADate"),
            ("DATEADD(year, 99999, a)", "2024-01-01", "", "Overflow"),
        ] {
            if expected == "the end" {
                assert!(Expression::parse(text, Dialect::Strict).is_err());
                continue;
            }
            assert_eq!(holds(text, a, b), expected, "{text} of {a:?} and {b:?}");
        }
        assert_eq!(asked("address.years * 12", &[("ADDRESS.Years", "2")]), "24");
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_place() {
        for (text, offset, said) in [
            ("CASE WHEN a THEN", 16, "the end where a value"),
            ("CASE a END", 5, "a where WHEN"),
            ("a = ", 4, "the end where a value"),
            ("a = 'x", 4, "a text that does not end"),
            ("a ? b", 2, "? has no meaning"),
            ("12abc", 0, "12abc is not a number"),
            ("f(a)", 0, "functions are DATE and DATEADD"),
            ("a.b.c", 0, "element.attribute"),
            ("a NOT b", 6, "LIKE, IN or BETWEEN"),
            ("DATEADD(moon, 1, a)", 8, "year, month"),
            ("a b", 2, "b where the end"),
        ] {
            let error = Expression::parse(text, Dialect::Strict).unwrap_err();
            assert!(error.offset == offset && error.to_string().contains(said), "{text}: {error:?}");
        }
        let deep = format!("{}a{}", "(".repeat(1000), ")".repeat(1000));
        assert!(Expression::parse(&deep, Dialect::Strict).unwrap_err().message.contains("inside one another"));
        assert!(Expression::parse(&"a+".repeat(9000), Dialect::Strict).is_err());
        assert!(Expression::parse(&"2**".repeat(600), Dialect::Strict).is_err());
        assert!(Expression::parse(&format!("{}a", "-".repeat(10_000)), Dialect::Strict).is_ok());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(words in prop::collection::vec(prop::sample::select(vec![
            "CASE", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "IS", "NULL", "EMPTY", "LIKE", "IN", "BETWEEN", "DATEADD(day,", "DATE(", "(", ")", ",",
            "a", "b", "e.a", "'x'", "'%_'", "1", "2.5", "+", "-", "*", "/", "//", "**", "%", "=", "!=", "<", ">=", "'2024-01-31'",
        ]), 0..14), a in "[-0-9./x ]{0,8}", junk in "\\PC{0,30}") {
            for text in [words.join(" "), junk] {
                for dialect in [Dialect::Strict, Dialect::Compat] {
                    if let Ok(expression) = Expression::parse(&text, dialect) {
                        let _ = expression.evaluate(&|_| Some(&a));
                        let _ = expression.evaluate(&|_| None);
                    }
                }
            }
        }
    }
}
