//! Row groups as a sequence of bounded batches.

use std::fs::File;
use std::sync::Arc;
use std::vec::IntoIter;

use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, RecordBatchOptions, new_null_array};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use rowmill_core::{ColumnKind, Error, POSITION, Result};

use crate::columns::{PlannedColumn, Source, dictionary_of, has_dictionary, is_all_null};
use crate::convert::to_kind;
use crate::filter::{filtered, without_value};
use crate::{FilePlan, ParquetFile, fail};

/// How large a batch may be.
#[derive(Clone, Copy, Debug)]
pub struct BatchLimit {
    /// Most rows.
    pub rows: usize,
    /// Most bytes, by the average width of the row group's rows; one row is always let through.
    pub bytes: usize,
}

/// Rows of one row group that pass the filter. The batch has exactly the input's columns, in the input's order, all nullable, and
/// [`rowmill_core::POSITION`] behind them where it is asked for.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The columns.
    pub batch: RecordBatch,
    /// The row group they come from, from 0.
    pub row_group: u32,
    /// Position in that row group, from 0, of the first row that was looked at for this batch.
    pub first_row: u64,
    /// Rows that were looked at.
    pub records: u64,
    /// For each term of the filter, how many of them passed it and all before it.
    pub passed: Vec<u64>,
}

/// Iterator over the batches of some row groups. Ends after the first error.
pub struct Batches {
    file: ParquetFile,
    plan: FilePlan,
    pending: IntoIter<u32>,
    limit: BatchLimit,
    handle: File,
    current: Option<Current>,
}

/// The row group that is being read.
struct Current {
    index: u32,
    rows: u64,
    /// Position in the file of the row group's first row.
    first_row: u64,
    rows_read: u64,
    rows_per_batch: usize,
    loaded: ArrowReaderMetadata,
    reader: ParquetRecordBatchReader,
    /// For each column of the input its position in what the reader answers.
    positions: Vec<Option<usize>>,
}

impl Batches {
    pub(crate) fn new(file: ParquetFile, plan: FilePlan, row_groups: Vec<u32>, limit: BatchLimit, handle: File) -> Self {
        Self { file, plan, pending: row_groups.into_iter(), limit, handle, current: None }
    }

    fn advance(&mut self) -> Result<Option<Batch>> {
        loop {
            let mut current = match self.current.take() {
                Some(current) => current,
                None => match self.pending.next() {
                    Some(index) => self.start(index).map_err(|error| error.row_group(index))?,
                    None => return Ok(None),
                },
            };
            let batch = self.next_of(&mut current).map_err(|error| error.file(self.file.uri()).row_group(current.index))?;
            if batch.is_some() {
                self.current = Some(current);
                return Ok(batch);
            }
        }
    }

    fn start(&self, index: u32) -> Result<Current> {
        let uri = self.file.uri();
        let metadata = &self.file.inner.metadata;
        let Some(group) = metadata.row_groups().get(index as usize) else {
            return Err(Error::bug(format!("row group {index} was asked for, the file has {}", metadata.num_row_groups())).file(uri));
        };
        let by_bytes = self.limit.bytes / self.plan.row_bytes(group);
        let rows_per_batch = by_bytes.min(self.limit.rows).max(1);
        let fields = wanted_fields(&self.plan, |source| has_dictionary(group.column(source.leaf)));
        let failed = |error| fail::parquet(uri, &error);
        let loaded = ArrowReaderMetadata::try_new(metadata.clone(), ArrowReaderOptions::new().with_schema(fields)).map_err(failed)?;
        // A chunk of NULLs alone need not be decoded, which for texts would cost more than decoding them.
        let source_of = |column: &PlannedColumn| column.source.clone().filter(|source| !is_all_null(group.column(source.leaf)));
        let sources = || self.plan.columns.iter().filter_map(source_of);
        let reader = self.reader(&loaded, index, sources().map(|source| source.leaf).collect(), rows_per_batch, 0)?;
        // The reader answers in the order of the file, the input has its own.
        let mut roots: Vec<usize> = sources().map(|source| source.root).collect();
        roots.sort_unstable();
        roots.dedup();
        let position = |column: &PlannedColumn| source_of(column).and_then(|source| roots.binary_search(&source.root).ok());
        let positions = self.plan.columns.iter().map(position).collect();
        let rows = u64::try_from(group.num_rows()).unwrap_or(0);
        let before = metadata.row_groups().iter().take(index as usize);
        let first_row = before.map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).sum();
        Ok(Current { index, rows, first_row, rows_read: 0, rows_per_batch, loaded, reader, positions })
    }

    fn reader(
        &self,
        loaded: &ArrowReaderMetadata,
        index: u32,
        leaves: Vec<usize>,
        rows_per_batch: usize,
        skip: u64,
    ) -> Result<ParquetRecordBatchReader> {
        let uri = self.file.uri();
        let handle = self.handle.try_clone().map_err(|error| fail::unreadable(uri, &error))?;
        ParquetRecordBatchReaderBuilder::new_with_metadata(handle, loaded.clone())
            .with_row_groups(vec![index as usize])
            .with_projection(ProjectionMask::leaves(loaded.parquet_schema(), leaves))
            .with_batch_size(rows_per_batch)
            .with_offset(usize::try_from(skip).unwrap_or(usize::MAX))
            .build()
            .map_err(|error| fail::parquet(uri, &error))
    }

    fn next_of(&self, current: &mut Current) -> Result<Option<Batch>> {
        let read =
            fail::guarded(self.file.uri(), || current.reader.next().transpose().map_err(|error| fail::decoding(self.file.uri(), &error.to_string())));
        let read = read.map_err(|error| self.locate(current, error))?;
        let Some(read) = read else {
            if current.rows_read == current.rows {
                return Ok(None);
            }
            let found = format!("the footer states {} rows, the pages hold {}", current.rows, current.rows_read);
            return Err(fail::truncated(self.file.uri(), found));
        };
        let first_row = current.rows_read;
        current.rows_read += read.num_rows() as u64;
        let assemble = || self.assemble(&read, &current.positions, current.first_row + first_row);
        let batch = fail::guarded(self.file.uri(), assemble).map_err(|error| error.row_offset(first_row).row(first_row))?;
        let (batch, passed) = if self.plan.terms.is_empty() { (batch, Vec::new()) } else { filtered(&batch, &self.plan.terms)? };
        Ok(Some(Batch { batch, row_group: current.index, first_row, records: read.num_rows() as u64, passed }))
    }

    fn assemble(&self, read: &RecordBatch, positions: &[Option<usize>], first_row: u64) -> Result<RecordBatch> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(positions.len() + 1);
        for (column, position) in self.plan.columns.iter().zip(positions) {
            arrays.push(match position {
                Some(position) => to_kind(column.kind, read.column(*position)).map_err(|error| error.column(column.name.as_ref()))?,
                None => new_null_array(&missing_type(column.kind), read.num_rows()),
            });
            if let (Some(null_value), Some(array)) = (column.null_value, arrays.last_mut()) {
                *array = without_value(array, null_value);
            }
        }
        let mut fields: Vec<Field> =
            self.plan.columns.iter().zip(&arrays).map(|(column, array)| Field::new(column.name.as_ref(), array.data_type().clone(), true)).collect();
        if let Some(position) = self.plan.position {
            let first = position.wrapping_add_unsigned(first_row);
            fields.push(Field::new(POSITION, DataType::Int64, true));
            arrays.push(Arc::new(Int64Array::from_iter_values(first..first + read.num_rows() as i64)));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(read.num_rows()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options).map_err(|error| Error::bug(error.to_string()))
    }

    /// Finds the column that does not decode by reading each alone from the failed batch on; the library does not say.
    fn locate(&self, current: &Current, error: Error) -> Error {
        let fails = |source: &Source| {
            fail::guarded(self.file.uri(), || {
                let mut reader = self.reader(&current.loaded, current.index, vec![source.leaf], current.rows_per_batch, current.rows_read)?;
                reader.next().transpose().map_err(|error| fail::decoding(self.file.uri(), &error.to_string()))
            })
            .is_err()
        };
        let column = self.plan.columns.iter().find(|column| column.source.as_ref().is_some_and(fails));
        let error = error.row(current.rows_read);
        match column {
            Some(column) => error.column(column.name.as_ref()),
            None => error,
        }
    }
}

impl Iterator for Batches {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Self::Item> {
        let uri = self.file.uri().to_owned();
        let next = fail::guarded(&uri, || self.advance()).transpose();
        if matches!(next, Some(Err(_))) {
            self.pending = Vec::new().into_iter();
            self.current = None;
        }
        next
    }
}

/// The file's fields with the types that the planned columns are asked for.
fn wanted_fields(plan: &FilePlan, keeps_dictionary: impl Fn(&Source) -> bool) -> SchemaRef {
    let mut fields: Vec<Field> = plan.fields.fields().iter().map(|field| field.as_ref().clone()).collect();
    for column in plan.columns.iter() {
        let Some(source) = &column.source else { continue };
        let wanted = match column.kind {
            ColumnKind::Text if keeps_dictionary(source) => dictionary_of(source.read_as.clone()),
            _ => source.read_as.clone(),
        };
        fields[source.root].set_data_type(wanted);
    }
    Arc::new(Schema::new_with_metadata(fields, plan.fields.metadata().clone()))
}

/// The type of a column that a file lacks.
pub(crate) fn missing_type(kind: ColumnKind) -> DataType {
    match kind {
        ColumnKind::Text => dictionary_of(DataType::Utf8),
        ColumnKind::Double => DataType::Float64,
        ColumnKind::Integer => DataType::Int64,
        ColumnKind::Timestamp => DataType::Timestamp(TimeUnit::Millisecond, None),
    }
}
