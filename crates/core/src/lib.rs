//! The words every other room speaks: plans, units, tables, folds, pipelines and failures.
//!
//! Nothing here opens a file, starts a thread or reads a clock. A pipeline may import this crate and
//! `rowmill-kernels` only, which is why a pipeline cannot do I/O.

pub mod day;
mod error;
mod filter;
mod fold;
mod panic;
mod pipeline;
pub mod plan;
mod table;
mod unit;

pub use error::{Code, Error, Place, Result};
pub use filter::{FilterTerm, Test};
pub use fold::{Emit, Fold, GLOBAL_PARTITION, Outlet, PhaseDone, Rejected, Sealed, StateBatch};
pub use panic::{guarded, panic_text, remember_places};
pub use pipeline::{ANY_LAYOUT, ColumnKind, InputColumn, InputSpec, POSITION, Pipeline, Preset, SourceSpec, Windowing};
pub use plan::{Plan, Window};
pub use table::{Column, SqlType, TableSpec};
pub use unit::{ByteRange, Unit};
