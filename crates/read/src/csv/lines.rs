//! Which line of a file a byte is on.

use rowmill_core::{Error, Result};

use super::file::open_input;

/// The line, from 1, of the byte at `offset` of the file's text (uncompressed, where the file is `.gz`). Reads the file up to there.
///
/// # Errors
/// Those of opening and reading the file.
pub fn line_of(uri: &str, offset: u64) -> Result<u64> {
    Ok(lines_of(uri, &[offset])?.first().copied().unwrap_or(1))
}

/// The lines of many bytes in one pass over the file; the offsets must ascend. Offsets behind the end are on the last line.
///
/// # Errors
/// Those of opening and reading the file; `BUG_INTERNAL` where the offsets do not ascend.
pub fn lines_of(uri: &str, offsets: &[u64]) -> Result<Vec<u64>> {
    if !offsets.is_sorted() {
        return Err(Error::bug("offsets of lines must ascend").file(uri));
    }
    let mut lines = Vec::with_capacity(offsets.len());
    let mut input = open_input(uri, u64::MAX)?;
    let (mut at, mut line) = (0, 1);
    while lines.len() < offsets.len() {
        let text = input.rest();
        if text.is_empty() {
            if !input.read_on()? {
                break;
            }
            continue;
        }
        let end = at + text.len() as u64;
        let mut from = 0;
        while let Some(offset) = offsets.get(lines.len()).filter(|offset| **offset < end) {
            let to = (offset - at) as usize;
            line += memchr::memchr_iter(b'\n', &text[from..to]).count() as u64;
            from = to;
            lines.push(line);
        }
        line += memchr::memchr_iter(b'\n', &text[from..]).count() as u64;
        at = end;
        input.use_all();
    }
    lines.resize(offsets.len(), line);
    Ok(lines)
}
