//! Queries of polyglot to the small tree.

use super::polyglot_expressions::{Walk, name, names, part};
use crate::names::{Name, Part};
use crate::tree::{Body, Cte, Expr, Item, Query, Rows, Select, Source};
use polyglot_sql::expressions::{self as sql, Expression, TableRef};
use polyglot_sql::traversal::ExpressionWalk;

pub(super) fn table_name(table: &TableRef) -> Name {
    let outer = table.catalog.iter().chain(&table.schema).map(part);
    let mut parts: Vec<Part> = outer.chain([part(&table.name)]).collect();
    // BigQuery quotes a whole dotted name at once.
    if parts.len() == 1 && parts[0].quoted && parts[0].text.contains('.') {
        parts = Name::parse(&parts[0].text).parts.into_iter().map(|p| Part { quoted: true, ..p }).collect();
    }
    Name { parts }
}

pub(super) fn table(walk: &mut Walk, table: &TableRef) -> Source {
    if let Some(function) = &table.identifier_func {
        return Source {
            rows: Rows::Function(Box::new(walk.expr(function))),
            alias: table.alias.as_ref().map(name),
            columns: names(&table.column_aliases),
            using: Vec::new(),
        };
    }
    Source { rows: Rows::Table(table_name(table)), alias: table.alias.as_ref().map(name), columns: names(&table.column_aliases), using: Vec::new() }
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
    all.map(|cte| Cte { name: name(&cte.alias), columns: names(&cte.columns), query: query(walk, &cte.this) }).collect()
}

fn star_of(source: Source) -> Query {
    let item = Item { expr: Expr::Star(crate::tree::Star::default()), alias: None };
    let select = Select { ordinal: usize::MAX, items: vec![item], from: vec![source], ..Select::default() };
    Query { ctes: Vec::new(), body: Body::Select(Box::new(select)) }
}

fn values_query(walk: &mut Walk, values: &sql::Values) -> Query {
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
    let items = select.expressions.iter().map(|e| item(walk, e)).collect();
    let mut from = from_clause(walk, select.from.as_ref(), &select.joins);
    from.extend(select.lateral_views.iter().map(|view| lateral_view(walk, view)));
    let mut filters = filters(walk, select);
    filters.extend(walk.conditions.split_off(conditions.min(walk.conditions.len())));
    walk.windows = outer_windows;
    let into = select.into.as_ref().and_then(|i| into_name(&i.this));
    Query { ctes, body: Body::Select(Box::new(Select { ordinal, items, from, filters, into })) }
}

fn into_name(expression: &Expression) -> Option<Name> {
    match expression {
        Expression::Table(table) => Some(table_name(table)),
        Expression::Identifier(identifier) => Some(name(identifier)),
        Expression::Column(column) => Some(Name { parts: column.table.iter().map(part).chain([part(&column.name)]).collect() }),
        _ => None,
    }
}

pub(super) fn from_clause(walk: &mut Walk, from: Option<&sql::From>, joins: &[sql::Join]) -> Vec<Source> {
    let mut sources: Vec<Source> = from.into_iter().flat_map(|f| &f.expressions).flat_map(|e| source(walk, e)).collect();
    sources.extend(joins.iter().flat_map(|join| joined(walk, join)));
    sources
}

fn joined(walk: &mut Walk, join: &sql::Join) -> Vec<Source> {
    let mut sources = source(walk, &join.this);
    if let Some(first) = sources.first_mut() {
        first.using = names(&join.using);
    }
    for pivot in &join.pivots {
        sources.extend(source(walk, pivot));
    }
    let on = join.on.iter().map(|on| walk.expr(on)).collect::<Vec<_>>();
    walk.conditions.extend(on);
    sources
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
    match alias.filter(|_| walk.tsql) {
        Some(alias) => Item { expr: walk.expr(&op.right), alias: Some(name(alias)) },
        None => Item { expr: walk.expr(whole), alias: None },
    }
}

fn subquery_alias(expression: &Expression) -> Option<Name> {
    if let Expression::Subquery(inner) = expression { inner.alias.as_ref().map(name) } else { None }
}

/// The sources of one entry of FROM; a join in parentheses gives several.
pub(super) fn source(walk: &mut Walk, expression: &Expression) -> Vec<Source> {
    match expression {
        Expression::Table(inner) => vec![table(walk, inner)],
        Expression::Subquery(inner) if !is_query(&inner.this) => source(walk, &inner.this),
        Expression::Subquery(inner) => {
            let rows = Rows::Query(Box::new(query(walk, &inner.this)));
            vec![Source { rows, alias: inner.alias.as_ref().map(name), columns: names(&inner.column_aliases), using: Vec::new() }]
        }
        Expression::Values(inner) => {
            let rows = Rows::Query(Box::new(values_query(walk, inner)));
            vec![Source { rows, alias: inner.alias.as_ref().map(name), columns: names(&inner.column_aliases), using: Vec::new() }]
        }
        Expression::JoinedTable(inner) => {
            let mut sources = source(walk, &inner.left);
            sources.extend(inner.joins.iter().flat_map(|join| joined(walk, join)));
            sources
        }
        Expression::Paren(inner) => source(walk, &inner.this),
        Expression::Annotated(inner) => source(walk, &inner.this),
        Expression::TableSample(inner) => inner.this.iter().flat_map(|e| source(walk, e)).collect(),
        Expression::Alias(inner) => aliased(walk, inner),
        Expression::Lateral(inner) => vec![lateral(walk, inner)],
        Expression::LateralView(inner) => vec![lateral_view(walk, inner)],
        Expression::Pivot(inner) => vec![pivot(walk, &inner.this, expression, inner.alias.as_ref(), &inner.alias_columns)],
        Expression::Unpivot(inner) => vec![pivot(walk, &inner.this, expression, inner.alias.as_ref(), &inner.alias_columns)],
        Expression::Unnest(inner) => vec![function_source(walk, expression, inner.alias.as_ref().map(name))],
        Expression::Select(_) | Expression::Union(_) | Expression::Intersect(_) | Expression::Except(_) => {
            vec![Source { rows: Rows::Query(Box::new(query(walk, expression))), alias: None, columns: Vec::new(), using: Vec::new() }]
        }
        other => vec![function_source(walk, other, None)],
    }
}

fn aliased(walk: &mut Walk, alias: &sql::Alias) -> Vec<Source> {
    let mut sources = source(walk, &alias.this);
    if let [only] = sources.as_mut_slice() {
        only.alias = Some(name(&alias.alias));
        only.columns = names(&alias.column_aliases);
        // UNNEST(xs) AS x names a column as well as a table.
        if only.columns.is_empty() && matches!(only.rows, Rows::Function(_)) {
            only.columns = vec![name(&alias.alias)];
        }
    }
    sources
}

fn function_source(walk: &mut Walk, expression: &Expression, alias: Option<Name>) -> Source {
    let columns = alias.iter().cloned().collect();
    Source { rows: Rows::Function(Box::new(walk.expr(expression))), alias, columns, using: Vec::new() }
}

fn lateral(walk: &mut Walk, lateral: &sql::Lateral) -> Source {
    let rows =
        if is_query(&lateral.this) { Rows::Query(Box::new(query(walk, &lateral.this))) } else { Rows::Function(Box::new(walk.expr(&lateral.this))) };
    let columns = lateral.column_aliases.iter().map(|c| Name::plain(c)).collect();
    Source { rows, alias: lateral.alias.as_deref().map(Name::plain), columns, using: Vec::new() }
}

fn lateral_view(walk: &mut Walk, view: &sql::LateralView) -> Source {
    let rows = Rows::Function(Box::new(walk.expr(&view.this)));
    Source { rows, alias: view.table_alias.as_ref().map(name), columns: names(&view.column_aliases), using: Vec::new() }
}

fn pivot(walk: &mut Walk, inner: &Expression, whole: &Expression, alias: Option<&sql::Identifier>, columns: &[sql::Identifier]) -> Source {
    let mut sources = source(walk, inner);
    let uses = whole.children().into_iter().skip(1).map(|e| walk.expr(e)).collect();
    let nothing = || Source { rows: Rows::Function(Box::new(Expr::Constant)), alias: None, columns: Vec::new(), using: Vec::new() };
    let first = if sources.is_empty() { nothing() } else { sources.remove(0) };
    let alias = alias.map(name).or_else(|| first.alias.clone());
    Source { rows: Rows::Pivot { source: Box::new(first), uses }, alias, columns: names(columns), using: Vec::new() }
}
