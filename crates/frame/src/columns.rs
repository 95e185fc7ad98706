//! Columns of whichever Arrow type a writer chose, read as what they mean.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow_array::{Array, LargeStringArray, PrimitiveArray, RecordBatch, StringArray, StringViewArray};
use arrow_schema::{DataType, TimeUnit};
use rowmill_core::{Code, Error, Result};
use rowmill_kernels::numeric::{Rounding, SCALE, to_numeric};

/// The column of this name.
///
/// # Errors
/// `SINK_TABLE_MISMATCH` where the batch has none.
pub fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a dyn Array> {
    batch.column_by_name(name).map(AsRef::as_ref).ok_or_else(|| {
        let present: Vec<&str> = batch.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
        Error::new(Code::SinkTableMismatch, "the column is missing").column(name).help(format!("The table has: {}.", present.join(", ")))
    })
}

fn unsuitable(name: &str, array: &dyn Array, wanted: &str) -> Error {
    Error::new(Code::SinkTableMismatch, format!("the column has type {} where {wanted} is needed", array.data_type()))
        .column(name)
        .help("Compare or roll up tables of the pipeline's own columns; its README lists their types.")
}

/// A column of texts: plain, large, view, or a dictionary of any of them.
pub enum Texts<'a> {
    Plain(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
    Dictionary { keys: &'a dyn Array, codes: Vec<usize>, values: Box<Texts<'a>> },
}

impl<'a> Texts<'a> {
    pub fn of(name: &str, array: &'a dyn Array) -> Result<Self> {
        match array.data_type() {
            DataType::Utf8 => Ok(Self::Plain(array.as_string())),
            DataType::LargeUtf8 => Ok(Self::Large(array.as_string())),
            DataType::Utf8View => Ok(Self::View(array.as_string_view())),
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                // Arrow refuses to normalise the keys of an empty dictionary, all of which are null.
                let codes = if dictionary.values().is_empty() { vec![0; array.len()] } else { dictionary.normalized_keys() };
                Ok(Self::Dictionary { keys: dictionary.keys(), codes, values: Box::new(Self::of(name, dictionary.values().as_ref())?) })
            }
            _ => Err(unsuitable(name, array, "text")),
        }
    }

    /// The text of a row, `None` for NULL.
    pub fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Plain(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Dictionary { keys, codes, values } => keys.is_valid(row).then(|| values.get(codes[row])).flatten(),
        }
    }

    /// What `digest` says of every row, asked once per dictionary value; its errors get the row.
    pub fn map<T: Copy>(&self, rows: usize, mut digest: impl FnMut(&str) -> Result<T>) -> Result<Vec<Option<T>>> {
        let mut digest = |row: usize, text: &str| digest(text).map_err(|error| error.row(row as u64));
        let Self::Dictionary { keys, codes, values } = self else {
            return (0..rows).map(|row| self.get(row).map(|text| digest(row, text)).transpose()).collect();
        };
        let mut known: Vec<Option<T>> = vec![None; codes.iter().max().map_or(0, |most| most + 1)];
        let one = |row: usize| -> Result<Option<T>> {
            let Some(text) = keys.is_valid(row).then(|| values.get(codes[row])).flatten() else { return Ok(None) };
            if known[codes[row]].is_none() {
                known[codes[row]] = Some(digest(row, text)?);
            }
            Ok(known[codes[row]])
        };
        (0..rows).map(one).collect()
    }
}

/// Whole numbers of either width, as `i64`; timestamps are milliseconds since 1970-01-01, finer digits cut off.
pub fn integers(name: &str, array: &dyn Array) -> Result<Vec<Option<i64>>> {
    match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => {
            Ok(array.as_primitive::<TimestampSecondType>().iter().map(|value| value.and_then(|seconds| seconds.checked_mul(1000))).collect())
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => Ok(array.as_primitive::<TimestampMillisecondType>().iter().collect()),
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            Ok(array.as_primitive::<TimestampMicrosecondType>().iter().map(|value| value.map(|micros| micros.div_euclid(1000))).collect())
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            Ok(array.as_primitive::<TimestampNanosecondType>().iter().map(|value| value.map(|nanos| nanos.div_euclid(1_000_000))).collect())
        }
        DataType::Int32 => Ok(array.as_primitive::<Int32Type>().iter().map(|value| value.map(i64::from)).collect()),
        DataType::Int64 => Ok(array.as_primitive::<Int64Type>().iter().collect()),
        _ => Err(unsuitable(name, array, "integer")),
    }
}

/// Days since 1970-01-01.
pub fn days<'a>(name: &str, array: &'a dyn Array) -> Result<&'a PrimitiveArray<Date32Type>> {
    array.as_primitive_opt::<Date32Type>().ok_or_else(|| unsuitable(name, array, "date"))
}

/// Amounts in units of 10^-15, whatever their scale or type; finer digits are rounded half away from zero.
///
/// # Errors
/// `SINK_TABLE_MISMATCH` for a type that is not a number's, `DATA_NUMBER_OVERFLOW` for one that `numeric(33,15)` cannot hold.
pub fn amounts(name: &str, array: &dyn Array) -> Result<Vec<Option<i128>>> {
    let too_large = |row: usize, value: String| {
        Error::new(Code::DataOverflow, "the number does not fit numeric(33,15)").column(name).row(row as u64).value(value)
    };
    match array.data_type() {
        DataType::Decimal128(_, scale) => {
            let scale = i32::from(*scale);
            let rescaled = |(row, value): (usize, Option<i128>)| {
                value.map(|value| rescale(value, scale).ok_or_else(|| too_large(row, value.to_string()))).transpose()
            };
            array.as_primitive::<Decimal128Type>().iter().enumerate().map(rescaled).collect()
        }
        DataType::Float64 => {
            let decimal = |(row, value): (usize, Option<f64>)| {
                value.map(|value| to_numeric(value, Rounding::Shortest).ok_or_else(|| too_large(row, value.to_string()))).transpose()
            };
            array.as_primitive::<Float64Type>().iter().enumerate().map(decimal).collect()
        }
        // No 64-bit integer leaves the range.
        DataType::Int32 | DataType::Int64 | DataType::Timestamp(..) => {
            Ok(integers(name, array)?.into_iter().map(|value| value.map(|value| i128::from(value) * 10i128.pow(SCALE))).collect())
        }
        _ => Err(unsuitable(name, array, "a number or an instant")),
    }
}

/// Amounts as doubles.
pub fn doubles(name: &str, array: &dyn Array) -> Result<Vec<Option<f64>>> {
    match array.data_type() {
        DataType::Float64 => Ok(array.as_primitive::<Float64Type>().iter().collect()),
        DataType::Decimal128(_, scale) => {
            let unit = 10f64.powi(i32::from(*scale));
            Ok(array.as_primitive::<Decimal128Type>().iter().map(|value| value.map(|value| value as f64 / unit)).collect())
        }
        _ => Err(unsuitable(name, array, "decimal or double")),
    }
}

fn rescale(value: i128, scale: i32) -> Option<i128> {
    let shift = SCALE as i32 - scale;
    let unit = 10i128.checked_pow(shift.unsigned_abs())?;
    if shift >= 0 {
        return value.checked_mul(unit);
    }
    let half = if value < 0 { -(unit / 2) } else { unit / 2 };
    Some(value.checked_add(half)? / unit)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Decimal128Array, DictionaryArray, Float64Array};

    use super::*;

    #[test]
    fn texts_are_read_from_every_layout() {
        let dictionary: DictionaryArray<Int32Type> = [Some("b"), None, Some("a"), Some("b")].into_iter().collect();
        let arrays: [ArrayRef; 4] = [
            Arc::new(StringArray::from(vec![Some("b"), None, Some("a"), Some("b")])),
            Arc::new(LargeStringArray::from(vec![Some("b"), None, Some("a"), Some("b")])),
            Arc::new(StringViewArray::from(vec![Some("b"), None, Some("a"), Some("b")])),
            Arc::new(dictionary),
        ];
        for array in &arrays {
            let texts = Texts::of("x", array).expect("text");
            assert_eq!((0..4).map(|row| texts.get(row)).collect::<Vec<_>>(), [Some("b"), None, Some("a"), Some("b")]);
            assert_eq!(texts.map(4, |text| Ok(text.len())).expect("lengths"), [Some(1), None, Some(1), Some(1)]);
        }
        let empty: DictionaryArray<Int32Type> = [None::<&str>, None].into_iter().collect();
        assert_eq!(Texts::of("x", &empty).expect("text").get(1), None);
    }

    #[test]
    fn amounts_meet_at_fifteen_digits() {
        let coarse = Decimal128Array::from(vec![Some(125), Some(-125), None]).with_precision_and_scale(10, 2).expect("a decimal");
        let fine = Decimal128Array::from(vec![Some(1_250_000_000_000_000_049), Some(-1_250_000_000_000_000_050), None])
            .with_precision_and_scale(38, 18)
            .expect("a decimal");
        let double = Float64Array::from(vec![Some(1.25), Some(-1.25), None]);
        let unit = 10i128.pow(13);
        assert_eq!(amounts("x", &coarse).expect("amounts"), [Some(125 * unit), Some(-125 * unit), None]);
        assert_eq!(amounts("x", &fine).expect("amounts"), [Some(125 * unit), Some(-125 * unit), None]);
        assert_eq!(amounts("x", &double).expect("amounts"), [Some(125 * unit), Some(-125 * unit), None]);
    }

    #[test]
    fn a_number_that_no_table_can_hold_is_refused_with_its_row() {
        let error = amounts("x", &Float64Array::from(vec![1.0, f64::NAN])).expect_err("not a number");
        assert_eq!((error.code(), error.place().row), (Code::DataOverflow, Some(1)));
    }
}
