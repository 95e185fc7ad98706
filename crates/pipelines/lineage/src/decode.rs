//! Bytes of a file to text: UTF-8, with or without mark, and UTF-16 with one.

/// Why bytes are not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecodable {
    /// A byte that is none of UTF-8, from 0.
    Invalid(usize),
    /// NUL bytes: not a text.
    Binary(usize),
    /// More bytes than the limit.
    TooLong(usize),
}

/// The largest file that is read.
pub const MAX_BYTES: usize = 50 * 1024 * 1024;

impl std::fmt::Display for Undecodable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Undecodable::Invalid(at) => write!(f, "byte {at} is not UTF-8; convert the file to UTF-8 or give it a byte order mark"),
            Undecodable::Binary(at) => write!(f, "byte {at} is NUL: this is not a text file"),
            Undecodable::TooLong(bytes) => write!(f, "the file has {bytes} bytes; at most {MAX_BYTES} are read"),
        }
    }
}

/// The text of a file's bytes.
pub fn decode(bytes: &[u8]) -> Result<String, Undecodable> {
    if bytes.len() > MAX_BYTES {
        return Err(Undecodable::TooLong(bytes.len()));
    }
    let (encoding, mark) = match encoding_rs::Encoding::for_bom(bytes) {
        Some(found) => found,
        None => (encoding_rs::UTF_8, 0),
    };
    let text = match encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]) {
        Some(text) => text.into_owned(),
        None => {
            let valid = std::str::from_utf8(&bytes[mark..]).err().map_or(0, |e| e.valid_up_to());
            return Err(match memchr::memchr(0, bytes) {
                Some(at) if encoding == encoding_rs::UTF_8 => Undecodable::Binary(at),
                _ => Undecodable::Invalid(mark + valid),
            });
        }
    };
    match memchr::memchr(0, text.as_bytes()) {
        Some(at) => Err(Undecodable::Binary(at)),
        None => Ok(text),
    }
}
