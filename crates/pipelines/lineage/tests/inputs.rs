//! Inputs that are not SQL files: Python, JSON, models and manifests of dbt; and ids of the graph.

#![allow(clippy::unwrap_used)]

use rowmill_lineage::{Catalogue, Choice, Dialect, Graph, IdScheme, Options, dbt_manifest, extract, json, node_id, prepare_file, python};

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
fn lin_030_python_has_docstrings_bases_arguments_and_imports_over_several_lines() {
    let text = concat!(
        "from a.b import (\n    c,  # select x from y\n    d as e,\n)\nfrom . import f\nimport g as h, i\n",
        "class A(B, m.C, metaclass=D):\n    \"\"\"What A is.\"\"\"\n",
        "    async def run(self, x: Dict[str, int] = {}, *args, y=(1, 2), **more) -> None:\n        'Runs it.'\n        spark.table( \"s.t\" )\n",
        "        spark.sql(f\"INSERT INTO u SELECT * FROM {x}\")\n        q('DELETE FROM w')\n        q(r'UPDATE z SET a = 1 FOR UPDATE skip')\n",
        "        log('no sql: update the docs from here')\n",
    );
    let found = python("a.py", text);
    let of = |label: &str| found.nodes.iter().filter(|n| n.label == label).collect::<Vec<_>>();
    let names = |label: &str| of(label).into_iter().map(|n| n.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names("Module"), ["a.b.c", "a.b.d", ".f", "g", "i"]);
    assert_eq!((of("Class")[0].properties["docstring"].as_str(), of("Class")[0].properties["bases"].as_str()), ("What A is.", r#"["B","m.C"]"#));
    assert_eq!(of("Function")[0].properties["args"], r#"["self","x","args","y","more"]"#);
    assert_eq!(of("Function")[0].properties["docstring"], "Runs it.");
    let tables: Vec<(&str, &str)> =
        found.edges.iter().filter(|e| e.source == "heuristic").map(|e| (e.kind.as_ref(), e.properties["evidence"].as_str())).collect();
    assert_eq!(tables, [("WRITES_TO", "insert into u"), ("WRITES_TO", "delete from w"), ("WRITES_TO", "update z"), ("READS_FROM", "table(\"s.t\")")]);
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
fn lin_032_placeholders_are_names_lists_or_values_by_what_is_around_them() {
    let found = extract(
        "INSERT INTO hive.{{schema | sqlsafe}}.sums_{{suffix | sqlsafe}} (a, b)\nSELECT t.a, {{ given }} FROM {{schema | sqlsafe}}.t\n{% if kinds %}WHERE t.kind IN {{ kinds | inclause }}{% endif %}",
        &postgres(),
        &Catalogue::default(),
    );
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    let statement = &found.statements[0];
    assert!(!statement.flags.templated);
    assert_eq!(statement.reads, ["schema.t"]);
    assert_eq!(statement.columns.len(), 2);
    let from = statement.columns[0].from.as_ref().unwrap();
    assert_eq!((from.asset.as_str(), from.column.as_str()), ("schema.t", "a"));
    assert_eq!((statement.columns[0].to.asset.as_str(), statement.columns[0].to.column.as_str()), ("hive.schema.sums_suffix", "a"));
    assert!(statement.columns[1].from.is_none(), "a value that is given is a constant");
}

#[test]
fn lin_032_of_branches_the_first_is_read_and_arrays_in_strings_are_none() {
    let text = "CREATE TABLE made AS SELECT a\nFROM {% if is_incremental() %}\nnew {% if x %}n{% endif %}{% else %}{% if y %}\nold{% endif %} o JOIN p{% endif %}\nWHERE b = 1;\nSELEC 1";
    let found = extract(text, &postgres(), &Catalogue::default());
    assert_eq!(found.statements[0].reads, ["new"]);
    assert_eq!(found.problems.iter().map(|p| p.line).collect::<Vec<_>>(), [6], "lines keep their numbers: {:?}", found.problems);
    let found = extract("CREATE TABLE m AS SELECT a, '{{1,2},{3,4}}'::int[] AS b, '{{5,6}}'::int[] AS c FROM t", &postgres(), &Catalogue::default());
    assert!(!found.statements[0].flags.templated && found.problems.is_empty());
    assert_eq!(found.statements[0].columns.len(), 3);
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
fn lin_033_a_manifest_knows_what_ref_and_source_of_raw_code_are_and_what_a_model_depends_on() {
    let manifest = r#"{"nodes": {
        "model.p.a": {"resource_type": "model", "name": "a", "alias": "a_v1", "schema": "s", "raw_code": "select k from {{ source('raw', 'x') }}", "config": {"materialized": "table"}, "depends_on": {"nodes": ["source.p.raw.x"]}},
        "model.p.b": {"resource_type": "model", "name": "b", "schema": "s", "raw_code": "select * from {{ ref(\"a\") }}", "config": {"materialized": "view"}, "depends_on": {"nodes": ["model.p.a", "seed.p.c"]}},
        "seed.p.c": {"resource_type": "seed", "name": "c", "schema": "s"},
        "test.p.t": {"resource_type": "test", "name": "t", "compiled_code": "select 1"}},
      "sources": {"source.p.raw.x": {"source_name": "raw", "name": "x", "identifier": "x_2", "schema": "landing"}}}"#;
    let found = dbt_manifest(manifest, &postgres()).unwrap();
    let reads: Vec<_> = found.iter().map(|(_, f)| f.statements[0].reads.as_slice()).collect();
    assert_eq!(reads, [&["landing.x_2"][..], &["s.a_v1", "s.c"][..]]);
    let edge = &found[1].1.statements[0].columns[0];
    assert_eq!((edge.from.as_ref().unwrap().asset.as_str(), edge.to.asset.as_str(), edge.to.column.as_str()), ("s.a_v1", "s.b", "k"));
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

#[test]
fn lin_036_a_model_of_dbt_makes_the_relation_that_its_file_is_called_after() {
    let raw = "{{ config(materialized='table') }}\nSELECT o.id, o.qty * 2 AS twice FROM {{ source('shop', 'orders') }} o";
    let next = "{{ config(materialized=\"incremental\") }}\nSELECT s.* FROM {{ ref('stg_orders') }} s {% if is_incremental() %} WHERE s.id > (SELECT max(id) FROM {{ this }}) {% endif %};\n";
    let options = Options { default_schema: Some("dw".into()), ..postgres() };
    let files = [prepare_file("shop/models/staging/stg_orders.sql", raw, &options), prepare_file("shop/models/facts.sql", next, &options)];
    let catalogue = Catalogue::new(files.iter().flat_map(|f| f.entries()).collect::<Vec<_>>(), Dialect::Postgres);
    let found: Vec<_> = files.iter().map(|f| f.lineage(&catalogue).statements.remove(0)).collect();
    let edges = |at: usize| -> Vec<String> {
        let line = |e: &rowmill_lineage::ColumnEdge| {
            format!("{}.{} -> {}.{}", e.from.as_ref().unwrap().asset, e.from.as_ref().unwrap().column, e.to.asset, e.to.column)
        };
        found[at].columns.iter().map(line).collect()
    };
    assert_eq!(edges(0), ["shop.orders.id -> dw.stg_orders.id", "shop.orders.qty -> dw.stg_orders.twice"]);
    assert_eq!(edges(1), ["dw.stg_orders.id -> dw.facts.id", "dw.stg_orders.twice -> dw.facts.twice"]);
    assert_eq!(found[1].reads, ["dw.facts", "dw.stg_orders"]);
}

#[test]
fn lin_036_macros_leave_the_relation_and_its_tables_and_other_files_are_no_models() {
    let text = "SELECT {{ cents('n') }} AS n FROM {{ ref('m') }}";
    let found = prepare_file("models/x.sql", text, &postgres()).lineage(&Catalogue::default());
    let first = &found.statements[0];
    assert!(first.flags.templated && first.columns.is_empty());
    assert_eq!((first.write.as_ref().unwrap().0.as_str(), first.reads.as_slice()), ("x", ["m".to_owned()].as_slice()));
    for (path, text) in [("models/x.sql", "SELECT 1 AS one"), ("analyses/x.sql", text)] {
        assert!(prepare_file(path, text, &postgres()).lineage(&Catalogue::default()).statements[0].write.is_none(), "{path}");
    }
}
