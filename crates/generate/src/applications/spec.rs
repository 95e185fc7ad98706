//! What documents to generate.

use std::path::PathBuf;

use rowmill_core::{Code, Error, Result};
use serde::{Deserialize, Serialize};

use super::fault::Fault;

/// Documents of applications to generate. Every field but `out` has a default; unknown fields are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationsSpec {
    /// Folder to write to; created where missing. It must not hold documents already.
    pub out: PathBuf,
    /// The same seed and settings give the same bytes.
    #[serde(default = "one")]
    pub seed: u64,
    /// Documents, from 1.
    #[serde(default = "documents")]
    pub documents: u64,
    /// Number of the first document; contacts are numbered from twice as much.
    #[serde(default = "start")]
    pub start: u64,
    /// Whose documents they are.
    #[serde(default)]
    pub product: Product,
    /// Whether they have what no contract reads.
    #[serde(default)]
    pub shape: DocumentShape,
    /// Median of the bytes of full documents; otherwise that of the product.
    #[serde(default)]
    pub median_bytes: Option<u64>,
    /// Share of documents that have a fault, 0 to 1.
    #[serde(default)]
    pub faults: f64,
    /// The faults that they have; all of them where none is named.
    #[serde(default)]
    pub fault_kinds: Vec<Fault>,
    /// How they are written.
    #[serde(default)]
    pub format: DocumentFormat,
}

/// A product line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Product {
    /// Credit cards.
    #[default]
    Card,
    /// Loans for recreation.
    Lending,
}

/// How much of a document there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentShape {
    /// All of it; most bytes are reports and journals.
    #[default]
    Full,
    /// The part that contracts read.
    Staged,
}

/// How documents are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentFormat {
    /// A file for each, a folder for each thousand.
    #[default]
    Files,
    /// One file, one document after another.
    One,
    /// One zip archive, with a member for each.
    Zip,
    /// One file, one document after another, compressed with gzip.
    Gz,
}

impl ApplicationsSpec {
    /// What is wrong with the first setting that is out of range.
    pub(super) fn check(&self) -> Result<()> {
        // Numbers of contacts fit 32 bits with a sign.
        const LAST: u64 = 1_000_000_000;
        let checks = [
            ("documents", self.documents.to_string(), (1..=LAST).contains(&self.documents), "1 to 1000000000"),
            (
                "start",
                self.start.to_string(),
                self.start >= 1 && self.start.saturating_add(self.documents) <= LAST,
                "1 to 1000000000 with all documents",
            ),
            ("faults", self.faults.to_string(), (0.0..=1.0).contains(&self.faults), "0 to 1"),
            ("medianBytes", format!("{:?}", self.median_bytes), self.median_bytes.is_none_or(|bytes| (1..=1 << 30).contains(&bytes)), "1 to 1 GiB"),
        ];
        for (field, value, good, allowed) in checks {
            if !good {
                return Err(Error::new(Code::PlanInvalid, format!("{field} must be {allowed}")).column(field).value(value));
            }
        }
        Ok(())
    }
}

fn one() -> u64 {
    1
}

fn documents() -> u64 {
    1_000
}

fn start() -> u64 {
    1_000_000
}
