//! Where statements of T-SQL begin, which need no semicolon between them.

use crate::bodies::Walk;

/// Other words that begin a statement of T-SQL, where a semicolon need not stand before.
const TSQL_STARTS: &[&str] = &[
    "declare",
    "set",
    "if",
    "while",
    "begin",
    "end",
    "else",
    "print",
    "return",
    "raiserror",
    "throw",
    "commit",
    "rollback",
    "fetch",
    "deallocate",
    "goto",
    "waitfor",
    "dbcc",
    "use",
    "grant",
    "revoke",
    "deny",
];

impl Walk<'_> {
    /// True where a statement of T-SQL begins although no semicolon ended the one that began at `from`.
    pub fn starts(&self, from: usize, at: usize) -> bool {
        let before = at - 1;
        if self.tokens[before].sign(b'.')
            || self.tokens[before].sign(b',')
            || self.tokens[before].sign(b'=')
            || self.any(before, &["as"]) && !self.any(from, &["if", "while"])
        {
            return false;
        }
        // What is granted are words of statements, to whom comes last.
        if self.any(from, &["grant", "deny", "revoke"]) && !self.has(from, at, &["to", "from"]) {
            return false;
        }
        if self.any(at, TSQL_STARTS) {
            return self.starts_control(from, at);
        }
        if self.is_label(at) || self.opens_cursor(at) || self.is(at, "save") && self.any(at + 1, &["tran", "transaction"]) {
            return true;
        }
        if self.is(at, "select") {
            return self.starts_select(from, at);
        }
        if self.any(at, &["insert", "update", "delete", "merge"]) {
            // `SET NOCOUNT ON`, and then a statement; elsewhere ON DELETE and the like.
            let inside = self.any(before, &["then", "for", "after", "of", "or", "instead", "bulk"])
                || self.is(before, "on") && !self.is(from, "set")
                || self.tokens[..self.to].get(at + 1).is_some_and(|n| n.sign(b'('))
                || self.any(at + 1, &["population", "range", "join"]);
            return !inside && !self.lacks_verb(from, at);
        }
        if self.any(at, &["create", "alter", "drop"]) {
            const OBJECTS: &[&str] = &[
                "table",
                "view",
                "proc",
                "procedure",
                "function",
                "trigger",
                "index",
                "unique",
                "clustered",
                "nonclustered",
                "schema",
                "database",
                "synonym",
                "type",
                "user",
                "login",
                "role",
                "or",
                "statistics",
                "sequence",
                "xml",
            ];
            return self.any(at + 1, OBJECTS) && !self.any(before, &["or"]);
        }
        if self.any(at, &["exec", "execute"]) {
            let feeds = self.is(from, "insert") && !self.has(from, at, &["select", "values", "exec", "execute"]);
            return !feeds && !self.any(before, &["with", "grant"]);
        }
        self.is(at, "truncate")
    }

    /// `again:`
    fn is_label(&self, at: usize) -> bool {
        let sign = |at: usize| self.tokens[..self.to].get(at).is_some_and(|t| t.sign(b':'));
        sign(at + 1) && !sign(at + 2)
    }

    /// `OPEN c`, `CLOSE c` or `REVERT`, and nothing else: a column may have this name.
    fn opens_cursor(&self, at: usize) -> bool {
        const NEXT: &[&str] = &["select", "insert", "update", "delete", "merge", "exec", "execute", "truncate", "open", "close"];
        let words = if self.is(at, "revert") { 1 } else { 2 };
        let next = at + words;
        let ends = self.tokens[..self.to].get(next).is_none_or(|t| t.sign(b';')) || self.any(next, TSQL_STARTS) || self.any(next, NEXT);
        const OTHERS: &[&str] = &["from", "as", "desc", "asc", "and", "or", "is", "in", "end", "union", "except", "intersect"];
        self.any(at, &["open", "close", "revert"]) && ends && !(words == 2 && self.any(at + 1, OTHERS))
    }

    fn starts_control(&self, from: usize, at: usize) -> bool {
        let before = at - 1;
        if self.is(at, "set") {
            let of_update = self.is(from, "update") && !self.has(from, at, &["set"]) || self.any(before, &["update", "delete"]);
            let after_with = self.is(from, "with") && self.has(from, at, &["update"]) && !self.has(from, at, &["set"]);
            return !of_update && !after_with && !self.any(from, &["alter"]);
        }
        if self.is(at, "if") {
            return !self
                .any(before, &["table", "view", "procedure", "proc", "function", "trigger", "index", "schema", "constraint", "column", "synonym"]);
        }
        if self.is(at, "fetch") {
            return !self.any(before, &["rows", "row"]);
        }
        if self.any(at, &["use", "return", "print", "throw", "grant"]) {
            return !self.any(before, &["as", "with"]);
        }
        true
    }

    fn starts_select(&self, from: usize, at: usize) -> bool {
        let before = at - 1;
        let all_of_union = self.any(before, &["all"]) && self.any(before.saturating_sub(1), &["union", "except", "intersect"]);
        if all_of_union || self.any(before, &["union", "except", "intersect", "as", "for"]) {
            return false;
        }
        if self.any(from, &["create", "alter"]) && self.has(from, at, &["view"]) && !self.has(from, at, &["select"]) {
            return false;
        }
        // CREATE TABLE t AS WITH c AS (…) SELECT …
        if self.is(from, "create") && self.has(from, at, &["table"]) && (from..at).any(|i| self.is(i, "as") && self.is(i + 1, "with")) {
            return self.has(from, at, &["select"]);
        }
        if self.is(from, "insert") {
            return self.has(from, at, &["select", "values", "exec", "execute", "default"]);
        }
        // WITH … INSERT INTO t (a) SELECT …
        if self.is(from, "with") && self.has(from, at, &["insert"]) {
            return self.has(from, at, &["select", "values"]);
        }
        !self.lacks_verb(from, at)
    }

    /// True where a statement is still at its WITH and its own verb is to come.
    fn lacks_verb(&self, from: usize, at: usize) -> bool {
        self.is(from, "with") && !self.has(from, at, &["select", "insert", "update", "delete", "merge"]) || self.is(from, "explain")
    }

    /// True where one of the words stands outside parentheses in a range.
    fn has(&self, from: usize, to: usize, words: &[&str]) -> bool {
        let mut depth = 0i32;
        (from..to).any(|at| {
            depth += i32::from(self.tokens[at].sign(b'(')) - i32::from(self.tokens[at].sign(b')'));
            depth == 0 && self.any(at, words)
        })
    }
}
