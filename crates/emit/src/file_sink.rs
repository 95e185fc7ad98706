//! One face for the files that rows can be written to.

use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use rowmill_core::plan::FileFormat;
use rowmill_core::{Code, Error, Result};

use crate::{CompleteFile, CsvSink, ParquetSink};

/// A file in the making, of the format that its name ends with; whole or not at all.
pub enum FileSink {
    /// `.parquet`
    Parquet(Box<ParquetSink>),
    /// `.csv` or `.csv.gz`
    Csv(Box<CsvSink>),
}

impl FileSink {
    /// Opens a file for batches of this schema. The folder must exist.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED` with the operating system's reason, or where the name does not tell the format.
    pub fn create(path: &Path, schema: SchemaRef) -> Result<Self> {
        let name = path.to_string_lossy();
        let format = [FileFormat::Parquet, FileFormat::CsvGz, FileFormat::Csv].into_iter().find(|format| name.ends_with(format.ending()));
        match format {
            Some(FileFormat::Parquet) => ParquetSink::create(path, schema).map(|sink| Self::Parquet(Box::new(sink))),
            Some(format) => CsvSink::create(path, schema, format == FileFormat::CsvGz).map(|sink| Self::Csv(Box::new(sink))),
            None => Err(Error::new(Code::SinkFileFailed, "the name does not say how to write the file")
                .file(name.into_owned())
                .help("Let it end with .parquet, .csv or .csv.gz")),
        }
    }

    /// Appends a batch.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`, for example when no space is left.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        match self {
            Self::Parquet(sink) => sink.write(batch),
            Self::Csv(sink) => sink.write(batch),
        }
    }

    /// Writes what is left; the file may not be on disk yet.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn complete(self) -> Result<CompleteFile> {
        match self {
            Self::Parquet(sink) => sink.complete(),
            Self::Csv(sink) => sink.complete(),
        }
    }
}
