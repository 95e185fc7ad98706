//! The graph of a file in few rows: what one row of a special kind can say instead of several nodes and edges is said by it, and nothing is lost.
//!
//! A column and the edge that says whose it is are one row; so are a transformation, the edges to and from it, and the flow that it stands for.

use crate::file_graph::FileGraph;
use rowmill_lineage::{Edge, Id, Node};

/// A column of an asset: a node without properties, and the edge `CONTAINS` to it.
pub(crate) struct Column<'g> {
    pub node: &'g Node,
    pub asset: &'g Id,
}

/// A `FLOWS_TO` with its transformation, the `INPUT_TO` to it and the `GENERATES` from it.
pub(crate) struct Flow<'g> {
    pub edge: &'g Edge,
    pub via: &'g Node,
}

/// All of a graph.
#[derive(Default)]
pub(crate) struct Facts<'g> {
    pub columns: Vec<Column<'g>>,
    pub flows: Vec<Flow<'g>>,
    /// Nodes that no column and no flow tells of.
    pub nodes: Vec<&'g Node>,
    /// Edges that no column and no flow tells of.
    pub edges: Vec<&'g Edge>,
    /// Ends of edges that are no node of the graph, once for each edge.
    pub strange: Vec<Id>,
}

/// Properties of a flow that its row says in fields of their own.
pub(crate) const SAID_BY_FLOWS: [&str; 2] = ["kind", "expr_id"];

/// As parsers say it, surely.
fn is_plain(edge: &Edge) -> bool {
    is_parsed(edge) && edge.confidence == 1.0 && edge.properties.is_empty()
}

fn is_parsed(edge: &Edge) -> bool {
    edge.source == "parser" && edge.status == "approved"
}

/// Nodes and edges by what identifies them, and which of them are told already.
struct Search<'g> {
    graph: &'g FileGraph,
    told_nodes: Vec<bool>,
    told_edges: Vec<bool>,
}

impl<'g> Search<'g> {
    fn node(&self, id: &Id) -> Option<usize> {
        self.graph.nodes.binary_search_by(|node| node.id.cmp(id)).ok()
    }

    fn edge(&self, from: &Id, kind: &str, to: &Id) -> Option<usize> {
        self.graph.edges.binary_search_by(|edge| (&edge.from, edge.kind.as_ref(), &edge.to).cmp(&(from, kind, to))).ok()
    }

    fn column(&mut self, at: usize) -> Option<Column<'g>> {
        let edge = &self.graph.edges[at];
        let place = self.node(&edge.to).filter(|_| is_plain(edge))?;
        let node = &self.graph.nodes[place];
        if self.told_nodes[place] || node.label != "Column" || !node.properties.is_empty() {
            return None;
        }
        (self.told_nodes[place], self.told_edges[at]) = (true, true);
        Some(Column { node, asset: &edge.from })
    }

    fn flow(&mut self, at: usize) -> Option<Flow<'g>> {
        let edge = &self.graph.edges[at];
        let said = |key| edge.properties.get(key);
        let via = Id::from_hex(said("expr_id")?).filter(|_| is_parsed(edge))?;
        let place = self.node(&via)?;
        let node = &self.graph.nodes[place];
        let is_said = node.label == "Transformation"
            && node.properties.len() == 2
            && node.properties.get("logic") == Some(&node.name)
            && node.properties.get("kind") == Some(said("kind")?);
        let (input, output) = (self.edge(&edge.from, "INPUT_TO", &via)?, self.edge(&via, "GENERATES", &edge.to)?);
        let (first, second) = (&self.graph.edges[input], &self.graph.edges[output]);
        let are_said = is_parsed(first) && first.properties.is_empty() && first.confidence == edge.confidence && is_plain(second);
        if !is_said || !are_said {
            return None;
        }
        self.told_nodes[place] = true;
        for told in [at, input, output] {
            self.told_edges[told] = true;
        }
        Some(Flow { edge, via: node })
    }

    fn strange(&self) -> Vec<Id> {
        let mut strange = Vec::new();
        let mut last: Option<(&Id, bool)> = None;
        for edge in &self.graph.edges {
            let is_known = last.filter(|(id, _)| *id == &edge.from).map_or_else(|| self.node(&edge.from).is_some(), |(_, is_known)| is_known);
            last = Some((&edge.from, is_known));
            strange.extend((!is_known).then_some(edge.from));
            strange.extend(self.node(&edge.to).is_none().then_some(edge.to));
        }
        strange
    }
}

/// The facts of a graph.
pub(crate) fn facts(graph: &FileGraph) -> Facts<'_> {
    let mut search = Search { graph, told_nodes: vec![false; graph.nodes.len()], told_edges: vec![false; graph.edges.len()] };
    let mut facts = Facts { strange: search.strange(), ..Facts::default() };
    for (at, edge) in graph.edges.iter().enumerate() {
        match edge.kind.as_ref() {
            "CONTAINS" => facts.columns.extend(search.column(at)),
            "FLOWS_TO" => facts.flows.extend(search.flow(at)),
            _ => {}
        }
    }
    facts.nodes = graph.nodes.iter().zip(&search.told_nodes).filter(|(_, told)| !**told).map(|(node, _)| node).collect();
    facts.edges = graph.edges.iter().zip(&search.told_edges).filter(|(_, told)| !**told).map(|(edge, _)| edge).collect();
    facts
}
