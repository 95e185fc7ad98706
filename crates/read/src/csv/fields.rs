//! The fields of one line, quotes and all: the way that is always right, where the fast one steps aside.

use std::borrow::Cow;

/// Why a line is not a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// A quoted field does not end on its line.
    OpenQuote,
    /// Something other than a comma follows the quote that ends a field.
    AfterQuote,
}

impl Malformed {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::OpenQuote => "the record has a quote that does not end on its line",
            Self::AfterQuote => "the record has text behind the quote that ends a field",
        }
    }
}

/// One field, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) text: Cow<'a, [u8]>,
    /// Whether it was quoted: an empty text then, not NULL.
    pub(super) quoted: bool,
}

/// Iterator over the fields of a line without its line end; every line has one at least. Ends after the first error.
pub(super) struct Fields<'a> {
    /// What is left; `None` behind the last field.
    rest: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(line: &'a [u8]) -> Self {
        Self { rest: Some(line) }
    }

    /// The field that begins behind a quote.
    fn quoted(&mut self, mut rest: &'a [u8]) -> Result<Field<'a>, Malformed> {
        let mut text: Cow<'a, [u8]> = Cow::Borrowed(&[]);
        loop {
            let end = memchr::memchr(b'"', rest).ok_or(Malformed::OpenQuote)?;
            let piece = &rest[..end];
            if text.is_empty() {
                text = Cow::Borrowed(piece)
            } else {
                text.to_mut().extend_from_slice(piece)
            }
            rest = &rest[end + 1..];
            match rest.first() {
                Some(b'"') => {
                    text.to_mut().push(b'"');
                    rest = &rest[1..];
                }
                Some(b',') => {
                    self.rest = Some(&rest[1..]);
                    return Ok(Field { text, quoted: true });
                }
                None => return Ok(Field { text, quoted: true }),
                Some(_) => return Err(Malformed::AfterQuote),
            }
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.rest.take()?;
        if let Some(quoted) = line.strip_prefix(b"\"") {
            return Some(self.quoted(quoted));
        }
        let text = match memchr::memchr(b',', line) {
            Some(comma) => {
                self.rest = Some(&line[comma + 1..]);
                &line[..comma]
            }
            None => line,
        };
        Some(Ok(Field { text: Cow::Borrowed(text), quoted: false }))
    }
}

/// The line without the carriage return before its end.
pub(super) fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
