//! The plan: what was asked for, fully normalised.
//!
//! Every setting is a [`Field`] in a table; the JSON Schema, the TypeScript types, the flags, the environment variables
//! and the reference page all come from that table. [`resolve()`] turns layers of raw values into a [`Plan`], or into
//! *all* the problems they have.

mod field;
mod fields;
mod resolve;
mod value;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::day::Day;

pub use field::{Field, Kind};
pub use fields::COMMON;
pub use resolve::{Layer, Origin, Problem, Resolved, fields_of, resolve};

/// A normalised plan. Made by [`resolve()`] only; plain data, so it can be stored and run again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// Name of the pipeline, for example `cost openshift`.
    pub pipeline: String,
    /// Where the input lies.
    pub source: Source,
    /// The days asked for.
    pub window: WindowRange,
    /// The same days, cut at month ends where `window.split` says so; each is loaded in one transaction.
    #[serde(default)]
    pub windows: Vec<Window>,
    /// Streaming (constant memory) or all in memory.
    pub mode: Mode,
    /// What a run may use.
    pub budget: Budget,
    /// Where rows go.
    pub database: Database,
    /// A file to write instead of a database.
    pub output: Output,
    /// How results are checked.
    pub verify: Verify,
    /// The pipeline's own section, validated by its fields.
    #[serde(default)]
    pub options: serde_json::Map<String, Value>,
}

/// Where the input lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Source {
    /// Folder that the templates start from.
    pub root: String,
    /// Name of a known layout.
    pub layout: String,
    /// Tenant name in paths.
    pub account: Option<String>,
    /// Provider id in paths and in `source_uuid`.
    pub id: Option<String>,
    /// Templates that replace those of the layout, by input name.
    pub paths: BTreeMap<String, Vec<String>>,
    /// Bytes of a CSV file that make one unit; derived from its size and the threads where not given.
    pub unit_bytes: Option<u64>,
    /// What becomes of records that cannot be read.
    pub on_bad_row: BadRows,
    /// How many of them may be left out before the run fails.
    pub max_bad_rows: u64,
}

/// What becomes of a record of a text file that cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BadRows {
    /// The run fails with the file, the line, the column and the value.
    #[default]
    Fail,
    /// It is left out and counted; a sample of each kind is reported.
    Skip,
    /// As `Skip`, and the record itself is kept in the quarantine file.
    Quarantine,
}

/// The days asked for, both inclusive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WindowRange {
    /// First day.
    pub start: Day,
    /// Last day, inclusive.
    pub end: Day,
    /// Whether a range over several months is cut at month ends.
    pub split: bool,
}

/// Days of one month that are replaced together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    /// First day.
    pub start: Day,
    /// Last day, inclusive.
    pub end: Day,
    /// Year of the input partition, `YYYY`: that of the first day.
    pub year: String,
    /// Month of the input partition, `MM`: that of the first day.
    pub month: String,
}

impl Window {
    /// The window of these days, with the partition of the first.
    pub fn new(start: Day, end: Day) -> Self {
        let (year, month, _) = start.civil();
        Self { start, end, year: format!("{year:04}"), month: format!("{month:02}") }
    }
}

/// How much is held in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Batches are folded as they are decoded; state spills past its share of the budget.
    Streaming,
    /// All input is decoded into memory first, and nothing spills.
    Memory,
}

/// What a run may use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Budget {
    /// Bytes of memory for the whole process.
    pub memory: u64,
    /// Worker threads.
    pub threads: u32,
    /// Folder for spilled state.
    pub spill: String,
    /// Bytes of memory that each fold may hold before it spills; derived from `memory` where not given.
    pub fold_bytes: Option<u64>,
    /// Rows per batch at most; fewer where rows are wide.
    pub batch_rows: u32,
}

/// Where rows go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Database {
    /// Connection URL of PostgreSQL.
    pub url: Option<String>,
    /// Schema of the target table and of the look-up tables.
    pub schema: String,
    /// Schema of the ledger.
    pub ledger_schema: String,
    /// Whether a missing target table is created.
    pub create: bool,
}

/// A file to write instead of a database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Output {
    /// Path of a Parquet file.
    pub file: Option<String>,
    /// Folder for a file per table (where there is no database), and for the files that a pipeline writes beside its tables.
    pub folder: Option<String>,
    /// How tables are written into the folder.
    pub format: FileFormat,
    /// Path of the file that keeps bad records.
    pub quarantine: Option<String>,
}

/// Form of a file with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFormat {
    /// `.csv`
    #[serde(rename = "csv")]
    Csv,
    /// `.csv.gz`
    #[serde(rename = "csv.gz")]
    CsvGz,
    /// `.parquet`
    #[serde(rename = "parquet")]
    Parquet,
}

impl FileFormat {
    /// The ending of its files, with the dot.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => ".csv",
            Self::CsvGz => ".csv.gz",
            Self::Parquet => ".parquet",
        }
    }
}

/// How results are checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Verify {
    /// Largest relative difference of a number that still counts as equal.
    pub tolerance: f64,
}

#[cfg(test)]
mod tests;
