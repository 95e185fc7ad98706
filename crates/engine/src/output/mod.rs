//! Finished rows to where they go, on a thread of their own, with bounded queues on both sides.

mod copy;
mod files;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};

use arrow_array::RecordBatch;
use rowmill_core::plan::FileFormat;
use rowmill_core::{Code, Error, Outlet, Result, TableSpec};
use rowmill_emit::TargetColumn;
use serde::Serialize;

use crate::counters::{Meter, add};
use crate::worker::cancelled;
use copy::CopyStreams;
use files::Files;
pub use files::make_folder;

/// Where finished rows go.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where the rows of tables go.
    pub tables: Tables,
    /// Folder of the files that a pipeline writes beside its tables; without one such a file is a failure.
    pub files: Option<PathBuf>,
}

impl Target {
    /// A target for tables alone.
    pub fn of(tables: Tables) -> Self {
        Self { tables, files: None }
    }
}

/// Where the rows of tables go.
#[derive(Clone, Debug)]
pub enum Tables {
    /// PostgreSQL binary COPY bytes, for these columns of each of the pipeline's tables.
    Copy(Vec<Vec<TargetColumn>>),
    /// A Parquet file, in place only when it is complete; for a pipeline with one table.
    Parquet(PathBuf),
    /// A file per table in this folder, which is made where it is missing. A table without rows has a file without rows.
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the files are.
        format: FileFormat,
    },
    /// Nowhere: for measuring.
    Discard,
    /// Nowhere, and nothing is folded either: for measuring what decoding alone costs.
    Decode,
}

/// A piece of the COPY stream of one table.
#[derive(Debug)]
pub struct Piece {
    /// Index of the table. Tables come in ascending order, each a stream with header and trailer, also without rows.
    pub table: usize,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether the stream of the table ends with it.
    pub last: bool,
}

/// What a run has written.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outcome {
    /// Every table of the pipeline, in its order.
    pub tables: Vec<TableRows>,
    /// The files, in the order in which they were made.
    pub files: Vec<FileRows>,
}

/// A table and how many rows it got.
#[derive(Clone, Debug, Serialize)]
pub struct TableRows {
    /// Name of the table.
    pub name: &'static str,
    /// Rows.
    pub rows: u64,
}

/// A file and what is in it.
#[derive(Clone, Debug, Serialize)]
pub struct FileRows {
    /// Path, as it was opened.
    pub path: String,
    /// Rows.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// Finished batches on their way out.
pub(crate) struct Finished<'a> {
    /// Ends with the sender, which a failure ends too.
    pub batches: &'a Receiver<(Outlet, RecordBatch)>,
    /// Set before the sender goes away where every batch was sent: without it the output is cut short, and must not look whole.
    pub complete: &'a AtomicBool,
}

impl Finished<'_> {
    fn completed(&self) -> Result<()> {
        if self.complete.load(Ordering::Acquire) { Ok(()) } else { Err(cancelled()) }
    }
}

/// What takes the rows of tables.
enum TableSink<'a> {
    Copy(CopyStreams<'a>),
    Files(Files),
    Nowhere,
}

/// Writes batches until the sender is gone. Files get their names together, when all of them are complete.
///
/// # Errors
/// Those of the encoder or of files; `RUN_CANCELLED` where nobody takes the bytes any more, or the batches ended early;
/// `BUG_INTERNAL` for batches that come in an order that was not promised.
pub(crate) fn write(
    target: &Target,
    specs: &'static [TableSpec],
    finished: &Finished<'_>,
    bytes: &SyncSender<Piece>,
    meter: &Meter,
) -> Result<Outcome> {
    let mut tables = match &target.tables {
        Tables::Copy(columns) => TableSink::Copy(CopyStreams::new(specs, columns, bytes, meter)?),
        Tables::Parquet(path) => TableSink::Files(Files::single(path, specs)?),
        Tables::Folder { path, format } => TableSink::Files(Files::folder(path, *format, specs)?),
        Tables::Discard | Tables::Decode => TableSink::Nowhere,
    };
    let mut beside = Files::beside(target.files.as_deref());
    let mut rows = vec![0; specs.len()];
    for (outlet, batch) in finished.batches {
        match outlet {
            Outlet::Table(table) => {
                let count = rows.get_mut(table).ok_or_else(|| Error::bug(format!("rows of a table {table}, which the pipeline does not have")))?;
                *count += batch.num_rows() as u64;
                add(&meter.rows_out, batch.num_rows() as u64);
                match &mut tables {
                    TableSink::Copy(streams) => streams.write(table, &batch)?,
                    TableSink::Files(files) => files.write_table(table, &batch)?,
                    TableSink::Nowhere => {}
                }
            }
            Outlet::File(name) if matches!(target.tables, Tables::Discard) && target.files.is_none() => drop(name),
            Outlet::File(name) => beside.write_file(&name, &batch)?,
        }
    }
    finished.completed()?;
    let mut files = match tables {
        TableSink::Copy(streams) => {
            // The rows of tables count when the caller commits; the files beside them are there by then.
            let files = beside.publish()?;
            streams.finish()?;
            files
        }
        TableSink::Files(tables) => {
            let mut files = tables.publish()?;
            files.append(&mut beside.publish()?);
            files
        }
        TableSink::Nowhere => beside.publish()?,
    };
    files.shrink_to_fit();
    Ok(Outcome { tables: specs.iter().zip(rows).map(|(spec, rows)| TableRows { name: spec.name, rows }).collect(), files })
}

/// A pipeline with several tables cannot be written to one file.
fn only_table(specs: &'static [TableSpec]) -> Result<&'static TableSpec> {
    match specs {
        [only] => Ok(only),
        _ => Err(Error::new(Code::PlanInvalid, format!("one file cannot take the rows of {} tables", specs.len()))
            .column("output.file")
            .help("Give a folder (output.folder) instead")),
    }
}
