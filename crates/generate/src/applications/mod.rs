//! Documents of applications for credit, made up from a seed, with what a run over them must find.
//!
//! Every document is a pure function of the settings and its place, so that any of them can be made alone, and nothing is held in memory but
//! the one at hand and a line of totals for each. Nobody in them exists.

mod archive;
mod document;
mod draw;
mod fault;
mod files;
mod kinds;
mod nasty;
mod padding;
mod people;
mod shapes;
mod spec;
mod totals;
mod values;

use std::path::Path;

use rowmill_core::{Code, Error, Result};
use serde_json::json;

use crate::files::write_failed;
use files::Sink;

pub use document::{Applications, Document};
pub use fault::Fault;
pub use spec::{ApplicationsSpec, DocumentFormat, DocumentShape, Product};
pub use totals::{ApplicationsTotals, DocumentTotals};

/// Writes documents as they are asked for, and `totals.json` beside them.
///
/// # Errors
/// `PLAN_INVALID` where a setting is out of range; `SINK_FILE_FAILED` where a file cannot be written or the folder holds documents already.
pub fn applications(spec: &ApplicationsSpec) -> Result<ApplicationsTotals> {
    let made = Applications::new(spec)?;
    std::fs::create_dir_all(&spec.out).map_err(|error| write_failed(&spec.out, &error))?;
    refuse_old_files(&spec.out)?;
    let mut sink = Sink::create(spec)?;
    let mut totals = ApplicationsTotals::new(spec);
    for number in 0..spec.documents {
        let document = made.document(number);
        let name = sink.write(&document)?;
        totals.add(&document, name);
    }
    totals.files = sink.finish()?;
    let text = serde_json::to_string(&json!(totals)).map_err(|error| Error::bug(error.to_string()))?;
    let path = spec.out.join("totals.json");
    std::fs::write(&path, text + "\n").map_err(|error| write_failed(&path, &error))?;
    Ok(totals)
}

/// Old and new documents would be read as one.
fn refuse_old_files(folder: &Path) -> Result<()> {
    let is_old = |name: &str| name.starts_with("applications.") || name == "totals.json" || name == "0000";
    for entry in std::fs::read_dir(folder).map_err(|error| write_failed(folder, &error))?.flatten() {
        if is_old(&entry.file_name().to_string_lossy()) {
            return Err(Error::new(Code::SinkFileFailed, "the folder holds documents already")
                .file(entry.path().display().to_string())
                .help("Generate into another folder, or remove this one first."));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
