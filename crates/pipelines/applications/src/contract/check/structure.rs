//! The form of a contract, part by part, so that one fault does not hide another.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::places::{item, member, nearest};
use super::super::problem::{Category, Problem};
use crate::model::{Column, Contract, Table};

/// Problems of form, part by part, so that one does not hide another.
pub(super) fn structure(value: &Value) -> Vec<Problem> {
    let Some(contract) = value.as_object() else {
        return vec![Problem::new(
            Category::Structure,
            "",
            "a contract is an object",
            "Write its fields between braces",
            r#"{"version": 1, "name": "cards", …}"#,
        )];
    };
    let mut problems = Vec::new();
    let parts: [(&str, Shape); 6] = [
        ("document", Shape::One(is::<crate::model::Document>)),
        ("source", Shape::One(is::<crate::model::SourceTable>)),
        ("target", Shape::One(is::<crate::model::Target>)),
        ("compat", Shape::One(is::<crate::model::Compat>)),
        ("enums", Shape::Named(is::<crate::model::Enum>)),
        ("flags", Shape::Named(is::<crate::model::Flag>)),
    ];
    for (name, shape) in parts {
        let Some(part) = contract.get(name) else { continue };
        shape.look(part, &member("", name), &mut problems);
    }
    if let Some(groups) = contract.get("groups") {
        Shape::Named(is::<crate::model::Group>).look(groups, "/groups", &mut problems);
    }
    tables(contract, &mut problems);
    if problems.is_empty() {
        // What is left are the fields of the contract itself.
        let mut bare = contract.clone();
        bare.insert("tables".into(), Value::Array(Vec::new()));
        problems.extend(is::<Contract>(&Value::Object(bare)).map(|error| malformed("", &error)));
    }
    problems
}

/// What a part of a contract is.
enum Shape {
    One(fn(&Value) -> Option<String>),
    /// An object whose members are alike.
    Named(fn(&Value) -> Option<String>),
}

impl Shape {
    fn look(&self, value: &Value, place: &str, problems: &mut Vec<Problem>) {
        match (self, value) {
            (Self::One(is), value) => problems.extend(is(value).map(|error| malformed(place, &error))),
            (Self::Named(is), Value::Object(members)) => {
                for (name, value) in members {
                    problems.extend(is(value).map(|error| malformed(&member(place, name), &error)));
                }
            }
            (Self::Named(_), _) => problems.push(malformed(place, "invalid type: expected an object")),
        }
    }
}

fn tables(contract: &Map<String, Value>, problems: &mut Vec<Problem>) {
    let Some(Value::Array(tables)) = contract.get("tables") else {
        problems.push(Problem::new(
            Category::Structure,
            "/tables",
            "a contract has a list of tables",
            "List them, parents before their children",
            r#"[{"name": "loan", "key": ["loan_id"], "rows": {"document": {}}, "columns": […]}]"#,
        ));
        return;
    };
    for (at, table) in tables.iter().enumerate() {
        let place = item("/tables", at);
        let Some(fields) = table.as_object() else {
            problems.push(malformed(&place, "invalid type: expected an object"));
            continue;
        };
        if let Some(Value::Array(columns)) = fields.get("columns") {
            for (column, value) in columns.iter().enumerate() {
                let place = item(&member(&place, "columns"), column);
                problems.extend(is::<Column>(value).map(|error| malformed(&place, &error)));
            }
        }
        let mut bare = fields.clone();
        if fields.get("columns").is_some_and(Value::is_array) {
            bare.insert("columns".into(), Value::Array(Vec::new()));
        }
        problems.extend(is::<Table>(&Value::Object(bare)).map(|error| malformed(&place, &error)));
    }
}

/// What keeps a value from being one of the type.
fn is<T: DeserializeOwned>(value: &Value) -> Option<String> {
    serde_json::from_value::<T>(value.clone()).err().map(|error| error.to_string())
}

/// A field that is missing, unknown or of the wrong kind, in the words of whoever read it.
pub(super) fn malformed(place: &str, error: &str) -> Problem {
    let quoted: Vec<&str> = error.split('`').skip(1).step_by(2).collect();
    let fix = match quoted.as_slice() {
        [unknown, known @ ..] if error.starts_with("unknown ") => match nearest(unknown, known.iter().copied()) {
            Some(near) => format!("Did you mean {near}?"),
            None if known.is_empty() => "Take it out".to_owned(),
            None => format!("Known are {}", known.join(", ")),
        },
        [missing, ..] if error.starts_with("missing field") => format!("Add {missing}"),
        _ => "See the reference of contracts".to_owned(),
    };
    Problem::new(Category::Structure, place, error, fix, sample(place))
}

/// How a part of a contract could look, by its place.
pub(super) fn sample(place: &str) -> &'static str {
    let parts: Vec<&str> = place.split('/').collect();
    match parts.as_slice() {
        ["", "document", ..] => r#"{"root": "Library", "id": ["/Library/Request/@ID"], "application": "/Library/Request/Data/loan"}"#,
        ["", "source", ..] => r#"{"table": "loan_xml", "key": "loan_id", "column": "document"}"#,
        ["", "target", ..] => r#"{"schema": "library", "log": "processing_log"}"#,
        ["", "compat", ..] => r#"{"digitsAsInt": true}"#,
        ["", "enums", ..] => r#"{"values": {"OPEN": 1, "CLOSED": 2}, "otherwise": 9}"#,
        ["", "flags", ..] => r#"{"values": {"Y": 1, "N": 0}, "fold": "upper", "otherwise": 0}"#,
        ["", "groups", ..] => {
            r#"{"element": "/Library/Request/Data/loan/person", "id": "person_id", "role": {"attribute": "role", "values": ["MAIN"]}}"#
        }
        ["", "tables", _, "columns", ..] => r#"{"name": "fee", "type": "decimal(12,2)", "from": "/Library/Request/Data/loan/@fee"}"#,
        ["", "tables", ..] => r#"{"name": "loan", "key": ["loan_id"], "rows": {"document": {}}, "columns": […]}"#,
        _ => r#"{"version": 1, "name": "loans", "document": {…}, "tables": […]}"#,
    }
}
