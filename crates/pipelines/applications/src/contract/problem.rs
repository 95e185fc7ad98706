//! What is wrong with a contract.

use std::fmt;

use serde::Serialize;

/// Something that is wrong with a contract: where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What kind of fault it is.
    pub category: Category,
    /// Where it is in the contract, as a JSON pointer (RFC 6901); empty for the whole.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// How it could look.
    pub example: String,
}

/// Kinds of faults of contracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Category {
    /// The file is no JSON.
    Syntax,
    /// A field that is missing, unknown or of the wrong kind.
    Structure,
    /// A name that stands for nothing, or for two things.
    Reference,
    /// A key, or a parent that does not fit its child.
    Key,
    /// A default or a constant that its column does not take.
    Value,
    /// An expression that cannot be read.
    Expression,
}

impl Problem {
    /// A problem at a place.
    pub(super) fn new(category: Category, place: &str, message: impl Into<String>, fix: impl Into<String>, example: impl Into<String>) -> Self {
        Self { category, place: place.to_owned(), message: message.into(), fix: fix.into(), example: example.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.place.is_empty() { "the contract" } else { &self.place };
        write!(f, "{}: {place}: {}. {}", self.category, self.message, self.fix)?;
        if self.example.is_empty() { Ok(()) } else { write!(f, ", for example {}", self.example) }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "syntax",
            Self::Structure => "structure",
            Self::Reference => "reference",
            Self::Key => "key",
            Self::Value => "value",
            Self::Expression => "expression",
        })
    }
}
