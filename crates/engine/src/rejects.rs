//! Records that could not be read: counted, bounded, and kept where the plan says so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use rowmill_core::plan::{BadRows, Plan};
use rowmill_core::{Code, Error, Place, Result};
use rowmill_emit::FileSink;
use rowmill_read::{BadRow, lines_of};

use crate::counters::lock;
use crate::output::{FileRows, make_folder};
use crate::run::RejectedRows;

/// Bytes of bad records that are kept in memory until they are written, at most.
const KEPT_BYTES: usize = 64 << 20;

/// The bad records of a run.
pub(crate) struct Rejects {
    limit: u64,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    by_file: BTreeMap<Arc<str>, Vec<BadRow>>,
    rows: u64,
    bytes: usize,
}

impl Rejects {
    pub fn new(plan: &Plan) -> Self {
        Self { limit: plan.source.max_bad_rows, inner: Mutex::default() }
    }

    /// Takes in bad records of a file.
    ///
    /// # Errors
    /// `DATA_REJECTED_TOO_MANY` where there are more than the plan allows, or they are too large to be kept.
    pub fn add(&self, uri: &Arc<str>, bad: Vec<BadRow>) -> Result<()> {
        if bad.is_empty() {
            return Ok(());
        }
        let mut inner = lock(&self.inner);
        inner.rows += bad.len() as u64;
        inner.bytes += bad.iter().map(|row| row.record.len() + row.value.len() + row.reason.len()).sum::<usize>();
        let too_many = if inner.rows > self.limit {
            Some(format!("more than {} bad records", self.limit))
        } else if inner.bytes > KEPT_BYTES {
            Some(format!("bad records of more than {KEPT_BYTES} bytes"))
        } else {
            None
        };
        if let (Some(message), Some(row)) = (too_many, bad.first()) {
            let cause = row.to_error(uri)?;
            let error = Error::new(Code::DataRejectedTooMany, format!("{message}, for example: {}", cause.message())).file(uri.as_ref());
            let error = cause.place().line.map_or(error.clone(), |line| error.line(line));
            return Err(error.value(&row.value).help("Check that this is the right file; source.maxBadRows says how many may be left out"));
        }
        inner.by_file.entry(uri.clone()).or_default().extend(bad);
        Ok(())
    }

    /// What was left out, one entry per reason and column, with the first of each; and the file that keeps the records, where one is wanted.
    ///
    /// # Errors
    /// `INPUT_FILE_UNREADABLE` where a file cannot be read again to count lines; `SINK_FILE_FAILED` for the quarantine file.
    pub fn finish(&self, plan: &Plan) -> Result<(Vec<RejectedRows>, Option<FileRows>)> {
        let mut inner = std::mem::take(&mut *lock(&self.inner));
        for (uri, rows) in &mut inner.by_file {
            rows.sort_by_key(|row| row.offset);
            let offsets: Vec<u64> = rows.iter().map(|row| row.offset).collect();
            for (row, line) in rows.iter_mut().zip(lines_of(uri, &offsets)?) {
                row.line = Some(line);
            }
        }
        let kept = match plan.source.on_bad_row {
            BadRows::Quarantine if inner.rows > 0 => Some(quarantine(plan, &inner.by_file)?),
            _ => None,
        };
        Ok((summary(&inner.by_file), kept))
    }
}

fn summary(by_file: &BTreeMap<Arc<str>, Vec<BadRow>>) -> Vec<RejectedRows> {
    let mut summary = BTreeMap::<(&str, Option<&str>), RejectedRows>::new();
    for (uri, row) in by_file.iter().flat_map(|(uri, rows)| rows.iter().map(move |row| (uri, row))) {
        let first = || RejectedRows {
            reason: row.reason.clone(),
            rows: 0,
            place: Place {
                file: Some(uri.to_string()),
                line: row.line,
                column: row.column.clone(),
                value: Some(row.value.clone()),
                ..Place::default()
            },
        };
        summary.entry((&row.reason, row.column.as_deref())).or_insert_with(first).rows += 1;
    }
    summary.into_values().collect()
}

/// Writes the bad records by file and place.
fn quarantine(plan: &Plan, by_file: &BTreeMap<Arc<str>, Vec<BadRow>>) -> Result<FileRows> {
    let path = quarantine_path(plan);
    let rows: Vec<(&str, &BadRow)> = by_file.iter().flat_map(|(uri, rows)| rows.iter().map(|row| (uri.as_ref(), row))).collect();
    let texts = |of: &dyn Fn(&(&str, &BadRow)) -> Option<String>| Arc::new(rows.iter().map(of).collect::<StringArray>()) as ArrayRef;
    let numbers = |of: &dyn Fn(&BadRow) -> Option<u64>| {
        Arc::new(rows.iter().map(|(_, row)| of(row).and_then(|number| i64::try_from(number).ok())).collect::<Int64Array>()) as ArrayRef
    };
    let columns = [
        ("file", texts(&|(uri, _)| Some((*uri).to_owned()))),
        ("line", numbers(&|row| row.line)),
        ("offset", numbers(&|row| Some(row.offset))),
        ("column", texts(&|(_, row)| row.column.clone())),
        ("value", texts(&|(_, row)| Some(row.value.clone()))),
        ("reason", texts(&|(_, row)| Some(row.reason.clone()))),
        ("record", texts(&|(_, row)| Some(String::from_utf8_lossy(&row.record).into_owned()))),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true)))
        .map_err(|error| Error::bug(error.to_string()))?;
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let mut sink = FileSink::create(&path, batch.schema())?;
    sink.write(&batch)?;
    let written = sink.complete()?.publish()?;
    Ok(FileRows { path: path.display().to_string(), rows: written.rows, bytes: written.bytes })
}

/// Where bad records are kept: as the plan says, else beside the output.
fn quarantine_path(plan: &Plan) -> PathBuf {
    match (&plan.output.quarantine, &plan.output.folder) {
        (Some(path), _) => path.into(),
        (None, Some(folder)) => Path::new(folder).join("quarantine.csv"),
        (None, None) => "quarantine.csv".into(),
    }
}
