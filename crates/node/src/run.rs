//! Runs: a handle that hands out COPY bytes, counters when asked, and a report at the end.

use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::{Buffer, Either, Null};
use napi_derive::napi;
use rowmill_core::plan::FileFormat;
use rowmill_core::{Plan, Result, Unit, guarded};
use rowmill_emit::TargetColumn;
use rowmill_engine::{Job, Piece, Run, Tables, Target, inspect as inspect_units};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{answer, in_background, wire_failure};
use crate::plan::{from_wire, pipeline_of};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireJob {
    plan: Plan,
    window: usize,
    units: Vec<Unit>,
    target: WireTarget,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum WireTarget {
    Copy { tables: Vec<WireTable>, files: Option<PathBuf> },
    Parquet { path: PathBuf, files: Option<PathBuf> },
    Folder { path: PathBuf, format: FileFormat, files: Option<PathBuf> },
    Discard,
    Decode,
}

/// The columns of the COPY statement of a table.
#[derive(Deserialize)]
struct WireTable {
    columns: Vec<WireColumn>,
}

/// A column of a COPY statement.
#[derive(Deserialize)]
pub struct WireColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub sql_type: String,
}

#[derive(Deserialize)]
struct WireInspect {
    plan: Plan,
    window: usize,
    units: Vec<Unit>,
}

/// Reads footers and says what a run would read, and what is wrong with which file.
#[napi(ts_args_type = "request: { plan: Plan; window: number; units: Unit[] }", ts_return_type = "Promise<Answer<Inspection>>")]
pub async fn inspect(request: Value) -> Value {
    in_background(move || {
        answer(|| {
            let request: WireInspect = from_wire(request, "the request")?;
            let inspection = inspect_units(pipeline_of(&request.plan)?, &request.plan, request.window, &request.units)?;
            let failures: Vec<Value> = inspection.failures.iter().map(wire_failure).collect();
            let mut value = serde_json::to_value(inspection).unwrap_or_default();
            value["failures"] = failures.into();
            Ok(value)
        })
    })
    .await
}

/// A run in progress.
#[napi]
pub struct RunHandle {
    run: Arc<Run>,
}

/// Either a started run or a failure.
#[napi(object, object_from_js = false)]
pub struct RunAnswer {
    /// The run.
    pub ok: Option<RunHandle>,
    /// The failure.
    #[napi(ts_type = "Failure")]
    pub failure: Option<Value>,
}

/// A piece of a table's COPY stream.
#[napi(object, object_from_js = false)]
pub struct CopyPiece {
    /// Index of the table, in the order of the pipeline's tables.
    pub table: u32,
    /// The bytes.
    pub bytes: Buffer,
    /// Whether the table's stream ends with it.
    pub last: bool,
}

/// Either the next piece of bytes (null at the end) or a failure.
#[napi(object, object_from_js = false)]
pub struct PieceAnswer {
    /// The piece; null when there is no more.
    pub ok: Option<Either<CopyPiece, Null>>,
    /// The failure.
    #[napi(ts_type = "Failure")]
    pub failure: Option<Value>,
}

/// Starts a run of one window.
#[napi(ts_args_type = "job: Job", ts_return_type = "Promise<Answer<RunHandle>>")]
pub async fn open_run(job: Value) -> RunAnswer {
    match guarded(|| start(job)) {
        Ok(run) => RunAnswer { ok: Some(RunHandle { run: Arc::new(run) }), failure: None },
        Err(error) => RunAnswer { ok: None, failure: Some(wire_failure(&error)) },
    }
}

fn start(job: Value) -> Result<Run> {
    let job: WireJob = from_wire(job, "the job")?;
    let target = match job.target {
        WireTarget::Copy { tables, files } => Target { tables: Tables::Copy(tables.into_iter().map(copy_columns).collect()), files },
        WireTarget::Parquet { path, files } => Target { tables: Tables::Parquet(path), files },
        WireTarget::Folder { path, format, files } => Target { tables: Tables::Folder { path, format }, files },
        WireTarget::Discard => Target::of(Tables::Discard),
        WireTarget::Decode => Target::of(Tables::Decode),
    };
    Run::start(Job { pipeline: pipeline_of(&job.plan)?, plan: job.plan, window: job.window, units: job.units, target })
}

fn copy_columns(table: WireTable) -> Vec<TargetColumn> {
    table.columns.into_iter().map(|column| TargetColumn { name: column.name, sql_type: column.sql_type }).collect()
}

#[napi]
impl RunHandle {
    /// The next piece of COPY bytes; null when the output is complete. For other targets: null when everything is done.
    #[napi(ts_return_type = "Promise<Answer<CopyPiece | null>>")]
    pub async fn next(&self) -> PieceAnswer {
        let run = self.run.clone();
        match in_background(move || guarded(|| run.next())).await {
            Ok(Some(Piece { table, bytes, last })) => {
                // A pipeline has a handful of tables.
                let piece = CopyPiece { table: table as u32, bytes: bytes.into(), last };
                PieceAnswer { ok: Some(Either::A(piece)), failure: None }
            }
            Ok(None) => PieceAnswer { ok: Some(Either::B(Null)), failure: None },
            Err(error) => PieceAnswer { ok: None, failure: Some(wire_failure(&error)) },
        }
    }

    /// Lets at most this many workers read at the same time, from 1 to the plan's threads; those beyond it rest between batches.
    #[napi]
    pub fn set_workers(&self, workers: u32) {
        self.run.set_workers(workers as usize);
    }

    /// Counters at this moment.
    #[napi(ts_return_type = "Counters")]
    pub fn counters(&self) -> Value {
        serde_json::to_value(self.run.counters()).unwrap_or_default()
    }

    /// The report of a run that has read all its input: from the first piece of bytes on. An empty one before.
    #[napi(ts_return_type = "Report")]
    pub fn report(&self) -> Value {
        serde_json::to_value(self.run.report().unwrap_or_default()).unwrap_or_default()
    }

    /// Asks the run to stop; `next` then fails with `RUN_CANCELLED`.
    #[napi]
    pub fn cancel(&self) {
        self.run.cancel();
    }

    /// Cancels what is still going on and waits for the threads. Safe to call again.
    #[napi(ts_return_type = "Promise<Answer<null>>")]
    pub async fn close(&self) -> Value {
        let run = self.run.clone();
        in_background(move || {
            run.close();
            json!({ "ok": Value::Null })
        })
        .await
    }
}
