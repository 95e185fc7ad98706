//! Contracts and documents for tests, and rows as texts.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use rowmill_applications::map::{Options, Outcome, Program, Scratch, SourceId};
use rowmill_applications::model::{Compat, Contract};
use serde_json::Value;

/// The small contract with some of its parts replaced, by JSON pointer.
pub fn contract(changes: &[(&str, Value)]) -> Contract {
    let mut json: Value = serde_json::from_str(include_str!("../fixtures/small.json")).expect("the small contract");
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = json.pointer_mut(parent).unwrap_or_else(|| panic!("no {pointer}"));
        match parent {
            Value::Array(list) if key == "-" => list.push(value.clone()),
            Value::Array(list) => list[key.parse::<usize>().expect("a position")] = value.clone(),
            parent => parent[key] = value.clone(),
        }
    }
    serde_json::from_value(json).expect("a contract")
}

/// Every quirk at once, as an imported contract has them.
pub fn all_quirks() -> Value {
    serde_json::to_value(Compat::original()).expect("switches")
}

/// A document of the small contract: attributes of the request, and what is in its data.
pub fn document(request: &str, data: &str) -> String {
    format!("<Library><Request ID='7' {request}><Data>{data}</Data></Request></Library>")
}

/// Rows by table, and what was said of the document.
pub struct Mapped {
    pub outcome: Outcome,
    tables: BTreeMap<String, RecordBatch>,
}

impl Mapped {
    /// The cells of one column.
    pub fn column(&self, table: &str, column: &str) -> Vec<String> {
        let batch = &self.tables[table];
        let array = batch.column_by_name(column).unwrap_or_else(|| panic!("no column {table}.{column}"));
        (0..batch.num_rows()).map(|row| cell(array, row)).collect()
    }

    /// The only cell of a column.
    pub fn cell(&self, table: &str, column: &str) -> String {
        let column = self.column(table, column);
        assert_eq!(column.len(), 1, "{table}: {:?}", self.outcome);
        column[0].clone()
    }

    pub fn rows(&self, table: &str) -> usize {
        self.tables[table].num_rows()
    }

    pub fn reason(&self) -> &str {
        self.outcome.reason.as_deref().unwrap_or("")
    }

    pub fn issues(&self) -> Vec<String> {
        self.outcome.issues.iter().map(|issue| format!("{:?}: {}", issue.kind, issue.message)).collect()
    }

    pub fn has_issue(&self, text: &str) -> bool {
        self.issues().iter().any(|issue| issue.contains(text))
    }
}

/// Maps one document.
pub fn map(contract: &Contract, document: &str) -> Mapped {
    map_with(contract, document.as_bytes(), &SourceId::default(), Options::default())
}

pub fn map_with(contract: &Contract, document: &[u8], source: &SourceId, options: Options) -> Mapped {
    let program = Program::compile(contract).expect("a contract that compiles");
    let mut rows = program.rows();
    let outcome = program.map(&mut Scratch::new(options), source, document, &mut rows).expect("no fault of ours");
    assert_eq!(rows.len() as u64, outcome.rows, "{outcome:?}");
    let tables = rows.finish().expect("batches").into_iter().collect();
    Mapped { outcome, tables }
}

fn cell(array: &ArrayRef, row: usize) -> String {
    if array.is_null(row) {
        return "null".to_owned();
    }
    match array.data_type() {
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Date32 => array.as_primitive::<Date32Type>().value_as_date(row).expect("a date").to_string(),
        DataType::Timestamp(..) => array.as_primitive::<TimestampMicrosecondType>().value_as_datetime(row).expect("a time").to_string(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).to_owned(),
        other => panic!("no column is {other}"),
    }
}
