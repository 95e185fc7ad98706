//! How a tree is read, and what becomes of a file that is taken in.

use crate::cache::CacheSettings;
use crate::file_graph::FileGraph;
use crate::payload::{Kind, Payload};
use crate::source::Own;
use rowmill_lineage::{EXTRACTOR_VERSION, Entry, IdScheme, Options, model_name};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How files are read.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Dialect, default schema, and what is wanted of conditions and synonyms.
    pub options: Options,
    /// How ids are made.
    pub scheme: IdScheme,
    /// Properties that the nodes of all files get: the project and the repository that they are of, say.
    pub file_properties: BTreeMap<String, String>,
    /// What a schema file says of columns.
    pub schema: Vec<Entry>,
    /// Threads.
    pub threads: usize,
    /// Bytes of the largest file that is read.
    pub max_file_bytes: u64,
    /// Where results are kept, or `None`.
    pub cache: Option<CacheSettings>,
}

impl Settings {
    /// The same, for a text that is read in a way of its own.
    pub(crate) fn with(&self, own: &Own) -> Settings {
        let mut settings = self.clone();
        settings.options.dialect = own.dialect.unwrap_or(settings.options.dialect);
        settings.file_properties.extend(own.properties.clone());
        settings
    }

    /// The graph of what a file yielded.
    pub(crate) fn graph(&self, payload: &Payload, name: &str) -> FileGraph {
        payload.graph(name, self.scheme).of_files(&self.file_properties)
    }
}

/// What became of a file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRead {
    /// Its name in the graph.
    pub name: String,
    /// Hash and length, where it could be read.
    pub content: Option<([u8; 32], u64)>,
    /// Whether the cache knew it.
    pub is_cached: bool,
    /// Why it could not be read.
    pub failure: Option<String>,
}

/// What decides a result beside the catalogue: the content, how it is read, and by which version.
pub(crate) fn key(sha256: &[u8; 32], kind: Kind, name: &str, settings: &Settings) -> [u8; 32] {
    // What files that are not SQL yield holds their names, and what models of dbt do.
    let name = if kind == Kind::Sql { model_name(name).unwrap_or_default() } else { name };
    let how = format!("{EXTRACTOR_VERSION}\u{1f}{:?}\u{1f}{:?}\u{1f}{kind:?}\u{1f}{name}", settings.options, settings.scheme);
    Sha256::new().chain_update(sha256).chain_update(how.as_bytes()).finalize().into()
}
