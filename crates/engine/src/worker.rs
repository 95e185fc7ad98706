//! One worker: takes tasks, decodes, pushes, spills.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arrow_array::RecordBatch;
use rowmill_core::plan::Mode;
use rowmill_core::{Code, Error, Fold, InputSpec, Plan, Result, Unit, Window};
use rowmill_read::{BatchLimit, Container, CsvFile, FilePlan, ParquetFile};

use crate::budget::Shares;
use crate::counters::{Activity, Meter, add};
use crate::permits::Permits;
use crate::phases::Stopwatch;
use crate::queue::{FileTask, Queue, Task};
use crate::rejects::Rejects;
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
    pub rejects: &'a Rejects,
    pub passed: &'a Passed,
    pub permits: &'a Permits,
    pub meter: &'a Meter,
    pub stop: &'a AtomicBool,
}

/// Rows that passed each term of each input's filter.
pub(crate) struct Passed(Vec<Vec<AtomicU64>>);

impl Passed {
    pub fn new(inputs: &[InputSpec]) -> Self {
        Self(inputs.iter().map(|input| input.filter.iter().map(|_| AtomicU64::new(0)).collect()).collect())
    }

    fn add(&self, input: usize, rows: &[u64]) {
        self.0[input].iter().zip(rows).for_each(|(sum, rows)| add(sum, *rows));
    }

    /// By input and term.
    pub fn rows(&self) -> Vec<Vec<u64>> {
        self.0.iter().map(|terms| terms.iter().map(|rows| rows.load(Ordering::Relaxed)).collect()).collect()
    }
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
    batch: RecordBatch,
    origin: Origin,
}

/// Where a batch comes from.
#[derive(Clone)]
struct Origin {
    uri: Arc<str>,
    /// Row group and position of the batch's first row in it, where every row of the file is in a batch.
    rows: Option<(u32, u64)>,
}

impl<'a> Worker<'a> {
    pub fn new(shared: &'a Shared<'a>, number: usize, fold: Box<dyn Fold>) -> Self {
        Self { shared, number, fold, held: Vec::new(), watch: Stopwatch::start() }
    }

    /// Works until there is nothing left, and gives the fold back. To be called on the thread that made the worker.
    pub fn run(mut self) -> Result<Box<dyn Fold>> {
        self.shared.permits.take(self.shared.stop);
        let outcome = self.work();
        self.shared.permits.give_back();
        self.shared.meter.set_worker(self.number, "");
        self.shared.meter.add_phases(self.watch.phases());
        outcome.map(|()| self.fold)
    }

    fn work(&mut self) -> Result<()> {
        while let Some(task) = self.shared.queue.take() {
            match task {
                Task::File(file) => self.file(file)?,
                Task::Piece { input, file, plan, row_groups, ends_file } => {
                    self.read(input, &file, &plan, &row_groups)?;
                    self.end_piece(ends_file);
                }
            }
        }
        for Held { input, batch, origin } in std::mem::take(&mut self.held) {
            self.between_batches()?;
            self.push(input, &batch, &origin)?;
        }
        Ok(())
    }

    fn file(&mut self, task: FileTask) -> Result<()> {
        self.between_batches()?;
        self.shared.meter.set_worker(self.number, &task.unit.uri);
        match Container::of(&task.unit.uri) {
            Container::Parquet => self.parquet(task),
            Container::Csv | Container::CsvGzip => {
                self.csv(&task)?;
                self.end_piece(task.ends_file);
                Ok(())
            }
        }
    }

    fn csv(&mut self, task: &FileTask) -> Result<()> {
        let FileTask { input, unit: Unit { uri, range, .. }, number, .. } = task;
        let shared = self.shared;
        let file = CsvFile::open(uri, *range, &shared.inputs[*input], *number, shared.plan.source.on_bad_row)?;
        self.watch.lap("open");
        let origin = Origin { uri: uri.as_str().into(), rows: None };
        for scanned in file.batches(self.limit()) {
            let scanned = scanned?;
            self.watch.lap("decode");
            add(&shared.meter.rows_read, scanned.records);
            add(&shared.meter.bytes_read, scanned.bytes);
            shared.passed.add(*input, &scanned.passed);
            shared.rejects.add(&origin.uri, scanned.bad)?;
            self.take_in(*input, scanned.batch, origin.clone())?;
        }
        Ok(())
    }

    fn parquet(&mut self, task: FileTask) -> Result<()> {
        let FileTask { input, unit, ends_file, number } = task;
        let file = ParquetFile::open(&unit.uri)?;
        let spec = &self.shared.inputs[input];
        let plan = Arc::new(file.plan(spec, self.shared.window.start, self.shared.window.end)?.numbered(&file, number)?);
        if !spec.filter.is_empty() {
            // They were looked at, and failed the filter: only by their statistics.
            add(&self.shared.meter.rows_read, plan.rows_pruned);
        }
        add(&self.shared.meter.row_groups_pruned, plan.pruned.len() as u64);
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
        let uri: Arc<str> = file.uri().into();
        for read in file.batches(plan, row_groups, self.limit())? {
            let read = read?;
            self.watch.lap("decode");
            add(&shared.meter.rows_read, read.records);
            shared.passed.add(input, &read.passed);
            let is_whole = read.records == read.batch.num_rows() as u64;
            let origin = Origin { uri: uri.clone(), rows: is_whole.then_some((read.row_group, read.first_row)) };
            self.take_in(input, read.batch, origin)?;
        }
        let read = plan.row_groups.iter().filter(|group| row_groups.contains(&group.index));
        add(&shared.meter.bytes_read, read.map(|group| group.bytes).sum());
        add(&shared.meter.row_groups_read, row_groups.len() as u64);
        Ok(())
    }

    fn limit(&self) -> BatchLimit {
        BatchLimit { rows: self.shared.plan.budget.batch_rows as usize, bytes: self.shared.shares.batch_bytes as usize }
    }

    /// Folds a batch, or keeps it for later.
    fn take_in(&mut self, input: usize, batch: RecordBatch, origin: Origin) -> Result<()> {
        add(&self.shared.meter.rows_kept, batch.num_rows() as u64);
        if batch.num_rows() > 0 {
            match self.shared.plan.mode {
                Mode::Streaming => {
                    self.push(input, &batch, &origin)?;
                    self.keep_inside_share()?;
                }
                Mode::Memory => self.held.push(Held { input, batch, origin }),
            }
        }
        self.between_batches()
    }

    fn push(&mut self, input: usize, batch: &RecordBatch, origin: &Origin) -> Result<()> {
        let place = |error: Error| match origin.rows {
            Some((row_group, first_row)) => error.row_offset(first_row).row_group(row_group).file(origin.uri.as_ref()),
            None => error.without_row().file(origin.uri.as_ref()),
        };
        let watch = &mut self.watch;
        self.fold.push(input, batch, &mut |phase| watch.lap(phase)).map_err(place)
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

    /// Rests while there are more workers than may work, and ends where the run was stopped.
    fn between_batches(&self) -> Result<()> {
        let Shared { permits, stop, meter, .. } = self.shared;
        if permits.too_many() {
            meter.set_activity(self.number, Activity::Resting);
            permits.give_back();
            permits.take(stop);
            meter.set_activity(self.number, Activity::Reading);
        }
        if stop.load(Ordering::Relaxed) { Err(cancelled()) } else { Ok(()) }
    }
}

pub(crate) fn cancelled() -> Error {
    Error::new(Code::RunCancelled, "the run was cancelled").help("Nothing was written; `rowmill resume` takes it up again.")
}
