//! Statements of polyglot that change rows, to the small tree: UPDATE, DELETE, MERGE, and clauses of conflicts.

use super::polyglot_expressions::{Walk, name, part};
use super::polyglot_queries::{ctes, table_name};
use super::polyglot_sources::{from_clause, source, table};
use crate::dialects::Dialect;
use crate::names::{Name, Part};
use crate::tree::{Assignment, Delete, Expr, Merge, Rows, Source, Statement, Update};
use polyglot_sql::expressions::{self as sql, Expression, TableRef};

/// `column = value` pairs of a clause that says what happens to a row that is there already.
pub(super) fn conflict(walk: &mut Walk, clause: &Expression) -> Vec<Assignment> {
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

pub(super) fn update(walk: &mut Walk, update: &sql::Update) -> Statement {
    let ctes = ctes(walk, update.with.as_ref());
    let target = table(walk, &update.table);
    let mut from: Vec<Source> = update.extra_tables.iter().map(|t| table(walk, t)).collect();
    from.extend(from_clause(walk, None, &update.table_joins));
    let values: Vec<_> = update.set.iter().map(|(column, value)| if fills_variable(walk, column) { None } else { Some(walk.expr(value)) }).collect();
    from.extend(from_clause(walk, update.from_clause.as_ref(), &update.from_joins));
    let tables: Vec<&str> = std::iter::once(&target).chain(&from).flat_map(called).collect();
    let set = update.set.iter().zip(values).filter_map(|((column, whole), value)| match value {
        Some(value) => Some(Assignment { column: set_column(column, &tables, walk.dialect), value }),
        None => assignment(walk, whole),
    });
    let assignments = set.collect();
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

/// `SET @v = …` of T-SQL fills a variable, and in `SET @v = column = …` a column, too.
fn fills_variable(walk: &Walk, column: &sql::Identifier) -> bool {
    walk.dialect == Dialect::Tsql && column.name.starts_with('@')
}

/// What columns of a table may have before them: the last parts of its name and of its alias.
fn called(source: &Source) -> impl Iterator<Item = &str> {
    let table = if let Rows::Table(table) = &source.rows { Some(table) } else { None };
    table.into_iter().chain(&source.alias).filter_map(|name| name.parts.last()).map(|last| last.text.as_str())
}

/// A set column comes as one identifier even where it was qualified, and then without the quotes within: what stands before a dot is a table where one is
/// called so, and else part of the column's name.
fn set_column(column: &sql::Identifier, tables: &[&str], dialect: Dialect) -> Name {
    if !column.quoted {
        return Name::parse(&column.name);
    }
    // Names of columns have no dots there: it is a field.
    let has_fields = matches!(dialect, Dialect::Bigquery | Dialect::Spark | Dialect::Databricks | Dialect::Hive);
    let is_table = |before: &str| before.rsplit('.').next().is_some_and(|last| tables.iter().any(|table| table.eq_ignore_ascii_case(last)));
    let behind = column.name.match_indices('.').map(|(dot, _)| dot).find(|dot| is_table(&column.name[..*dot]));
    let Some(dot) = behind else { return if has_fields { Name::parse(&column.name) } else { name(column) } };
    let quoted = |text: &str| Part { text: text.to_owned(), quoted: true };
    let (before, own) = (&column.name[..dot], &column.name[dot + 1..]);
    Name { parts: before.split('.').chain([own]).map(quoted).collect() }
}

pub(super) fn delete(walk: &mut Walk, delete: &sql::Delete) -> Statement {
    let ctes = ctes(walk, delete.with.as_ref());
    let mut target = table(walk, &delete.table);
    target.alias = target.alias.or(delete.alias.as_ref().map(name));
    let mut from: Vec<Source> = delete.using.iter().map(|t| table(walk, t)).collect();
    from.extend(from_clause(walk, None, &delete.joins));
    // `DELETE t FROM big AS t JOIN …`: what is deleted from is named apart.
    if let Some(first) = delete.tables.first() {
        from.insert(0, std::mem::replace(&mut target, named(first, walk.dialect)));
    }
    let mut filters: Vec<Expr> = delete.where_clause.iter().map(|w| walk.expr(&w.this)).collect();
    filters.append(&mut walk.conditions);
    let whole = Delete { target, from, filters, ctes };
    for other in delete.tables.iter().skip(1) {
        walk.extra.push(Statement::Delete(Delete { target: named(other, walk.dialect), ..whole.clone() }));
    }
    Statement::Delete(whole)
}

fn named(table: &TableRef, dialect: Dialect) -> Source {
    Source::table(table_name(table, dialect))
}

pub(super) fn merge(walk: &mut Walk, merge: &sql::Merge) -> Statement {
    let ctes = match merge.with_.as_deref() {
        Some(Expression::With(with)) => ctes(walk, Some(with)),
        _ => Vec::new(),
    };
    let nothing = || Source::of(Rows::Function(Box::new(Expr::Constant)));
    let target = source(walk, &merge.this).into_iter().next().unwrap_or_else(nothing);
    let from = source(walk, &merge.using).into_iter().next().unwrap_or_else(nothing);
    let filters = merge.on.iter().map(|on| walk.expr(on)).collect();
    let mut out = Merge { target, source: from, assignments: Vec::new(), positional: Vec::new(), star: None, filters, ctes };
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
        out.star = Some(Box::default());
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
