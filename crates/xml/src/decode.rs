//! Bytes to text.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::{XmlError, XmlErrorKind};

/// What is done with bytes that are not text in the encoding that they claim or have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fallback {
    /// An error.
    #[default]
    Refuse,
    /// They are windows-1252, in which every byte is a character.
    Windows1252,
}

/// The text of a document without its byte order mark.
///
/// A byte order mark says what the encoding is; without one the first bytes tell UTF-16, then the XML declaration is asked, and else it is UTF-8.
/// A document that claims UTF-16 and is in bytes of ASCII is taken for what it is: databases re-encode texts without changing what they say.
///
/// What is not UTF-8 is decoded into `room`, which is used again for the next document: large texts that come and go leave holes in memory.
///
/// # Errors
/// `Encoding` where the bytes are no text in that encoding and `fallback` does not help.
pub fn decode<'b>(bytes: &'b [u8], fallback: Fallback, room: &'b mut String) -> Result<&'b str, XmlError> {
    let (encoding, mark) = encoding_of(bytes);
    let bytes = &bytes[mark..];
    let encoding = match (encoding == UTF_8).then(|| std::str::from_utf8(bytes)) {
        Some(Ok(text)) => return Ok(text),
        Some(Err(_)) if fallback == Fallback::Windows1252 => WINDOWS_1252,
        Some(Err(_)) => return Err(refused(bytes, encoding)),
        None => encoding,
    };
    if decode_into(bytes, encoding, room) { Ok(room) } else { Err(refused(bytes, encoding)) }
}

/// Decodes up to the first fault; whether there was none.
fn decode_into(bytes: &[u8], encoding: &'static Encoding, text: &mut String) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    text.clear();
    text.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0));
    decoder.decode_to_string_without_replacement(bytes, text, true).0 == DecoderResult::InputEmpty
}

/// The text before the first bytes that are none in the encoding of their document.
pub fn decode_readable(bytes: &[u8]) -> Cow<'_, str> {
    let (encoding, mark) = encoding_of(bytes);
    readable(&bytes[mark..], encoding)
}

fn readable<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> Cow<'b, str> {
    if encoding == UTF_8 {
        let end = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        return Cow::Borrowed(std::str::from_utf8(&bytes[..end]).unwrap_or_default());
    }
    let mut text = String::new();
    decode_into(bytes, encoding, &mut text);
    Cow::Owned(text)
}

/// The encoding, and the length of the byte order mark.
fn encoding_of(bytes: &[u8]) -> (&'static Encoding, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return (encoding, length);
    }
    match bytes {
        [b'<', 0, ..] => (UTF_16LE, 0),
        [0, b'<', ..] => (UTF_16BE, 0),
        _ => (declared(bytes).filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE).unwrap_or(UTF_8), 0),
    }
}

/// The encoding of the XML declaration, where there is one that is known.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    /// A declaration is shorter.
    const LOOKED_AT: usize = 256;
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    let start = start.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = &start[..memchr::memmem::find(start, b"?>")?];
    let rest = &declaration[memchr::memmem::find(declaration, b"encoding")? + b"encoding".len()..];
    let rest = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    Encoding::for_label(&rest[..memchr::memchr(*quote, rest)?])
}

fn refused(bytes: &[u8], encoding: &'static Encoding) -> XmlError {
    let before = readable(bytes, encoding);
    XmlError::at(XmlErrorKind::Encoding, &before, before.len())
}
