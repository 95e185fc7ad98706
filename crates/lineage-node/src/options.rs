//! Options of a tree as they come from TypeScript.

use rowmill_core::{Code, Error, Result};
use rowmill_lineage::{Catalogue, Choice, DEFAULT, Dialect, IdScheme, Options};
use rowmill_lineage_tree::{CacheSettings, Own, Settings};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WireOptions {
    dialect: String,
    default_schema: Option<String>,
    id_scheme: IdScheme,
    influences: bool,
    follow_synonyms: bool,
    file_properties: BTreeMap<String, String>,
    schema_file: Option<String>,
    cache: Option<WireCache>,
    threads: usize,
    max_file_bytes: u64,
}

/// Where results are kept.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WireCache {
    path: PathBuf,
    max_entries: u64,
    ttl_days: u32,
}

impl From<WireCache> for CacheSettings {
    fn from(wire: WireCache) -> CacheSettings {
        CacheSettings { path: wire.path, max_entries: wire.max_entries, ttl_days: wire.ttl_days }
    }
}

/// A value of a type of ours, from TypeScript of ours.
///
/// # Errors
/// `BUG_INTERNAL`: whoever called has checked it.
pub fn from_wire<T: serde::de::DeserializeOwned>(value: Value, what: &str) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::bug(format!("{what}: {error}")))
}

/// The settings of a tree.
///
/// # Errors
/// `PLAN_INVALID` for a dialect that is not known, `INPUT_FILE_UNREADABLE` and `INPUT_FORMAT_INVALID` for the schema file.
pub fn settings(value: Value) -> Result<Settings> {
    let wire: WireOptions = from_wire(value, "the options of a tree")?;
    let choice = dialect(&wire.dialect)?;
    let named = match choice {
        Choice::Named(dialect) => dialect,
        Choice::Auto => DEFAULT,
    };
    let schema = match &wire.schema_file {
        Some(path) => Catalogue::from_schema(&schema(path)?, named, wire.default_schema.as_deref()),
        None => Vec::new(),
    };
    Ok(Settings {
        options: Options { dialect: choice, default_schema: wire.default_schema, influences: wire.influences, follow_synonyms: wire.follow_synonyms },
        scheme: wire.id_scheme,
        file_properties: wire.file_properties,
        schema,
        threads: wire.threads.max(1),
        max_file_bytes: wire.max_file_bytes,
        cache: wire.cache.map(CacheSettings::from),
    })
}

/// How a text is read that is handed in.
///
/// # Errors
/// `PLAN_INVALID` for a dialect that is not known.
pub fn text_options(value: Value) -> Result<Own> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Wire {
        dialect: Option<String>,
        #[serde(default)]
        properties: BTreeMap<String, String>,
    }
    let wire: Wire = from_wire(value, "the options of a text")?;
    Ok(Own { dialect: wire.dialect.as_deref().map(dialect).transpose()?, properties: wire.properties })
}

fn dialect(id: &str) -> Result<Choice> {
    if id == "auto" {
        return Ok(Choice::Auto);
    }
    named_dialect(id).map(Choice::Named)
}

/// The dialect of an id.
///
/// # Errors
/// `PLAN_INVALID` for one that is not known.
pub fn named_dialect(id: &str) -> Result<Dialect> {
    Dialect::from_id(id).ok_or_else(|| {
        let known: Vec<_> = Dialect::ALL.iter().map(|dialect| dialect.id()).collect();
        Error::new(Code::PlanInvalid, format!("the dialect '{id}' is not known")).help(format!("Choose one of {}, or auto.", known.join(", ")))
    })
}

fn schema(path: &str) -> Result<Value> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::new(Code::InputUnreadable, error.to_string()).file(path))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| malformed(path, &error.to_string()))?;
    let is_table = |table: &Value| table.as_object().is_some_and(|columns| columns.values().all(Value::is_string));
    if value.as_object().is_some_and(|tables| tables.values().all(is_table)) {
        return Ok(value);
    }
    Err(malformed(path, "it does not have the shape of a schema file"))
}

fn malformed(path: &str, reason: &str) -> Error {
    Error::new(Code::InputFormat, reason).file(path).help("Write {\"table\": {\"column\": \"type\"}} as JSON.")
}
