//! Files that were not asked what they say of columns, because nothing has changed since they were resolved together.

use crate::cache::{Cache, lock};
use crate::file::File;
use crate::names::Names;
use crate::resolved::{Catalogues, catalogues_of};
use crate::settings::Settings;
use crate::source::Source;
use rowmill_lineage::Dialect;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

/// They are asked after all where the cache has lost the graph of one of them.
pub(crate) struct Unasked {
    files: Vec<(String, Source, [u8; 32], Option<Dialect>)>,
    catalogues: OnceLock<Catalogues>,
}

impl Unasked {
    pub fn new(files: &BTreeMap<String, File>) -> Unasked {
        let plain = |(name, file): (&String, &File)| (name.clone(), file.source.clone(), file.key, file.dialect);
        Unasked { files: files.iter().map(plain).collect(), catalogues: OnceLock::new() }
    }

    /// What they say together, by the cache where it has it and else by their texts. Done once, and on this thread: others may wait for it.
    pub fn catalogues(&self, settings: &Settings, cache: Option<&Mutex<Cache>>) -> &Catalogues {
        self.catalogues.get_or_init(|| {
            let names: Vec<Names> = self.files.iter().map(|(name, source, key, _)| names_of(name, source, key, settings, cache)).collect();
            let names: Vec<_> = names.iter().collect();
            let dialects = self.files.iter().filter_map(|(.., dialect)| *dialect).collect();
            catalogues_of(&names, dialects, settings, |kinds, make| kinds.iter().map(make).collect())
        })
    }
}

/// A file that cannot be read any more says nothing.
fn names_of(name: &str, source: &Source, key: &[u8; 32], settings: &Settings, cache: Option<&Mutex<Cache>>) -> Names {
    let held = cache.and_then(|cache| lock(cache).names(key)).and_then(|bytes| Names::of(&bytes));
    let read = || source.read(settings.max_file_bytes).and_then(|bytes| File::parsed(source, name, &bytes, settings)).ok()?.names;
    held.or_else(read).unwrap_or_default()
}
