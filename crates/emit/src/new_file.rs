//! A file that is there whole or not at all.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rowmill_core::{Code, Error, Result};
use tempfile::{Builder, TempPath};

/// A file that is written under a temporary name beside its own, and gets its name at the end.
///
/// Dropped before it is published it leaves nothing behind, and a file that stood there before stays as it was.
#[derive(Debug)]
pub(crate) struct NewFile {
    temporary: TempPath,
    path: PathBuf,
}

impl NewFile {
    /// Makes the temporary file, and the handle to write it through. The folder must exist.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED` with the path and the operating system's reason.
    pub(crate) fn create(path: &Path) -> Result<(Self, File)> {
        let failed = |error: io::Error| failed(path, &error);
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
        Ok((Self { temporary, path: path.to_owned() }, file))
    }

    /// The name that it will have.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until all is on disk.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub(crate) fn complete(self, file: &File, rows: u64) -> Result<CompleteFile> {
        let failed = |error: io::Error| failed(&self.path, &error);
        file.sync_all().map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        Ok(CompleteFile { temporary: self.temporary, path: self.path, written: Written { rows, bytes } })
    }
}

/// A file that is complete and does not have its name yet. Dropped, it is gone.
#[derive(Debug)]
pub struct CompleteFile {
    temporary: TempPath,
    path: PathBuf,
    written: Written,
}

/// What a finished file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Rows.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

impl CompleteFile {
    /// The name that it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name, in place of a file that stood there before, and answers what it holds.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn publish(self) -> Result<Written> {
        let path = self.path;
        let failed = |error: io::Error| failed(&path, &error);
        self.temporary.persist(&path).map_err(|error| failed(error.error))?;
        // The new name is on disk only when the folder is; some file systems do not let folders be synced.
        if let Ok(folder) = File::open(folder(&path)) {
            folder.sync_all().ok();
        }
        Ok(self.written)
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

/// A file that cannot be written, and what to do about it.
pub(crate) fn failed(path: &Path, error: &io::Error) -> Error {
    let help = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => "Free space on that disk, or write to another one",
        io::ErrorKind::NotFound => "Make the folder first",
        io::ErrorKind::InvalidInput => "Name a regular file, or one that is not there yet",
        io::ErrorKind::IsADirectory => "Name a file, not a folder",
        _ => "Check that the folder can be written to",
    };
    Error::new(Code::SinkFileFailed, format!("cannot write the file: {error}")).file(path.display().to_string()).help(help)
}
