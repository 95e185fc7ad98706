//! Sources of FROM to relations: tables, subqueries, functions, and what PIVOT makes of them.

use crate::catalogue::Shared;
use crate::dialects::Dialect;
use crate::model::Kind;
use crate::names::{Name, fold, key};
use crate::patterns::leaves_out;
use crate::relation::{OutColumn, Relation};
use crate::resolve::Resolver;
use crate::scope::Env;
use crate::tree::{Expr, Rows, Source, Star, Turned};
use std::rc::Rc;

impl Resolver<'_> {
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
                let flat = if self.dialect == Dialect::Snowflake && source.columns.is_empty() { columns_of_flatten(expr) } else { &[] };
                if !flat.is_empty() {
                    relation.columns = Rc::new(flat.iter().map(|n| OutColumn::made((*n).to_owned(), kind, value.origins.clone())).collect());
                }
                relation.generated = Some((kind, value.origins));
                relation
            }
            Rows::Turned(turned) => self.turned(turned, env),
        };
        if !source.columns.is_empty() && !matches!(source.rows, Rows::Function(_)) {
            let columns = self.renamed(relation.columns.to_vec(), &source.columns);
            relation.columns = Rc::new(columns);
        }
        if let Some(alias) = &source.alias {
            let alias = self.key_of(alias);
            relation.aliased = relation.names.last() != Some(&alias);
            relation.names = vec![alias];
        }
        relation.using = using;
        relation.hidden = source.hidden;
        relation
    }

    /// What PIVOT, UNPIVOT or MATCH_RECOGNIZE makes: the columns that stay, and those that are made.
    fn turned(&mut self, turned: &Turned, env: &Env) -> Relation {
        let inner = self.relation(&turned.source, env);
        let scope = Env::of(env, inner.clone());
        let gone: Vec<String> = turned.gone.iter().map(|n| self.key_of(n)).collect();
        let mut columns = Vec::with_capacity(inner.columns.len() + turned.made.len());
        for column in inner.columns.iter() {
            let mut column = column.clone();
            match &mut column.open {
                Some(open) => open.except.extend(gone.iter().cloned()),
                None if gone.contains(&key(&column.name, self.dialect)) => continue,
                None => {}
            }
            columns.push(column);
        }
        for (name, values) in &turned.made {
            let value = self.several(values, &scope, Kind::Constant);
            columns.push(OutColumn::made(name.last(self.dialect), value.kind, value.origins));
        }
        let rest = self.several(&turned.rest, &scope, Kind::Aggregate);
        let generated = (!turned.rest.is_empty()).then_some((Kind::Aggregate, rest.origins));
        Relation { generated, names: inner.names, ..Relation::derived(columns) }
    }

    fn table(&mut self, name: &Name, env: &Env) -> Relation {
        if name.is_empty() {
            return Relation::default();
        }
        let last = self.key_of(name);
        if name.parts.len() == 1 {
            if let Some(columns) = env.cte(&last) {
                return Relation { names: vec![last], ..Relation::shared(columns) };
            }
            if matches!(self.dialect, Dialect::Oracle | Dialect::Mysql) && last.eq_ignore_ascii_case("dual") {
                return Relation::default();
            }
            // BigQuery and Spark read an array of a row before as if it were a table.
        } else if let Some(found) = self.array_of_row(name, env) {
            return found;
        }
        let changed = self.changed_rows(name);
        let asset: Shared = changed.unwrap_or_else(|| self.canonical(name)).into();
        self.read(&asset);
        let mut relation = self.asset(&asset);
        let folded = name.parts.iter().map(|p| key(&fold(p, self.dialect), self.dialect)).collect::<Vec<_>>();
        relation.names = folded;
        relation
    }

    /// `inserted` and `deleted` in a trigger of T-SQL are rows of the table that it is attached to.
    fn changed_rows(&self, name: &Name) -> Option<String> {
        let of = self.variables?.trigger_of.as_ref().filter(|_| self.dialect == Dialect::Tsql)?;
        let [only] = name.parts.as_slice() else { return None };
        let is = only.text.eq_ignore_ascii_case("inserted") || only.text.eq_ignore_ascii_case("deleted");
        is.then(|| of.clone())
    }

    fn array_of_row(&mut self, name: &Name, env: &Env) -> Option<Relation> {
        if !matches!(self.dialect, Dialect::Bigquery | Dialect::Spark | Dialect::Databricks | Dialect::Redshift) {
            return None;
        }
        let first = key(&fold(&name.parts[0], self.dialect), self.dialect);
        if env.relation(std::slice::from_ref(&first)).is_none() {
            env.relation_in_any_case(&first).filter(|_| self.dialect == Dialect::Bigquery)?;
        }
        let value = self.value(&Expr::Column(name.clone()), env);
        let mut relation = Relation::derived(Vec::new());
        relation.generated = Some((Kind::Expression, value.origins));
        Some(relation)
    }

    /// The columns of a base table: those of the catalogue, or open.
    pub fn asset(&self, asset: &Shared) -> Relation {
        let known = self.local.columns(asset, self.dialect).or_else(|| self.catalogue.columns(asset, self.dialect));
        let columns = match known {
            Some(columns) => columns.iter().map(|name| OutColumn::base(asset, name)).collect(),
            None => vec![OutColumn::open(asset)],
        };
        Relation { base: Some(asset.clone()), ..Relation::derived(columns) }
    }

    /// The columns of a star, with what changes it.
    pub fn star(&mut self, star: &Star, env: &Env, out: &mut Vec<OutColumn>) {
        let wanted = star.qualifier.as_ref().map(|q| q.parts.iter().map(|p| key(&fold(p, self.dialect), self.dialect)).collect::<Vec<_>>());
        let except: Vec<String> = star.except.iter().map(|n| self.key_of(n)).collect();
        let mut replaced: Vec<(String, &Expr)> = star.replace.iter().map(|(n, e)| (self.key_of(n), e)).collect();
        let mut stars = Vec::new();
        // The fields of a column: which there are is not known.
        if let Some(qualifier) = star.qualifier.as_ref().filter(|q| q.parts.len() > 1 || self.dialect.has_fields())
            && wanted.as_deref().is_some_and(|w| env.relation(w).is_none() && (env.relation(&w[..1]).is_some() || self.dialect.has_fields()))
        {
            let mut origins = self.value(&Expr::Column(qualifier.clone()), env).origins;
            origins.iter_mut().for_each(|o| o.unresolved = true);
            if origins.is_empty() {
                return;
            }
            return out.push(OutColumn::made("*".to_owned(), Kind::Star, origins));
        }
        for mut column in env.star(wanted.as_deref()) {
            column.text = None;
            if column.open.is_some() {
                stars.push(out.len());
                out.push(column);
                continue;
            }
            let id = key(&column.name, self.dialect);
            if except.iter().any(|e| leaves_out(e, &id)) {
                continue;
            }
            if let Some(at) = replaced.iter().position(|(n, _)| *n == id) {
                let value = self.value(replaced.swap_remove(at).1, env);
                column = OutColumn { in_star: column.in_star, ..OutColumn::made(column.name, value.kind, value.origins) };
            }
            if let Some((_, to)) = star.rename.iter().find(|(n, _)| self.key_of(n) == id) {
                column.rename(to.last(self.dialect));
            }
            out.push(column);
        }
        for &at in &stars {
            let Some(open) = &mut out[at].open else { continue };
            open.except.extend(except.iter().cloned());
            open.renamed.extend(star.rename.iter().map(|(from, to)| (from.last(self.dialect), to.last(self.dialect))));
            open.replaced.extend(replaced.iter().map(|(n, _)| n.clone()));
        }
        if stars.is_empty() {
            return;
        }
        // Of columns that are not known by name it is known how these are computed.
        for (name, expr) in &star.replace {
            let id = self.key_of(name);
            if replaced.iter().any(|(n, _)| *n == id) {
                let value = self.value(expr, env);
                out.push(OutColumn { in_star: true, ..OutColumn::made(name.last(self.dialect), value.kind, value.origins) });
            }
        }
    }
}

/// The columns that FLATTEN and SPLIT_TO_TABLE of Snowflake give; none for other functions.
fn columns_of_flatten(expr: &Expr) -> &'static [&'static str] {
    let Expr::Call(name, arguments) = expr else { return &[] };
    let is = |wanted: &str| name.parts.last().is_some_and(|p| p.text.eq_ignore_ascii_case(wanted));
    if is("table") {
        return arguments.first().map_or(&[], columns_of_flatten);
    }
    if is("flatten") {
        return &["SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS"];
    }
    if is("split_to_table") || is("strtok_split_to_table") { &["SEQ", "INDEX", "VALUE"] } else { &[] }
}
