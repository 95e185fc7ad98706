//! Names inside a routine that are no columns: parameters, declared variables, rows of loops, and the rows of a trigger.

use crate::dialects::Dialect;
use crate::flows::{self, Filled, Holds};
use crate::lex::{Kind, Lexed, Token};
use crate::names::{Name, fold};
use crate::relation::Origin;
use crate::split::Piece;
use hashbrown::HashSet;
use std::sync::Arc;

/// What one routine or block declares.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    /// In lower case.
    names: HashSet<String>,
    /// The routine's own name in lower case, which may stand before them.
    routine: String,
    /// Canonical name of the table that a trigger is attached to.
    pub trigger_of: Option<String>,
    /// What fills them, in the order of the text.
    filled: Vec<Filled>,
}

/// What every routine may use without declaring it.
const GIVEN: &[&str] = &["sqlerrm", "sqlcode", "sqlstate", "sqlrowcount", "sqlfound", "sqlnotfound"];

/// What a routine of PostgreSQL may use, that of a trigger above all.
const OF_POSTGRES: &[&str] =
    &["found", "new", "old", "tg_op", "tg_name", "tg_when", "tg_level", "tg_relid", "tg_table_name", "tg_table_schema", "tg_nargs", "tg_argv"];

impl Variables {
    /// The names that tokens declare: those of a routine, or of a script.
    pub fn read(source: &str, tokens: &[Token], dialect: Dialect) -> Variables {
        let mut reader = Reading { source, tokens, out: Variables::default() };
        if dialect != Dialect::Tsql {
            reader.declarations(dialect);
        }
        reader.out.filled = flows::read(source, tokens, dialect);
        reader.out
    }

    /// The names that tokens declare which stand where only declarations may, as in a package.
    pub fn declared(source: &str, tokens: &[Token], dialect: Dialect) -> Variables {
        let mut reader = Reading { source, tokens, out: Variables::default() };
        reader.section(0, dialect);
        reader.out
    }

    /// Adds the parameters and given names of a routine.
    pub fn of_routine(&mut self, routine: &str, arguments: &str, dialect: Dialect) {
        if dialect == Dialect::Tsql {
            return;
        }
        self.names.extend(GIVEN.iter().map(|n| (*n).to_owned()));
        if dialect == Dialect::Postgres {
            self.names.extend(OF_POSTGRES.iter().map(|n| (*n).to_owned()));
        }
        self.routine = routine.to_lowercase();
        self.names.extend(parameters(arguments));
    }

    /// Adds what was declared elsewhere.
    pub fn add(&mut self, other: Variables) {
        self.names.extend(other.names);
        self.filled.extend(other.filled);
        self.filled.sort_by_key(|f| f.at);
    }

    /// What fills a variable before a byte of the file.
    pub fn held(&self, name: &Name, before: usize) -> Option<(usize, &Holds)> {
        if self.filled.is_empty() {
            return None;
        }
        let first = name.parts.first()?.text.trim_start_matches(':').to_lowercase();
        let last = self.filled.iter().rfind(|f| f.at < before && f.name == first)?;
        Some((last.at, &last.holds))
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.trigger_of.is_none() && self.filled.is_empty()
    }

    /// True where a name is of a variable, whatever its case, or of a field of one.
    pub fn hold(&self, name: &Name) -> bool {
        let Some(first) = name.parts.first() else { return false };
        let first = first.text.trim_start_matches(':').to_lowercase();
        self.names.contains(&first) || name.parts.len() > 1 && first == self.routine
    }

    /// `NEW.a` and `OLD.a` of a trigger: column `a` of its table.
    pub fn changed_row(&self, name: &Name, dialect: Dialect) -> Option<Origin> {
        let of = self.trigger_of.as_ref().filter(|_| dialect != Dialect::Tsql)?;
        let [row, column] = name.parts.as_slice() else { return None };
        let row = row.text.trim_start_matches(':');
        let is = row.eq_ignore_ascii_case("new") || row.eq_ignore_ascii_case("old");
        is.then(|| Origin { asset: of.as_str().into(), column: fold(column, dialect).as_str().into(), candidates: 1, unresolved: false })
    }
}

/// What a script declares outside its routines.
pub(crate) fn script_variables(text: &str, lexed: &Lexed, pieces: &[Piece], dialect: Dialect) -> Option<Arc<Variables>> {
    let words: &[&str] = match dialect {
        Dialect::Tsql => &["fetch"],
        Dialect::Bigquery | Dialect::Snowflake | Dialect::Databricks | Dialect::Spark => &["declare", "do"],
        _ => &["declare"],
    };
    if !lexed.tokens.iter().any(|t| t.is_any(text, words)) {
        return None;
    }
    let mut outside = Vec::new();
    let mut at = 0;
    for piece in pieces.iter().filter(|p| p.routine) {
        outside.extend_from_slice(&lexed.tokens[at.min(piece.from)..piece.from]);
        at = piece.to;
    }
    outside.extend_from_slice(&lexed.tokens[at..]);
    Some(Arc::new(Variables::read(text, &outside, dialect))).filter(|v| !v.is_empty())
}

/// The names of a parameter list: the first word of each part that says no direction.
fn parameters(arguments: &str) -> Vec<String> {
    const DIRECTIONS: &[&str] = &["in", "out", "inout", "variadic", "nocopy"];
    let mut depth = 0i32;
    let parts = arguments.split(|c: char| {
        depth += i32::from(matches!(c, '(' | '<')) - i32::from(matches!(c, ')' | '>'));
        c == ',' && depth == 0
    });
    let name = |part: &str| {
        let word = part.split_whitespace().find(|w| !DIRECTIONS.iter().any(|d| d.eq_ignore_ascii_case(w)))?;
        Some(word.trim_matches(['"', '`']).to_lowercase())
    };
    parts.filter_map(name).collect()
}

struct Reading<'a> {
    source: &'a str,
    tokens: &'a [Token],
    out: Variables,
}

impl Reading<'_> {
    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is_any(self.source, words))
    }

    fn name(&mut self, at: usize) {
        if let Some(token) = self.tokens.get(at).filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted)) {
            self.out.names.insert(token.text(self.source).trim_matches(['"', '`']).to_lowercase());
        }
    }

    fn declarations(&mut self, dialect: Dialect) {
        let mut at = 0;
        while at < self.tokens.len() {
            // PL/SQL declares between the head of a routine and BEGIN, without a word of its own.
            let section = dialect == Dialect::Oracle && self.is(at, &["is", "as"]) && self.heads_section(at);
            if section || self.is(at, &["declare"]) {
                at = self.section(at + 1, dialect);
                continue;
            }
            // The FOR of PIVOT stands behind an aggregate, that of a loop where a statement begins.
            let begins = at == 0
                || self.tokens[at - 1].sign(b';')
                || self.tokens[at - 1].sign(b'>')
                || self.is(at - 1, &["begin", "then", "else", "loop", "do"]);
            if begins && (self.is(at, &["for"]) && self.is(at + 2, &["in"]) || self.is(at, &["let"])) {
                self.name(at + 1);
            }
            at += 1;
        }
    }

    /// An IS or AS whose declarations reach to a BEGIN.
    fn heads_section(&self, at: usize) -> bool {
        let next = (at..self.tokens.len()).find(|&i| self.is(i, &["begin", "select", "with", "insert", "values"]));
        next.is_some_and(|i| self.is(i, &["begin"]) || self.tokens[at..i].iter().any(|t| t.is_any(self.source, &["cursor"])))
    }

    /// Declarations to the BEGIN behind them; where no section begins with DECLARE, to the semicolon.
    fn section(&mut self, from: usize, dialect: Dialect) -> usize {
        let single = matches!(dialect, Dialect::Bigquery | Dialect::Mysql | Dialect::Spark | Dialect::Databricks);
        let mut at = from;
        loop {
            at = self.declaration(at);
            if at >= self.tokens.len() || single || self.is(at, &["begin"]) {
                return at;
            }
        }
    }

    /// One declaration: its names, and the place behind its semicolon.
    fn declaration(&mut self, from: usize) -> usize {
        let mut at = from;
        if self.is(at, &["procedure", "function", "pragma", "type", "subtype"]) {
            return self.behind_semicolon(at);
        }
        at += usize::from(self.is(at, &["cursor", "variable", "or", "replace"]));
        if self.is(at, &["continue", "exit", "undo", "begin"]) {
            return if self.is(at, &["begin"]) { at } else { self.behind_semicolon(at) };
        }
        self.name(at);
        while self.tokens.get(at + 1).is_some_and(|t| t.sign(b',')) {
            at += 2;
            self.name(at);
        }
        self.behind_semicolon(at)
    }

    fn behind_semicolon(&self, from: usize) -> usize {
        (from..self.tokens.len()).find(|&i| self.tokens[i].sign(b';')).map_or(self.tokens.len(), |i| i + 1)
    }
}
