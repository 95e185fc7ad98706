//! From a text to a value of a type.

use super::number::Number;
use super::text::{fitted, is_blank};
use super::times::{DAY, moment};
use super::{Compat, Type, Value, ValueError};
use crate::expression::Evaluated;

/// The value of a text in a type; NULL where the text is blank. `bare` says that nothing was done with the text before.
///
/// Numbers are exact: what is finer than the type is rounded half up (away from zero), what is larger is an error. Texts are stripped and cut to
/// the type's length. See [`Compat`] for what contracts of old do instead.
///
/// # Errors
/// What keeps the text from being a value, see [`ValueError`].
pub fn convert(text: &str, to: &Type, bare: bool, compat: &Compat) -> Result<Value, ValueError> {
    let text = text.trim();
    if is_blank(text) {
        return Ok(Value::Null);
    }
    match to {
        Type::Text { length } => Ok(fitted(text, *length, compat).map_or(Value::Null, Value::Text)),
        Type::SmallInt | Type::TinyInt | Type::Int | Type::BigInt => integer(text, to, bare, compat),
        Type::Decimal { precision, scale } => decimal(text, *precision, *scale, compat),
        Type::Bit => bit(text, bare, compat),
        Type::Date => Ok(Value::Date(moment(text, compat)?.day)),
        Type::Timestamp => Ok(Value::Timestamp(moment(text, compat)?.instant())),
        Type::Double => double(text),
    }
}

/// The value of what an expression gave, in a type.
///
/// # Errors
/// As [`convert`]. An error of the expression is none of a value, and NULL here.
pub fn from_evaluated(evaluated: Evaluated, to: &Type, compat: &Compat) -> Result<Value, ValueError> {
    match (evaluated, to) {
        (Evaluated::Null | Evaluated::Error(_), _) => Ok(Value::Null),
        (Evaluated::Date(day), Type::Date) => Ok(Value::Date(day)),
        (Evaluated::Date(day), Type::Timestamp) => Ok(Value::Timestamp(i64::from(day) * DAY)),
        (Evaluated::Timestamp(instant), Type::Timestamp) => Ok(Value::Timestamp(instant)),
        (Evaluated::Timestamp(instant), Type::Date) => i32::try_from(instant.div_euclid(DAY)).map(Value::Date).map_err(|_| ValueError::OutOfRange),
        (Evaluated::Number(number), Type::SmallInt | Type::TinyInt | Type::Int | Type::BigInt) => whole(number, to),
        (Evaluated::Number(number), Type::Decimal { precision, scale }) => scaled(number, *precision, *scale),
        (evaluated, to) => convert(&evaluated.to_string(), to, false, compat),
    }
}

fn integer(text: &str, to: &Type, bare: bool, compat: &Compat) -> Result<Value, ValueError> {
    if bare && compat.ints_first_run && !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return first_number(text).map_or(Ok(Value::Null), |number| whole(number, to));
    }
    whole(Number::parse(text).ok_or(ValueError::NotANumber)?, to)
}

/// The first run of digits, with a fraction where one follows at once.
fn first_number(text: &str) -> Option<Number> {
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[from..];
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    let fraction = rest[whole..].strip_prefix('.').map_or(0, digits);
    let end = if fraction == 0 { whole } else { whole + 1 + fraction };
    Number::parse(&rest[..end])
}

fn whole(number: Number, to: &Type) -> Result<Value, ValueError> {
    let (least, most) = match to {
        Type::TinyInt => (0, 255),
        Type::SmallInt => (i16::MIN.into(), i16::MAX.into()),
        Type::Int => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    };
    let value = number.rounded(0).and_then(|value| i64::try_from(value).ok()).ok_or(ValueError::OutOfRange)?;
    if (least..=most).contains(&value) { Ok(Value::Integer(value)) } else { Err(ValueError::OutOfRange) }
}

fn decimal(text: &str, precision: u8, scale: u8, compat: &Compat) -> Result<Value, ValueError> {
    let number = Number::parse(text).ok_or(ValueError::NotANumber)?;
    if !compat.decimals_as_doubles {
        return scaled(number, precision, scale);
    }
    let unscaled = number.rounded(scale.into()).ok_or(ValueError::OutOfRange)?;
    let double = Number { unscaled, scale: scale.into() }.to_double();
    scaled(Number::of_double(double).ok_or(ValueError::OutOfRange)?, precision, scale)
}

fn scaled(number: Number, precision: u8, scale: u8) -> Result<Value, ValueError> {
    let unscaled = number.rounded(scale.into()).ok_or(ValueError::OutOfRange)?;
    let limit = 10_u128.pow(precision.min(38).into());
    if unscaled.unsigned_abs() < limit { Ok(Value::Decimal(unscaled)) } else { Err(ValueError::OutOfRange) }
}

fn bit(text: &str, bare: bool, compat: &Compat) -> Result<Value, ValueError> {
    match text {
        _ if bare && compat.any_text_is_one => Ok(Value::Integer(1)),
        "0" => Ok(Value::Integer(0)),
        "1" => Ok(Value::Integer(1)),
        _ => Err(ValueError::NotABit),
    }
}

fn double(text: &str) -> Result<Value, ValueError> {
    let value: f64 = text.parse().map_err(|_| ValueError::NotANumber)?;
    if value.is_finite() { Ok(Value::Double(value)) } else { Err(ValueError::NotANumber) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MONEY: Type = Type::Decimal { precision: 12, scale: 2 };

    fn strict(text: &str, to: Type) -> Result<Value, ValueError> {
        convert(text, &to, true, &Compat::default())
    }

    #[test]
    fn whole_numbers_are_rounded_half_up_and_have_their_range() {
        for (text, to, value) in [
            ("36.50", Type::Int, Ok(37)),
            ("36.4", Type::Int, Ok(36)),
            ("-7", Type::Int, Ok(-7)),
            ("1,234", Type::Int, Ok(1234)),
            ("255", Type::TinyInt, Ok(255)),
            ("256", Type::TinyInt, Err(ValueError::OutOfRange)),
            ("-1", Type::TinyInt, Err(ValueError::OutOfRange)),
            ("32768", Type::SmallInt, Err(ValueError::OutOfRange)),
            ("2147483648", Type::Int, Err(ValueError::OutOfRange)),
            ("9223372036854775807", Type::BigInt, Ok(i64::MAX)),
            ("9223372036854775808", Type::BigInt, Err(ValueError::OutOfRange)),
            ("$1,234.56", Type::Int, Err(ValueError::NotANumber)),
            ("1e3", Type::Int, Err(ValueError::NotANumber)),
            ("seven", Type::Int, Err(ValueError::NotANumber)),
        ] {
            assert_eq!(strict(text, to), value.map(Value::Integer), "{text}");
        }
        assert_eq!(strict("  ", Type::Int), Ok(Value::Null));
    }

    #[test]
    fn a_bare_whole_number_of_old_is_the_first_run_of_digits() {
        let compat = Compat { ints_first_run: true, ..Compat::default() };
        for (text, bare, value) in [
            ("-7", true, Ok(Value::Integer(7))),
            ("-2.5", true, Ok(Value::Integer(3))),
            ("1,234", true, Ok(Value::Integer(1))),
            ("$1,234.56", true, Ok(Value::Integer(1))),
            ("1e3", true, Ok(Value::Integer(1))),
            ("12 months", true, Ok(Value::Integer(12))),
            ("none", true, Ok(Value::Null)),
            ("1,234", false, Ok(Value::Integer(1234))),
            ("-7", false, Ok(Value::Integer(-7))),
            ("12 months", false, Err(ValueError::NotANumber)),
        ] {
            assert_eq!(convert(text, &Type::Int, bare, &compat), value, "{text} {bare}");
        }
    }

    #[test]
    fn decimals_keep_every_digit_but_those_of_old() {
        assert_eq!(strict("1234567890.125", MONEY), Ok(Value::Decimal(123_456_789_013)));
        assert_eq!(strict("12345678901", MONEY), Err(ValueError::OutOfRange));
        assert_eq!(strict("$1,200.50", MONEY), Err(ValueError::NotANumber));
        assert_eq!(strict("NaN", MONEY), Err(ValueError::NotANumber));
        let wide = Type::Decimal { precision: 38, scale: 2 };
        assert_eq!(strict("12345678901234567.89", wide), Ok(Value::Decimal(1_234_567_890_123_456_789)));
        let compat = Compat { decimals_as_doubles: true, ..Compat::default() };
        assert_eq!(convert("12345678901234567.89", &wide, true, &compat), Ok(Value::Decimal(1_234_567_890_123_456_800)));
        assert_eq!(convert("1.005", &wide, true, &compat), Ok(Value::Decimal(101)));
    }

    #[test]
    fn a_bit_is_0_or_1_and_of_old_anything() {
        assert_eq!((strict("0", Type::Bit), strict("1", Type::Bit)), (Ok(Value::Integer(0)), Ok(Value::Integer(1))));
        assert_eq!(strict("Y", Type::Bit), Err(ValueError::NotABit));
        let compat = Compat { any_text_is_one: true, ..Compat::default() };
        for text in ["0", "N", "false"] {
            assert_eq!(convert(text, &Type::Bit, true, &compat), Ok(Value::Integer(1)));
        }
        assert_eq!(convert("", &Type::Bit, true, &compat), Ok(Value::Null));
    }

    #[test]
    fn a_date_is_that_of_a_time_at_midnight() {
        assert_eq!(strict("1970-01-02 10:00:00", Type::Date), Ok(Value::Date(1)));
        assert_eq!(strict("1/2/1970", Type::Timestamp), Ok(Value::Timestamp(DAY)));
    }

    #[test]
    fn what_an_expression_gave_becomes_a_value() {
        let number = |text| Evaluated::Number(Number::parse(text).unwrap());
        let value = |evaluated, to| from_evaluated(evaluated, &to, &Compat::default());
        assert_eq!(value(number("2.5"), Type::Int), Ok(Value::Integer(3)));
        assert_eq!(value(number("2.5"), MONEY), Ok(Value::Decimal(250)));
        assert_eq!(value(number("2.50"), Type::Text { length: None }), Ok(Value::Text("2.5".into())));
        assert_eq!(value(Evaluated::Date(1), Type::Timestamp), Ok(Value::Timestamp(DAY)));
        assert_eq!(value(Evaluated::Timestamp(DAY + 5), Type::Date), Ok(Value::Date(1)));
        assert_eq!(value(Evaluated::Text("1970-01-02".into()), Type::Date), Ok(Value::Date(1)));
        assert_eq!(value(Evaluated::Null, Type::Int), Ok(Value::Null));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", digits in "[-+$,.0-9eN ]{0,45}", bare in any::<bool>()) {
            let types = [
                Type::Text { length: Some(3) }, Type::Text { length: Some(-1) }, Type::SmallInt, Type::TinyInt, Type::Int, Type::BigInt,
                Type::Decimal { precision: 38, scale: 38 }, MONEY, Type::Bit, Type::Date, Type::Timestamp, Type::Double,
            ];
            for to in types {
                for compat in [Compat::default(), Compat::original()] {
                    let _ = convert(&text, &to, bare, &compat);
                    let _ = convert(&digits, &to, bare, &compat);
                }
            }
        }
    }
}
