//! What is wrong with an expression, and with what it was asked of.

use std::fmt;

/// What is wrong with the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// Characters before the fault.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {}). {}", self.message, self.offset + 1, self.help)
    }
}

impl std::error::Error for ExpressionError {}

/// Why an expression gave no value. Never says what the document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EvaluationError {
    /// A number is needed, and the text is none.
    NotANumber,
    /// A date is needed, and the text is none.
    NotADate,
    /// Two values of different types, or of a type that has no such operation.
    Types,
    /// More digits than there is room for, or a date beyond the calendar.
    Overflow,
    /// The exponent of a power is not a small whole number.
    Exponent,
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "the expression needs a number, and the text is none",
            Self::NotADate => "the expression needs a date, and the text is none",
            Self::Types => "the expression takes two values together that are of different kinds",
            Self::Overflow => "the expression gives a number with too many digits, or a date beyond the calendar",
            Self::Exponent => "the exponent of a power is not a whole number from 0 on",
        })
    }
}

impl std::error::Error for EvaluationError {}
