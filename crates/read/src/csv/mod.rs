//! CSV files: declared types, a filter on raw bytes, and the same records for any cut of the file into ranges.
//!
//! A record is a line. Two ways lead through it: a fast one over marks of commas, line ends and quotes, sixty-four bytes at a time, and a
//! careful one that reads field by field and alone decides what is wrong. The fast one steps aside wherever it meets a quote, a number that
//! is not plain, or a count of fields that is not the header's; both give the same rows.

mod bad;
mod batches;
mod blocks;
mod columns;
mod fields;
mod file;
mod header;
mod input;
mod line_ends;
mod lines;
mod scan;
#[cfg(test)]
mod tests;
mod values;

pub use bad::BadRow;
pub use batches::{CsvBatch, CsvBatches};
pub use file::{Container, CsvFile};
pub(crate) use file::{first_position, header_names};
pub use lines::{line_of, lines_of};
