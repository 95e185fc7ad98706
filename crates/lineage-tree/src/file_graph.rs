//! The graph of one file.

use rowmill_lineage::{Edge, Graph, Node};

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
}
