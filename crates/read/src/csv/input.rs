//! The text of a file through one reused buffer, so that every record is seen whole.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use flate2::bufread::MultiGzDecoder;
use rowmill_core::{Error, Result};

use super::blocks::BLOCK_BYTES;
use crate::fail;

/// What one read asks for: measured best where it stays in the second-level cache.
const BUFFER_BYTES: usize = 256 << 10;

/// A longer line is no record: the buffer would grow without bound in a file without line ends.
pub(super) const LONGEST_LINE_BYTES: usize = 1 << 20;

/// What may be looked at behind the text.
const PADDING_BYTES: usize = 2 * BLOCK_BYTES;

/// Beyond the end of a range this much is read at once: the last record of a range ends in the next.
const BEYOND_BYTES: u64 = 32 << 10;

/// What [`Input::refill`] found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refill {
    /// There is text that was not there before.
    More,
    /// There is none left.
    End,
    /// The line at hand is longer than [`LONGEST_LINE_BYTES`].
    TooLong,
}

/// A window on the text of a file.
pub(super) struct Input {
    uri: String,
    reader: Reader,
    text: Vec<u8>,
    /// Most bytes of text in the buffer.
    capacity: usize,
    /// Place of the buffer's first byte in the text of the file.
    base: u64,
    /// The first byte that was not used.
    pub(super) at: usize,
    /// Behind the last line end; one more than the text where the file's last line has none.
    pub(super) complete: usize,
    /// Behind the last byte.
    end: usize,
    /// Where reading ahead does not pay any more, in the text of the file.
    until: u64,
}

enum Reader {
    Plain(File),
    Gzip(Box<MultiGzDecoder<BufReader<Counted>>>),
}

/// Counts what was read.
struct Counted {
    file: File,
    bytes: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

impl Input {
    /// The text from `from` on; `until` is where the caller wants to stop, which is no limit.
    pub(super) fn plain(uri: &str, mut file: File, from: u64, until: u64) -> Result<Self> {
        file.seek(SeekFrom::Start(from)).map_err(|error| fail::unreadable(uri, &error))?;
        Ok(Self::over(uri, Reader::Plain(file), from, until))
    }

    /// The text of a compressed file, from its beginning.
    pub(super) fn gzip(uri: &str, file: File) -> Self {
        let counted = BufReader::with_capacity(64 << 10, Counted { file, bytes: 0 });
        Self::over(uri, Reader::Gzip(Box::new(MultiGzDecoder::new(counted))), 0, u64::MAX)
    }

    fn over(uri: &str, reader: Reader, base: u64, until: u64) -> Self {
        let text = vec![0; BUFFER_BYTES + PADDING_BYTES];
        Self { uri: uri.to_owned(), reader, text, capacity: BUFFER_BYTES, base, at: 0, complete: 0, end: 0, until }
    }

    /// The buffer: text, and behind it some bytes that mean nothing.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// What was read and not used.
    pub(super) fn rest(&self) -> &[u8] {
        &self.text[self.at.min(self.end)..self.end]
    }

    /// Place in the text of the file of the buffer's first byte.
    pub(super) fn base(&self) -> u64 {
        self.base
    }

    /// Place in the text of the file up to which everything was used.
    pub(super) fn used(&self) -> u64 {
        self.base + self.at.min(self.end) as u64
    }

    /// Bytes of the compressed file that were read; `None` where it is not compressed.
    pub(super) fn compressed_bytes(&self) -> Option<u64> {
        match &self.reader {
            Reader::Plain(_) => None,
            Reader::Gzip(decoder) => Some(decoder.get_ref().get_ref().bytes),
        }
    }

    /// Leaves out everything up to and with the next line end that is at hand; `false` where there is none.
    pub(super) fn skip_line(&mut self) -> bool {
        let newline = memchr::memchr(b'\n', &self.text[self.at..self.complete.max(self.at)]);
        self.at = newline.map_or(self.end, |newline| self.at + newline + 1);
        self.complete = self.complete.max(self.at);
        newline.is_some()
    }

    /// An error of the file that is not what it should be.
    pub(super) fn malformed(&self, reason: String) -> Error {
        fail::malformed(&self.uri, reason).line(1)
    }

    /// All that was read counts as used.
    pub(super) fn use_all(&mut self) {
        self.at = self.end;
    }

    /// Reads on where everything was used; `false` at the end.
    pub(super) fn read_on(&mut self) -> Result<bool> {
        Ok(self.refill()? == Refill::More)
    }

    /// Forgets what was used and reads on.
    pub(super) fn refill(&mut self) -> Result<Refill> {
        self.at = self.at.min(self.end);
        self.text.copy_within(self.at..self.end, 0);
        self.base += self.at as u64;
        self.end -= self.at;
        self.at = 0;
        self.complete = 0;
        if self.end == self.capacity {
            if self.capacity >= LONGEST_LINE_BYTES {
                return Ok(Refill::TooLong);
            }
            self.capacity *= 2;
            self.text.resize(self.capacity + PADDING_BYTES, 0);
        }
        let kept = self.end;
        let ended = self.read()?;
        if ended && self.end == 0 {
            return Ok(Refill::End);
        }
        self.text[self.end..self.end + PADDING_BYTES].fill(0);
        self.complete = memchr::memrchr(b'\n', &self.text[kept..self.end]).map_or(0, |newline| kept + newline + 1);
        if ended && self.complete < self.end {
            self.text[self.end] = b'\n';
            self.complete = self.end + 1;
        }
        Ok(Refill::More)
    }

    /// Fills the buffer as far as it makes sense; whether the file ended.
    fn read(&mut self) -> Result<bool> {
        let ahead = self.until.saturating_sub(self.base + self.end as u64).saturating_add(BEYOND_BYTES);
        let goal = self.capacity.min(self.end.saturating_add(usize::try_from(ahead).unwrap_or(usize::MAX)));
        while self.end < goal {
            let free = &mut self.text[self.end..goal];
            let read = match &mut self.reader {
                Reader::Plain(file) => file.read(free),
                Reader::Gzip(decoder) => decoder.read(free),
            };
            match read {
                Ok(0) => return Ok(true),
                Ok(read) => self.end += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(&error)),
            }
        }
        Ok(false)
    }

    fn failed(&self, error: &std::io::Error) -> Error {
        if matches!(self.reader, Reader::Plain(_)) || error.raw_os_error().is_some() {
            return fail::unreadable(&self.uri, error);
        }
        if error.kind() == std::io::ErrorKind::UnexpectedEof {
            let found = format!("the compressed file ends too early, behind {} bytes of text", self.base + self.end as u64);
            return fail::truncated(&self.uri, found);
        }
        fail::damaged(&self.uri, format!("the compressed file does not decode behind {} bytes of text: {error}", self.base + self.end as u64))
    }
}
