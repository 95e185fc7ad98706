//! Columns of a batch while it is filled.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int32Builder, StringBuilder};
use arrow_array::{ArrayRef, DictionaryArray, RecordBatch, StringArray, TimestampMillisecondArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use rowmill_core::{Error, Result};

/// How a column gets its values.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// A zone-less timestamp in milliseconds.
    Time,
    /// Text, written value by value.
    Text,
    /// Text, by position in a list of all values.
    Code(Arc<StringArray>),
    /// A double of few distinct values.
    Level,
    /// A double of many distinct values, which gets no dictionary.
    Amount,
}

/// A column of a file.
pub(crate) type ColumnSpec = (&'static str, Source);

enum Filling {
    Time(Vec<i64>),
    Text(StringBuilder),
    Code(Arc<StringArray>, Int32Builder),
    Number(Float64Builder),
}

/// Rows of one table, column by column. Values are pushed in the order of the columns, then the next row begins.
pub(crate) struct Columns {
    schema: SchemaRef,
    columns: Vec<Filling>,
    next: usize,
    rows: usize,
}

impl Columns {
    pub(crate) fn new(specs: &[ColumnSpec]) -> Self {
        let fields = specs.iter().map(|(name, source)| Field::new(*name, data_type(source), true)).collect::<Vec<_>>();
        let filling = |(_, source): &ColumnSpec| match source {
            Source::Time => Filling::Time(Vec::new()),
            Source::Text => Filling::Text(StringBuilder::new()),
            Source::Code(values) => Filling::Code(Arc::clone(values), Int32Builder::new()),
            Source::Level | Source::Amount => Filling::Number(Float64Builder::new()),
        };
        Self { schema: Arc::new(Schema::new(fields)), columns: specs.iter().map(filling).collect(), next: 0, rows: 0 }
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Number of complete rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    fn column(&mut self) -> &mut Filling {
        let at = self.next;
        self.next += 1;
        if self.next == self.columns.len() {
            (self.next, self.rows) = (0, self.rows + 1);
        }
        &mut self.columns[at]
    }

    // A value of the wrong kind leaves its column short, which `finish` reports.

    pub(crate) fn time(&mut self, at_ms: i64) {
        if let Filling::Time(times) = self.column() {
            times.push(at_ms);
        }
    }

    pub(crate) fn text(&mut self, text: Option<&str>) {
        if let Filling::Text(texts) = self.column() {
            texts.append_option(text);
        }
    }

    pub(crate) fn code(&mut self, code: Option<i32>) {
        if let Filling::Code(_, codes) = self.column() {
            codes.append_option(code);
        }
    }

    pub(crate) fn number(&mut self, number: Option<f64>) {
        if let Filling::Number(numbers) = self.column() {
            numbers.append_option(number);
        }
    }

    /// Takes the rows out as a batch and begins anew.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch> {
        self.rows = 0;
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.columns.len());
        for column in &mut self.columns {
            arrays.push(match column {
                Filling::Time(times) => Arc::new(TimestampMillisecondArray::from(std::mem::take(times))),
                Filling::Text(texts) => Arc::new(texts.finish()),
                Filling::Code(values, codes) => {
                    let values: ArrayRef = Arc::clone(values) as ArrayRef;
                    Arc::new(DictionaryArray::try_new(codes.finish(), values).map_err(|error| Error::bug(error.to_string()))?)
                }
                Filling::Number(numbers) => Arc::new(numbers.finish()),
            });
        }
        RecordBatch::try_new(self.schema(), arrays).map_err(|error| Error::bug(error.to_string()))
    }
}

fn data_type(source: &Source) -> DataType {
    match source {
        Source::Time => DataType::Timestamp(TimeUnit::Millisecond, None),
        Source::Text => DataType::Utf8,
        Source::Code(_) => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Source::Level | Source::Amount => DataType::Float64,
    }
}
