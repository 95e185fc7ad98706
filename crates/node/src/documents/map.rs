//! Mapping: documents in, outcomes and COPY bytes out.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::RecordBatch;
use napi::bindgen_prelude::{Buffer, spawn_blocking};
use napi_derive::napi;
use rowmill_applications::map::{Options, Outcome, Program, Rows, Scratch, SourceId};
use rowmill_core::{Code, Error, Result, guarded};
use rowmill_xml::Fallback;
use serde::Deserialize;
use serde_json::{Value, json};

use super::contract::read as read_contract;
use super::encode::CopyTable;
use super::mapped::MappedDocuments;
use super::read::{Reader, WireDocument, fits};
use crate::answer::{in_background, wire_failure};
use crate::plan::from_wire;

/// Parts of a batch per thread: enough that a large document at the end leaves nobody idle for long.
const PARTS_PER_THREAD: usize = 4;
/// What a thread keeps of the memory for a document; a larger one is let go when the batch is mapped.
const KEPT_BYTES: usize = 4 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireOptions {
    threads: usize,
    reveal: bool,
    /// Whether bytes that are not UTF-8 are windows-1252.
    windows1252: bool,
    /// Most bytes of a document.
    document_bytes: usize,
    /// The time of the run, in microseconds since 1970, UTC.
    now: i64,
}

/// A contract that is ready to map documents.
#[napi]
pub struct DocumentMapper {
    shared: Arc<Shared>,
}

struct Shared {
    program: Program,
    options: Options,
    threads: usize,
    tables: Arc<Vec<CopyTable>>,
    /// Workers that rest between two batches.
    resting: Mutex<Vec<Worker>>,
}

/// What a thread needs to map: memory that grew once is used again, and a file of many documents is read on from where it was.
struct Worker {
    scratch: Scratch,
    reader: Reader,
    document: Vec<u8>,
}

/// Either a mapper or a failure.
#[napi(object, object_from_js = false)]
pub struct MapperAnswer {
    /// The mapper.
    pub ok: Option<DocumentMapper>,
    /// The failure.
    #[napi(ts_type = "Failure")]
    pub failure: Option<Value>,
}

/// Either mapped documents or a failure.
#[napi(object, object_from_js = false)]
pub struct MappedAnswer {
    /// The documents.
    pub ok: Option<MappedDocuments>,
    /// The failure.
    #[napi(ts_type = "Failure")]
    pub failure: Option<Value>,
}

/// Makes a mapper of a contract, given as JSON.
#[napi(ts_args_type = "contract: string, options: MapperOptions", ts_return_type = "Promise<Answer<DocumentMapper>>")]
pub async fn open_mapper(contract: String, options: Value) -> MapperAnswer {
    match in_background(move || guarded(|| Shared::new(&contract, options))).await {
        Ok(shared) => MapperAnswer { ok: Some(DocumentMapper { shared: Arc::new(shared) }), failure: None },
        Err(error) => MapperAnswer { ok: None, failure: Some(wire_failure(&error)) },
    }
}

impl Shared {
    fn new(contract: &str, options: Value) -> Result<Self> {
        let wire: WireOptions = from_wire(options, "the options of a mapper")?;
        let contract = read_contract(contract)?;
        let mut map = Options { reveal: wire.reveal, now: wire.now, ..Options::default() };
        map.limits.document_bytes = wire.document_bytes;
        map.fallback = if wire.windows1252 { Fallback::Windows1252 } else { Fallback::Refuse };
        Ok(Self {
            tables: Arc::new(CopyTable::of(&contract)),
            program: Program::compile(&contract)?,
            options: map,
            threads: wire.threads.max(1),
            resting: Mutex::default(),
        })
    }

    fn worker(&self) -> Worker {
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner).pop();
        resting.unwrap_or_else(|| Worker { scratch: Scratch::new(self.options.clone()), reader: Reader::default(), document: Vec::new() })
    }

    fn rest(&self, mut worker: Worker) {
        worker.document.clear();
        worker.document.shrink_to(KEPT_BYTES);
        worker.scratch.shrink_to(KEPT_BYTES);
        self.resting.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }
}

#[napi]
impl DocumentMapper {
    /// Maps documents on the threads of the mapper, as those from place `first` of a batch. Those without a path are parts of `bytes`.
    #[napi(ts_args_type = "documents: MapDocument[], bytes: Buffer | null, first: number", ts_return_type = "Promise<Answer<MappedDocuments>>")]
    pub async fn map(&self, documents: Value, bytes: Option<Buffer>, first: u32) -> MappedAnswer {
        let shared = self.shared.clone();
        match mapped(shared, documents, bytes, first as usize).await {
            Ok(mapped) => MappedAnswer { ok: Some(mapped), failure: None },
            Err(error) => MappedAnswer { ok: None, failure: Some(wire_failure(&error)) },
        }
    }
}

/// Documents of a batch, in parts that threads take one after the other.
struct Work {
    shared: Arc<Shared>,
    documents: Vec<WireDocument>,
    bytes: Option<Buffer>,
    /// Place of the first one in the batch.
    first: usize,
    parts: Vec<std::ops::Range<usize>>,
    next: AtomicUsize,
}

/// What became of a part.
struct Part {
    at: usize,
    outcomes: Vec<Value>,
    batches: Vec<(String, RecordBatch)>,
}

async fn mapped(shared: Arc<Shared>, documents: Value, bytes: Option<Buffer>, first: usize) -> Result<MappedDocuments> {
    let documents: Vec<WireDocument> = from_wire(documents, "the documents")?;
    let threads = shared.threads.min(documents.len().max(1));
    let step = documents.len().div_ceil(threads * PARTS_PER_THREAD).max(1);
    let parts = (0..documents.len()).step_by(step).map(|start| start..(start + step).min(documents.len())).collect();
    let work = Arc::new(Work { shared: shared.clone(), documents, bytes, first, parts, next: AtomicUsize::new(0) });
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let work = work.clone();
            spawn_blocking(move || guarded(|| work.run()))
        })
        .collect();
    let mut parts = Vec::new();
    for thread in threads {
        let done = thread.await.map_err(|error| Error::bug(error.to_string()))?;
        parts.extend(done?);
    }
    parts.sort_unstable_by_key(|part: &Part| part.at);
    let mut outcomes = Vec::new();
    let mut rows = Vec::new();
    for part in parts {
        outcomes.extend(part.outcomes);
        rows.push(part.batches.into_iter().map(|(_, batch)| batch).collect());
    }
    in_background(move || guarded(|| MappedDocuments::new(shared.tables.clone(), outcomes, &rows))).await
}

impl Work {
    fn run(&self) -> Result<Vec<Part>> {
        let mut worker = self.shared.worker();
        let done = self.parts(&mut worker);
        self.shared.rest(worker);
        done
    }

    fn parts(&self, worker: &mut Worker) -> Result<Vec<Part>> {
        let mut done = Vec::new();
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = self.parts.get(at) else { return Ok(done) };
            let mut rows = self.shared.program.rows();
            let mut outcomes = Vec::with_capacity(part.len());
            for document in part.clone() {
                outcomes.push(self.one(document, worker, &mut rows)?);
            }
            done.push(Part { at, outcomes, batches: rows.finish()? });
        }
    }

    fn one(&self, at: usize, worker: &mut Worker, rows: &mut Rows) -> Result<Value> {
        let Worker { scratch, reader, document: buffer } = worker;
        let most = self.shared.options.limits.document_bytes;
        let (document, ordinal) = (&self.documents[at], self.first + at);
        let number = i32::try_from(ordinal).map_err(|_| Error::bug("a batch cannot have that many documents"))?;
        let bytes: &[u8] = match &document.path {
            Some(path) => match reader.read(document, path, most, buffer) {
                Ok(()) => buffer,
                Err(error) => return Ok(unread(ordinal, &error)),
            },
            None => {
                let (start, end) = document.range.unwrap_or((0, 0));
                // What is too large was not brought here.
                match fits(start, end, most) {
                    Ok(_) => self.in_buffer(start, end)?,
                    Err(error) => return Ok(unread(ordinal, &error)),
                }
            }
        };
        if is_blank(bytes) {
            return Ok(json!({ "ordinal": ordinal, "documentId": null, "status": "blank", "issues": [], "bytes": bytes.len(), "rows": 0 }));
        }
        let id = document.id.as_deref().map(|id| id.parse::<i64>().map_err(|_| Error::bug("an id that is no number"))).transpose()?;
        let source = SourceId { ordinal: number, id, name: document.name.clone() };
        let outcome: Outcome = self.shared.program.map(scratch, &source, bytes, rows)?;
        let id = outcome.document_id.map(|id| id.to_string());
        let mut value = serde_json::to_value(outcome).map_err(|error| Error::bug(error.to_string()))?;
        // As text: numbers of JavaScript are exact up to 2^53 only.
        value["documentId"] = id.into();
        Ok(value)
    }

    fn in_buffer(&self, start: u64, end: u64) -> Result<&[u8]> {
        let range = usize::try_from(start).unwrap_or(usize::MAX)..usize::try_from(end).unwrap_or(usize::MAX);
        let found = self.bytes.as_ref().and_then(|bytes| bytes.get(range));
        found.ok_or_else(|| Error::new(Code::Bug, "a document is outside of the buffer"))
    }
}

/// A document that could not be read at all.
fn unread(ordinal: usize, error: &Error) -> Value {
    let reason = error.help_text().map_or_else(|| error.message().to_owned(), |help| format!("{}. {help}", error.message()));
    json!({ "ordinal": ordinal, "documentId": null, "status": "failed", "stage": "parsing", "reason": reason, "issues": [], "bytes": 0, "rows": 0 })
}

/// White space and nothing else, in ASCII; a byte order mark may be before it.
fn is_blank(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).iter().all(u8::is_ascii_whitespace)
}
