//! One setting, as data.

use serde::Serialize;

/// What values a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Kind {
    /// Any text that is not empty.
    Text,
    /// Any text, also the empty one: for names that come from data.
    AnyText,
    /// `true` or `false`.
    Flag,
    /// A whole number in this range, both ends inclusive.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A finite number in this range, both ends inclusive.
    Number {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// A number of bytes: a whole number, or one with a unit such as `512MiB` or `2GB`; at least `min`.
    Bytes {
        /// Smallest, in bytes.
        min: u64,
    },
    /// A day `YYYY-MM-DD`.
    Day,
    /// A month `YYYY-MM`.
    Month,
    /// A UUID in its hyphenated form.
    Uuid,
    /// One of these words.
    Choice {
        /// The words.
        of: &'static [&'static str],
    },
    /// A whole number in this range, both ends inclusive, or the word `auto`.
    IntegerOrAuto {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A list of whole numbers in this range, both ends inclusive; as one text, separated by commas.
    Integers {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A list of texts; as one text, separated by commas.
    Texts,
    /// A map from one of these names to a text or a list of texts.
    TextMap,
    /// A list of objects with these fields; as one text, JSON.
    Records {
        /// The fields of each object; their `path` is a plain name.
        of: &'static [Field],
    },
}

/// One setting: where it lies in the plan, what it takes, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Dotted path, for example `budget.memory`.
    pub path: &'static str,
    /// What values it takes.
    #[serde(flatten)]
    pub kind: Kind,
    /// Default, as JSON text; `None` where there is none.
    pub default: Option<&'static str>,
    /// Whether a plan without it is a problem.
    pub required: bool,
    /// Name of the command-line flag without dashes; empty where there is none.
    pub flag: &'static str,
    /// What it means, with its unit and its trade-off.
    pub doc: &'static str,
    /// A sensible value, as JSON text, for docs and for `config init`.
    pub example: &'static str,
    /// What is said of a value that is not allowed, with `{}` in its place; the usual words where absent.
    #[serde(skip)]
    pub refusal: Option<&'static str>,
}

impl Field {
    /// A field that is optional, without default and flag.
    pub const fn new(path: &'static str, kind: Kind, example: &'static str, doc: &'static str) -> Self {
        Self { path, kind, default: None, required: false, flag: "", doc, example, refusal: None }
    }

    /// Sets the default, as JSON text.
    pub const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// Makes it required.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Sets what is said of a value that is not allowed.
    pub const fn refusal(self, refusal: &'static str) -> Self {
        Self { refusal: Some(refusal), ..self }
    }

    /// Names its flag, without dashes.
    pub const fn flag(self, flag: &'static str) -> Self {
        Self { flag, ..self }
    }

    /// The environment variable that sets it: `ROWMILL_` and the path in capitals, with underscores at dots and humps.
    pub fn env(&self) -> String {
        let mut name = String::from("ROWMILL_");
        for letter in self.path.chars() {
            match letter {
                '.' => name.push('_'),
                upper if upper.is_ascii_uppercase() => {
                    name.push('_');
                    name.push(upper);
                }
                lower => name.push(lower.to_ascii_uppercase()),
            }
        }
        name
    }
}
