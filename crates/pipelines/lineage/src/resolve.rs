//! Which base columns feed each output column of a query: one pass over the small tree, from FROM to SELECT.

use crate::catalogue::{Catalogue, Lookup, Shared};
use crate::dialects::Dialect;
use crate::locals::{Temporaries, temporary};
use crate::model::Kind;
use crate::names::{Name, key};
use crate::relation::{Origin, OutColumn};
use crate::scope::Env;
use crate::tree::{Body, Cte, Expr, Query, Select};
use crate::variables::Variables;
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
    /// Names of the routine around that are no columns.
    pub variables: Option<&'a Variables>,
    /// The byte where the statement begins: variables are filled before it.
    pub at: usize,
    /// Temporary tables of the file.
    pub temporaries: Option<&'a Temporaries>,
}

/// What an expression comes from.
pub(crate) struct Value {
    pub kind: Kind,
    pub origins: Vec<Origin>,
}

impl<'a> Resolver<'a> {
    pub fn new(dialect: Dialect, default_schema: Option<&'a str>, catalogue: &'a Lookup<'a>, local: &'a Catalogue) -> Resolver<'a> {
        Resolver {
            dialect,
            default_schema,
            catalogue,
            local,
            reads: Vec::new(),
            calls: Vec::new(),
            influences: None,
            into: None,
            variables: None,
            at: 0,
            temporaries: None,
        }
    }

    pub fn canonical(&self, name: &Name) -> String {
        if let Some(temporary) = self.temporaries.and_then(|all| temporary(name, all, self.dialect)) {
            return temporary;
        }
        let made = name.canonical(self.dialect, self.default_schema);
        self.catalogue.behind(made, self.dialect).0
    }

    pub(crate) fn key_of(&self, name: &Name) -> String {
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
            self.add_ctes(&query.ctes, &mut env);
            self.body(&query.body, &mut env, own)
        })
    }

    /// Puts common table expressions into scope, each seen by those behind it.
    pub(crate) fn add_ctes(&mut self, ctes: &[Cte], env: &mut Env) {
        for cte in ctes {
            let name = self.key_of(&cte.name);
            let own = cte.recursive.then_some((name.as_str(), cte.columns.as_slice()));
            let columns = self.named_query(&cte.query, Some(env), own);
            let renamed = self.renamed(columns, &cte.columns);
            env.ctes.push((name, Rc::new(renamed)));
        }
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
            let mut relation = self.relation(source, &inner);
            if source.natural {
                relation.using = inner.common(&relation, self.dialect);
            }
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
            if item.alias.is_some() && (self.sees_own_aliases() || self.dialect == Dialect::Generic && !inner.relations.iter().any(|r| r.is_open())) {
                inner.aliases.insert(column.name.to_lowercase(), column.clone());
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

    pub(crate) fn renamed(&self, mut columns: Vec<OutColumn>, names: &[Name]) -> Vec<OutColumn> {
        // A star of unknown width cannot be renamed by position, but what stands behind it is counted from the end.
        if let Some(open) = columns.iter().rposition(|c| c.open.is_some()) {
            let behind = columns.len() - open - 1;
            if behind > 0 && names.len() >= behind && columns[open + 1..].iter().all(|c| !c.in_star) {
                for (column, name) in columns[open + 1..].iter_mut().zip(&names[names.len() - behind..]) {
                    column.rename(name.last(self.dialect));
                }
            }
            return columns;
        }
        for (column, name) in columns.iter_mut().zip(names) {
            column.rename(name.last(self.dialect));
        }
        columns
    }
}

/// Says of tables whose columns are not known in which branch they stand.
fn number_branch(columns: &mut [OutColumn], branch: usize) {
    let open = columns.iter_mut().filter_map(|c| c.open.as_mut());
    open.filter(|o| o.branch == 0).for_each(|o| o.branch = branch);
}

fn union_by_position(out: &mut Vec<OutColumn>, mut columns: Vec<OutColumn>) {
    let open = out.iter().chain(&columns).any(|c| c.open.is_some());
    if open {
        let last = out.iter().chain(&columns).filter_map(|c| c.open.as_ref()).map(|o| o.branch).max().unwrap_or(0);
        number_branch(out, last + 1);
        number_branch(&mut columns, last + 2);
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
