//! A file of a tree.

use crate::cache::NewEntry;
use crate::encoding::encode;
use crate::head::Head;
use crate::names::Names;
use crate::payload::{Kind, Payload};
use crate::settings::{Settings, key};
use crate::source::{Bytes, Source};
use rowmill_lineage::{Dialect, Prepared, prepare_file};
use std::sync::Arc;

/// How far a file is.
pub(crate) enum State {
    Prepared(Box<Prepared>),
    /// Parsed, and let go again: it is parsed once more.
    Parsed,
    /// Not SQL.
    Done(Box<Payload>),
    /// Its graph is that of the head, where the head still holds.
    Known(Arc<Head>),
}

/// A file of the tree.
pub(crate) struct File {
    pub source: Source,
    pub sha256: [u8; 32],
    pub key: [u8; 32],
    pub bytes: u64,
    /// `None` where it is not SQL.
    pub dialect: Option<Dialect>,
    /// `None` where the cache has them, and nobody asked.
    pub names: Option<Names>,
    pub state: State,
    pub is_cached: bool,
    /// Whether its graph was handed out since it was last new.
    pub is_taken: bool,
}

impl File {
    fn new(source: &Source, bytes: &Bytes, key: [u8; 32], names: Option<Names>, state: State) -> File {
        let dialect = match &state {
            State::Prepared(prepared) => Some(prepared.dialect()),
            State::Known(head) => head.dialect,
            State::Parsed | State::Done(_) => None,
        };
        let is_cached = matches!(state, State::Known(_));
        let (source, length) = (source.clone(), bytes.bytes.len() as u64);
        File { source, sha256: bytes.sha256, key, bytes: length, dialect, names, state, is_cached, is_taken: false }
    }

    /// A file whose head was in the cache.
    pub fn known(source: &Source, bytes: &Bytes, key: [u8; 32], head: Head) -> File {
        File::new(source, bytes, key, None, State::Known(Arc::new(head)))
    }

    /// A file that the cache does not know. Failures say why it cannot be understood at all.
    pub fn parsed(source: &Source, name: &str, bytes: &Bytes, settings: &Settings) -> Result<File, String> {
        let settings = &*source.settings(settings);
        let text = bytes.text()?;
        let kind = Kind::of(name);
        let key = key(&bytes.sha256, kind, name, settings);
        if kind != Kind::Sql {
            let payload = Payload::of(kind, name, &text, &settings.options);
            return Ok(File::new(source, bytes, key, Some(Names::default()), State::Done(Box::new(payload))));
        }
        let prepared = prepare_file(name, &text, &settings.options);
        let names = Names::new(&prepared.entries());
        Ok(File::new(source, bytes, key, Some(names), State::Prepared(Box::new(prepared))))
    }

    /// What the cache is to keep; nothing of a file that could not be read again.
    pub fn keep(&self, head: &Head, asked: &[String], payload: &Payload, name: &str, body: Vec<u8>) -> Option<NewEntry> {
        if matches!((&self.state, payload), (State::Parsed, Payload::Unclear(_))) {
            return None;
        }
        let names = self.names.clone().unwrap_or_default().with_asked(asked);
        Some(NewEntry {
            key: self.key,
            head: encode(head),
            names: names.bytes(),
            body,
            file_size: self.bytes,
            file_name: name.to_owned(),
            content: self.sha256,
            path: self.source.path(),
        })
    }
}
