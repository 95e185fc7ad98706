//! `manifest.json` of dbt: compiled code, what depends on what, and columns.

use crate::catalogue::{Catalogue, Entry, EntryColumn};
use crate::dialects::Dialect;
use crate::extract::{Options, prepare};
use crate::model::FileLineage;
use crate::names::{Name, key};
use serde_json::{Map, Value};

fn relation(node: &Value) -> String {
    let part = |key: &str| node[key].as_str().filter(|s| !s.is_empty());
    let name = part("alias").or(part("identifier")).or(part("name")).unwrap_or_default();
    [part("database"), part("schema"), Some(name)].into_iter().flatten().collect::<Vec<_>>().join(".")
}

/// The lineage of every model that has code: path, and what it yields as a view or table of its own name. Compiled code counts before raw code, in
/// which `ref` and `source` are the relations that the manifest has for them. What it depends on is read, whatever its code shows.
pub fn dbt_manifest(text: &str, options: &Options) -> Result<Vec<(String, FileLineage)>, String> {
    let manifest: Value = serde_json::from_str(text).map_err(|e| format!("line {}, column {}: {e}", e.line(), e.column()))?;
    let Some(nodes) = manifest["nodes"].as_object() else { return Err("this is no manifest of dbt: it has no nodes".to_owned()) };
    let nothing = Map::new();
    let sources = manifest["sources"].as_object().unwrap_or(&nothing);
    let all = || nodes.iter().chain(sources);
    let mut entries: Vec<Entry> = all().filter_map(|(_, node)| declared(node)).collect();
    let mut prepared = Vec::new();
    let mut ids: Vec<&String> = nodes.keys().collect();
    ids.sort_unstable();
    for node in ids.into_iter().map(|id| &nodes[id]) {
        if !matches!(node["resource_type"].as_str(), Some("model" | "snapshot")) {
            continue;
        }
        let compiled = node["compiled_code"].as_str().or(node["compiled_sql"].as_str()).map(str::to_owned);
        let raw = || node["raw_code"].as_str().or(node["raw_sql"].as_str()).map(|code| with_relations(code, &manifest));
        let Some(code) = compiled.or_else(raw) else { continue };
        let kind = match node["config"]["materialized"].as_str() {
            Some("view") => "VIEW",
            Some("materialized_view") => "MATERIALIZED VIEW",
            _ => "TABLE",
        };
        let statement = format!("CREATE {kind} {} AS\n{}", relation(node), code.trim().trim_end_matches(';'));
        let file = prepare(&statement, options);
        entries.extend(file.entries());
        let needs = node["depends_on"]["nodes"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let reads: Vec<String> = needs.filter_map(|id| nodes.get(id).or_else(|| sources.get(id))).filter(|n| is_relation(n)).map(relation).collect();
        prepared.push((node["original_file_path"].as_str().unwrap_or_default().to_owned(), file, reads));
    }
    let dialect = prepared.first().map_or(Dialect::Generic, |(_, file, _)| file.dialect());
    let catalogue = Catalogue::new(entries, dialect);
    let lineage = |(path, file, reads): (String, crate::extract::Prepared, Vec<String>)| {
        let mut found = file.lineage(&catalogue);
        depend(&mut found, &reads, options);
        (path, found)
    };
    Ok(prepared.into_iter().map(lineage).collect())
}

/// Ephemeral models are part of the code of others; tests and macros hold no rows.
fn is_relation(node: &Value) -> bool {
    node["config"]["materialized"] != "ephemeral" && matches!(node["resource_type"].as_str(), Some("model" | "snapshot" | "seed" | "source") | None)
}

/// What a model depends on is read by it.
fn depend(found: &mut FileLineage, needs: &[String], options: &Options) {
    let dialect = found.dialect;
    let Some(first) = found.statements.first_mut() else { return };
    for name in needs {
        let read = Name::parse(name).canonical(dialect, options.default_schema.as_deref()).0;
        if !first.reads.iter().any(|r| key(r, dialect).eq_ignore_ascii_case(&key(&read, dialect))) {
            first.reads.push(read);
        }
    }
    first.reads.sort_unstable();
}

/// Raw code with the relations of the manifest for `ref` and `source`.
fn with_relations(code: &str, manifest: &Value) -> String {
    let mut out = code.to_owned();
    let named = |table: &str| manifest[table].as_object().into_iter().flatten();
    for (_, node) in named("nodes").filter(|(_, n)| n["resource_type"] != "test") {
        let Some(name) = node["name"].as_str() else { continue };
        out = replaced(&out, "ref", &[name], &relation(node));
    }
    for (_, source) in named("sources") {
        if let (Some(of), Some(name)) = (source["source_name"].as_str(), source["name"].as_str()) {
            out = replaced(&out, "source", &[of, name], &relation(source));
        }
    }
    out
}

/// `{{ function('a', 'b') }}` with a name in its place, whatever the spaces and quotes.
fn replaced(code: &str, function: &str, arguments: &[&str], name: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find("{{") {
        let Some(end) = rest[at..].find("}}") else { break };
        let inner: String = rest[at + 2..at + end].chars().filter(|c| !c.is_whitespace()).map(|c| if c == '"' { '\'' } else { c }).collect();
        let wanted = format!("{function}('{}')", arguments.join("','"));
        out.push_str(&rest[..at]);
        out.push_str(if inner.trim_matches('-') == wanted { name } else { &rest[at..at + end + 2] });
        rest = &rest[at + end + 2..];
    }
    out.push_str(rest);
    out
}

fn declared(node: &Value) -> Option<Entry> {
    let columns = node["columns"].as_object().filter(|c| !c.is_empty())?;
    let columns = columns.iter().map(|(name, c)| EntryColumn::Named(name.clone(), c["data_type"].as_str().unwrap_or_default().to_owned())).collect();
    Some(Entry { name: relation(node), columns, alias_of: None })
}
