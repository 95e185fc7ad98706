//! Inputs that are not SQL files: Python, JSON, models and manifests of dbt; and ids of the graph.

#![allow(clippy::unwrap_used)]

use rowmill_lineage::{Catalogue, Choice, Dialect, Graph, IdScheme, Options, dbt_manifest, extract, json, node_id, python};

fn postgres() -> Options {
    Options { dialect: Choice::Named(Dialect::Postgres), ..Options::default() }
}

#[test]
fn lin_030_python_tables_are_looked_for_inside_strings_only() {
    let found = python(
        "a.py",
        "from os import path\nimport re\n# FROM nowhere\nclass A(B):\n    def f(self, x=1):\n        return run(\"\"\"SELECT a FROM s.t JOIN u ON 1\"\"\")\n",
    );
    let names = |label: &str| found.nodes.iter().filter(|n| n.label == label).map(|n| n.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names("DataAsset"), ["s.t", "u"]);
    assert_eq!(names("Class"), ["A"]);
    assert_eq!(names("Function"), ["f"]);
    assert_eq!(names("Module"), ["os.path", "re"]);
    let guessed: Vec<_> = found.edges.iter().filter(|e| e.kind == "READS_FROM").collect();
    assert!(guessed.iter().all(|e| e.source == "heuristic" && e.confidence == 0.5 && e.status == "pending_review"));
}

#[test]
fn lin_031_a_json_document_has_its_keys() {
    let found = json("d/x.json", r#"[{"a": 1, "b": 2}, {}]"#);
    let labels: Vec<_> = found.nodes.iter().map(|n| (n.label.as_ref(), n.name.as_str())).collect();
    assert_eq!(labels, [("File", "x.json"), ("JsonDocument", "x.json"), ("JsonKey", "a"), ("JsonKey", "b")]);
    assert_eq!(found.nodes[1].properties["array_len"], "2");
    assert!(json("x.json", "{").problems[0].contains("line 1"));
}

#[test]
fn lin_032_models_of_dbt_know_ref_and_source_and_mark_other_macros() {
    let found = extract(
        "{{ config(materialized='table') }}\nSELECT a FROM {{ ref('m') }} JOIN {{ source('s', 't') }} ON 1 = 1",
        &postgres(),
        &Catalogue::default(),
    );
    assert_eq!(found.statements[0].reads, ["m", "s.t"]);
    assert!(!found.statements[0].flags.templated);
    let found = extract("SELECT {{ my_macro('a') }} FROM {{ ref('m') }}", &postgres(), &Catalogue::default());
    assert!(found.statements[0].flags.templated && found.statements[0].columns.is_empty());
    assert_eq!(found.statements[0].reads, ["m"]);
}

#[test]
fn lin_033_a_manifest_of_dbt_gives_columns_of_compiled_code() {
    let manifest = r#"{"nodes": {"model.p.b": {"resource_type": "model", "name": "b", "schema": "s", "compiled_code": "select * from s.a", "original_file_path": "b.sql", "config": {"materialized": "view"}}},
      "sources": {"source.p.a": {"name": "a", "schema": "s", "columns": {"k": {"data_type": "int"}}}}}"#;
    let found = dbt_manifest(manifest, &postgres()).unwrap();
    let edge = &found[0].1.statements[0].columns[0];
    assert_eq!((edge.from.as_ref().unwrap().column.as_str(), edge.to.asset.as_str(), edge.to.column.as_str()), ("k", "s.b", "k"));
}

#[test]
fn lin_040_ids_keep_their_parts_apart_and_the_legacy_scheme_does_not() {
    assert_ne!(node_id(&["ab", "c"]), node_id(&["a", "bc"]));
    assert_eq!(node_id(&["data_asset", "t"]).to_string().len(), 64);
    let found = extract(
        "CREATE VIEW v AS SELECT a FROM t; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT a FROM v';",
        &postgres(),
        &Catalogue::default(),
    );
    let of = |scheme| {
        let mut graph = Graph::new(scheme);
        graph.add_file("x.sql", &found);
        graph
    };
    let (separated, legacy) = (of(IdScheme::Separated), of(IdScheme::Legacy));
    assert_eq!(separated.nodes().count(), legacy.nodes().count());
    assert!(separated.nodes().all(|n| legacy.nodes().all(|l| l.id != n.id)));
    let view: Vec<_> = separated.nodes().filter(|n| n.name == "v").map(|n| n.label.as_ref()).collect();
    assert_eq!(view, ["View"]);
    let kinds: std::collections::BTreeSet<_> = separated.edges().map(|e| e.kind.as_ref()).collect();
    for kind in ["CONTAINS", "DEFINES", "DERIVES", "FLOWS_TO", "GENERATES", "INPUT_TO", "MENTIONS", "READS_FROM"] {
        assert!(kinds.contains(kind), "{kind} of {kinds:?}");
    }
}
