//! What must be known of a file to tell whether its graph is still right, without the graph.

use crate::file_graph::FileGraph;
use crate::payload::Payload;
use rowmill_lineage::{Catalogue, Dialect};
use serde::{Deserialize, Serialize};

/// What could not be understood, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProblem {
    /// The statement, from 0; `None` for the file as a whole.
    pub index: Option<usize>,
    /// Line, from 1; 0 where it is not known.
    pub line: usize,
    /// Column, from 1, in characters; 0 where it is not known.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// What is known of a file that was resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The dialect that it was read as; `None` where it is not SQL.
    pub dialect: Option<Dialect>,
    /// What the catalogue says of the names that its lineage asked it for.
    pub fingerprint: [u8; 32],
    /// SHA-256 of what its graph is made of, its name aside: equal for equal files, and changed whenever the graph changes.
    pub digest: [u8; 32],
    /// Statements.
    pub statements: usize,
    /// Statements that bear lineage by their first words.
    pub bearing: usize,
    /// Those of them that yielded structure.
    pub structured: usize,
    /// Nodes of its graph.
    pub nodes: usize,
    /// Edges of its graph.
    pub edges: usize,
    /// What could not be understood.
    pub problems: Vec<FileProblem>,
}

impl Head {
    pub(crate) fn new(payload: &Payload, fingerprint: [u8; 32], digest: [u8; 32], graph: &FileGraph) -> Head {
        let coverage = payload.coverage();
        Head {
            dialect: payload.dialect(),
            fingerprint,
            digest,
            statements: payload.statements(),
            bearing: coverage.bearing,
            structured: coverage.structured,
            nodes: graph.nodes.len(),
            edges: graph.edges.len(),
            problems: payload.problems(),
        }
    }

    /// True where the catalogue still says of these names what it said when this was resolved.
    pub(crate) fn holds(&self, catalogue: &Catalogue, asked: &[String]) -> bool {
        self.dialect.is_none_or(|dialect| catalogue.fingerprint(asked, dialect) == self.fingerprint)
    }
}
