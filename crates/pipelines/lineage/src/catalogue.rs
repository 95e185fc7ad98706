//! Columns of the tables and views that the run has seen: gathered from every file first, so that no order of files matters.

use crate::dialects::Dialect;
use crate::names::{Canonical, Name, key};
use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// One column of an entry, or all columns of another table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryColumn {
    /// A column with its type, empty where it is not known.
    Named(String, String),
    /// Every column of a table but these, some under another name.
    AllOf(String, Vec<String>, Vec<(String, String)>),
}

/// What one statement says of the columns of an asset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// Canonical name.
    pub name: String,
    /// Columns in their order.
    pub columns: Vec<EntryColumn>,
    /// The object that it stands for, where it is a synonym.
    pub alias_of: Option<String>,
}

/// The columns of all assets of a run.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    tables: HashMap<String, Vec<(String, String)>>,
    aliases: HashMap<String, String>,
}

impl Catalogue {
    /// A catalogue of entries, whatever their order: of two that speak of one name, the one with more columns counts, then the smaller.
    pub fn new(entries: impl IntoIterator<Item: Borrow<Entry>>, dialect: Dialect) -> Catalogue {
        let entries: Vec<_> = entries.into_iter().collect();
        let mut best: HashMap<String, &Entry> = HashMap::with_capacity(entries.len());
        let mut aliases: HashMap<String, String> = HashMap::new();
        for entry in entries.iter().map(Borrow::borrow) {
            let id = key(&entry.name, dialect);
            if let Some(target) = &entry.alias_of {
                let held = aliases.entry(id).or_insert_with(|| target.clone());
                if target < held {
                    held.clone_from(target);
                }
                continue;
            }
            match best.get_mut(&id) {
                Some(held) if better(entry, held) => *held = entry,
                Some(_) => {}
                None => {
                    best.insert(id, entry);
                }
            }
        }
        let mut tables = HashMap::with_capacity(best.len());
        for id in best.keys() {
            if let Some(columns) = expand(id, &best, dialect, &mut HashSet::new()) {
                tables.insert(id.clone(), columns);
            }
        }
        Catalogue { tables, aliases }
    }

    /// Columns that a schema file names: `{"table": {"column": "type"}}`.
    pub fn from_schema(json: &serde_json::Value, dialect: Dialect, default_schema: Option<&str>) -> Vec<Entry> {
        let tables = json.as_object().into_iter().flatten();
        let entry = |(name, columns): (&String, &serde_json::Value)| Entry {
            name: Name::parse(name).canonical(dialect, default_schema).0,
            columns: columns
                .as_object()
                .into_iter()
                .flatten()
                .map(|(c, t)| EntryColumn::Named(c.clone(), t.as_str().unwrap_or_default().to_owned()))
                .collect(),
            alias_of: None,
        };
        tables.map(entry).collect()
    }

    /// The columns of an asset, with types, or `None` where they are not known.
    pub fn columns(&self, name: &str, dialect: Dialect) -> Option<&[(String, String)]> {
        self.tables.get(key(name, dialect).as_str()).map(Vec::as_slice)
    }

    /// What a name stands for: itself, or the object of a synonym, through several of them.
    pub fn behind(&self, name: Canonical, dialect: Dialect) -> Canonical {
        let mut at = name;
        for _ in 0..8 {
            match self.aliases.get(key(&at.0, dialect).as_str()) {
                Some(next) => at = Canonical(next.clone()),
                None => break,
            }
        }
        at
    }

    /// How many assets it knows.
    pub fn len(&self) -> usize {
        self.tables.len()
    }

    /// True where it knows nothing.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.aliases.is_empty()
    }

    /// A hash of what it answers for these names. Where it is equal, the lineage that asked for them is equal too.
    pub fn fingerprint<'n>(&self, names: impl IntoIterator<Item = &'n String>, dialect: Dialect) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut put = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        for name in names {
            put(name);
            put(&self.behind(Canonical(name.clone()), dialect).0);
            let columns = self.columns(name, dialect);
            put(if columns.is_some() { "known" } else { "" });
            for (column, _) in columns.unwrap_or_default() {
                put(column);
            }
        }
        hash.finalize().into()
    }
}

/// A catalogue that notes which names it was asked for.
pub(crate) struct Lookup<'a> {
    catalogue: &'a Catalogue,
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> Lookup<'a> {
    pub fn new(catalogue: &'a Catalogue) -> Lookup<'a> {
        Lookup { catalogue, asked: RefCell::default() }
    }

    fn note(&self, name: &str) {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(name) {
            asked.insert(name.to_owned());
        }
    }

    /// As [`Catalogue::columns`].
    pub fn columns(&self, name: &str, dialect: Dialect) -> Option<&'a [(String, String)]> {
        self.note(name);
        self.catalogue.columns(name, dialect)
    }

    /// As [`Catalogue::behind`].
    pub fn behind(&self, name: Canonical, dialect: Dialect) -> Canonical {
        self.note(&name.0);
        self.catalogue.behind(name, dialect)
    }

    /// The names, ascending.
    pub fn asked(self) -> Vec<String> {
        self.asked.into_inner().into_iter().collect()
    }
}

fn better(new: &Entry, held: &Entry) -> bool {
    (held.columns.len(), new) < (new.columns.len(), held)
}

/// The columns of an entry with every star replaced; `None` where a star is of a table that is not known, or of itself.
fn expand(id: &str, entries: &HashMap<String, &Entry>, dialect: Dialect, open: &mut HashSet<String>) -> Option<Vec<(String, String)>> {
    let entry = entries.get(id)?;
    if open.len() > 64 || !open.insert(id.to_owned()) {
        return None;
    }
    let mut out = Vec::with_capacity(entry.columns.len());
    for column in &entry.columns {
        match column {
            EntryColumn::Named(name, of) => out.push((name.clone(), of.clone())),
            EntryColumn::AllOf(table, except, renamed) => {
                let all = expand(&key(table, dialect), entries, dialect, open)?;
                for (name, of) in all.into_iter().filter(|(name, _)| !except.iter().any(|e| e.eq_ignore_ascii_case(name))) {
                    let to = renamed.iter().find(|(from, _)| from.eq_ignore_ascii_case(&name)).map(|(_, to)| to.clone());
                    out.push((to.unwrap_or(name), of));
                }
            }
        }
    }
    open.remove(id);
    // Nothing has two columns of one name: those that a join has in common come once.
    if entry.columns.len() > 1 && entry.columns.iter().any(|c| matches!(c, EntryColumn::AllOf(..))) {
        let mut seen = HashSet::with_capacity(out.len());
        out.retain(|(name, _)| seen.insert(key(name, dialect)));
    }
    Some(out)
}

/// A shared text, for results that name one asset many times.
pub(crate) type Shared = Rc<str>;
