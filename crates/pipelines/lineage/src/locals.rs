//! Temporary tables and views: they are of their file only, and a name of one part means them there. Where several routines make one of a name, each has
//! its own.

use crate::catalogue::{Catalogue, Entry};
use crate::dialects::Dialect;
use crate::extract::Prepared;
use crate::lex::Token;
use crate::names::{Name, key};
use crate::tree::Statement;
use crate::units::{Work, into_of};
use hashbrown::{HashMap, HashSet};

/// The temporary tables and views of a file, by the keys of their names as they are written.
pub(crate) type Temporaries = HashSet<String>;

/// True for `CREATE TEMPORARY TABLE`, `CREATE TEMP VIEW`, `SELECT … INTO TEMP t`. What is global is only declared, but for PostgreSQL, which knows no such.
pub(crate) fn is_of_session(text: &str, tokens: &[Token], dialect: Dialect) -> bool {
    const TEMPORARY: &[&str] = &["temp", "temporary"];
    if tokens[0].is(text, "create") {
        let head = &tokens[..tokens.len().min(7)];
        let head = head.split(|t| t.is_any(text, &["table", "view"])).next().unwrap_or_default();
        let global = dialect != Dialect::Postgres && head.iter().any(|t| t.is(text, "global"));
        return !global && head.iter().any(|t| t.is_any(text, TEMPORARY));
    }
    tokens[0].is_any(text, &["select", "with"]) && tokens.windows(2).any(|pair| pair[0].is(text, "into") && pair[1].is_any(text, TEMPORARY))
}

impl Prepared {
    /// Gathers the names of temporary tables.
    pub(crate) fn note_temporaries(&mut self) {
        let made = self.units.iter().filter(|u| u.temporary).filter_map(|unit| match &unit.work {
            Work::Parsed(Statement::Create(create)) => Some(&create.name),
            Work::Parsed(Statement::Query(query)) => into_of(query),
            _ => None,
        });
        self.temporaries = made.map(|name| key(&name.canonical(self.dialect, None).0, self.dialect)).collect();
    }
}

/// The canonical name where it is that of a temporary table: it has no schema but one that is written.
pub(crate) fn temporary(name: &Name, temporaries: &Temporaries, dialect: Dialect) -> Option<String> {
    if temporaries.is_empty() {
        return None;
    }
    let canonical = name.canonical(dialect, None).0;
    temporaries.contains(&key(&canonical, dialect)).then_some(canonical)
}

/// True for a name that says by its first character that what it names is temporary, or a variable.
pub(crate) fn has_mark(name: &str, dialect: Dialect) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.starts_with('#') || last.starts_with('@') && dialect == Dialect::Tsql
}

/// What is known of the columns of temporary tables, in each routine of a file.
pub(crate) struct Locals {
    /// Where a routine makes none that others make, too.
    shared: Catalogue,
    own: HashMap<Option<String>, Catalogue>,
}

impl Locals {
    /// Of entries with the routine in which they are made; outside of routines it is `None`.
    pub fn new(made: Vec<(Option<&str>, Entry)>, dialect: Dialect) -> Locals {
        let several = made_by_several(made.iter().map(|(within, entry)| (key(&entry.name, dialect), *within)));
        let (own, shared): (Vec<_>, Vec<_>) = made.into_iter().partition(|(_, entry)| several.contains_key(&key(&entry.name, dialect)));
        let shared: Vec<Entry> = shared.into_iter().map(|(_, entry)| entry).collect();
        let mut each: HashMap<Option<String>, Vec<Entry>> = HashMap::new();
        for (within, entry) in own {
            each.entry(within.map(str::to_owned)).or_insert_with(|| shared.clone()).push(entry);
        }
        let own = each.into_iter().map(|(within, entries)| (within, Catalogue::new(entries, dialect))).collect();
        Locals { shared: Catalogue::new(shared, dialect), own }
    }

    /// In a routine, or outside of all.
    pub fn of(&self, within: Option<&str>) -> &Catalogue {
        if self.own.is_empty() { &self.shared } else { self.own.get(&within.map(str::to_owned)).unwrap_or(&self.shared) }
    }
}

/// The names that more than one routine makes, and these; outside of routines counts as one.
pub(crate) fn made_by_several<'w>(made: impl Iterator<Item = (String, Option<&'w str>)>) -> HashMap<String, HashSet<Option<String>>> {
    let mut makers: HashMap<String, HashSet<Option<String>>> = HashMap::new();
    for (name, within) in made {
        makers.entry(name).or_default().insert(within.map(str::to_owned));
    }
    makers.retain(|_, routines| routines.len() > 1);
    makers
}
