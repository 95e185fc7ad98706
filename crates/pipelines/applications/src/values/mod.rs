//! Typed values of columns, and how the text of an attribute becomes one.

mod compat;
mod types;

pub use compat::Compat;
pub use types::Type;
