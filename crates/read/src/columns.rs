//! How the columns of a file become the columns of an input.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{ConvertedType, Encoding, LogicalType, Type as PhysicalType};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::schema::types::ColumnDescriptor;
use rowmill_core::{Code, ColumnKind, Error, InputSpec, Result};

use crate::fail;

/// One column of an input and where the file has it.
#[derive(Clone, Debug)]
pub(crate) struct PlannedColumn {
    pub(crate) name: Cow<'static, str>,
    pub(crate) kind: ColumnKind,
    /// An integer that stands for NULL.
    pub(crate) null_value: Option<i64>,
    /// `None` where the file lacks it, or holds nothing but NULL by its type.
    pub(crate) source: Option<Source>,
}

/// A top-level primitive column of the file.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Index among the top-level fields.
    pub(crate) root: usize,
    /// Index among the leaves, and so among a row group's column chunks.
    pub(crate) leaf: usize,
    /// What the library is asked for; for text the value type, which may come as a dictionary of it.
    pub(crate) read_as: DataType,
}

/// The file's fields as the library infers them, and the input's columns among them.
pub(crate) fn resolve(uri: &str, metadata: &Arc<ParquetMetaData>, spec: &InputSpec) -> Result<(SchemaRef, Vec<PlannedColumn>)> {
    let inferred = inferred_schema(uri, metadata)?;
    let lacks = |name: &&str| inferred.field_with_name(name).is_err();
    let missing: Vec<&str> = spec.columns.iter().filter(|column| column.required).map(|column| column.name.as_ref()).filter(lacks).collect();
    if let Some(first) = missing.first() {
        return Err(fail::column_missing(uri, &missing).column(*first));
    }
    let columns = spec
        .columns
        .iter()
        .map(|column| {
            let source = find(uri, metadata, &inferred, &column.name, column.kind)?;
            Ok(PlannedColumn { name: column.name.clone(), kind: column.kind, null_value: column.null_value, source })
        })
        .collect::<Result<_>>()?;
    Ok((inferred, columns))
}

/// A writer's own Arrow schema tells things that Parquet types cannot (seconds, for one), but nothing depends on it: where it
/// does not fit the file, the Parquet types decide.
fn inferred_schema(uri: &str, metadata: &Arc<ParquetMetaData>) -> Result<SchemaRef> {
    ArrowReaderMetadata::try_new(metadata.clone(), ArrowReaderOptions::new())
        .or_else(|_| ArrowReaderMetadata::try_new(metadata.clone(), ArrowReaderOptions::new().with_skip_arrow_metadata(true)))
        .map(|loaded| loaded.schema().clone())
        .map_err(|error| fail::parquet(uri, &error))
}

fn find(uri: &str, metadata: &ParquetMetaData, inferred: &Schema, name: &str, kind: ColumnKind) -> Result<Option<Source>> {
    let Some((root, field)) = inferred.fields().iter().enumerate().find(|(_, field)| field.name() == name) else {
        return Ok(None);
    };
    let described = metadata.file_metadata().schema_descr();
    let leaf = (0..described.num_columns()).find(|leaf| described.get_column_root_idx(*leaf) == root);
    let unsuitable = || unsuitable(uri, name, field, kind);
    let leaf = leaf.ok_or_else(unsuitable)?;
    let column = described.column(leaf);
    if column.path().parts().len() != 1 || column.max_rep_level() != 0 {
        return Err(unsuitable());
    }
    if field.data_type() == &DataType::Null {
        return Ok(None);
    }
    let read_as = match kind {
        ColumnKind::Text => text_type(&column, field.data_type()),
        ColumnKind::Double => double_type(field.data_type()),
        ColumnKind::Timestamp => timestamp_type(&column, field.data_type()),
        ColumnKind::Integer => integer_type(&column, field.data_type()),
    };
    Ok(Some(Source { root, leaf, read_as: read_as.ok_or_else(unsuitable)? }))
}

/// Text is asked for as UTF-8 only where the library checks it (where the column carries the UTF8 mark); other byte arrays
/// come as bytes and are checked here.
fn text_type(column: &ColumnDescriptor, found: &DataType) -> Option<DataType> {
    let is_document = matches!(column.logical_type_ref(), Some(LogicalType::Bson)) || column.converted_type() == ConvertedType::BSON;
    if column.physical_type() != PhysicalType::BYTE_ARRAY || is_document {
        return None;
    }
    match plain(found) {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            let checked = column.converted_type() == ConvertedType::UTF8;
            Some(if checked { DataType::Utf8 } else { DataType::Binary })
        }
        _ => None,
    }
}

fn double_type(found: &DataType) -> Option<DataType> {
    let found = plain(found);
    let is_number = found.is_integer()
        || matches!(found, DataType::Float32 | DataType::Float64 | DataType::Decimal32(..) | DataType::Decimal64(..))
        || matches!(found, DataType::Decimal128(..) | DataType::Decimal256(..));
    is_number.then(|| found.clone())
}

fn timestamp_type(column: &ColumnDescriptor, found: &DataType) -> Option<DataType> {
    match plain(found) {
        // INT96 counts nanoseconds in a range far beyond 64 bits of them; milliseconds keep all of its days.
        DataType::Timestamp(..) if column.physical_type() == PhysicalType::INT96 => Some(DataType::Timestamp(TimeUnit::Millisecond, None)),
        found @ (DataType::Timestamp(..) | DataType::Date32 | DataType::Date64) => Some(found.clone()),
        _ => None,
    }
}

fn integer_type(column: &ColumnDescriptor, found: &DataType) -> Option<DataType> {
    let found = plain(found);
    let is_instant = matches!(found, DataType::Timestamp(..)) && column.physical_type() != PhysicalType::INT96;
    (found.is_integer() || is_instant).then(|| found.clone())
}

fn plain(found: &DataType) -> &DataType {
    match found {
        DataType::Dictionary(_, value) => value,
        other => other,
    }
}

fn unsuitable(uri: &str, name: &str, field: &Field, kind: ColumnKind) -> Error {
    let expected = match kind {
        ColumnKind::Text => "text",
        ColumnKind::Double => "a number (double, float, integer or decimal)",
        ColumnKind::Timestamp => "a timestamp or a date",
        ColumnKind::Integer => "an integer or a timestamp",
    };
    Error::new(Code::InputColumnType, format!("the column has type {}, expected {expected}", field.data_type()))
        .file(uri)
        .column(name)
        .help("Write the column with the expected type, or leave the file out")
}

/// Whether the text column of this row group should come as a dictionary.
///
/// A chunk with a dictionary page keeps it, even where the writer gave up half-way: for the rest the library builds small
/// dictionaries itself. A chunk that never had one would only pay for hashing every value.
pub(crate) fn has_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    chunk.dictionary_page_offset().is_some()
        || chunk.encodings().any(|encoding| matches!(encoding, Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY))
}

/// `Dictionary(Int32, value)`.
pub(crate) fn dictionary_of(value: DataType) -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(value))
}

/// Whether a chunk says of itself that it holds nothing but NULL.
pub(crate) fn is_all_null(chunk: &ColumnChunkMetaData) -> bool {
    let nulls = chunk.statistics().and_then(|statistics| statistics.null_count_opt());
    nulls.is_some_and(|nulls| i64::try_from(nulls).is_ok_and(|nulls| nulls == chunk.num_values()))
}
