//! Statements of PostgreSQL, MySQL and Oracle.

use super::Rewording;
use crate::lex::Kind;

impl Rewording<'_> {
    pub(super) fn postgres(&mut self) {
        self.foreign_table();
        for at in self.places().skip(1) {
            if self.is(at, "overriding") && self.is(at + 2, "value") {
                self.replace(at, at + 3, "");
            } else if self.is(at, "uescape") {
                self.replace(at, at + 2, "");
            } else if self.sign(at, b'*') && self.is(self.from, "delete") && self.is_name(at - 1) {
                self.replace(at, at + 1, "");
            } else if self.sign(at, b'[') && self.is(self.from, "update") {
                self.set_element(at);
            } else if self.sign(at, b':') && self.touches(at + 1) && (self.is_kind(at + 1, Kind::Text) || self.is_kind(at + 1, Kind::Quoted)) {
                self.replace(at, at + 1, "");
            } else if self.is_kind(at, Kind::Text) && self.is_kind(at - 1, Kind::Text) {
                // A string goes on in the next line.
                self.replace(at, at + 1, "");
            } else if self.any(at, &["substring", "overlay", "position", "trim"]) && self.sign(at + 1, b'(') {
                self.words_to_commas(at + 1);
            } else if self.sign(at, b'<') && self.sign(at + 1, b'+') && self.sign(at + 2, b'>') {
                self.replace(at, at + 3, "-");
            }
        }
    }

    /// `SET a[2] = x` sets a part of `a`.
    fn set_element(&mut self, open: usize) {
        let Some(close) = (open..self.tokens.len()).find(|&at| self.sign(at, b']')) else { return };
        if self.sign(close + 1, b'=') && self.is_name(open - 1) {
            self.replace(open, close + 1, "");
        }
    }

    /// `substring(a FROM 2 FOR 3)`: arguments as those of other functions.
    fn words_to_commas(&mut self, open: usize) {
        let close = self.behind(open) - 1;
        for at in open + 2..close {
            if self.any(at, &["from", "for", "similar", "escape", "placing", "in"]) {
                self.replace(at, at + 1, ",");
            }
        }
    }

    /// `CREATE FOREIGN TABLE t … SERVER s OPTIONS (…)` has columns as any table.
    fn foreign_table(&mut self) {
        if !self.are(self.from, &["create", "foreign", "table"]) {
            return;
        }
        self.replace(self.from + 1, self.from + 2, "");
        if let Some(server) = self.outside(self.from, &["server"]) {
            self.replace(server, self.tokens.len(), "");
        }
        for at in self.places() {
            if self.is(at, "options") && self.sign(at + 1, b'(') {
                self.replace(at, self.behind(at + 1), "");
            }
        }
    }

    pub(super) fn mysql(&mut self) {
        self.derived_tables_of_update();
        self.directions_of_groups();
        self.portions_of_time();
        let sources = self.outside(self.from, &["from", "using"]).filter(|_| self.is(self.from, "delete"));
        for at in self.places().skip(1) {
            if self.any(at, &["low_priority", "quick", "ignore"]) && self.is(self.from, "delete") {
                self.replace(at, at + 1, "");
            } else if sources.is_some() && self.sign(at, b'.') && self.sign(at + 1, b'*') {
                self.replace(at, at + 2, "");
            } else if self.is(at, "into") && (self.any(at + 1, &["outfile", "dumpfile"]) || self.word(at + 1).starts_with('@')) {
                let end = self.outside(at, &["from", "for", "lock", "where", "union"]).unwrap_or(self.tokens.len());
                self.replace(at, end, "");
            } else if self.is(at - 1, "interval") && self.word(at + 1).contains('_') {
                self.replace(at + 1, at + 2, "SECOND");
            } else if self.sign(at, b'!') && !self.sign(at + 1, b'=') {
                self.replace(at, at + 1, " NOT ");
            }
        }
    }

    /// `GROUP BY a DESC` sorts as well.
    fn directions_of_groups(&mut self) {
        let mut is_group = false;
        for at in self.places() {
            is_group = self.are(at, &["group", "by"]) || is_group && !self.any(at, &["having", "order", "limit", "union", "window"]);
            if is_group && self.any(at, &["asc", "desc"]) {
                self.replace(at, at + 1, "");
            }
        }
    }

    /// `FOR PORTION OF p FROM a TO b`, `DELETE HISTORY FROM t BEFORE SYSTEM_TIME a`: which rows, of the same table.
    fn portions_of_time(&mut self) {
        for at in self.places() {
            if self.are(at, &["for", "portion", "of"]) {
                let end = self.outside(at, &["to"]).map_or(at + 4, |to| to + 2);
                self.replace(at, end.min(self.tokens.len()), "");
            } else if self.are(at, &["delete", "history"]) {
                self.replace(at + 1, at + 2, "");
            } else if self.are(at, &["before", "system_time"]) {
                self.replace(at, self.tokens.len(), "");
            }
        }
    }

    /// `UPDATE a, (SELECT …) b SET … WHERE …` is `UPDATE a SET … FROM (SELECT …) b WHERE …`.
    fn derived_tables_of_update(&mut self) {
        let comma = (self.from..self.tokens.len()).find(|&at| self.sign(at, b',')).filter(|_| self.is(self.from, "update"));
        let (Some(comma), Some(set)) = (comma, self.outside(self.from, &["set"])) else { return };
        if comma < set && self.sign(comma + 1, b'(') {
            let derived = self.text[self.tokens[comma + 1].start..self.tokens[set - 1].end].to_owned();
            let clause = self.outside(set, &["where", "order", "limit"]).unwrap_or(self.tokens.len());
            self.replace(comma, set, " ");
            self.insert(clause, &format!(" FROM {derived} "));
        }
    }

    pub(super) fn oracle(&mut self) {
        self.insert_into_query();
        let changes = self.any(self.from, &["insert", "update", "delete", "merge"]);
        for at in self.places().skip(1) {
            if self.is(at, "multiset") && self.any(at + 1, &["except", "intersect", "union"]) {
                let end = at + 2 + usize::from(self.any(at + 2, &["all", "distinct"]));
                self.replace(at, end, "||");
            } else if self.any(at, &["multiset", "cursor"]) && self.sign(at + 1, b'(') {
                self.replace(at, at + 1, "");
            } else if self.are(at, &["for", "update"]) && !changes {
                let end = self.outside(at, &["order"]).unwrap_or(self.tokens.len());
                self.replace(at, end, "");
            } else if changes && (self.are(at, &["log", "errors"]) || self.is(at, "returning")) {
                self.replace(at, self.tokens.len(), "");
            } else if self.is(at, "values") && self.is(self.from, "insert") && self.is_name(at + 1) {
                // A record, or one of a collection: `VALUES r`, `VALUES l(i)`.
                let name = (at + 2..self.tokens.len()).find(|&i| !self.sign(i, b'.') && !self.sign(i - 1, b'.')).unwrap_or(self.tokens.len());
                let end = if self.sign(name, b'(') { self.behind(name) } else { name };
                self.replace(at + 1, end, "(NULL)");
            } else if self.sign(at, b'&') {
                self.substituted(at);
            } else if self.sign(at, b'=') && !self.touches(at) && [b'<', b'>', b'!'].iter().any(|sign| self.sign(at - 1, *sign)) {
                let operator = format!("{}=", self.tokens[at - 1].text(self.text));
                self.replace(at - 1, at + 1, &operator);
            }
        }
    }

    /// `&name` is put in by SQL*Plus: a table that is called so, as written, and elsewhere a value.
    fn substituted(&mut self, at: usize) {
        let first = if self.sign(at - 1, b'&') { at - 1 } else { at };
        if self.sign(at + 1, b'&') || !matches!(self.tokens.get(at + 1).map(|t| t.kind), Some(Kind::Word | Kind::Number)) {
            return;
        }
        let is_table = self.any(first - 1, &["from", "join", "into", "update", "table"]);
        let name = format!("\"&{}\"", self.tokens[at + 1].text(self.text));
        self.replace(first, at + 2, if is_table { &name } else { "NULL" });
    }

    /// `INSERT INTO (SELECT a, b FROM t) VALUES …` is `INSERT INTO t (a, b) VALUES …`.
    fn insert_into_query(&mut self) {
        let open = self.from + 2;
        if !self.are(self.from, &["insert", "into"]) || !self.sign(open, b'(') || !self.is(open + 1, "select") {
            return;
        }
        let (close, mut name_end) = (self.behind(open), open);
        let Some(source) = (open..close).find(|&at| self.is(at, "from")) else { return };
        while name_end < source || self.sign(name_end, b'.') {
            name_end = if name_end < source { source + 2 } else { name_end + 2 };
        }
        let items = &self.text[self.tokens[open + 2].start..self.tokens[source - 1].end];
        let name = &self.text[self.tokens[source + 1].start..self.tokens[name_end.min(close) - 1].end];
        let target = format!("{name} ({items})");
        self.replace(open, close, &target);
    }
}
