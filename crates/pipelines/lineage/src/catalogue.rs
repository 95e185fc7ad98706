//! Columns of the tables and views that the run has seen: gathered from every file first, so that no order of files matters.

use crate::column_names::ColumnNames;
use crate::dialects::Dialect;
use crate::names::{Canonical, Name, key};
use crate::patterns::leaves_out;
use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
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
    tables: HashMap<String, ColumnNames>,
    aliases: HashMap<String, String>,
}

/// What is said of one asset: its columns, or what they are made of.
enum Said {
    Columns(ColumnNames),
    Stars(Vec<EntryColumn>),
}

impl Said {
    fn of(columns: Vec<EntryColumn>) -> Said {
        let names = columns.iter().map(|column| match column {
            EntryColumn::Named(name, _) => Some(name),
            EntryColumn::AllOf(..) => None,
        });
        match names.collect::<Option<ColumnNames>>() {
            Some(names) => Said::Columns(names),
            None => Said::Stars(columns),
        }
    }

    fn len(&self) -> usize {
        match self {
            Said::Columns(names) => names.len(),
            Said::Stars(columns) => columns.len(),
        }
    }

    /// Whether this counts before the other: more columns do, then those before stars, then the smaller.
    fn counts_before(&self, held: &Said) -> bool {
        if self.len() != held.len() {
            return self.len() > held.len();
        }
        match (self, held) {
            (Said::Columns(new), Said::Columns(old)) => new < old,
            (Said::Stars(new), Said::Stars(old)) => new < old,
            (Said::Columns(_), Said::Stars(_)) => true,
            (Said::Stars(_), Said::Columns(_)) => false,
        }
    }
}

impl Catalogue {
    /// A catalogue of entries, whatever their order: of two that speak of one name, the one with more columns counts, then the smaller.
    pub fn new(entries: impl IntoIterator<Item = Entry>, dialect: Dialect) -> Catalogue {
        let mut best: HashMap<String, Said> = HashMap::new();
        let mut aliases: HashMap<String, String> = HashMap::new();
        for entry in entries {
            let id = key(&entry.name, dialect);
            if let Some(target) = entry.alias_of {
                let held = aliases.entry(id).or_insert_with(|| target.clone());
                if target < *held {
                    *held = target;
                }
                continue;
            }
            let said = Said::of(entry.columns);
            match best.get_mut(&id) {
                Some(held) if said.counts_before(held) => *held = said,
                Some(_) => {}
                None => {
                    best.insert(id, said);
                }
            }
        }
        let with_stars = best.iter().filter(|(_, said)| matches!(said, Said::Stars(_))).map(|(id, _)| id);
        let mut expanded: HashMap<String, ColumnNames> =
            with_stars.filter_map(|id| Some((id.clone(), expand(id, &best, dialect, &mut HashSet::new())?.iter().collect()))).collect();
        let columns_of = |(id, said): (String, Said)| match said {
            Said::Columns(names) => Some((id, names)),
            Said::Stars(_) => expanded.remove_entry(&id),
        };
        Catalogue { tables: best.into_iter().filter_map(columns_of).collect(), aliases }
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

    /// The columns of an asset, or `None` where they are not known.
    pub fn columns(&self, name: &str, dialect: Dialect) -> Option<&ColumnNames> {
        self.tables.get(key(name, dialect).as_str())
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
            for column in columns.into_iter().flat_map(ColumnNames::iter) {
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
    pub fn columns(&self, name: &str, dialect: Dialect) -> Option<&'a ColumnNames> {
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

/// The columns of an asset with every star replaced; `None` where a star is of a table that is not known, or of itself.
fn expand(id: &str, all: &HashMap<String, Said>, dialect: Dialect, open: &mut HashSet<String>) -> Option<Vec<String>> {
    let columns = match all.get(id)? {
        Said::Columns(names) => return Some(names.iter().map(str::to_owned).collect()),
        Said::Stars(columns) => columns,
    };
    if open.len() > 64 || !open.insert(id.to_owned()) {
        return None;
    }
    let mut out = Vec::with_capacity(columns.len());
    for column in columns {
        match column {
            EntryColumn::Named(name, _) => out.push(name.clone()),
            EntryColumn::AllOf(table, except, renamed) => {
                let of = expand(&key(table, dialect), all, dialect, open)?;
                for name in of.into_iter().filter(|name| !except.iter().any(|e| leaves_out(e, name))) {
                    let to = renamed.iter().find(|(from, _)| from.eq_ignore_ascii_case(&name)).map(|(_, to)| to.clone());
                    out.push(to.unwrap_or(name));
                }
            }
        }
    }
    open.remove(id);
    // Nothing has two columns of one name: those that a join has in common come once.
    if columns.len() > 1 {
        let mut seen = HashSet::with_capacity(out.len());
        out.retain(|name| seen.insert(key(name, dialect)));
    }
    Some(out)
}

/// A shared text, for results that name one asset many times.
pub(crate) type Shared = Rc<str>;
