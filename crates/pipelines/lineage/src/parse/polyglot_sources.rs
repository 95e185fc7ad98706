//! Sources of rows of polyglot to the small tree: tables, joins, functions, PIVOT.

use super::polyglot_expressions::{Walk, name, names};
use super::polyglot_queries::{is_query, query, table_name, values_query};
use crate::dialects::Dialect;
use crate::names::{Name, Part};
use crate::tree::{Expr, Rows, Source, Turned};
use polyglot_sql::expressions::{self as sql, Expression, JoinKind, TableRef};

pub(super) fn table(walk: &mut Walk, table: &TableRef) -> Source {
    let rows = match (&table.identifier_func, table.hints.as_slice()) {
        (Some(function), _) => called(walk, function),
        // A query behind USING of DELETE comes as a hint of a table without a name.
        (None, [Expression::Subquery(inner)]) if table.name.name.is_empty() => Rows::Query(Box::new(query(walk, &inner.this))),
        (None, _) => Rows::Table(table_name(table, walk.dialect)),
    };
    Source::of(rows).under(table.alias.as_ref().map(name), names(&table.column_aliases))
}

/// A function that gives rows, or what it stands for.
fn called(walk: &mut Walk, expression: &Expression) -> Rows {
    let named = if let Expression::Function(function) = expression { stands_for(walk, function) } else { None };
    named.unwrap_or_else(|| Rows::Function(Box::new(walk.expr(expression))))
}

/// The rows that a function only names: `IDENTIFIER('a.b')` and `TABLE('a.b')` of Snowflake, `STREAM(t)` of Databricks, files.
fn stands_for(walk: &mut Walk, function: &sql::Function) -> Option<Rows> {
    let is = |name: &str| function.name.eq_ignore_ascii_case(name);
    let first = function.args.first()?;
    let alone = function.args.len() == 1;
    if alone && is("stream") && matches!(walk.dialect, Dialect::Databricks | Dialect::Spark) {
        return Some(called(walk, first));
    }
    let Expression::Literal(literal) = first else { return None };
    let sql::Literal::String(text) = literal.as_ref() else { return None };
    if alone && (is("identifier") || is("table")) {
        return Some(Rows::Table(Name::parse(text)));
    }
    reads_files(&function.name, walk.dialect).then(|| crate::moves::place(text)).flatten().map(Rows::Table)
}

/// Functions whose rows are those of the files that their first argument names.
fn reads_files(function: &str, dialect: Dialect) -> bool {
    let known: &[&str] = match dialect {
        Dialect::Duckdb => &[
            "read_parquet",
            "parquet_scan",
            "read_csv",
            "read_csv_auto",
            "read_json",
            "read_json_auto",
            "read_json_objects",
            "read_ndjson",
            "read_ndjson_auto",
            "read_text",
            "read_blob",
            "read_xlsx",
            "iceberg_scan",
            "delta_scan",
        ],
        Dialect::Databricks | Dialect::Spark => &["read_files", "cloud_files"],
        Dialect::Clickhouse => &["s3", "gcs", "file", "url", "hdfs", "azureblobstorage", "deltalake", "iceberg"],
        _ => &[],
    };
    known.iter().any(|name| name.eq_ignore_ascii_case(function))
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
        first.natural = matches!(join.kind, JoinKind::Natural | JoinKind::NaturalLeft | JoinKind::NaturalRight | JoinKind::NaturalFull);
        first.hidden = matches!(join.kind, JoinKind::Semi | JoinKind::Anti | JoinKind::LeftSemi | JoinKind::LeftAnti);
    }
    for pivot in &join.pivots {
        sources.extend(source(walk, pivot));
    }
    let on = join.on.iter().map(|on| walk.expr(on)).collect::<Vec<_>>();
    walk.conditions.extend(on);
    sources
}

/// The sources of one entry of FROM; a join in parentheses gives several.
pub(super) fn source(walk: &mut Walk, expression: &Expression) -> Vec<Source> {
    match expression {
        Expression::Table(inner) => vec![table(walk, inner)],
        // `@t` is a variable that holds a table in T-SQL, and a file in Snowflake.
        Expression::StageReference(stage) if walk.dialect == Dialect::Tsql => vec![Source::table(Name::plain(&stage.name))],
        Expression::StageReference(stage) => {
            let written = format!("{}{}", stage.name, stage.path.as_deref().unwrap_or_default());
            crate::moves::place(&written).map(Source::table).into_iter().collect()
        }
        Expression::Subquery(inner) if !is_query(&inner.this) => {
            let mut sources = source(walk, &inner.this);
            if let ([only], Some(alias)) = (sources.as_mut_slice(), &inner.alias) {
                (only.alias, only.columns) = (Some(name(alias)), names(&inner.column_aliases));
            }
            sources
        }
        Expression::Subquery(inner) => {
            let rows = Rows::Query(Box::new(query(walk, &inner.this)));
            vec![Source::of(rows).under(inner.alias.as_ref().map(name), names(&inner.column_aliases))]
        }
        Expression::Values(inner) => {
            let rows = Rows::Query(Box::new(values_query(walk, inner)));
            vec![Source::of(rows).under(inner.alias.as_ref().map(name), names(&inner.column_aliases))]
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
        Expression::Tuple(inner) => described(walk, inner),
        Expression::Lateral(inner) => vec![lateral(walk, inner)],
        Expression::LateralView(inner) => vec![lateral_view(walk, inner)],
        Expression::Pivot(inner) => vec![pivot(walk, inner)],
        Expression::Unpivot(inner) => vec![unpivot(walk, inner)],
        Expression::MatchRecognize(inner) => vec![matched(walk, inner)],
        Expression::Unnest(inner) => vec![unnest(walk, inner, expression)],
        e if is_query(e) => vec![Source::of(Rows::Query(Box::new(query(walk, expression))))],
        other => {
            let rows = called(walk, other);
            vec![Source { columns: columns_of(other), ..Source::of(rows) }]
        }
    }
}

fn aliased(walk: &mut Walk, alias: &sql::Alias) -> Vec<Source> {
    let mut sources = source(walk, &alias.this);
    if let [only] = sources.as_mut_slice() {
        only.alias = Some(name(&alias.alias));
        if !alias.column_aliases.is_empty() {
            only.columns = names(&alias.column_aliases);
        }
        // UNNEST(xs) AS x names a column as well as a table.
        if only.columns.is_empty() && matches!(only.rows, Rows::Function(_)) {
            only.columns = vec![name(&alias.alias)];
        }
    }
    sources
}

/// `f(…) AS x(a int, b text)` comes as a pair.
fn described(walk: &mut Walk, pair: &sql::Tuple) -> Vec<Source> {
    let [first, Expression::TableAlias(alias)] = pair.expressions.as_slice() else {
        return pair.expressions.iter().flat_map(|e| source(walk, e)).collect();
    };
    let mut sources = source(walk, first);
    if let [only] = sources.as_mut_slice() {
        only.alias = alias.this.as_deref().and_then(identifier);
        only.columns = alias.columns.iter().filter_map(identifier).collect();
    }
    sources
}

/// The columns that JSON_TABLE, OPENJSON and XMLTABLE name; none of other functions.
fn columns_of(expression: &Expression) -> Vec<Name> {
    match expression {
        Expression::JSONTable(inner) => inner.schema.as_deref().map(columns_of).unwrap_or_default(),
        Expression::JSONSchema(schema) => schema.expressions.iter().flat_map(columns_of).collect(),
        Expression::JSONColumnDef(column) => {
            let nested = column.nested_schema.as_deref().map(columns_of).unwrap_or_default();
            column.this.as_deref().and_then(identifier).into_iter().chain(nested).collect()
        }
        Expression::OpenJSON(inner) => inner.expressions.iter().flat_map(columns_of).collect(),
        Expression::OpenJSONColumnDef(column) => identifier(&column.this).into_iter().collect(),
        Expression::XMLTable(inner) => inner.columns.iter().filter_map(identifier).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn identifier(expression: &Expression) -> Option<Name> {
    match expression {
        Expression::Identifier(inner) => Some(name(inner)),
        Expression::Column(inner) => Some(name(&inner.name)),
        Expression::ColumnDef(inner) => Some(name(&inner.name)),
        Expression::Var(inner) => Some(Name::plain(&inner.this)),
        _ => None,
    }
}

fn unnest(walk: &mut Walk, inner: &sql::UnnestFunc, whole: &Expression) -> Source {
    let alias = inner.alias.as_ref().map(name);
    let columns = alias.iter().cloned().chain(inner.offset_alias.as_ref().map(name)).collect();
    Source::of(Rows::Function(Box::new(walk.expr(whole)))).under(alias, columns)
}

fn quoted(text: &str, quoted: bool) -> Name {
    Name { parts: vec![Part { text: text.to_owned(), quoted }] }
}

fn lateral(walk: &mut Walk, lateral: &sql::Lateral) -> Source {
    let rows = if is_query(&lateral.this) { Rows::Query(Box::new(query(walk, &lateral.this))) } else { called(walk, &lateral.this) };
    let names = lateral.column_aliases.iter().enumerate();
    let columns = names.map(|(i, c)| quoted(c, lateral.column_aliases_quoted.get(i).copied().unwrap_or_default())).collect();
    Source::of(rows).under(lateral.alias.as_deref().map(|a| quoted(a, lateral.alias_quoted)), columns)
}

pub(super) fn lateral_view(walk: &mut Walk, view: &sql::LateralView) -> Source {
    let rows = Rows::Function(Box::new(walk.expr(&view.this)));
    Source::of(rows).under(view.table_alias.as_ref().map(name), names(&view.column_aliases))
}

fn first_source(walk: &mut Walk, inner: &Expression) -> Source {
    source(walk, inner).into_iter().next().unwrap_or_else(|| Source::of(Rows::Function(Box::new(Expr::Constant))))
}

/// Columns that an expression looks at, by their last names.
fn looked_at(expr: &Expr, out: &mut Vec<Name>) {
    match expr {
        Expr::Column(column) => out.extend(column.parts.last().map(|p| Name { parts: vec![p.clone()] })),
        Expr::Cast(inner) => looked_at(inner, out),
        Expr::Aggregate(all) | Expr::Window(all) | Expr::Call(_, all) | Expr::Many(all) => all.iter().for_each(|e| looked_at(e, out)),
        Expr::Star(_) | Expr::Constant | Expr::Scalar(_) | Expr::Test(_) => {}
    }
}

fn pivot(walk: &mut Walk, pivot: &sql::Pivot) -> Source {
    let first = first_source(walk, &pivot.this);
    let aggregates: Vec<&Expression> = pivot.expressions.iter().chain(&pivot.using).collect();
    let values: Vec<Expr> = aggregates.iter().map(|e| walk.expr(e)).collect();
    let asked = pivot.fields.iter().filter_map(|field| if let Expression::In(test) = field { Some(&test.expressions) } else { None });
    // Which values are turned may be asked of other tables.
    for values in asked.flatten().filter(|value| is_query(value)) {
        let condition = walk.expr(values);
        walk.conditions.push(condition);
    }
    let turns: Vec<Expr> =
        pivot.fields.iter().map(|field| if let Expression::In(test) = field { walk.expr(&test.this) } else { walk.expr(field) }).collect();
    let mut gone = Vec::new();
    values.iter().chain(&turns).for_each(|e| looked_at(e, &mut gone));
    let mut made = Vec::new();
    if let [Expression::In(test)] = pivot.fields.as_slice() {
        for value in &test.expressions {
            for (position, aggregate) in aggregates.iter().enumerate() {
                let Some(named) = pivot_name(walk.dialect, value, aggregate, aggregates.len()) else { continue };
                made.push((named, vec![Expr::Aggregate([vec![values[position].clone()], turns.clone()].concat())]));
            }
        }
    }
    let rest = [values, turns].concat();
    let alias = pivot.alias.as_ref().map(name).or_else(|| first.alias.clone());
    Source::of(Rows::Turned(Box::new(Turned { source: first, gone, made, rest }))).under(alias, names(&pivot.alias_columns))
}

/// The name of the column that PIVOT makes of a value, as far as its dialect has one rule for it.
fn pivot_name(dialect: Dialect, value: &Expression, aggregate: &Expression, aggregates: usize) -> Option<Name> {
    let (value, alias) = match value {
        Expression::PivotAlias(inner) => (&inner.this, identifier(&inner.alias)),
        Expression::Alias(inner) => (&inner.this, Some(name(&inner.alias))),
        other => (other, None),
    };
    let of_value = alias.or_else(|| value_name(dialect, value))?;
    let of_aggregate = if let Expression::Alias(inner) = aggregate { Some(inner.alias.name.as_str()) } else { None };
    let of_value_text = of_value.parts.last()?.text.clone();
    match (dialect, of_aggregate) {
        (Dialect::Bigquery, Some(prefix)) => Some(Name::plain(&format!("{prefix}_{of_value_text}"))),
        (Dialect::Oracle | Dialect::Duckdb, Some(suffix)) => {
            Some(Name { parts: vec![Part { text: format!("{of_value_text}_{suffix}"), ..of_value.parts.last()?.clone() }] })
        }
        (_, Some(suffix)) if aggregates > 1 => Some(Name::plain(&format!("{of_value_text}_{suffix}"))),
        (_, None) if aggregates > 1 => None,
        _ => Some(of_value),
    }
}

fn value_name(dialect: Dialect, value: &Expression) -> Option<Name> {
    match value {
        Expression::Literal(literal) => match literal.as_ref() {
            sql::Literal::String(text) if matches!(dialect, Dialect::Snowflake | Dialect::Oracle) => Some(quoted(&format!("'{text}'"), true)),
            sql::Literal::String(text) => Some(quoted(text, true)),
            sql::Literal::Number(text) => Some(quoted(text, true)),
            _ => None,
        },
        other => identifier(other),
    }
}

fn unpivot(walk: &mut Walk, unpivot: &sql::Unpivot) -> Source {
    let first = first_source(walk, &unpivot.this);
    let columns = unpivot.columns.iter().map(|column| match column {
        Expression::PivotAlias(inner) => walk.expr(&inner.this),
        Expression::Alias(inner) => walk.expr(&inner.this),
        other => walk.expr(other),
    });
    let values: Vec<Expr> = columns.collect();
    let mut gone = Vec::new();
    values.iter().for_each(|e| looked_at(e, &mut gone));
    let mut made = vec![(name(&unpivot.name_column), Vec::new())];
    let several = !unpivot.extra_value_columns.is_empty();
    // Of `(a, b) FOR n IN ((q1, q2), (q3, q4))` each is stacked from the columns at its place.
    for (place, column) in [&unpivot.value_column].into_iter().chain(&unpivot.extra_value_columns).enumerate() {
        let at_place = |value: &Expr| match value {
            Expr::Many(all) if several => all.get(place).cloned().unwrap_or(Expr::Constant),
            other => other.clone(),
        };
        made.push((name(column), values.iter().map(at_place).collect()));
    }
    let alias = unpivot.alias.as_ref().map(name).or_else(|| first.alias.clone());
    Source::of(Rows::Turned(Box::new(Turned { source: first, gone, made, rest: Vec::new() }))).under(alias, names(&unpivot.alias_columns))
}

/// `MATCH_RECOGNIZE`: the names of its pattern stand before columns as if they were tables.
fn matched(walk: &mut Walk, inner: &sql::MatchRecognize) -> Source {
    let first = match inner.this.as_deref() {
        Some(this) => first_source(walk, this),
        None => Source::of(Rows::Function(Box::new(Expr::Constant))),
    };
    let before = walk.stripped.len();
    walk.stripped.extend(inner.define.iter().flatten().map(|(symbol, _)| symbol.name.to_lowercase()));
    let words = inner.pattern.as_deref().unwrap_or_default();
    walk.stripped.extend(words.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).map(str::to_lowercase));
    let measures = inner.measures.iter().flatten();
    let made = measures.filter_map(|measure| match &measure.this {
        Expression::Alias(alias) => Some((name(&alias.alias), vec![Expr::Many(vec![walk.expr(&alias.this)])])),
        _ => None,
    });
    let made = made.collect();
    walk.stripped.truncate(before);
    let alias = inner.alias.as_ref().map(name).or_else(|| first.alias.clone());
    Source::of(Rows::Turned(Box::new(Turned { source: first, gone: Vec::new(), made, rest: Vec::new() }))).under(alias, Vec::new())
}
