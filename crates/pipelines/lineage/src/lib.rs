//! SQL texts to lineage: statements, objects, tables read and written, and which column feeds which.
//!
//! A run has two passes. [`prepare`] splits and parses a file once; the [`Entry`]s of all files make one [`Catalogue`]; then
//! [`Prepared::lineage`] resolves columns with it. [`extract`] does both for one text. No SQL is ever run and no file is opened.

mod adding;
mod batches;
mod bodies;
mod calls;
mod catalogue;
mod changes;
mod column_names;
mod columns;
mod ddl;
mod decode;
mod dialects;
mod extract;
mod flows;
mod functions;
mod graph;
mod inputs;
mod keyed;
mod lex;
mod locals;
mod model;
mod moves;
mod names;
mod objects;
mod packages;
mod parse;
mod past;
mod patterns;
mod pieces;
mod pipes;
mod places;
mod prepare;
mod prepare_calls;
mod reader;
mod relation;
mod relations;
mod rescue;
mod resolve;
mod reword;
mod rewrites;
mod scope;
mod split;
mod texts;
mod texts_in;
mod tree;
mod tsql_starts;
mod units;
mod values;
mod variables;
mod words;

pub use catalogue::{Catalogue, Entry, EntryColumn};
pub use column_names::ColumnNames;
pub use decode::{MAX_BYTES, Undecodable, decode};
pub use dialects::{Choice, DEFAULT, Dialect, Fold, candidates};
pub use extract::{Options, Prepared, extract, prepare, prepare_file};
pub use graph::{Edge, Graph, Id, IdScheme, Node, Word, column_id, node_id};
pub use inputs::{Input, dbt_manifest, json, model_name, python};
pub use model::{ColumnEdge, ColumnRef, Coverage, Definition, FileLineage, Flags, Kind, ObjectKind, Problem, StatementLineage, WriteKind};
pub use names::{Canonical, Name, Part};
pub use pieces::{StatementText, statements};

/// The version of what is extracted, for keys of caches: it changes whenever a result may.
pub const EXTRACTOR_VERSION: &str = concat!("rowmill-lineage/", env!("CARGO_PKG_VERSION"), "/4 polyglot-sql/0.13.5 sqlparser/0.63");
