//! Expressions of calculated columns: a small grammar, checked when the contract is read, and nothing of it is ever run as code.
//!
//! Two dialects. The strict one has types, precedence and brackets, and says what is wrong. The other gives what contracts of old were
//! written for, surprises included; see [`compat`].

mod ast;
mod compat;
mod error;
mod lexer;
#[cfg(test)]
mod naive;
mod parser;
mod strict;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use error::{EvaluationError, ExpressionError};

use crate::values::Number;
use crate::values::calendar::date_text;
use crate::values::times::DAY;

/// How an expression is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Dialect {
    /// Typed, with precedence.
    #[default]
    Strict,
    /// As contracts of old.
    Compat,
}

/// An attribute that an expression asks for: `attribute`, or `element.attribute`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// Name of the element, where one is given.
    pub element: Option<String>,
    /// Name of the attribute, as it is written in the expression.
    pub attribute: String,
}

/// An expression that was read.
#[derive(Clone, Debug)]
pub struct Expression {
    program: Program,
    references: Vec<Reference>,
}

#[derive(Clone, Debug)]
enum Program {
    Strict(ast::Node),
    Compat(compat::Program),
}

/// What an expression gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Evaluated {
    /// Nothing.
    Null,
    /// A text.
    Text(String),
    /// A number, exact.
    Number(Number),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00:00, without a zone.
    Timestamp(i64),
    /// No value could be made.
    Error(EvaluationError),
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it and where. The dialect of old takes everything: what it cannot read is nothing when it is asked.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, ExpressionError> {
        let mut references = References::default();
        let program = match dialect {
            Dialect::Strict => Program::Strict(parser::parse(text, &mut references)?),
            Dialect::Compat => Program::Compat(compat::read(text, &mut references)),
        };
        Ok(Self { program, references: references.all })
    }

    /// The attributes that it asks for, each once; the position is the number that [`evaluate`](Self::evaluate) asks by.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The value, where `text` answers the text of each reference (`None`: the document does not have it).
    pub fn evaluate<'t>(&self, text: &dyn Fn(usize) -> Option<&'t str>) -> Evaluated {
        match &self.program {
            Program::Strict(node) => strict::evaluate(node, text),
            Program::Compat(program) => compat::evaluate(program, text),
        }
    }
}

/// What both dialects make of a text, where that is not the same. `None` where it is, or where the strict dialect does not take the expression.
pub fn differs<'t>(text: &str, context: &dyn Fn(&Reference) -> Option<&'t str>) -> Option<(Evaluated, Evaluated)> {
    let evaluate = |dialect| {
        let expression = Expression::parse(text, dialect).ok()?;
        Some(expression.evaluate(&|at| expression.references().get(at).and_then(context)))
    };
    let (compat, strict) = (evaluate(Dialect::Compat)?, evaluate(Dialect::Strict)?);
    // A number and a text of its digits become the same value of any column.
    let is_same = compat == strict || (!matches!(strict, Evaluated::Error(_)) && compat.to_string() == strict.to_string());
    (!is_same).then_some((compat, strict))
}

impl fmt::Display for Evaluated {
    /// As a text that becomes the same value again; nothing for null and errors.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null | Self::Error(_) => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Date(day) => f.write_str(&date_text(*day)),
            Self::Timestamp(instant) => {
                let day = i32::try_from(instant.div_euclid(DAY)).unwrap_or_default();
                let micros = instant.rem_euclid(DAY);
                let seconds = micros / 1_000_000;
                write!(f, "{} {:02}:{:02}:{:02}", date_text(day), seconds / 3600, seconds / 60 % 60, seconds % 60)?;
                if micros % 1_000_000 == 0 { Ok(()) } else { write!(f, ".{:06}", micros % 1_000_000) }
            }
        }
    }
}

/// References of an expression, each once.
#[derive(Debug, Default)]
struct References {
    all: Vec<Reference>,
}

impl References {
    /// The number of a reference; case does not count.
    fn number(&mut self, element: Option<&str>, attribute: &str) -> usize {
        let is_same = |known: &Reference| {
            let same_element = match (&known.element, element) {
                (Some(known), Some(element)) => known.eq_ignore_ascii_case(element),
                (None, None) => true,
                _ => false,
            };
            same_element && known.attribute.eq_ignore_ascii_case(attribute)
        };
        self.all.iter().position(is_same).unwrap_or_else(|| {
            self.all.push(Reference { element: element.map(str::to_owned), attribute: attribute.to_owned() });
            self.all.len() - 1
        })
    }
}
