//! One worker: takes tasks, decodes, pushes, spills.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rowmill_core::plan::Mode;
use rowmill_core::{Code, Error, Fold, InputSpec, Plan, Result, Unit, Window};
use rowmill_read::{Batch, BatchLimit, FilePlan, ParquetFile};

use crate::budget::Shares;
use crate::counters::{Meter, add};
use crate::phases::Stopwatch;
use crate::queue::{Queue, Task};
use crate::spill::Spill;

/// A file whose columns of interest are smaller than this is not split between workers: opening costs more than it brings.
const SPLIT_BYTES: u64 = 8 << 20;

/// What the workers of a run share.
pub(crate) struct Shared<'a> {
    pub plan: &'a Plan,
    pub window: &'a Window,
    pub inputs: &'a [InputSpec],
    pub shares: Shares,
    pub queue: &'a Queue,
    pub spill: &'a Spill,
    pub meter: &'a Meter,
    pub stop: &'a AtomicBool,
}

/// A worker with its fold.
pub(crate) struct Worker<'a> {
    shared: &'a Shared<'a>,
    number: usize,
    fold: Box<dyn Fold>,
    /// In memory mode: what was decoded and waits to be folded.
    held: Vec<Held>,
    watch: Stopwatch,
}

struct Held {
    input: usize,
    uri: Arc<str>,
    batch: Batch,
}

impl<'a> Worker<'a> {
    pub fn new(shared: &'a Shared<'a>, number: usize, fold: Box<dyn Fold>) -> Self {
        Self { shared, number, fold, held: Vec::new(), watch: Stopwatch::start() }
    }

    /// Works until there is nothing left, and gives the fold back. To be called on the thread that made the worker.
    pub fn run(mut self) -> Result<Box<dyn Fold>> {
        while let Some(task) = self.shared.queue.take() {
            match task {
                Task::File { input, unit } => self.file(input, &unit)?,
                Task::Piece { input, file, plan, row_groups, ends_file } => {
                    self.read(input, &file, &plan, &row_groups)?;
                    self.end_piece(ends_file);
                }
            }
        }
        self.shared.meter.set_worker(self.number, "");
        for Held { input, uri, batch } in std::mem::take(&mut self.held) {
            self.check_stop()?;
            self.push(input, &uri, &batch)?;
        }
        self.shared.meter.add_phases(self.watch.phases());
        Ok(self.fold)
    }

    fn file(&mut self, input: usize, unit: &Unit) -> Result<()> {
        self.check_stop()?;
        self.shared.meter.set_worker(self.number, &unit.uri);
        let file = ParquetFile::open(&unit.uri)?;
        let plan = Arc::new(file.plan(&self.shared.inputs[input], self.shared.window.start, self.shared.window.end)?);
        add(&self.shared.meter.row_groups_pruned, plan.pruned.len() as u64);
        let ends_file = Arc::new(());
        let mut pieces = self.pieces(&plan, unit.size).into_iter();
        self.watch.lap("open");
        let own = pieces.next().unwrap_or_default();
        let task = |row_groups| Task::Piece { input, file: file.clone(), plan: plan.clone(), row_groups, ends_file: ends_file.clone() };
        self.shared.queue.put_first(pieces.map(task));
        self.read(input, &file, &plan, &own)?;
        self.end_piece(ends_file);
        Ok(())
    }

    /// The file is done when the last holder of its mark is.
    fn end_piece(&self, ends_file: Arc<()>) {
        if Arc::into_inner(ends_file).is_some() {
            add(&self.shared.meter.files_done, 1);
        }
    }

    /// Row groups in runs of neighbours, one run per worker: neighbours tend to hold the same days, and a day is best kept in one
    /// worker's state. So a file is split only where the others would run out of work before this one is read.
    fn pieces(&self, plan: &FilePlan, size: u64) -> Vec<Vec<u32>> {
        let groups: Vec<u32> = plan.row_groups.iter().map(|group| group.index).collect();
        let bytes: u64 = plan.row_groups.iter().map(|group| group.decoded_bytes).sum();
        let workers = self.shared.plan.budget.threads.max(1) as usize;
        let keeps_others_busy = self.shared.queue.bytes_left() >= size.saturating_mul(workers as u64 - 1);
        if groups.len() < 2 || bytes < SPLIT_BYTES || keeps_others_busy {
            return vec![groups];
        }
        groups.chunks(groups.len().div_ceil(workers)).map(<[u32]>::to_vec).collect()
    }

    fn read(&mut self, input: usize, file: &ParquetFile, plan: &FilePlan, row_groups: &[u32]) -> Result<()> {
        if row_groups.is_empty() {
            return Ok(());
        }
        let shared = self.shared;
        shared.meter.set_worker(self.number, file.uri());
        let limit = BatchLimit { rows: shared.plan.budget.batch_rows as usize, bytes: shared.shares.batch_bytes as usize };
        let uri: Arc<str> = file.uri().into();
        for batch in file.batches(plan, row_groups, limit)? {
            self.check_stop()?;
            let batch = batch?;
            self.watch.lap("decode");
            add(&shared.meter.rows_read, batch.batch.num_rows() as u64);
            match shared.plan.mode {
                Mode::Streaming => {
                    self.push(input, &uri, &batch)?;
                    self.keep_inside_share()?;
                }
                Mode::Memory => self.held.push(Held { input, uri: uri.clone(), batch }),
            }
        }
        let read = plan.row_groups.iter().filter(|group| row_groups.contains(&group.index));
        add(&shared.meter.bytes_read, read.map(|group| group.bytes).sum());
        add(&shared.meter.row_groups_read, row_groups.len() as u64);
        Ok(())
    }

    fn push(&mut self, input: usize, uri: &str, batch: &Batch) -> Result<()> {
        let place = |error: Error| error.row_offset(batch.first_row).row_group(batch.row_group).file(uri);
        let watch = &mut self.watch;
        self.fold.push(input, &batch.batch, &mut |phase| watch.lap(phase)).map_err(place)
    }

    fn keep_inside_share(&mut self) -> Result<()> {
        let shared = self.shared;
        let held = self.fold.resident_bytes() as u64;
        shared.meter.state_bytes[self.number].store(held, Ordering::Relaxed);
        if held > shared.shares.fold_bytes {
            shared.spill.write(self.fold.as_mut(), Path::new(&shared.plan.budget.spill), shared.meter)?;
            self.watch.lap("spill");
        }
        Ok(())
    }

    fn check_stop(&self) -> Result<()> {
        if self.shared.stop.load(Ordering::Relaxed) { Err(cancelled()) } else { Ok(()) }
    }
}

pub(crate) fn cancelled() -> Error {
    Error::new(Code::RunCancelled, "the run was cancelled").help("Nothing was written; `rowmill resume` takes it up again.")
}
