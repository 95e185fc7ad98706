//! Whole-table questions about small results: rolling up and comparing.
//!
//! The only crate that imports polars, which stays behind these functions: Arrow batches go in, Arrow batches or plain data
//! come out. polars has an Arrow of its own; what crosses into it are the few columns that a grouping needs (keys, hashes,
//! sums), copied, because the C interface between the two would need unsafe code to save a copy that no measurement shows.

mod columns;
mod compare;
mod groups;
pub mod operators;
mod rollup;

pub use compare::{Batches, CompareOptions, Comparison, DayCount, Open, Sample, SampleKind, Total, compare};
pub use rollup::rollup;
