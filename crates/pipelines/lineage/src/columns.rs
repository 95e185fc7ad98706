//! Edges of one statement: what it writes, what it reads, and which column feeds which.

use crate::model::{ColumnEdge, ColumnRef, Definition, Kind, ObjectKind, WriteKind};
use crate::names::Name;
use crate::resolve::Resolver;
use crate::scope::{Env, Origin, OutColumn};
use crate::tree::{Asset, Assignment, Create, Cte, Delete, Insert, Merge, Rows, Source, Statement, Update};
use std::rc::Rc;

/// What a statement yields before it has a place.
#[derive(Default)]
pub(crate) struct Yield {
    pub kind: &'static str,
    pub write: Option<(String, WriteKind)>,
    pub columns: Vec<ColumnEdge>,
    pub definition: Option<Definition>,
    pub overwrite: bool,
}

/// Finds the text of the item at a place of a select.
pub(crate) type TextOf<'t> = &'t dyn Fn(usize, usize) -> Option<String>;

/// The lineage of one statement. `into_is_variable` where a SELECT … INTO fills variables.
pub(crate) fn lineage(statement: &Statement, resolver: &mut Resolver, text_of: TextOf) -> Yield {
    match statement {
        Statement::Query(query) => {
            let columns = resolver.query(query, None);
            let Some(into) = resolver.into.take() else { return Yield { kind: "select", ..Yield::default() } };
            let target = resolver.canonical(&into);
            let edges = edges(&target, &columns, &names_of(&columns), text_of);
            let definition = Some(define(ObjectKind::Table, &target, &columns));
            Yield { kind: "select_into", write: Some((target, WriteKind::Create)), columns: edges, definition, overwrite: false }
        }
        Statement::Create(create) => self::create(create, resolver, text_of),
        Statement::Insert(insert) => self::insert(insert, resolver, text_of),
        Statement::Update(update) => self::update(update, resolver),
        Statement::Delete(delete) => self::delete(delete, resolver),
        Statement::Merge(merge) => self::merge(merge, resolver),
        Statement::Other => Yield { kind: "other", ..Yield::default() },
    }
}

fn names_of(columns: &[OutColumn]) -> Vec<String> {
    columns.iter().map(|c| c.name.clone()).collect()
}

fn define(kind: ObjectKind, name: &str, columns: &[OutColumn]) -> Definition {
    let columns = columns.iter().filter(|c| c.open.is_none()).map(|c| (c.name.clone(), String::new())).collect();
    Definition { kind, name: name.to_owned(), columns, of: None, properties: Vec::new(), references: Vec::new() }
}

/// One edge for every column that feeds an output column; a constant has one edge without source.
fn edges(target: &str, columns: &[OutColumn], names: &[String], text_of: TextOf) -> Vec<ColumnEdge> {
    let mut out = Vec::new();
    for (column, name) in columns.iter().zip(names) {
        let text = column.text.and_then(|(select, item)| text_of(select, item));
        fed(target, name, column.kind, &column.origins, text, &mut out);
    }
    out
}

fn fed(target: &str, name: &str, kind: Kind, origins: &[Origin], text: Option<String>, out: &mut Vec<ColumnEdge>) {
    let to = ColumnRef { asset: target.to_owned(), column: name.to_owned() };
    if origins.is_empty() {
        // An aggregate or a window without columns, such as count(*), is no constant, but nothing feeds it either.
        out.push(ColumnEdge { from: None, to, kind, expression: text, confidence: 1.0, unresolved: false, ambiguous: false, influences: false });
        return;
    }
    for origin in origins {
        let from = ColumnRef { asset: origin.asset.to_string(), column: origin.column.to_string() };
        out.push(ColumnEdge {
            from: Some(from),
            to: to.clone(),
            kind,
            expression: text.clone(),
            confidence: 1.0 / origin.candidates as f64,
            unresolved: origin.unresolved,
            ambiguous: origin.candidates > 1,
            influences: false,
        });
    }
}

fn create(create: &Create, resolver: &mut Resolver, text_of: TextOf) -> Yield {
    let (kind, word) = match create.asset {
        Asset::Table => (ObjectKind::Table, "create_table"),
        Asset::View => (ObjectKind::View, "create_view"),
        Asset::MaterializedView => (ObjectKind::MaterializedView, "create_materialized_view"),
    };
    let target = create.name.canonical(resolver.dialect, resolver.default_schema).0;
    let references = create.references.iter().map(|n| resolver.canonical(n)).collect();
    let declared: Vec<(String, String)> = create.columns.iter().map(|(n, t)| (n.last(resolver.dialect), t.clone())).collect();
    let mut definition = Definition { kind, name: target.clone(), columns: declared, of: None, properties: Vec::new(), references };
    if let Some(like) = &create.like {
        let source = resolver.canonical(like).into();
        let columns: Vec<OutColumn> = resolver.asset(&source).columns.iter().cloned().collect();
        definition.columns.extend(columns.iter().filter(|c| c.open.is_none()).map(|c| (c.name.clone(), String::new())));
    }
    let Some(query) = &create.query else {
        return Yield { kind: word, definition: Some(definition), ..Yield::default() };
    };
    let columns = resolver.query(query, None);
    let names: Vec<String> = if definition.columns.is_empty() || columns.iter().any(|c| c.open.is_some()) {
        names_of(&columns)
    } else {
        definition.columns.iter().map(|(n, _)| n.clone()).collect()
    };
    if definition.columns.is_empty() {
        definition.columns = define(kind, &target, &columns).columns;
    }
    let edges = edges(&target, &columns, &names, text_of);
    Yield { kind: word, write: Some((target, WriteKind::Create)), columns: edges, definition: Some(definition), overwrite: false }
}

fn insert(insert: &Insert, resolver: &mut Resolver, text_of: TextOf) -> Yield {
    let target = resolver.canonical(&insert.target);
    let write = Some((target.clone(), if insert.overwrite { WriteKind::Overwrite } else { WriteKind::Insert }));
    let mut out = Yield { kind: "insert", write, overwrite: insert.overwrite, ..Yield::default() };
    let columns = insert.query.as_ref().map(|q| resolver.query(q, None)).unwrap_or_default();
    let values = matches!(insert.query.as_ref().map(|q| &q.body), Some(crate::tree::Body::Values(_)));
    let shared = target.as_str().into();
    let names = insert_names(insert, resolver, &columns, &shared);
    // Rows of values without subqueries feed nothing.
    if !values || columns.iter().any(|c| !c.origins.is_empty()) {
        out.columns = edges(&target, &columns, &names, text_of);
    }
    if !insert.assignments.is_empty() {
        let mut env = Env::under(None);
        let mut relation = resolver.asset(&shared);
        relation.names = vec![crate::names::key(&insert.target.last(resolver.dialect), resolver.dialect)];
        env.add(relation);
        // What would have been inserted.
        let offered: Vec<OutColumn> = columns.iter().zip(&names).map(|(c, n)| OutColumn { name: n.clone(), ..c.clone() }).collect();
        let mut excluded = crate::scope::Relation::derived(offered);
        excluded.names = vec![crate::names::key(
            &crate::names::fold(&crate::names::Part { text: "excluded".into(), quoted: false }, resolver.dialect),
            resolver.dialect,
        )];
        env.add(excluded);
        assign(&target, &insert.assignments, resolver, &env, &mut out.columns);
        out.columns.retain(|e| e.from.as_ref().is_some_and(|f| f.asset != target) || e.from.is_none());
    }
    out
}

fn insert_names(insert: &Insert, resolver: &Resolver, columns: &[OutColumn], target: &Rc<str>) -> Vec<String> {
    if columns.iter().any(|c| c.open.is_some()) {
        return names_of(columns);
    }
    if !insert.columns.is_empty() {
        return insert.columns.iter().map(|n| n.last(resolver.dialect)).collect();
    }
    let known = resolver.asset(target);
    if known.columns.iter().any(|c| c.open.is_some()) { names_of(columns) } else { names_of(&known.columns) }
}

fn scope_of<'e>(ctes: &[Cte], resolver: &mut Resolver) -> Env<'e> {
    let mut env = Env::under(None);
    for cte in ctes {
        let name = crate::names::key(&cte.name.last(resolver.dialect), resolver.dialect);
        let mut columns = resolver.query(&cte.query, Some(&env));
        if !cte.columns.is_empty() && columns.iter().all(|c| c.open.is_none()) {
            for (column, name) in columns.iter_mut().zip(&cte.columns) {
                column.rename(name.last(resolver.dialect));
            }
        }
        env.ctes.push((name, Rc::new(columns)));
    }
    env
}

/// The table that a target names: itself, or the one of FROM whose alias it is.
fn target_of(target: &Source, from: &[Source], resolver: &Resolver) -> (String, bool) {
    let Rows::Table(name) = &target.rows else { return (String::new(), false) };
    if let [only] = name.parts.as_slice() {
        for source in from {
            let alias = source.alias.as_ref().and_then(|a| a.parts.last());
            if let (Some(alias), Rows::Table(table)) = (alias, &source.rows)
                && alias.text.eq_ignore_ascii_case(&only.text)
            {
                return (resolver.canonical(table), true);
            }
        }
    }
    let canonical = resolver.canonical(name);
    let listed = from.iter().any(|s| s.alias.is_none() && matches!(&s.rows, Rows::Table(t) if resolver.canonical(t) == canonical));
    (canonical, listed)
}

/// Puts the target into scope without counting it as read.
fn add_target(target: &Source, asset: &str, resolver: &Resolver, env: &mut Env) {
    let mut relation = resolver.asset(&asset.into());
    let fold = |n: &Name| n.parts.iter().map(|p| crate::names::key(&crate::names::fold(p, resolver.dialect), resolver.dialect)).collect::<Vec<_>>();
    relation.names = match (&target.alias, &target.rows) {
        (Some(alias), _) => fold(alias),
        (None, Rows::Table(name)) => fold(name),
        _ => Vec::new(),
    };
    env.add(relation);
}

/// Adds the sources of FROM; a target that is listed there is not read by that.
fn add_sources(from: &[Source], listed: Option<&str>, resolver: &mut Resolver, env: &mut Env) {
    for source in from {
        let before = resolver.reads.len();
        let relation = resolver.relation(source, env);
        if let (Some(target), Some(base)) = (listed, &relation.base)
            && resolver.reads.len() > before
            && base.as_ref() == target
        {
            resolver.reads.truncate(before);
        }
        env.add(relation);
    }
}

fn assign(target: &str, assignments: &[Assignment], resolver: &mut Resolver, env: &Env, out: &mut Vec<ColumnEdge>) {
    for assignment in assignments {
        let value = resolver.value(&assignment.value, env);
        fed(target, &assignment.column.last(resolver.dialect), value.kind, &value.origins, None, out);
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

fn update(update: &Update, resolver: &mut Resolver) -> Yield {
    let mut env = scope_of(&update.ctes, resolver);
    let (target, listed) = target_of(&update.target, &update.from, resolver);
    if !listed {
        add_target(&update.target, &target, resolver, &mut env);
    }
    add_sources(&update.from, listed.then_some(target.as_str()), resolver, &mut env);
    let mut columns = Vec::new();
    assign(&target, &update.assignments, resolver, &env, &mut columns);
    conditions(&update.filters, resolver, &env);
    Yield { kind: "update", write: Some((target, WriteKind::Update)), columns, ..Yield::default() }
}

fn delete(delete: &Delete, resolver: &mut Resolver) -> Yield {
    let mut env = scope_of(&delete.ctes, resolver);
    let (target, listed) = target_of(&delete.target, &delete.from, resolver);
    if !listed {
        add_target(&delete.target, &target, resolver, &mut env);
    }
    add_sources(&delete.from, listed.then_some(target.as_str()), resolver, &mut env);
    conditions(&delete.filters, resolver, &env);
    Yield { kind: "delete", write: Some((target, WriteKind::Delete)), ..Yield::default() }
}

fn merge(merge: &Merge, resolver: &mut Resolver) -> Yield {
    let mut env = scope_of(&merge.ctes, resolver);
    let (target, _) = target_of(&merge.target, &[], resolver);
    let source = resolver.relation(&merge.source, &env);
    let offered = source.columns.clone();
    add_target(&merge.target, &target, resolver, &mut env);
    env.add(source);
    let mut columns = Vec::new();
    assign(&target, &merge.assignments, resolver, &env, &mut columns);
    let known = resolver.asset(&target.as_str().into());
    for row in &merge.positional {
        for (position, value) in row.iter().enumerate() {
            let value = resolver.value(value, &env);
            let Some(column) = known.columns.get(position).filter(|c| c.open.is_none()) else { continue };
            fed(&target, &column.name, value.kind, &value.origins, None, &mut columns);
        }
    }
    if merge.star {
        columns.extend(edges(&target, &offered, &names_of(&offered), &|_, _| None));
    }
    conditions(&merge.filters, resolver, &env);
    dedup(&mut columns);
    Yield { kind: "merge", write: Some((target, WriteKind::Merge)), columns, ..Yield::default() }
}

/// An update and an insert of one merge often say the same.
fn dedup(columns: &mut Vec<ColumnEdge>) {
    let mut kept: Vec<ColumnEdge> = Vec::with_capacity(columns.len());
    for edge in columns.drain(..) {
        if !kept.contains(&edge) {
            kept.push(edge);
        }
    }
    *columns = kept;
}
