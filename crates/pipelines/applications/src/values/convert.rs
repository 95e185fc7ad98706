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
        return first_number(text).map_or(Ok(Value::Null), |first| whole(number(first)?, to));
    }
    whole(number(text)?, to)
}

/// The number of a text.
fn number(text: &str) -> Result<Number, ValueError> {
    match Number::parse(text) {
        Some(number) => Ok(number),
        None if !Number::is_written(text) => Err(ValueError::NotANumber),
        None => without_last_digits(text).ok_or(ValueError::OutOfRange),
    }
}

/// The number of a text with more digits than 128 bits hold, without those at the end of its fraction.
fn without_last_digits(text: &str) -> Option<Number> {
    let (whole, fraction) = text.split_once('.')?;
    let room = (Number::MOST_SCALE as usize).saturating_sub(whole.len()).min(fraction.len());
    Number::parse(&format!("{whole}.{}", &fraction[..room]))
}

/// The first run of digits, with a fraction where one follows at once.
fn first_number(text: &str) -> Option<&str> {
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[from..];
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    let fraction = rest[whole..].strip_prefix('.').map_or(0, digits);
    let end = if fraction == 0 { whole } else { whole + 1 + fraction };
    Some(&rest[..end])
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
    if !compat.decimals_as_doubles {
        return scaled(number(text)?, precision, scale);
    }
    let number = number_of_old(text)?;
    let unscaled = number.rounded(scale.into()).ok_or(ValueError::OutOfRange)?;
    let double = Number { unscaled, scale: scale.into() }.to_double();
    scaled(Number::of_double(double).ok_or(ValueError::OutOfRange)?, precision, scale)
}

/// The number of a text that was on its way to a double: with an exponent, too. `NaN` came as far as the database, which refused it.
fn number_of_old(text: &str) -> Result<Number, ValueError> {
    if text.trim_start_matches(['+', '-']).eq_ignore_ascii_case("nan") {
        return Err(ValueError::NotFinite);
    }
    match text.split_once(['e', 'E']) {
        None => number(text),
        Some((digits, exponent)) => {
            let exponent = exponent.parse::<i32>().map_err(|_| ValueError::NotANumber)?;
            number(digits)?.times_ten_to(exponent).ok_or(ValueError::OutOfRange)
        }
    }
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
    if value.is_finite() { Ok(Value::Double(value)) } else { Err(ValueError::NotFinite) }
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
            ("99999999999999999999999999999999999999999", Type::BigInt, Err(ValueError::OutOfRange)),
            ("0.49999999999999999999999999999999999999999", Type::Int, Ok(0)),
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
            ("-3000000000", true, Err(ValueError::OutOfRange)),
            ("$99999999999999999999999999999999999999999", true, Err(ValueError::OutOfRange)),
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
    fn a_decimal_of_old_takes_exponents_and_is_refused_where_it_is_nan_and_left_out_where_it_has_a_currency() {
        let compat = Compat { decimals_as_doubles: true, ..Compat::default() };
        for (text, value) in [
            ("36.505", Ok(Value::Decimal(3651))),
            ("-0.005", Ok(Value::Decimal(-1))),
            ("1,200.50", Ok(Value::Decimal(120_050))),
            ("1e3", Ok(Value::Decimal(100_000))),
            ("-1.25E-1", Ok(Value::Decimal(-13))),
            ("1e-400", Ok(Value::Decimal(0))),
            ("1e400", Err(ValueError::OutOfRange)),
            ("10000000000", Err(ValueError::OutOfRange)),
            ("NaN", Err(ValueError::NotFinite)),
            ("-nan", Err(ValueError::NotFinite)),
            ("$1,200.50", Err(ValueError::NotANumber)),
            ("12 a month", Err(ValueError::NotANumber)),
            ("", Ok(Value::Null)),
            ("  ", Ok(Value::Null)),
        ] {
            assert_eq!(convert(text, &MONEY, true, &compat), value, "{text}");
        }
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
