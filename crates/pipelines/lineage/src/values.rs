//! What feeds an expression: the columns that it looks at, and the step that changes most.

use crate::catalogue::Shared;
use crate::dialects::Dialect;
use crate::flows::Holds;
use crate::functions::is_builtin;
use crate::model::Kind;
use crate::names::{Name, fold, key};
use crate::relation::{OutColumn, Relation};
use crate::resolve::{Resolver, Value};
use crate::scope::{Env, Found};
use crate::tree::Expr;

impl Resolver<'_> {
    /// What feeds an expression, and how.
    pub fn value(&mut self, expr: &Expr, env: &Env) -> Value {
        stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || self.value_of(expr, env))
    }

    fn value_of(&mut self, expr: &Expr, env: &Env) -> Value {
        match expr {
            Expr::Constant => Value { kind: Kind::Constant, origins: Vec::new() },
            Expr::Column(name) => self.column(name, env),
            Expr::Star(star) => {
                let mut columns = Vec::new();
                self.star(star, env, &mut columns);
                Value { kind: Kind::Identity, origins: columns.into_iter().flat_map(|c| c.origins).collect() }
            }
            Expr::Cast(inner) => {
                let value = self.value(inner, env);
                Value { kind: if value.kind == Kind::Constant { Kind::Constant } else { value.kind.max(Kind::Cast) }, ..value }
            }
            Expr::Many(all) => self.several(all, env, Kind::Expression),
            Expr::Aggregate(all) => {
                let value = self.several(all, env, Kind::Aggregate);
                Value { kind: Kind::Aggregate, ..value }
            }
            Expr::Window(all) => {
                let value = self.several(all, env, Kind::Window);
                Value { kind: Kind::Window, ..value }
            }
            Expr::Call(name, all) => self.call(name, all, env),
            Expr::Scalar(query) => {
                let first = self.query(query, Some(env)).into_iter().next();
                let (kind, origins) = first.map(|c| (c.kind, c.origins)).unwrap_or((Kind::Constant, Vec::new()));
                Value { kind: if origins.is_empty() { Kind::Constant.max(kind) } else { kind.max(Kind::Expression) }, origins }
            }
            Expr::Test(query) => {
                self.query(query, Some(env));
                Value { kind: Kind::Constant, origins: Vec::new() }
            }
        }
    }

    pub fn several(&mut self, all: &[Expr], env: &Env, at_least: Kind) -> Value {
        let mut out = Value { kind: Kind::Constant, origins: Vec::new() };
        for expr in all {
            // `count(*)` counts rows; no column feeds it.
            if at_least == Kind::Aggregate && matches!(expr, Expr::Star(_)) {
                continue;
            }
            let value = self.value(expr, env);
            out.kind = out.kind.max(value.kind);
            for origin in value.origins {
                if !out.origins.contains(&origin) {
                    out.origins.push(origin);
                }
            }
        }
        if !out.origins.is_empty() {
            out.kind = out.kind.max(at_least);
        }
        out
    }

    fn call(&mut self, name: &Name, all: &[Expr], env: &Env) -> Value {
        let last = name.parts.last().map(|p| p.text.as_str()).unwrap_or_default();
        if let Some(column) = self.of_method(name, env) {
            let value = self.several(all, env, Kind::Expression);
            let mut whole = self.column(&column, env);
            whole.kind = whole.kind.max(Kind::Expression);
            whole.origins.extend(value.origins);
            return whole;
        }
        // An array that is declared is read like a function.
        let array = self.variables.is_some_and(|v| v.hold(name));
        if array && let Some(value) = self.followed(name) {
            return value;
        }
        if !array && (name.parts.len() > 1 || !is_builtin(last)) && !last.is_empty() && !last.starts_with('@') {
            let called = self.canonical(name);
            if !self.calls.contains(&called) {
                self.calls.push(called);
            }
        }
        self.several(all, env, Kind::Expression)
    }

    /// The column whose method a call is, as `t.doc.value('…')` of T-SQL: a name before it is of a table here.
    fn of_method(&self, name: &Name, env: &Env) -> Option<Name> {
        const OF_XML: &[&str] = &["value", "query", "nodes", "exist", "modify"];
        let (method, column) = name.parts.split_last()?;
        let of_table = column.len() > 1 && env.relation(&[key(&fold(&column[0], self.dialect), self.dialect)]).is_some();
        let of_xml = self.dialect == Dialect::Tsql && column.len() == 1 && OF_XML.contains(&method.text.as_str());
        (of_table || of_xml).then(|| Name { parts: column.to_vec() })
    }

    fn column(&mut self, name: &Name, env: &Env) -> Value {
        let nothing = Value { kind: Kind::Constant, origins: Vec::new() };
        let [first, rest @ ..] = name.parts.as_slice() else { return nothing };
        if self.variables.is_some()
            && let Some(value) = self.followed(name).filter(|_| !self.is_column(name, env))
        {
            return value;
        }
        // Variables and parameters.
        let numbered = self.dialect == Dialect::Snowflake && first.text.len() > 1 && first.text[1..].bytes().all(|b| b.is_ascii_digit());
        if rest.is_empty() && first.text.starts_with(['@', ':', '$']) && !first.quoted && !numbered {
            return nothing;
        }
        if self.dialect == Dialect::Oracle && rest.is_empty() && is_pseudo(&first.text) {
            return nothing;
        }
        if let Some(variables) = self.variables {
            if let Some(origin) = variables.changed_row(name, self.dialect) {
                self.read(&origin.asset.clone());
                return Value { kind: Kind::Identity, origins: vec![origin] };
            }
            if variables.hold(name) && !self.is_column(name, env) {
                return nothing;
            }
        }
        let parts: Vec<String> = name.parts.iter().map(|p| fold(p, self.dialect)).collect();
        match env.find(&parts, self.dialect) {
            Found::Nothing => self.believed(name, env).unwrap_or(nothing),
            Found::Column { kind, origins } => Value { kind, origins },
        }
    }

    /// What fills a variable: a column of the row of a loop, or what was fetched from a cursor.
    fn followed(&mut self, name: &Name) -> Option<Value> {
        let (at, holds) = self.variables?.held(name, self.at)?;
        let (query, place) = match holds {
            Holds::Row(source) => (source.query()?, None),
            Holds::Column(source, place) => (source.query()?, Some(*place)),
            Holds::Same(of) => {
                let behind = std::mem::replace(&mut self.at, at);
                let value = self.followed(of);
                self.at = behind;
                return value;
            }
            Holds::Unknown => return None,
        };
        // A query sees what was filled before it.
        let behind = std::mem::replace(&mut self.at, at);
        let columns = self.query(query, None);
        self.at = behind;
        let column = |c: &OutColumn| Value { kind: c.kind, origins: c.origins.clone() };
        match (place, name.parts.as_slice()) {
            (None, [_, field, ..]) => {
                let row = Relation::derived(columns);
                let wanted = fold(field, self.dialect);
                let fed = row.fed(&wanted).or_else(|| Some((Kind::Identity, row.guesses(&wanted))).filter(|(_, o)| !o.is_empty()));
                fed.map(|(kind, origins)| Value { kind, origins })
            }
            (None, _) => columns.first().filter(|c| columns.len() == 1 && c.open.is_none()).map(column),
            (Some(place), _) => columns.get(place).filter(|_| columns[..=place].iter().all(|c| c.open.is_none())).map(column),
        }
    }

    /// The table is known and the column is not: the statement is believed, and the edge marked.
    fn believed(&self, name: &Name, env: &Env) -> Option<Value> {
        let [only] = name.parts.as_slice() else { return None };
        let text = only.quoted && self.dialect == Dialect::Sqlite;
        if text || self.variables.is_some() || is_word_of_a_function(&only.text) || only.text.starts_with(|c: char| !c.is_alphabetic() && c != '_') {
            return None;
        }
        let asset = env.only_table()?.base.clone()?;
        let origin = crate::relation::Origin { asset, column: fold(only, self.dialect).as_str().into(), candidates: 1, unresolved: true };
        Some(Value { kind: Kind::Identity, origins: vec![origin] })
    }

    /// True where a name that a variable bears is known to be of a column all the same.
    fn is_column(&self, name: &Name, env: &Env) -> bool {
        let first = fold(&name.parts[0], self.dialect);
        match name.parts.len() {
            1 => self.dialect != Dialect::Mysql && env.knows(&first),
            _ => env.relation(&[key(&first, self.dialect)]).is_some(),
        }
    }

    /// Notes that an asset is read.
    pub fn read(&mut self, asset: &Shared) {
        if !self.reads.contains(asset) {
            self.reads.push(asset.clone());
        }
    }
}

/// Words that stand where columns do and are none: units of time, values of the session.
fn is_word_of_a_function(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "year",
        "quarter",
        "month",
        "week",
        "day",
        "dayofweek",
        "dayofyear",
        "hour",
        "minute",
        "second",
        "millisecond",
        "microsecond",
        "isoweek",
        "isoyear",
        "epoch",
        "yy",
        "yyyy",
        "mm",
        "dd",
        "hh",
        "mi",
        "ss",
        "ms",
        "rowid",
        "rownum",
        "level",
        "ctid",
        "oid",
        "user",
        "uid",
        "sysdate",
        "systimestamp",
        "current_user",
        "session_user",
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "default",
        "both",
        "leading",
        "trailing",
        "max",
        "prior",
        "true",
        "false",
        "null",
        "unknown",
    ];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Names that every query of Oracle may use and that no table has.
fn is_pseudo(name: &str) -> bool {
    ["rownum", "level", "sysdate", "systimestamp", "user", "uid"].iter().any(|p| p.eq_ignore_ascii_case(name))
}
