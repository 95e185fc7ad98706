//! Which base columns feed each output column of a query: one pass over the small tree, from FROM to SELECT.

use crate::catalogue::{Catalogue, Lookup, Shared};
use crate::dialects::Dialect;
use crate::functions::is_builtin;
use crate::model::Kind;
use crate::names::{Name, fold, key};
use crate::scope::{Env, Found, Origin, OutColumn, Relation};
use crate::tree::{Body, Expr, Query, Rows, Select, Source, Star};
use std::rc::Rc;

/// Resolves the queries of one statement and gathers what it reads and calls.
pub(crate) struct Resolver<'a> {
    pub dialect: Dialect,
    pub default_schema: Option<&'a str>,
    pub catalogue: &'a Lookup<'a>,
    /// Tables that only this file knows: temporary ones.
    pub local: &'a Catalogue,
    /// Assets read, in the order in which they were met.
    pub reads: Vec<Shared>,
    /// Functions called.
    pub calls: Vec<String>,
    /// Columns of conditions, gathered where they are wanted.
    pub influences: Option<Vec<Origin>>,
    /// Targets of `SELECT … INTO`.
    pub into: Option<Name>,
}

/// What an expression comes from.
pub(crate) struct Value {
    pub kind: Kind,
    pub origins: Vec<Origin>,
}

impl<'a> Resolver<'a> {
    pub fn new(dialect: Dialect, default_schema: Option<&'a str>, catalogue: &'a Lookup<'a>, local: &'a Catalogue) -> Resolver<'a> {
        Resolver { dialect, default_schema, catalogue, local, reads: Vec::new(), calls: Vec::new(), influences: None, into: None }
    }

    pub fn canonical(&self, name: &Name) -> String {
        let made = name.canonical(self.dialect, self.default_schema);
        self.catalogue.behind(made, self.dialect).0
    }

    fn key_of(&self, name: &Name) -> String {
        key(&name.last(self.dialect), self.dialect)
    }

    /// The output columns of a query.
    pub fn query(&mut self, query: &Query, outer: Option<&Env>) -> Vec<OutColumn> {
        self.named_query(query, outer, None)
    }

    /// A recursive common table expression sees the columns of its first branch under its own name.
    fn named_query(&mut self, query: &Query, outer: Option<&Env>, own: Option<(&str, &[Name])>) -> Vec<OutColumn> {
        stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || {
            let mut env = Env::under(outer);
            for cte in &query.ctes {
                let name = self.key_of(&cte.name);
                let columns = self.named_query(&cte.query, Some(&env), Some((&name, &cte.columns)));
                let renamed = self.renamed(columns, &cte.columns);
                env.ctes.push((name, Rc::new(renamed)));
            }
            self.body(&query.body, &mut env, own)
        })
    }

    fn body(&mut self, body: &Body, env: &mut Env, own: Option<(&str, &[Name])>) -> Vec<OutColumn> {
        match body {
            Body::Select(select) => self.select(select, env),
            Body::Values(rows) => self.values(rows, env),
            Body::Set { branches, by_name } => {
                let mut out: Vec<OutColumn> = Vec::new();
                for (position, branch) in branches.iter().enumerate() {
                    let columns = self.query(branch, Some(env));
                    if position == 0 {
                        if let Some((name, names)) = own {
                            let renamed = self.renamed(columns.clone(), names);
                            env.ctes.push((name.to_owned(), Rc::new(renamed)));
                        }
                        out = columns;
                    } else if *by_name {
                        union_by_name(&mut out, columns);
                    } else {
                        union_by_position(&mut out, columns);
                    }
                }
                out
            }
        }
    }

    fn values(&mut self, rows: &[Vec<Expr>], env: &Env) -> Vec<OutColumn> {
        let mut out: Vec<OutColumn> = Vec::new();
        for row in rows {
            for (position, cell) in row.iter().enumerate() {
                let value = self.value(cell, env);
                match out.get_mut(position) {
                    Some(column) => column.absorb(value.kind, value.origins),
                    None => out.push(OutColumn::made(format!("column{}", position + 1), value.kind, value.origins)),
                }
            }
        }
        out
    }

    fn select(&mut self, select: &Select, env: &mut Env) -> Vec<OutColumn> {
        if let Some(into) = &select.into {
            self.into.get_or_insert_with(|| into.clone());
        }
        let mut inner = Env::under(Some(env));
        for source in &select.from {
            let relation = self.relation(source, &inner);
            inner.add(relation);
        }
        for filter in &select.filters {
            let value = self.value(filter, &inner);
            if let Some(all) = &mut self.influences {
                all.extend(value.origins);
            }
        }
        let mut out = Vec::with_capacity(select.items.len());
        for (position, item) in select.items.iter().enumerate() {
            if let Expr::Star(star) = &item.expr {
                self.star(star, &inner, &mut out);
                continue;
            }
            let value = self.value(&item.expr, &inner);
            let name = item.alias.as_ref().map(|n| n.last(self.dialect)).unwrap_or_else(|| self.implied_name(&item.expr, position));
            let mut column = OutColumn::made(name, value.kind, value.origins);
            column.text = Some((select.ordinal, position));
            if item.alias.is_some() && self.sees_own_aliases() {
                inner.aliases.push(column.clone());
            }
            out.push(column);
        }
        out
    }

    /// Dialects in which an item may use the alias of one before it.
    fn sees_own_aliases(&self) -> bool {
        use Dialect::*;
        matches!(self.dialect, Snowflake | Redshift | Spark | Databricks | Duckdb | Clickhouse)
    }

    fn implied_name(&self, expr: &Expr, position: usize) -> String {
        match expr {
            Expr::Column(name) => name.last(self.dialect),
            Expr::Cast(inner) => self.implied_name(inner, position),
            Expr::Scalar(query) => match &query.body {
                Body::Select(select) => select
                    .items
                    .first()
                    .map(|i| i.alias.as_ref().map(|n| n.last(self.dialect)).unwrap_or_else(|| self.implied_name(&i.expr, position))),
                _ => None,
            }
            .unwrap_or_else(|| format!("column{}", position + 1)),
            _ => format!("column{}", position + 1),
        }
    }

    fn renamed(&self, mut columns: Vec<OutColumn>, names: &[Name]) -> Vec<OutColumn> {
        // A star of unknown width cannot be renamed by position.
        if columns.iter().any(|c| c.open.is_some()) {
            return columns;
        }
        for (column, name) in columns.iter_mut().zip(names) {
            column.rename(name.last(self.dialect));
        }
        columns
    }

    /// The relation that a source of FROM makes; lateral ones see those before them.
    pub fn relation(&mut self, source: &Source, env: &Env) -> Relation {
        let using = source.using.iter().map(|n| self.key_of(n)).collect();
        let mut relation = match &source.rows {
            Rows::Table(name) => self.table(name, env),
            Rows::Query(query) => Relation::derived(self.query(query, Some(env))),
            Rows::Function(expr) => {
                let value = self.value(expr, env);
                let kind = value.kind.max(Kind::Expression);
                let mut relation =
                    Relation::derived(source.columns.iter().map(|n| OutColumn::made(n.last(self.dialect), kind, value.origins.clone())).collect());
                relation.generated = Some((kind, value.origins));
                relation
            }
            Rows::Pivot { source: inner, uses } => {
                let mut relation = self.relation(inner, env);
                let scope = Env::of(env, relation.clone());
                let mut origins = Vec::new();
                for used in uses {
                    origins.extend(self.value(used, &scope).origins);
                }
                relation.generated = Some((Kind::Aggregate, origins));
                relation
            }
        };
        if !source.columns.is_empty() && !matches!(source.rows, Rows::Function(_)) {
            let columns = self.renamed(relation.columns.to_vec(), &source.columns);
            relation.columns = Rc::new(columns);
        }
        if let Some(alias) = &source.alias {
            relation.names = vec![self.key_of(alias)];
        }
        relation.using = using;
        relation
    }

    fn table(&mut self, name: &Name, env: &Env) -> Relation {
        let last = self.key_of(name);
        if name.parts.len() == 1 {
            if let Some(columns) = env.cte(&last) {
                return Relation { names: vec![last], ..Relation::shared(columns) };
            }
            // BigQuery and Spark read an array of a row before as if it were a table.
        } else if let Some(found) = self.array_of_row(name, env) {
            return found;
        }
        let asset: Shared = self.canonical(name).into();
        if !self.reads.contains(&asset) {
            self.reads.push(asset.clone());
        }
        let mut relation = self.asset(&asset);
        let folded = name.parts.iter().map(|p| key(&fold(p, self.dialect), self.dialect)).collect::<Vec<_>>();
        relation.names = folded;
        relation
    }

    fn array_of_row(&mut self, name: &Name, env: &Env) -> Option<Relation> {
        if !matches!(self.dialect, Dialect::Bigquery | Dialect::Spark | Dialect::Databricks) {
            return None;
        }
        let first = key(&fold(&name.parts[0], self.dialect), self.dialect);
        env.relation(&[first])?;
        let value = self.value(&Expr::Column(name.clone()), env);
        let mut relation = Relation::derived(Vec::new());
        relation.generated = Some((Kind::Expression, value.origins));
        Some(relation)
    }

    /// The columns of a base table: those of the catalogue, or open.
    pub fn asset(&self, asset: &Shared) -> Relation {
        let known = self.local.columns(asset, self.dialect).or_else(|| self.catalogue.columns(asset, self.dialect));
        let columns = match known {
            Some(columns) => columns.iter().map(|(name, _)| OutColumn::base(asset, name)).collect(),
            None => vec![OutColumn::open(asset)],
        };
        Relation { base: Some(asset.clone()), ..Relation::derived(columns) }
    }

    fn star(&mut self, star: &Star, env: &Env, out: &mut Vec<OutColumn>) {
        let wanted = star.qualifier.as_ref().map(|q| q.parts.iter().map(|p| key(&fold(p, self.dialect), self.dialect)).collect::<Vec<_>>());
        let except: Vec<String> = star.except.iter().map(|n| self.key_of(n)).collect();
        for column in env.star(wanted.as_deref(), self.dialect) {
            let id = key(&column.name, self.dialect);
            if column.open.is_none() && except.contains(&id) {
                continue;
            }
            let mut column = column;
            if let Some(open) = &mut column.open {
                open.except.extend(except.iter().cloned());
            }
            if let Some((_, expr)) = star.replace.iter().find(|(n, _)| self.key_of(n) == id) {
                let value = self.value(expr, env);
                column = OutColumn::made(column.name, value.kind, value.origins);
            }
            if let Some((_, to)) = star.rename.iter().find(|(n, _)| self.key_of(n) == id) {
                column.rename(to.last(self.dialect));
            }
            column.text = None;
            out.push(column);
        }
    }

    /// What feeds an expression, and how.
    pub fn value(&mut self, expr: &Expr, env: &Env) -> Value {
        stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || self.value_of(expr, env))
    }

    fn value_of(&mut self, expr: &Expr, env: &Env) -> Value {
        match expr {
            Expr::Constant => Value { kind: Kind::Constant, origins: Vec::new() },
            Expr::Column(name) => self.column(name, env),
            Expr::Star(_) => Value { kind: Kind::Identity, origins: env.star(None, self.dialect).into_iter().flat_map(|c| c.origins).collect() },
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

    fn several(&mut self, all: &[Expr], env: &Env, at_least: Kind) -> Value {
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
        if (name.parts.len() > 1 || !is_builtin(last)) && !last.is_empty() && !last.starts_with('@') {
            let called = self.canonical(name);
            if !self.calls.contains(&called) {
                self.calls.push(called);
            }
        }
        self.several(all, env, Kind::Expression)
    }

    fn column(&mut self, name: &Name, env: &Env) -> Value {
        let last = name.parts.last().map(|p| p.text.as_str()).unwrap_or_default();
        // Variables and parameters.
        if name.parts.len() == 1 && (last.starts_with('@') || last.starts_with(':') || last.starts_with('$')) {
            return Value { kind: Kind::Constant, origins: Vec::new() };
        }
        let parts: Vec<String> = name.parts.iter().map(|p| fold(p, self.dialect)).collect();
        match env.find(&parts, self.dialect) {
            Found::Nothing => Value { kind: Kind::Constant, origins: Vec::new() },
            Found::Column { kind, origins } => Value { kind, origins },
        }
    }
}

fn union_by_position(out: &mut Vec<OutColumn>, columns: Vec<OutColumn>) {
    let open = out.iter().chain(&columns).any(|c| c.open.is_some());
    if open {
        // Positions are not known beyond a star, so both sides are kept.
        out.extend(columns);
        return;
    }
    for (held, column) in out.iter_mut().zip(columns) {
        held.absorb(column.kind, column.origins);
    }
}

fn union_by_name(out: &mut Vec<OutColumn>, columns: Vec<OutColumn>) {
    for column in columns {
        match out.iter_mut().find(|held| held.name.eq_ignore_ascii_case(&column.name)) {
            Some(held) => held.absorb(column.kind, column.origins),
            None => out.push(column),
        }
    }
}
