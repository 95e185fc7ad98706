//! Statements of sqlparser to the small tree, for what polyglot does not parse.

use super::fallback_queries::{conditions, expr, name, plain, query, source, sources};
use crate::dialects::Dialect;
use crate::names::Name;
use crate::tree::{Asset, Assignment, Body, Create, Delete, Expr, Insert, Merge, Source, Statement, Update};
use sqlparser::ast::{self, AssignmentTarget, FromTable, MergeAction, MergeInsertKind, MergeUpdateKind, TableObject, UpdateTableFromKind};
use sqlparser::dialect as reading;
use sqlparser::parser::Parser;

fn reader(dialect: Dialect) -> Box<dyn reading::Dialect> {
    match dialect {
        Dialect::Tsql => Box::new(reading::MsSqlDialect {}),
        Dialect::Postgres => Box::new(reading::PostgreSqlDialect {}),
        Dialect::Mysql => Box::new(reading::MySqlDialect {}),
        Dialect::Duckdb => Box::new(reading::DuckDbDialect),
        Dialect::Spark => Box::new(reading::SparkSqlDialect),
        Dialect::Bigquery => Box::new(reading::BigQueryDialect),
        Dialect::Snowflake => Box::new(reading::SnowflakeDialect),
        Dialect::Oracle => Box::new(reading::OracleDialect),
        Dialect::Redshift => Box::new(reading::RedshiftSqlDialect {}),
        Dialect::Databricks => Box::new(reading::DatabricksDialect),
        Dialect::Hive => Box::new(reading::HiveDialect {}),
        Dialect::Sqlite => Box::new(reading::SQLiteDialect {}),
        Dialect::Clickhouse => Box::new(reading::ClickHouseDialect {}),
        Dialect::Trino | Dialect::Generic => Box::new(reading::GenericDialect),
    }
}

/// Parses a text, or `None`.
pub(super) fn parse(text: &str, dialect: Dialect) -> Option<Vec<Statement>> {
    let parsed = Parser::parse_sql(reader(dialect).as_ref(), text).ok()?;
    Some(parsed.iter().map(statement).collect())
}

fn statement(parsed: &ast::Statement) -> Statement {
    match parsed {
        ast::Statement::Query(inner) => Statement::Query(query(inner)),
        ast::Statement::CreateTable(create) => Statement::Create(create_table(create)),
        ast::Statement::CreateView(create) => Statement::Create(create_view(create)),
        ast::Statement::Insert(insert) => self::insert(insert),
        ast::Statement::Update(update) => self::update(update),
        ast::Statement::Delete(delete) => self::delete(delete),
        ast::Statement::Merge(merge) => self::merge(merge),
        ast::Statement::Truncate(truncate) => match truncate.table_names.first() {
            Some(target) => Statement::Delete(Delete { target: Source::table(name(&target.name)), from: vec![], filters: vec![], ctes: vec![] }),
            None => Statement::Other,
        },
        _ => Statement::Other,
    }
}

fn create_table(create: &ast::CreateTable) -> Create {
    let constraints = create.constraints.iter().filter_map(|c| match c {
        ast::TableConstraint::ForeignKey(key) => Some(name(&key.foreign_table)),
        _ => None,
    });
    let of_columns = create.columns.iter().flat_map(|c| &c.options).filter_map(|o| match &o.option {
        ast::ColumnOption::ForeignKey(key) => Some(name(&key.foreign_table)),
        _ => None,
    });
    Create {
        asset: Asset::Table,
        name: name(&create.name),
        columns: create.columns.iter().chain(partitions(create)).map(|c| (plain(&c.name), c.data_type.to_string())).collect(),
        query: create.query.as_deref().map(query),
        references: constraints.chain(of_columns).collect(),
        like: like_of(create),
        copy: create.clone.as_ref().map(name),
    }
}

/// Columns that only PARTITIONED BY declares, as Hive has them.
fn partitions(create: &ast::CreateTable) -> &[ast::ColumnDef] {
    match &create.hive_distribution {
        ast::HiveDistributionStyle::PARTITIONED { columns } => columns,
        _ => &[],
    }
}

fn like_of(create: &ast::CreateTable) -> Vec<Name> {
    let like = create.like.iter().map(|like| match like {
        ast::CreateTableLikeKind::Parenthesized(like) | ast::CreateTableLikeKind::Plain(like) => name(&like.name),
    });
    like.chain(create.inherits.iter().flatten().map(name)).chain(create.partition_of.iter().map(name)).collect()
}

fn create_view(create: &ast::CreateView) -> Create {
    Create {
        asset: if create.materialized { Asset::MaterializedView } else { Asset::View },
        name: name(&create.name),
        columns: create.columns.iter().map(|c| (plain(&c.name), String::new())).collect(),
        query: Some(query(&create.query)),
        references: Vec::new(),
        like: Vec::new(),
        copy: None,
    }
}

fn insert(insert: &ast::Insert) -> Statement {
    let TableObject::TableName(target) = &insert.table else { return Statement::Other };
    Statement::Insert(Insert {
        target: name(target),
        alias: insert.table_alias.as_ref().map(|a| plain(&a.alias)),
        by_name: false,
        columns: insert.columns.iter().map(last_part).collect(),
        query: insert.source.as_deref().map(query),
        overwrite: insert.overwrite || insert.replace_into,
        assignments: [assignments(&insert.assignments), insert.on.as_ref().map(conflict).unwrap_or_default()].concat(),
    })
}

fn conflict(on: &ast::OnInsert) -> Vec<Assignment> {
    match on {
        ast::OnInsert::DuplicateKeyUpdate(all) => assignments(all),
        ast::OnInsert::OnConflict(clause) => match &clause.action {
            ast::OnConflictAction::DoUpdate(update) => assignments(&update.assignments),
            ast::OnConflictAction::DoNothing => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn last_part(column: &ast::ObjectName) -> Name {
    Name { parts: name(column).parts.pop().into_iter().collect() }
}

fn assignments(all: &[ast::Assignment]) -> Vec<Assignment> {
    let one = |a: &ast::Assignment| match &a.target {
        AssignmentTarget::ColumnName(column) => vec![Assignment { column: name(column), value: expr(&a.value) }],
        AssignmentTarget::Tuple(columns) => {
            let one = |(position, column)| Assignment { column: name(column), value: nth(&a.value, position) };
            columns.iter().enumerate().map(one).collect()
        }
    };
    all.iter().flat_map(one).collect()
}

/// The value at a position of `(a, b) = (…)`: a part of a row, or a column of a query.
fn nth(value: &ast::Expr, position: usize) -> Expr {
    match value {
        ast::Expr::Tuple(all) => all.get(position).map_or(Expr::Constant, expr),
        ast::Expr::Subquery(inner) => {
            let mut made = query(inner);
            if let Body::Select(select) = &mut made.body
                && !select.items.iter().any(|i| matches!(i.expr, Expr::Star(_)))
            {
                select.items = select.items.get(position).cloned().into_iter().collect();
            }
            Expr::Scalar(Box::new(made))
        }
        other => expr(other),
    }
}

fn update(update: &ast::Update) -> Statement {
    let mut all = sources(std::slice::from_ref(&update.table)).into_iter();
    let Some(target) = all.next() else { return Statement::Other };
    let mut from: Vec<Source> = all.collect();
    let mut filters = conditions(std::slice::from_ref(&update.table));
    if let Some(UpdateTableFromKind::BeforeSet(tables) | UpdateTableFromKind::AfterSet(tables)) = &update.from {
        from.extend(sources(tables));
        filters.extend(conditions(tables));
    }
    filters.extend(update.selection.iter().map(expr));
    Statement::Update(Update { target, from, assignments: assignments(&update.assignments), filters, ctes: Vec::new() })
}

fn delete(delete: &ast::Delete) -> Statement {
    let (FromTable::WithFromKeyword(tables) | FromTable::WithoutKeyword(tables)) = &delete.from;
    let mut from = sources(tables);
    let mut filters = conditions(tables);
    let target = match delete.tables.first() {
        Some(target) => Source::table(name(target)),
        None if from.is_empty() => return Statement::Other,
        None => from.remove(0),
    };
    let using = delete.using.as_deref().unwrap_or_default();
    from.extend(sources(using));
    filters.extend(conditions(using));
    filters.extend(delete.selection.iter().map(expr));
    Statement::Delete(Delete { target, from, filters, ctes: Vec::new() })
}

fn merge(merge: &ast::Merge) -> Statement {
    let (Some(target), Some(from)) = (source(&merge.table).into_iter().next(), source(&merge.source).into_iter().next()) else {
        return Statement::Other;
    };
    let filters: Vec<Expr> = vec![expr(&merge.on)];
    let mut out = Merge { target, source: from, assignments: vec![], positional: vec![], star: None, filters, ctes: vec![] };
    for clause in &merge.clauses {
        match &clause.action {
            MergeAction::Update(update) => match &update.kind {
                MergeUpdateKind::Set(sets) => out.assignments.extend(assignments(sets)),
                _ => out.star = Some(Box::default()),
            },
            MergeAction::Insert(insert) => merge_insert(insert, &mut out),
            _ => {}
        }
    }
    Statement::Merge(out)
}

fn merge_insert(insert: &ast::MergeInsertExpr, out: &mut Merge) {
    let values = match &insert.kind {
        MergeInsertKind::Values(values) => values.rows.first(),
        MergeInsertKind::Wildcard => {
            out.star = Some(Box::default());
            None
        }
        MergeInsertKind::Row => None,
    };
    let Some(values) = values else { return };
    let values: Vec<Expr> = values.content.iter().map(expr).collect();
    if insert.columns.is_empty() {
        out.positional.push(values);
    } else {
        let pairs = insert.columns.iter().zip(values);
        out.assignments.extend(pairs.map(|(column, value)| Assignment { column: last_part(column), value }));
    }
}
