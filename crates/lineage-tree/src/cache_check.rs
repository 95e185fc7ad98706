//! Entries of the cache held against what they were made of.

use crate::cache::{Cache, SCHEMA_VERSION};
use crate::encoding::decode;
use crate::head::Head;
use crate::names::Names;
use crate::payload::Payload;
use crate::resolved::digest;
use crate::source::Source;
use rowmill_lineage::IdScheme;
use rusqlite::{Row, params};
use serde::Serialize;
use std::path::PathBuf;

/// What a check of some entries found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct CacheCheck {
    /// Entries that were looked at.
    pub checked: u64,
    /// Those whose values are whole, and whose files are what they were made of.
    pub verified: u64,
    /// Those that are not: they are deleted.
    pub failed: u64,
    /// Those whose values are whole, and whose files are gone or were texts: they stay.
    pub missing: u64,
}

/// An entry as it is kept.
struct Entry {
    id: i64,
    head: Vec<u8>,
    names: Vec<u8>,
    body: Vec<u8>,
    content: Vec<u8>,
    path: Option<String>,
}

enum Verdict {
    Verified,
    Failed,
    Missing,
}

impl Entry {
    fn of(row: &Row) -> rusqlite::Result<Entry> {
        Ok(Entry { id: row.get(0)?, head: row.get(1)?, names: row.get(2)?, body: row.get(3)?, content: row.get(4)?, path: row.get(5)? })
    }

    /// Whether its parts can be read, and belong together.
    fn is_whole(&self) -> bool {
        let Some(head) = decode::<Head>(&self.head) else { return false };
        let is_of = |scheme| digest(scheme, &self.body) == head.digest;
        let is_read = Names::of(&self.names).is_some() && decode::<Payload>(&self.body).is_some();
        is_read && (is_of(IdScheme::Separated) || is_of(IdScheme::Legacy))
    }

    fn verdict(&self) -> Verdict {
        if !self.is_whole() {
            return Verdict::Failed;
        }
        let read = self.path.as_ref().and_then(|path| Source::Path(PathBuf::from(path)).read(u64::MAX).ok());
        match read {
            Some(bytes) if bytes.sha256[..] == self.content[..] => Verdict::Verified,
            Some(_) => Verdict::Failed,
            None => Verdict::Missing,
        }
    }
}

impl Cache {
    /// Reads so many entries, chosen at random, and their files; deletes those that are damaged, or whose files are others now. `None` where the cache
    /// cannot be read.
    pub fn check(&mut self, sample: u64) -> Option<CacheCheck> {
        let query = "SELECT id, head, names, parsed_result, content, path FROM parse_cache
            WHERE id IN (SELECT id FROM parse_cache WHERE schema_version = ?1 ORDER BY random() LIMIT ?2)";
        let most = i64::try_from(sample).unwrap_or(i64::MAX);
        let entries: Vec<Entry> = self.guarded(|connection| {
            let mut statement = connection.prepare(query)?;
            let rows = statement.query_map(params![SCHEMA_VERSION, most], Entry::of)?;
            rows.collect()
        })?;
        let mut check = CacheCheck { checked: entries.len() as u64, ..CacheCheck::default() };
        for entry in &entries {
            match entry.verdict() {
                Verdict::Verified => check.verified += 1,
                Verdict::Missing => check.missing += 1,
                Verdict::Failed => {
                    check.failed += 1;
                    self.guarded(|connection| connection.execute("DELETE FROM parse_cache WHERE id = ?1", [entry.id]))?;
                }
            }
        }
        Some(check)
    }
}
