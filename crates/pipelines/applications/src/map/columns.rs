//! Typed columns of every table, which grow document by document.

use std::sync::Arc;

use arrow_array::builder::{
    Date32Builder, Decimal128Builder, Float64Builder, Int32Builder, Int64Builder, LargeStringBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use rowmill_core::{Error, Result};

use crate::model::Type;
use crate::values::Value;

use super::plan::TablePlan;
use super::staged::Staged;

/// Name of the first column of every batch: the ordinal of the document that a row is of.
pub const DOCUMENT: &str = "document";

/// Rows of many documents, by table.
#[derive(Debug)]
pub struct Rows {
    tables: Vec<TableRows>,
}

#[derive(Debug)]
struct TableRows {
    name: String,
    schema: SchemaRef,
    documents: Int32Builder,
    columns: Vec<ColumnBuilder>,
}

#[derive(Debug)]
enum ColumnBuilder {
    Int(Int32Builder),
    BigInt(Int64Builder),
    Decimal(Decimal128Builder),
    Text(LargeStringBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    Double(Float64Builder),
}

impl Rows {
    /// No rows of these tables.
    pub(super) fn new(tables: &[TablePlan]) -> Self {
        Self { tables: tables.iter().map(TableRows::new).collect() }
    }

    /// Rows of all tables.
    pub fn len(&self) -> usize {
        self.tables.iter().map(|table| table.documents.values_slice().len()).sum()
    }

    /// Whether no table has a row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the rows of a document.
    pub(super) fn append(&mut self, ordinal: i32, staged: &[Staged]) -> Result<()> {
        self.tables.iter_mut().zip(staged).try_for_each(|(table, staged)| table.append(ordinal, staged))
    }

    /// The rows as one batch per table, in the order of the contract; tables without rows are there, too. What is left is empty.
    ///
    /// # Errors
    /// Only by a fault of this crate.
    pub fn finish(&mut self) -> Result<Vec<(String, RecordBatch)>> {
        self.tables.iter_mut().map(TableRows::finish).collect()
    }
}

impl TableRows {
    fn new(table: &TablePlan) -> Self {
        let document = Field::new(DOCUMENT, DataType::Int32, false);
        let columns = table.columns.iter().map(|column| Field::new(&*column.name, data_type(&column.kind), true));
        Self {
            name: table.name.to_string(),
            schema: Arc::new(Schema::new(std::iter::once(document).chain(columns).collect::<Vec<_>>())),
            documents: Int32Builder::with_capacity(0),
            columns: table.columns.iter().map(|column| ColumnBuilder::new(&column.kind)).collect(),
        }
    }

    fn append(&mut self, ordinal: i32, staged: &Staged) -> Result<()> {
        let width = self.columns.len();
        for at in 0..staged.rows() {
            self.documents.append_value(ordinal);
            for (column, value) in self.columns.iter_mut().zip(staged.row(at, width)) {
                column.append(value)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(String, RecordBatch)> {
        let documents: ArrayRef = Arc::new(self.documents.finish());
        let columns = std::iter::once(documents).chain(self.columns.iter_mut().map(ColumnBuilder::finish)).collect();
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(|error| Error::bug(format!("rows of {}: {error}", self.name)))?;
        Ok((self.name.clone(), batch))
    }
}

/// The Arrow type of a column. Small numbers are 32 bits wide: what is narrower is the table's.
fn data_type(kind: &Type) -> DataType {
    match kind {
        Type::Text { .. } => DataType::LargeUtf8,
        Type::SmallInt | Type::TinyInt | Type::Int | Type::Bit => DataType::Int32,
        Type::BigInt => DataType::Int64,
        Type::Decimal { precision, scale } => DataType::Decimal128(*precision, scale.cast_signed()),
        Type::Date => DataType::Date32,
        Type::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        Type::Double => DataType::Float64,
    }
}

impl ColumnBuilder {
    /// Nothing is set aside: hundreds of columns of few rows would take megabytes for each part of a batch.
    fn new(kind: &Type) -> Self {
        match kind {
            Type::Text { .. } => Self::Text(LargeStringBuilder::with_capacity(0, 0)),
            Type::SmallInt | Type::TinyInt | Type::Int | Type::Bit => Self::Int(Int32Builder::with_capacity(0)),
            Type::BigInt => Self::BigInt(Int64Builder::with_capacity(0)),
            Type::Decimal { .. } => Self::Decimal(Decimal128Builder::with_capacity(0).with_data_type(data_type(kind))),
            Type::Date => Self::Date(Date32Builder::with_capacity(0)),
            Type::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::with_capacity(0)),
            Type::Double => Self::Double(Float64Builder::with_capacity(0)),
        }
    }

    fn append(&mut self, value: &Value) -> Result<()> {
        match (self, value) {
            (Self::Int(builder), Value::Integer(value)) => {
                builder.append_value(i32::try_from(*value).map_err(|_| Error::bug("a number beyond its type"))?)
            }
            (Self::BigInt(builder), Value::Integer(value)) => builder.append_value(*value),
            (Self::Decimal(builder), Value::Decimal(value)) => builder.append_value(*value),
            (Self::Text(builder), Value::Text(value)) => builder.append_value(value),
            (Self::Date(builder), Value::Date(value)) => builder.append_value(*value),
            (Self::Timestamp(builder), Value::Timestamp(value)) => builder.append_value(*value),
            (Self::Double(builder), Value::Double(value)) => builder.append_value(*value),
            (Self::Int(builder), Value::Null) => builder.append_null(),
            (Self::BigInt(builder), Value::Null) => builder.append_null(),
            (Self::Decimal(builder), Value::Null) => builder.append_null(),
            (Self::Text(builder), Value::Null) => builder.append_null(),
            (Self::Date(builder), Value::Null) => builder.append_null(),
            (Self::Timestamp(builder), Value::Null) => builder.append_null(),
            (Self::Double(builder), Value::Null) => builder.append_null(),
            (_, value) => return Err(Error::bug(format!("a value that is not of its column's type: {}", kind_of(value)))),
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Int(builder) => Arc::new(builder.finish()),
            Self::BigInt(builder) => Arc::new(builder.finish()),
            Self::Decimal(builder) => Arc::new(builder.finish()),
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Timestamp(builder) => Arc::new(builder.finish()),
            Self::Double(builder) => Arc::new(builder.finish()),
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Integer(_) => "a whole number",
        Value::Decimal(_) => "a decimal",
        Value::Text(_) => "a text",
        Value::Date(_) => "a date",
        Value::Timestamp(_) => "a time",
        Value::Double(_) => "a double",
    }
}
