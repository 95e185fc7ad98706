//! Typed values of columns, and how the text of an attribute becomes one.

pub(crate) mod calendar;
mod compat;
mod convert;
mod error;
mod number;
mod text;
pub(crate) mod times;
mod types;

pub use compat::Compat;
pub use convert::{convert, from_evaluated};
pub use error::ValueError;
pub use number::Number;
pub use text::{digits, is_blank, is_meaningful};
pub use types::Type;

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number; of a bit, 0 or 1.
    Integer(i64),
    /// A decimal at the scale of its column.
    Decimal(i128),
    /// A text, never blank.
    Text(String),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00:00, without a zone.
    Timestamp(i64),
    /// A double, finite.
    Double(f64),
}
