//! Statements of polyglot to the small tree.

use super::Failure;
use super::polyglot_changes::{conflict, delete, merge, update};
use super::polyglot_expressions::{Walk, name, names};
use super::polyglot_queries::{ctes, is_query, items, query, table_name};
use super::polyglot_sources::{identifier, table};
use crate::dialects::Dialect;
use crate::names::Name;
use crate::tree::{Asset, Body, Create, Delete, Expr, Insert, Item, Query, Rows, Select, Source, Star, Statement};
use polyglot_sql::expressions::{self as sql, Expression, TableConstraint};
use polyglot_sql::{Dialect as Reader, Error};
use std::cell::RefCell;

thread_local! {
    /// Making a reader costs more than parsing a small statement, so each thread keeps those that it used.
    static READERS: RefCell<Vec<(Dialect, std::rc::Rc<Reader>)>> = const { RefCell::new(Vec::new()) };
}

fn reader(dialect: Dialect) -> std::rc::Rc<Reader> {
    READERS.with_borrow_mut(|readers| {
        if let Some((_, reader)) = readers.iter().find(|(d, _)| *d == dialect) {
            return reader.clone();
        }
        let made = std::rc::Rc::new(Reader::get(dialect.polyglot()));
        readers.push((dialect, made.clone()));
        made
    })
}

/// Parses a text; an empty answer means that the parser kept some statement as it stood, without structure.
pub(super) fn parse(text: &str, dialect: Dialect) -> Result<Vec<Statement>, Failure> {
    let expressions = reader(dialect).parse(text).map_err(failure)?;
    let mut out = Vec::new();
    for expression in &expressions {
        let mut walk = Walk::new(dialect);
        let Some(statement) = statement(&mut walk, expression) else { return Ok(Vec::new()) };
        out.append(&mut walk.extra);
        out.push(statement);
    }
    Ok(out)
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Parse { message, line, column, .. } | Error::Syntax { message, line, column, .. } | Error::Tokenize { message, line, column, .. } => {
            Failure { message, line: line.max(1), column: column.max(1) }
        }
        other => Failure { message: other.to_string(), line: 1, column: 1 },
    }
}

pub(super) fn statement(walk: &mut Walk, expression: &Expression) -> Option<Statement> {
    Some(match expression {
        Expression::Annotated(inner) => return statement(walk, &inner.this),
        Expression::Command(_) | Expression::Raw(_) | Expression::Column(_) | Expression::Identifier(_) | Expression::Alias(_) => return None,
        e if is_query(e) => Statement::Query(query(walk, e)),
        Expression::CreateTable(create) => Statement::Create(create_table(walk, create)),
        Expression::CreateView(create) => Statement::Create(create_view(walk, create)),
        Expression::Insert(insert) => self::insert(walk, insert),
        Expression::Update(changed) => update(walk, changed),
        Expression::Delete(deleted) => delete(walk, deleted),
        Expression::Merge(merged) => merge(walk, merged),
        Expression::Truncate(truncate) => {
            Statement::Delete(Delete { target: table(walk, &truncate.table), from: vec![], filters: vec![], ctes: vec![] })
        }
        Expression::MultitableInserts(inserts) => several_inserts(walk, inserts)?,
        Expression::DropTable(_) | Expression::DropView(_) | Expression::CreateIndex(_) | Expression::CreateSchema(_) => Statement::Other,
        Expression::CreateProcedure(_) | Expression::CreateFunction(_) | Expression::CreateTrigger(_) => return None,
        _ => Statement::Other,
    })
}

fn create_table(walk: &mut Walk, create: &sql::CreateTable) -> Create {
    let mut outer = ctes(walk, create.with_cte.as_ref());
    let query = create.as_select.as_ref().map(|e| {
        let mut inner = query(walk, e);
        outer.append(&mut inner.ctes);
        Query { ctes: outer, body: inner.body }
    });
    let mut references = Vec::new();
    let mut like: Vec<Name> = create.inherits.iter().map(|t| table_name(t, walk.dialect)).collect();
    if let Some(Expression::PartitionedOfProperty(of)) = &create.partition_of
        && let Expression::Table(parent) = of.this.as_ref()
    {
        like.push(table_name(parent, walk.dialect));
    }
    for constraint in &create.constraints {
        match constraint {
            TableConstraint::ForeignKey { references: Some(to), .. } => references.push(table_name(&to.table, walk.dialect)),
            TableConstraint::Like { source, .. } => like.push(table_name(source, walk.dialect)),
            _ => {}
        }
    }
    for column in &create.columns {
        references.extend(column.constraints.iter().filter_map(|c| match c {
            sql::ColumnConstraint::References(to) => Some(table_name(&to.table, walk.dialect)),
            _ => None,
        }));
    }
    let columns: Vec<_> = create.columns.iter().chain(&create.with_partition_columns).map(|c| (name(&c.name), String::new())).collect();
    let columns = partitions(create).fold(columns, |mut all: Vec<(Name, String)>, column| {
        all.push((name(&column.name), String::new()));
        all
    });
    let copy = create.clone_source.as_ref().map(|t| table_name(t, walk.dialect));
    Create { asset: Asset::Table, name: table_name(&create.name, walk.dialect), columns, query, references, like, copy }
}

/// Columns that only PARTITIONED BY declares, as Hive has them.
fn partitions(create: &sql::CreateTable) -> impl Iterator<Item = &sql::ColumnDef> {
    let by = create.properties.iter().filter_map(|p| if let Expression::PartitionedByProperty(by) = p { Some(by.this.as_ref()) } else { None });
    let all = by.flat_map(|e| match e {
        Expression::Tuple(tuple) => tuple.expressions.as_slice(),
        _ => &[],
    });
    all.filter_map(|e| if let Expression::ColumnDef(column) = e { Some(column.as_ref()) } else { None })
}

fn create_view(walk: &mut Walk, create: &sql::CreateView) -> Create {
    let asset = if create.materialized { Asset::MaterializedView } else { Asset::View };
    let mut columns: Vec<(Name, String)> = create.columns.iter().map(|c| (name(&c.name), String::new())).collect();
    if columns.is_empty() {
        // ClickHouse keeps its list apart.
        let listed = create.schema.iter().flat_map(|s| &s.expressions).filter_map(identifier);
        columns.extend(listed.map(|n| (n, String::new())));
    }
    let query = query(walk, &create.query);
    // A materialised view of ClickHouse fills a table beside it.
    if let Some(to) = &create.to_table {
        let (target, query) = (table_name(to, walk.dialect), Some(query.clone()));
        walk.extra.push(Statement::Insert(Insert {
            target,
            alias: None,
            columns: vec![],
            query,
            by_name: true,
            overwrite: false,
            assignments: vec![],
        }));
    }
    Create { columns, query: Some(query), ..Create::named(asset, table_name(&create.name, walk.dialect)) }
}

fn insert(walk: &mut Walk, insert: &sql::Insert) -> Statement {
    if insert.directory.is_some() {
        return Statement::Query(insert.query.as_ref().map(|e| query(walk, e)).unwrap_or_default());
    }
    let outer = ctes(walk, insert.with.as_ref());
    let mut columns = names(&insert.columns);
    let mut query = insert.query.as_ref().map(|e| query(walk, e));
    if let Some(query) = &mut query {
        query.ctes.splice(0..0, outer);
    }
    // `INSERT INTO t TABLE u`
    if query.is_none() && insert.values.is_empty() {
        query = insert.source.as_deref().filter(|e| matches!(e, Expression::Table(_))).map(|e| super::polyglot_queries::query(walk, e));
    }
    if query.is_none() && !insert.values.is_empty() {
        let rows = insert.values.iter().map(|row| row.iter().map(|e| walk.expr(e)).collect()).collect();
        query = Some(Query { ctes: Vec::new(), body: Body::Values(rows) });
    }
    // Partitions without a value are the last columns of the query.
    if !columns.is_empty() {
        columns.extend(insert.partition.iter().filter(|(_, value)| value.is_none()).map(|(column, _)| name(column)));
    }
    let assignments = insert.on_conflict.as_deref().map(|e| conflict(walk, e)).unwrap_or_default();
    let replaces = insert.is_replace || insert.conflict_action.as_deref().is_some_and(|a| a.to_ascii_uppercase().contains("REPLACE"));
    let alias = insert.alias.as_ref().map(name);
    Statement::Insert(Insert {
        target: table_name(&insert.table, walk.dialect),
        alias,
        columns,
        query,
        by_name: insert.by_name,
        overwrite: insert.overwrite || replaces,
        assignments,
    })
}

/// `INSERT ALL` and `INSERT FIRST`: each target is fed by the query, through its values where it has some.
fn several_inserts(walk: &mut Walk, inserts: &sql::MultitableInserts) -> Option<Statement> {
    let source = query(walk, inserts.source.as_deref()?);
    let mut out = Vec::new();
    let mut kept = Vec::new();
    for one in &inserts.expressions {
        let Expression::ConditionalInsert(one) = one else { continue };
        kept.extend(one.expression.iter().map(|e| walk.expr(e)));
        let Expression::Insert(insert) = one.this.as_ref() else { continue };
        let row = insert.values.first();
        let items = match row {
            Some(row) => row.iter().flat_map(|e| items(walk, e)).collect(),
            None => vec![Item { expr: Expr::Star(Star::default()), alias: None }],
        };
        let from = vec![Source::of(Rows::Query(Box::new(source.clone())))];
        let select = Select { ordinal: usize::MAX, items, from, filters: kept.clone(), into: None };
        let query = Some(Query { ctes: Vec::new(), body: Body::Select(Box::new(select)) });
        let overwrite = inserts.overwrite || insert.overwrite;
        let (target, columns) = (table_name(&insert.table, walk.dialect), names(&insert.columns));
        out.push(Statement::Insert(Insert { target, alias: None, columns, query, by_name: false, overwrite, assignments: Vec::new() }));
    }
    let last = out.pop()?;
    walk.extra.append(&mut out);
    Some(last)
}
