//! Files taken in, and the graphs that they have by what all of them say.

use crate::cache::{Cache, CacheSettings, lock};
use crate::encoding::{decode, encode};
use crate::file::{File, State};
use crate::head::Head;
use crate::names::Names;
use crate::parallel::Workers;
use crate::payload::Kind;
use crate::resolved::{Catalogues, Resolved, catalogues_of, resolve};
use crate::settings::{FileRead, Settings, key};
use crate::source::{Own, Source};
use crate::unasked::Unasked;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// A tree of files.
pub struct Tree {
    settings: Arc<Settings>,
    workers: Arc<Workers>,
    cache: Option<Arc<Mutex<Cache>>>,
    files: BTreeMap<String, File>,
    catalogues: Arc<Catalogues>,
    is_stale: bool,
    /// Where nothing has changed since these files were resolved together.
    unasked: Option<Arc<Unasked>>,
    /// Whether more text waits to be resolved than is held in parsed form: then none is.
    is_large: bool,
}

/// Bytes of text whose parsed form is held between reading and resolving; where there is more, all of it is parsed twice: what is held of a large
/// tree saves little, and takes fifteen times its text.
const HELD_TEXT_BYTES: u64 = 3 * 1024 * 1024;

/// Files that are read at a time, so that not all of their bytes are held.
const PORTION: usize = 128;

impl Tree {
    /// An empty tree.
    ///
    /// # Errors
    /// In words, where the cache can neither be opened nor made, and where there are no threads to be had.
    pub fn new(settings: Settings) -> Result<Tree, String> {
        let cache = settings.cache.as_ref().map(Cache::open).transpose()?.map(|cache| Arc::new(Mutex::new(cache)));
        let workers = Arc::new(Workers::new(settings.threads)?);
        Ok(Tree {
            settings: Arc::new(settings),
            workers,
            cache,
            files: BTreeMap::new(),
            catalogues: Arc::default(),
            is_stale: true,
            unasked: None,
            is_large: false,
        })
    }

    /// Takes in files from disk as pairs of path and name. A name that was taken in before is replaced; where it cannot be read, it is forgotten.
    pub fn read(&mut self, files: &[(PathBuf, String)]) -> Vec<FileRead> {
        let sources = files.iter().map(|(path, name)| (Source::Path(path.clone()), name.clone())).collect::<Vec<_>>();
        sources.chunks(PORTION).flat_map(|portion| self.take(portion)).collect()
    }

    /// Takes in a text under a name, to be read in its own way.
    pub fn read_text(&mut self, name: &str, text: &str, own: Own) -> FileRead {
        let mut read = self.take(&[(Source::Text(text.into(), Arc::new(own)), name.to_owned())]);
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
        let read = self.workers.map(portion, |(source, name)| {
            let bytes = source.read(settings.max_file_bytes)?;
            let key = key(&bytes.sha256, Kind::of(name), name, &source.settings(&settings));
            Ok((bytes, key))
        });
        let heads = self.heads(read.iter().map(|read: &Result<_, String>| read.as_ref().ok().map(|(_, key)| key)));
        let work: Vec<_> = portion.iter().zip(&read).zip(&heads).collect();
        let room = if self.is_large { 0 } else { HELD_TEXT_BYTES.saturating_sub(self.held_bytes()) };
        let made = self.workers.map(&work, |(((source, name), read), head)| {
            let (bytes, key) = read.as_ref().map_err(Clone::clone)?;
            match head.as_ref().and_then(|head| decode::<Head>(head)) {
                Some(head) => Ok(File::known(source, bytes, *key, head)),
                None => File::parsed(source, name, bytes, &settings),
            }
        });
        let mut held = 0;
        let kept = portion.iter().zip(made).zip(heads);
        let kept = kept.map(|(((_, name), made), head)| self.keep(name, made, head.is_some(), &mut held, room)).collect();
        if held > room && !self.is_large {
            self.is_large = true;
            self.files.values_mut().filter(|file| matches!(file.state, State::Prepared(_))).for_each(|file| file.state = State::Parsed);
        }
        kept
    }

    /// What the cache has of these keys.
    fn heads<'k>(&self, keys: impl Iterator<Item = Option<&'k [u8; 32]>>) -> Vec<Option<Vec<u8>>> {
        match &self.cache {
            Some(cache) => {
                let mut cache = lock(cache);
                keys.map(|key| cache.head(key?)).collect()
            }
            None => keys.map(|_| None).collect(),
        }
    }

    fn keep(&mut self, name: &str, made: Result<File, String>, was_found: bool, held: &mut u64, room: u64) -> FileRead {
        let mut file = match made {
            Ok(file) => file,
            Err(failure) => {
                self.forget(&[name.to_owned()]);
                return FileRead { name: name.to_owned(), content: None, is_cached: false, failure: Some(failure) };
            }
        };
        if let (true, false, Some(cache)) = (was_found, file.is_cached, &self.cache) {
            lock(cache).reject(&file.key);
        }
        if matches!(file.state, State::Prepared(_)) {
            *held += file.bytes;
            if *held > room {
                file.state = State::Parsed;
            }
        }
        let read = FileRead { name: name.to_owned(), content: Some((file.sha256, file.bytes)), is_cached: file.is_cached, failure: None };
        let is_answered = file.dialect.is_none_or(|dialect| self.catalogues.contains_key(&dialect));
        let before = self.files.get(name).and_then(|before| before.names.as_ref());
        let says_the_same = before.zip(file.names.as_ref()).is_some_and(|(before, now)| before.say_as(now));
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
        let (mut files, mut entries) = (Vec::with_capacity(done.len()), Vec::new());
        for ((_, file), done) in work.iter_mut().zip(done) {
            (file.state, file.is_taken) = (State::Known(done.file.head.clone()), true);
            if let Some(asked) = done.asked {
                file.names = file.names.take().map(|names| names.with_asked(&asked));
            }
            files.push(done.file);
            entries.extend(done.entry);
        }
        if let Some(cache) = &self.cache {
            lock(cache).put(&entries);
        }
        self.is_large = self.is_large && self.files.values().any(|file| !file.is_taken);
        Resolved::new(files, self.catalogues.clone(), self.cache.clone(), self.settings.clone(), self.workers.clone(), self.unasked.clone())
    }

    /// Where what the files say of columns has changed, the catalogue is made anew, and files that it answers otherwise are to be resolved again.
    fn refresh(&mut self) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        self.unasked = self.is_settled().then(|| Arc::new(Unasked::new(&self.files)));
        if self.unasked.is_some() {
            return;
        }
        self.fetch_names();
        self.catalogues = Arc::new(self.make_catalogues());
        for file in self.files.values_mut() {
            let (State::Known(head), Some(names)) = (&file.state, &file.names) else { continue };
            let catalogue = head.dialect.and_then(|dialect| self.catalogues.get(&dialect));
            if !catalogue.is_none_or(|catalogue| head.holds(catalogue, &names.asked())) {
                (file.state, file.is_taken, file.is_cached) = (State::Parsed, false, false);
            }
        }
    }

    /// Reads with so many threads from now on, and keeps results in another cache, or in none. What was taken in stays.
    ///
    /// # Errors
    /// In words, where the cache can neither be opened nor made, and where there are no threads to be had; nothing has changed then.
    pub fn configure(&mut self, threads: usize, cache: Option<CacheSettings>) -> Result<(), String> {
        let workers = if threads == self.settings.threads { self.workers.clone() } else { Arc::new(Workers::new(threads)?) };
        if cache != self.settings.cache {
            let opened = cache.as_ref().map(Cache::open).transpose()?;
            self.fetch_names();
            self.flush();
            self.cache = opened.map(|cache| Arc::new(Mutex::new(cache)));
        }
        self.workers = workers;
        self.settings = Arc::new(Settings { threads, cache, ..self.settings.as_ref().clone() });
        Ok(())
    }

    fn make_catalogues(&self) -> Catalogues {
        let names: Vec<_> = self.files.values().filter_map(|file| file.names.as_ref()).collect();
        let dialects = self.files.values().filter_map(|file| file.dialect).collect();
        catalogues_of(&names, dialects, &self.settings, |kinds, make| self.workers.map(kinds, make))
    }

    /// Files that came from the cache say what they say of columns now. One that the cache has lost meanwhile is read again.
    fn fetch_names(&mut self) {
        let Some(cache) = &self.cache else { return };
        let mut wanted: Vec<(&String, &mut File)> = self.files.iter_mut().filter(|(_, file)| file.names.is_none()).collect();
        let found: Vec<Option<Vec<u8>>> = {
            let mut cache = lock(cache);
            wanted.iter().map(|(_, file)| cache.names(&file.key)).collect()
        };
        let decoded = self.workers.map(&found, |names| Names::of(names.as_ref()?));
        let mut lost = Vec::new();
        for ((name, file), names) in wanted.iter_mut().zip(decoded) {
            match names {
                Some(names) => file.names = Some(names),
                None => lost.push((file.source.clone(), (*name).clone())),
            }
        }
        for (source, name) in lost {
            let made = source.read(self.settings.max_file_bytes).and_then(|bytes| File::parsed(&source, &name, &bytes, &self.settings));
            match made {
                Ok(file) => self.files.insert(name, file),
                Err(_) => self.files.remove(&name),
            };
        }
    }

    /// Whether just these files were resolved before, and came out as the cache has them.
    fn is_settled(&self) -> bool {
        let Some(cache) = &self.cache else { return false };
        self.files.values().all(|file| file.is_cached) && self.fingerprint().is_some_and(|tree| lock(cache).is_settled(&tree))
    }

    /// A hash of all that decides whether the heads of the files are right together; `None` where there is a file without.
    fn fingerprint(&self) -> Option<[u8; 32]> {
        let mut hash = Sha256::new();
        hash.update(encode(&self.settings.schema));
        for (name, file) in &self.files {
            let State::Known(head) = &file.state else { return None };
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name.as_bytes());
            for part in [&file.key, &head.digest, &head.fingerprint] {
                hash.update(part);
            }
        }
        Some(hash.finalize().into())
    }

    /// Notes in the cache what was looked at, and that the tree is settled where it is.
    pub fn flush(&self) {
        let Some(cache) = &self.cache else { return };
        let is_done = !self.is_stale && self.files.values().all(|file| file.is_taken);
        if let Some(tree) = self.fingerprint().filter(|_| is_done) {
            lock(cache).settle(&tree);
        }
        lock(cache).flush();
    }
}
