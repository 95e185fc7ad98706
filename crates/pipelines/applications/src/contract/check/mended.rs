//! What else is wrong with a contract, parts of which are not of their form.

use serde_json::{Map, Value, json};

use super::super::problem::Problem;
use super::super::references::references;
use super::compiled::add_uncompiled;
use crate::model::{Contract, Type};

/// Problems of the parts that are sound, with something harmless in the place of those that are not. None where that cannot be told.
pub(super) fn mended(contract: &Value, problems: &[Problem]) -> Vec<Problem> {
    let mut contract = contract.clone();
    for problem in problems {
        if mend(&mut contract, &problem.place).is_none() {
            return Vec::new();
        }
    }
    let Ok(contract) = serde_json::from_value::<Contract>(contract) else { return Vec::new() };
    let mut others = references(&contract);
    add_uncompiled(&contract, &mut others);
    let is_of_faulty = |other: &Problem| {
        let is_inside = |place: &str| other.place.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        problems.iter().any(|problem| is_inside(&problem.place))
    };
    others.retain(|other| !is_of_faulty(other));
    others
}

/// Puts something harmless in the place of a faulty part; nothing where there is no such thing.
fn mend(contract: &mut Value, place: &str) -> Option<()> {
    let parts: Vec<&str> = place.split('/').collect();
    let harmless = match parts.as_slice() {
        ["", "enums", _] => json!({"values": {"mended": 0}, "otherwise": 0}),
        ["", "flags", _] => json!({"values": {"mended": 0}, "otherwise": 0}),
        ["", "tables", table, "columns", _] => {
            let is_of_key = is_of_key(contract.pointer(&format!("/tables/{table}"))?, contract.pointer(place)?);
            column(contract.pointer(place)?.as_object()?, is_of_key)?
        }
        _ => return None,
    };
    *contract.pointer_mut(place)? = harmless;
    Some(())
}

/// Whether a column is one by which rows of several tables are told apart.
fn is_of_key(table: &Value, column: &Value) -> bool {
    let has = |names: Option<&Value>| names.and_then(Value::as_array).is_some_and(|names| names.contains(&column["name"]));
    has(table.get("key")) || has(table.pointer("/parent/columns"))
}

/// A column of the same name and type that comes from the document's key. Of a key the type must be known: others are compared with it.
fn column(faulty: &Map<String, Value>, is_of_key: bool) -> Option<Value> {
    let name = faulty.get("name").and_then(Value::as_str)?;
    let kind = faulty.get("type").and_then(Value::as_str).filter(|kind| kind.parse::<Type>().is_ok());
    if kind.is_none() && is_of_key {
        return None;
    }
    Some(json!({"name": name, "type": kind.unwrap_or("text"), "from": {"key": "document"}, "nullable": !is_of_key}))
}
