//! A run as its caller sees it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rowmill_core::day::Day;
use rowmill_core::plan::Plan;
use rowmill_core::{Code, Error, Pipeline, Place, Result, Unit, guarded};
use serde::Serialize;

use crate::counters::{Counters, Meter, Stage, lock};
use crate::drive::drive;
use crate::inputs::inputs_of;
use crate::output::{FileRows, Outcome, Piece, TableRows, Target};
use crate::permits::Permits;

/// Pieces that may wait for the sink; with the encoder's own this bounds output memory.
const PIECES_WAITING: usize = 2;

/// What to run: one window of a plan.
pub struct Job {
    /// The pipeline that the plan names.
    pub pipeline: &'static dyn Pipeline,
    /// The plan.
    pub plan: Plan,
    /// Position in `plan.windows`.
    pub window: usize,
    /// The files to read.
    pub units: Vec<Unit>,
    /// Where finished rows go.
    pub target: Target,
}

/// What there is to say about a run once all input is read.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The first day that has rows, where the pipeline moved it behind the window's first.
    pub first_day: Option<Day>,
    /// What lenient rules let pass, one entry per reason.
    pub rejected: Vec<RejectedRows>,
    /// Inputs that were read.
    pub inputs: Vec<InputRows>,
    /// What the pipeline has to say of its own; null where there is nothing.
    pub details: serde_json::Value,
    /// Rows that were left after each term of each input's filter, in the order in which the terms are applied.
    pub filters: Vec<FilterRows>,
    /// Tables with their rows; complete once the run is done.
    pub tables: Vec<TableRows>,
    /// Files that were written; complete once the run is done.
    pub files: Vec<FileRows>,
    /// The file that keeps bad records, where one was written.
    pub quarantine: Option<FileRows>,
}

/// Rows that a lenient rule let pass.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RejectedRows {
    /// Why.
    pub reason: String,
    /// How many.
    pub rows: u64,
    /// Where one of them was.
    pub place: Place,
}

/// An input and its files.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InputRows {
    /// Name of the input.
    pub name: String,
    /// Files read for it.
    pub files: u64,
}

/// A term of a filter, and the rows that passed it and those before it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FilterRows {
    /// Name of the input.
    pub input: &'static str,
    /// Name of the term.
    pub name: &'static str,
    /// Rows.
    pub rows: u64,
}

/// A run in progress. Dropping it cancels it and waits for its threads.
pub struct Run {
    bytes: Mutex<Option<Receiver<Piece>>>,
    driver: Mutex<Option<JoinHandle<()>>>,
    shared: Arc<RunState>,
}

/// What the driver and the caller share.
pub(crate) struct RunState {
    pub meter: Meter,
    pub stop: AtomicBool,
    /// Set before the first piece of bytes is handed out.
    pub report: Mutex<Option<Report>>,
    pub outcome: Mutex<Option<Result<Outcome>>>,
    pub permits: Permits,
}

impl Run {
    /// Starts the threads of a run.
    ///
    /// # Errors
    /// Those of the plan itself: a window that it does not have, inputs that are missing. Everything later comes from [`Run::next`].
    pub fn start(job: Job) -> Result<Self> {
        let window = job.plan.windows.get(job.window).cloned();
        let window = window.ok_or_else(|| Error::bug(format!("the plan has no window {}", job.window)))?;
        let inputs = inputs_of(job.pipeline, &job.plan, &job.units)?;
        let threads = job.plan.budget.threads.max(1) as usize;
        let shared = Arc::new(RunState {
            meter: Meter::new(threads),
            stop: AtomicBool::new(false),
            report: Mutex::new(None),
            outcome: Mutex::new(None),
            permits: Permits::new(threads),
        });
        let (sender, bytes) = sync_channel(PIECES_WAITING);
        let state = shared.clone();
        let driver = std::thread::Builder::new()
            .name("rowmill-run".into())
            .spawn(move || {
                let outcome = guarded(|| drive(&job, &window, &inputs, &state, sender));
                *lock(&state.outcome) = Some(outcome);
            })
            .map_err(|error| Error::new(Code::BudgetExceeded, format!("cannot start a thread: {error}")))?;
        Ok(Self { bytes: Mutex::new(Some(bytes)), driver: Mutex::new(Some(driver)), shared })
    }

    /// The next piece of COPY bytes; `None` when the output is complete (for other targets: when everything is done). Blocks.
    ///
    /// # Errors
    /// The failure of the run; nothing that came before is of use then.
    pub fn next(&self) -> Result<Option<Piece>> {
        if let Some(piece) = lock(&self.bytes).as_ref().and_then(|bytes| bytes.recv().ok()) {
            return Ok(Some(piece));
        }
        self.join();
        match lock(&self.shared.outcome).as_ref() {
            Some(Ok(_)) => {
                self.shared.meter.set_stage(Stage::Done);
                Ok(None)
            }
            Some(Err(error)) => Err(error.clone()),
            None => Err(Error::bug("the run ended without an outcome")),
        }
    }

    /// Counters at this moment.
    pub fn counters(&self) -> Counters {
        self.shared.meter.snapshot(self.shared.permits.taken())
    }

    /// The report of a run that has read all its input: from the first piece of bytes on. `None` before.
    pub fn report(&self) -> Option<Report> {
        let mut report = lock(&self.shared.report).clone()?;
        if let Some(Ok(Outcome { tables, files })) = lock(&self.shared.outcome).as_ref() {
            (report.tables, report.files) = (tables.clone(), files.clone());
        }
        Some(report)
    }

    /// Lets at most this many workers read at the same time, from 1 to the plan's threads; those beyond it rest between batches, with what
    /// they hold. All of them come to their end, whatever the number.
    pub fn set_workers(&self, workers: usize) {
        self.shared.permits.set(workers);
    }

    /// Asks the run to stop; [`Run::next`] then fails with `RUN_CANCELLED`.
    pub fn cancel(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
    }

    /// Cancels what is still going on and waits for the threads. Safe to call again.
    pub fn close(&self) {
        self.cancel();
        // The driver may be waiting for a taker of its bytes: without one it stops.
        drop(lock(&self.bytes).take());
        self.join();
    }

    fn join(&self) {
        if let Some(driver) = lock(&self.driver).take() {
            // A panic of the driver was caught and made an outcome; there is nothing more to learn from the join.
            let _ = driver.join();
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.close();
    }
}
