//! Statements that no parser reads as they stand, said in words that one does: what lineage does not need is left out, the rest means the same.
//!
//! It is tried only where parsers refused a statement.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token};

/// The statement in other words; `None` where none are known.
pub(crate) fn reworded(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<String> {
    let mut words = Rewording { text, tokens: &tokens[..to], from, edits: Vec::new() };
    words.hints();
    words.joins();
    words.compound_assignments();
    if dialect == Dialect::Tsql {
        words.tsql();
    }
    if dialect == Dialect::Duckdb {
        words.duckdb();
    }
    words.finish()
}

struct Rewording<'a> {
    text: &'a str,
    tokens: &'a [Token],
    from: usize,
    /// Bytes that are replaced, and what by.
    edits: Vec<(usize, usize, String)>,
}

impl Rewording<'_> {
    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is(self.text, word))
    }

    fn any(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is_any(self.text, words))
    }

    fn sign(&self, at: usize, sign: u8) -> bool {
        self.tokens.get(at).is_some_and(|t| t.sign(sign))
    }

    /// True where these words stand, one after the other.
    fn are(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(ahead, word)| self.is(at + ahead, word))
    }

    fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Quoted))
    }

    /// True where a token follows the one before without a space.
    fn touches(&self, at: usize) -> bool {
        at > self.from && self.tokens.get(at).is_some_and(|t| t.start == self.tokens[at - 1].end)
    }

    /// Replaces the tokens of a range, half-open.
    fn replace(&mut self, from: usize, to: usize, with: &str) {
        if from < to && to <= self.tokens.len() {
            self.edits.push((self.tokens[from].start, self.tokens[to - 1].end, with.to_owned()));
        }
    }

    /// Puts a text before a token.
    fn insert(&mut self, at: usize, what: &str) {
        let place = self.tokens.get(at).map_or(self.tokens[self.tokens.len() - 1].end, |t| t.start);
        self.edits.push((place, place, what.to_owned()));
    }

    /// The place behind the parenthesis that opens at `open`.
    fn behind(&self, open: usize) -> usize {
        let mut depth = 0i32;
        for at in open..self.tokens.len() {
            depth += i32::from(self.sign(at, b'(')) - i32::from(self.sign(at, b')'));
            if depth == 0 {
                return at + 1;
            }
        }
        self.tokens.len()
    }

    /// The first place from here on where one of the words stands outside parentheses that open here or later.
    fn outside(&self, from: usize, words: &[&str]) -> Option<usize> {
        let mut depth = 0i32;
        (from..self.tokens.len()).find(|&at| {
            depth += i32::from(self.sign(at, b'(')) - i32::from(self.sign(at, b')'));
            depth == 0 && self.any(at, words)
        })
    }

    fn places(&self) -> std::ops::Range<usize> {
        self.from..self.tokens.len()
    }

    /// The text with its edits, each place changed once; the lines stay.
    fn finish(mut self) -> Option<String> {
        if self.edits.is_empty() {
            return None;
        }
        self.edits.sort();
        let (mut out, mut done) = (String::new(), self.tokens[self.from].start);
        for (start, end, with) in &self.edits {
            if *start < done {
                continue;
            }
            out.push_str(&self.text[done..*start]);
            out.push_str(with);
            out.extend(self.text[*start..*end].chars().filter(|c| *c == '\n'));
            done = *end;
        }
        out.push_str(&self.text[done..self.tokens[self.tokens.len() - 1].end]);
        Some(out)
    }

    /// What says how rows are reached, and not which: cursors, options of queries and of their tables.
    fn hints(&mut self) {
        for at in self.places() {
            if self.are(at, &["where", "current", "of"]) {
                let end = at + 3 + usize::from(self.is(at + 3, "global")) + 1;
                self.replace(at, end.min(self.tokens.len()), "");
            } else if at > self.from && self.sign(at + 1, b'(') {
                let of_target = self.is(at, "with") && self.is(self.from, "insert") && self.is_name(at - 1);
                if of_target || self.is(at, "option") {
                    self.replace(at, self.behind(at + 1), "");
                }
            }
        }
    }

    /// Joins by the nearest row, of the sorts that parsers know without that word only.
    fn joins(&mut self) {
        for at in self.places() {
            if self.is(at, "asof") && self.any(at + 1, &["full", "anti", "semi", "right"]) {
                self.replace(at, at + 1, "");
            }
        }
    }

    /// `a += x` is `a = a + x`.
    fn compound_assignments(&mut self) {
        for at in self.places().skip(1) {
            let assigns = self.sign(at + 1, b'=') && self.touches(at + 1) && b"+-*/%&|^".iter().any(|sign| self.sign(at, *sign));
            if !assigns || !self.is_name(at - 1) {
                continue;
            }
            let mut start = at - 1;
            while start >= self.from + 2 && self.sign(start - 1, b'.') && self.is_name(start - 2) {
                start -= 2;
            }
            let name = &self.text[self.tokens[start].start..self.tokens[at - 1].end];
            let with = format!("= {name} {}", self.tokens[at].text(self.text));
            self.replace(at, at + 2, &with);
        }
    }

    fn tsql(&mut self) {
        self.delete_targets();
        for at in self.places() {
            if self.any(at, &["openxml", "openjson"]) && self.sign(at + 1, b'(') {
                self.rows_of_document(at);
            } else if self.is(at, "bulk") && self.tokens.get(at + 1).is_some_and(|t| t.kind == Kind::Text) && self.sign(at - 1, b'(') {
                self.rows_of_file(at - 1);
            } else if self.sign(at, b'.') && self.any(at - 1, &["from", "join", "into", "update", "delete", "table", "apply"]) {
                // `..t`: the parts before the name are those of the session.
                let name = (at..self.tokens.len()).find(|&i| !self.sign(i, b'.')).unwrap_or(at);
                self.replace(at, name, "");
            } else if self.are(at, &["on", "null"]) && self.any(at - 1, &["null", "absent"]) {
                let start = if self.sign(at - 2, b',') { at } else { at - 1 };
                self.replace(start, at + 2, "");
            } else if self.is(at, "language") && self.sign(at - 1, b',') {
                self.replace(at - 1, at + 2, "");
            }
        }
    }

    /// `DELETE FROM a FROM a AS x JOIN …` names its target once too often.
    fn delete_targets(&mut self) {
        if self.is(self.from, "delete") && self.is(self.from + 1, "from") && self.outside(self.from + 2, &["from"]).is_some() {
            self.replace(self.from + 1, self.from + 2, "");
        }
    }

    /// `OPENXML (@d, '/a', 1) WITH (x int '@x')`: what is read is in the first argument.
    fn rows_of_document(&mut self, at: usize) {
        let close = self.behind(at + 1) - 1;
        let mut depth = 0i32;
        let comma = (at + 1..close).find(|&i| {
            depth += i32::from(self.sign(i, b'(')) - i32::from(self.sign(i, b')'));
            depth == 1 && self.sign(i, b',')
        });
        self.replace(at, at + 1, "OPENJSON");
        if let Some(comma) = comma {
            self.replace(comma, close, "");
        }
        // Columns as those of a table.
        if self.is(close + 1, "with") && self.is_name(close + 2) {
            self.replace(close + 1, close + 3, "");
        }
    }

    /// `OPENROWSET(BULK 'file', FORMAT = 'CSV')`: a function of the file's name.
    fn rows_of_file(&mut self, open: usize) {
        let close = self.behind(open) - 1;
        let file = self.tokens[open + 2].text(self.text).to_owned();
        self.replace(open + 1, close, &file);
    }

    fn duckdb(&mut self) {
        for at in self.places().skip(1) {
            if self.are(at, &["by", "position"]) {
                self.replace(at, at + 2, "");
            } else if self.is(at, "tablesample") && self.sign(at + 2, b'%') {
                self.replace(at, at + 3, "");
            } else if self.sign(at, b'!') && self.touches(at) && !(self.sign(at + 1, b'=') && self.touches(at + 1) && !self.sign(at - 1, b')')) {
                self.factorial(at);
            } else if self.is(at, "replace") && self.tokens.get(at + 1).is_some_and(|t| !t.sign(b'(')) {
                self.replaced_column(at);
            }
        }
    }

    /// `a!` is made of `a`.
    fn factorial(&mut self, at: usize) {
        if matches!(self.tokens[at - 1].kind, Kind::Word | Kind::Quoted | Kind::Number | Kind::Sign(b')')) {
            self.replace(at, at + 1, "");
        }
    }

    /// `* REPLACE 3 AS x` is `* REPLACE (3 AS x)`.
    fn replaced_column(&mut self, at: usize) {
        if let Some(alias) = self.outside(at, &["as"]).filter(|&i| self.is_name(i + 1)) {
            self.insert(at + 1, "(");
            self.insert(alias + 2, ")");
        }
    }
}
