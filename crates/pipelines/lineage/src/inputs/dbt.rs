//! `manifest.json` of dbt: compiled code, what depends on what, and columns.

use crate::catalogue::{Catalogue, Entry, EntryColumn};
use crate::dialects::Dialect;
use crate::extract::{Options, prepare};
use crate::model::FileLineage;
use serde_json::Value;

fn relation(node: &Value) -> String {
    let part = |key: &str| node[key].as_str().filter(|s| !s.is_empty());
    let name = part("alias").or(part("identifier")).or(part("name")).unwrap_or_default();
    [part("database"), part("schema"), Some(name)].into_iter().flatten().collect::<Vec<_>>().join(".")
}

/// The lineage of every model that has compiled code: path, and what it yields as a view or table of its own name.
pub fn dbt_manifest(text: &str, options: &Options) -> Result<Vec<(String, FileLineage)>, String> {
    let manifest: Value = serde_json::from_str(text).map_err(|e| format!("line {}, column {}: {e}", e.line(), e.column()))?;
    let Some(nodes) = manifest["nodes"].as_object() else { return Err("this is no manifest of dbt: it has no nodes".to_owned()) };
    let sources = manifest["sources"].as_object();
    let all = || nodes.values().chain(sources.into_iter().flat_map(|s| s.values()));
    let mut entries: Vec<Entry> = all().filter_map(declared).collect();
    let mut prepared = Vec::new();
    let mut ids: Vec<&String> = nodes.keys().collect();
    ids.sort_unstable();
    for node in ids.into_iter().map(|id| &nodes[id]) {
        if !matches!(node["resource_type"].as_str(), Some("model" | "snapshot")) {
            continue;
        }
        let code = node["compiled_code"].as_str().or(node["compiled_sql"].as_str()).or(node["raw_code"].as_str()).or(node["raw_sql"].as_str());
        let Some(code) = code else { continue };
        let kind = if node["config"]["materialized"] == "view" { "VIEW" } else { "TABLE" };
        let statement = format!("CREATE {kind} {} AS\n{}", relation(node), code.trim().trim_end_matches(';'));
        let file = prepare(&statement, options);
        entries.extend(file.entries());
        prepared.push((node["original_file_path"].as_str().unwrap_or_default().to_owned(), file));
    }
    let dialect = prepared.first().map_or(Dialect::Generic, |(_, file)| file.dialect());
    let catalogue = Catalogue::new(entries, dialect);
    Ok(prepared.into_iter().map(|(path, file)| (path, file.lineage(&catalogue))).collect())
}

fn declared(node: &Value) -> Option<Entry> {
    let columns = node["columns"].as_object().filter(|c| !c.is_empty())?;
    let columns = columns.iter().map(|(name, c)| EntryColumn::Named(name.clone(), c["data_type"].as_str().unwrap_or_default().to_owned())).collect();
    Some(Entry { name: relation(node), columns, alias_of: None })
}
