//! What will be read of a file, and what its statistics allow to skip.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_schema::{DataType, SchemaRef, TimeUnit};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics;
use rowmill_core::day::Day;
use rowmill_core::{ColumnKind, FilterTerm, InputSpec, Result};

use crate::columns::{PlannedColumn, has_dictionary, resolve};
use crate::convert::{MILLIS_PER_DAY, unit_to_millis};
use crate::csv::first_position;
use crate::filter::may_pass;
use crate::{ParquetFile, fail};

/// A row group that will be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowGroup {
    /// Position in the file, from 0.
    pub index: u32,
    /// Rows in it.
    pub rows: u64,
    /// Position of its first row in the file, from 0.
    pub first_row: u64,
    /// Compressed bytes of the columns that are read.
    pub bytes: u64,
    /// The same bytes uncompressed, dictionaries counted once.
    pub decoded_bytes: u64,
}

/// What one input reads of one file in one window. Cheap to clone.
#[derive(Clone, Debug)]
pub struct FilePlan {
    /// The row groups to read, in the order of the file.
    pub row_groups: Vec<RowGroup>,
    /// Row groups that hold no row of the window, or none that passes the filter's first term.
    pub pruned: Vec<u32>,
    /// Rows in the pruned row groups.
    pub rows_pruned: u64,
    /// Columns of the input that the file lacks; they read as NULL.
    pub missing: Vec<Cow<'static, str>>,
    /// The file's fields as they were inferred.
    pub(crate) fields: SchemaRef,
    /// The input's columns, in its order.
    pub(crate) columns: Arc<[PlannedColumn]>,
    /// The conditions that rows must meet.
    pub(crate) terms: Arc<[FilterTerm]>,
    /// The place of the file's first row in the input, where places are asked for.
    pub(crate) position: Option<i64>,
}

impl FilePlan {
    pub(crate) fn new(file: &ParquetFile, spec: &InputSpec, first: Day, last: Day) -> Result<Self> {
        let metadata = &file.inner.metadata;
        let (fields, columns) = resolve(file.uri(), metadata, spec)?;
        let missing = columns.iter().filter(|column| fields.field_with_name(&column.name).is_err()).map(|column| column.name.clone()).collect();
        let window = (i64::from(first.0) * MILLIS_PER_DAY, (i64::from(last.0) + 1) * MILLIS_PER_DAY);
        let (terms, position) = (spec.filter.clone().into(), spec.position.then_some(0));
        let mut plan = Self { row_groups: Vec::new(), pruned: Vec::new(), rows_pruned: 0, missing, fields, columns: columns.into(), terms, position };
        let time =
            plan.columns.iter().find(|column| spec.time_column.is_some_and(|name| column.name == name)).and_then(|column| column.source.clone());
        let mut first_row = 0;
        for (index, group) in metadata.row_groups().iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let rows = u64::try_from(group.num_rows()).map_err(|_| fail::malformed(file.uri(), "the footer states a negative number of rows"))?;
            let outside = time
                .as_ref()
                .and_then(|time| range_millis(group.column(time.leaf), &time.read_as))
                .is_some_and(|(min, max)| max < window.0 || min >= window.1);
            if rows == 0 || outside || !may_pass(&plan.terms, &plan.columns, group) {
                plan.pruned.push(index);
                plan.rows_pruned += rows;
            } else {
                let (bytes, decoded_bytes) = plan.measure(file, group).map_err(|error| error.row_group(index))?;
                plan.row_groups.push(RowGroup { index, rows, first_row, bytes, decoded_bytes });
            }
            first_row += rows;
        }
        Ok(plan)
    }

    /// The same plan for the file of this number among the input's files, which tells its rows' [`rowmill_core::POSITION`] from those of others.
    ///
    /// # Errors
    /// `INPUT_FORMAT_INVALID` for number 524,288 and above.
    pub fn numbered(mut self, file: &ParquetFile, file_number: u32) -> Result<Self> {
        let first = first_position(file.uri(), file_number)?;
        self.position = self.position.map(|_| first);
        Ok(self)
    }

    /// Compressed and uncompressed bytes of the columns that are read; an error where they lie outside the file.
    fn measure(&self, file: &ParquetFile, group: &RowGroupMetaData) -> Result<(u64, u64)> {
        let (mut bytes, mut decoded_bytes) = (0, 0);
        for column in self.columns.iter() {
            let Some(source) = &column.source else { continue };
            let chunk = group.column(source.leaf);
            let (start, length) = chunk.byte_range();
            if start.checked_add(length).is_none_or(|end| end > file.file_bytes()) {
                let found =
                    format!("the footer places data at bytes {start} to {}, the file has {}", start.saturating_add(length), file.file_bytes());
                return Err(fail::truncated(file.uri(), found).column(column.name.as_ref()));
            }
            bytes += length;
            decoded_bytes += u64::try_from(chunk.uncompressed_size()).unwrap_or(0);
        }
        Ok((bytes, decoded_bytes))
    }

    /// Bytes that one row of this row group takes once decoded; an estimate, at least 1.
    pub(crate) fn row_bytes(&self, group: &RowGroupMetaData) -> usize {
        let rows = u64::try_from(group.num_rows()).unwrap_or(0).max(1);
        let width = |column: &PlannedColumn| match (&column.source, column.kind) {
            (None, ColumnKind::Text) => 4,
            (Some(source), ColumnKind::Text) => 5 + text_bytes(group.column(source.leaf)).div_ceil(rows),
            _ => 9,
        };
        usize::try_from(self.columns.iter().map(width).sum::<u64>()).unwrap_or(usize::MAX).max(1)
    }
}

/// Bytes of text that a chunk decodes to: of a dictionary only once, since batches share it.
fn text_bytes(chunk: &ColumnChunkMetaData) -> u64 {
    let stored = u64::try_from(chunk.uncompressed_size()).unwrap_or(0);
    let unencoded = chunk.unencoded_byte_array_data_bytes().and_then(|bytes| u64::try_from(bytes).ok());
    if has_dictionary(chunk) { stored } else { unencoded.unwrap_or(stored).max(stored) }
}

/// Smallest and largest time of a chunk in milliseconds, where its statistics tell both.
fn range_millis(chunk: &ColumnChunkMetaData, found: &DataType) -> Option<(i64, i64)> {
    let (min, max) = match chunk.statistics()? {
        Statistics::Int64(values) => (*values.min_opt()?, *values.max_opt()?),
        Statistics::Int32(values) => (i64::from(*values.min_opt()?), i64::from(*values.max_opt()?)),
        // The order of INT96 statistics is undefined.
        _ => return None,
    };
    let to_millis = |value: i64| match found {
        DataType::Timestamp(unit, _) => Some(unit_to_millis(*unit, value)),
        DataType::Date32 => Some(value.saturating_mul(MILLIS_PER_DAY)),
        DataType::Date64 if matches!(chunk.statistics(), Some(Statistics::Int32(_))) => Some(value.saturating_mul(MILLIS_PER_DAY)),
        DataType::Date64 => Some(unit_to_millis(TimeUnit::Millisecond, value)),
        _ => None,
    };
    let (min, max) = (to_millis(min)?, to_millis(max)?);
    (min <= max).then_some((min, max))
}
