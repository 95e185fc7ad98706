//! Queries and expressions of sqlparser to the small tree.

use crate::functions::is_aggregate;
use crate::names::{Name, Part};
use crate::tree::{Body, Cte, Expr, Item, Query, Rows, Select, Source, Star, Turned};
use sqlparser::ast::{self, JoinConstraint, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, TableFactor, Visit, Visitor};
use std::ops::ControlFlow;

pub(super) fn part(ident: &ast::Ident) -> Part {
    Part { text: ident.value.clone(), quoted: ident.quote_style.is_some() }
}

pub(super) fn plain(ident: &ast::Ident) -> Name {
    Name { parts: vec![part(ident)] }
}

pub(super) fn name(object: &ast::ObjectName) -> Name {
    let parts: Vec<Part> = object.0.iter().filter_map(|p| p.as_ident()).map(part).collect();
    match parts.as_slice() {
        [only] if only.quoted && only.text.contains('.') => Name::parse(&only.text),
        _ => Name { parts },
    }
}

pub(super) fn query(parsed: &ast::Query) -> Query {
    let with = parsed.with.iter().flat_map(|w| &w.cte_tables);
    let ctes =
        with.map(|cte| Cte { name: plain(&cte.alias.name), columns: alias_columns(&cte.alias), query: query(&cte.query), recursive: true }).collect();
    let inner = body(&parsed.body);
    Query { ctes, ..inner }
}

fn alias_columns(alias: &ast::TableAlias) -> Vec<Name> {
    alias.columns.iter().map(|c| plain(&c.name)).collect()
}

/// Unions lean to the left; that side is walked and not recursed into.
fn body(parsed: &SetExpr) -> Query {
    let mut rights = Vec::new();
    let mut at = parsed;
    while let SetExpr::SetOperation { left, right, .. } = at {
        rights.push(right.as_ref());
        at = left;
    }
    let first = single(at);
    if rights.is_empty() {
        return first;
    }
    let mut branches = vec![first];
    branches.extend(rights.into_iter().rev().map(body));
    Query { ctes: Vec::new(), body: Body::Set { branches, by_name: false } }
}

fn single(parsed: &SetExpr) -> Query {
    match parsed {
        SetExpr::Select(inner) => Query { ctes: Vec::new(), body: Body::Select(Box::new(select(inner))) },
        SetExpr::Query(inner) => query(inner),
        SetExpr::Table(table) => {
            let parts = table.schema_name.iter().chain(&table.table_name).flat_map(|n| Name::parse(n).parts).collect();
            let items = vec![Item { expr: Expr::Star(Star::default()), alias: None }];
            let from = vec![Source::table(Name { parts })];
            Query { ctes: Vec::new(), body: Body::Select(Box::new(Select { ordinal: usize::MAX, items, from, ..Select::default() })) }
        }
        SetExpr::Values(values) => {
            let rows = values.rows.iter().map(|row| row.content.iter().map(expr).collect()).collect();
            Query { ctes: Vec::new(), body: Body::Values(rows) }
        }
        _ => Query::default(),
    }
}

fn select(parsed: &ast::Select) -> Select {
    let mut from = sources(&parsed.from);
    from.extend(parsed.lateral_views.iter().map(|view| {
        let rows = Rows::Function(Box::new(expr(&view.lateral_view)));
        Source::of(rows).under(Some(name(&view.lateral_view_name)), view.lateral_col_alias.iter().map(plain).collect())
    }));
    let mut filters = conditions(&parsed.from);
    filters.extend(parsed.prewhere.iter().chain(&parsed.selection).chain(&parsed.having).chain(&parsed.qualify).map(expr));
    if let ast::GroupByExpr::Expressions(keys, _) = &parsed.group_by {
        filters.extend(keys.iter().map(expr));
    }
    let into = parsed.into.as_ref().and_then(|i| i.targets.first()).and_then(|target| match expr(target) {
        Expr::Column(name) => Some(name),
        _ => None,
    });
    // Texts of items are found by counting SELECT words; this parser's order of them is not followed.
    let mut items: Vec<Item> = parsed.projection.iter().map(item).collect();
    if items.is_empty() && matches!(parsed.flavor, ast::SelectFlavor::FromFirstNoSelect) {
        items.push(Item { expr: Expr::Star(Star::default()), alias: None });
    }
    Select { ordinal: usize::MAX, items, from, filters, into }
}

fn item(parsed: &SelectItem) -> Item {
    match parsed {
        SelectItem::UnnamedExpr(inner) => Item { expr: expr(inner), alias: None },
        SelectItem::ExprWithAlias { expr: inner, alias } => Item { expr: expr(inner), alias: Some(plain(alias)) },
        SelectItem::ExprWithAliases { expr: inner, aliases } => Item { expr: expr(inner), alias: aliases.first().map(plain) },
        SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(table), options) => {
            Item { expr: Expr::Star(star(Some(name(table)), options)), alias: None }
        }
        SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(inner), _) => Item { expr: Expr::Many(vec![expr(inner)]), alias: None },
        SelectItem::Wildcard(options) => Item { expr: Expr::Star(star(None, options)), alias: None },
    }
}

fn star(qualifier: Option<Name>, options: &ast::WildcardAdditionalOptions) -> Star {
    let mut except = Vec::new();
    if let Some(list) = &options.opt_except {
        except.push(plain(&list.first_element));
        except.extend(list.additional_elements.iter().map(plain));
    }
    match &options.opt_exclude {
        Some(ast::ExcludeSelectItem::Single(column)) => except.push(name(column)),
        Some(ast::ExcludeSelectItem::Multiple(columns)) => except.extend(columns.iter().map(name)),
        None => {}
    }
    let replaced = options.opt_replace.iter().flat_map(|r| &r.items);
    let rename = match &options.opt_rename {
        Some(ast::RenameSelectItem::Single(one)) => vec![(plain(&one.ident), plain(&one.alias))],
        Some(ast::RenameSelectItem::Multiple(all)) => all.iter().map(|one| (plain(&one.ident), plain(&one.alias))).collect(),
        None => Vec::new(),
    };
    Star { qualifier, except, replace: replaced.map(|r| (plain(&r.column_name), expr(&r.expr))).collect(), rename }
}

pub(super) fn sources(tables: &[ast::TableWithJoins]) -> Vec<Source> {
    let mut out = Vec::new();
    for table in tables {
        out.extend(source(&table.relation));
        for join in &table.joins {
            let mut joined = source(&join.relation);
            if let Some(first) = joined.first_mut() {
                match constraint(join) {
                    Some(JoinConstraint::Using(columns)) => first.using = columns.iter().map(name).collect(),
                    Some(JoinConstraint::Natural) => first.natural = true,
                    _ => {}
                }
                use ast::JoinOperator::*;
                first.hidden = matches!(join.join_operator, Semi(_) | LeftSemi(_) | Anti(_) | LeftAnti(_));
            }
            out.extend(joined);
        }
    }
    out
}

pub(super) fn conditions(tables: &[ast::TableWithJoins]) -> Vec<Expr> {
    let on = |join: &ast::Join| match constraint(join) {
        Some(JoinConstraint::On(condition)) => Some(expr(condition)),
        _ => None,
    };
    tables.iter().flat_map(|t| &t.joins).filter_map(on).collect()
}

fn constraint(join: &ast::Join) -> Option<&JoinConstraint> {
    use ast::JoinOperator::*;
    match &join.join_operator {
        Join(c) | Inner(c) | Left(c) | LeftOuter(c) | Right(c) | RightOuter(c) | FullOuter(c) | CrossJoin(c) | Semi(c) | LeftSemi(c)
        | RightSemi(c) | Anti(c) | LeftAnti(c) | RightAnti(c) | StraightJoin(c) => Some(c),
        AsOf { constraint, .. } => Some(constraint),
        _ => None,
    }
}

pub(super) fn source(factor: &TableFactor) -> Vec<Source> {
    let aliased = |rows: Rows, alias: &Option<ast::TableAlias>| {
        Source::of(rows).under(alias.as_ref().map(|a| plain(&a.name)), alias.as_ref().map(alias_columns).unwrap_or_default())
    };
    match factor {
        TableFactor::Table { name: table, alias, args: None, .. } => vec![aliased(Rows::Table(name(table)), alias)],
        TableFactor::Derived { subquery, alias, .. } => vec![aliased(Rows::Query(Box::new(query(subquery))), alias)],
        TableFactor::NestedJoin { table_with_joins, .. } => sources(std::slice::from_ref(table_with_joins)),
        TableFactor::UNNEST { alias, array_exprs, .. } => {
            let mut made = aliased(Rows::Function(Box::new(Expr::Many(array_exprs.iter().map(expr).collect()))), alias);
            if made.columns.is_empty() {
                made.columns = made.alias.iter().cloned().collect();
            }
            vec![made]
        }
        TableFactor::Table { name: called, alias, .. } | TableFactor::Function { name: called, alias, .. } => {
            vec![aliased(Rows::Function(Box::new(Expr::Call(name(called), operands_list(factor)))), alias)]
        }
        TableFactor::TableFunction { alias, .. } => vec![aliased(Rows::Function(Box::new(operands(factor))), alias)],
        TableFactor::Pivot { table, alias, .. } | TableFactor::Unpivot { table, alias, .. } => {
            let Some(inner) = source(table).into_iter().next() else { return Vec::new() };
            let kept = inner.alias.clone();
            let turned = Turned { source: inner, gone: Vec::new(), made: Vec::new(), rest: Vec::new() };
            let mut made = aliased(Rows::Turned(Box::new(turned)), alias);
            made.alias = made.alias.or(kept);
            vec![made]
        }
        _ => vec![aliased(Rows::Function(Box::new(operands(factor))), &None)],
    }
}

/// One expression to the small tree: the kinds that matter at the top, the columns and subqueries of everything else.
pub(super) fn expr(parsed: &ast::Expr) -> Expr {
    match parsed {
        ast::Expr::Identifier(ident) => Expr::Column(plain(ident)),
        ast::Expr::CompoundIdentifier(idents) => Expr::Column(Name { parts: idents.iter().map(part).collect() }),
        ast::Expr::Nested(inner) => expr(inner),
        ast::Expr::Cast { expr: inner, .. } | ast::Expr::Convert { expr: inner, .. } => Expr::Cast(Box::new(expr(inner))),
        ast::Expr::Subquery(inner) => Expr::Scalar(Box::new(query(inner))),
        ast::Expr::Exists { subquery, .. } => Expr::Test(Box::new(query(subquery))),
        ast::Expr::InSubquery { expr: inner, subquery, .. } => Expr::Many(vec![expr(inner), Expr::Test(Box::new(query(subquery)))]),
        ast::Expr::Function(function) => self::function(function),
        other => flatten(operands_list(other)),
    }
}

fn function(function: &ast::Function) -> Expr {
    let called = name(&function.name);
    let mut inner = operands_list(&function.args);
    let plain_name = called.parts.last().map(|p| p.text.clone()).unwrap_or_default();
    if let Some(over) = &function.over {
        inner.extend(operands_list(over));
        return Expr::Window(inner);
    }
    if is_aggregate(&plain_name) { Expr::Aggregate(inner) } else { Expr::Call(called, inner) }
}

fn flatten(all: Vec<Expr>) -> Expr {
    if all.is_empty() { Expr::Constant } else { Expr::Many(all) }
}

fn operands(node: &impl Visit) -> Expr {
    flatten(operands_list(node))
}

fn operands_list(node: &impl Visit) -> Vec<Expr> {
    let mut found = Operands::default();
    // It never breaks off.
    let _: ControlFlow<()> = node.visit(&mut found);
    found.out
}

/// Columns, aggregates and subqueries below a node, not those inside the subqueries.
#[derive(Default)]
struct Operands {
    depth: usize,
    out: Vec<Expr>,
    /// Arguments of lambdas, in lower case: they are no columns.
    bound: Vec<String>,
}

impl Visitor for Operands {
    type Break = ();

    fn pre_visit_query(&mut self, inner: &ast::Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.out.push(Expr::Scalar(Box::new(query(inner))));
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &ast::Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, inner: &ast::Expr) -> ControlFlow<()> {
        match inner {
            ast::Expr::Lambda(lambda) => match &lambda.params {
                ast::OneOrManyWithParens::One(one) => self.bound.push(one.name.value.to_lowercase()),
                ast::OneOrManyWithParens::Many(all) => self.bound.extend(all.iter().map(|p| p.name.value.to_lowercase())),
            },
            ast::Expr::Identifier(ident) if self.bound.contains(&ident.value.to_lowercase()) => {}
            ast::Expr::CompoundIdentifier(idents) if idents.first().is_some_and(|i| self.bound.contains(&i.value.to_lowercase())) => {}
            ast::Expr::Identifier(_) | ast::Expr::CompoundIdentifier(_) if self.depth == 0 => self.out.push(expr(inner)),
            ast::Expr::Function(function) if self.depth == 0 => {
                let called = name(&function.name);
                let last = called.parts.last().map(|p| p.text.as_str()).unwrap_or_default();
                // Its operands come on their own; the kind and the call are kept by an empty one.
                self.out.push(match (&function.over, is_aggregate(last)) {
                    (Some(_), _) => Expr::Window(Vec::new()),
                    (None, true) => Expr::Aggregate(Vec::new()),
                    (None, false) => Expr::Call(called, Vec::new()),
                });
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
