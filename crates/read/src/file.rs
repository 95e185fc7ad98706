//! A Parquet file whose footer has been read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use std::time::SystemTime;

use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use rowmill_core::day::Day;
use rowmill_core::{Code, Error, InputSpec, Result};

use crate::fail;
use crate::{BatchLimit, Batches, FilePlan};

const MAGIC: &[u8; 4] = b"PAR1";
const MAGIC_ENCRYPTED: &[u8; 4] = b"PARE";
/// Magic, footer length and magic again: nothing shorter is a Parquet file.
const SHORTEST_BYTES: u64 = 12;

/// A Parquet file by its path and footer. Holds no open file; clones share the footer.
///
/// The footer takes [`ParquetFile::metadata_bytes`] of memory, typically some kilobytes per row group: with thousands of
/// files, open each when its turn comes.
#[derive(Clone, Debug)]
pub struct ParquetFile {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) uri: String,
    pub(crate) metadata: Arc<ParquetMetaData>,
    stamp: Stamp,
}

/// What must not change between reading the footer and reading the pages.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl ParquetFile {
    /// Reads the footer of the file at this local path.
    ///
    /// # Errors
    /// `INPUT_FILE_UNREADABLE` where the file is missing, forbidden or a directory; `INPUT_FILE_TRUNCATED` where it is empty
    /// or its end is missing; `INPUT_FORMAT_INVALID` where it is not Parquet, is encrypted, or its footer does not parse.
    pub fn open(uri: &str) -> Result<Self> {
        let (mut file, stamp) = open_stamped(uri)?;
        check_frame(uri, &mut file, stamp.bytes)?;
        let metadata = fail::guarded(uri, || ParquetMetaDataReader::new().parse_and_finish(&file).map_err(|error| fail::parquet(uri, &error)))?;
        Ok(Self { inner: Arc::new(Inner { uri: uri.to_owned(), metadata: Arc::new(metadata), stamp }) })
    }

    /// The path as it was given.
    pub fn uri(&self) -> &str {
        &self.inner.uri
    }

    /// Size of the file when it was opened.
    pub fn file_bytes(&self) -> u64 {
        self.inner.stamp.bytes
    }

    /// Rows in all row groups, as the footer states them.
    pub fn rows(&self) -> u64 {
        self.inner.metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).sum()
    }

    /// Memory that the footer takes; an estimate.
    pub fn metadata_bytes(&self) -> usize {
        self.inner.metadata.memory_size()
    }

    /// Says which row groups may hold rows of the days `first` to `last` (both included) and how the columns will be read.
    ///
    /// A row group is left out only where statistics prove that it has no row in the window (by `spec.time_column`), or none that
    /// passes the first term of `spec.filter`; a kept one may still hold rows outside the window. Rows that do not pass the filter are left out of batches. Columns that the file lacks are listed in [`FilePlan::missing`] and read as NULL.
    ///
    /// # Errors
    /// `INPUT_COLUMN_MISSING` where the file lacks a required column; `INPUT_COLUMN_TYPE` for one whose type cannot be read as its kind; `INPUT_FILE_TRUNCATED` where the footer
    /// places a needed column beyond the end of the file; `INPUT_FORMAT_INVALID` for a footer that contradicts itself.
    pub fn plan(&self, spec: &InputSpec, first: Day, last: Day) -> Result<FilePlan> {
        fail::guarded(self.uri(), || FilePlan::new(self, spec, first, last))
    }

    /// Reads the given row groups (by index, in this order) as batches no larger than `limit`.
    ///
    /// Beside the batch, memory holds one page and one dictionary for each column of one row group, whatever its size.
    ///
    /// # Errors
    /// `INPUT_FILE_CHANGED` where the file is not the one whose footer was read; otherwise as [`ParquetFile::open`].
    pub fn batches(&self, plan: &FilePlan, row_groups: &[u32], limit: BatchLimit) -> Result<Batches> {
        let (file, stamp) = open_stamped(self.uri())?;
        if stamp != self.inner.stamp {
            return Err(changed(self.uri(), "footer", &self.inner.stamp, &stamp));
        }
        Ok(Batches::new(self.clone(), plan.clone(), row_groups.to_vec(), limit, file))
    }
}

impl Stamp {
    /// Size of the file.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// A file that is not the one whose `part` was read.
pub(crate) fn changed(uri: &str, part: &str, then: &Stamp, now: &Stamp) -> Error {
    let found = format!("the file changed since its {part} was read: {} bytes then, {} bytes now", then.bytes, now.bytes);
    Error::new(Code::InputChanged, found).file(uri).help("Wait until the writer is done, then run again")
}

pub(crate) fn open_stamped(uri: &str) -> Result<(File, Stamp)> {
    let unreadable = |error| fail::unreadable(uri, &error);
    let file = File::open(uri).map_err(unreadable)?;
    let found = file.metadata().map_err(unreadable)?;
    if found.is_dir() {
        return Err(unreadable(std::io::ErrorKind::IsADirectory.into()));
    }
    Ok((file, Stamp { bytes: found.len(), modified: found.modified().ok() }))
}

/// Tells a file that was cut off from one that never was Parquet, which the library does not.
fn check_frame(uri: &str, file: &mut File, bytes: u64) -> Result<()> {
    if bytes == 0 {
        return Err(fail::truncated(uri, "the file is empty (0 bytes)"));
    }
    let (head, tail) = read_frame(file, bytes).map_err(|error| fail::unreadable(uri, &error))?;
    let magic = &tail[4..];
    if &head == MAGIC_ENCRYPTED || magic == MAGIC_ENCRYPTED {
        return Err(fail::malformed(uri, "the file is encrypted Parquet").help("Write it without encryption"));
    }
    if &head != MAGIC {
        let found = String::from_utf8_lossy(&head).into_owned();
        return Err(fail::malformed(uri, "not a Parquet file: it does not begin with PAR1")
            .value(found)
            .help("Check that the file was written as Parquet"));
    }
    if magic != MAGIC {
        return Err(fail::truncated(uri, format!("the file begins as Parquet but has no footer at its end ({bytes} bytes)")));
    }
    let footer = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    if footer + SHORTEST_BYTES > bytes {
        return Err(fail::truncated(uri, format!("the footer claims {footer} bytes, the file has {bytes}")));
    }
    Ok(())
}

/// First four and last eight bytes; zeros where the file is shorter.
fn read_frame(file: &mut File, bytes: u64) -> std::io::Result<([u8; 4], [u8; 8])> {
    let (mut head, mut tail) = ([0; 4], [0; 8]);
    let head_bytes = bytes.min(4) as usize;
    file.read_exact(&mut head[..head_bytes])?;
    if bytes >= SHORTEST_BYTES {
        file.seek(SeekFrom::End(-8))?;
        file.read_exact(&mut tail)?;
    }
    Ok((head, tail))
}
