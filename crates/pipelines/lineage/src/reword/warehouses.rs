//! Statements of DuckDB, Hive, Spark, Databricks and Snowflake.

use super::Rewording;
use crate::lex::Kind;

impl Rewording<'_> {
    pub(super) fn duckdb(&mut self) {
        if let Some(at) = self.places().skip(1).find(|&at| self.any(at, &["pivot", "unpivot"]) && self.is(at - 1, "as")) {
            self.turned(at);
        }
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

    /// `PIVOT t ON c IN (x, y) USING sum(v)` is `SELECT * FROM t PIVOT (sum(v) FOR c IN (x, y))`, and `UNPIVOT t ON a, b INTO NAME n VALUE v` likewise.
    fn turned(&mut self, at: usize) {
        let end = self.tokens.len();
        let Some(on) = self.outside(at, &["on"]) else { return };
        let text =
            |from: usize, to: usize| if from < to { self.text[self.tokens[from].start..self.tokens[to - 1].end].to_owned() } else { String::new() };
        let source = text(at + 1, on);
        let whole = if self.is(at, "unpivot") {
            let (Some(into), Some(name), Some(value)) = (self.outside(on, &["into"]), self.outside(on, &["name"]), self.outside(on, &["value"]))
            else {
                return;
            };
            format!("SELECT * FROM {source} UNPIVOT ({} FOR {} IN ({}))", text(value + 1, end), text(name + 1, value), text(on + 1, into))
        } else {
            let Some(using) = self.outside(on, &["using"]) else { return };
            let group = self.outside(using, &["group"]).filter(|&i| self.is(i + 1, "by"));
            let values = if self.outside(on, &["in"]).is_some_and(|i| i < using) { "" } else { " IN (ANY)" };
            let (column, made) = (text(on + 1, using), text(using + 1, group.unwrap_or(end)));
            let rows = match group {
                // What is grouped by stays, and what is turned or made of: other columns of the source do not.
                Some(group) => format!(
                    "(SELECT {}, {}, {} FROM {source})",
                    text(group + 2, end),
                    self.tokens[on + 1].text(self.text),
                    self.arguments(using, group)
                ),
                None => source,
            };
            format!("SELECT * FROM {rows} PIVOT ({made} FOR {column}{values})")
        };
        self.replace(at, end, &whole);
    }

    /// The names inside the parentheses of a range; NULL where there are none.
    fn arguments(&self, from: usize, to: usize) -> String {
        let mut depth = 0i32;
        let inside = (from..to).filter(|&at| {
            depth += i32::from(self.sign(at, b'(')) - i32::from(self.sign(at, b')'));
            depth > 0 && self.is_name(at) && !self.sign(at + 1, b'(')
        });
        let names: Vec<_> = inside.map(|at| self.tokens[at].text(self.text)).collect();
        if names.is_empty() { "NULL".to_owned() } else { names.join(", ") }
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

    /// Hive, Spark and Databricks.
    pub(super) fn spark(&mut self) {
        self.refreshed_tables();
        self.applied_changes();
        for at in self.places() {
            if self.are(at, &["if", "not", "exists"]) && self.is(self.from, "insert") {
                self.replace(at, at + 3, "");
            } else if self.is(at, "iregexp") {
                self.replace(at, at + 1, "RLIKE");
            } else if self.is(at, "stream") && self.is_name(at + 1) && self.sign(at + 2, b'(') {
                self.replace(at, at + 1, "");
            } else if self.are(at, &["order", "by"]) {
                if let Some(other) = self.outside(at, &["cluster", "distribute"]).filter(|&i| self.is(i + 1, "by")) {
                    self.replace(at, other, "");
                }
            } else if self.is(at, "clone") {
                self.behind_clone(at);
            } else if self.is(self.from, "create")
                && self.is(at, "like")
                && let Some(end) = self.outside(at, &["using", "row", "stored", "location", "tblproperties"])
            {
                self.replace(end, self.tokens.len(), "");
            }
        }
        self.merges_all_but();
        self.table_of_query();
    }

    /// `UPDATE SET * EXCEPT (a)` of MERGE: [`super::left_out`] says which.
    fn merges_all_but(&mut self) {
        for at in self.places() {
            if self.is(self.from, "merge") && self.sign(at, b'*') && self.is(at + 1, "except") && self.sign(at + 2, b'(') {
                self.replace(at + 1, self.behind(at + 2), "");
            }
        }
    }

    /// `CREATE TABLE t SELECT …`
    fn table_of_query(&mut self) {
        if self.is(self.from, "create")
            && let Some(query) = self.outside(self.from, &["select", "as"]).filter(|&at| self.is(at, "select"))
        {
            self.insert(query, "AS ");
        }
    }

    /// `CREATE OR REFRESH STREAMING TABLE t`, `REPLACE TABLE t`: tables as others.
    fn refreshed_tables(&mut self) {
        if self.are(self.from, &["replace", "table"]) {
            self.insert(self.from, "CREATE OR ");
        }
        if self.is(self.from, "create") {
            for at in self.from + 1..(self.from + 7).min(self.tokens.len()) {
                if self.is(at, "refresh") {
                    self.replace(at, at + 1, "REPLACE");
                } else if self.any(at, &["streaming", "live"]) {
                    self.replace(at, at + 1, "");
                }
            }
        }
    }

    /// `APPLY CHANGES INTO t FROM STREAM(s) KEYS (k) …` writes what comes from `s`.
    fn applied_changes(&mut self) {
        if !self.are(self.from, &["apply", "changes", "into"]) {
            return;
        }
        let Some(source) = self.outside(self.from, &["from"]).map(|at| at + 1) else { return };
        let target = &self.text[self.tokens[self.from + 3].start..self.tokens[source - 2].end];
        let (start, end) = if self.is(source, "stream") && self.sign(source + 1, b'(') {
            (source + 2, self.behind(source + 1) - 1)
        } else {
            (source, self.outside(source, &["keys"]).unwrap_or(self.tokens.len()))
        };
        if start < end {
            let from = &self.text[self.tokens[start].start..self.tokens[end - 1].end];
            let whole = format!("INSERT INTO {target} SELECT * FROM {from}");
            self.replace(self.from, self.tokens.len(), &whole);
        }
    }

    /// What a copy is kept as.
    fn behind_clone(&mut self, at: usize) {
        if let Some(end) = self.outside(at, &["tblproperties", "location", "copy"]) {
            self.replace(end, self.tokens.len(), "");
        }
    }

    pub(super) fn snowflake(&mut self) {
        self.external_table();
        for at in self.places().skip(1) {
            if self.is(at, "clone") {
                self.behind_clone(at);
            }
        }
    }

    /// An external table has the columns that it says, or one, `value`.
    fn external_table(&mut self) {
        let head = self.from..(self.from + 5).min(self.tokens.len());
        let Some(external) = head.clone().find(|&at| self.are(at, &["external", "table"])).filter(|_| self.is(self.from, "create")) else { return };
        let mut at = external + 2 + if self.are(external + 2, &["if", "not", "exists"]) { 3 } else { 0 };
        while self.sign(at + 1, b'.') {
            at += 2;
        }
        self.replace(external, external + 1, "");
        let columns = self.sign(at + 1, b'(');
        let rest = if columns { self.behind(at + 1) } else { at + 1 };
        self.replace(rest, self.tokens.len(), if columns { "" } else { "(value variant)" });
    }
}
