//! What variables of a routine are filled from: rows of loops, and what is fetched from cursors.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token};
use crate::names::Name;
use crate::parse::parse;
use crate::tree::{Query, Statement};
use hashbrown::HashMap;
use std::sync::{Arc, OnceLock};

/// The query of a loop or cursor, parsed where a variable that it fills is used.
#[derive(Debug)]
pub(crate) struct Source {
    text: String,
    dialect: Dialect,
    parsed: OnceLock<Option<Query>>,
}

impl Source {
    /// The query; `None` where it does not parse, which its own statement tells.
    pub fn query(&self) -> Option<&Query> {
        let parse = || match parse(&self.text, self.dialect).ok()?.pop()?.statement {
            Statement::Query(query) => Some(query),
            _ => None,
        };
        self.parsed.get_or_init(parse).as_ref()
    }
}

/// What a variable holds from some place on.
#[derive(Debug, Clone)]
pub(crate) enum Holds {
    /// A row of a query.
    Row(Arc<Source>),
    /// The column at a place of a query, from 0.
    Column(Arc<Source>, usize),
    /// What another variable, or a field of one, holds.
    Same(Name),
    /// Something that is not followed.
    Unknown,
}

/// A variable, in lower case, and what it holds behind a byte of the file.
#[derive(Debug, Clone)]
pub(crate) struct Filled {
    pub at: usize,
    pub name: String,
    pub holds: Holds,
}

/// What tokens of a routine or a script fill variables from, in their order.
pub(crate) fn read(source: &str, tokens: &[Token], dialect: Dialect) -> Vec<Filled> {
    if !tokens.iter().any(|t| t.is_any(source, &["cursor", "fetch", "for"])) {
        return Vec::new();
    }
    let mut reading = Reading { source, tokens, dialect, cursors: HashMap::new(), out: Vec::new() };
    for at in 0..tokens.len() {
        reading.at(at);
    }
    reading.out
}

struct Reading<'a> {
    source: &'a str,
    tokens: &'a [Token],
    dialect: Dialect,
    /// By their names in lower case.
    cursors: HashMap<String, Arc<Source>>,
    out: Vec<Filled>,
}

impl Reading<'_> {
    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is_any(self.source, words))
    }

    fn sign(&self, at: usize, sign: u8) -> bool {
        self.tokens.get(at).is_some_and(|t| t.sign(sign))
    }

    /// The name that stands here in lower case, without quotes and the colon of a host variable.
    fn name(&self, at: usize) -> Option<String> {
        let token = self.tokens.get(at).filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted))?;
        Some(token.text(self.source).trim_matches(['"', '`']).to_lowercase())
    }

    /// True where a statement begins.
    fn begins(&self, at: usize) -> bool {
        at == 0 || [b';', b'>', b':'].iter().any(|&sign| self.sign(at - 1, sign)) || self.is(at - 1, &["begin", "then", "else", "loop", "do"])
    }

    fn fill(&mut self, at: usize, name: String, holds: Holds) {
        self.out.push(Filled { at: self.tokens[at].start, name, holds });
    }

    fn at(&mut self, at: usize) {
        if self.is(at, &["cursor"]) {
            self.cursor(at);
        } else if self.is(at, &["open"]) && self.is(at + 2, &["for"]) {
            if let (Some(name), Some(query)) = (self.name(at + 1), self.query(at + 3)) {
                self.cursors.insert(name, query);
            }
        } else if self.is(at, &["for"]) && self.is(at + 2, &["in", "as"]) && self.begins(at) {
            self.rows(at);
        } else if self.is(at, &["fetch"]) {
            self.fetched(at);
        } else if self.is(at, &["set"]) && (self.begins(at) || self.name(at + 1).is_some_and(|n| n.starts_with('@'))) && self.sign(at + 2, b'=') {
            self.assigned(at + 1, at + 3);
        } else if self.sign(at, b':') && self.sign(at + 1, b'=') && at > 0 {
            self.assigned(at - 1, at + 2);
        } else if self.is(at, &["into"]) && at > 0 && !self.is(at - 1, &["insert", "merge", "overwrite"]) {
            self.selected(at);
        } else if self.sign(at, b'=')
            && at > 1
            && (self.is(at - 2, &["select"]) || self.sign(at - 2, b','))
            && self.name(at - 1).is_some_and(|n| n.starts_with('@'))
        {
            self.forget(at - 1);
        }
    }

    /// `CURSOR c IS SELECT …`, `c CURSOR FOR SELECT …`, `DECLARE c CURSOR LOCAL FOR SELECT …`.
    fn cursor(&mut self, at: usize) {
        const OPTIONS: &[&str] = &["insensitive", "scroll", "no", "sensitive", "asensitive"];
        let leads = self.is(at + 2, &["is", "return", "as"]) || self.sign(at + 2, b'(');
        let before = (0..at).rev().find(|&i| !self.is(i, OPTIONS));
        let name = if leads && !self.is(at + 1, &["for", "is"]) { self.name(at + 1) } else { before.and_then(|i| self.name(i)) };
        let end = (at..self.tokens.len()).find(|&i| self.sign(i, b';')).unwrap_or(self.tokens.len());
        let start =
            (at + 1..end.min(at + 60)).find(|&i| self.is(i, &["select", "with"]) && (self.is(i - 1, &["for", "is", "as"]) || self.sign(i - 1, b'(')));
        if let (Some(name), Some(query)) = (name, start.and_then(|i| self.query(i))) {
            self.cursors.insert(name, query);
        }
    }

    /// The query that begins here, in parentheses or not.
    fn query(&self, from: usize) -> Option<Arc<Source>> {
        if !(self.is(from, &["select", "with"]) || self.sign(from, b'(') && self.is(from + 1, &["select", "with", "table"])) {
            return None;
        }
        const ENDS: &[&str] = &["loop", "do", "open", "fetch", "declare", "begin", "while", "deallocate"];
        let mut depth = 0i32;
        let end = (from..self.tokens.len()).find(|&i| {
            depth += i32::from(self.sign(i, b'(')) - i32::from(self.sign(i, b')'));
            let locks = self.is(i, &["for"]) && self.is(i + 1, &["update", "read", "share"]);
            depth < 0 || depth == 0 && (self.sign(i, b';') || self.is(i, ENDS) || locks)
        });
        let end = end.unwrap_or(self.tokens.len());
        let text = &self.source[self.tokens[from].start..self.tokens[end - 1].end];
        Some(Arc::new(Source { text: text.to_owned(), dialect: self.dialect, parsed: OnceLock::new() }))
    }

    /// `FOR r IN (SELECT …) LOOP`, `FOR r IN c LOOP`, `FOR r AS SELECT … DO`.
    fn rows(&mut self, at: usize) {
        let Some(name) = self.name(at + 1) else { return };
        let from = if self.is(at + 4, &["cursor"]) { at + 6 } else { at + 3 };
        let of_cursor = self.name(at + 3).and_then(|cursor| self.cursors.get(&cursor).cloned());
        match self.query(from).or(of_cursor) {
            Some(query) => self.fill(at, name, Holds::Row(query)),
            None => self.fill(at, name, Holds::Unknown),
        }
    }

    /// `FETCH NEXT FROM c INTO a, b`
    fn fetched(&mut self, at: usize) {
        let end = self.tokens.len().min(at + 400);
        let Some(into) = (at + 1..end).take_while(|&i| !self.sign(i, b';')).find(|&i| self.is(i, &["into"])) else { return };
        let cursor = if self.is(into - 1, &["collect"]) { into - 3 } else { into - 1 };
        let Some(query) = self.name(cursor).and_then(|name| self.cursors.get(&name).cloned()) else { return };
        let mut names = Vec::new();
        let mut place = into + 1;
        loop {
            place += usize::from(self.sign(place, b':'));
            let Some(name) = self.name(place) else { break };
            names.push(name);
            place += 1;
            if !self.sign(place, b',') {
                break;
            }
            place += 1;
        }
        let single = names.len() == 1;
        for (position, name) in names.into_iter().enumerate() {
            self.fill(at, name, if single { Holds::Row(query.clone()) } else { Holds::Column(query.clone(), position) });
        }
    }

    /// `SELECT … INTO a, b`: they hold something else from here on.
    fn selected(&mut self, into: usize) {
        let mut at = into + 1;
        loop {
            self.forget(at);
            if !self.sign(at + 1, b',') {
                return;
            }
            at += 2;
        }
    }

    fn forget(&mut self, at: usize) {
        let Some(name) = self.name(at) else { return };
        if !self.is_fetched(at) && self.out.iter().any(|f| f.name == name) {
            self.fill(at, name, Holds::Unknown);
        }
    }

    /// True behind the INTO of a FETCH.
    fn is_fetched(&self, at: usize) -> bool {
        let start = (0..at).rev().take(40).find(|&i| self.sign(i, b';') || self.is(i, &["fetch", "select", "returning", "execute"]));
        start.is_some_and(|i| self.is(i, &["fetch"]))
    }

    /// What is assigned to a variable that was filled, or from one: a name alone is followed, an expression of itself changes nothing.
    fn assigned(&mut self, to: usize, from: usize) {
        let Some(name) = self.name(to) else { return };
        let end = (from..self.tokens.len()).find(|&i| self.sign(i, b';')).unwrap_or(self.tokens.len());
        let mut last = from;
        while self.sign(last + 1, b'.') && last + 2 < end {
            last += 2;
        }
        let first = self.name(from);
        let known = |wanted: &String, out: &[Filled]| out.iter().any(|f| f.name == *wanted);
        if let Some(first) = first.filter(|f| known(f, &self.out) && last + 1 == end) {
            if first != name {
                let of = Name::parse(&self.source[self.tokens[from].start..self.tokens[last].end]);
                self.fill(to, name, Holds::Same(of));
            }
            return;
        }
        let of_itself = (from..end).any(|i| self.name(i).is_some_and(|n| n == name));
        if known(&name, &self.out) && !of_itself {
            self.fill(to, name, Holds::Unknown);
        }
    }
}
