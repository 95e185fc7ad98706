//! COPY bytes from PostgreSQL into a Parquet file: result sets that only JavaScript can fetch.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use rowmill_core::{Code, Error, Result, SqlType, TableSpec, guarded};
use rowmill_emit::{CopyDecoder, ParquetSink};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{answer, in_background, wire_failure};
use crate::plan::{from_wire, pipeline_named};
use crate::run::WireColumn;

/// Rows per batch on the way to the file.
const BATCH_ROWS: usize = 4096;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSpool {
    pipeline: String,
    table: String,
    path: String,
    columns: Vec<WireColumn>,
}

/// A Parquet file in the making.
#[napi]
pub struct SpoolHandle {
    spool: Arc<Mutex<Option<Spool>>>,
}

struct Spool {
    decoder: CopyDecoder,
    sink: ParquetSink,
}

/// Either an open spool or a failure.
#[napi(object, object_from_js = false)]
pub struct SpoolAnswer {
    /// The spool.
    pub ok: Option<SpoolHandle>,
    /// The failure.
    #[napi(ts_type = "Failure")]
    pub failure: Option<Value>,
}

/// Starts a Parquet file for rows of a pipeline's table; the columns are those of the COPY statement, in its order.
#[napi(
    ts_args_type = "request: { pipeline: string; table: string; path: string; columns: TargetColumn[] }",
    ts_return_type = "Promise<Answer<SpoolHandle>>"
)]
pub async fn open_spool(request: Value) -> SpoolAnswer {
    match guarded(|| open(request)) {
        Ok(spool) => SpoolAnswer { ok: Some(SpoolHandle { spool: Arc::new(Mutex::new(Some(spool))) }), failure: None },
        Err(error) => SpoolAnswer { ok: None, failure: Some(wire_failure(&error)) },
    }
}

fn open(request: Value) -> Result<Spool> {
    let request: WireSpool = from_wire(request, "the request")?;
    let table = table_named(&request.pipeline, &request.table)?;
    let columns = request.columns.iter().map(|column| Ok((column.name.clone(), type_of(table, &column.name)?))).collect::<Result<Vec<_>>>()?;
    let decoder = CopyDecoder::new(&columns, BATCH_ROWS);
    let sink = ParquetSink::create(Path::new(&request.path), decoder.schema().clone())?;
    Ok(Spool { decoder, sink })
}

/// The table of a pipeline by its name.
pub fn table_named(pipeline: &str, table: &str) -> Result<&'static TableSpec> {
    let found = pipeline_named(pipeline)?.tables().iter().find(|spec| spec.name == table);
    found.ok_or_else(|| Error::new(Code::PlanInvalid, format!("{pipeline} has no such table")).column("table").value(table))
}

fn type_of(table: &TableSpec, column: &str) -> Result<SqlType> {
    let found = table.columns.iter().find(|known| known.name == column).map(|known| known.sql);
    found.ok_or_else(|| Error::new(Code::SinkTableMismatch, format!("{} has no such column", table.name)).column(column))
}

impl Spool {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.decoder.feed(bytes)?;
        self.decoder.take_batches().iter().try_for_each(|batch| self.sink.write(batch))
    }

    fn finish(mut self) -> Result<u64> {
        let rest = self.decoder.finish()?;
        rest.iter().try_for_each(|batch| self.sink.write(batch))?;
        Ok(self.sink.finish()?.rows)
    }
}

fn closed() -> Error {
    Error::bug("the spool is closed or has failed before")
}

#[napi]
impl SpoolHandle {
    /// Takes the next bytes of the stream, cut anywhere. After a failure the spool is of no use and its file is gone.
    #[napi(ts_args_type = "bytes: Buffer", ts_return_type = "Promise<Answer<null>>")]
    pub async fn write(&self, bytes: Buffer) -> Value {
        let spool = self.spool.clone();
        in_background(move || {
            answer(|| {
                let mut held = spool.lock().unwrap_or_else(PoisonError::into_inner);
                let mut open = held.take().ok_or_else(closed)?;
                open.write(&bytes)?;
                *held = Some(open);
                Ok(Value::Null)
            })
        })
        .await
    }

    /// Completes the file and says how many rows it has.
    #[napi(ts_return_type = "Promise<Answer<{ rows: number }>>")]
    pub async fn finish(&self) -> Value {
        let spool = self.spool.clone();
        in_background(move || {
            answer(|| {
                let open = spool.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(closed)?;
                Ok(json!({ "rows": open.finish()? }))
            })
        })
        .await
    }

    /// Lets go of an unfinished file, which is removed. Safe to call again.
    #[napi(ts_return_type = "Promise<Answer<null>>")]
    pub async fn close(&self) -> Value {
        let spool = self.spool.clone();
        in_background(move || {
            answer(|| {
                drop(spool.lock().unwrap_or_else(PoisonError::into_inner).take());
                Ok(Value::Null)
            })
        })
        .await
    }
}
