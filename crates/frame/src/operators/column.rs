//! Columns of a batch by name, read as what an operator needs.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampNanosecondType, UInt8Type, UInt16Type,
    UInt32Type,
};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use rowmill_core::{Code, Error, Result};

/// The column of this name.
///
/// # Errors
/// `INPUT_COLUMN_MISSING` with the names there are.
pub(super) fn named<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| {
        let present: Vec<&str> = batch.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
        Error::new(Code::InputColumnMissing, "there is no such column").column(name).help(format!("The columns are: {}", present.join(", ")))
    })
}

/// These columns of a batch, in this order.
pub(super) fn projected(batch: &RecordBatch, names: &[String]) -> Result<RecordBatch> {
    let at = names.iter().map(|name| named(batch, name).and_then(|_| batch.schema().index_of(name).map_err(super::fault)));
    batch.project(&at.collect::<Result<Vec<_>>>()?).map_err(super::fault)
}

/// Whole numbers: integers, dates as days and timestamps as nanoseconds since 1970-01-01.
///
/// # Errors
/// `INPUT_COLUMN_TYPE` for any other column.
pub(super) fn integers(batch: &RecordBatch, name: &str) -> Result<Int64Array> {
    let array = named(batch, name)?;
    whole(array).ok_or_else(|| unsuitable(name, array.data_type(), "an integer, a date or a timestamp"))
}

fn whole(array: &ArrayRef) -> Option<Int64Array> {
    fn widened<T: ArrowPrimitiveType<Native: Into<i64>>>(array: &ArrayRef) -> Int64Array {
        array.as_primitive::<T>().unary(Into::into)
    }
    Some(match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().clone(),
        DataType::Int8 => widened::<Int8Type>(array),
        DataType::Int16 => widened::<Int16Type>(array),
        DataType::Int32 => widened::<Int32Type>(array),
        DataType::UInt8 => widened::<UInt8Type>(array),
        DataType::UInt16 => widened::<UInt16Type>(array),
        DataType::UInt32 => widened::<UInt32Type>(array),
        DataType::Date32 => widened::<Date32Type>(array),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => widened::<TimestampNanosecondType>(array),
        _ => return None,
    })
}

/// Numbers to calculate with.
pub(super) enum Numbers {
    Integers(Int64Array),
    Doubles(Float64Array),
}

impl Numbers {
    /// # Errors
    /// `INPUT_COLUMN_TYPE` for a column that holds neither integers nor doubles.
    pub fn of(batch: &RecordBatch, name: &str) -> Result<Self> {
        let array = named(batch, name)?;
        match array.data_type() {
            DataType::Float64 => Ok(Self::Doubles(array.as_primitive::<Float64Type>().clone())),
            other => whole(array).map(Self::Integers).ok_or_else(|| unsuitable(name, other, "a number")),
        }
    }

    /// Numbers in their order, as integers that have the same one; NaN is above all.
    pub fn ranks(self) -> Int64Array {
        match self {
            Self::Integers(array) => array,
            Self::Doubles(array) => array.unary(|value| {
                let bits = value.to_bits().cast_signed();
                bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
            }),
        }
    }
}

/// A column that cannot be read as what is needed.
pub(super) fn unsuitable(name: &str, found: &DataType, wanted: &str) -> Error {
    Error::new(Code::InputColumnType, format!("the column has type {found} where {wanted} is needed"))
        .column(name)
        .help("Name another column, or say how this one is to be read (a column of a text file is text unless it is said otherwise)")
}

/// A batch of these columns, all nullable.
pub(super) fn batch_of(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch> {
    let field = |(name, array): &(String, ArrayRef)| arrow_schema::Field::new(name, array.data_type().clone(), true);
    let schema = Arc::new(arrow_schema::Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    RecordBatch::try_new(schema, columns.into_iter().map(|(_, array)| array).collect()).map_err(super::fault)
}
