//! What a contract writes, for whoever loads it.

use serde::Serialize;

use crate::model::{Column, Compat, Contract, OnRepeat, OwnElement, RowKind, SourceTable, Table, Type};

/// What a contract reads and writes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// Name of the contract.
    pub name: String,
    /// Schema of all tables, where the contract names one.
    pub schema: Option<String>,
    /// Table that says what became of each document.
    pub log: String,
    /// The table that documents come from, where they come from one.
    pub source: Option<SourceTable>,
    /// Quirks that are turned on.
    pub compat: Compat,
    /// Tables, parents before children.
    pub tables: Vec<TableDescription>,
}

/// A table that a contract writes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableDescription {
    /// Name.
    pub name: String,
    /// Columns in the order of rows.
    pub columns: Vec<ColumnDescription>,
    /// Columns of the primary key.
    pub primary_key: Vec<String>,
    /// The table that rows hang off.
    pub parent: Option<ParentDescription>,
    /// What happens to a row whose key is there already.
    pub on_repeat: OnRepeat,
}

/// A column that a contract writes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnDescription {
    /// Name.
    pub name: String,
    /// Type in PostgreSQL.
    pub sql_type: String,
    /// Most characters of a text.
    pub length: Option<i32>,
    /// Whether it takes null.
    pub nullable: bool,
    /// Where its values come from, for messages; nothing for a column that slots or pairs fill.
    pub from: Option<String>,
}

/// The table that rows hang off.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentDescription {
    /// Name of the table.
    pub table: String,
    /// Columns of this table.
    pub columns: Vec<String>,
    /// Columns of that one, in the same order.
    pub key: Vec<String>,
}

/// What the contract writes.
pub fn describe(contract: &Contract) -> Description {
    Description {
        name: contract.name.clone(),
        schema: contract.target.schema.clone(),
        log: contract.target.log.clone(),
        source: contract.source.clone(),
        compat: contract.compat,
        tables: contract.tables.iter().map(|table| of_table(contract, table)).collect(),
    }
}

fn of_table(contract: &Contract, table: &Table) -> TableDescription {
    let parent = table.parent.as_ref().map(|parent| ParentDescription {
        table: parent.table.clone(),
        columns: parent.columns.clone(),
        key: contract.tables.iter().find(|of| of.name == parent.table).map_or_else(Vec::new, |of| of.key.clone()),
    });
    TableDescription {
        name: table.name.clone(),
        columns: table.columns.iter().map(|column| of_column(contract, table, column)).collect(),
        primary_key: table.key.clone(),
        parent,
        on_repeat: table.on_repeat,
    }
}

fn of_column(contract: &Contract, table: &Table, column: &Column) -> ColumnDescription {
    let length = match column.kind {
        Type::Text { length } => length.filter(|length| *length > 0),
        _ => None,
    };
    let from = column.from.as_ref().map(|from| from.place(&contract.document, own_element(contract, &table.rows)));
    ColumnDescription { name: column.name.clone(), sql_type: sql_type(&column.kind), length, nullable: column.nullable, from }
}

/// The element that rows of a table are made of.
fn own_element<'c>(contract: &'c Contract, rows: &RowKind) -> Option<OwnElement<'c>> {
    match rows {
        RowKind::Group { group } => contract.groups.get(group).map(|group| OwnElement { group, child: None }),
        RowKind::Child { group, child } => {
            let group = contract.groups.get(group)?;
            Some(OwnElement { group, child: group.children.get(child) })
        }
        _ => None,
    }
}

/// The type in PostgreSQL. What is narrower than its types is kept narrow by a check.
pub(super) fn sql_type(kind: &Type) -> String {
    match kind {
        Type::Text { .. } => "text".to_owned(),
        Type::SmallInt | Type::TinyInt | Type::Bit => "smallint".to_owned(),
        Type::Int => "integer".to_owned(),
        Type::BigInt => "bigint".to_owned(),
        Type::Decimal { precision, scale } => format!("numeric({precision},{scale})"),
        Type::Date => "date".to_owned(),
        Type::Timestamp => "timestamp without time zone".to_owned(),
        Type::Double => "double precision".to_owned(),
    }
}
