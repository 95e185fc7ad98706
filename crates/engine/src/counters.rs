//! What a run has done so far; asked for, never pushed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use crate::phases::Phases;

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Files are opened, decoded and folded.
    Read,
    /// States are merged, finished and encoded.
    Finish,
    /// All output was handed over.
    Done,
}

/// Counters of a run at one moment. Counts are exact up to 2^53.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    /// Where the run is.
    pub stage: Stage,
    /// Files to read.
    pub files_total: u64,
    /// Files read to the end.
    pub files_done: u64,
    /// Row groups decoded.
    pub row_groups_read: u64,
    /// Row groups that statistics ruled out.
    pub row_groups_pruned: u64,
    /// Rows decoded, or records looked at.
    pub rows_read: u64,
    /// Of them those that passed the filter, and were folded.
    pub rows_kept: u64,
    /// Compressed bytes of the columns that were decoded, or bytes of text files.
    pub bytes_read: u64,
    /// Bytes of state held by all folds together.
    pub state_bytes: u64,
    /// Bytes of state written to disk.
    pub spilled_bytes: u64,
    /// How often a fold's state was written to disk.
    pub spills: u64,
    /// Rows finished.
    pub rows_out: u64,
    /// Bytes handed to the sink.
    pub bytes_out: u64,
    /// CPU seconds of the run's threads by phase of the road, in the order of the road. A worker's are added when it has read its last file.
    pub cpu: Vec<PhaseSeconds>,
    /// Workers that may work now.
    pub workers_active: u64,
    /// What each worker is doing.
    pub workers: Vec<WorkerState>,
}

/// What a worker is doing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WorkerState {
    /// The file at hand; empty where there is none.
    pub file: String,
    /// `reading`, `resting` (told to wait, with what it holds), or `idle` (nothing to read, or not any more).
    pub state: Activity,
}

/// What a worker does with its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Activity {
    /// Decodes and folds.
    Reading,
    /// Waits until more workers may work.
    Resting,
    /// Has nothing to read.
    #[default]
    Idle,
}

/// CPU seconds of a phase, all threads together.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhaseSeconds {
    /// `open`, `decode`, then what the pipeline calls its own, then `spill`, `merge`, `finish`, `encode`.
    pub phase: &'static str,
    /// CPU seconds.
    pub seconds: f64,
}

/// The live form of [`Counters`].
pub(crate) struct Meter {
    stage: Mutex<Stage>,
    pub files_total: AtomicU64,
    pub files_done: AtomicU64,
    pub row_groups_read: AtomicU64,
    pub row_groups_pruned: AtomicU64,
    pub rows_read: AtomicU64,
    pub rows_kept: AtomicU64,
    pub bytes_read: AtomicU64,
    pub spilled_bytes: AtomicU64,
    pub spills: AtomicU64,
    pub rows_out: AtomicU64,
    pub bytes_out: AtomicU64,
    /// One per worker.
    pub state_bytes: Vec<AtomicU64>,
    phases: Mutex<Phases>,
    workers: Vec<Mutex<WorkerState>>,
}

impl Meter {
    pub fn new(workers: usize) -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            stage: Mutex::new(Stage::Read),
            files_total: zero(),
            files_done: zero(),
            row_groups_read: zero(),
            row_groups_pruned: zero(),
            rows_read: zero(),
            rows_kept: zero(),
            bytes_read: zero(),
            spilled_bytes: zero(),
            spills: zero(),
            rows_out: zero(),
            bytes_out: zero(),
            state_bytes: (0..workers).map(|_| zero()).collect(),
            phases: Mutex::default(),
            workers: (0..workers).map(|_| Mutex::default()).collect(),
        }
    }

    pub fn set_stage(&self, stage: Stage) {
        *lock(&self.stage) = stage;
    }

    pub fn set_worker(&self, worker: usize, file: &str) {
        let mut shown = lock(&self.workers[worker]);
        shown.file.clear();
        shown.file.push_str(file);
        shown.state = if file.is_empty() { Activity::Idle } else { Activity::Reading };
    }

    pub fn set_activity(&self, worker: usize, activity: Activity) {
        lock(&self.workers[worker]).state = activity;
    }

    pub fn add_phases(&self, phases: &Phases) {
        lock(&self.phases).merge(phases);
    }

    pub fn snapshot(&self, workers_active: usize) -> Counters {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            stage: *lock(&self.stage),
            files_total: read(&self.files_total),
            files_done: read(&self.files_done),
            row_groups_read: read(&self.row_groups_read),
            row_groups_pruned: read(&self.row_groups_pruned),
            rows_read: read(&self.rows_read),
            rows_kept: read(&self.rows_kept),
            bytes_read: read(&self.bytes_read),
            state_bytes: self.state_bytes.iter().map(read).sum(),
            spilled_bytes: read(&self.spilled_bytes),
            spills: read(&self.spills),
            rows_out: read(&self.rows_out),
            bytes_out: read(&self.bytes_out),
            cpu: lock(&self.phases).iter().map(|(phase, time)| PhaseSeconds { phase, seconds: time.as_secs_f64() }).collect(),
            workers_active: workers_active as u64,
            workers: self.workers.iter().map(|worker| lock(worker).clone()).collect(),
        }
    }
}

pub(crate) fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

/// Locks, also after another thread panicked while it held the lock: what is guarded here is always whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
