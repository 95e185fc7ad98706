//! Documents of JSON: their root, their keys, and how long they are.

use super::Input;
use crate::graph::{Edge, Node, node_id};

/// The node of a document, its keys, and the edges between file, document and keys.
pub fn json(path: &str, text: &str) -> Input {
    let value: serde_json::Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return Input { problems: vec![format!("line {}, column {}: {error}", error.line(), error.column())], ..Input::default() },
    };
    let (root, length, first) = match &value {
        serde_json::Value::Object(_) => ("object", None, Some(&value)),
        serde_json::Value::Array(items) => ("array", Some(items.len()), items.iter().find(|i| i.is_object())),
        serde_json::Value::String(_) => ("string", None, None),
        serde_json::Value::Number(_) => ("number", None, None),
        serde_json::Value::Bool(_) => ("boolean", None, None),
        serde_json::Value::Null => ("null", None, None),
    };
    let keys: Vec<&String> = first.and_then(|v| v.as_object()).into_iter().flat_map(|o| o.keys()).collect();
    let file = Node::file(path);
    let id = node_id(&["json_doc", path]);
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let mut document = Node::new(id, "JsonDocument", name).with("root_type", root).with("key_count", &keys.len().to_string());
    if let Some(length) = length {
        document = document.with("array_len", &length.to_string());
    }
    let mut out = Input { edges: vec![Edge::parsed(file.id, "CONTAINS_CONTENT", id)], nodes: vec![file, document], problems: Vec::new() };
    for key in keys {
        let key_id = node_id(&["json_key", path, key]);
        out.edges.push(Edge::parsed(id, "HAS_KEY", key_id));
        out.nodes.push(Node::new(key_id, "JsonKey", key));
    }
    out
}
