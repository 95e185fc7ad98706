//! LIKE of the dialect of old: `%` and `_` became signs of a regular expression, and all other signs of one kept their meaning.

use regex::{Regex, RegexBuilder};

/// Bytes that a pattern may take when it is compiled.
const LARGEST: usize = 1 << 20;

/// A pattern of a whole text, without case.
#[derive(Clone, Debug)]
pub(in super::super) struct Pattern(Regex);

impl Pattern {
    /// Reads a pattern; `None` where it is no regular expression, which held for no text. Matching takes time in proportion to the text.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.replace('%', ".*").replace('_', ".");
        RegexBuilder::new(&format!("^(?:{text})$")).case_insensitive(true).size_limit(LARGEST).build().ok().map(Self)
    }

    pub(super) fn is_like(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}
