//! A Parquet file as it is, column for column: for result sets, whose types matter.

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use rowmill_core::Result;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::SchemaRef;

use crate::fail;
use crate::file::open_stamped;

/// Batches of all columns of a Parquet file, or of some, with the Arrow types that the file states.
pub struct Rows {
    uri: String,
    reader: ParquetRecordBatchReader,
}

impl Rows {
    /// Opens the file; batches have at most `rows_per_batch` rows.
    ///
    /// # Errors
    /// As [`crate::ParquetFile::open`].
    pub fn open(uri: &str, rows_per_batch: usize) -> Result<Self> {
        Self::start(uri, rows_per_batch, None)
    }

    /// The same with these columns only, in the file's order; names that the file lacks are passed over.
    ///
    /// # Errors
    /// As [`crate::ParquetFile::open`].
    pub fn open_columns(uri: &str, rows_per_batch: usize, columns: &[&str]) -> Result<Self> {
        Self::start(uri, rows_per_batch, Some(columns))
    }

    /// The columns of every batch.
    pub fn schema(&self) -> SchemaRef {
        self.reader.schema()
    }

    fn start(uri: &str, rows_per_batch: usize, columns: Option<&[&str]>) -> Result<Self> {
        let (file, _) = open_stamped(uri)?;
        let reader = fail::guarded(uri, || {
            let mut builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| fail::parquet(uri, &error))?;
            if let Some(columns) = columns {
                let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
                builder = builder.with_projection(mask);
            }
            builder.with_batch_size(rows_per_batch.max(1)).build().map_err(|error| fail::parquet(uri, &error))
        })?;
        Ok(Self { uri: uri.to_owned(), reader })
    }
}

impl Iterator for Rows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self { uri, reader } = self;
        fail::guarded(uri, || reader.next().transpose().map_err(|error| fail::decoding(uri, &error.to_string()))).transpose()
    }
}
