//! Typed views of a batch's columns, so that the row loop does not look types up again.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
};
use arrow_array::{Array, ArrayRef, BooleanArray, LargeStringArray, PrimitiveArray, StringArray};
use arrow_schema::{DataType, TimeUnit};
use rowmill_core::{Error, Result};

use super::coded::CodedTexts;

/// A column of a batch by its Arrow type.
pub(super) enum Cells<'a> {
    Decimal(&'a PrimitiveArray<Decimal128Type>),
    Int32(&'a PrimitiveArray<Int32Type>),
    Int64(&'a PrimitiveArray<Int64Type>),
    Double(&'a PrimitiveArray<Float64Type>),
    Boolean(&'a BooleanArray),
    Date(&'a PrimitiveArray<Date32Type>),
    Timestamp(&'a PrimitiveArray<TimestampMillisecondType>),
    FineTimestamp(&'a PrimitiveArray<TimestampMicrosecondType>),
    Instant(&'a PrimitiveArray<TimestampNanosecondType>),
    Text(&'a StringArray),
    LargeText(&'a LargeStringArray),
    Coded(CodedTexts<'a>),
    /// No column: the encoder makes the values.
    Generated,
}

impl<'a> Cells<'a> {
    pub(super) fn new(array: &'a ArrayRef) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Decimal128(..) => Cells::Decimal(array.as_primitive()),
            DataType::Int32 => Cells::Int32(array.as_primitive()),
            DataType::Int64 => Cells::Int64(array.as_primitive()),
            DataType::Float64 => Cells::Double(array.as_primitive()),
            DataType::Boolean => Cells::Boolean(array.as_boolean()),
            DataType::Date32 => Cells::Date(array.as_primitive()),
            DataType::Timestamp(TimeUnit::Millisecond, _) => Cells::Timestamp(array.as_primitive()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => Cells::FineTimestamp(array.as_primitive()),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => Cells::Instant(array.as_primitive()),
            DataType::Utf8 => Cells::Text(array.as_string()),
            DataType::LargeUtf8 => Cells::LargeText(array.as_string()),
            DataType::Dictionary(key, value) if **key == DataType::Int32 && **value == DataType::Utf8 => {
                let dictionary = array.as_dictionary::<Int32Type>();
                Cells::Coded(CodedTexts::new(dictionary, dictionary.values().as_string()))
            }
            other => return Err(Error::bug(format!("COPY cannot carry a column of type {other}"))),
        })
    }

    /// A dictionary may still hold a NULL for a row that has a code.
    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Cells::Decimal(array) => array.is_null(row),
            Cells::Int32(array) => array.is_null(row),
            Cells::Int64(array) => array.is_null(row),
            Cells::Double(array) => array.is_null(row),
            Cells::Boolean(array) => array.is_null(row),
            Cells::Date(array) => array.is_null(row),
            Cells::Timestamp(array) => array.is_null(row),
            Cells::FineTimestamp(array) => array.is_null(row),
            Cells::Instant(array) => array.is_null(row),
            Cells::Text(array) => array.is_null(row),
            Cells::LargeText(array) => array.is_null(row),
            Cells::Coded(texts) => texts.is_null(row),
            Cells::Generated => false,
        }
    }

    /// The text of a row that is not NULL; `None` where the column is no text, or one in a dictionary.
    pub(super) fn text(&self, row: usize) -> Option<&'a str> {
        match self {
            Cells::Text(array) => Some(array.value(row)),
            Cells::LargeText(array) => Some(array.value(row)),
            _ => None,
        }
    }

    /// The integer or unscaled decimal of a row that is not NULL; `None` where the column is neither.
    pub(super) fn integer(&self, row: usize) -> Option<i128> {
        match self {
            Cells::Decimal(array) => Some(array.value(row)),
            Cells::Int32(array) => Some(i128::from(array.value(row))),
            Cells::Int64(array) => Some(i128::from(array.value(row))),
            _ => None,
        }
    }
}
