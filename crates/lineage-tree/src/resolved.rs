//! Files whose graphs are new, and the graphs themselves, which are made when they are wanted.

use crate::cache::{Cache, NewEntry, lock};
use crate::encoding::{decode, encode};
use crate::file::{File, State};
use crate::file_graph::FileGraph;
use crate::head::Head;
use crate::names::Names;
use crate::parallel::Workers;
use crate::payload::{Kind, Payload};
use crate::settings::Settings;
use crate::source::Source;
use crate::unasked::Unasked;
use rowmill_lineage::{Catalogue, Dialect, Fold, IdScheme, prepare_file};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// A file whose graph is new.
#[derive(Debug, Clone)]
pub struct ResolvedFile {
    /// Its name in the graph.
    pub name: String,
    /// Hash of its bytes.
    pub sha256: [u8; 32],
    /// What is known of it.
    pub head: Arc<Head>,
    /// Whether the cache knew it.
    pub is_cached: bool,
    source: Source,
    origin: Origin,
}

/// Where its graph is.
#[derive(Debug, Clone)]
enum Origin {
    Graph(Arc<FileGraph>),
    /// In the cache under this key, or else to be made again of its text.
    Cache([u8; 32]),
}

/// Files whose graphs are new, in the order of their names.
#[derive(Clone)]
pub struct Resolved {
    /// The files.
    pub files: Vec<ResolvedFile>,
    catalogues: Arc<Catalogues>,
    cache: Option<Arc<Mutex<Cache>>>,
    settings: Arc<Settings>,
    workers: Arc<Workers>,
    unasked: Option<Arc<Unasked>>,
}

impl Drop for Resolved {
    /// Graphs are many small values, and who lets go of them has other things to do.
    fn drop(&mut self) {
        self.workers.drop_later(std::mem::take(&mut self.files));
    }
}

/// What the tree says of columns, as each of its dialects compares names.
pub(crate) type Catalogues = HashMap<Dialect, Arc<Catalogue>>;

/// What files say, as each of these dialects compares names; those that compare alike share one. `map` makes the few there are, all at once or not.
pub(crate) fn catalogues_of(
    names: &[&Names],
    mut dialects: Vec<Dialect>,
    settings: &Settings,
    map: impl FnOnce(&[Dialect], &(dyn Fn(&Dialect) -> (bool, Arc<Catalogue>) + Sync)) -> Vec<(bool, Arc<Catalogue>)>,
) -> Catalogues {
    dialects.sort_unstable_by_key(|dialect| dialect.id());
    dialects.dedup();
    let folds_case = |dialect: &Dialect| dialect.fold() == Fold::Insensitive;
    let kinds: Vec<Dialect> = [true, false].into_iter().filter_map(|kind| dialects.iter().copied().find(|each| folds_case(each) == kind)).collect();
    let all = || names.iter().flat_map(|names| names.entries()).chain(settings.schema.iter().cloned());
    let made = map(&kinds, &|dialect| (folds_case(dialect), Arc::new(Catalogue::new(all(), *dialect))));
    let of = |dialect: &Dialect| made.iter().find(|(kind, _)| *kind == folds_case(dialect)).map(|(_, catalogue)| (*dialect, catalogue.clone()));
    dialects.iter().filter_map(of).collect()
}

impl Resolved {
    pub(crate) fn new(
        files: Vec<ResolvedFile>,
        catalogues: Arc<Catalogues>,
        cache: Option<Arc<Mutex<Cache>>>,
        settings: Arc<Settings>,
        workers: Arc<Workers>,
        unasked: Option<Arc<Unasked>>,
    ) -> Resolved {
        Resolved { files, catalogues, cache, settings, workers, unasked }
    }

    /// SHA-256 of a file's graph, its name aside: what the head says, and what the files of this tree are given.
    pub fn digest(&self, file: &ResolvedFile) -> [u8; 32] {
        let settings = file.source.settings(&self.settings);
        let properties = &settings.file_properties;
        if properties.is_empty() {
            return file.head.digest;
        }
        Sha256::new().chain_update(file.head.digest).chain_update(encode(properties)).finalize().into()
    }

    /// The graphs of the files from one place to another, the latter not included.
    ///
    /// # Errors
    /// In words, where a file that the cache has lost meanwhile has changed or cannot be read any more.
    pub fn graphs(&self, from: usize, to: usize) -> Result<Vec<Arc<FileGraph>>, String> {
        let files = self.files.get(from..to.min(self.files.len())).unwrap_or_default();
        self.workers.map(files, |file| self.graph(file)).into_iter().collect()
    }

    fn graph(&self, file: &ResolvedFile) -> Result<Arc<FileGraph>, String> {
        let key = match &file.origin {
            Origin::Graph(graph) => return Ok(graph.clone()),
            Origin::Cache(key) => key,
        };
        let settings = file.source.settings(&self.settings);
        let body = self.cache.as_ref().and_then(|cache| lock(cache).body(key)).filter(|body| digest(self.settings.scheme, body) == file.head.digest);
        if let Some(payload) = body.and_then(|body| decode::<Payload>(&body)) {
            return Ok(Arc::new(settings.graph(&payload, &file.name)));
        }
        let catalogues = match &self.unasked {
            Some(unasked) => unasked.catalogues(&self.settings, self.cache.as_deref()),
            None => &self.catalogues,
        };
        let payload = again(&file.name, &file.source, &file.sha256, &settings, catalogues)?.0;
        Ok(Arc::new(settings.graph(&payload, &file.name)))
    }
}

pub(crate) fn digest(scheme: IdScheme, body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([scheme as u8]).chain_update(body).finalize().into()
}

/// Reads a file once more, which must not have changed.
fn again(name: &str, source: &Source, sha256: &[u8; 32], settings: &Settings, catalogues: &Catalogues) -> Result<(Payload, Vec<String>), String> {
    let bytes = source.read(settings.max_file_bytes)?;
    if bytes.sha256 != *sha256 {
        return Err("the file has changed while it was read; run again".to_owned());
    }
    let text = bytes.text()?;
    let kind = Kind::of(name);
    if kind != Kind::Sql {
        return Ok((Payload::of(kind, name, &text, &settings.options), Vec::new()));
    }
    let prepared = prepare_file(name, &text, &settings.options);
    let nothing = Arc::new(Catalogue::default());
    let (lineage, asked) = prepared.lineage_and_names(catalogues.get(&prepared.dialect()).unwrap_or(&nothing));
    Ok((Payload::Sql(lineage), asked))
}

/// What resolving a file gives.
pub(crate) struct Done {
    pub file: ResolvedFile,
    /// What the cache is to keep.
    pub entry: Option<NewEntry>,
    /// Names that the catalogue was asked for; `None` where it was not asked.
    pub asked: Option<Vec<String>>,
}

/// The graph of a file by the catalogue.
pub(crate) fn resolve(name: &str, file: &File, settings: &Settings, catalogues: &Catalogues) -> Done {
    let (settings, source) = (&*file.source.settings(settings), &file.source);
    let resolved = |head: Arc<Head>, origin| ResolvedFile {
        name: name.to_owned(),
        sha256: file.sha256,
        head,
        is_cached: file.is_cached,
        source: source.clone(),
        origin,
    };
    let nothing = Arc::new(Catalogue::default());
    let (payload, asked) = match &file.state {
        State::Known(head) => {
            let file = resolved(head.clone(), Origin::Cache(file.key));
            return Done { file, entry: None, asked: None };
        }
        State::Prepared(prepared) => {
            let (lineage, asked) = prepared.lineage_and_names(catalogues.get(&prepared.dialect()).unwrap_or(&nothing));
            (Cow::Owned(Payload::Sql(lineage)), asked)
        }
        State::Done(payload) => (Cow::Borrowed(payload.as_ref()), Vec::new()),
        State::Parsed => match again(name, &file.source, &file.sha256, settings, catalogues) {
            Ok((payload, asked)) => (Cow::Owned(payload), asked),
            Err(reason) => (Cow::Owned(Payload::Unclear(reason)), Vec::new()),
        },
    };
    let graph = settings.graph(&payload, name);
    let catalogue = payload.dialect().and_then(|dialect| catalogues.get(&dialect));
    let fingerprint = payload.dialect().map_or([0; 32], |dialect| catalogue.unwrap_or(&nothing).fingerprint(&asked, dialect));
    let body = encode(payload.as_ref());
    let head = Head::new(&payload, fingerprint, digest(settings.scheme, &body), &graph);
    let entry = file.keep(&head, &asked, &payload, name, body);
    Done { file: resolved(Arc::new(head), Origin::Graph(Arc::new(graph))), entry, asked: Some(asked) }
}
