//! Statements that call, run text, declare tables, or do something beside what the parsers see.

use crate::calls::{self, Call};
use crate::dialects::Dialect;
use crate::lex::{Kind, Token, lex};
use crate::model::{Definition, ObjectKind};
use crate::places::Places;
use crate::prepare::File;
use crate::reader::inside_quotes;
use crate::split::split;
use crate::tree::Statement;
use crate::units::{Work, written};

/// How deep literals may hold literals that are run.
const MAX_DEPTH: usize = 4;

impl File {
    /// A variable of T-SQL that holds a table, and a statement that is prepared from a text.
    pub(crate) fn declared(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, within: Option<&str>) {
        if tokens[from].is(text, "prepare") {
            let literal = tokens[from..to].iter().find(|t| matches!(t.kind, Kind::Text | Kind::Dollar));
            if let Some((start, end)) = literal.map(|t| inside_quotes(text, t)) {
                let inner = text[start..end].replace("''", "'");
                self.literal(text, tokens[from].start, &inner, within);
            } else if let Some(at) = (from..to).find(|&i| tokens[i].is(text, "as")) {
                self.body(text, tokens, at + 1, to, within);
            }
            return;
        }
        self.table_variable(text, tokens, from + 1, to, within);
    }

    /// A variable that holds a table: `@t TABLE (…)` behind DECLARE, or behind RETURNS in the head of a function.
    pub(crate) fn table_variable(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, within: Option<&str>) {
        if self.dialect != Dialect::Tsql {
            return;
        }
        if let Some(create) = crate::ddl::table_variable(text, tokens, from, to) {
            self.unit(text, tokens[from].start, within, Work::Parsed(Statement::Create(create)), "").may_make_temporary = true;
        }
    }

    /// What a statement does beside what the parsers see: `OUTPUT … INTO t`, and `INSERT … EXEC p`.
    pub(crate) fn beside(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, within: Option<&str>) {
        if self.dialect != Dialect::Tsql || !tokens[from].is_any(text, &["insert", "update", "delete", "merge", "with"]) {
            return;
        }
        if tokens[from].is(text, "insert")
            && let Some(at) = (from..to).find(|&i| tokens[i].is_any(text, &["exec", "execute"]))
        {
            self.call(text, tokens, at, to, within);
        }
        let Some(target) = self.out.units.last().and_then(|u| written(&u.work)) else { return };
        if let Some(statement) = crate::rescue::output(text, tokens, from, to, &target, self.dialect) {
            self.unit(text, tokens[from].start, within, Work::Parsed(statement), "");
        }
    }

    pub(crate) fn call(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, within: Option<&str>) {
        let start = tokens[from].start;
        match calls::call(text, tokens, from, to, self.dialect) {
            Call::Named(name) => {
                self.unit(text, start, within, Work::Call(name), "call");
            }
            Call::Dynamic => {
                self.unit(text, start, within, Work::Dynamic, "dynamic");
            }
            Call::Literal(inner) if self.depth < MAX_DEPTH => self.literal(text, start, &inner, within),
            Call::Literal(_) => {}
        }
    }

    /// Text that is known and run: its statements stand where the call stands.
    pub(crate) fn literal(&mut self, text: &str, start: usize, inner: &str, within: Option<&str>) {
        let before = self.out.units.len();
        let places = std::mem::replace(&mut self.places, Places::new(inner));
        self.depth += 1;
        let lexed = lex(inner, self.dialect);
        for piece in split(inner, &lexed, self.dialect).into_iter().filter(|p| !p.routine) {
            self.statement(inner, &lexed.tokens, piece.from, piece.to, within);
        }
        self.depth -= 1;
        self.places = places;
        let (line, column) = self.places.of(text, start);
        for unit in &mut self.out.units[before..] {
            (unit.line, unit.column) = (line, column);
        }
    }

    pub(crate) fn alter_table(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, within: Option<&str>) {
        if let Some((name, references)) = calls::foreign_keys(text, tokens, from, to) {
            let references = references.iter().map(|n| self.canonical(n)).collect();
            let definition =
                Definition { kind: ObjectKind::Table, name: self.canonical(&name), columns: vec![], of: None, properties: vec![], references };
            self.unit(text, tokens[from].start, within, Work::Define(definition), "alter_table");
        }
    }
}
