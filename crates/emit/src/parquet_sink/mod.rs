//! Rows to one Parquet file, whole or not at all.

mod chunk;
mod decimals;
mod groups;
mod texts;

use std::fs::File;
use std::io;
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use groups::RowGroups;
use parquet::errors::ParquetError;
use rowmill_core::{Error, Result};

use crate::new_file::{self, CompleteFile, NewFile, Written};

/// Writes a Parquet file under a temporary name beside its own and gives it its name at the end.
///
/// Dropped before [`ParquetSink::finish`] it leaves nothing behind, and a file that stood there before stays as it was.
pub struct ParquetSink {
    groups: RowGroups<File>,
    file: NewFile,
    rows: u64,
}

impl ParquetSink {
    /// Opens a file for batches of this schema. The folder must exist.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED` with the path and the operating system's reason.
    pub fn create(path: &Path, schema: SchemaRef) -> Result<Self> {
        let (file, handle) = NewFile::create(path)?;
        let groups = RowGroups::new(handle, schema).map_err(|error| failed(path, &error))?;
        Ok(Self { groups, file, rows: 0 })
    }

    /// Appends a batch; of the rows of all batches at most some megabytes are in memory.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`, for example when no space is left.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.groups.write(batch).map_err(|error| failed(self.file.path(), &error))?;
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Writes the footer; the file may not be on disk yet.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn complete(self) -> Result<CompleteFile> {
        let handle = self.groups.into_inner().map_err(|error| failed(self.file.path(), &error))?;
        self.file.complete(&handle, self.rows)
    }

    /// Completes the file and gives it its name at once.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn finish(self) -> Result<Written> {
        self.complete()?.publish()
    }
}

fn failed(path: &Path, error: &ParquetError) -> Error {
    let cause = match error {
        ParquetError::External(inner) => inner.downcast_ref::<io::Error>(),
        _ => None,
    };
    match cause {
        Some(cause) => new_file::failed(path, cause),
        None => new_file::failed(path, &io::Error::other(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Int64Array, StringArray};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use rowmill_core::Code;

    use super::*;

    fn batch(rows: i64) -> RecordBatch {
        let texts: StringArray = (0..rows).map(|row| Some(format!("{:x}", row.wrapping_mul(0x9E37_79B9_7F4A_7C15u64 as i64)))).collect();
        let columns: Vec<(&str, ArrayRef)> = vec![("n", Arc::new(Int64Array::from_iter_values(0..rows))), ("t", Arc::new(texts))];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_finished_file_holds_every_row_in_bounded_row_groups() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        let mut sink = ParquetSink::create(&path, batch(0).schema()).unwrap();
        for rows in [900_000, 0, 900_000] {
            sink.write(&batch(rows)).unwrap();
        }
        assert_eq!(sink.finish().unwrap().rows, 1_800_000);
        assert_eq!(names(folder.path()), ["rows.parquet"]);
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
        assert!(reader.metadata().num_row_groups() > 1);
        assert_eq!(reader.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 1_800_000);
    }

    #[test]
    fn an_unfinished_file_leaves_the_folder_and_the_old_file_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        std::fs::write(&path, "old").unwrap();
        let mut sink = ParquetSink::create(&path, batch(0).schema()).unwrap();
        sink.write(&batch(10)).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        drop(sink);
        assert_eq!(names(folder.path()), ["rows.parquet"]);
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
    }

    #[test]
    fn a_missing_folder_and_a_folder_for_a_file_are_named() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().join("missing/rows.parquet"), folder.path().to_owned()] {
            let error = ParquetSink::create(&path, batch(0).schema()).err().unwrap();
            assert_eq!((error.code(), error.place().file.as_deref()), (Code::SinkFileFailed, path.to_str()));
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let error = ParquetSink::create(&path, batch(0).schema()).err().unwrap();
        assert_eq!((error.code(), error.place().file.as_deref()), (Code::SinkFileFailed, path.to_str()));
        assert_eq!(names(folder.path()), ["socket"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_said_in_the_words_of_the_operating_system() {
        let rows = batch(200_000);
        let mut full = RowGroups::new(File::options().write(true).open("/dev/full").unwrap(), rows.schema()).unwrap();
        let error = full.write(&rows).and_then(|()| full.into_inner().map(drop)).unwrap_err();
        let error = failed(Path::new("/out/rows.parquet"), &error);
        assert_eq!(error.code(), Code::SinkFileFailed);
        assert!(error.to_string().contains("No space left") && error.to_string().contains("Free space"), "{error}");
    }
}
