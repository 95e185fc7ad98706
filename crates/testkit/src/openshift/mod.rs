//! The daily summary of OpenShift usage, as nested loops over plain rows.
//!
//! Texts are compared and maximised by code point in both dialects; the collation of a PostgreSQL database is not
//! reproduced.

mod batch;
mod capacity;
mod compare;
mod decimal;
mod labels;
mod like;
mod maker;
mod nodes;
mod pods;
mod rollup;
mod rows;
mod rules;
mod scope;
mod storage;
mod summary;
mod unallocated;

pub use compare::{FinishedRow, difference, finished_rows};
pub use decimal::{numeric15, numeric15_by_15_digits};
pub use labels::Labels;
pub use like::like;
pub use maker::{may_fail, random_month};
pub use rows::{Category, Dialect, Input, LabelRow, MEASURES, Measures, Month, NodeRow, PodRow, Semantics, StorageRow, SummaryRow};
pub use summary::summarise;

#[cfg(test)]
mod tests;
