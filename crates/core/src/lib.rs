//! The words every other room speaks: plans, units, tables, folds, pipelines and failures.
//!
//! Nothing here opens a file, starts a thread or reads a clock. A pipeline may import this crate and
//! `rowmill-kernels` only, which is why a pipeline cannot do I/O.

pub mod day;
mod error;
mod fold;
mod panic;
mod pipeline;
pub mod plan;
mod table;
mod unit;

pub use error::{Code, Error, Place, Result};
pub use fold::{Emit, Fold, GLOBAL_PARTITION, PhaseDone, Rejected, StateBatch};
pub use panic::{guarded, panic_text, remember_places};
pub use pipeline::{ColumnKind, InputColumn, InputSpec, Pipeline, SourceSpec};
pub use plan::{Plan, Window};
pub use table::{Column, SqlType, TableSpec};
pub use unit::Unit;
