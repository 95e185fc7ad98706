//! Logs of order events, made up from a seed, with what a run over them must find.
//!
//! Events come in the order of time, each order with one to five of them. Nothing is held in memory but the orders that are open.

mod clock;
mod companions;
mod events;
mod files;
mod spec;
mod totals;

use std::path::{Path, PathBuf};

use rowmill_core::{Code, Error, Result};
use serde_json::json;

use crate::files::write_failed;
use companions::{Companions, write_reference};
use events::{Events, participant_codes, security_codes};
use files::{EventFile, put_line};

pub use spec::{OrdersFormat, OrdersSpec};
pub use totals::{EventTotals, OrdersTotals, Selection};

/// Events that are made to find out how many bytes one takes.
const SAMPLE_ROWS: u64 = 10_000;

/// Writes a log of order events as `orders.csv` (or `orders-0001.csv` and so on), and `totals.json` beside it.
///
/// # Errors
/// `PLAN_INVALID` where a setting is out of range; `SINK_FILE_FAILED` where a file cannot be written or the folder holds orders already.
pub fn orders(spec: &OrdersSpec) -> Result<OrdersTotals> {
    let days = spec.check()?;
    std::fs::create_dir_all(&spec.out).map_err(|error| write_failed(&spec.out, &error))?;
    refuse_old_files(&spec.out)?;
    let rows = spec.bytes.map_or(spec.rows, |bytes| rows_of(spec, &days, bytes));
    let (securities, participants) = (security_codes(spec), participant_codes(spec));
    let mut totals = OrdersTotals::new(&securities, &participants, &days);
    let mut companions = if spec.companions { Some(Companions::create(&spec.out)?) } else { None };
    let mut events = Events::new(spec, &days, rows);
    for number in 0..u64::from(spec.files) {
        let path = path(spec, number);
        let mut file = EventFile::create(&path, spec.format)?;
        let (first, end) = (number * rows / u64::from(spec.files), (number + 1) * rows / u64::from(spec.files));
        for event in events.by_ref().take(usize::try_from(end - first).unwrap_or(usize::MAX)) {
            totals.add(&event);
            file.write(&event)?;
            if let Some(companions) = &mut companions {
                companions.add(&event)?;
            }
        }
        file.finish()?;
        totals.files.push(path.display().to_string());
    }
    if let Some(companions) = companions {
        companions.finish()?;
        write_reference(&spec.out, &securities, &participants, &days)?;
    }
    let text = serde_json::to_string_pretty(&json!(totals)).map_err(|error| Error::bug(error.to_string()))?;
    let path = spec.out.join("totals.json");
    std::fs::write(&path, text + "\n").map_err(|error| write_failed(&path, &error))?;
    Ok(totals)
}

fn path(spec: &OrdersSpec, number: u64) -> PathBuf {
    let ending = spec.format.ending();
    let name = if spec.files == 1 { format!("orders.{ending}") } else { format!("orders-{:04}.{ending}", number + 1) };
    spec.out.join(name)
}

/// Old and new files would be read as one.
fn refuse_old_files(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(|error| write_failed(folder, &error))?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("orders") {
            return Err(Error::new(Code::SinkFileFailed, "the folder holds orders already")
                .file(entry.path().display().to_string())
                .help("Generate into another folder, or remove this one first."));
        }
    }
    Ok(())
}

/// As many rows as make at least so many bytes of CSV text.
fn rows_of(spec: &OrdersSpec, days: &[rowmill_core::day::Day], bytes: u64) -> u64 {
    let mut text = Vec::new();
    Events::new(spec, days, SAMPLE_ROWS).for_each(|event| put_line(&event, &mut text));
    // Row numbers and sequences of large logs have more digits than those of the sample, so this errs upwards.
    (bytes * SAMPLE_ROWS).div_ceil(text.len() as u64).max(1)
}

#[cfg(test)]
mod tests;
