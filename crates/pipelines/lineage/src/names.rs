//! Canonical names: parts without quotes, folded by the dialect, the missing schema filled in.

use crate::dialects::{Dialect, Fold};
use serde::{Deserialize, Serialize};

/// One part of a name as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Part {
    /// Its text without quotes.
    pub text: String,
    /// True where it stood in quotes, which keep its case.
    pub quoted: bool,
}

/// A name of one to four parts, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Name {
    /// From the outermost to the object.
    pub parts: Vec<Part>,
}

/// A canonical name: what identifies an object, and what is shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Canonical(pub String);

impl Name {
    /// A name of one part without quotes.
    pub fn plain(text: &str) -> Name {
        Name { parts: vec![Part { text: text.to_owned(), quoted: false }] }
    }

    /// The name of a written form such as `[a].b."c"`; periods inside quotes do not cut it.
    pub fn parse(written: &str) -> Name {
        let mut parts = Vec::new();
        let mut rest = written.trim();
        while !rest.is_empty() {
            let (part, after) = take_part(rest);
            parts.push(part);
            rest = after.trim_start().strip_prefix('.').unwrap_or("").trim_start();
        }
        Name { parts }
    }

    /// True for a name without parts.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|p| p.text.is_empty())
    }

    /// The last part, folded.
    pub fn last(&self, dialect: Dialect) -> String {
        self.parts.last().map(|p| fold(p, dialect)).unwrap_or_default()
    }

    /// The canonical form: folded parts joined by periods; `default_schema` stands before a name of one part.
    pub fn canonical(&self, dialect: Dialect, default_schema: Option<&str>) -> Canonical {
        let mut parts: Vec<String> = self.parts.iter().map(|p| fold(p, dialect)).collect();
        // `db..table` of T-SQL leaves the schema to the user's default.
        if parts.len() > 1 {
            parts = fill_or_drop_empty(parts, default_schema);
        } else if let Some(schema) = default_schema.filter(|_| !self.is_temporary()) {
            parts.insert(0, schema.to_owned());
        }
        Canonical(parts.join("."))
    }

    /// True for a temporary table or a variable, a stage or a file, which have no schema.
    pub fn is_temporary(&self) -> bool {
        let place = |p: &Part| p.quoted && (p.text.contains('/') || p.text.starts_with("file:"));
        self.parts.last().is_some_and(|p| p.text.starts_with('#') || p.text.starts_with('@') || place(p))
    }
}

fn fill_or_drop_empty(parts: Vec<String>, default_schema: Option<&str>) -> Vec<String> {
    parts.into_iter().filter_map(|p| if p.is_empty() { default_schema.map(str::to_owned) } else { Some(p) }).collect()
}

fn take_part(rest: &str) -> (Part, &str) {
    let close = match rest.as_bytes().first() {
        Some(b'"') => '"',
        Some(b'`') => '`',
        Some(b'[') => ']',
        _ => {
            let end = rest.find('.').unwrap_or(rest.len());
            return (Part { text: rest[..end].trim().to_owned(), quoted: false }, &rest[end..]);
        }
    };
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != close {
            text.push(c);
        } else if chars.peek().is_some_and(|&(_, next)| next == close) {
            text.push(c);
            chars.next();
        } else {
            return (Part { text, quoted: true }, &rest[at + c.len_utf8()..]);
        }
    }
    (Part { text, quoted: true }, "")
}

/// A part as its dialect stores it.
pub fn fold(part: &Part, dialect: Dialect) -> String {
    match dialect.fold() {
        Fold::Lower if !part.quoted || dialect == Dialect::Trino => part.text.to_lowercase(),
        Fold::Upper if !part.quoted => part.text.to_uppercase(),
        _ => part.text.clone(),
    }
}

/// What two names of a dialect must share to be the same.
pub fn key(canonical: &str, dialect: Dialect) -> String {
    if dialect.fold() == Fold::Insensitive { canonical.to_lowercase() } else { canonical.to_owned() }
}
