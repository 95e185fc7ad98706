//! Rows to one Parquet file, whole or not at all.

mod chunk;
mod decimals;
mod groups;
mod texts;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use groups::RowGroups;
use parquet::errors::ParquetError;
use rowmill_core::{Code, Error, Result};
use tempfile::{Builder, TempPath};

/// Writes a Parquet file under a temporary name beside its own and gives it its name at the end.
///
/// Dropped before [`ParquetSink::finish`] it leaves nothing behind, and a file that stood there before stays as it was.
pub struct ParquetSink {
    groups: RowGroups<File>,
    temporary: TempPath,
    path: PathBuf,
    rows: u64,
}

impl ParquetSink {
    /// Opens a file for batches of this schema. The folder must exist.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED` with the path and the operating system's reason.
    pub fn create(path: &Path, schema: SchemaRef) -> Result<Self> {
        let failed = |error: io::Error| failed(path, &error.into());
        let name = path.file_name().ok_or_else(|| failed(io::ErrorKind::IsADirectory.into()))?;
        match path.metadata() {
            Ok(there) if there.is_dir() => return Err(failed(io::ErrorKind::IsADirectory.into())),
            // A device or a pipe would be replaced by a file of its name.
            Ok(there) if !there.is_file() => {
                return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "it is there already and no regular file")));
            }
            _ => {}
        }
        let prefix = format!(".{}.", name.to_string_lossy());
        let (file, temporary) = builder(&prefix).tempfile_in(folder(path)).map_err(failed)?.into_parts();
        let groups = RowGroups::new(file, schema).map_err(|error| self::failed(path, &error))?;
        Ok(Self { groups, temporary, path: path.to_owned(), rows: 0 })
    }

    /// Appends a batch; of the rows of all batches at most some megabytes are in memory.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`, for example when no space is left.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.groups.write(batch).map_err(|error| failed(&self.path, &error))?;
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// Writes the footer, waits until all is on disk, names the file, and answers the number of rows.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn finish(self) -> Result<u64> {
        let path = self.path;
        let failed = |error: ParquetError| failed(&path, &error);
        let file = self.groups.into_inner().map_err(failed)?;
        file.sync_all().map_err(|error| failed(error.into()))?;
        self.temporary.persist(&path).map_err(|error| failed(error.error.into()))?;
        // The new name is on disk only when the folder is; some file systems do not let folders be synced.
        if let Ok(folder) = File::open(folder(&path)) {
            folder.sync_all().ok();
        }
        Ok(self.rows)
    }
}

/// Temporary files are private by default; the finished one should have the rights of any new file.
#[cfg(unix)]
fn builder<'a>(prefix: &'a str) -> Builder<'a, 'static> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    let mut builder = Builder::new();
    builder.prefix(prefix).permissions(Permissions::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn builder<'a>(prefix: &'a str) -> Builder<'a, 'static> {
    let mut builder = Builder::new();
    builder.prefix(prefix);
    builder
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn failed(path: &Path, error: &ParquetError) -> Error {
    let cause = match error {
        ParquetError::External(inner) => inner.downcast_ref::<io::Error>(),
        _ => None,
    };
    let help = match cause.map(io::Error::kind) {
        Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge) => {
            "Free space on that disk, or write to another one"
        }
        Some(io::ErrorKind::NotFound) => "Make the folder first",
        Some(io::ErrorKind::InvalidInput) => "Name a regular file, or one that is not there yet",
        Some(io::ErrorKind::IsADirectory) => "Name a file, not a folder",
        _ => "Check that the folder can be written to",
    };
    let reason = cause.map_or_else(|| error.to_string(), ToString::to_string);
    Error::new(Code::SinkFileFailed, format!("cannot write the file: {reason}")).file(path.display().to_string()).help(help)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Int64Array, StringArray};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

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
        assert_eq!(sink.finish().unwrap(), 1_800_000);
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
