//! What a run would read, from footers alone.

use std::collections::BTreeSet;

use rowmill_core::{Error, Pipeline, Plan, Result, Unit};
use rowmill_read::{Container, CsvFile, ParquetFile};
use serde::Serialize;

use crate::budget::{OUTPUT_BYTES, PROCESS_BYTES, Shares};
use crate::inputs::inputs_of;

/// What a run would read.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspection {
    /// The inputs that the run would read.
    pub inputs: Vec<InputInspection>,
    /// How the memory budget is shared out.
    pub memory: Vec<MemoryShare>,
    /// Stable identity of each unit, in the order given.
    pub unit_ids: Vec<String>,
    /// One failure per file that cannot be read as it should.
    #[serde(skip)]
    pub failures: Vec<Error>,
}

/// One input of a run.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InputInspection {
    /// Name of the input.
    pub name: String,
    /// Files.
    pub files: u64,
    /// Bytes of the files.
    pub bytes: u64,
    /// Rows in row groups that would be read; those of text files are not known before they are read.
    pub rows: u64,
    /// Whether `rows` has all of them.
    pub rows_known: bool,
    /// Row groups that would be read.
    pub row_groups: u64,
    /// Row groups that statistics rule out.
    pub row_groups_pruned: u64,
    /// Rows in them.
    pub rows_pruned: u64,
    /// Compressed bytes of the columns that would be read.
    pub bytes_projected: u64,
    /// Columns that at least one file lacks; they read as NULL there.
    pub columns_missing: BTreeSet<String>,
}

/// A share of the memory budget.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoryShare {
    /// What it is for.
    pub stage: String,
    /// Bytes.
    pub bytes: u64,
}

/// Reads the footers of the files that a run would read.
///
/// # Errors
/// Those of the plan; what is wrong with a file is in [`Inspection::failures`].
pub fn inspect(pipeline: &dyn Pipeline, plan: &Plan, window: usize, units: &[Unit]) -> Result<Inspection> {
    let window = plan.windows.get(window).ok_or_else(|| Error::bug(format!("the plan has no window {window}")))?;
    let mut failures = Vec::new();
    let mut inputs = Vec::new();
    for spec in inputs_of(pipeline, plan, units)? {
        let mut input = InputInspection { name: spec.name.into(), rows_known: true, ..InputInspection::default() };
        for unit in units.iter().filter(|unit| unit.input == spec.name) {
            input.files += 1;
            input.bytes += unit.size;
            if Container::of(&unit.uri) != Container::Parquet {
                input.rows_known = false;
                match CsvFile::open(&unit.uri, None, &spec, 0, plan.source.on_bad_row) {
                    Ok(file) => {
                        input.bytes_projected += unit.size;
                        input.columns_missing.extend(file.missing().iter().map(|name| name.clone().into_owned()));
                    }
                    Err(failure) => failures.push(failure),
                }
                continue;
            }
            match ParquetFile::open(&unit.uri).and_then(|file| file.plan(&spec, window.start, window.end)) {
                Ok(file) => {
                    input.rows += file.row_groups.iter().map(|group| group.rows).sum::<u64>();
                    input.row_groups += file.row_groups.len() as u64;
                    input.bytes_projected += file.row_groups.iter().map(|group| group.bytes).sum::<u64>();
                    input.row_groups_pruned += file.pruned.len() as u64;
                    input.rows_pruned += file.rows_pruned;
                    input.columns_missing.extend(file.missing.iter().map(|name| name.clone().into_owned()));
                }
                Err(failure) => failures.push(failure),
            }
        }
        inputs.push(input);
    }
    Ok(Inspection { inputs, memory: memory(plan), unit_ids: units.iter().map(Unit::id).collect(), failures })
}

fn memory(plan: &Plan) -> Vec<MemoryShare> {
    let shares = Shares::of(&plan.budget);
    let threads = u64::from(plan.budget.threads.max(1));
    let share = |stage: &str, bytes: u64| MemoryShare { stage: stage.into(), bytes };
    vec![
        share("process", PROCESS_BYTES),
        share("readers", threads * shares.reader_bytes),
        share("state before spilling", threads * shares.fold_bytes),
        share("output", OUTPUT_BYTES),
    ]
}
