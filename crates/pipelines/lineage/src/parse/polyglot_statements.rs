//! Statements of polyglot to the small tree.

use super::Failure;
use super::polyglot_expressions::{Walk, name, names, part};
use super::polyglot_queries::{ctes, is_query, items, query, table_name};
use super::polyglot_sources::{from_clause, source, table};
use crate::dialects::Dialect;
use crate::names::{Name, Part};
use crate::tree::{Asset, Assignment, Body, Create, Delete, Expr, Insert, Item, Merge, Query, Rows, Select, Source, Star, Statement, Update};
use polyglot_sql::expressions::{self as sql, Expression, TableConstraint, TableRef};
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
        Expression::Update(update) => self::update(walk, update),
        Expression::Delete(delete) => self::delete(walk, delete),
        Expression::Merge(merge) => self::merge(walk, merge),
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
    let mut like: Vec<Name> = create.inherits.iter().map(table_name).collect();
    if let Some(Expression::PartitionedOfProperty(of)) = &create.partition_of
        && let Expression::Table(parent) = of.this.as_ref()
    {
        like.push(table_name(parent));
    }
    for constraint in &create.constraints {
        match constraint {
            TableConstraint::ForeignKey { references: Some(to), .. } => references.push(table_name(&to.table)),
            TableConstraint::Like { source, .. } => like.push(table_name(source)),
            _ => {}
        }
    }
    for column in &create.columns {
        references.extend(column.constraints.iter().filter_map(|c| match c {
            sql::ColumnConstraint::References(to) => Some(table_name(&to.table)),
            _ => None,
        }));
    }
    let columns: Vec<_> = create.columns.iter().chain(&create.with_partition_columns).map(|c| (name(&c.name), String::new())).collect();
    let columns = partitions(create).fold(columns, |mut all: Vec<(Name, String)>, column| {
        all.push((name(&column.name), String::new()));
        all
    });
    let copy = create.clone_source.as_ref().map(table_name);
    Create { asset: Asset::Table, name: table_name(&create.name), columns, query, references, like, copy }
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
    let columns = create.columns.iter().map(|c| (name(&c.name), String::new())).collect();
    let query = query(walk, &create.query);
    // A materialised view of ClickHouse fills a table beside it.
    if let Some(to) = &create.to_table {
        let (target, query) = (table_name(to), Some(query.clone()));
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
    Create { asset, name: table_name(&create.name), columns, query: Some(query), references: Vec::new(), like: Vec::new(), copy: None }
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
        target: table_name(&insert.table),
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
        let (target, columns) = (table_name(&insert.table), names(&insert.columns));
        out.push(Statement::Insert(Insert { target, alias: None, columns, query, by_name: false, overwrite, assignments: Vec::new() }));
    }
    let last = out.pop()?;
    walk.extra.append(&mut out);
    Some(last)
}

/// `column = value` pairs of a clause that says what happens to a row that is there already.
fn conflict(walk: &mut Walk, clause: &Expression) -> Vec<Assignment> {
    let Expression::OnConflict(clause) = clause else { return Vec::new() };
    let of_action = match clause.action.as_deref() {
        Some(Expression::Tuple(tuple)) => tuple.expressions.as_slice(),
        _ => &[],
    };
    clause.expressions.iter().chain(of_action).filter_map(|e| assignment(walk, e)).collect()
}

fn assignment(walk: &mut Walk, expression: &Expression) -> Option<Assignment> {
    let (Expression::Eq(op) | Expression::PropertyEQ(op)) = expression else { return None };
    let Expr::Column(column) = walk.expr(&op.left) else { return None };
    Some(Assignment { column, value: walk.expr(&op.right) })
}

fn update(walk: &mut Walk, update: &sql::Update) -> Statement {
    let ctes = ctes(walk, update.with.as_ref());
    let target = table(walk, &update.table);
    let mut from: Vec<Source> = update.extra_tables.iter().map(|t| table(walk, t)).collect();
    from.extend(from_clause(walk, None, &update.table_joins));
    let assignments = update.set.iter().map(|(column, value)| Assignment { column: set_column(column), value: walk.expr(value) }).collect();
    from.extend(from_clause(walk, update.from_clause.as_ref(), &update.from_joins));
    let mut filters: Vec<Expr> = update.where_clause.iter().map(|w| walk.expr(&w.this)).collect();
    filters.append(&mut walk.conditions);
    let whole = Update { target, from, assignments, filters, ctes };
    if walk.dialect == Dialect::Mysql { one_for_each_target(walk, whole) } else { Statement::Update(whole) }
}

/// MySQL changes several tables at once: a statement for each, the first one given back.
fn one_for_each_target(walk: &mut Walk, whole: Update) -> Statement {
    let all: Vec<Source> = [vec![whole.target.clone()], whole.from.clone()].concat();
    let mut first = whole.clone();
    for source in &whole.from {
        let Rows::Table(table) = &source.rows else { continue };
        let called = source.alias.as_ref().unwrap_or(table);
        let (Some(last), is_of) = (called.parts.last(), |a: &Assignment, last: &Part| {
            a.column.parts.len() > 1 && a.column.parts.get(a.column.parts.len() - 2).is_some_and(|q| q.text.eq_ignore_ascii_case(&last.text))
        }) else {
            continue;
        };
        let assignments: Vec<Assignment> = whole.assignments.iter().filter(|a| is_of(a, last)).cloned().collect();
        if assignments.is_empty() {
            continue;
        }
        first.assignments.retain(|a| !is_of(a, last));
        let target = Source::table(called.clone());
        walk.extra.push(Statement::Update(Update { target, from: all.clone(), assignments, ..whole.clone() }));
    }
    match (first.assignments.is_empty(), walk.extra.is_empty()) {
        (true, false) => walk.extra.pop().unwrap_or(Statement::Other),
        _ => Statement::Update(first),
    }
}

/// A set column comes as one identifier even where it was qualified.
fn set_column(column: &sql::Identifier) -> Name {
    if column.quoted { name(column) } else { Name::parse(&column.name) }
}

fn delete(walk: &mut Walk, delete: &sql::Delete) -> Statement {
    let ctes = ctes(walk, delete.with.as_ref());
    let mut target = table(walk, &delete.table);
    target.alias = target.alias.or(delete.alias.as_ref().map(name));
    let mut from: Vec<Source> = delete.using.iter().map(|t| table(walk, t)).collect();
    from.extend(from_clause(walk, None, &delete.joins));
    // `DELETE t FROM big AS t JOIN …`: what is deleted from is named apart.
    if let Some(first) = delete.tables.first() {
        from.insert(0, std::mem::replace(&mut target, named(first)));
    }
    let mut filters: Vec<Expr> = delete.where_clause.iter().map(|w| walk.expr(&w.this)).collect();
    filters.append(&mut walk.conditions);
    let whole = Delete { target, from, filters, ctes };
    for other in delete.tables.iter().skip(1) {
        walk.extra.push(Statement::Delete(Delete { target: named(other), ..whole.clone() }));
    }
    Statement::Delete(whole)
}

fn named(table: &TableRef) -> Source {
    Source::table(table_name(table))
}

fn merge(walk: &mut Walk, merge: &sql::Merge) -> Statement {
    let ctes = match merge.with_.as_deref() {
        Some(Expression::With(with)) => ctes(walk, Some(with)),
        _ => Vec::new(),
    };
    let nothing = || Source::of(Rows::Function(Box::new(Expr::Constant)));
    let target = source(walk, &merge.this).into_iter().next().unwrap_or_else(nothing);
    let from = source(walk, &merge.using).into_iter().next().unwrap_or_else(nothing);
    let filters = merge.on.iter().map(|on| walk.expr(on)).collect();
    let mut out = Merge { target, source: from, assignments: Vec::new(), positional: Vec::new(), star: false, filters, ctes };
    if let Some(Expression::Whens(whens)) = merge.whens.as_deref() {
        for when in &whens.expressions {
            if let Expression::When(when) = when {
                merge_action(walk, &when.then, &mut out);
            }
        }
    }
    Statement::Merge(out)
}

fn merge_action(walk: &mut Walk, then: &Expression, out: &mut Merge) {
    let Expression::Tuple(action) = then else { return };
    let Some(Expression::Var(verb)) = action.expressions.first() else { return };
    let rest = &action.expressions[1..];
    // `INSERT ROW` of BigQuery inserts the columns of the source, as `INSERT *` does.
    let is_row = |e: &Expression| matches!(e, Expression::Var(word) if word.this.eq_ignore_ascii_case("ROW"));
    if rest.iter().any(|e| matches!(e, Expression::Star(_)) || is_row(e)) {
        out.star = true;
    } else if verb.this == "UPDATE" {
        let sets = rest.iter().filter_map(|e| if let Expression::Tuple(t) = e { Some(&t.expressions) } else { None });
        out.assignments.extend(sets.flatten().filter_map(|e| assignment(walk, e)));
    } else if verb.this == "INSERT" {
        let mut lists = rest.iter().filter_map(values_list);
        match (lists.next(), lists.next()) {
            (Some(columns), Some(values)) => {
                let pairs = columns.iter().zip(values).filter_map(|(column, value)| {
                    let last = column_name(column)?;
                    Some(Assignment { column: last, value: walk.expr(value) })
                });
                out.assignments.extend(pairs.collect::<Vec<_>>());
            }
            (Some(values), None) => out.positional.push(values.iter().map(|e| walk.expr(e)).collect()),
            _ => {}
        }
    }
}

fn values_list(expression: &Expression) -> Option<&Vec<Expression>> {
    match expression {
        Expression::Tuple(tuple) => Some(&tuple.expressions),
        Expression::Values(values) => values.expressions.first().map(|t| &t.expressions),
        Expression::Paren(_) => None,
        _ => None,
    }
}

fn column_name(expression: &Expression) -> Option<Name> {
    match expression {
        Expression::Column(column) => Some(Name { parts: vec![part(&column.name)] }),
        Expression::Identifier(identifier) => Some(name(identifier)),
        _ => None,
    }
}
