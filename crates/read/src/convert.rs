//! From the types that files hold to the kinds that pipelines read.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType, Float32Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, DictionaryArray, Float64Array, Int64Array, PrimitiveArray, StringArray, TimestampMillisecondArray};
use arrow_schema::{DataType, TimeUnit};
use rowmill_core::{Code, ColumnKind, Error, Result};

pub(crate) const MILLIS_PER_DAY: i64 = 86_400_000;

/// Widens the array to its kind. Text that is already UTF-8 passes untouched.
pub(crate) fn to_kind(kind: ColumnKind, array: &ArrayRef) -> Result<ArrayRef> {
    match kind {
        ColumnKind::Text => to_text(array),
        ColumnKind::Double => to_double(array),
        ColumnKind::Timestamp => to_timestamp(array),
        ColumnKind::Integer => to_integer(array),
    }
}

fn to_text(array: &ArrayRef) -> Result<ArrayRef> {
    match array.data_type() {
        DataType::Utf8 => Ok(array.clone()),
        DataType::Binary => Ok(Arc::new(checked_utf8(array)?)),
        DataType::Dictionary(_, value) if **value == DataType::Utf8 => Ok(array.clone()),
        DataType::Dictionary(key, value) if **key == DataType::Int32 && **value == DataType::Binary => {
            let dictionary = array.as_dictionary::<Int32Type>();
            let values = Arc::new(checked_utf8(dictionary.values())?);
            let keys = dictionary.keys().clone();
            DictionaryArray::try_new(keys, values).map(|array| Arc::new(array) as ArrayRef).map_err(|error| Error::bug(error.to_string()))
        }
        other => Err(unexpected(other)),
    }
}

/// Shares the bytes; only looks at them.
fn checked_utf8(array: &ArrayRef) -> Result<StringArray> {
    let bytes = array.as_binary::<i32>();
    StringArray::try_from_binary(bytes.clone()).map_err(|error| {
        let bad = bytes.iter().position(|value| value.is_some_and(|value| std::str::from_utf8(value).is_err()));
        let value = bad.map(|row| String::from_utf8_lossy(bytes.value(row)).into_owned()).unwrap_or_default();
        Error::new(Code::DataTextInvalid, format!("a text is not UTF-8: {error}")).value(value).help("Write the file again with the text in UTF-8")
    })
}

fn to_double(array: &ArrayRef) -> Result<ArrayRef> {
    fn widen<T: ArrowPrimitiveType>(array: &ArrayRef, widen: impl Fn(T::Native) -> f64) -> ArrayRef {
        let widened: Float64Array = array.as_primitive::<T>().unary(widen);
        Arc::new(widened)
    }
    Ok(match array.data_type() {
        DataType::Float64 => array.clone(),
        DataType::Float32 => widen::<Float32Type>(array, f64::from),
        DataType::Int8 => widen::<Int8Type>(array, f64::from),
        DataType::Int16 => widen::<Int16Type>(array, f64::from),
        DataType::Int32 => widen::<Int32Type>(array, f64::from),
        DataType::Int64 => widen::<Int64Type>(array, |value| value as f64),
        DataType::UInt8 => widen::<UInt8Type>(array, f64::from),
        DataType::UInt16 => widen::<UInt16Type>(array, f64::from),
        DataType::UInt32 => widen::<UInt32Type>(array, f64::from),
        DataType::UInt64 => widen::<UInt64Type>(array, |value| value as f64),
        DataType::Decimal32(_, scale) => widen::<Decimal32Type>(array, |value| decimal_to_double(i128::from(value), *scale)),
        DataType::Decimal64(_, scale) => widen::<Decimal64Type>(array, |value| decimal_to_double(i128::from(value), *scale)),
        DataType::Decimal128(_, scale) => widen::<Decimal128Type>(array, |value| decimal_to_double(value, *scale)),
        DataType::Decimal256(precision, scale) => {
            widen::<Decimal256Type>(array, |value| parsed(&Decimal256Type::format_decimal(value, *precision, *scale)))
        }
        other => return Err(unexpected(other)),
    })
}

/// The double nearest to `value * 10^-scale`.
fn decimal_to_double(value: i128, scale: i8) -> f64 {
    // Up to 2^53 and 10^22 both operands are exact doubles, so that one division rounds once.
    if value.unsigned_abs() <= 1 << 53 && (0..=22).contains(&scale) {
        return value as f64 / 10f64.powi(i32::from(scale));
    }
    parsed(&Decimal128Type::format_decimal(value, 38, scale))
}

fn parsed(digits: &str) -> f64 {
    digits.parse().unwrap_or(f64::NAN)
}

fn to_integer(array: &ArrayRef) -> Result<ArrayRef> {
    fn widen<T: ArrowPrimitiveType>(array: &ArrayRef, widen: impl Fn(T::Native) -> i64) -> ArrayRef {
        let widened: Int64Array = array.as_primitive::<T>().unary(widen);
        Arc::new(widened)
    }
    fn checked<T: ArrowPrimitiveType>(array: &ArrayRef, widen: impl Fn(T::Native) -> Option<i64>) -> Result<ArrayRef> {
        let source = array.as_primitive::<T>();
        let widened: Int64Array = source.iter().map(|value| value.and_then(&widen)).collect();
        match (0..source.len()).find(|row| widened.is_null(*row) && source.is_valid(*row)) {
            None => Ok(Arc::new(widened)),
            Some(row) => Err(Error::new(Code::DataValueInvalid, "the value does not fit a 64-bit integer")
                .row(row as u64)
                .value(format!("{:?}", source.value(row)))
                .help("Write the column with values from -9223372036854775808 to 9223372036854775807")),
        }
    }
    Ok(match array.data_type() {
        DataType::Int64 => array.clone(),
        DataType::Int8 => widen::<Int8Type>(array, i64::from),
        DataType::Int16 => widen::<Int16Type>(array, i64::from),
        DataType::Int32 => widen::<Int32Type>(array, i64::from),
        DataType::UInt8 => widen::<UInt8Type>(array, i64::from),
        DataType::UInt16 => widen::<UInt16Type>(array, i64::from),
        DataType::UInt32 => widen::<UInt32Type>(array, i64::from),
        DataType::UInt64 => return checked::<UInt64Type>(array, |value| i64::try_from(value).ok()),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => widen::<TimestampNanosecondType>(array, |value| value),
        DataType::Timestamp(TimeUnit::Microsecond, _) => return checked::<TimestampMicrosecondType>(array, |value| value.checked_mul(1_000)),
        DataType::Timestamp(TimeUnit::Millisecond, _) => return checked::<TimestampMillisecondType>(array, |value| value.checked_mul(1_000_000)),
        DataType::Timestamp(TimeUnit::Second, _) => return checked::<TimestampSecondType>(array, |value| value.checked_mul(1_000_000_000)),
        other => return Err(unexpected(other)),
    })
}

fn to_timestamp(array: &ArrayRef) -> Result<ArrayRef> {
    fn scale<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, scale: impl Fn(T::Native) -> i64) -> ArrayRef {
        let scaled: TimestampMillisecondArray = array.unary(scale);
        Arc::new(scaled)
    }
    Ok(match array.data_type() {
        DataType::Timestamp(TimeUnit::Millisecond, None) => array.clone(),
        DataType::Timestamp(TimeUnit::Millisecond, Some(_)) => {
            Arc::new(array.as_primitive::<TimestampMillisecondType>().clone().with_timezone_opt(None::<Arc<str>>))
        }
        DataType::Timestamp(TimeUnit::Second, _) => {
            scale(array.as_primitive::<TimestampSecondType>(), |value| unit_to_millis(TimeUnit::Second, value))
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            scale(array.as_primitive::<TimestampMicrosecondType>(), |value| unit_to_millis(TimeUnit::Microsecond, value))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            scale(array.as_primitive::<TimestampNanosecondType>(), |value| unit_to_millis(TimeUnit::Nanosecond, value))
        }
        DataType::Date32 => scale(array.as_primitive::<Date32Type>(), |days| i64::from(days) * MILLIS_PER_DAY),
        DataType::Date64 => scale(array.as_primitive::<Date64Type>(), |millis| millis.div_euclid(MILLIS_PER_DAY) * MILLIS_PER_DAY),
        other => return Err(unexpected(other)),
    })
}

/// Milliseconds of a timestamp in this unit, rounded down; seconds beyond the range stop at its ends.
pub(crate) fn unit_to_millis(unit: TimeUnit, value: i64) -> i64 {
    match unit {
        TimeUnit::Second => value.saturating_mul(1_000),
        TimeUnit::Millisecond => value,
        TimeUnit::Microsecond => value.div_euclid(1_000),
        TimeUnit::Nanosecond => value.div_euclid(1_000_000),
    }
}

fn unexpected(found: &DataType) -> Error {
    Error::bug(format!("the Parquet reader answered with type {found}, which was not asked for"))
}
