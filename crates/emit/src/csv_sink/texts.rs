//! Values as text.

use std::io::Write;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, DecimalType, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampNanosecondType, UInt8Type, UInt16Type,
    UInt32Type,
};
use arrow_array::{Array, ArrayRef, BooleanArray, PrimitiveArray, StringArray};
use arrow_schema::{DataType, TimeUnit};
use rowmill_core::day::Day;
use rowmill_core::{Error, Result};

const NANOS_PER_SECOND: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// A column of a batch by its type.
pub(super) enum Column<'a> {
    Int8(&'a PrimitiveArray<Int8Type>),
    Int16(&'a PrimitiveArray<Int16Type>),
    Int32(&'a PrimitiveArray<Int32Type>),
    Int64(&'a PrimitiveArray<Int64Type>),
    UInt8(&'a PrimitiveArray<UInt8Type>),
    UInt16(&'a PrimitiveArray<UInt16Type>),
    UInt32(&'a PrimitiveArray<UInt32Type>),
    Double(&'a PrimitiveArray<Float64Type>),
    Boolean(&'a BooleanArray),
    Date(&'a PrimitiveArray<Date32Type>),
    Decimal(&'a PrimitiveArray<Decimal128Type>, u8, i8),
    /// With its zone's distance from UTC in seconds; `None` without a zone.
    Time(&'a PrimitiveArray<TimestampNanosecondType>, Option<i64>),
    Text(&'a StringArray),
    Coded(&'a [i32], &'a dyn Array, &'a StringArray),
}

impl<'a> Column<'a> {
    /// Looks at a column.
    ///
    /// # Errors
    /// `BUG_INTERNAL` for a type that no pipeline writes.
    pub(super) fn of(array: &'a ArrayRef) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Int8 => Self::Int8(array.as_primitive()),
            DataType::Int16 => Self::Int16(array.as_primitive()),
            DataType::Int32 => Self::Int32(array.as_primitive()),
            DataType::Int64 => Self::Int64(array.as_primitive()),
            DataType::UInt8 => Self::UInt8(array.as_primitive()),
            DataType::UInt16 => Self::UInt16(array.as_primitive()),
            DataType::UInt32 => Self::UInt32(array.as_primitive()),
            DataType::Float64 => Self::Double(array.as_primitive()),
            DataType::Boolean => Self::Boolean(array.as_boolean()),
            DataType::Date32 => Self::Date(array.as_primitive()),
            DataType::Decimal128(precision, scale) => Self::Decimal(array.as_primitive(), *precision, *scale),
            DataType::Timestamp(TimeUnit::Nanosecond, None) => Self::Time(array.as_primitive(), None),
            DataType::Timestamp(TimeUnit::Nanosecond, Some(zone)) => {
                let offset = offset_seconds(zone).ok_or_else(|| Error::bug(format!("CSV times in the zone {zone}")))?;
                Self::Time(array.as_primitive(), Some(offset))
            }
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::Dictionary(key, value) if **key == DataType::Int32 && **value == DataType::Utf8 => {
                let dictionary = array.as_dictionary::<Int32Type>();
                Self::Coded(dictionary.keys().values(), array.as_ref(), dictionary.values().as_string())
            }
            other => return Err(Error::bug(format!("CSV cannot carry a column of type {other}"))),
        })
    }

    /// Appends the value of a row; nothing for NULL.
    pub(super) fn put(&self, row: usize, out: &mut Vec<u8>) {
        match self {
            Self::Int8(array) => put_integer(array.is_valid(row).then(|| i64::from(array.value(row))), out),
            Self::Int16(array) => put_integer(array.is_valid(row).then(|| i64::from(array.value(row))), out),
            Self::Int32(array) => put_integer(array.is_valid(row).then(|| i64::from(array.value(row))), out),
            Self::Int64(array) => put_integer(array.is_valid(row).then(|| array.value(row)), out),
            Self::UInt8(array) => put_integer(array.is_valid(row).then(|| i64::from(array.value(row))), out),
            Self::UInt16(array) => put_integer(array.is_valid(row).then(|| i64::from(array.value(row))), out),
            Self::UInt32(array) => put_integer(array.is_valid(row).then(|| i64::from(array.value(row))), out),
            Self::Double(array) if array.is_valid(row) => put_double(array.value(row), out),
            Self::Boolean(array) if array.is_valid(row) => put(out, format_args!("{}", array.value(row))),
            Self::Date(array) if array.is_valid(row) => put(out, format_args!("{}", Day(array.value(row)))),
            Self::Decimal(array, precision, scale) if array.is_valid(row) => {
                put(out, format_args!("{}", Decimal128Type::format_decimal(array.value(row), *precision, *scale)));
            }
            Self::Time(array, offset) if array.is_valid(row) => put_time(array.value(row), *offset, out),
            Self::Text(array) if array.is_valid(row) => put_field(array.value(row), out),
            Self::Coded(codes, array, values) if array.is_valid(row) && values.is_valid(codes[row] as usize) => {
                put_field(values.value(codes[row] as usize), out);
            }
            _ => {}
        }
    }
}

/// `+11:00` and the like in seconds.
fn offset_seconds(zone: &str) -> Option<i64> {
    if zone == "UTC" {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone[1..].split_once(':')?;
    Some(sign * (hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60))
}

/// Writing into memory does not fail.
fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn put_integer(value: Option<i64>, out: &mut Vec<u8>) {
    if let Some(value) = value {
        put(out, format_args!("{value}"));
    }
}

/// As Python's `repr`: the shortest digits that read back, with an exponent only below 1e-4 and from 1e16 on. NaN is nothing, as data
/// frames write it.
fn put_double(value: f64, out: &mut Vec<u8>) {
    let exponent = if value == 0.0 { 0 } else { exponent_of(value) };
    match value {
        _ if value.is_nan() => {}
        _ if value.is_infinite() => put(out, format_args!("{}", if value > 0.0 { "inf" } else { "-inf" })),
        _ if (-4..16).contains(&exponent) => put(out, format_args!("{value:?}")),
        _ => {
            let text = format!("{value:e}");
            let digits = text.split_once('e').map_or(text.as_str(), |(digits, _)| digits);
            put(out, format_args!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()));
        }
    }
}

/// The exponent of ten of the first digit.
fn exponent_of(value: f64) -> i32 {
    format!("{value:e}").split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

fn put_time(nanos: i64, offset: Option<i64>, out: &mut Vec<u8>) {
    let seconds = nanos.div_euclid(NANOS_PER_SECOND) + offset.unwrap_or(0);
    let fraction = nanos.rem_euclid(NANOS_PER_SECOND);
    let (day, second) = (seconds.div_euclid(SECONDS_PER_DAY), seconds.rem_euclid(SECONDS_PER_DAY));
    // The nanoseconds of 64 bits span six centuries.
    put(out, format_args!("{} {:02}:{:02}:{:02}", Day(day as i32), second / 3_600, second / 60 % 60, second % 60));
    match fraction {
        0 => {}
        _ if fraction % 1_000 == 0 => put(out, format_args!(".{:06}", fraction / 1_000)),
        _ => put(out, format_args!(".{fraction:09}")),
    }
    if let Some(offset) = offset {
        let (sign, offset) = (if offset < 0 { '-' } else { '+' }, offset.abs());
        put(out, format_args!("{sign}{:02}:{:02}", offset / 3_600, offset / 60 % 60));
    }
}

/// A text of a row: the empty one is quoted, so that it is not taken for NULL.
fn put_field(text: &str, out: &mut Vec<u8>) {
    if text.is_empty() { out.extend_from_slice(b"\"\"") } else { put_text(text, out) }
}

/// A text, in quotes where it holds a comma, a quote or a line end, or begins or ends with a blank.
pub(super) fn put_text(text: &str, out: &mut Vec<u8>) {
    let needs_quotes = text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) || text.starts_with(' ') || text.ends_with(' ');
    if !needs_quotes {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_printed_as_python_does() {
        let printed = |value: f64| {
            let mut out = Vec::new();
            put_double(value, &mut out);
            String::from_utf8(out).unwrap()
        };
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (100.0, "100.0"),
            (0.1, "0.1"),
            (2_897.870_409_697_9, "2897.8704096979"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e-5, "1.5e-05"),
            (0.0001, "0.0001"),
            (-1.25e300, "-1.25e+300"),
            (f64::NAN, ""),
            (f64::INFINITY, "inf"),
        ];
        cases.into_iter().for_each(|(value, text)| assert_eq!(printed(value), text));
    }

    #[test]
    fn a_time_is_shown_in_its_zone() {
        let mut out = Vec::new();
        put_time(1_725_494_400_000_000_000, offset_seconds("+11:00"), &mut out);
        assert_eq!(out, b"2024-09-05 11:00:00+11:00");
        assert_eq!((offset_seconds("-09:30"), offset_seconds("Australia/Sydney")), (Some(-34_200), None));
    }
}
