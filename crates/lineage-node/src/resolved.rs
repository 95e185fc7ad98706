//! Files whose graphs are new: what is known of them, and their graphs as objects or as COPY bytes.

use crate::answer::{answer, in_background, wire_failure};
use crate::tree::hex;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use rowmill_core::{Code, Error, Result, guarded};
use rowmill_lineage::{Edge, Node};
use rowmill_lineage_tree::{CopyBytes, FileGraph, Resolved, ResolvedFile, copy_graphs};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

/// Files whose graphs are new, in the order of their names.
#[napi]
pub struct ResolvedFiles {
    /// `None` once it was let go.
    resolved: Mutex<Option<Arc<Resolved>>>,
}

/// Nodes and edges of some files as COPY bytes.
#[napi(object, object_from_js = false)]
pub struct GraphCopy {
    /// Rows of nodes that neither a column nor a flow tells of.
    pub nodes: Buffer,
    /// Rows of columns and whose they are.
    pub columns: Buffer,
    /// Rows of flows and their transformations.
    pub flows: Buffer,
    /// Rows of all other edges.
    pub edges: Buffer,
    /// Ends of edges that are no node of these files, 32 bytes each.
    pub strange: Buffer,
    /// Nodes that the rows tell of.
    pub node_count: u32,
    /// Edges that the rows tell of.
    pub edge_count: u32,
}

/// Either COPY bytes or a failure.
#[napi(object, object_from_js = false)]
pub struct GraphCopyAnswer {
    /// The bytes.
    pub ok: Option<GraphCopy>,
    /// The failure.
    #[napi(ts_type = "Failure")]
    pub failure: Option<Value>,
}

impl From<CopyBytes> for GraphCopy {
    fn from(bytes: CopyBytes) -> GraphCopy {
        GraphCopy {
            nodes: bytes.nodes.into(),
            columns: bytes.columns.into(),
            flows: bytes.flows.into(),
            edges: bytes.edges.into(),
            strange: bytes.strange.into(),
            node_count: bytes.node_count as u32,
            edge_count: bytes.edge_count as u32,
        }
    }
}

impl ResolvedFiles {
    pub(crate) fn new(resolved: Resolved) -> ResolvedFiles {
        ResolvedFiles { resolved: Mutex::new(Some(Arc::new(resolved))) }
    }

    fn held(&self) -> Result<Arc<Resolved>> {
        let held = self.resolved.lock().unwrap_or_else(PoisonError::into_inner).clone();
        held.ok_or_else(|| Error::bug("graphs are asked for that were let go"))
    }
}

fn summary(resolved: &Resolved, file: &ResolvedFile) -> Value {
    let head = &file.head;
    let problem = |p: &rowmill_lineage_tree::FileProblem| json!({ "index": p.index, "line": p.line, "column": p.column, "message": p.message });
    json!({
        "name": file.name,
        "sha256": hex(&file.sha256),
        "dialect": head.dialect.map(|dialect| dialect.id()),
        "digest": hex(&resolved.digest(file)),
        "isCached": file.is_cached,
        "statements": head.statements,
        "bearing": head.bearing,
        "structured": head.structured,
        "problems": head.problems.iter().map(problem).collect::<Vec<_>>(),
        "nodes": head.nodes,
        "edges": head.edges,
    })
}

fn node(file: &str, node: &Node) -> Value {
    json!({ "file": file, "id": node.id, "kind": node.label, "name": node.name, "properties": node.properties })
}

fn edge(file: &str, edge: &Edge) -> Value {
    json!({
        "file": file,
        "from": edge.from,
        "type": edge.kind,
        "to": edge.to,
        "source": edge.source,
        "confidence": edge.confidence,
        "status": edge.status,
        "properties": edge.properties,
    })
}

fn graphs(resolved: &Resolved, from: u32, to: u32) -> Result<Vec<Arc<FileGraph>>> {
    resolved.graphs(from as usize, to as usize).map_err(|reason| Error::new(Code::InputChanged, reason).help("Run again."))
}

#[napi]
impl ResolvedFiles {
    /// What is known of the files.
    #[napi(ts_return_type = "FileSummary[]")]
    pub fn files(&self) -> Value {
        Value::Array(self.held().map_or_else(|_| Vec::new(), |resolved| resolved.files.iter().map(|file| summary(&resolved, file)).collect()))
    }

    /// Lets go of the graphs, which are large: the collector of JavaScript does not see how large. Nothing can be asked afterwards.
    #[napi]
    pub fn free(&self) {
        self.resolved.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// The graphs of the files from one place to another, the latter not included.
    #[napi(ts_return_type = "Promise<Answer<FileGraphs>>")]
    pub async fn graphs(&self, from: u32, to: u32) -> Value {
        let resolved = self.held();
        let work = move || {
            let resolved = resolved?;
            let graphs = graphs(&resolved, from, to)?;
            let files = || resolved.files.iter().skip(from as usize).zip(&graphs);
            let nodes: Vec<_> = files().flat_map(|(file, graph)| graph.nodes.iter().map(|n| node(&file.name, n))).collect();
            let edges: Vec<_> = files().flat_map(|(file, graph)| graph.edges.iter().map(|e| edge(&file.name, e))).collect();
            Ok(json!({ "nodes": nodes, "edges": edges }))
        };
        in_background(move || answer(work)).await
    }

    /// The graphs of the files from one place to another, the latter not included, as binary COPY. The first field of a row is the key of its file:
    /// `first` for the first one, and one more for each that follows.
    #[napi(ts_return_type = "Promise<Answer<GraphCopy>>")]
    pub async fn copy(&self, from: u32, to: u32, first: i64) -> GraphCopyAnswer {
        let resolved = self.held();
        let work = move || Ok(copy_graphs(&graphs(&*resolved?, from, to)?, first));
        match in_background(move || guarded(work)).await {
            Ok(bytes) => GraphCopyAnswer { ok: Some(bytes.into()), failure: None },
            Err(error) => GraphCopyAnswer { ok: None, failure: Some(wire_failure(&error)) },
        }
    }
}
