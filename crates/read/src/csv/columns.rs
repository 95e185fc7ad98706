//! Columns that grow by one value at a time.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray, TimestampMillisecondArray, new_null_array,
};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::{Field, Schema};
use rowmill_core::{Code, ColumnKind, Error, POSITION, Result};
use rowmill_kernels::text_numbers::{NotInteger, parse_digits, parse_integer, trim_blanks};

use super::fields::Field as Text;
use super::header::{Layout, Target};
use super::values::{parse_double, parse_timestamp};
use crate::batches::missing_type;

/// Why a field is not a value of its column.
pub(super) struct Unfit {
    pub(super) code: Code,
    pub(super) reason: String,
}

/// The columns of a batch that is being made.
pub(super) struct Columns {
    columns: Vec<Column>,
    positions: Option<Vec<i64>>,
    rows: usize,
    text_bytes: usize,
}

struct Column {
    values: Values,
    nulls: NullBufferBuilder,
    null_value: Option<i64>,
}

enum Values {
    Integer(Vec<i64>),
    Double(Vec<f64>),
    Timestamp(Vec<i64>),
    Text {
        bytes: Vec<u8>,
        ends: Vec<i32>,
    },
    /// The file lacks the column.
    Missing(ColumnKind),
}

impl Columns {
    pub(super) fn of(layout: &Layout) -> Self {
        let columns = layout.columns.iter().map(Column::of).collect();
        Self { columns, positions: layout.position.then(Vec::new), rows: 0, text_bytes: 0 }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Bytes of all texts; numbers have a known width.
    pub(super) fn text_bytes(&self) -> usize {
        self.text_bytes
    }

    /// Adds the integer in `text[start..end]` to a column where that is one of the plain kind; nothing else is tried here.
    #[inline(always)]
    pub(super) fn push_plain(&mut self, column: usize, text: &[u8], start: usize, end: usize) -> bool {
        let Column { values: Values::Integer(values), nulls, null_value } = &mut self.columns[column] else {
            return false;
        };
        if start == end {
            values.push(0);
            nulls.append_null();
            return true;
        }
        let Some(value) = parse_digits(text, start, end) else { return false };
        values.push(value);
        nulls.append(Some(value) != *null_value);
        true
    }

    /// Adds a field of any kind to a column, `None` for NULL.
    pub(super) fn push(&mut self, column: usize, field: &Text<'_>) -> Result<(), Unfit> {
        let before = self.columns[column].text_bytes();
        self.columns[column].push(field)?;
        self.text_bytes += self.columns[column].text_bytes() - before;
        Ok(())
    }

    /// All columns have a value: makes it a row.
    #[inline(always)]
    pub(super) fn end_row(&mut self, position: i64) {
        self.rows += 1;
        if let Some(positions) = &mut self.positions {
            positions.push(position);
        }
    }

    /// Takes back what was added since the last row.
    pub(super) fn drop_row(&mut self) {
        let rows = self.rows;
        self.columns.iter_mut().for_each(|column| column.truncate(rows));
        self.text_bytes = self.columns.iter().map(Column::text_bytes).sum();
    }

    /// The rows so far, which are forgotten here.
    pub(super) fn take(&mut self, layout: &Layout) -> Result<RecordBatch> {
        let rows = std::mem::take(&mut self.rows);
        self.text_bytes = 0;
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.columns.len() + 1);
        for column in &mut self.columns {
            arrays.push(column.take(rows)?);
        }
        let names = layout.columns.iter().map(|column| column.name.as_ref());
        let mut fields: Vec<Field> = names.zip(&arrays).map(|(name, array)| Field::new(name, array.data_type().clone(), true)).collect();
        if let Some(positions) = &mut self.positions {
            let positions: ArrayRef = Arc::new(Int64Array::new(std::mem::take(positions).into(), None));
            fields.push(Field::new(POSITION, positions.data_type().clone(), true));
            arrays.push(positions);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(|error| Error::bug(error.to_string()))
    }
}

impl Column {
    fn of(target: &Target) -> Self {
        let values = match (target.field, target.kind) {
            (None, kind) => Values::Missing(kind),
            (_, ColumnKind::Integer) => Values::Integer(Vec::new()),
            (_, ColumnKind::Double) => Values::Double(Vec::new()),
            (_, ColumnKind::Timestamp) => Values::Timestamp(Vec::new()),
            (_, ColumnKind::Text) => Values::Text { bytes: Vec::new(), ends: Vec::new() },
        };
        Self { values, nulls: NullBufferBuilder::new(0), null_value: target.null_value }
    }

    fn text_bytes(&self) -> usize {
        if let Values::Text { bytes, .. } = &self.values { bytes.len() } else { 0 }
    }

    fn push(&mut self, field: &Text<'_>) -> Result<(), Unfit> {
        let unfit = |reason: &str| Unfit { code: Code::DataValueInvalid, reason: reason.to_owned() };
        let text = trim_blanks(&field.text);
        let valid = match &mut self.values {
            Values::Missing(_) => return Ok(()),
            Values::Integer(values) => {
                let value = integer(&field.text, self.null_value).map_err(|fault| unfit(fault.reason()))?;
                values.push(value.unwrap_or_default());
                value.is_some()
            }
            Values::Double(values) => {
                let value = if text.is_empty() { None } else { Some(parse_double(text).ok_or_else(|| unfit("the value is not a number"))?) };
                values.push(value.unwrap_or_default());
                value.is_some()
            }
            Values::Timestamp(values) => {
                let bad = || unfit("the value is not a timestamp as 2025-10-01 12:00:00");
                let value = if text.is_empty() { None } else { Some(parse_timestamp(text).ok_or_else(bad)?) };
                values.push(value.unwrap_or_default());
                value.is_some()
            }
            Values::Text { bytes, ends } => {
                if std::str::from_utf8(&field.text).is_err() {
                    return Err(Unfit { code: Code::DataTextInvalid, reason: "the text is not UTF-8".to_owned() });
                }
                bytes.extend_from_slice(&field.text);
                ends.push(i32::try_from(bytes.len()).map_err(|_| unfit("the texts of a batch are too long together"))?);
                field.quoted || !field.text.is_empty()
            }
        };
        self.nulls.append(valid);
        Ok(())
    }

    fn truncate(&mut self, rows: usize) {
        match &mut self.values {
            Values::Integer(values) | Values::Timestamp(values) => values.truncate(rows),
            Values::Double(values) => values.truncate(rows),
            Values::Text { bytes, ends } => {
                ends.truncate(rows);
                bytes.truncate(ends.last().map_or(0, |end| *end as usize));
            }
            Values::Missing(_) => return,
        }
        self.nulls.truncate(rows);
    }

    fn take(&mut self, rows: usize) -> Result<ArrayRef> {
        let nulls = self.nulls.finish();
        Ok(match &mut self.values {
            Values::Integer(values) => Arc::new(Int64Array::new(renewed(values).into(), nulls)),
            Values::Double(values) => Arc::new(Float64Array::new(renewed(values).into(), nulls)),
            Values::Timestamp(values) => Arc::new(TimestampMillisecondArray::new(renewed(values).into(), nulls)),
            Values::Text { bytes, ends } => {
                let offsets: ScalarBuffer<i32> = std::iter::once(0).chain(ends.drain(..)).collect();
                let array = StringArray::try_new(OffsetBuffer::new(offsets), std::mem::take(bytes).into(), nulls);
                Arc::new(array.map_err(|error| Error::bug(error.to_string()))?)
            }
            Values::Missing(kind) => new_null_array(&missing_type(*kind), rows),
        })
    }
}

/// Takes the values, and leaves room for as many: the next batch will be about as large.
fn renewed<T>(values: &mut Vec<T>) -> Vec<T> {
    let room = Vec::with_capacity(values.len());
    std::mem::replace(values, room)
}

/// The integer in a field, `None` for NULL.
pub(super) fn integer(text: &[u8], null_value: Option<i64>) -> Result<Option<i64>, NotInteger> {
    Ok(parse_integer(text)?.filter(|value| Some(*value) != null_value))
}
