//! The road of one run: read on many threads, then merge, finish and encode.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use arrow_array::RecordBatch;
use rowmill_core::{Code, Error, Fold, InputSpec, Outlet, Rejected, Result, Sealed, Window, guarded};

use crate::budget::Shares;
use crate::counters::{Stage, add, lock};
use crate::finish::{Sink, finish_partitions};
use crate::idle::Idle;
use crate::output::{Finished, Outcome, Piece, Tables, write};
use crate::phases::Stopwatch;
use crate::queue::{FileTask, Queue};
use crate::rejects::Rejects;
use crate::run::{FilterRows, InputRows, Job, RejectedRows, Report, RunState};
use crate::spill::Spill;
use crate::worker::{Passed, Shared, Worker};

/// Finished batches that may wait for the encoder.
const BATCHES_WAITING: usize = 2;

/// Runs a job to its end. The report is there before the first byte is: whoever replaces rows must know from which day on.
pub(crate) fn drive(job: &Job, window: &Window, inputs: &[InputSpec], state: &RunState, bytes: SyncSender<Piece>) -> Result<Outcome> {
    let spill = Spill::new();
    let rejects = Rejects::new(&job.plan);
    let passed = Passed::new(inputs);
    let mut folds = read(job, window, inputs, state, &Reading { spill: &spill, rejects: &rejects, passed: &passed })?;
    state.meter.set_stage(Stage::Finish);
    let (mut rejected, quarantine) = rejects.finish(&job.plan)?;
    rejected.extend(rejected_by(&folds));
    let filters = filter_rows(inputs, &passed);
    let files =
        |input: &InputSpec| job.units.iter().filter(|unit| unit.input == input.name).map(|unit| &unit.uri).collect::<BTreeSet<_>>().len() as u64;
    let inputs = inputs.iter().map(|input| InputRows { name: input.name.into(), files: files(input) }).collect();
    finish(job, &mut folds, state, &spill, bytes, |Sealed { first_day, details }| {
        *lock(&state.report) = Some(Report { first_day, rejected, inputs, details, filters, quarantine, ..Report::default() });
    })
}

/// What reading leaves behind, beside folds.
struct Reading<'a> {
    spill: &'a Spill,
    rejects: &'a Rejects,
    passed: &'a Passed,
}

/// Folds every file; one fold per worker comes back.
fn read(job: &Job, window: &Window, inputs: &[InputSpec], state: &RunState, reading: &Reading<'_>) -> Result<Vec<Box<dyn Fold>>> {
    let files = file_tasks(job, inputs);
    add(&state.meter.files_total, files.iter().map(|file| (file.input, file.number)).collect::<BTreeSet<_>>().len() as u64);
    let queue = Queue::new(files.into_iter());
    let shared = Shared {
        plan: &job.plan,
        window,
        inputs,
        shares: Shares::of(&job.plan.budget),
        queue: &queue,
        spill: reading.spill,
        rejects: reading.rejects,
        passed: reading.passed,
        permits: &state.permits,
        meter: &state.meter,
        stop: &state.stop,
    };
    let workers = job.plan.budget.threads.max(1) as usize;
    let outcomes: Vec<Result<Box<dyn Fold>>> = std::thread::scope(|scope| {
        let spawn = |number| {
            let shared = &shared;
            let work = move || {
                let outcome = guarded(|| Worker::new(shared, number, fold_of(job, window, inputs)?).run());
                if outcome.is_err() {
                    // The others need not go on; what they answer then is of no interest.
                    shared.queue.clear();
                    shared.stop.store(true, Ordering::Relaxed);
                }
                outcome
            };
            std::thread::Builder::new().name(format!("rowmill-{number}")).spawn_scoped(scope, work)
        };
        let handles: Vec<_> = (0..workers).map(spawn).collect();
        handles
            .into_iter()
            .map(|handle| {
                let handle = handle.map_err(|error| Error::new(Code::BudgetExceeded, format!("cannot start a thread: {error}")))?;
                handle.join().unwrap_or_else(|_| Err(Error::bug("a worker ended without an outcome")))
            })
            .collect()
    });
    first_failure_or_all(outcomes)
}

/// The units of a run as tasks: by input, file and place.
fn file_tasks(job: &Job, inputs: &[InputSpec]) -> Vec<FileTask> {
    let numbers: BTreeMap<&str, usize> = inputs.iter().enumerate().map(|(number, input)| (input.name, number)).collect();
    let mut units: Vec<_> = job.units.iter().filter_map(|unit| Some((*numbers.get(unit.input.as_str())?, unit))).collect();
    units.sort_by_key(|(input, unit)| (*input, &unit.uri, unit.range));
    let mut tasks: Vec<FileTask> = Vec::with_capacity(units.len());
    for (input, unit) in units {
        let (number, ends_file) = match tasks.last() {
            Some(last) if last.input == input && last.unit.uri == unit.uri => (last.number, last.ends_file.clone()),
            Some(last) if last.input == input => (last.number + 1, Arc::new(())),
            _ => (0, Arc::new(())),
        };
        tasks.push(FileTask { input, unit: unit.clone(), number, ends_file });
    }
    tasks
}

/// The rows that each term of each filter let through.
fn filter_rows(inputs: &[InputSpec], passed: &Passed) -> Vec<FilterRows> {
    let rows = passed.rows();
    let of_input = |(at, input): (usize, &InputSpec)| {
        let name = input.name;
        let rows: Vec<u64> = rows[at].clone();
        let terms: Vec<&'static str> = input.filter.iter().map(|term| term.name).collect();
        terms.into_iter().zip(rows).map(move |(term, rows)| FilterRows { input: name, name: term, rows })
    };
    inputs.iter().enumerate().flat_map(of_input).collect()
}

/// An empty fold for one worker.
fn fold_of(job: &Job, window: &Window, inputs: &[InputSpec]) -> Result<Box<dyn Fold>> {
    match job.target.tables {
        Tables::Decode => Ok(Box::new(Idle)),
        _ => job.pipeline.fold(&job.plan, window, inputs),
    }
}

/// The failure that made the others stop is the one that is not a cancellation.
fn first_failure_or_all(outcomes: Vec<Result<Box<dyn Fold>>>) -> Result<Vec<Box<dyn Fold>>> {
    let mut folds = Vec::with_capacity(outcomes.len());
    let mut failure: Option<Error> = None;
    for outcome in outcomes {
        match outcome {
            Ok(fold) => folds.push(fold),
            Err(error) if failure.as_ref().is_none_or(|known| known.code() == Code::RunCancelled) => failure = Some(error),
            Err(_) => {}
        }
    }
    failure.map_or(Ok(folds), Err)
}

/// Merges the folds and writes their rows, a partition at a time, while another thread encodes. `sealed` is told what the folds know then.
fn finish(
    job: &Job,
    folds: &mut Vec<Box<dyn Fold>>,
    state: &RunState,
    spill: &Spill,
    bytes: SyncSender<Piece>,
    sealed: impl FnOnce(Sealed),
) -> Result<Outcome> {
    let complete = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (batches, encoder_end) = sync_channel::<(Outlet, RecordBatch)>(BATCHES_WAITING);
        let complete = &complete;
        let encoder = scope.spawn(move || {
            let finished = Finished { batches: &encoder_end, complete };
            let mut watch = Stopwatch::start();
            let outcome = guarded(|| write(&job.target, job.pipeline.tables(), &finished, &bytes, &state.meter));
            watch.lap("encode");
            (outcome, watch)
        });
        let mut watch = Stopwatch::start();
        let finished = guarded(|| finish_partitions(folds, spill, &mut Sink { batches: &batches, stop: &state.stop }, &mut watch, sealed));
        state.meter.add_phases(watch.phases());
        complete.store(finished.is_ok(), Ordering::Release);
        drop(batches);
        let encoded = match encoder.join() {
            Ok((outcome, phases)) => {
                state.meter.add_phases(phases.phases());
                outcome
            }
            Err(_) => Err(Error::bug("the encoder ended without an outcome")),
        };
        // Where one of them failed, the other only noticed that: nobody takes the rows, or they ended early.
        match (finished, encoded) {
            (Err(error), Err(noticed)) if noticed.code() == Code::RunCancelled => Err(error),
            (_, Err(error)) | (Err(error), Ok(_)) => Err(error),
            (Ok(()), Ok(outcome)) => Ok(outcome),
        }
    })
}

/// What lenient rules let pass, merged by reason.
fn rejected_by(folds: &[Box<dyn Fold>]) -> Vec<RejectedRows> {
    let mut merged = BTreeMap::<String, RejectedRows>::new();
    for Rejected { reason, place, rows } in folds.iter().flat_map(|fold| fold.rejected()) {
        let entry = merged.entry(reason.clone()).or_insert(RejectedRows { reason, rows: 0, place });
        entry.rows += rows;
    }
    merged.into_values().collect()
}
