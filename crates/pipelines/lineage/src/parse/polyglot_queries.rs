//! Queries of polyglot to the small tree.

use super::polyglot_expressions::{Walk, name, names, part};
use super::polyglot_sources::{from_clause, lateral_view, table};
use crate::dialects::Dialect;
use crate::moves::place;
use crate::names::{Name, Part};
use crate::tree::{Body, Cte, Expr, Item, Query, Select, Source, Statement};
use polyglot_sql::expressions::{self as sql, Expression, TableRef};

pub(super) fn table_name(table: &TableRef, dialect: Dialect) -> Name {
    let outer = table.catalog.iter().chain(&table.schema).map(part);
    let mut parts: Vec<Part> = outer.chain([part(&table.name)]).collect();
    let alone = parts.len() == 1 && parts[0].quoted;
    if alone && dialect == Dialect::Duckdb && is_file(&parts[0].text) {
        return place(&parts[0].text).unwrap_or_default();
    }
    // BigQuery quotes a whole dotted name at once.
    if alone && dialect == Dialect::Bigquery && parts[0].text.contains('.') {
        parts = Name::parse(&parts[0].text).parts.into_iter().map(|p| Part { quoted: true, ..p }).collect();
    }
    Name { parts }
}

/// A name that DuckDB reads as a file.
fn is_file(name: &str) -> bool {
    const ENDINGS: &[&str] = &[".parquet", ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".xlsx", ".arrow", ".avro"];
    let plain = name.trim_end_matches(".gz").trim_end_matches(".zst").to_ascii_lowercase();
    name.contains('/') || ENDINGS.iter().any(|ending| plain.ends_with(ending))
}

/// Brings any expression that is a query over; what is none becomes an empty one.
pub(super) fn query(walk: &mut Walk, expression: &Expression) -> Query {
    match expression {
        Expression::Select(select) => self::select(walk, select),
        Expression::Union(op) => set(walk, op.with.as_ref(), &op.left, &op.right, op.by_name || op.corresponding),
        Expression::Intersect(op) => set(walk, op.with.as_ref(), &op.left, &op.right, op.by_name || op.corresponding),
        Expression::Except(op) => set(walk, op.with.as_ref(), &op.left, &op.right, op.by_name || op.corresponding),
        Expression::Subquery(inner) => query(walk, &inner.this),
        Expression::Paren(inner) => query(walk, &inner.this),
        Expression::Annotated(inner) => query(walk, &inner.this),
        Expression::Alias(inner) => query(walk, &inner.this),
        Expression::Values(values) => values_query(walk, values),
        Expression::Table(inner) => star_of(table(walk, inner)),
        Expression::With(with) => Query { ctes: ctes(walk, Some(with)), ..Query::default() },
        other => Query { ctes: Vec::new(), body: Body::Values(vec![vec![Expr::Many(walk.children(other))]]) },
    }
}

pub(super) fn is_query(expression: &Expression) -> bool {
    match expression {
        Expression::Select(_) | Expression::Union(_) | Expression::Intersect(_) | Expression::Except(_) | Expression::Values(_) => true,
        Expression::Subquery(inner) => is_query(&inner.this),
        Expression::Paren(inner) => is_query(&inner.this),
        Expression::Annotated(inner) => is_query(&inner.this),
        _ => false,
    }
}

pub(super) fn ctes(walk: &mut Walk, with: Option<&sql::With>) -> Vec<Cte> {
    let all = with.into_iter().flat_map(|w| &w.ctes);
    let mut tables = Vec::new();
    for cte in all {
        // `WITH value AS name` of ClickHouse.
        if walk.dialect == Dialect::Clickhouse && !cte.alias_first {
            let value = walk.expr(&cte.this);
            walk.named.push((cte.alias.name.to_lowercase(), value));
        } else {
            tables.push(cte);
        }
    }
    let mut out: Vec<Cte> = Vec::with_capacity(tables.len());
    for cte in tables {
        let before = walk.extra.len();
        let query = cte_query(walk, &cte.this);
        // A statement that writes here sees the expressions before it.
        walk.extra[before..].iter_mut().for_each(|statement| see(statement, &out));
        let recursive = with.is_some_and(|w| w.recursive) || !needs_recursive(walk.dialect);
        out.push(Cte { name: name(&cte.alias), columns: names(&cte.columns), query, recursive });
    }
    out
}

/// Dialects in which a common table expression reads itself only behind WITH RECURSIVE.
fn needs_recursive(dialect: Dialect) -> bool {
    use Dialect::*;
    matches!(dialect, Postgres | Mysql | Duckdb | Bigquery | Redshift | Trino | Spark | Databricks | Clickhouse)
}

/// Puts common table expressions before those of a statement.
fn see(statement: &mut Statement, before: &[Cte]) {
    let ctes = match statement {
        Statement::Insert(insert) => insert.query.as_mut().map(|q| &mut q.ctes),
        Statement::Update(update) => Some(&mut update.ctes),
        Statement::Delete(delete) => Some(&mut delete.ctes),
        Statement::Merge(merge) => Some(&mut merge.ctes),
        Statement::Query(_) | Statement::Create(_) | Statement::Other => None,
    };
    if let Some(ctes) = ctes {
        ctes.splice(0..0, before.iter().cloned());
    }
}

/// A statement that writes may stand in WITH: it is kept beside, and what it returns is its query. So may a value, in ClickHouse.
fn cte_query(walk: &mut Walk, expression: &Expression) -> Query {
    let returning = match expression {
        Expression::Insert(insert) => &insert.returning,
        Expression::Update(update) => &update.returning,
        Expression::Delete(delete) => &delete.returning,
        Expression::Paren(inner) => return cte_query(walk, &inner.this),
        e if is_query(e) => return query(walk, e),
        other => {
            let item = Item { expr: walk.expr(other), alias: None };
            return Query { ctes: Vec::new(), body: Body::Select(Box::new(Select { ordinal: usize::MAX, items: vec![item], ..Select::default() })) };
        }
    };
    let Some(statement) = super::polyglot_statements::statement(walk, expression) else { return Query::default() };
    let from = written(&statement);
    walk.extra.push(statement);
    let items = returning.iter().flat_map(|e| items(walk, e)).collect();
    Query { ctes: Vec::new(), body: Body::Select(Box::new(Select { ordinal: usize::MAX, items, from, ..Select::default() })) }
}

/// What the rows that a statement returns are made of: its target, and what stands beside it.
fn written(statement: &Statement) -> Vec<Source> {
    match statement {
        Statement::Insert(insert) => vec![Source::table(insert.target.clone())],
        Statement::Update(update) => [vec![update.target.clone()], update.from.clone()].concat(),
        Statement::Delete(delete) => [vec![delete.target.clone()], delete.from.clone()].concat(),
        _ => Vec::new(),
    }
}

fn star_of(source: Source) -> Query {
    let item = Item { expr: Expr::Star(crate::tree::Star::default()), alias: None };
    let select = Select { ordinal: usize::MAX, items: vec![item], from: vec![source], ..Select::default() };
    Query { ctes: Vec::new(), body: Body::Select(Box::new(select)) }
}

pub(super) fn values_query(walk: &mut Walk, values: &sql::Values) -> Query {
    let rows = values.expressions.iter().map(|row| row.expressions.iter().map(|e| walk.expr(e)).collect()).collect();
    Query { ctes: Vec::new(), body: Body::Values(rows) }
}

/// A chain of unions leans to the left and may be thousands long, so that side is walked and not recursed into.
fn set(walk: &mut Walk, with: Option<&sql::With>, left: &Expression, right: &Expression, by_name: bool) -> Query {
    let mut outer = ctes(walk, with);
    let mut rights = vec![right];
    let mut at = left;
    loop {
        let (inner_with, inner_left, inner_right) = match at {
            Expression::Union(op) => (&op.with, &op.left, &op.right),
            Expression::Intersect(op) => (&op.with, &op.left, &op.right),
            Expression::Except(op) => (&op.with, &op.left, &op.right),
            _ => break,
        };
        outer.extend(ctes(walk, inner_with.as_ref()));
        rights.push(inner_right);
        at = inner_left;
    }
    let mut branches = vec![query(walk, at)];
    branches.extend(rights.into_iter().rev().map(|r| query(walk, r)));
    // WITH before the first branch is of the whole.
    let first = std::mem::take(&mut branches[0].ctes);
    outer.extend(first);
    Query { ctes: outer, body: Body::Set { branches, by_name } }
}

fn select(walk: &mut Walk, select: &sql::Select) -> Query {
    let ctes = ctes(walk, select.with.as_ref());
    let ordinal = walk.selects;
    walk.selects += 1;
    let outer_windows = std::mem::take(&mut walk.windows);
    let conditions = walk.conditions.len();
    for window in select.windows.iter().flatten() {
        let operands = walk.over(&window.spec);
        walk.windows.push((window.name.name.to_lowercase(), operands));
    }
    let items = select.expressions.iter().flat_map(|e| items(walk, e)).collect();
    let mut from = from_clause(walk, select.from.as_ref(), &select.joins);
    from.extend(select.lateral_views.iter().map(|view| lateral_view(walk, view)));
    let mut filters = filters(walk, select);
    filters.extend(walk.conditions.split_off(conditions.min(walk.conditions.len())));
    walk.windows = outer_windows;
    let into = select.into.as_ref().and_then(|i| into_name(&i.this, walk.dialect));
    Query { ctes, body: Body::Select(Box::new(Select { ordinal, items, from, filters, into })) }
}

fn into_name(expression: &Expression, dialect: Dialect) -> Option<Name> {
    match expression {
        Expression::Table(table) => Some(table_name(table, dialect)),
        Expression::Identifier(identifier) => Some(name(identifier)),
        Expression::Column(column) => Some(Name { parts: column.table.iter().map(part).chain([part(&column.name)]).collect() }),
        _ => None,
    }
}

fn filters(walk: &mut Walk, select: &sql::Select) -> Vec<Expr> {
    let mut out = Vec::new();
    out.extend(select.prewhere.iter().map(|e| walk.expr(e)));
    out.extend(select.where_clause.iter().map(|w| walk.expr(&w.this)));
    out.extend(select.group_by.iter().flat_map(|g| &g.expressions).map(|e| walk.expr(e)));
    out.extend(select.having.iter().map(|h| walk.expr(&h.this)));
    out.extend(select.qualify.iter().map(|q| walk.expr(&q.this)));
    out.extend(select.order_by.iter().flat_map(|o| &o.expressions).map(|e| walk.expr(&e.this)));
    out
}

/// One item, or the several that a function gives at once, as `explode(m) AS (k, v)` does.
pub(super) fn items(walk: &mut Walk, expression: &Expression) -> Vec<Item> {
    if let Expression::Alias(alias) = expression
        && alias.alias.name.is_empty()
        && !alias.column_aliases.is_empty()
    {
        let value = walk.expr(&alias.this);
        return alias.column_aliases.iter().map(|c| Item { expr: Expr::Many(vec![value.clone()]), alias: Some(name(c)) }).collect();
    }
    if let Expression::Function(function) = expression
        && function.name.eq_ignore_ascii_case("columns")
        && let [Expression::Star(star)] = function.args.as_slice()
    {
        return vec![item(walk, &Expression::Star(star.clone()))];
    }
    let Expression::Aliases(all) = expression else { return vec![item(walk, expression)] };
    let value = walk.expr(&all.this);
    let alias = |e: &Expression| match e {
        Expression::Identifier(identifier) => Some(name(identifier)),
        Expression::Column(column) => Some(name(&column.name)),
        _ => None,
    };
    all.expressions.iter().map(|e| Item { expr: Expr::Many(vec![value.clone()]), alias: alias(e) }).collect()
}

fn item(walk: &mut Walk, expression: &Expression) -> Item {
    match expression {
        Expression::Alias(alias) => Item { expr: walk.expr(&alias.this), alias: Some(name(&alias.alias)) },
        Expression::Annotated(inner) => item(walk, &inner.this),
        Expression::PropertyEQ(op) | Expression::Eq(op) => assigned_alias(walk, op, expression),
        _ => Item { expr: walk.expr(expression), alias: subquery_alias(expression) },
    }
}

/// `alias = value` of T-SQL, where no output column can be a comparison; elsewhere it is one.
fn assigned_alias(walk: &mut Walk, op: &sql::BinaryOp, whole: &Expression) -> Item {
    let alias = match &op.left {
        Expression::Identifier(alias) => Some(alias),
        Expression::Column(column) if column.table.is_none() => Some(&column.name),
        _ => None,
    };
    match alias.filter(|_| walk.dialect == Dialect::Tsql) {
        Some(alias) => Item { expr: walk.expr(&op.right), alias: Some(name(alias)) },
        None => Item { expr: walk.expr(whole), alias: None },
    }
}

fn subquery_alias(expression: &Expression) -> Option<Name> {
    match expression {
        Expression::Subquery(inner) => inner.alias.as_ref().map(name),
        // What stands for a value is called as it is written.
        Expression::Column(column) => Some(name(&column.name)).filter(|_| column.table.is_none() && column.name.name != "*"),
        _ => None,
    }
}
