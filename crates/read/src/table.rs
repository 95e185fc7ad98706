//! A file of any container with the columns that it has: for work that knows none of them beforehand.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, TimestampNanosecondArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow_select::take::take;
use rowmill_core::plan::BadRows;
use rowmill_core::{Code, ColumnKind, Error, InputColumn, InputSpec, Result};

use crate::convert::to_kind;
use crate::csv::{CsvBatches, header_names};
use crate::{BatchLimit, Container, CsvFile, Rows, fail};

/// What is wanted of a file. Every column that is named here must be there.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The columns to read; all of them where absent.
    pub columns: Option<BTreeSet<String>>,
    /// How columns of a text file are read; one that is not named is text. A Parquet file says its types itself.
    pub kinds: BTreeMap<String, ColumnKind>,
}

/// The rows of a file in their order, in batches that all have one schema: the file's columns in the file's order, all nullable.
///
/// Texts come as `Utf8`, timestamps in nanoseconds (of UTC where there is a zone), single floats as doubles, unsigned 64-bit integers as
/// signed ones; other flat types as they are.
pub struct Table {
    uri: String,
    schema: SchemaRef,
    rows: Source,
}

enum Source {
    Csv(Box<CsvBatches>),
    Parquet(Rows),
}

impl Table {
    /// Opens a CSV, CSV.gz or Parquet file by the ending of its name. Batches keep to `limit`; those of Parquet to its rows only.
    ///
    /// # Errors
    /// `INPUT_COLUMN_MISSING` where the file lacks a column that is named; `INPUT_COLUMN_TYPE` for one that is nested; otherwise as
    /// [`CsvFile::open`] and [`crate::ParquetFile::open`].
    pub fn open(uri: &str, wanted: &Wanted, limit: BatchLimit) -> Result<Self> {
        match Container::of(uri) {
            Container::Csv | Container::CsvGzip => Self::csv(uri, wanted, limit),
            Container::Parquet => Self::parquet(uri, wanted, limit),
        }
    }

    fn csv(uri: &str, wanted: &Wanted, limit: BatchLimit) -> Result<Self> {
        let names = header_names(uri)?;
        wanted.check(uri, &names).map_err(|error| error.line(1))?;
        let kind = |name: &str| wanted.kinds.get(name).copied().unwrap_or(ColumnKind::Text);
        let columns: Vec<InputColumn> = names
            .into_iter()
            .filter(|name| wanted.has(name))
            .map(|name| InputColumn { kind: kind(&name), name: Cow::Owned(name), required: false, null_value: None })
            .collect();
        let fields: Vec<Field> = columns.iter().map(|column| Field::new(column.name.as_ref(), type_of(column.kind), true)).collect();
        let file = CsvFile::open(uri, None, &InputSpec::new("file", columns), 0, BadRows::Fail)?;
        let rows = Source::Csv(Box::new(file.batches(limit)));
        Ok(Self { uri: uri.to_owned(), schema: Arc::new(Schema::new(fields)), rows })
    }

    fn parquet(uri: &str, wanted: &Wanted, limit: BatchLimit) -> Result<Self> {
        let names: Option<Vec<&str>> = wanted.columns.as_ref().map(|names| names.iter().map(String::as_str).collect());
        let rows = match &names {
            Some(names) => Rows::open_columns(uri, limit.rows, names)?,
            None => Rows::open(uri, limit.rows)?,
        };
        let schema = rows.schema();
        let present: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        wanted.check(uri, &present)?;
        let field = |field: &Arc<Field>| Ok(Field::new(field.name(), carried(uri, field)?, true));
        let fields = schema.fields().iter().map(field).collect::<Result<Vec<_>>>()?;
        Ok(Self { uri: uri.to_owned(), schema: Arc::new(Schema::new(fields)), rows: Source::Parquet(rows) })
    }

    /// The columns of every batch.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The batch with the types that are promised.
    fn settled(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let column = |(array, field): (&ArrayRef, &Arc<Field>)| settle(array, field.data_type()).map_err(|error| error.column(field.name()));
        let columns = batch.columns().iter().zip(self.schema.fields()).map(column).collect::<Result<Vec<_>>>()?;
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|error| Error::bug(error.to_string()))
    }
}

impl Iterator for Table {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = match &mut self.rows {
            Source::Csv(batches) => batches.next()?.map(|scanned| scanned.batch),
            Source::Parquet(rows) => rows.next()?,
        };
        Some(next.and_then(|batch| self.settled(&batch)).map_err(|error| error.file(&self.uri)))
    }
}

impl Wanted {
    fn has(&self, name: &str) -> bool {
        self.columns.as_ref().is_none_or(|columns| columns.contains(name))
    }

    fn check(&self, uri: &str, present: &[String]) -> Result<()> {
        let named: BTreeSet<&str> = self.columns.iter().flatten().chain(self.kinds.keys()).map(String::as_str).collect();
        let missing: Vec<&str> = named.into_iter().filter(|name| !present.iter().any(|found| found == name)).collect();
        match missing.first() {
            None => Ok(()),
            Some(first) => Err(fail::column_missing(uri, &missing).column(*first)),
        }
    }
}

fn type_of(kind: ColumnKind) -> DataType {
    match kind {
        ColumnKind::Text => DataType::Utf8,
        ColumnKind::Double => DataType::Float64,
        ColumnKind::Integer => DataType::Int64,
        ColumnKind::Timestamp => DataType::Timestamp(TimeUnit::Nanosecond, None),
    }
}

/// The type that a column of a Parquet file is handed out with.
fn carried(uri: &str, field: &Field) -> Result<DataType> {
    Ok(match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => DataType::Utf8,
        DataType::Dictionary(_, value) => carried(uri, &Field::new(field.name(), value.as_ref().clone(), true))?,
        DataType::Float32 | DataType::Float64 => DataType::Float64,
        DataType::UInt64 => DataType::Int64,
        DataType::Timestamp(_, zone) => DataType::Timestamp(TimeUnit::Nanosecond, zone.as_ref().map(|_| "UTC".into())),
        other @ (DataType::Boolean | DataType::Date32 | DataType::Decimal128(..)) => other.clone(),
        other if other.is_integer() => other.clone(),
        other => {
            return Err(Error::new(Code::InputColumnType, format!("the column has type {other}, which rows cannot carry here"))
                .file(uri)
                .column(field.name())
                .help("Write the file with numbers, texts, dates, timestamps and booleans only"));
        }
    })
}

fn settle(array: &ArrayRef, wanted: &DataType) -> Result<ArrayRef> {
    match (array.data_type(), wanted) {
        (found, wanted) if found == wanted => Ok(array.clone()),
        (DataType::Null, wanted) => Ok(arrow_array::new_null_array(wanted, array.len())),
        (DataType::Dictionary(..), wanted) => {
            let dictionary = array.as_any_dictionary();
            let values = settle(dictionary.values(), wanted)?;
            take(&values, dictionary.keys(), None).map_err(|error| Error::bug(error.to_string()))
        }
        (DataType::LargeUtf8, DataType::Utf8) => Ok(Arc::new(array.as_string::<i64>().iter().collect::<arrow_array::StringArray>())),
        (DataType::Utf8View, DataType::Utf8) => Ok(Arc::new(array.as_string_view().iter().collect::<arrow_array::StringArray>())),
        (_, DataType::Float64) => to_kind(ColumnKind::Double, array),
        (_, DataType::Int64) => to_kind(ColumnKind::Integer, array),
        (DataType::Timestamp(..), DataType::Timestamp(TimeUnit::Nanosecond, zone)) => {
            let nanos = to_kind(ColumnKind::Integer, array)?;
            let instants =
                TimestampNanosecondArray::new(nanos.as_primitive::<arrow_array::types::Int64Type>().values().clone(), nanos.nulls().cloned());
            Ok(Arc::new(instants.with_timezone_opt(zone.clone())))
        }
        (found, wanted) => Err(Error::bug(format!("a column of type {found} where {wanted} was promised"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: BatchLimit = BatchLimit { rows: 2, bytes: 1 << 20 };

    fn csv(text: &str) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        std::fs::write(&path, text).unwrap();
        let uri = path.display().to_string();
        (folder, uri)
    }

    fn integers(names: &[&str]) -> Wanted {
        Wanted { columns: None, kinds: names.iter().map(|name| ((*name).to_owned(), ColumnKind::Integer)).collect() }
    }

    #[test]
    fn columns_come_in_the_order_of_the_file_and_are_text_where_nothing_is_said() {
        let (_folder, uri) = csv(" note,id\n\"\",7904794000123456789\n,1\n007,\n");
        let table = Table::open(&uri, &integers(&["id"]), LIMIT).unwrap();
        let schema = table.schema();
        assert_eq!(schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>(), ["note", "id"]);
        let batches: Vec<RecordBatch> = table.map(Result::unwrap).collect();
        assert!(batches.iter().all(|batch| batch.schema() == schema));
        let texts: Vec<Option<String>> = batches
            .iter()
            .flat_map(|batch| batch.column(0).as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>())
            .collect();
        assert_eq!(texts, [Some(String::new()), None, Some("007".to_owned())]);
        assert_eq!(batches[0].column(1).as_primitive::<arrow_array::types::Int64Type>().value(0), 7_904_794_000_123_456_789);
    }

    #[test]
    fn a_column_that_is_named_and_not_there_is_an_error_with_file_and_line() {
        let (_folder, uri) = csv("a,b\n1,2\n");
        let error = Table::open(&uri, &integers(&["c", "a"]), LIMIT).err().unwrap();
        let place = error.place();
        assert_eq!(
            (error.code(), place.file.as_deref(), place.line, place.column.as_deref()),
            (Code::InputColumnMissing, Some(&*uri), Some(1), Some("c"))
        );
    }
}
