//! Files taken in, and the graphs that they have by what all of them say.

use crate::cache::{Cache, CacheSettings, lock};
use crate::encoding::decode;
use crate::head::Head;
use crate::parallel::Workers;
use crate::payload::{Kind, Payload};
use crate::resolved::{Catalogues, Resolved, resolve};
use crate::settings::{FileRead, Settings, key};
use crate::source::{Bytes, Source};
use rowmill_lineage::{Catalogue, Dialect, Entry, Prepared, prepare};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

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
    pub bytes: u64,
    /// `None` where it is not SQL.
    dialect: Option<Dialect>,
    pub entries: Vec<Entry>,
    pub state: State,
    pub is_cached: bool,
    /// Whether its graph was handed out since it was last new.
    is_taken: bool,
}

/// A tree of files.
pub struct Tree {
    settings: Arc<Settings>,
    workers: Arc<Workers>,
    cache: Option<Arc<Mutex<Cache>>>,
    files: BTreeMap<String, File>,
    catalogues: Arc<Catalogues>,
    is_stale: bool,
}

/// Bytes of text whose parsed form is held between reading and resolving; beyond it, a text is parsed twice.
const HELD_TEXT_BYTES: u64 = 16 * 1024 * 1024;

/// Files that are read at a time, so that not all of their bytes are held.
const PORTION: usize = 512;

impl Tree {
    /// An empty tree.
    ///
    /// # Errors
    /// In words, where the cache can neither be opened nor made, and where there are no threads to be had.
    pub fn new(settings: Settings) -> Result<Tree, String> {
        let cache = settings.cache.as_ref().map(Cache::open).transpose()?.map(|cache| Arc::new(Mutex::new(cache)));
        let workers = Arc::new(Workers::new(settings.threads)?);
        Ok(Tree { settings: Arc::new(settings), workers, cache, files: BTreeMap::new(), catalogues: Arc::default(), is_stale: true })
    }

    /// Takes in files from disk as pairs of path and name. A name that was taken in before is replaced; where it cannot be read, it is forgotten.
    pub fn read(&mut self, files: &[(PathBuf, String)]) -> Vec<FileRead> {
        let sources = files.iter().map(|(path, name)| (Source::Path(path.clone()), name.clone())).collect::<Vec<_>>();
        sources.chunks(PORTION).flat_map(|portion| self.take(portion)).collect()
    }

    /// Takes in a text under a name.
    pub fn read_text(&mut self, name: &str, text: &str) -> FileRead {
        let mut read = self.take(&[(Source::Text(text.into()), name.to_owned())]);
        read.pop().unwrap_or_else(|| FileRead { name: name.to_owned(), content: None, is_cached: false, failure: None })
    }

    /// Forgets files: what they said of columns does not count any more.
    pub fn forget(&mut self, names: &[String]) {
        for name in names {
            self.is_stale |= self.files.remove(name).is_some();
        }
    }

    fn held_bytes(&self) -> u64 {
        self.files.values().filter(|file| matches!(file.state, State::Prepared(_))).map(|file| file.bytes).sum()
    }

    fn take(&mut self, portion: &[(Source, String)]) -> Vec<FileRead> {
        let settings = self.settings.clone();
        let read = self.workers.map(portion, |(source, _)| source.read(settings.max_file_bytes));
        let cached: Vec<Option<(Vec<Entry>, Head)>> =
            portion.iter().zip(&read).map(|((_, name), bytes)| self.look_up(name, bytes.as_ref().ok()?)).collect();
        let work: Vec<_> = portion.iter().zip(read).zip(cached).collect();
        let room = HELD_TEXT_BYTES.saturating_sub(self.held_bytes());
        let made = self.workers.map(&work, |(((source, name), read), cached)| match (read, cached) {
            (Err(reason), _) => Err(reason.clone()),
            (Ok(bytes), Some((entries, head))) => Ok(File::new(source, bytes, entries.clone(), State::Known(Arc::new(head.clone())), true)),
            (Ok(bytes), None) => parse(source, name, bytes, &settings),
        });
        let mut held = 0;
        portion.iter().zip(made).map(|((_, name), made)| self.keep(name, made, &mut held, room)).collect()
    }

    fn look_up(&self, name: &str, bytes: &Bytes) -> Option<(Vec<Entry>, Head)> {
        let mut cache = lock(self.cache.as_ref()?);
        let key = key(&bytes.sha256, Kind::of(name), name, &self.settings);
        let found = decode(&cache.head(&key)?);
        if found.is_none() {
            cache.reject(&key);
        }
        found
    }

    fn keep(&mut self, name: &str, made: Result<File, String>, held: &mut u64, room: u64) -> FileRead {
        let mut file = match made {
            Ok(file) => file,
            Err(failure) => {
                self.forget(&[name.to_owned()]);
                return FileRead { name: name.to_owned(), content: None, is_cached: false, failure: Some(failure) };
            }
        };
        if matches!(file.state, State::Prepared(_)) {
            *held += file.bytes;
            if *held > room {
                file.state = State::Parsed;
            }
        }
        let read = FileRead { name: name.to_owned(), content: Some((file.sha256, file.bytes)), is_cached: file.is_cached, failure: None };
        let is_answered = file.dialect.is_none_or(|dialect| self.catalogues.contains_key(&dialect));
        let says_the_same = self.files.get(name).is_some_and(|before| before.entries == file.entries);
        self.is_stale |= !(is_answered && says_the_same);
        self.files.insert(name.to_owned(), file);
        read
    }

    /// The files whose graphs are not those that were handed out last, at most so many, in the order of their names. Empty when there are none left.
    pub fn resolve(&mut self, most: usize) -> Resolved {
        self.refresh();
        let mut work: Vec<(&String, &mut File)> = self.files.iter_mut().filter(|(_, file)| !file.is_taken).take(most).collect();
        let (settings, catalogues) = (&self.settings, &self.catalogues);
        let done = self.workers.map(&work, |(name, file)| resolve(name, file, settings, catalogues));
        for ((_, file), (resolved, _)) in work.iter_mut().zip(&done) {
            (file.state, file.is_taken) = (State::Known(resolved.head.clone()), true);
        }
        let (files, entries): (Vec<_>, Vec<_>) = done.into_iter().unzip();
        if let Some(cache) = &self.cache {
            lock(cache).put(&entries.into_iter().flatten().collect::<Vec<_>>());
        }
        Resolved::new(files, self.catalogues.clone(), self.cache.clone(), self.settings.clone(), self.workers.clone())
    }

    /// Where what the files say of columns has changed, the catalogue is made anew, and files that it answers otherwise are to be resolved again.
    fn refresh(&mut self) {
        if !self.is_stale {
            return;
        }
        self.is_stale = false;
        let mut dialects: Vec<Dialect> = self.files.values().filter_map(|file| file.dialect).collect();
        dialects.sort_unstable_by_key(|dialect| dialect.id());
        dialects.dedup();
        let all = || self.files.values().flat_map(|file| &file.entries).chain(&self.settings.schema).cloned();
        let made = self.workers.map(&dialects, |&dialect| (dialect, Catalogue::new(all(), dialect)));
        self.catalogues = Arc::new(made.into_iter().collect());
        for file in self.files.values_mut() {
            let State::Known(head) = &file.state else { continue };
            let catalogue = head.dialect.and_then(|dialect| self.catalogues.get(&dialect));
            if !catalogue.is_none_or(|catalogue| head.holds(catalogue)) {
                (file.state, file.is_taken, file.is_cached) = (State::Parsed, false, false);
            }
        }
    }

    /// Reads with so many threads from now on, and keeps results in another cache, or in none. What was taken in stays.
    ///
    /// # Errors
    /// In words, where the cache can neither be opened nor made; nothing has changed then.
    pub fn configure(&mut self, threads: usize, cache: Option<CacheSettings>) -> Result<(), String> {
        if cache != self.settings.cache {
            let opened = cache.as_ref().map(Cache::open).transpose()?;
            self.flush();
            self.cache = opened.map(|cache| Arc::new(Mutex::new(cache)));
        }
        self.settings = Arc::new(Settings { threads, cache, ..self.settings.as_ref().clone() });
        Ok(())
    }

    /// Notes in the cache what was looked at.
    pub fn flush(&self) {
        if let Some(cache) = &self.cache {
            lock(cache).flush();
        }
    }
}

impl File {
    fn new(source: &Source, bytes: &Bytes, entries: Vec<Entry>, state: State, is_cached: bool) -> File {
        let dialect = match &state {
            State::Prepared(prepared) => Some(prepared.dialect()),
            State::Known(head) => head.dialect,
            State::Parsed | State::Done(_) => None,
        };
        let (source, length) = (source.clone(), bytes.bytes.len() as u64);
        File { source, sha256: bytes.sha256, bytes: length, dialect, entries, state, is_cached, is_taken: false }
    }
}

fn parse(source: &Source, name: &str, bytes: &Bytes, settings: &Settings) -> Result<File, String> {
    let text = bytes.text()?;
    let kind = Kind::of(name);
    if kind != Kind::Sql {
        let payload = Payload::of(kind, name, &text, &settings.options);
        return Ok(File::new(source, bytes, Vec::new(), State::Done(Box::new(payload)), false));
    }
    let prepared = prepare(&text, &settings.options);
    let entries = prepared.entries();
    Ok(File::new(source, bytes, entries, State::Prepared(Box::new(prepared)), false))
}
