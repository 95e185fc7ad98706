//! Batches into files.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression as Codec, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use rowmill_core::{Code, Error, Result};

use crate::columns::{ColumnSpec, Columns, Source};
use crate::layout::Place;
use crate::spec::{Compression, Files};
use crate::totals::InputTotals;

/// Rows of a batch on their way to a file.
const BATCH_ROWS: usize = 8_192;

/// Writes the rows of one job into as many files as asked for.
pub(crate) struct FileWriter {
    place: Place,
    properties: WriterProperties,
    rows_per_file: u64,
    pub(crate) columns: Columns,
    open: Option<(PathBuf, ArrowWriter<File>)>,
    rows_in_file: u64,
    totals: InputTotals,
}

impl FileWriter {
    pub(crate) fn new(files: &Files, place: Place, columns: &[ColumnSpec]) -> Result<Self> {
        let rows_per_file = if files.rows_per_file == 0 { u64::MAX } else { files.rows_per_file };
        Ok(Self {
            place,
            properties: properties(files, columns)?,
            rows_per_file,
            columns: Columns::new(columns),
            open: None,
            rows_in_file: 0,
            totals: InputTotals::default(),
        })
    }

    /// Call after each row; writes when a batch is full.
    pub(crate) fn row_done(&mut self) -> Result<()> {
        if self.columns.rows() < BATCH_ROWS { Ok(()) } else { self.flush() }
    }

    /// Writes what is left and closes the last file. No rows make no file.
    pub(crate) fn finish(mut self) -> Result<InputTotals> {
        self.flush()?;
        self.close()?;
        Ok(self.totals)
    }

    fn flush(&mut self) -> Result<()> {
        let batch = self.columns.finish()?;
        let mut from = 0;
        while from < batch.num_rows() {
            let room = usize::try_from(self.rows_per_file - self.rows_in_file).unwrap_or(usize::MAX);
            let part = batch.slice(from, room.min(batch.num_rows() - from));
            self.write(&part)?;
            from += part.num_rows();
            self.rows_in_file += part.num_rows() as u64;
            if self.rows_in_file == self.rows_per_file {
                self.close()?;
            }
        }
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        if self.open.is_none() {
            let path = self.place.path(self.totals.files);
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|error| write_failed(folder, &error))?;
            }
            let file = File::create(&path).map_err(|error| write_failed(&path, &error))?;
            // The files of the original converter do not carry an Arrow schema; with one, readers would see dictionaries.
            let options = ArrowWriterOptions::new().with_properties(self.properties.clone()).with_skip_arrow_metadata(true);
            let writer = ArrowWriter::try_new_with_options(file, self.columns.schema(), options).map_err(|error| write_failed(&path, &error))?;
            self.open = Some((path, writer));
        }
        match &mut self.open {
            Some((path, writer)) => writer.write(batch).map_err(|error| write_failed(path, &error)),
            None => Ok(()),
        }
    }

    fn close(&mut self) -> Result<()> {
        let Some((path, writer)) = self.open.take() else { return Ok(()) };
        writer.close().map_err(|error| write_failed(&path, &error))?;
        let bytes = std::fs::metadata(&path).map_err(|error| write_failed(&path, &error))?.len();
        self.totals.add(InputTotals { files: 1, rows: self.rows_in_file, bytes });
        self.rows_in_file = 0;
        Ok(())
    }
}

/// The failure to write a file or folder.
pub(crate) fn write_failed(path: &Path, error: &dyn std::error::Error) -> Error {
    Error::new(Code::SinkFileFailed, format!("could not write a generated file: {error}"))
        .file(path.to_string_lossy())
        .help("Check that the folder can be written to and that the disk has room.")
}

fn properties(files: &Files, columns: &[ColumnSpec]) -> Result<WriterProperties> {
    let codec = match files.compression {
        Compression::Snappy => Codec::SNAPPY,
        Compression::Zstd => Codec::ZSTD(ZstdLevel::try_new(1).map_err(|error| Error::bug(error.to_string()))?),
        Compression::None => Codec::UNCOMPRESSED,
    };
    let mut properties = WriterProperties::builder()
        .set_created_by("rowmill generate".into())
        .set_compression(codec)
        .set_dictionary_enabled(files.dictionary)
        // Pages need no statistics: readers here prune by row group.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_max_row_group_row_count(Some(files.row_group_rows))
        .set_max_row_group_bytes(None);
    for (name, source) in columns {
        if matches!(source, Source::Amount) {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), false);
        }
    }
    Ok(properties.build())
}
