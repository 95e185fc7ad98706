//! Statements of T-SQL.

use super::Rewording;
use crate::lex::Kind;

impl Rewording<'_> {
    pub(super) fn tsql(&mut self) {
        self.delete_targets();
        for at in self.places() {
            if self.any(at, &["openxml", "openjson"]) && self.sign(at + 1, b'(') {
                self.rows_of_document(at);
            } else if self.is(at, "bulk") && self.is_kind(at + 1, Kind::Text) && self.sign(at - 1, b'(') {
                self.rows_of_file(at - 1);
            } else if self.sign(at, b'.') && self.any(at - 1, &["from", "join", "into", "update", "delete", "table", "apply"]) {
                // `..t`: the parts before the name are those of the session.
                let name = (at..self.tokens.len()).find(|&i| !self.sign(i, b'.')).unwrap_or(at);
                self.replace(at, name, "");
            } else if self.is(at, "language") && self.sign(at - 1, b',') {
                self.replace(at - 1, at + 2, "");
            }
        }
    }

    /// `DELETE FROM a FROM a AS x JOIN …` names its target once too often.
    fn delete_targets(&mut self) {
        if !self.is(self.from, "delete") {
            return;
        }
        let has_from = self.is(self.from + 1, "from");
        let sources = self.outside(self.from + 2, &["from"]).filter(|_| has_from);
        if let Some(sources) = sources {
            self.replace(self.from + 1, self.from + 2, "");
            if let Some(alias) = self.alias_of_target(sources) {
                let alias = self.tokens[alias].text(self.text).to_owned();
                self.replace(self.from + 2, sources, &format!("{alias} "));
            }
        } else if !has_from && self.outside(self.from + 1, &["from"]).is_none() {
            self.insert(self.from + 1, "FROM ");
        }
    }

    /// Where the alias stands that the target of a delete has among its sources.
    fn alias_of_target(&self, sources: usize) -> Option<usize> {
        let target = &self.text[self.tokens[self.from + 2].start..self.tokens[sources - 1].end];
        let length = sources - (self.from + 2);
        let first = &self.text[self.tokens[sources + 1].start..self.tokens.get(sources + length)?.end];
        let alias = sources + length + 1 + usize::from(self.is(sources + length + 1, "as"));
        (first.eq_ignore_ascii_case(target)
            && self.is_name(alias)
            && !self.any(alias, &["where", "inner", "join", "left", "cross", "with", "option"]))
        .then_some(alias)
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

    /// `OPENROWSET(BULK 'file', FORMAT = 'CSV')`: a function of the file's name, or a document where its columns are said.
    fn rows_of_file(&mut self, open: usize) {
        let close = self.behind(open) - 1;
        let file = self.tokens[open + 2].text(self.text).to_owned();
        if self.is(close + 1, "with") {
            self.replace(open - 1, open, "OPENJSON");
        }
        self.replace(open + 1, close, &file);
    }
}
