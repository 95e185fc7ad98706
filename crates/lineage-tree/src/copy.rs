//! Graphs as PostgreSQL's binary COPY, in the rows of [`crate::facts`]. What nearly all rows say is NULL: the source `parser`, the confidence 1, the
//! status `approved`, and no properties.

use crate::facts::{Facts, SAID_BY_FLOWS, facts};
use crate::file_graph::FileGraph;
use rowmill_lineage::{Id, Word};
use std::collections::{BTreeMap, HashSet};

const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

struct Rows {
    out: Vec<u8>,
}

impl Rows {
    fn new() -> Rows {
        Rows { out: HEADER.to_vec() }
    }

    /// Begins a row of so many fields with the key of its file.
    fn row(&mut self, fields: i16, file: i64) {
        self.out.extend_from_slice(&fields.to_be_bytes());
        self.field(&file.to_be_bytes());
    }

    fn field(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
        self.out.extend_from_slice(bytes);
    }

    fn null(&mut self) {
        self.out.extend_from_slice(&(-1_i32).to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.field(storable(text).as_bytes());
    }

    fn text_unless(&mut self, usual: &str, text: &str) {
        if text == usual { self.null() } else { self.text(text) }
    }

    fn confidence(&mut self, confidence: f64) {
        if confidence == 1.0 { self.null() } else { self.field(&confidence.to_be_bytes()) }
    }

    fn properties(&mut self, properties: &BTreeMap<Word, String>, but: &[&str]) {
        let said: BTreeMap<_, _> =
            properties.iter().filter(|(key, _)| !but.contains(&key.as_ref())).map(|(key, value)| (storable(key), storable(value))).collect();
        if said.is_empty() {
            return self.null();
        }
        let length_at = self.out.len();
        self.out.extend_from_slice(&[0, 0, 0, 0, 1]);
        // Texts are all there is in it, and a vector takes all: this does not fail.
        let _ = serde_json::to_writer(&mut self.out, &said);
        let length = (self.out.len() - length_at - 4) as i32;
        self.out[length_at..length_at + 4].copy_from_slice(&length.to_be_bytes());
    }

    fn end(mut self) -> Vec<u8> {
        self.out.extend_from_slice(&(-1_i16).to_be_bytes());
        self.out
    }
}

/// NUL cannot be stored: it is left out.
fn storable(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "").into() } else { text.into() }
}

/// Graphs of some files as rows of four tables.
pub struct CopyBytes {
    /// `(file int8, id bytea, kind text, name text, props jsonb)`.
    pub nodes: Vec<u8>,
    /// `(file int8, id bytea, asset bytea, name text)`.
    pub columns: Vec<u8>,
    /// `(file int8, src bytea, dst bytea, via bytea, kind text, logic text, confidence float8, props jsonb)`.
    pub flows: Vec<u8>,
    /// `(file int8, src bytea, type text, dst bytea, source text, confidence float8, status text, props jsonb)`.
    pub edges: Vec<u8>,
    /// Ends of edges that are no node of these files, 32 bytes each, once for each edge.
    pub strange: Vec<u8>,
    /// Nodes that the rows tell of.
    pub node_count: usize,
    /// Edges that the rows tell of.
    pub edge_count: usize,
}

/// The rows of these graphs. The key of the first one's file is `first`, and those of the others follow it.
pub fn copy_graphs(graphs: &[impl AsRef<FileGraph>], first: i64) -> CopyBytes {
    let (mut nodes, mut columns, mut flows, mut edges) = (Rows::new(), Rows::new(), Rows::new(), Rows::new());
    let mut strange: Vec<Id> = Vec::new();
    for (file, graph) in (first..).zip(graphs) {
        let facts = facts(graph.as_ref());
        node_rows(&mut nodes, file, &facts);
        column_rows(&mut columns, file, &facts);
        flow_rows(&mut flows, file, &facts);
        edge_rows(&mut edges, file, &facts);
        strange.extend(facts.strange);
    }
    if !strange.is_empty() {
        let all: HashSet<&Id> = graphs.iter().flat_map(|graph| &graph.as_ref().nodes).map(|node| &node.id).collect();
        strange.retain(|id| !all.contains(id));
    }
    CopyBytes {
        nodes: nodes.end(),
        columns: columns.end(),
        flows: flows.end(),
        edges: edges.end(),
        strange: strange.iter().flat_map(|id| id.0).collect(),
        node_count: graphs.iter().map(|graph| graph.as_ref().nodes.len()).sum(),
        edge_count: graphs.iter().map(|graph| graph.as_ref().edges.len()).sum(),
    }
}

fn node_rows(rows: &mut Rows, file: i64, facts: &Facts<'_>) {
    for node in &facts.nodes {
        rows.row(5, file);
        rows.field(&node.id.0);
        rows.text(&node.label);
        rows.text(&node.name);
        rows.properties(&node.properties, &[]);
    }
}

fn column_rows(rows: &mut Rows, file: i64, facts: &Facts<'_>) {
    for column in &facts.columns {
        rows.row(4, file);
        rows.field(&column.node.id.0);
        rows.field(&column.asset.0);
        rows.text(&column.node.name);
    }
}

fn flow_rows(rows: &mut Rows, file: i64, facts: &Facts<'_>) {
    for flow in &facts.flows {
        rows.row(8, file);
        rows.field(&flow.edge.from.0);
        rows.field(&flow.edge.to.0);
        rows.field(&flow.via.id.0);
        rows.text(flow.edge.properties.get("kind").map_or("", String::as_str));
        rows.text(&flow.via.name);
        rows.confidence(flow.edge.confidence);
        rows.properties(&flow.edge.properties, &SAID_BY_FLOWS);
    }
}

fn edge_rows(rows: &mut Rows, file: i64, facts: &Facts<'_>) {
    for edge in &facts.edges {
        rows.row(8, file);
        rows.field(&edge.from.0);
        rows.text(&edge.kind);
        rows.field(&edge.to.0);
        rows.text_unless("parser", &edge.source);
        rows.confidence(edge.confidence);
        rows.text_unless("approved", &edge.status);
        rows.properties(&edge.properties, &[]);
    }
}
