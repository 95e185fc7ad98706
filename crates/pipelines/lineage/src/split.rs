//! A file to pieces: batches between `GO` lines, statements, routines whole. Only tokens are looked at, and nothing recurses.

use crate::batches::batches;
use crate::bodies::{case_step, leaves, starts_verb};
use crate::dialects::Dialect;
use crate::lex::{Kind, Lexed, Token};
use crate::words::is_unknown;

/// One piece of a file: a range of tokens, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its first token.
    pub from: usize,
    /// The token after its last.
    pub to: usize,
    /// True for a procedure, function, trigger or package with its body.
    pub routine: bool,
    /// True for what begins as no statement does.
    pub unknown: bool,
}

impl Piece {
    fn plain(from: usize, to: usize) -> Piece {
        Piece { from, to, routine: false, unknown: false }
    }
}

/// Cuts a file into pieces, in their order.
pub fn split(source: &str, lexed: &Lexed, dialect: Dialect) -> Vec<Piece> {
    let mut out = Vec::new();
    for (from, to, delimiter) in batches(source, lexed, dialect) {
        match delimiter {
            Some(mark) => by_delimiter(source, &lexed.tokens, from, to, &mark, dialect, &mut out),
            None if dialect == Dialect::Tsql => batch(source, &lexed.tokens, from, to, &mut out),
            None => statements(source, &lexed.tokens, from, to, dialect, &mut out),
        }
    }
    out
}

fn by_delimiter(source: &str, tokens: &[Token], from: usize, to: usize, mark: &str, dialect: Dialect, out: &mut Vec<Piece>) {
    let mut start = from;
    let mut at = from;
    while at < to {
        // The mark may be the end of a word, as in `END$$`.
        let token = &tokens[at];
        let alone = source[token.start..].starts_with(mark) && token.kind != Kind::Text;
        let glued = token.kind == Kind::Word && token.text(source).len() > mark.len() && token.text(source).ends_with(mark);
        if alone || glued {
            push(source, tokens, start, if glued { at + 1 } else { at }, dialect, out);
            let end = token.start + if glued { token.end - token.start } else { mark.len() };
            at += tokens[at..to].iter().take_while(|t| t.start < end).count();
            start = at;
        } else {
            at += 1;
        }
    }
    push(source, tokens, start, to, dialect, out);
}

/// A batch of T-SQL: a routine to its end, or statements that need no semicolons.
fn batch(source: &str, tokens: &[Token], from: usize, to: usize, out: &mut Vec<Piece>) {
    let from = skip_semicolons(tokens, from, to);
    if from == to {
        return;
    }
    if let Some(at) = routine_header(source, tokens, from, to) {
        push_leaves(source, tokens, from, at, Dialect::Tsql, out);
        out.push(Piece { routine: true, ..Piece::plain(at, to) });
        return;
    }
    if !starts_verb(source, tokens, from, to) && is_unknown(source, tokens, from, to, Dialect::Tsql) {
        out.push(Piece { unknown: true, ..Piece::plain(from, to) });
    }
    push_leaves(source, tokens, from, to, Dialect::Tsql, out);
}

fn push_leaves(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect, out: &mut Vec<Piece>) {
    out.extend(leaves(source, tokens, from, to, dialect).into_iter().map(|(from, to)| Piece::plain(from, to)));
}

fn skip_semicolons(tokens: &[Token], from: usize, to: usize) -> usize {
    from + tokens[from..to].iter().take_while(|t| t.sign(b';')).count()
}

/// The place where a routine begins: `CREATE … PROCEDURE` at the head of a statement.
fn routine_header(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<usize> {
    let mut depth = 0i32;
    for at in from..to {
        depth += i32::from(tokens[at].sign(b'(')) - i32::from(tokens[at].sign(b')'));
        if depth == 0 && is_routine(source, &tokens[at..to]) {
            return Some(at);
        }
    }
    None
}

/// True where these tokens begin with `CREATE` or `ALTER` of a procedure, function, trigger or package.
pub fn is_routine(source: &str, tokens: &[Token]) -> bool {
    const BETWEEN: &[&str] = &[
        "or",
        "replace",
        "alter",
        "temp",
        "temporary",
        "constraint",
        "aggregate",
        "editionable",
        "noneditionable",
        "definer",
        "secure",
        "if",
        "not",
        "exists",
        "table",
        "external",
    ];
    if !tokens.first().is_some_and(|t| t.is_any(source, &["create", "alter"])) {
        return false;
    }
    for token in &tokens[1..tokens.len().min(14)] {
        let of_type = token.is(source, "type") && tokens.get(2..6).is_some_and(|next| next.iter().any(|t| t.is(source, "body")));
        if of_type || token.is_any(source, &["procedure", "proc", "function", "trigger", "package"]) {
            return true;
        }
        // `DEFINER = user@host` of MySQL.
        let passes =
            token.is_any(source, BETWEEN) || token.sign(b'=') || matches!(token.kind, Kind::Quoted | Kind::Text) || token.text(source).contains('@');
        if !passes && !token.is(source, "root") {
            return false;
        }
    }
    false
}

/// Statements that end with semicolons, blocks counted.
fn statements(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect, out: &mut Vec<Piece>) {
    let mut start = skip_semicolons(tokens, from, to);
    while start < to {
        let end = statement_end(source, tokens, start, to, dialect);
        push(source, tokens, start, end, dialect, out);
        start = skip_semicolons(tokens, end, to);
    }
}

fn push(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect, out: &mut Vec<Piece>) {
    let from = skip_semicolons(tokens, from, to);
    if from == to {
        return;
    }
    if is_routine(source, &tokens[from..to]) {
        out.push(Piece { routine: true, ..Piece::plain(from, to) });
    } else if starts_verb(source, tokens, from, to) {
        let last = tokens[from..to].iter().rposition(|t| !t.sign(b';')).map_or(to, |i| from + i + 1);
        out.push(Piece::plain(from, last));
    } else if tokens[from].is_any(source, &["do", "prepare"]) {
        out.push(Piece::plain(from, to));
    } else {
        if is_unknown(source, tokens, from, to, dialect) {
            out.push(Piece { unknown: true, ..Piece::plain(from, to) });
            return;
        }
        push_leaves(source, tokens, from, to, dialect, out);
    }
}

fn statement_end(source: &str, tokens: &[Token], start: usize, to: usize, dialect: Dialect) -> usize {
    let routine = is_routine(source, &tokens[start..to]);
    let package = routine && tokens[start..to.min(start + 6)].iter().any(|t| t.is_any(source, &["package", "body"]));
    let block = routine || tokens[start].is_any(source, &["begin", "declare"]);
    let mut blocks = Blocks { depth: i32::from(package), waits: waits_for_begin(source, tokens, start, to, dialect, routine), cases: 0 };
    for at in start..to {
        let token = &tokens[at];
        match token.kind {
            // A parenthesis that is never closed must not swallow the statements that follow.
            Kind::Sign(b';') if !block || blocks.closed() => return at,
            Kind::Word if block => blocks.step(source, tokens, at, to),
            _ => {}
        }
    }
    to
}

/// The members of a package, as ranges of tokens, half-open: `PROCEDURE p … END;`, forward declarations left out.
pub fn members(source: &str, tokens: &[Token], from: usize, to: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = from;
    while at < to {
        if !tokens[at].is_any(source, &["procedure", "function"]) {
            at += 1;
            continue;
        }
        let head = (at..to).find(|&i| tokens[i].sign(b';') || tokens[i].is_any(source, &["is", "as"])).unwrap_or(to);
        let mut blocks = Blocks { depth: 0, waits: true, cases: 0 };
        let end = (head..to).find(|&i| {
            if tokens[i].kind == Kind::Word {
                blocks.step(source, tokens, i, to);
            }
            tokens[i].sign(b';') && (i == head || blocks.closed())
        });
        let end = end.unwrap_or(to);
        if end > head {
            out.push((at, end));
        }
        at = end + 1;
    }
    out
}

/// Declarations before `BEGIN` hold semicolons: in PL/SQL always, elsewhere after `DECLARE`.
fn waits_for_begin(source: &str, tokens: &[Token], start: usize, to: usize, dialect: Dialect, routine: bool) -> bool {
    let declares = tokens[start].is(source, "declare") && !matches!(dialect, Dialect::Bigquery | Dialect::Mysql);
    let oracle = dialect == Dialect::Oracle && routine && tokens[start..to].iter().any(|t| t.is(source, "begin"));
    declares && tokens[start..to].iter().any(|t| t.is(source, "begin")) || oracle
}

struct Blocks {
    depth: i32,
    waits: bool,
    cases: i32,
}

impl Blocks {
    fn closed(&self) -> bool {
        self.depth <= 0 && !self.waits
    }

    fn step(&mut self, source: &str, tokens: &[Token], at: usize, to: usize) {
        let token = &tokens[at];
        let next = tokens[..to].get(at + 1);
        if token.is(source, "declare") && self.depth == 0 {
            self.waits |=
                tokens[at..to].iter().any(|t| t.is(source, "begin")) && !self.waits && at > 0 && tokens[at - 1].is_any(source, &["as", "is"]);
        } else if token.is(source, "begin") {
            let transaction = next.is_some_and(|n| n.is_any(source, &["transaction", "tran", "work"]) || n.sign(b';'));
            if !transaction {
                self.depth += 1;
                self.waits = false;
            }
        } else if token.is(source, "end") && self.cases > 0 {
            self.cases -= 1;
        } else if token.is(source, "end") && !next.is_some_and(|n| n.is_any(source, &["if", "loop", "while", "repeat", "for"])) {
            self.depth -= 1;
        } else {
            self.cases += case_step(source, tokens, at).max(0);
        }
    }
}
