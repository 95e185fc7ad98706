//! What is not a value of a type.

use std::fmt;

/// Why a text is no value of a type. Never says the text, which may be personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueError {
    /// Not a number as it must be written: digits, with groups of three divided by commas or none, a sign, a fraction.
    NotANumber,
    /// A number that the type does not hold.
    OutOfRange,
    /// `NaN` or infinite, which is a number of doubles alone.
    NotFinite,
    /// Neither 0 nor 1.
    NotABit,
    /// Not a date, or one that the calendar does not have.
    NotADate,
    /// A time with a zone, for a column without one.
    Zoned,
    /// Finer than a microsecond.
    TooFine,
}

impl ValueError {
    /// Whether the text is a value, but none that the column holds.
    pub fn is_too_large(self) -> bool {
        matches!(self, Self::OutOfRange | Self::NotFinite)
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "the text is not a number",
            Self::OutOfRange => "the number is too large for the column",
            Self::NotFinite => "the text stands for no finite number, and the column holds no other",
            Self::NotABit => "the text is neither 0 nor 1",
            Self::NotADate => "the text is not a date, or the calendar does not have it",
            Self::Zoned => "the time has a zone, and the column has none",
            Self::TooFine => "the time is finer than a microsecond",
        })
    }
}

impl std::error::Error for ValueError {}
