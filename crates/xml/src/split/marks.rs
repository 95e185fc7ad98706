//! What begins with a `<`, as far as it matters for where documents begin and end.

use std::io::Read;

use rowmill_core::Result;

use super::{Documents, Splitter};
use crate::chars::is_space;

/// What begins with a `<`.
pub(super) enum Mark {
    Start(Name),
    End(Name),
    /// `<?xml`, which begins a document.
    Declaration,
    /// A comment, a CDATA section or an instruction, with its last bytes.
    Aside(&'static [u8]),
    /// Document types and what is in them, and what is no markup.
    Other,
    None,
}

/// A name as it is written, with its prefix.
pub(super) type Name = Vec<u8>;

/// Longest name of an element that is looked at.
const NAME_BYTES: usize = 1024;

impl<R: Read> Splitter<R> {
    /// The mark at hand as far as it matters inside a document of this name: other tags are of no interest, but the end of the wrapper is.
    pub(super) fn mark_of(&mut self, name: &[u8]) -> Result<Mark> {
        let bytes = self.window.peek(name.len() + 3)?;
        let rest = bytes.get(1..).unwrap_or_default();
        let (is_end, rest) = rest.strip_prefix(b"/").map_or((false, rest), |rest| (true, rest));
        let is_tag = rest.first().is_some_and(|byte| !matches!(byte, b'!' | b'?'));
        if !is_tag || (is_end && matches!(self.documents, Documents::Inside(_))) {
            return match self.mark()? {
                Mark::End(end) if end != name && !self.is_wrapper(&end) => Ok(Mark::Other),
                mark => Ok(mark),
            };
        }
        if rest.strip_prefix(name).is_none_or(|rest| rest.first().is_some_and(|byte| !ends_name(*byte))) {
            return Ok(Mark::Other);
        }
        Ok(if is_end { Mark::End(name.to_vec()) } else { Mark::Start(name.to_vec()) })
    }

    /// What begins at hand; nothing is passed.
    pub(super) fn mark(&mut self) -> Result<Mark> {
        let bytes = self.window.peek(NAME_BYTES)?;
        let Some(rest) = bytes.get(1..) else { return Ok(Mark::None) };
        if rest.starts_with(b"!--") {
            return Ok(Mark::Aside(b"-->"));
        }
        if rest.starts_with(b"![CDATA[") {
            return Ok(Mark::Aside(b"]]>"));
        }
        if let Some(rest) = rest.strip_prefix(b"?") {
            let is_declaration = rest.strip_prefix(b"xml").and_then(<[u8]>::first).is_some_and(|byte| is_space(*byte));
            return Ok(if is_declaration { Mark::Declaration } else { Mark::Aside(b"?>") });
        }
        let (is_end, rest) = rest.strip_prefix(b"/").map_or((false, rest), |rest| (true, rest));
        let name = &rest[..rest.iter().position(|byte| ends_name(*byte)).unwrap_or(rest.len())];
        if name.is_empty() || matches!(name[0], b'!' | b'0'..=b'9') {
            return Ok(Mark::Other);
        }
        Ok(if is_end { Mark::End(name.to_vec()) } else { Mark::Start(name.to_vec()) })
    }

    /// Goes behind the end of the tag at hand, and says whether its element ends there too. A `<` ends a damaged tag.
    pub(super) fn tag_end(&mut self) -> Result<bool> {
        self.window.pass(1);
        let mut quote = None;
        let mut last = b'<';
        loop {
            let bytes = self.window.peek(1)?;
            let Some(end) = bytes.iter().position(|byte| match (quote, byte) {
                (_, b'<') => true,
                (Some(open), byte) => {
                    quote = if *byte == open { None } else { quote };
                    last = *byte;
                    false
                }
                (None, b'>') => true,
                (None, byte) => {
                    quote = matches!(byte, b'"' | b'\'').then_some(*byte);
                    last = *byte;
                    false
                }
            }) else {
                let all = bytes.len();
                self.window.pass(all);
                if all == 0 {
                    return Ok(false);
                }
                continue;
            };
            let is_damaged = bytes[end] == b'<';
            self.window.pass(end + usize::from(!is_damaged));
            return Ok(!is_damaged && last == b'/');
        }
    }
}

fn ends_name(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'/' | b'>' | b'<')
}
