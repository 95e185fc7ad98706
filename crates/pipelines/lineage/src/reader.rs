//! A reader over tokens: words, names, parentheses.

use crate::lex::{Kind, Token};
use crate::names::Name;

/// A reader over some tokens of a file.
pub(crate) struct Reader<'a> {
    pub source: &'a str,
    pub tokens: &'a [Token],
    pub at: usize,
    pub to: usize,
}

impl Reader<'_> {
    /// True where one of these words stands.
    pub fn is(&self, at: usize, words: &[&str]) -> bool {
        at < self.to && self.tokens[at].is_any(self.source, words)
    }

    /// Passes one of these words, where it stands here.
    pub fn take(&mut self, words: &[&str]) -> bool {
        let found = self.is(self.at, words);
        self.at += usize::from(found);
        found
    }

    /// The name that stands here; empty where none does.
    pub fn name(&mut self) -> Name {
        let start = self.at;
        let mut end = start;
        while end < self.to && matches!(self.tokens[end].kind, Kind::Word | Kind::Quoted | Kind::Text) {
            end += 1;
            if end >= self.to || !self.tokens[end].sign(b'.') {
                break;
            }
            while end < self.to && self.tokens[end].sign(b'.') {
                end += 1;
            }
        }
        self.at = end;
        if start == end { Name::default() } else { Name::parse(&self.source[self.tokens[start].start..self.tokens[end - 1].end]) }
    }

    /// The place behind the parenthesis that opens here.
    pub fn behind_parenthesis(&self) -> usize {
        behind(&self.tokens[..self.to], self.at)
    }

    /// The text in parentheses that stands here.
    pub fn parenthesis(&mut self) -> Option<String> {
        if self.at >= self.to || !self.tokens[self.at].sign(b'(') {
            return None;
        }
        let open = self.at;
        self.at = self.behind_parenthesis();
        Some(self.plain(open + 1, (self.at - 1).max(open + 1)))
    }

    /// The text of some tokens, with one space where there were more, or comments.
    pub fn plain(&self, from: usize, to: usize) -> String {
        let mut text = String::new();
        for at in from..to {
            if at > from && self.tokens[at - 1].end < self.tokens[at].start {
                text.push(' ');
            }
            text.push_str(self.tokens[at].text(self.source));
        }
        text
    }
}

/// The place behind the parenthesis that opens at `open`; behind all tokens where it is never closed.
pub(crate) fn behind(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0i32;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        depth += i32::from(token.sign(b'(')) - i32::from(token.sign(b')'));
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// The bytes inside the quotes of a string or a dollar-quoted text, half-open.
pub(crate) fn inside_quotes(source: &str, token: &Token) -> (usize, usize) {
    let text = token.text(source);
    let tag = if token.kind == Kind::Dollar { text[1..].find('$').map_or(1, |i| i + 2) } else { text.find('\'').map_or(1, |i| i + 1) };
    let close = if token.kind == Kind::Dollar { tag } else { 1 };
    let start = token.start + tag.min(text.len());
    (start, token.end.saturating_sub(close).max(start).min(token.end))
}
