//! The cache on its own terms: limits, damage, several processes, counters.

#![allow(clippy::unwrap_used)]

use rowmill_lineage::{Choice, Dialect, IdScheme, Options};
use rowmill_lineage_tree::{Cache, CacheCheck, CacheSettings, Own, Settings, Tree};
use std::collections::BTreeMap;
use std::path::Path;

fn cache(path: &Path, max_entries: u64, ttl_days: u32) -> CacheSettings {
    CacheSettings { path: path.to_owned(), max_entries, ttl_days }
}

fn tree(cache: CacheSettings, dialect: Dialect) -> Tree {
    let options = Options { dialect: Choice::Named(dialect), ..Options::default() };
    Tree::new(Settings {
        options,
        scheme: IdScheme::Separated,
        file_properties: BTreeMap::new(),
        schema: Vec::new(),
        threads: 1,
        max_file_bytes: 1 << 20,
        cache: Some(cache),
    })
    .unwrap()
}

/// Takes in a text, and says whether the cache knew it.
fn read(tree: &mut Tree, number: usize) -> bool {
    let read = tree.read_text(&format!("{number}.sql"), &format!("CREATE VIEW v{number} AS SELECT a FROM t{number}"), Own::default());
    assert_eq!(tree.resolve(9).files.len(), 1);
    read.is_cached
}

fn stats(settings: &CacheSettings) -> rowmill_lineage_tree::CacheStats {
    Cache::open(settings).unwrap().stats().unwrap()
}

#[test]
fn the_entries_that_were_not_looked_at_for_longest_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let settings = cache(&folder.path().join("c.db"), 3, 30);
    for number in 0..3 {
        read(&mut tree(settings.clone(), Dialect::Postgres), number);
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
    assert!(read(&mut tree(settings.clone(), Dialect::Postgres), 0), "looked at again");
    std::thread::sleep(std::time::Duration::from_millis(3));
    read(&mut tree(settings.clone(), Dialect::Postgres), 3);
    assert_eq!(stats(&settings).entries, 3);
    let known = [0, 2, 3, 1].map(|number| read(&mut tree(settings.clone(), Dialect::Postgres), number));
    assert_eq!(known, [true, true, true, false]);
}

#[test]
fn entries_end_with_their_days() {
    let folder = tempfile::tempdir().unwrap();
    let settings = cache(&folder.path().join("c.db"), 10, 30);
    read(&mut tree(settings.clone(), Dialect::Postgres), 1);
    rusqlite::Connection::open(&settings.path).unwrap().execute("UPDATE parse_cache SET created_at = created_at - 31 * 86400000", []).unwrap();
    assert!(!read(&mut tree(settings, Dialect::Postgres), 1));
}

#[test]
fn another_dialect_or_shape_of_values_is_a_miss() {
    let folder = tempfile::tempdir().unwrap();
    let settings = cache(&folder.path().join("c.db"), 10, 30);
    read(&mut tree(settings.clone(), Dialect::Postgres), 1);
    assert!(!read(&mut tree(settings.clone(), Dialect::Snowflake), 1));
    let connection = rusqlite::Connection::open(&settings.path).unwrap();
    connection.execute("UPDATE parse_cache SET schema_version = 0", []).unwrap();
    assert!(!read(&mut tree(settings.clone(), Dialect::Postgres), 1));
    assert!(read(&mut tree(settings.clone(), Dialect::Postgres), 1), "overwritten");
    connection.execute("UPDATE parse_cache SET head = x'00'", []).unwrap();
    assert!(!read(&mut tree(settings, Dialect::Postgres), 1), "a value that is none");
}

#[test]
fn a_damaged_file_is_set_aside_and_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let settings = cache(&folder.path().join("c.db"), 10, 30);
    std::fs::write(&settings.path, "this is no database, and long enough that nobody takes it for an empty one".repeat(20)).unwrap();
    assert!(!read(&mut tree(settings.clone(), Dialect::Postgres), 1));
    assert!(read(&mut tree(settings.clone(), Dialect::Postgres), 1));
    let aside = std::fs::read_dir(folder.path()).unwrap().filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().contains("damaged"));
    assert_eq!(aside.count(), 1);
}

#[test]
fn counters_outlive_the_process_and_end_with_clearing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = cache(&folder.path().join("c.db"), 10, 30);
    for _ in 0..3 {
        read(&mut tree(settings.clone(), Dialect::Postgres), 1);
    }
    let found = stats(&settings);
    assert_eq!((found.entries, found.hits, found.misses), (1, 2, 1));
    assert!(found.bytes > 0 && found.oldest_ms.is_some());
    assert_eq!(Cache::open(&settings).unwrap().clear(), Some(1));
    let found = stats(&settings);
    assert_eq!((found.entries, found.bytes, found.oldest_ms, found.hits, found.misses), (0, 0, None, 0, 0));
}

#[test]
fn several_writers_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let settings = cache(&folder.path().join("c.db"), 1000, 30);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let settings = settings.clone();
            scope.spawn(move || {
                let mut tree = tree(settings, Dialect::Postgres);
                for number in 0..40 {
                    read(&mut tree, number * 2 + writer % 2);
                }
            });
        }
    });
    let found = stats(&settings);
    assert_eq!((found.entries, found.hits + found.misses), (80, 160));
    assert!((0..80).all(|number| read(&mut tree(settings.clone(), Dialect::Postgres), number)));
}

#[test]
fn a_check_deletes_what_is_damaged_or_of_other_files() {
    let folder = tempfile::tempdir().unwrap();
    let settings = cache(&folder.path().join("c.db"), 100, 30);
    let path = |name: &str| (folder.path().join(name), name.to_owned());
    let names = ["same.sql", "changed.sql", "gone.sql", "damaged.sql"];
    for (at, name) in names.iter().enumerate() {
        std::fs::write(folder.path().join(name), format!("CREATE VIEW v{at} AS SELECT a FROM t{at}")).unwrap();
    }
    let mut writer = tree(settings.clone(), Dialect::Postgres);
    writer.read(&names.map(path));
    writer.resolve(100);
    drop(writer);
    std::fs::write(folder.path().join("changed.sql"), "SELECT 1").unwrap();
    std::fs::remove_file(folder.path().join("gone.sql")).unwrap();
    let connection = rusqlite::Connection::open(&settings.path).unwrap();
    connection.execute("UPDATE parse_cache SET parsed_result = x'00' WHERE file_name = 'damaged.sql'", []).unwrap();

    let found = Cache::open(&settings).unwrap().check(10).unwrap();
    assert_eq!(found, CacheCheck { checked: 4, verified: 1, failed: 2, missing: 1 });
    assert_eq!(stats(&settings).entries, 2);
    let again = Cache::open(&settings).unwrap().check(1).unwrap();
    assert_eq!((again.checked, again.failed), (1, 0));
}
