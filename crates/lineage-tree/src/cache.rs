//! What files yielded, kept in one SQLite file by what decides it: content, dialect, options, and the version of the extractor.
//!
//! It never fails a file: what cannot be read is a miss, what cannot be written is not kept, and a damaged file is set aside and begun anew. Several
//! processes may share it.

use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The cache behind a lock; a panic of another thread does not make it unusable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The shape of the values: others are misses.
pub(crate) const SCHEMA_VERSION: i64 = 3;

/// The shape of the tables: those of another one are made anew.
const LAYOUT: i64 = 3;

/// Trees that are remembered as settled.
const MOST_TREES: i64 = 1000;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How much is kept, where, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheSettings {
    /// The file.
    pub path: PathBuf,
    /// Entries; those that were not looked at for longest go first.
    pub max_entries: u64,
    /// Days from when an entry was written.
    pub ttl_days: u32,
}

/// What is in a cache, and how often it helped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CacheStats {
    /// Entries.
    pub entries: i64,
    /// Bytes of their values.
    pub bytes: i64,
    /// Milliseconds since 1970 of the oldest one.
    pub oldest_ms: Option<i64>,
    /// Reads that found something, over all processes since the last clearing.
    pub hits: i64,
    /// Reads that did not.
    pub misses: i64,
}

/// An entry to keep.
pub(crate) struct NewEntry {
    pub key: [u8; 32],
    pub head: Vec<u8>,
    pub names: Vec<u8>,
    pub body: Vec<u8>,
    pub file_size: u64,
    pub file_name: String,
    /// Hash of the bytes that it was made of.
    pub content: [u8; 32],
    /// Where they were read; `None` for a text.
    pub path: Option<String>,
}

/// An open cache.
pub struct Cache {
    settings: CacheSettings,
    connection: Connection,
    /// Entries that were looked at since they were last noted.
    touched: Vec<i64>,
    hits: i64,
    misses: i64,
}

const TABLES: &str = "
    DROP TABLE IF EXISTS parse_cache;
    DROP TABLE IF EXISTS parse_access;
    DROP TABLE IF EXISTS parse_tree;
    DROP TABLE IF EXISTS parse_counter;
    CREATE TABLE parse_cache (
      id INTEGER PRIMARY KEY, file_hash BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL, schema_version INTEGER NOT NULL,
      file_size INTEGER NOT NULL, file_name TEXT NOT NULL, head BLOB NOT NULL, names BLOB NOT NULL, parsed_result BLOB NOT NULL,
      content BLOB NOT NULL, path TEXT
    );
    CREATE INDEX parse_cache_created ON parse_cache (created_at);
    -- Apart from the entries: to note that one was looked at must not write its value once more.
    CREATE TABLE parse_access (id INTEGER PRIMARY KEY, last_accessed INTEGER NOT NULL);
    CREATE TABLE parse_tree (fingerprint BLOB PRIMARY KEY, settled_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE parse_counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    INSERT INTO parse_counter VALUES ('hits', 0), ('misses', 0);
    PRAGMA user_version = 3;";

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

fn damaged(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn connect(settings: &CacheSettings) -> rusqlite::Result<Connection> {
    let connection = Connection::open(&settings.path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
    if layout(&connection)? != LAYOUT {
        make_tables(&connection)?;
    }
    let expired = now_ms() - i64::from(settings.ttl_days) * DAY_MS;
    connection.execute("DELETE FROM parse_cache WHERE created_at < ?1", [expired])?;
    connection.execute("DELETE FROM parse_tree WHERE settled_at < ?1", [expired])?;
    Ok(connection)
}

fn layout(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Another process that opens the same file waits, and then finds them.
fn make_tables(connection: &Connection) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    if layout(connection)? != LAYOUT {
        transaction.execute_batch(TABLES)?;
    }
    transaction.commit()
}

/// Sets a damaged file and what belongs to it aside.
fn set_aside(path: &Path) {
    let aside = |suffix: &str| PathBuf::from(format!("{}{suffix}", path.display()));
    // A file that cannot be moved stays, and opening it fails once more.
    let _ = std::fs::rename(path, aside(&format!(".damaged-{}", now_ms())));
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(aside(suffix));
    }
}

impl Cache {
    /// Opens the cache, making it and its folder where they are missing; a damaged one is set aside and begun anew, once.
    ///
    /// # Errors
    /// In words, where it can neither be opened nor made.
    pub fn open(settings: &CacheSettings) -> Result<Cache, String> {
        if let Some(folder) = settings.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| format!("the cache's folder {} cannot be made: {e}", folder.display()))?;
        }
        let opened = connect(settings).or_else(|error| {
            if !damaged(&error) {
                return Err(error);
            }
            set_aside(&settings.path);
            connect(settings)
        });
        let connection = opened.map_err(|e| format!("the cache {} cannot be opened: {e}", settings.path.display()))?;
        Ok(Cache { settings: settings.clone(), connection, touched: Vec::new(), hits: 0, misses: 0 })
    }

    /// Runs `work`; after a sign of damage the cache is begun anew, and this time nothing is answered.
    pub(crate) fn guarded<T>(&mut self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        match work(&self.connection) {
            Ok(value) => Some(value),
            Err(error) => {
                if damaged(&error)
                    && let Ok(memory) = Connection::open_in_memory()
                {
                    drop(std::mem::replace(&mut self.connection, memory));
                    set_aside(&self.settings.path);
                    if let Ok(anew) = connect(&self.settings) {
                        self.connection = anew;
                    }
                }
                None
            }
        }
    }

    fn column(&mut self, name: &str, key: &[u8; 32]) -> Option<(i64, Vec<u8>)> {
        let oldest = now_ms() - i64::from(self.settings.ttl_days) * DAY_MS;
        let query = format!("SELECT id, {name} FROM parse_cache WHERE file_hash = ?1 AND schema_version = ?2 AND created_at >= ?3");
        let found = |connection: &Connection| {
            let mut statement = connection.prepare_cached(&query)?;
            statement.query_row(params![key.as_slice(), SCHEMA_VERSION, oldest], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        };
        self.guarded(found).flatten()
    }

    /// What must be known of a file before its graph is wanted. Counts as a hit or a miss.
    pub(crate) fn head(&mut self, key: &[u8; 32]) -> Option<Vec<u8>> {
        let Some((id, head)) = self.column("head", key) else {
            self.misses += 1;
            return None;
        };
        self.hits += 1;
        self.touched.push(id);
        Some(head)
    }

    /// What it says of columns, and asks.
    pub(crate) fn names(&mut self, key: &[u8; 32]) -> Option<Vec<u8>> {
        Some(self.column("names", key)?.1)
    }

    /// What its graph is made of.
    pub(crate) fn body(&mut self, key: &[u8; 32]) -> Option<Vec<u8>> {
        Some(self.column("parsed_result", key)?.1)
    }

    /// Whether a tree of this fingerprint was resolved, and its heads are right together.
    pub(crate) fn is_settled(&mut self, tree: &[u8; 32]) -> bool {
        let query = "SELECT EXISTS (SELECT 1 FROM parse_tree WHERE fingerprint = ?1)";
        self.guarded(|connection| connection.query_row(query, [tree.as_slice()], |row| row.get(0))).unwrap_or(false)
    }

    /// Remembers that the heads of this tree are right together.
    pub(crate) fn settle(&mut self, tree: &[u8; 32]) {
        if self.is_settled(tree) {
            return;
        }
        let oldest = "DELETE FROM parse_tree WHERE fingerprint NOT IN (SELECT fingerprint FROM parse_tree ORDER BY settled_at DESC LIMIT ?1)";
        self.guarded(|connection| {
            connection.execute("INSERT OR REPLACE INTO parse_tree VALUES (?1, ?2)", params![tree.as_slice(), now_ms()])?;
            connection.execute(oldest, [MOST_TREES])
        });
    }

    /// A hit that turned out to be none: its value is not what it should be.
    pub(crate) fn reject(&mut self, key: &[u8; 32]) {
        self.hits -= 1;
        self.misses += 1;
        self.guarded(|connection| connection.execute("DELETE FROM parse_cache WHERE file_hash = ?1", [key.as_slice()]));
    }

    /// Keeps entries, all or none, and lets go of those beyond the limit. False where that was not possible.
    pub(crate) fn put(&mut self, entries: &[NewEntry]) -> bool {
        if entries.is_empty() {
            return true;
        }
        let (now, most) = (now_ms(), self.settings.max_entries);
        self.guarded(|connection| {
            let transaction = connection.unchecked_transaction()?;
            {
                let mut insert = transaction.prepare_cached(
                    "INSERT INTO parse_cache (file_hash, created_at, schema_version, file_size, file_name, head, names, parsed_result,
                       content, path)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                     ON CONFLICT (file_hash) DO UPDATE SET created_at = ?2, schema_version = ?3, file_size = ?4, file_name = ?5,
                       head = ?6, names = ?7, parsed_result = ?8, content = ?9, path = ?10
                     RETURNING id",
                )?;
                let mut touch = transaction.prepare_cached("INSERT OR REPLACE INTO parse_access VALUES (?1, ?2)")?;
                for entry in entries {
                    let NewEntry { key, head, names, body, file_size, file_name, content, path } = entry;
                    let content = content.as_slice();
                    let values = params![key.as_slice(), now, SCHEMA_VERSION, *file_size as i64, file_name, head, names, body, content, path];
                    let id: i64 = insert.query_row(values, |row| row.get(0))?;
                    touch.execute([id, now])?;
                }
                let count: i64 = transaction.query_row("SELECT count(*) FROM parse_cache", [], |row| row.get(0))?;
                let surplus = count - most as i64;
                if surplus > 0 {
                    transaction.execute("DELETE FROM parse_access WHERE id NOT IN (SELECT id FROM parse_cache)", [])?;
                    let oldest = "DELETE FROM parse_cache WHERE id IN (SELECT id FROM parse_access ORDER BY last_accessed, id LIMIT ?1)";
                    transaction.execute(oldest, [surplus])?;
                }
            }
            transaction.commit()
        })
        .is_some()
    }

    /// Notes what was looked at, and how often it helped.
    pub fn flush(&mut self) {
        let (touched, hits, misses) = (std::mem::take(&mut self.touched), self.hits, self.misses);
        if hits == 0 && misses == 0 {
            return;
        }
        let now = now_ms();
        let written = self.guarded(|connection| {
            let transaction = connection.unchecked_transaction()?;
            {
                let mut touch = transaction.prepare_cached("UPDATE parse_access SET last_accessed = ?2 WHERE id = ?1 AND last_accessed < ?2")?;
                for id in &touched {
                    touch.execute([*id, now])?;
                }
                let mut count = transaction.prepare_cached("UPDATE parse_counter SET value = value + ?2 WHERE name = ?1")?;
                count.execute(params!["hits", hits])?;
                count.execute(params!["misses", misses])?;
            }
            transaction.commit()
        });
        if written.is_some() {
            (self.hits, self.misses) = (0, 0);
        }
    }

    /// What is in it; `None` where it cannot be read.
    pub fn stats(&mut self) -> Option<CacheStats> {
        self.flush();
        self.guarded(|connection| {
            let counter = |name: &str| connection.query_row("SELECT value FROM parse_counter WHERE name = ?1", [name], |row| row.get(0));
            let all = "SELECT count(*), coalesce(sum(length(head) + length(names) + length(parsed_result)), 0), min(created_at) FROM parse_cache";
            let (entries, bytes, oldest_ms) = connection.query_row(all, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok(CacheStats { entries, bytes, oldest_ms, hits: counter("hits")?, misses: counter("misses")? })
        })
    }

    /// Empties it and its counters; how many entries there were.
    pub fn clear(&mut self) -> Option<i64> {
        (self.touched, self.hits, self.misses) = (Vec::new(), 0, 0);
        self.guarded(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let deleted = transaction.execute("DELETE FROM parse_cache", [])?;
            transaction.execute("DELETE FROM parse_access", [])?;
            transaction.execute("DELETE FROM parse_tree", [])?;
            transaction.execute("UPDATE parse_counter SET value = 0", [])?;
            transaction.commit()?;
            Ok(deleted as i64)
        })
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.flush();
    }
}
