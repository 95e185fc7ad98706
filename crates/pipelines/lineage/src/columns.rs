//! Edges of one statement: what it writes, what it reads, and which column feeds which.

use crate::catalogue::{EntryColumn, Shared};
use crate::changes::{self, assign};
use crate::dialects::Dialect;
use crate::model::{ColumnEdge, ColumnRef, Definition, Kind, ObjectKind, WriteKind};
use crate::names::{Name, Part, key};
use crate::relation::{Origin, OutColumn, Relation};
use crate::resolve::Resolver;
use crate::scope::Env;
use crate::tree::{Asset, Assignment, Create, Expr, Insert, Statement};
use std::rc::Rc;

/// What a statement yields before it has a place.
#[derive(Default)]
pub(crate) struct Yield {
    pub kind: &'static str,
    pub write: Option<(String, WriteKind)>,
    pub columns: Vec<ColumnEdge>,
    pub definition: Option<Definition>,
    /// The columns of what it defines, those of tables that are not known included.
    pub shape: Vec<EntryColumn>,
    pub overwrite: bool,
}

/// Finds the text of the item at a place of a select, and that of the value a column is set to, each in turn.
pub(crate) trait Texts {
    fn item(&self, select: usize, item: usize) -> Option<String>;
    fn value(&self, column: &str) -> Option<String>;
}

/// No texts are wanted.
pub(crate) struct NoTexts;

impl Texts for NoTexts {
    fn item(&self, _: usize, _: usize) -> Option<String> {
        None
    }

    fn value(&self, _: &str) -> Option<String> {
        None
    }
}

pub(crate) type TextOf<'t> = &'t dyn Texts;

/// The lineage of one statement. `into_is_variable` where a SELECT … INTO fills variables.
pub(crate) fn lineage(statement: &Statement, resolver: &mut Resolver, text_of: TextOf) -> Yield {
    match statement {
        Statement::Query(query) => {
            let columns = resolver.query(query, None);
            let Some(into) = resolver.into.take() else { return Yield { kind: "select", ..Yield::default() } };
            let target = resolver.canonical(&into);
            let edges = edges(&target, &columns, &names_of(&columns), text_of);
            let definition = Some(define(ObjectKind::Table, &target, &columns));
            let write = Some((target, WriteKind::Create));
            Yield { kind: "select_into", write, columns: edges, definition, shape: shape_of(&columns), overwrite: false }
        }
        Statement::Create(create) => self::create(create, resolver, text_of),
        Statement::Insert(insert) => self::insert(insert, resolver, text_of),
        Statement::Update(update) => changes::update(update, resolver, text_of),
        Statement::Delete(delete) => changes::delete(delete, resolver),
        Statement::Merge(merge) => changes::merge(merge, resolver, text_of),
        Statement::Other => Yield { kind: "other", ..Yield::default() },
    }
}

pub(crate) fn names_of(columns: &[OutColumn]) -> Vec<String> {
    columns.iter().map(|c| c.name.clone()).collect()
}

fn define(kind: ObjectKind, name: &str, columns: &[OutColumn]) -> Definition {
    let columns = columns.iter().filter(|c| c.open.is_none() && c.name != "*").map(|c| (c.name.clone(), String::new())).collect();
    Definition { kind, name: name.to_owned(), columns, of: None, properties: Vec::new(), references: Vec::new() }
}

/// One edge for every column that feeds an output column; a constant has one edge without source.
pub(crate) fn edges(target: &str, columns: &[OutColumn], names: &[String], text_of: TextOf) -> Vec<ColumnEdge> {
    let mut out = Vec::new();
    for (column, name) in columns.iter().zip(names) {
        let text = column.text.and_then(|(select, item)| text_of.item(select, item));
        fed(target, name, column.kind, &column.origins, text, &mut out);
    }
    out
}

pub(crate) fn fed(target: &str, name: &str, kind: Kind, origins: &[Origin], text: Option<String>, out: &mut Vec<ColumnEdge>) {
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

/// The columns of a query for the catalogue: what a star of a table that is not known stands for is found out later.
fn shape_of(columns: &[OutColumn]) -> Vec<EntryColumn> {
    let one = |column: &OutColumn| match &column.open {
        Some(open) => EntryColumn::AllOf(open.asset.to_string(), open.except.clone(), open.renamed.clone()),
        None => EntryColumn::Named(column.name.clone(), String::new()),
    };
    // Which fields a column has is never known.
    if columns.iter().any(|c| c.open.is_none() && c.name == "*") {
        return Vec::new();
    }
    columns.iter().filter(|c| !c.in_star).map(one).collect()
}

fn create(create: &Create, resolver: &mut Resolver, text_of: TextOf) -> Yield {
    let (kind, word) = match create.asset {
        Asset::Table => (ObjectKind::Table, "create_table"),
        Asset::View => (ObjectKind::View, "create_view"),
        Asset::MaterializedView => (ObjectKind::MaterializedView, "create_materialized_view"),
    };
    let local = resolver.temporaries.and_then(|all| crate::locals::temporary(&create.name, all, resolver.dialect));
    let target = local.unwrap_or_else(|| create.name.canonical(resolver.dialect, resolver.default_schema).0);
    let references = create.references.iter().map(|n| resolver.canonical(n)).collect();
    let declared: Vec<(String, String)> = create.columns.iter().map(|(n, t)| (n.last(resolver.dialect), t.clone())).collect();
    let mut definition = Definition { kind, name: target.clone(), columns: declared, of: None, properties: Vec::new(), references };
    let mut shape = Vec::new();
    for like in &create.like {
        let columns = resolver.asset(&resolver.canonical(like).into()).columns;
        shape.extend(shape_of(&columns));
        let known = columns.iter().filter(|c| c.open.is_none()).map(|c| (c.name.clone(), String::new()));
        definition.columns.splice(0..0, known.collect::<Vec<_>>());
    }
    shape.extend(create.columns.iter().map(|(n, t)| EntryColumn::Named(n.last(resolver.dialect), t.clone())));
    let columns = match (&create.query, &create.copy) {
        (Some(query), _) => resolver.query(query, None),
        (None, Some(copied)) => copy_of(copied, resolver),
        (None, None) => return Yield { kind: word, definition: Some(definition), shape, ..Yield::default() },
    };
    // MySQL appends the columns of the query to those that are declared; elsewhere the declared ones are their names.
    let appends = resolver.dialect == Dialect::Mysql && create.asset == Asset::Table && !shape.is_empty();
    let open = columns.iter().any(|c| c.open.is_some());
    let by_declared = !definition.columns.is_empty() && !appends && !open;
    let names: Vec<String> = if by_declared { definition.columns.iter().map(|(n, _)| n.clone()).collect() } else { names_of(&columns) };
    if appends {
        definition.columns.retain(|(n, _)| !names.contains(n));
        definition.columns.extend(define(kind, &target, &columns).columns);
        shape.extend(shape_of(&columns));
    } else if definition.columns.is_empty() {
        definition.columns = define(kind, &target, &columns).columns;
        shape = shape_of(&columns);
    }
    let edges = edges(&target, &columns, &names, text_of);
    Yield { kind: word, write: Some((target, WriteKind::Create)), columns: edges, definition: Some(definition), shape, overwrite: false }
}

/// All columns of a table that is copied with its rows.
fn copy_of(name: &Name, resolver: &mut Resolver) -> Vec<OutColumn> {
    let source: Shared = resolver.canonical(name).into();
    resolver.read(&source);
    resolver.asset(&source).columns.to_vec()
}

fn insert(insert: &Insert, resolver: &mut Resolver, text_of: TextOf) -> Yield {
    let target = resolver.canonical(&insert.target);
    let write = (!target.is_empty()).then(|| (target.clone(), if insert.overwrite { WriteKind::Overwrite } else { WriteKind::Insert }));
    if write.is_none() {
        if let Some(query) = &insert.query {
            resolver.query(query, None);
        }
        return Yield { kind: "insert", ..Yield::default() };
    }
    let mut out = Yield { kind: "insert", write, overwrite: insert.overwrite, ..Yield::default() };
    let columns = insert.query.as_ref().map(|q| resolver.query(q, None)).unwrap_or_default();
    let values = matches!(insert.query.as_ref().map(|q| &q.body), Some(crate::tree::Body::Values(_)));
    let shared = target.as_str().into();
    let names = insert_names(insert, resolver, &columns, &shared);
    // Rows of values without subqueries feed nothing.
    if !values || columns.iter().any(|c| !c.origins.is_empty()) {
        out.columns = edges(&target, &columns, &names, text_of);
    }
    if insert.assignments.is_empty() {
        return out;
    }
    let mut env = Env::under(None);
    let mut relation = resolver.asset(&shared);
    let fold = |text: &str| key(&crate::names::fold(&Part { text: text.into(), quoted: false }, resolver.dialect), resolver.dialect);
    relation.names = vec![resolver.key_of(insert.alias.as_ref().unwrap_or(&insert.target))];
    env.add(relation);
    // What would have been inserted; seen under its own name only.
    let offered: Vec<OutColumn> = columns.iter().zip(&names).map(|(c, n)| OutColumn { name: n.clone(), ..c.clone() }).collect();
    let mut excluded = Relation { hidden: true, ..Relation::derived(offered) };
    excluded.names = vec![fold("excluded")];
    env.add(excluded);
    let offered = |a: &Assignment| Assignment { column: a.column.clone(), value: as_excluded(&a.value) };
    let assignments: Vec<Assignment> = insert.assignments.iter().map(offered).collect();
    assign(&target, &assignments, resolver, &env, text_of, &mut out.columns);
    dedup(&mut out.columns);
    out
}

/// `VALUES(x)` of MySQL is what would have been inserted into `x`.
fn as_excluded(value: &Expr) -> Expr {
    match value {
        Expr::Call(name, arguments) => match (name.parts.as_slice(), arguments.as_slice()) {
            ([only], [Expr::Column(column)]) if only.text.eq_ignore_ascii_case("values") && column.parts.len() == 1 => {
                let excluded = Part { text: "excluded".into(), quoted: false };
                Expr::Column(Name { parts: vec![excluded, column.parts[0].clone()] })
            }
            _ => Expr::Call(name.clone(), arguments.iter().map(as_excluded).collect()),
        },
        Expr::Many(all) => Expr::Many(all.iter().map(as_excluded).collect()),
        Expr::Cast(inner) => Expr::Cast(Box::new(as_excluded(inner))),
        other => other.clone(),
    }
}

fn insert_names(insert: &Insert, resolver: &Resolver, columns: &[OutColumn], target: &Rc<str>) -> Vec<String> {
    if insert.by_name || columns.iter().any(|c| c.open.is_some()) {
        return names_of(columns);
    }
    if !insert.columns.is_empty() {
        return insert.columns.iter().map(|n| n.last(resolver.dialect)).collect();
    }
    let known = resolver.asset(target);
    if known.columns.iter().all(|c| c.open.is_none()) {
        return names_of(&known.columns);
    }
    let mut names = names_of(columns);
    // A column that is not known is called as the one that is put there.
    if let Some(crate::tree::Body::Values(rows)) = insert.query.as_ref().map(|q| &q.body) {
        for (name, value) in names.iter_mut().zip(rows.first().into_iter().flatten()) {
            if let Expr::Column(column) = value {
                *name = column.last(resolver.dialect);
            }
        }
    }
    names
}

/// An update and an insert of one statement often say the same.
pub(crate) fn dedup(columns: &mut Vec<ColumnEdge>) {
    let mut kept: Vec<ColumnEdge> = Vec::with_capacity(columns.len());
    for edge in columns.drain(..) {
        let same = |k: &ColumnEdge| k.from == edge.from && k.to == edge.to && k.kind == edge.kind && k.confidence == edge.confidence;
        if !kept.iter().any(same) {
            kept.push(edge);
        }
    }
    *columns = kept;
}
