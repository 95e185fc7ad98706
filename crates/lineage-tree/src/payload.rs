//! What a file yields by its kind: SQL, Python, JSON, or a manifest of dbt.

use crate::file_graph::FileGraph;
use crate::head::FileProblem;
use rowmill_lineage::{Coverage, Dialect, FileLineage, Graph, IdScheme, Input, Options, Problem, dbt_manifest, json, python};
use serde::{Deserialize, Serialize};

/// What a file yields, without its ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Payload {
    Sql(FileLineage),
    /// Models of a manifest by their paths.
    Models(Vec<(String, FileLineage)>),
    Other(Input),
    /// A file that is what its name says, and cannot be understood.
    Unclear(String),
}

/// What a file is by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sql,
    Python,
    Json,
}

impl Kind {
    pub fn of(name: &str) -> Kind {
        let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
        if extension.eq_ignore_ascii_case("py") {
            Kind::Python
        } else if extension.eq_ignore_ascii_case("json") {
            Kind::Json
        } else {
            Kind::Sql
        }
    }
}

impl Payload {
    /// Of a file that is not SQL.
    pub fn of(kind: Kind, name: &str, text: &str, options: &Options) -> Payload {
        if kind == Kind::Python {
            return Payload::Other(python(name, text));
        }
        if text.contains("\"dbt_schema_version\"") {
            return match dbt_manifest(text, options) {
                Ok(models) => Payload::Models(models),
                Err(reason) => Payload::Unclear(reason),
            };
        }
        Payload::Other(json(name, text))
    }

    pub fn graph(&self, name: &str, scheme: IdScheme) -> FileGraph {
        let mut graph = Graph::new(scheme);
        match self {
            Payload::Sql(lineage) => graph.add_file(name, lineage),
            Payload::Models(models) => models.iter().for_each(|(path, lineage)| graph.add_file(path, lineage)),
            Payload::Other(input) => {
                input.nodes.iter().cloned().for_each(|node| graph.add_node(node));
                input.edges.iter().cloned().for_each(|edge| graph.add_edge(edge));
            }
            Payload::Unclear(_) => {}
        }
        FileGraph::new(graph)
    }

    fn lineages(&self) -> impl Iterator<Item = &FileLineage> {
        let (one, many) = match self {
            Payload::Sql(lineage) => (Some(lineage), [].as_slice()),
            Payload::Models(models) => (None, models.as_slice()),
            _ => (None, [].as_slice()),
        };
        one.into_iter().chain(many.iter().map(|(_, lineage)| lineage))
    }

    pub fn dialect(&self) -> Option<Dialect> {
        match self {
            Payload::Sql(lineage) => Some(lineage.dialect),
            _ => None,
        }
    }

    pub fn coverage(&self) -> Coverage {
        let add = |sum: Coverage, one: &FileLineage| Coverage {
            bearing: sum.bearing + one.coverage.bearing,
            structured: sum.structured + one.coverage.structured,
        };
        self.lineages().fold(Coverage::default(), add)
    }

    pub fn statements(&self) -> usize {
        self.lineages().map(|lineage| lineage.statements.len()).sum()
    }

    pub fn problems(&self) -> Vec<FileProblem> {
        let whole = |message: &String| FileProblem { index: None, line: 0, column: 0, message: message.clone() };
        match self {
            Payload::Unclear(reason) => vec![whole(reason)],
            Payload::Other(input) => input.problems.iter().map(whole).collect(),
            _ => self.lineages().flat_map(|lineage| lineage.problems.iter().map(placed)).collect(),
        }
    }
}

fn placed(problem: &Problem) -> FileProblem {
    FileProblem { index: problem.statement, line: problem.line, column: problem.column, message: problem.message.clone() }
}
