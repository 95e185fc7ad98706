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

    /// All is written; it may not be on disk yet.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub(crate) fn complete(self, file: &File, rows: u64) -> Result<CompleteFile> {
        let bytes = file.metadata().map_err(|error| failed(&self.path, &error))?.len();
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

    /// Waits until all of it is on disk; takes no room meanwhile, so that many files may be waited for together.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn sync(&self) -> Result<()> {
        File::open(&self.temporary).and_then(|file| file.sync_all()).map_err(|error| failed(&self.path, &error))
    }

    /// Gives it its name, in place of a file that stood there before, and answers what it holds. The name is on disk only after
    /// [`sync_folder`].
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn rename(self) -> Result<Written> {
        self.temporary.persist(&self.path).map_err(|error| failed(&self.path, &error.error))?;
        Ok(self.written)
    }

    /// Waits until all of it is on disk, and gives it its name, which is on disk then too.
    ///
    /// # Errors
    /// `SINK_FILE_FAILED`; the target is then as it was.
    pub fn publish(self) -> Result<Written> {
        self.sync()?;
        let path = self.path.clone();
        let written = self.rename()?;
        sync_folder(folder(&path));
        Ok(written)
    }
}

/// Waits until the names in a folder are on disk; some file systems do not let folders be synced, and are left alone.
pub fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
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
