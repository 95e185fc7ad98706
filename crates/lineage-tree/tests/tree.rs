//! What a tree of files yields: the same for any order, any number of threads and any cache, and only what is new is handed out.

use rowmill_lineage::{Choice, Dialect, IdScheme, Options};
use rowmill_lineage_tree::{CacheSettings, FileGraph, Own, Settings, Tree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FILES: [(&str, &str); 6] = [
    ("ddl/orders.sql", "CREATE TABLE sales.orders (id int, total int, customer int); CREATE TABLE sales.customers (id int, name text);"),
    ("views/big.sql", "CREATE VIEW sales.big AS SELECT * FROM sales.orders WHERE total > 5;"),
    ("views/names.sql", "CREATE VIEW sales.names AS SELECT b.*, name FROM sales.big b JOIN sales.customers c ON c.id = b.customer;"),
    ("copies/names.sql", "CREATE VIEW sales.names AS SELECT b.*, name FROM sales.big b JOIN sales.customers c ON c.id = b.customer;"),
    ("app/load.py", "def load(session):\n    return session.sql('SELECT x FROM sales.big')\n"),
    ("app/settings.json", "{\"a\": 1, \"b\": [2]}"),
];

fn settings(threads: usize, cache: Option<&Path>) -> Settings {
    Settings {
        options: Options { dialect: Choice::Named(Dialect::Postgres), ..Options::default() },
        scheme: IdScheme::Separated,
        file_properties: BTreeMap::new(),
        schema: Vec::new(),
        threads,
        max_file_bytes: 1 << 20,
        cache: cache.map(|path| CacheSettings { path: path.to_owned(), max_entries: 100, ttl_days: 30 }),
    }
}

fn written(folder: &Path) -> Vec<(PathBuf, String)> {
    FILES.map(|(name, text)| write(folder, name, text)).to_vec()
}

fn write(folder: &Path, name: &str, text: &str) -> (PathBuf, String) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("names have a folder")).expect("the folder can be made");
    std::fs::write(&path, text).expect("the file can be written");
    (path, name.to_owned())
}

/// The graphs of all files that are new, and how many of them came from the cache.
fn graphs(tree: &mut Tree) -> (BTreeMap<String, FileGraph>, usize) {
    let (mut all, mut cached) = (BTreeMap::new(), 0);
    loop {
        let resolved = tree.resolve(2);
        if resolved.files.is_empty() {
            return (all, cached);
        }
        for (file, graph) in resolved.files.iter().zip(resolved.graphs(0, resolved.files.len()).expect("no file has changed")) {
            assert_eq!((file.head.nodes, file.head.edges), (graph.nodes.len(), graph.edges.len()));
            cached += usize::from(file.is_cached);
            all.insert(file.name.clone(), graph.as_ref().clone());
        }
    }
}

fn names(graph: &FileGraph, label: &str) -> Vec<String> {
    let mut names: Vec<_> = graph.nodes.iter().filter(|n| n.label == label).map(|n| n.name.clone()).collect();
    names.sort();
    names
}

#[test]
fn any_order_and_any_number_of_threads_give_one_result() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = written(folder.path());
    let mut tree = Tree::new(settings(1, None)).unwrap();
    tree.read(&files);
    let expected = graphs(&mut tree).0;
    assert_eq!(names(&expected["views/names.sql"], "Column"), ["customer", "customer", "id", "id", "name", "name", "total", "total"]);
    for turn in 0..files.len() {
        files.rotate_left(1);
        files.swap(0, turn);
        let mut tree = Tree::new(settings(1 + turn % 3, None)).unwrap();
        let (first, second) = files.split_at(turn);
        tree.read(first);
        if turn % 2 == 0 {
            graphs(&mut tree);
        }
        tree.read(second);
        let mut found = graphs(&mut tree).0;
        if turn % 2 == 0 {
            // What was handed out before and is still right is not handed out again.
            found.extend(expected.iter().filter(|(name, _)| !found.contains_key(*name)).map(|(n, g)| (n.clone(), g.clone())).collect::<Vec<_>>());
        }
        assert_eq!(found, expected, "turn {turn}");
    }
}

#[test]
fn a_change_of_columns_hands_out_the_files_that_look_them_up_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut tree = Tree::new(settings(2, None)).unwrap();
    tree.read(&written(folder.path()));
    graphs(&mut tree);
    assert!(tree.resolve(9).files.is_empty());

    tree.read(&[write(folder.path(), "ddl/orders.sql", "CREATE TABLE sales.orders (id int, total int, customer int, note text);")]);
    let again = graphs(&mut tree).0;
    assert_eq!(again.keys().map(String::as_str).collect::<Vec<_>>(), ["copies/names.sql", "ddl/orders.sql", "views/big.sql", "views/names.sql"]);
    assert!(names(&again["views/big.sql"], "Column").contains(&"note".to_owned()));

    tree.forget(&["ddl/orders.sql".to_owned()]);
    let without = graphs(&mut tree).0;
    assert_eq!(without.keys().map(String::as_str).collect::<Vec<_>>(), ["copies/names.sql", "views/big.sql", "views/names.sql"]);
    assert!(names(&without["views/big.sql"], "Column").contains(&"*".to_owned()));
}

#[test]
fn a_cache_gives_the_same_graphs_and_is_left_where_columns_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (files, cache) = (written(folder.path()), folder.path().join("cache/parse.db"));
    let mut cold = Tree::new(settings(2, Some(&cache))).unwrap();
    assert!(cold.read(&files).iter().all(|read| !read.is_cached));
    let (expected, cached) = graphs(&mut cold);
    assert_eq!(cached, 0);
    drop(cold);

    let mut warm = Tree::new(settings(2, Some(&cache))).unwrap();
    assert!(warm.read(&files).iter().all(|read| read.is_cached));
    assert_eq!(graphs(&mut warm), (expected, FILES.len()));
    drop(warm);

    let other = write(folder.path(), "ddl/orders.sql", "CREATE TABLE sales.orders (id int, more int);");
    let mut changed = Tree::new(settings(2, Some(&cache))).unwrap();
    changed.read(&files);
    let (found, cached) = graphs(&mut changed);
    assert_eq!(cached, 2, "the two files that are not SQL");
    let mut alone = Tree::new(settings(1, None)).unwrap();
    alone.read(&files);
    assert_eq!(found, graphs(&mut alone).0);
    assert_eq!(other.1, "ddl/orders.sql");
}

#[test]
fn an_unchanged_tree_whose_cache_lost_something_gives_the_same_graphs() {
    let folder = tempfile::tempdir().unwrap();
    let (files, cache) = (written(folder.path()), folder.path().join("cache/parse.db"));
    let run = |tree: &mut Tree| {
        tree.read(&files);
        let found = graphs(tree).0;
        tree.flush();
        found
    };
    let mut cold = Tree::new(settings(2, Some(&cache))).unwrap();
    let expected = run(&mut cold);
    drop(cold);
    for damage in ["UPDATE parse_cache SET parsed_result = x'00'", "UPDATE parse_cache SET parsed_result = x'00', names = x'00'"] {
        rusqlite::Connection::open(&cache).unwrap().execute(damage, []).unwrap();
        let mut warm = Tree::new(settings(2, Some(&cache))).unwrap();
        assert_eq!(run(&mut warm), expected, "{damage}");
    }
}

#[test]
fn another_cache_from_now_on_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (files, cache) = (written(folder.path()), folder.path().join("cache/parse.db"));
    let mut first = Tree::new(settings(2, Some(&cache))).unwrap();
    first.read(&files);
    let expected = graphs(&mut first).0;
    first.flush();
    let mut tree = Tree::new(settings(2, Some(&cache))).unwrap();
    tree.read(&files);
    assert_eq!(graphs(&mut tree).0, expected);
    tree.configure(1, None).unwrap();
    tree.read(&[write(folder.path(), "views/late.sql", "CREATE VIEW late AS SELECT * FROM sales.big;")]);
    let late = graphs(&mut tree).0;
    assert_eq!(late.keys().collect::<Vec<_>>(), ["views/late.sql"]);
    assert_eq!(names(&late["views/late.sql"], "Column"), ["customer", "customer", "id", "id", "total", "total"]);
}

#[test]
fn what_cannot_be_read_is_a_failure_of_that_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = written(folder.path());
    files.push((folder.path().join("nothing.sql"), "nothing.sql".into()));
    files.push((folder.path().to_owned(), "folder.sql".into()));
    files.push(write(folder.path(), "large.sql", &"-".repeat((1 << 20) + 1)));
    std::fs::write(folder.path().join("binary.sql"), b"SELECT \0\x01\xff").unwrap();
    files.push((folder.path().join("binary.sql"), "binary.sql".into()));
    let mut tree = Tree::new(settings(3, None)).unwrap();
    let read = tree.read(&files);
    let failed: BTreeMap<_, _> = read.iter().filter_map(|r| r.failure.as_ref().map(|f| (r.name.as_str(), f.as_str()))).collect();
    assert_eq!(failed.keys().copied().collect::<Vec<_>>(), ["binary.sql", "folder.sql", "large.sql", "nothing.sql"]);
    assert!(failed["large.sql"].contains("1048577 bytes") && failed["nothing.sql"].contains("not there"));
    assert_eq!(graphs(&mut tree).0.len(), FILES.len());
}

#[test]
fn a_file_that_becomes_unreadable_says_nothing_more_of_columns() {
    let folder = tempfile::tempdir().unwrap();
    let files = written(folder.path());
    let mut tree = Tree::new(settings(2, None)).unwrap();
    tree.read(&files);
    graphs(&mut tree);
    std::fs::remove_file(&files[0].0).unwrap();
    assert!(tree.read(&files[..1])[0].failure.is_some());
    assert!(graphs(&mut tree).0.contains_key("views/big.sql"));
}

#[test]
fn properties_of_files_are_theirs_alone_and_do_not_spoil_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, files) = (folder.path().join("cache.db"), written(folder.path()));
    let of_project = |project: Option<&str>| {
        let file_properties = project.map(|name| ("project_id".to_owned(), name.to_owned())).into_iter().collect();
        let mut tree = Tree::new(Settings { file_properties, ..settings(1, Some(&cache)) }).unwrap();
        tree.read(&files);
        let resolved = tree.resolve(100);
        let digests: Vec<_> = resolved.files.iter().map(|file| resolved.digest(file)).collect();
        let cached = resolved.files.iter().filter(|file| file.is_cached).count();
        let nodes: Vec<_> = resolved.graphs(0, files.len()).unwrap().iter().flat_map(|graph| graph.nodes.clone()).collect();
        (digests, cached, nodes)
    };
    let (plain, _, nodes) = of_project(None);
    assert!(nodes.iter().all(|node| !node.properties.contains_key("project_id")));
    let (digests, cached, nodes) = of_project(Some("a"));
    assert_eq!(cached, files.len(), "what a file yields does not depend on them");
    assert!(plain.iter().zip(&digests).all(|(before, now)| before != now), "and yet its graph has changed");
    assert!(nodes.iter().all(|node| (node.label == "File") == (node.properties.get("project_id").map(String::as_str) == Some("a"))));
    assert_eq!(of_project(Some("a")).0, digests);
    assert_ne!(of_project(Some("b")).0, digests);
    assert_eq!(of_project(None).0, plain);
}

#[test]
fn models_of_one_text_make_relations_of_their_own_names_also_from_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache.db");
    let text = "{{ config(materialized='table') }} SELECT s.id FROM {{ source('shop', 'orders') }} s";
    let files = ["dw/models/first.sql", "dw/models/second.sql"].map(|name| write(folder.path(), name, text));
    for turn in 0..2 {
        let mut tree = Tree::new(settings(1, Some(&cache))).unwrap();
        tree.read(&files);
        let (found, cached) = graphs(&mut tree);
        assert_eq!(cached, turn * 2);
        assert_eq!(names(&found["dw/models/first.sql"], "Table"), ["first"]);
        assert_eq!(names(&found["dw/models/second.sql"], "Table"), ["second"]);
    }
}

#[test]
fn a_text_may_be_read_in_a_way_of_its_own_also_from_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, files) = (folder.path().join("cache.db"), written(folder.path()));
    let text = "CREATE VIEW own AS SELECT TOP 5 [id] FROM [Sales].[Big]";
    let of = |dialect| Own { dialect, properties: [("project_id".to_owned(), "mine".to_owned())].into() };
    for turn in 0..2 {
        let mut tree = Tree::new(settings(2, Some(&cache))).unwrap();
        tree.read(&files);
        for (name, dialect) in [("plain.sql", None), ("named.sql", Some(Choice::Named(Dialect::Tsql))), ("auto.sql", Some(Choice::Auto))] {
            assert_eq!(tree.read_text(name, text, of(dialect)).is_cached, turn == 1, "{name}");
        }
        let resolved = tree.resolve(100);
        let dialects: BTreeMap<_, _> = resolved.files.iter().map(|file| (file.name.as_str(), file.head.dialect)).collect();
        let [own, others] = [Dialect::Tsql, Dialect::Postgres].map(Some);
        assert_eq!(["named.sql", "auto.sql", "plain.sql", "views/big.sql"].map(|name| dialects[name]), [own, own, others, others]);
        for (file, graph) in resolved.files.iter().zip(resolved.graphs(0, 100).unwrap()) {
            let project = graph.nodes.iter().find(|node| node.label == "File").and_then(|node| node.properties.get("project_id").cloned());
            assert_eq!(project.as_deref(), (!file.name.contains('/')).then_some("mine"));
            if file.name == "named.sql" {
                assert!(graph.edges.iter().any(|edge| edge.kind == "DERIVES"), "the view of the other dialect is found");
            }
        }
    }
}
