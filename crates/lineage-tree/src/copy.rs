//! Graphs as PostgreSQL's binary COPY: one row for each node or edge of each file.

use crate::file_graph::FileGraph;
use rowmill_lineage::Word;
use std::collections::BTreeMap;

const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

struct Rows {
    out: Vec<u8>,
}

impl Rows {
    fn new() -> Rows {
        Rows { out: HEADER.to_vec() }
    }

    fn row(&mut self, fields: i16) {
        self.out.extend_from_slice(&fields.to_be_bytes());
    }

    fn field(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
        self.out.extend_from_slice(bytes);
    }

    /// NUL cannot be stored: it is left out.
    fn text(&mut self, text: &str) {
        if text.contains('\0') { self.field(text.replace('\0', "").as_bytes()) } else { self.field(text.as_bytes()) }
    }

    fn properties(&mut self, properties: &BTreeMap<Word, String>) {
        let json = if properties.is_empty() { "{}".to_owned() } else { serde_json::to_string(properties).unwrap_or_else(|_| "{}".to_owned()) };
        // What JSON writes for NUL is refused as well.
        let json = if json.contains("\\u0000") { json.replace("\\u0000", "") } else { json };
        self.out.extend_from_slice(&(json.len() as i32 + 1).to_be_bytes());
        self.out.push(1);
        self.out.extend_from_slice(json.as_bytes());
    }

    fn end(mut self) -> Vec<u8> {
        self.out.extend_from_slice(&(-1_i16).to_be_bytes());
        self.out
    }
}

/// Rows of `(file int4, id bytea, kind text, name text, props jsonb)`; `file` is the place of the graph among `graphs`.
pub fn copy_nodes<'g>(graphs: impl IntoIterator<Item = &'g FileGraph>) -> Vec<u8> {
    let mut rows = Rows::new();
    for (file, graph) in graphs.into_iter().enumerate() {
        for node in &graph.nodes {
            rows.row(5);
            rows.field(&(file as i32).to_be_bytes());
            rows.field(&node.id.0);
            rows.text(&node.label);
            rows.text(&node.name);
            rows.properties(&node.properties);
        }
    }
    rows.end()
}

/// Rows of `(file int4, src bytea, type text, dst bytea, source text, confidence float8, status text, props jsonb)`.
pub fn copy_edges<'g>(graphs: impl IntoIterator<Item = &'g FileGraph>) -> Vec<u8> {
    let mut rows = Rows::new();
    for (file, graph) in graphs.into_iter().enumerate() {
        for edge in &graph.edges {
            rows.row(8);
            rows.field(&(file as i32).to_be_bytes());
            rows.field(&edge.from.0);
            rows.text(&edge.kind);
            rows.field(&edge.to.0);
            rows.text(&edge.source);
            rows.field(&edge.confidence.to_be_bytes());
            rows.text(&edge.status);
            rows.properties(&edge.properties);
        }
    }
    rows.end()
}
