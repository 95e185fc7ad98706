//! Statements that no parser reads as they stand, said in words that one does: what lineage does not need is left out, the rest means the same.
//!
//! It is tried only where parsers refused a statement.

mod client_server;
mod tsql;
mod warehouses;

use crate::dialects::Dialect;
use crate::lex::{Kind, Token};
use crate::reader::behind;

/// The statement in other words; `None` where none are known.
pub(crate) fn reworded(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<String> {
    let mut words = Rewording { text, tokens: &tokens[..to], from, edits: Vec::new() };
    words.hints();
    words.joins();
    words.compound_assignments();
    words.json_clauses();
    match dialect {
        Dialect::Tsql => words.tsql(),
        Dialect::Duckdb => words.duckdb(),
        Dialect::Postgres | Dialect::Redshift => words.postgres(),
        Dialect::Mysql => words.mysql(),
        Dialect::Oracle => words.oracle(),
        Dialect::Hive | Dialect::Spark | Dialect::Databricks => words.spark(),
        Dialect::Snowflake => words.snowflake(),
        _ => {}
    }
    words.finish()
}

/// Names that a MERGE leaves out of `*`, as they are written.
pub(crate) fn left_out(text: &str, tokens: &[Token], from: usize, to: usize) -> Vec<String> {
    let mut out = Vec::new();
    for at in from..to.saturating_sub(2) {
        if tokens[at].sign(b'*') && tokens[at + 1].is(text, "except") && tokens[at + 2].sign(b'(') {
            let names = tokens[at + 3..to].iter().take_while(|t| !t.sign(b')')).filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted));
            out.extend(names.map(|t| t.text(text).to_owned()));
        }
    }
    out
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

    /// The text of a word; empty where none stands.
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).filter(|t| t.kind == Kind::Word).map_or("", |t| t.text(self.text))
    }

    fn is_kind(&self, at: usize, kind: Kind) -> bool {
        self.tokens.get(at).is_some_and(|t| t.kind == kind)
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
        behind(self.tokens, open)
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

    /// How JSON is written, and what is made of what is missing in it: `NULL ON NULL`, `RETURNING CHAR(5)`, `STRICT`.
    fn json_clauses(&mut self) {
        for at in self.places() {
            let is_function = self.word(at).get(..5).is_some_and(|start| start.eq_ignore_ascii_case("json_")) && self.sign(at + 1, b'(');
            if !is_function || self.is(at, "json_table") {
                continue;
            }
            let close = self.behind(at + 1) - 1;
            let mut depth = 0i32;
            let clause = (at + 1..close).find(|&i| {
                depth += i32::from(self.sign(i, b'(')) - i32::from(self.sign(i, b')'));
                let of_missing = self.is(i + 1, "on") && self.any(i, &["null", "absent", "error", "empty"]);
                let begins = of_missing || self.any(i, &["returning", "strict", "default"]) || self.are(i, &["with", "unique"]);
                depth == 1 && begins && !self.sign(i - 1, b'(')
            });
            if let Some(clause) = clause {
                let start = if self.sign(clause - 1, b',') { clause - 1 } else { clause };
                self.replace(start, close, "");
            }
        }
    }

    /// Which of several rows are joined, and by whom: what is joined stays the same.
    fn joins(&mut self) {
        const WORDS: &[&str] =
            &["left", "right", "full", "inner", "cross", "natural", "outer", "semi", "anti", "any", "all", "asof", "paste", "directed"];
        for at in self.places().filter(|&at| self.is(at, "join")).collect::<Vec<_>>() {
            let start = (self.from..at).rev().take_while(|&i| self.any(i, WORDS)).last().unwrap_or(at);
            let has = |words: &[&str]| (start..at).any(|i| self.any(i, words));
            let decides = has(&["semi", "anti"]);
            let drops = |i: usize| {
                let is_outer = decides && self.is(i, "outer") || has(&["cross"]) && self.is(i, "natural");
                is_outer || self.any(i, &["any", "all", "asof", "paste", "directed"])
            };
            for word in (start..at).filter(|&i| drops(i)).collect::<Vec<_>>() {
                self.replace(word, word + 1, "");
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
}
