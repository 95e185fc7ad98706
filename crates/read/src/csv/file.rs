//! A CSV file, or a part of it, and its header.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use rowmill_core::plan::BadRows;
use rowmill_core::{ByteRange, Error, InputSpec, Result};

use super::batches::CsvBatches;
use super::header::{Layout, names};
use super::input::{Input, LONGEST_LINE_BYTES, Refill};
use crate::file::{Stamp, changed, open_stamped};
use crate::{BatchLimit, fail};

/// Bits of a place in a file; the number of the file is above them.
const OFFSET_BITS: u32 = 44;

const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];

/// What a file is, by the ending of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// `.csv`.
    Csv,
    /// `.csv.gz`.
    CsvGzip,
    /// Every other name.
    Parquet,
}

impl Container {
    /// The container that a name promises; upper and lower case are the same.
    pub fn of(uri: &str) -> Self {
        let name = uri.to_ascii_lowercase();
        if name.ends_with(".csv") {
            Self::Csv
        } else if name.ends_with(".csv.gz") {
            Self::CsvGzip
        } else {
            Self::Parquet
        }
    }
}

/// The position of the first row of a file in its input, given the file's number: places of its rows are counted from there.
///
/// # Errors
/// `INPUT_FORMAT_INVALID` for number 524,288 and above.
pub(crate) fn first_position(uri: &str, file_number: u32) -> Result<i64> {
    if file_number >> (63 - OFFSET_BITS) != 0 {
        return Err(fail::malformed(uri, "more than 524288 files cannot be kept in order").help("Read the files in several runs"));
    }
    Ok(i64::from(file_number) << OFFSET_BITS)
}

/// A CSV file, or the records of a range of it, as one input reads it. Holds no open file; clones share the header.
#[derive(Clone, Debug)]
pub struct CsvFile {
    pub(super) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) uri: String,
    pub(super) layout: Layout,
    pub(super) range: ByteRange,
    pub(super) on_bad: BadRows,
    /// The place of the file's first byte in the input.
    pub(super) position: i64,
    missing: Vec<Cow<'static, str>>,
    bytes: u64,
    stamp: Stamp,
}

impl CsvFile {
    /// Reads the header of the file at this local path. `range` is the part whose records are wanted, all of them where absent; a record
    /// belongs to the range in which its first byte lies. A file that begins as gzip, or is named `.csv.gz`, is decompressed as a stream.
    ///
    /// `file_number` tells the files of the input apart in [`rowmill_core::POSITION`].
    ///
    /// # Errors
    /// `INPUT_FILE_UNREADABLE` where the file is missing, forbidden or a directory; `INPUT_FORMAT_INVALID` where it has no header line, or is
    /// not what its name says; `INPUT_FILE_TRUNCATED` where the compressed header is cut short; `INPUT_COLUMN_UNKNOWN` and
    /// `INPUT_COLUMN_MISSING` for names; `BUG_INTERNAL` for a range of a compressed file.
    pub fn open(uri: &str, range: Option<ByteRange>, spec: &InputSpec, file_number: u32, on_bad: BadRows) -> Result<Self> {
        let (_, stamp) = open_stamped(uri)?;
        let mut input = open_input(uri, 0)?;
        let layout = Layout::of(uri, &first_line(&mut input)?, spec)?;
        let bytes = stamp.bytes();
        let whole = ByteRange { start: 0, end: u64::MAX };
        let range = match range {
            Some(range) if input.compressed_bytes().is_none() => range,
            Some(range) if range.start > 0 || range.end < bytes => return Err(Error::bug("a range of a compressed file was asked for").file(uri)),
            _ => whole,
        };
        let missing = layout.missing().cloned().collect();
        let shared = Shared { uri: uri.to_owned(), layout, range, on_bad, position: first_position(uri, file_number)?, missing, bytes, stamp };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The path as it was given.
    pub fn uri(&self) -> &str {
        &self.shared.uri
    }

    /// Size of the file, compressed where it is, when it was opened.
    pub fn file_bytes(&self) -> u64 {
        self.shared.bytes
    }

    /// Columns of the input that the file lacks; they read as NULL.
    pub fn missing(&self) -> &[Cow<'static, str>] {
        &self.shared.missing
    }

    /// Reads the records of the range as batches no larger than `limit`, where texts count as they are and other values as eight bytes.
    ///
    /// Memory holds a buffer of 256 KiB (up to 1 MiB for very long lines) beside the batch.
    pub fn batches(&self, limit: BatchLimit) -> CsvBatches {
        CsvBatches::new(self.clone(), limit)
    }

    /// The text from where the range's records are to be looked for.
    pub(super) fn input(&self) -> Result<Input> {
        let Shared { uri, range, stamp, .. } = &*self.shared;
        let (mut file, found) = open_stamped(uri)?;
        if found != *stamp {
            return Err(changed(uri, "header", stamp, &found));
        }
        // The byte before tells whether a record begins at the start.
        let from = range.start.saturating_sub(1);
        if is_gzip(uri, &mut file)? { Ok(Input::gzip(uri, file)) } else { Input::plain(uri, file, from, range.end) }
    }
}

/// The names of a file's columns, as they stand in its header.
pub(crate) fn header_names(uri: &str) -> Result<Vec<String>> {
    names(uri, &first_line(&mut open_input(uri, 0)?)?)
}

/// The text of a file from its beginning, decompressed where it is not plain; `until` is where the caller wants to stop.
pub(super) fn open_input(uri: &str, until: u64) -> Result<Input> {
    let (mut file, _) = open_stamped(uri)?;
    if is_gzip(uri, &mut file)? { Ok(Input::gzip(uri, file)) } else { Input::plain(uri, file, 0, until) }
}

fn is_gzip(uri: &str, file: &mut File) -> Result<bool> {
    let mut magic = Vec::new();
    let read = file.by_ref().take(2).read_to_end(&mut magic).and_then(|_| file.seek(SeekFrom::Start(0)));
    read.map_err(|error| fail::unreadable(uri, &error))?;
    if Container::of(uri) == Container::CsvGzip && magic != GZIP_MAGIC && !magic.is_empty() {
        return Err(fail::malformed(uri, "the file is named .csv.gz and does not begin as gzip").help("Name it .csv, or compress it"));
    }
    Ok(magic == GZIP_MAGIC)
}

fn first_line(input: &mut Input) -> Result<Vec<u8>> {
    loop {
        let rest = input.rest();
        if let Some(end) = memchr::memchr(b'\n', rest) {
            return Ok(rest[..end].to_vec());
        }
        let rest = rest.to_vec();
        match input.refill()? {
            Refill::More if input.rest().len() > rest.len() => {}
            Refill::TooLong => return Err(input.malformed(format!("the first line is longer than {LONGEST_LINE_BYTES} bytes: it is no header"))),
            _ => return Ok(rest),
        }
    }
}
