//! The graph of one file.

use rowmill_lineage::{Edge, Graph, Node};
use std::collections::BTreeMap;

/// Nodes by id and edges by their ends and type, both ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct FileGraph {
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// Its edges.
    pub edges: Vec<Edge>,
}

impl FileGraph {
    pub(crate) fn new(graph: Graph) -> FileGraph {
        let (nodes, edges) = graph.into_parts();
        FileGraph { nodes, edges }
    }

    /// The same, its nodes of files with these properties.
    pub(crate) fn of_files(mut self, properties: &BTreeMap<String, String>) -> FileGraph {
        let is_file = |node: &&mut Node| !properties.is_empty() && node.label == "File";
        for node in self.nodes.iter_mut().filter(is_file) {
            node.properties.extend(properties.iter().map(|(key, value)| (key.clone().into(), value.clone())));
        }
        self
    }
}
