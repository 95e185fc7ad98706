//! Containers to batches: opens Parquet and CSV files and hands out bounded Arrow batches of the columns a pipeline asked for.
//!
//! This room knows no meaning. It matches columns by name, skips row groups by statistics, converts types to the
//! kinds of [`rowmill_core::ColumnKind`], and turns everything a damaged or hostile file can do into an error with a place.

mod batches;
mod columns;
mod convert;
mod csv;
mod fail;
mod file;
mod filter;
mod plan;
mod rows;
mod table;
#[cfg(test)]
mod tests;

pub use batches::{Batch, BatchLimit, Batches};
pub use csv::{BadRow, Container, CsvBatch, CsvBatches, CsvFile, line_of, lines_of};
pub use file::ParquetFile;
pub use plan::{FilePlan, RowGroup};
pub use rows::Rows;
pub use table::{Table, Wanted};
