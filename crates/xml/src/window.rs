//! A reader, looked at through a window of fixed size.

use std::io::Read;

use memchr::memmem::Finder;
use rowmill_core::{Code, Error, Result};

/// Bytes of the window. Nothing that is looked for as a whole is longer than a fraction of it.
const WINDOW_BYTES: usize = 256 << 10;

/// The bytes of a reader from where it stands; what is passed can be kept.
pub(crate) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    passed: u64,
    kept: Vec<u8>,
    /// Most bytes to keep; none where nothing is kept now.
    room: usize,
}

impl<R: Read> Window<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, buffer: vec![0; WINDOW_BYTES], from: 0, to: 0, passed: 0, kept: Vec::new(), room: 0 }
    }

    /// Bytes before the window.
    pub(crate) fn place(&self) -> u64 {
        self.passed
    }

    /// The next bytes, at least `count` of them unless the reader ends before.
    pub(crate) fn peek(&mut self, count: usize) -> Result<&[u8]> {
        while self.to - self.from < count && self.fill()? {}
        Ok(&self.buffer[self.from..self.to])
    }

    /// Goes past bytes that were looked at.
    pub(crate) fn pass(&mut self, count: usize) {
        let bytes = &self.buffer[self.from..self.from + count];
        self.kept.extend_from_slice(&bytes[..count.min(self.room)]);
        self.room -= count.min(self.room);
        self.from += count;
        self.passed += count as u64;
    }

    /// Stops before the next byte of this value; `false` where there is none, at the end of the reader then.
    pub(crate) fn find(&mut self, byte: u8) -> Result<bool> {
        loop {
            let rest = &self.buffer[self.from..self.to];
            match memchr::memchr(byte, rest) {
                Some(length) => {
                    self.pass(length);
                    return Ok(true);
                }
                None => self.pass(rest.len()),
            }
            if !self.fill()? {
                return Ok(false);
            }
        }
    }

    /// Stops behind the next place of these bytes; `false` where there is none, at the end of the reader then.
    pub(crate) fn find_past(&mut self, wanted: &[u8]) -> Result<bool> {
        let finder = Finder::new(wanted);
        loop {
            let rest = &self.buffer[self.from..self.to];
            if let Some(length) = finder.find(rest) {
                self.pass(length + wanted.len());
                return Ok(true);
            }
            // The last bytes may be the first ones of what is wanted.
            self.pass((rest.len() + 1).saturating_sub(wanted.len()));
            if !self.fill()? {
                self.pass(self.to - self.from);
                return Ok(false);
            }
        }
    }

    /// Keeps what is passed from here on, `most` bytes of it.
    pub(crate) fn keep(&mut self, most: usize) {
        self.kept.clear();
        self.room = most;
    }

    /// What was kept; nothing is from here on.
    pub(crate) fn kept(&mut self, out: &mut Vec<u8>) {
        out.clear();
        std::mem::swap(out, &mut self.kept);
        self.room = 0;
    }

    /// Reads more; `false` at the end of the reader.
    fn fill(&mut self) -> Result<bool> {
        if self.from > 0 {
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
        }
        let read = loop {
            match self.reader.read(&mut self.buffer[self.to..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read.map_err(|error| unreadable(&error))?,
            }
        };
        self.to += read;
        Ok(read > 0)
    }
}

/// The failure of a reader, also of one that decompresses.
pub(crate) fn unreadable(error: &std::io::Error) -> Error {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::UnexpectedEof => Error::new(Code::InputTruncated, "the file ends too early").help("Fetch the file again."),
        ErrorKind::InvalidData | ErrorKind::InvalidInput => {
            Error::new(Code::InputFormat, format!("what is compressed does not decode: {error}")).help("Fetch the file again.")
        }
        _ => Error::new(Code::InputUnreadable, format!("cannot read the file: {error}")),
    }
}
