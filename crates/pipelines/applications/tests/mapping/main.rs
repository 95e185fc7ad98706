//! What documents become, by the numbered rules of this crate's README.

mod bad_documents;
mod cells;
mod common;
mod documents;
mod imported;
mod members;
mod names;
mod robust;
