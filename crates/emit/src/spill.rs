//! State that does not fit the memory budget, in a file that nobody else can see.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rowmill_core::{Code, Error, Result};

/// Where a piece lies in a [`SpillFile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpillChunk {
    /// First byte, from 0.
    pub offset: u64,
    /// Length in bytes.
    pub bytes: u64,
}

/// A temporary file without a name: the operating system frees it when it is dropped or the process dies.
#[derive(Debug)]
pub struct SpillFile {
    file: File,
    folder: PathBuf,
    bytes: u64,
}

impl SpillFile {
    /// Makes the file in this folder, and the folder too where it is missing.
    ///
    /// # Errors
    /// `BUDGET_SPILL_FAILED` with the folder and the reason.
    pub fn create(folder: &Path) -> Result<Self> {
        let file =
            std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder)).map_err(|error| failed(folder, "make a file in", &error))?;
        Ok(Self { file, folder: folder.to_owned(), bytes: 0 })
    }

    /// Bytes in the file.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Appends a piece and says where it lies. After an error the file is as before.
    ///
    /// # Errors
    /// `BUDGET_SPILL_FAILED`, for example when no space is left.
    pub fn append(&mut self, piece: &[u8]) -> Result<SpillChunk> {
        let offset = self.bytes;
        let written = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.write_all(piece));
        written.map_err(|error| failed(&self.folder, "write to", &error))?;
        self.bytes += piece.len() as u64;
        Ok(SpillChunk { offset, bytes: piece.len() as u64 })
    }

    /// Reads a piece into `out`, in place of what it held.
    ///
    /// # Errors
    /// `BUDGET_SPILL_FAILED` where the piece cannot be read.
    pub fn read(&mut self, chunk: SpillChunk, out: &mut Vec<u8>) -> Result<()> {
        out.clear();
        let read = self.file.seek(SeekFrom::Start(chunk.offset)).and_then(|_| (&mut self.file).take(chunk.bytes).read_to_end(out));
        let read = read.and_then(|bytes| if bytes as u64 == chunk.bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) });
        read.map_err(|error| failed(&self.folder, "read back from", &error))
    }
}

fn failed(folder: &Path, action: &str, error: &io::Error) -> Error {
    let help = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "Free space there, name another spill folder, or give a larger memory budget",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "Name a spill folder that can be written to",
        _ => "Name another spill folder, or give a larger memory budget",
    };
    Error::new(Code::SpillFailed, format!("cannot {action} the spill folder: {error}")).file(folder.display().to_string()).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_read_back_in_any_order_and_the_folder_stays_empty() {
        let folder = tempfile::tempdir().unwrap();
        let mut spill = SpillFile::create(&folder.path().join("spill")).unwrap();
        let chunks: Vec<SpillChunk> = (0..20u8).map(|n| spill.append(&vec![n; usize::from(n) * 100]).unwrap()).collect();
        let mut piece = Vec::new();
        for (n, chunk) in chunks.iter().enumerate().rev() {
            spill.read(*chunk, &mut piece).unwrap();
            assert_eq!(piece, vec![n as u8; n * 100]);
        }
        assert_eq!(std::fs::read_dir(folder.path().join("spill")).unwrap().count(), 0);
        assert_eq!(spill.bytes(), 19_000);
        assert_eq!(spill.read(SpillChunk { offset: 18_990, bytes: 11 }, &mut piece).unwrap_err().code(), Code::SpillFailed);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = SpillFile::create(file.path()).unwrap_err();
        assert_eq!((error.code(), error.place().file.as_deref()), (Code::SpillFailed, file.path().to_str()));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_named_and_leaves_the_length_as_it_was() {
        let file = File::options().read(true).write(true).open("/dev/full").unwrap();
        let mut spill = SpillFile { file, folder: "/spill".into(), bytes: 0 };
        let error = spill.append(b"state").unwrap_err();
        assert_eq!((error.code(), spill.bytes()), (Code::SpillFailed, 0));
        assert!(error.to_string().contains("No space left") && error.to_string().contains("/spill"), "{error}");
    }
}
