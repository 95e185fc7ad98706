//! Edges of statements that change rows: UPDATE, DELETE, MERGE.

use crate::catalogue::Shared;
use crate::columns::{NoTexts, TextOf, Yield, dedup, edges, fed, names_of};
use crate::model::{ColumnEdge, Kind, WriteKind};
use crate::names::{Name, fold, key};
use crate::relation::Relation;
use crate::resolve::Resolver;
use crate::scope::Env;
use crate::tree::{Assignment, Body, Cte, Delete, Merge, Rows, Source, Update};

fn scope_of<'e>(ctes: &[Cte], resolver: &mut Resolver) -> Env<'e> {
    let mut env = Env::under(None);
    resolver.add_ctes(ctes, &mut env);
    env
}

/// The table that a target names, and whether it is listed in FROM.
struct Target {
    asset: String,
    listed: bool,
    /// The common table expression that is written through.
    through: Option<String>,
}

/// The table that a target names: itself, the one of FROM whose alias it is, or the first one that its common table expression reads.
fn target_of(target: &Source, from: &[Source], ctes: &[Cte], resolver: &Resolver) -> Target {
    let found = named_by(target, from, resolver);
    let [only] = found.0.parts.as_slice() else { return Target { asset: resolver.canonical(&found.0), listed: found.1, through: None } };
    let mut at = only.text.clone();
    let mut through = None;
    for cte in ctes.iter().rev() {
        let is = cte.name.parts.last().is_some_and(|p| p.text.eq_ignore_ascii_case(&at));
        if let (true, Body::Select(select)) = (is, &cte.query.body)
            && let Some(Source { rows: Rows::Table(table), .. }) = select.from.first()
        {
            through.get_or_insert_with(|| resolver.key_of(&cte.name));
            if let [next] = table.parts.as_slice() {
                at.clone_from(&next.text);
            }
            if table.parts.len() > 1 || !ctes.iter().any(|c| c.name.parts.last().is_some_and(|p| p.text.eq_ignore_ascii_case(&at))) {
                return Target { asset: resolver.canonical(table), listed: found.1, through };
            }
        }
    }
    Target { asset: resolver.canonical(&found.0), listed: found.1, through: None }
}

fn named_by(target: &Source, from: &[Source], resolver: &Resolver) -> (Name, bool) {
    let Rows::Table(name) = &target.rows else { return (Name::default(), false) };
    if let [only] = name.parts.as_slice() {
        for source in from {
            let alias = source.alias.as_ref().and_then(|a| a.parts.last());
            if let (Some(alias), Rows::Table(table)) = (alias, &source.rows)
                && alias.text.eq_ignore_ascii_case(&only.text)
            {
                return (table.clone(), true);
            }
        }
    }
    let canonical = resolver.canonical(name);
    let listed = from.iter().any(|s| s.alias.is_none() && matches!(&s.rows, Rows::Table(t) if resolver.canonical(t) == canonical));
    (name.clone(), listed)
}

/// Puts the target into scope without counting it as read.
fn add_target(target: &Source, asset: &str, resolver: &Resolver, env: &mut Env) {
    let mut relation = resolver.asset(&asset.into());
    let fold = |n: &Name| n.parts.iter().map(|p| key(&fold(p, resolver.dialect), resolver.dialect)).collect::<Vec<_>>();
    relation.names = match (&target.alias, &target.rows) {
        (Some(alias), _) => fold(alias),
        (None, Rows::Table(name)) => fold(name),
        _ => Vec::new(),
    };
    env.add(relation);
}

/// Adds the sources of FROM; a target that is listed there is not read by that.
fn add_sources(from: &[Source], listed: Option<(&Source, &str)>, resolver: &mut Resolver, env: &mut Env) {
    for source in from {
        let before = resolver.reads.len();
        let relation = resolver.relation(source, env);
        if let (Some((target, asset)), Some(base)) = (listed, &relation.base)
            && resolver.reads.len() > before
            && base.as_ref() == asset
            && is_itself(target, source)
        {
            resolver.reads.truncate(before);
        }
        env.add(relation);
    }
}

pub(crate) fn assign(target: &str, assignments: &[Assignment], resolver: &mut Resolver, env: &Env, texts: TextOf, out: &mut Vec<ColumnEdge>) {
    for assignment in assignments {
        let value = resolver.value(&assignment.value, env);
        let text = assignment.column.parts.last().and_then(|p| texts.value(&p.text));
        fed(target, &set_column(&assignment.column, resolver, env), value.kind, &value.origins, text, out);
    }
}

/// The column that is set: the last part of a name, or the one whose field is.
fn set_column(name: &Name, resolver: &Resolver, env: &Env) -> String {
    let [first, .., _] = name.parts.as_slice() else { return name.last(resolver.dialect) };
    let folded = fold(first, resolver.dialect);
    let of_table = env.names_any(&key(&folded, resolver.dialect));
    if resolver.dialect.has_fields() && !of_table { folded } else { name.last(resolver.dialect) }
}

/// True for the source that a target names, and not for another of the same table.
fn is_itself(target: &Source, source: &Source) -> bool {
    let Rows::Table(name) = &target.rows else { return false };
    match &source.alias {
        Some(alias) => name.parts.last().zip(alias.parts.last()).is_some_and(|(n, a)| n.text.eq_ignore_ascii_case(&a.text)),
        None => true,
    }
}

fn conditions(filters: &[crate::tree::Expr], resolver: &mut Resolver, env: &Env) {
    for filter in filters {
        let value = resolver.value(filter, env);
        if let Some(all) = &mut resolver.influences {
            all.extend(value.origins);
        }
    }
}

/// Puts target and sources into scope, and gives the name of the table that is written.
fn place(target: &Source, from: &[Source], ctes: &[Cte], resolver: &mut Resolver, env: &mut Env) -> Target {
    let found = target_of(target, from, ctes, resolver);
    let asset = found.asset.as_str();
    if let Some(through) = &found.through {
        // What is written through is not read by being written.
        resolver.reads.retain(|r| r.as_ref() != asset);
        if let Some(columns) = env.cte(through) {
            let alias = target.alias.as_ref().map(|a| resolver.key_of(a));
            let relation = Relation { names: vec![alias.unwrap_or_else(|| through.clone())], ..Relation::shared(columns) };
            if !found.listed {
                env.add(relation);
            }
        }
    } else if !found.listed {
        add_target(target, asset, resolver, env);
    }
    add_sources(from, found.listed.then_some((target, asset)), resolver, env);
    found
}

/// The table and the column that a column of a query stands for, which is written through.
fn written_through(through: Option<&String>, column: &Name, resolver: &Resolver, env: &Env) -> Option<(Shared, String)> {
    let wanted = key(&fold(column.parts.last()?, resolver.dialect), resolver.dialect);
    let columns = env.cte(through?)?;
    let held = columns.iter().find(|c| key(&c.name, resolver.dialect) == wanted && c.kind == Kind::Identity)?;
    match held.origins.as_slice() {
        [origin] => Some((origin.asset.clone(), origin.column.to_string())),
        _ => None,
    }
}

pub(crate) fn update(update: &Update, resolver: &mut Resolver, texts: TextOf) -> Yield {
    let mut env = scope_of(&update.ctes, resolver);
    let place = place(&update.target, &update.from, &update.ctes, resolver, &mut env);
    let mut target = place.asset;
    let mut columns = Vec::new();
    for assignment in &update.assignments {
        let Some((asset, column)) = written_through(place.through.as_ref(), &assignment.column, resolver, &env) else {
            assign(&target, std::slice::from_ref(assignment), resolver, &env, texts, &mut columns);
            continue;
        };
        if *asset != *target {
            // The first table of the query is not the one that is changed.
            resolver.reads.retain(|r| *r != asset);
            resolver.reads.push(std::mem::replace(&mut target, asset.to_string()).into());
        }
        let value = resolver.value(&assignment.value, &env);
        let text = assignment.column.parts.last().and_then(|p| texts.value(&p.text));
        fed(&target, &column, value.kind, &value.origins, text, &mut columns);
    }
    conditions(&update.filters, resolver, &env);
    Yield { kind: "update", write: Some((target, WriteKind::Update)), columns, ..Yield::default() }
}

pub(crate) fn delete(delete: &Delete, resolver: &mut Resolver) -> Yield {
    let mut env = scope_of(&delete.ctes, resolver);
    let target = place(&delete.target, &delete.from, &delete.ctes, resolver, &mut env).asset;
    conditions(&delete.filters, resolver, &env);
    Yield { kind: "delete", write: Some((target, WriteKind::Delete)), ..Yield::default() }
}

pub(crate) fn merge(merge: &Merge, resolver: &mut Resolver, texts: TextOf) -> Yield {
    let mut env = scope_of(&merge.ctes, resolver);
    let target = target_of(&merge.target, &[], &merge.ctes, resolver).asset;
    let source = resolver.relation(&merge.source, &env);
    let offered = source.columns.clone();
    add_target(&merge.target, &target, resolver, &mut env);
    env.add(source);
    let mut columns = Vec::new();
    assign(&target, &merge.assignments, resolver, &env, texts, &mut columns);
    let known = resolver.asset(&target.as_str().into());
    for row in &merge.positional {
        for (position, value) in row.iter().enumerate() {
            // Of a target that is not known a column is called as the one that feeds it.
            let own = if let crate::tree::Expr::Column(name) = value { Some(name.last(resolver.dialect)) } else { None };
            let value = resolver.value(value, &env);
            let column = known.columns.get(position).filter(|c| c.open.is_none()).map(|c| c.name.clone());
            let Some(column) = column.or(own) else { continue };
            fed(&target, &column, value.kind, &value.origins, None, &mut columns);
        }
    }
    if let Some(except) = &merge.star {
        let except: Vec<String> = except.iter().map(|name| resolver.key_of(name)).collect();
        let dialect = resolver.dialect;
        let offered: Vec<_> = offered.iter().filter(|column| !except.contains(&key(&column.name, dialect))).cloned().collect();
        columns.extend(edges(&target, &offered, &names_of(&offered), &NoTexts));
    }
    conditions(&merge.filters, resolver, &env);
    dedup(&mut columns);
    Yield { kind: "merge", write: Some((target, WriteKind::Merge)), columns, ..Yield::default() }
}
