//! Bodies of procedures to single statements: control words are passed over, queries inside conditions and loops are kept.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token};

/// Words with which a statement begins that is worth parsing.
const VERBS: &[&str] = &[
    "select", "with", "insert", "update", "delete", "merge", "create", "truncate", "exec", "execute", "call", "perform", "replace", "upsert",
    "alter", "drop", "copy", "refresh", "from", "values", "table", "explain", "grant", "revoke", "comment", "use", "load", "cache", "unload",
    "export", "bulk", "optimize", "vacuum", "analyze", "show", "describe",
];

/// Words after which a statement may begin, and that are none themselves.
const OPENERS: &[&str] =
    &["begin", "then", "else", "loop", "do", "as", "is", "try", "catch", "exception", "end", "repeat", "atomic", "tran", "transaction", "not"];

/// +1 where a CASE begins here, -1 where an END stands.
pub(crate) fn case_step(source: &str, tokens: &[Token], at: usize) -> i32 {
    if tokens[at].is(source, "case") {
        let closes = at > 0 && tokens[at - 1].is(source, "end");
        return i32::from(!closes);
    }
    -i32::from(tokens[at].is(source, "end"))
}

/// True where a statement that is worth parsing begins.
pub(crate) fn starts_verb(source: &str, tokens: &[Token], at: usize, to: usize) -> bool {
    if tokens[at].sign(b'(') {
        let inner = tokens[at..to].iter().find(|t| !t.sign(b'('));
        return inner.is_some_and(|t| t.is_any(source, &["select", "with", "values"]));
    }
    let holds_query = tokens[..to].get(at + 2).is_some_and(|n| n.is(source, "select"));
    let called = tokens[..to].get(at + 1).is_some_and(|n| n.sign(b'(')) && !holds_query;
    let applies = tokens[at].is(source, "apply") && tokens[..to].get(at + 1).is_some_and(|n| n.is(source, "changes"));
    applies || tokens[at].is_any(source, VERBS) && !(called && tokens[at].is_any(source, &["update", "replace", "insert"]))
}

/// The statements of a body, as ranges of tokens, half-open.
pub(crate) fn leaves(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Vec<(usize, usize)> {
    let mut walk = Walk { source, tokens, to, tsql: dialect == Dialect::Tsql, oracle: dialect == Dialect::Oracle, out: Vec::new() };
    let mut at = from;
    while at < to {
        at = walk.statement(at);
    }
    walk.out
}

pub(crate) struct Walk<'a> {
    source: &'a str,
    pub tokens: &'a [Token],
    pub to: usize,
    tsql: bool,
    oracle: bool,
    out: Vec<(usize, usize)>,
}

impl Walk<'_> {
    pub fn is(&self, at: usize, word: &str) -> bool {
        at < self.to && self.tokens[at].is(self.source, word)
    }

    pub fn any(&self, at: usize, words: &[&str]) -> bool {
        at < self.to && self.tokens[at].is_any(self.source, words)
    }

    /// Takes what stands at a place where a statement may begin, and gives the next such place.
    fn statement(&mut self, at: usize) -> usize {
        if self.tokens[at].sign(b';') {
            return at + 1;
        }
        if self.is(at, "end") {
            let closes = self.any(at + 1, &["if", "loop", "case", "while", "repeat", "for", "try", "catch"]);
            let behind = at + 1 + usize::from(closes);
            // `END p;` names what it ends.
            let named = !self.tsql && behind < self.to && matches!(self.tokens[behind].kind, Kind::Word | Kind::Quoted);
            let ends = self.tokens[..self.to].get(behind + 1).is_none_or(|t| t.sign(b';'));
            return behind + usize::from(named && ends);
        }
        if self.any(at, OPENERS) && !(self.is(at, "begin") && self.any(at + 1, &["tran", "transaction"])) {
            return at + 1;
        }
        if let Some(behind) = self.behind_options(at) {
            return behind;
        }
        if starts_verb(self.source, self.tokens, at, self.to) {
            let end = self.end_of(at);
            self.out.push((at, end));
            return end.max(at + 1);
        }
        if self.tsql && self.is(at, "declare") && self.any(at + 2, &["table"])
            || self.is(at + 2, "as") && self.is(at + 3, "table") && self.is(at, "declare")
        {
            let end = self.end_of(at);
            self.out.push((at, end));
            return end.max(at + 1);
        }
        if self.oracle && crate::calls::is_bare_call(self.source, self.tokens, at, self.to) {
            let end = self.end_of(at);
            self.out.push((at, end));
            return end.max(at + 1);
        }
        self.control(at)
    }

    /// `WITH` that names options of a routine or a block, and no query: where it ends.
    fn behind_options(&self, at: usize) -> Option<usize> {
        const OPTIONS: &[&str] = &["schemabinding", "encryption", "native_compilation", "returns", "called", "inline", "recompile"];
        if !self.tsql || !self.is(at, "with") {
            return None;
        }
        if self.tokens[..self.to].get(at + 1)?.sign(b'(') {
            return Some(self.close_of(at + 1) + 1);
        }
        let names_query = self.is(at + 2, "as") && self.tokens[..self.to].get(at + 3).is_some_and(|t| t.sign(b'('));
        (self.any(at + 1, OPTIONS) && !names_query).then(|| (at..self.to).find(|&i| self.any(i, &["as", "begin", "return"])).unwrap_or(self.to))
    }

    /// Passes over a statement without lineage of its own, keeping the queries inside.
    fn control(&mut self, from: usize) -> usize {
        let mut cases = 0;
        let mut at = from + 1;
        let declares_table = self.is(from, "declare");
        while at < self.to {
            let token = &self.tokens[at];
            if token.sign(b';') {
                return at + 1;
            }
            if token.sign(b'(') {
                at = self.parenthesis(at);
                continue;
            }
            if token.kind == Kind::Word {
                if cases == 0 && self.any(at, &["then", "loop", "do", "begin", "else"]) {
                    return at;
                }
                if cases == 0 && self.query_of_control(from, at) {
                    return self.loop_query(at);
                }
                if cases == 0 && self.tsql && self.starts(from, at) && !(declares_table && self.is(at, "set")) {
                    return at;
                }
                cases = (cases + case_step(self.source, self.tokens, at)).max(0);
            }
            at += 1;
        }
        self.to
    }

    /// `FOR r IN SELECT`, `RETURN QUERY SELECT`, `OPEN c FOR SELECT`, `CURSOR c IS SELECT`.
    fn query_of_control(&self, from: usize, at: usize) -> bool {
        at > from
            && self.any(at, &["select", "with", "insert", "update", "delete", "merge"])
            && (self.is(from, "forall") || self.any(at - 1, &["in", "query", "for", "is", "as", "cursor", "immediate", "return"]))
    }

    fn loop_query(&mut self, from: usize) -> usize {
        let mut depth = 0i32;
        for at in from..self.to {
            let token = &self.tokens[at];
            depth += i32::from(token.sign(b'(')) - i32::from(token.sign(b')'));
            let ends = token.sign(b';') || self.any(at, &["loop", "do"]) || (self.tsql && at > from && self.starts(from, at));
            if depth <= 0 && ends {
                self.out.push((from, at));
                return at;
            }
        }
        self.out.push((from, self.to));
        self.to
    }

    /// Passes a parenthesis over; one that holds a query is kept.
    fn parenthesis(&mut self, open: usize) -> usize {
        let mut depth = 0i32;
        for at in open..self.to {
            depth += i32::from(self.tokens[at].sign(b'(')) - i32::from(self.tokens[at].sign(b')'));
            if depth == 0 {
                let query = (open..at).find(|&i| self.any(i, &["select", "with"]) && self.tokens[i - 1].sign(b'('));
                if let Some(start) = query {
                    let end = self.close_of(start - 1).min(at);
                    self.out.push((start, end));
                }
                return at + 1;
            }
        }
        self.to
    }

    fn close_of(&self, open: usize) -> usize {
        let mut depth = 0i32;
        for at in open..self.to {
            depth += i32::from(self.tokens[at].sign(b'(')) - i32::from(self.tokens[at].sign(b')'));
            if depth == 0 {
                return at;
            }
        }
        self.to
    }

    /// The end of a statement: a semicolon, or in T-SQL the next statement.
    fn end_of(&self, from: usize) -> usize {
        let (mut depth, mut cases) = (0i32, 0i32);
        for at in from..self.to {
            let token = &self.tokens[at];
            match token.kind {
                Kind::Sign(b'(') => depth += 1,
                Kind::Sign(b')') => depth -= 1,
                Kind::Sign(b';') if depth <= 0 => return at,
                Kind::Word if depth <= 0 => {
                    if self.tsql && at > from && cases == 0 && self.starts(from, at) {
                        return at;
                    }
                    cases = (cases + case_step(self.source, self.tokens, at)).max(0);
                }
                _ => {}
            }
        }
        self.to
    }
}
