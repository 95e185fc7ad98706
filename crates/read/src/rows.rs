//! A Parquet file as it is, column for column: for result sets, whose types matter.

use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use rowmill_core::Result;

use arrow_array::RecordBatch;

use crate::fail;
use crate::file::open_stamped;

/// Batches of all columns of a Parquet file, with the Arrow types that the file states.
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
        let (file, _) = open_stamped(uri)?;
        let reader = fail::guarded(uri, || {
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| fail::parquet(uri, &error))?;
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
