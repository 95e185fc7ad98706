//! Temporary tables and views: they are of their file only, and a name of one part means them there.

use crate::dialects::Dialect;
use crate::extract::Prepared;
use crate::lex::Token;
use crate::names::{Name, key};
use crate::tree::Statement;
use crate::units::{Work, into_of};
use hashbrown::HashSet;

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
