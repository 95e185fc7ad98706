//! Clauses that a parser misreads or does not know and that lineage does not need, taken out or set apart before it sees them; no line moves.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token, lex};
use crate::patterns::unlike;
use crate::reader::behind;

/// A piece of a text and what stands in its place.
struct Edit {
    start: usize,
    end: usize,
    with: String,
}

const SETS: &[&str] = &["union", "except", "intersect", "minus"];

/// Hints of T-SQL that may stand without WITH.
const HINTS: &[&str] = &[
    "nolock",
    "readuncommitted",
    "readcommitted",
    "readpast",
    "rowlock",
    "paglock",
    "tablock",
    "tablockx",
    "updlock",
    "xlock",
    "holdlock",
    "serializable",
    "repeatableread",
    "nowait",
    "noexpand",
    "forceseek",
    "forcescan",
];

/// True where something stands that may need a rewrite.
fn is_marked(text: &str, tokens: &[Token], at: usize, dialect: Dialect) -> bool {
    let (before, here) = (&tokens[at - 1], &tokens[at]);
    let next = |words: &[&str]| tokens.get(at + 1).is_some_and(|t| t.is_any(text, words));
    if here.kind != Kind::Word {
        return false;
    }
    if before.sign(b')') && here.is_any(text, SETS) {
        return true;
    }
    match dialect {
        Dialect::Tsql => before.sign(b'(') && here.is_any(text, HINTS) || here.is(text, "merge") && next(&["join"]),
        Dialect::Oracle => {
            here.is_any(text, &["partition", "subpartition", "sample", "versions"]) && !next(&["by"]) || here.is(text, "of") && before.is(text, "as")
        }
        Dialect::Postgres => before.sign(b')') && here.is_any(text, &["search", "cycle"]),
        Dialect::Databricks => here.is(text, "stream"),
        Dialect::Duckdb | Dialect::Snowflake => {
            before.sign(b'*') && here.is_any(text, &["like", "ilike", "glob", "not"]) || here.is(text, "all") && next(&["by"])
        }
        _ => false,
    }
}

/// The text of a statement as the parsers should see it, or `None` where it may stay as it is. The tokens are those of the statement as it is written.
pub(crate) fn rewritten(text: &str, written: &str, tokens: &[Token], dialect: Dialect) -> Option<String> {
    if matches!(dialect, Dialect::Bigquery | Dialect::Databricks | Dialect::Spark)
        && let Some(plain) = crate::pipes::without_pipes(text, dialect)
    {
        let lexed = lex(&plain, dialect);
        let inner = edited(&plain, &plain, &lexed.tokens, dialect);
        return Some(inner.unwrap_or(plain));
    }
    if dialect == Dialect::Oracle && changes_query(written, tokens) {
        return through_query(text, &lex(text, dialect).tokens);
    }
    edited(text, written, tokens, dialect)
}

/// True where a statement changes what a query shows.
fn changes_query(text: &str, tokens: &[Token]) -> bool {
    let changes = tokens.first().is_some_and(|t| t.is_any(text, &["update", "delete"]));
    let open = 1 + usize::from(tokens.get(1).is_some_and(|t| t.is(text, "from")));
    changes && tokens.get(open).is_some_and(|t| t.sign(b'(')) && tokens.get(open + 1).is_some_and(|t| t.is(text, "select"))
}

/// `UPDATE (SELECT …) v SET …` changes what a query shows, as it would through a common table expression. Lines stay.
fn through_query(text: &str, tokens: &[Token]) -> Option<String> {
    let open = 1 + usize::from(tokens.get(1)?.is(text, "from"));
    let behind = behind(tokens, open);
    let is_alias = |t: &&Token| matches!(t.kind, Kind::Word | Kind::Quoted) && !t.is_any(text, &["set", "where"]);
    let alias = tokens.get(behind).filter(is_alias).map(|t| t.text(text));
    let name = alias.unwrap_or("inline_view");
    let query = &text[tokens.get(open)?.start..tokens.get(behind - 1)?.end];
    let rest = tokens.get(behind + usize::from(alias.is_some())).map_or("", |t| &text[t.start..]);
    let verb = if tokens.first()?.is(text, "update") { "UPDATE" } else { "DELETE FROM" };
    Some(format!("WITH {name} AS {query} {verb} {name} {rest}"))
}

fn edited(text: &str, written: &str, tokens: &[Token], dialect: Dialect) -> Option<String> {
    let staged = dialect == Dialect::Snowflake && memchr::memchr(b'@', text.as_bytes()).is_some();
    if !staged && !(1..tokens.len()).any(|at| is_marked(written, tokens, at, dialect)) {
        return None;
    }
    let lexed = lex(text, dialect);
    let mut pass = Pass { text, tokens: &lexed.tokens, edits: Vec::new() };
    for at in 1..pass.tokens.len() {
        match pass.tokens[at].kind {
            Kind::Word if staged && pass.tokens[at].text(text).starts_with('@') => pass.stage(at),
            Kind::Word => pass.word(at, dialect),
            Kind::Sign(b'(') if dialect == Dialect::Tsql => pass.hints(at),
            Kind::Text if staged => pass.stage(at),
            _ => {}
        }
    }
    pass.done()
}

pub(crate) struct Pass<'a> {
    text: &'a str,
    pub tokens: &'a [Token],
    edits: Vec<Edit>,
}

impl Pass<'_> {
    pub fn is(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is_any(self.text, words))
    }

    pub fn sign(&self, at: usize, sign: u8) -> bool {
        self.tokens.get(at).is_some_and(|t| t.sign(sign))
    }

    pub fn cut(&mut self, from: usize, to: usize) {
        let behind = to.min(self.tokens.len());
        if from < behind {
            self.edits.push(Edit { start: self.tokens[from].start, end: self.tokens[behind - 1].end, with: String::new() });
        }
    }

    /// The place behind the parenthesis that opens here.
    pub fn behind(&self, open: usize) -> usize {
        behind(self.tokens, open)
    }

    fn word(&mut self, at: usize, dialect: Dialect) {
        if self.is(at, SETS) {
            return self.operand(at);
        }
        match dialect {
            Dialect::Oracle => self.part_or_past(at),
            Dialect::Postgres => self.order_of_recursion(at),
            Dialect::Databricks => self.stream(at),
            Dialect::Duckdb => self.star_like(at),
            Dialect::Snowflake => {
                self.all_by_name(at);
                self.star_like(at);
            }
            Dialect::Tsql => {
                let joins = self.is(at, &["merge"]) && self.is(at + 1, &["join"]) && self.is(at - 1, &["inner", "left", "right", "full", "outer"]);
                if joins {
                    self.cut(at, at + 1);
                }
            }
            _ => {}
        }
    }

    /// `a > (SELECT …) UNION SELECT …`: the subquery is an operand and no branch, which a call around it makes plain.
    fn operand(&mut self, at: usize) {
        if !self.sign(at - 1, b')') {
            return;
        }
        let mut depth = 0i32;
        let open = (0..at).rev().find(|&i| {
            depth += i32::from(self.sign(i, b')')) - i32::from(self.sign(i, b'('));
            depth == 0
        });
        let Some(open) = open.filter(|&o| o > 0) else { return };
        let inner = (open..at).find(|&i| !self.sign(i, b'(')).unwrap_or(at);
        const BEFORE: &[&str] =
            &["not", "and", "or", "where", "having", "on", "between", "then", "else", "when", "like", "by", "qualify", "limit", "is"];
        let computed = matches!(self.tokens[open - 1].kind, Kind::Sign(b'=' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%' | b'|' | b'!'));
        if self.is(inner, &["select", "with"]) && (computed || self.is(open - 1, BEFORE)) {
            let (start, end) = (self.tokens[open].start, self.tokens[at - 1].end);
            self.edits.push(Edit { start, end: start, with: " COALESCE(".to_owned() });
            self.edits.push(Edit { start: end, end, with: ")".to_owned() });
        }
    }

    /// `* ILIKE 'a%'` takes the columns of such names: it leaves the others out.
    fn star_like(&mut self, at: usize) {
        let word = at + usize::from(self.is(at, &["not"]));
        let Some(pattern) = self.tokens.get(word + 1).filter(|t| t.kind == Kind::Text) else { return };
        if !self.sign(at - 1, b'*') || !self.is(word, &["like", "ilike", "glob"]) {
            return;
        }
        let unlike = unlike(pattern.text(self.text).trim_matches('\''), self.is(word, &["glob"]), word > at);
        // Names that are left out besides come into the same list.
        let excludes = self.is(word + 2, &["exclude"]);
        let (behind, with) = match (excludes, self.sign(word + 3, b'(')) {
            (true, true) => (word + 4, format!(" EXCLUDE (\"{unlike}\", ")),
            (true, false) => (word + 4, format!(" EXCLUDE (\"{unlike}\", {})", self.tokens.get(word + 3).map_or("", |t| t.text(self.text)))),
            _ => (word + 2, format!(" EXCLUDE (\"{unlike}\")")),
        };
        let end = self.tokens[(behind - 1).min(self.tokens.len() - 1)].end;
        self.edits.push(Edit { start: self.tokens[at].start, end, with });
    }

    /// `FROM t (NOLOCK)`: a hint as it was written before WITH.
    fn hints(&mut self, open: usize) {
        let behind = self.behind(open);
        let hints = behind > open + 2 && (open + 1..behind - 1).all(|i| self.is(i, HINTS) || self.sign(i, b','));
        if !hints || self.is(open - 1, &["with", "option"]) {
            return;
        }
        // A function that is applied has arguments.
        let mut first = open - 1;
        while first >= 2 && self.sign(first - 1, b'.') {
            first -= 2;
        }
        if first == 0 || !self.is(first - 1, &["apply"]) {
            self.cut(open, behind);
        }
    }

    /// `FROM @stage/path (PATTERN => 'x') s`: the stage as a quoted name, whose alias the parser would take for part of the path.
    fn stage(&mut self, at: usize) {
        let follows = self.is(at - 1, &["from", "join", "using"]) || self.sign(at - 1, b',');
        let written = self.tokens[at].text(self.text);
        let quoted = self.tokens[at].kind == Kind::Text;
        if !follows || !(written.starts_with('@') || quoted && written.starts_with("'@")) {
            return;
        }
        let pairs = self.tokens[at + 1..].iter().zip(&self.tokens[at..]);
        let touching = pairs.take_while(|(next, here)| !quoted && next.start == here.end && !next.sign(b')') && !next.sign(b'(')).count();
        let behind = at + touching + 1;
        let (start, end) = (self.tokens[at].start, self.tokens[behind - 1].end);
        let Some(place) = crate::moves::place(self.text[start..end].trim_matches('\'')) else { return };
        let name: String = place.parts.iter().map(|p| p.text.as_str()).collect();
        self.edits.push(Edit { start, end, with: format!("\"{name}\"") });
        if self.sign(behind, b'(') && self.is(behind + 1, &["file_format", "pattern"]) {
            self.cut(behind, self.behind(behind));
        }
    }

    /// `UPDATE ALL BY NAME` and `INSERT ALL BY NAME` of a MERGE are `UPDATE SET *` and `INSERT *`.
    fn all_by_name(&mut self, at: usize) {
        if self.is(at, &["all"]) && self.is(at + 1, &["by"]) && self.is(at + 2, &["name"]) && self.is(at - 1, &["update", "insert"]) {
            let with = if self.is(at - 1, &["update"]) { "SET *" } else { "*" };
            self.edits.push(Edit { start: self.tokens[at].start, end: self.tokens[at + 2].end, with: with.to_owned() });
        }
    }

    /// `FROM STREAM t` and `FROM STREAM(t)` read `t`.
    fn stream(&mut self, at: usize) {
        if !self.is(at, &["stream"]) || !(self.is(at - 1, &["from", "join"]) || self.sign(at - 1, b',')) {
            return;
        }
        if self.sign(at + 1, b'(') {
            let behind = self.behind(at + 1);
            let name = (at + 2..behind - 1).all(|i| matches!(self.tokens[i].kind, Kind::Word | Kind::Quoted) || self.sign(i, b'.'));
            if name && behind > at + 3 {
                self.cut(at, at + 2);
                self.cut(behind - 1, behind);
            }
            return;
        }
        const NO_NAME: &[&str] =
            &["as", "where", "join", "on", "group", "order", "limit", "left", "inner", "union", "lateral", "cross", "full", "right"];
        let named = self.tokens.get(at + 1).is_some_and(|t| matches!(t.kind, Kind::Word | Kind::Quoted));
        // `FROM stream s` reads a table of that name, unless a call or a name of several parts follows.
        let alone = self.is(at + 2, NO_NAME) || self.tokens.get(at + 2).is_none_or(|t| t.sign(b'(') || t.sign(b'.') || t.sign(b';'));
        if named && alone && !self.is(at + 1, NO_NAME) {
            self.cut(at, at + 1);
        }
    }

    /// `SEARCH DEPTH FIRST BY a SET b` and `CYCLE a SET b USING c` behind a common table expression.
    fn order_of_recursion(&mut self, at: usize) {
        let (search, cycle) = (self.is(at, &["search"]) && self.is(at + 1, &["depth", "breadth"]), self.is(at, &["cycle"]));
        let before = self.sign(at - 1, b')') || self.edits.last().is_some_and(|e| e.end == self.tokens[at - 1].end);
        if !before || !(search || cycle) {
            return;
        }
        let last: &[&str] = if search { &["set"] } else { &["using"] };
        if let Some(end) = (at..self.tokens.len().min(at + 40)).find(|&i| self.is(i, last)) {
            self.cut(at, end + 2);
        }
    }

    /// The text with its edits; what is taken out leaves its lines.
    fn done(mut self) -> Option<String> {
        if self.edits.is_empty() {
            return None;
        }
        self.edits.sort_by_key(|e| e.start);
        let mut out = String::with_capacity(self.text.len() + 32);
        let mut done = 0;
        for edit in &self.edits {
            if edit.start < done {
                continue;
            }
            out.push_str(&self.text[done..edit.start]);
            out.push_str(&edit.with);
            out.extend(self.text[edit.start..edit.end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            done = edit.end;
        }
        out.push_str(&self.text[done..]);
        Some(out)
    }
}
