//! What belongs to one file: temporary tables, told apart from tables of their names elsewhere.

#![allow(clippy::unwrap_used)]

use rowmill_lineage::{Catalogue, Choice, Dialect, Entry, FileLineage, Graph, IdScheme, Options, prepare};
use std::collections::BTreeSet;

fn lineages(dialect: Dialect, texts: &[&str]) -> Vec<FileLineage> {
    let options = Options { dialect: Choice::Named(dialect), default_schema: Some("main".into()), ..Options::default() };
    let prepared: Vec<_> = texts.iter().map(|text| prepare(text, &options)).collect();
    let entries: Vec<Entry> = prepared.iter().flat_map(|p| p.entries()).collect();
    let catalogue = Catalogue::new(entries, dialect);
    prepared.iter().map(|p| p.lineage(&catalogue)).collect()
}

fn nodes_called(files: &[FileLineage], name: &str) -> BTreeSet<String> {
    let mut graph = Graph::new(IdScheme::Separated);
    for (position, file) in files.iter().enumerate() {
        graph.add_file(&format!("f{position}.sql"), file);
    }
    graph.nodes().filter(|n| n.name == name && n.label != "Column" && n.label != "File").map(|n| n.id.to_string()).collect()
}

#[test]
fn lin_029_a_temporary_table_is_of_its_file() {
    let one = "CREATE TEMP TABLE stage AS SELECT a, b FROM src; INSERT INTO kept (a) SELECT a FROM stage;";
    let other = "CREATE TEMPORARY TABLE stage (c int); INSERT INTO kept (c) SELECT c FROM stage;";
    let files = lineages(Dialect::Postgres, &[one, other]);
    assert_eq!(nodes_called(&files, "stage").len(), 2, "one for each file");
    assert_eq!(nodes_called(&files, "main.kept").len(), 1);
    assert_eq!(files[0].statements[1].reads, ["stage"], "it has no schema");
    assert_eq!(files[1].statements[1].columns[0].from.as_ref().unwrap().column, "c");
}

#[test]
fn lin_029_its_columns_are_not_those_of_a_table_of_its_name_elsewhere() {
    let one = "CREATE TEMPORARY TABLE stage AS SELECT a, b FROM src;";
    let other = "CREATE TABLE stage (x int, y int, z int);";
    let reader = "INSERT INTO o SELECT * FROM stage;";
    let files = lineages(Dialect::Snowflake, &[one, other, reader]);
    let columns: Vec<&str> = files[2].statements[0].columns.iter().map(|e| e.from.as_ref().unwrap().column.as_str()).collect();
    assert_eq!(columns, ["X", "Y", "Z"]);
}

#[test]
fn lin_029_a_global_temporary_table_is_declared_for_all() {
    let files = lineages(Dialect::Oracle, &["CREATE GLOBAL TEMPORARY TABLE stage (c int);", "INSERT INTO stage (c) SELECT c FROM src;"]);
    assert_eq!(nodes_called(&files, "main.STAGE").len(), 1);
}

#[test]
fn lin_029_what_several_routines_make_is_of_each_its_own() {
    for name in ["@t", "#t"] {
        let made = |column: &str| if name == "@t" { format!("DECLARE @t TABLE ({column} int)") } else { format!("CREATE TABLE #t ({column} int)") };
        let [first, second] = ["a", "b"].map(made);
        let text = format!(
            "CREATE PROCEDURE p AS BEGIN {first}; INSERT {name} SELECT x FROM s; INSERT INTO u SELECT * FROM {name} END\nGO\n\
             CREATE PROCEDURE q AS BEGIN {second}; INSERT {name} SELECT y FROM s; INSERT INTO v SELECT * FROM {name} END"
        );
        let files = lineages(Dialect::Tsql, &[&text]);
        assert_eq!(nodes_called(&files, name).len(), 2, "one for each routine");
        let read: Vec<&str> =
            files[0].statements.iter().flat_map(|s| &s.columns).filter_map(|e| e.from.as_ref()).map(|f| f.column.as_str()).collect();
        assert_eq!(read, ["x", "a", "y", "b"]);
    }
}

#[test]
fn lin_029_a_temporary_table_that_another_routine_fills_is_one() {
    let text = "CREATE PROCEDURE p AS BEGIN CREATE TABLE #t (a int); EXEC q; INSERT INTO u SELECT * FROM #t END\nGO\n\
                CREATE PROCEDURE q AS BEGIN INSERT #t SELECT x FROM s END";
    let files = lineages(Dialect::Tsql, &[text]);
    assert_eq!(nodes_called(&files, "#t").len(), 1);
    assert_eq!(files[0].statements.last().unwrap().columns[0].to.column, "a");
}
