//! Runs: a handle that hands out COPY bytes, counters when asked, and a report at the end.

use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::{Buffer, Either, Null};
use napi_derive::napi;
use rowmill_core::{Plan, Result, Unit, guarded};
use rowmill_emit::TargetColumn;
use rowmill_engine::{Job, Run, Target, inspect as inspect_units};
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
    Copy { columns: Vec<WireColumn> },
    Parquet { path: PathBuf },
    Discard,
    Decode,
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

/// Either the next piece of bytes (null at the end) or a failure.
#[napi(object, object_from_js = false)]
pub struct BytesAnswer {
    /// The piece; null when there is no more.
    pub ok: Option<Either<Buffer, Null>>,
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
        WireTarget::Copy { columns } => {
            Target::Copy(columns.into_iter().map(|column| TargetColumn { name: column.name, sql_type: column.sql_type }).collect())
        }
        WireTarget::Parquet { path } => Target::Parquet(path),
        WireTarget::Discard => Target::Discard,
        WireTarget::Decode => Target::Decode,
    };
    Run::start(Job { pipeline: pipeline_of(&job.plan)?, plan: job.plan, window: job.window, units: job.units, target })
}

#[napi]
impl RunHandle {
    /// The next piece of COPY bytes; null when the output is complete. For other targets: null when everything is done.
    #[napi(ts_return_type = "Promise<Answer<Buffer | null>>")]
    pub async fn next(&self) -> BytesAnswer {
        let run = self.run.clone();
        match in_background(move || guarded(|| run.next())).await {
            Ok(Some(bytes)) => BytesAnswer { ok: Some(Either::A(bytes.into())), failure: None },
            Ok(None) => BytesAnswer { ok: Some(Either::B(Null)), failure: None },
            Err(error) => BytesAnswer { ok: None, failure: Some(wire_failure(&error)) },
        }
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
