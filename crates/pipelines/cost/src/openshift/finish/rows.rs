//! Rows of the daily summary as columns.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder, Int32Builder, StringBuilder};
use arrow_array::{ArrayRef, Date32Array, Int32Array, RecordBatch, StringArray};
use arrow_schema::SchemaRef;
use rowmill_core::day::Day;
use rowmill_core::{Code, Emit, Error, Outlet, Result, Window};
use rowmill_kernels::intern::NULL_ID;
use rowmill_kernels::numeric::Rounding;

use super::columns::{Amounts, Codes, NamedTexts, constant, with_dictionaries};
use crate::openshift::fold::Names;
use crate::openshift::options::Options;
use crate::openshift::tables::{DAILY_SUMMARY, MEASURES};

/// Rows per emitted batch.
const BATCH_ROWS: usize = 4096;

/// The cost columns that cost models fill later; equal to what the original writes once it is JSON.
const NO_COST: &str = "{\"cpu\":0.0,\"memory\":0.0,\"storage\":0.0}";

/// Positions in [`MEASURES`].
pub mod measure {
    /// The eight pod metrics, cpu first, in the order usage, request, effective usage, limit.
    pub const POD: usize = 0;
    pub const NODE_CORES: usize = 8;
    pub const NODE_CORE_HOURS: usize = 9;
    pub const NODE_GIGABYTES: usize = 10;
    pub const NODE_GIGABYTE_HOURS: usize = 11;
    pub const CLUSTER_CORE_HOURS: usize = 12;
    pub const CLUSTER_GIGABYTE_HOURS: usize = 13;
    /// The four of volumes, to the end: capacity in gigabytes, then capacity, request and usage in gigabyte-months.
    pub const CLAIM_GIGABYTES: usize = 14;
}

/// The numbers of a row, in the order of [`MEASURES`].
pub type Measures = [Option<f64>; MEASURES.len()];

/// One row. Its names are numbers of the fold's [`Names`].
pub struct Row<'a> {
    pub is_storage: bool,
    pub namespace: u32,
    pub node: u32,
    pub resource: u32,
    pub claim: u32,
    pub volume: u32,
    pub class: u32,
    /// Labels as JSON; they are the pod's or the volume's, as the kind of row says.
    pub labels: Option<&'a str>,
    pub measures: Measures,
    pub category: Option<i32>,
    /// Whether the row carries the empty cost object; rows of unallocated capacity do not.
    pub has_cost: bool,
}

impl Default for Row<'_> {
    fn default() -> Self {
        Self {
            is_storage: false,
            namespace: NULL_ID,
            node: NULL_ID,
            resource: NULL_ID,
            claim: NULL_ID,
            volume: NULL_ID,
            class: NULL_ID,
            labels: None,
            measures: Measures::default(),
            category: None,
            has_cost: false,
        }
    }
}

/// Gathers rows and emits them in batches, whose texts are dictionaries.
pub struct SummaryRows {
    schema: SchemaRef,
    rounding: Rounding,
    constants: Constants,
    /// In the order of [`NAMED`].
    named: [NamedTexts; NAMED.len()],
    measures: [Amounts; MEASURES.len()],
    kind: Codes,
    cost: Codes,
    labels: LabelTexts,
    category: Int32Builder,
    day: Vec<i32>,
}

struct Constants {
    report_period: Option<i32>,
    cluster_id: String,
    cluster_alias: Option<String>,
    source: Option<String>,
}

/// Columns of names.
const NAMED: [&str; 6] = ["namespace", "node", "resource_id", "persistentvolumeclaim", "persistentvolume", "storageclass"];

/// What `data_source` says, by code.
const KINDS: [&str; 2] = ["Pod", "Storage"];

/// The three columns of labels: each text is stored once for all of them.
#[derive(Default)]
struct LabelTexts {
    texts: StringBuilder,
    pod: Codes,
    volume: Codes,
    all: Codes,
}

impl LabelTexts {
    /// Adds a row's labels; where there are none, `all_labels` is the empty map, which is the first text.
    fn push(&mut self, labels: Option<&str>, is_storage: bool) {
        if self.texts.is_empty() {
            self.texts.append_value("{}");
        }
        let code = labels.map(|text| {
            self.texts.append_value(text);
            self.texts.len() as i32 - 1
        });
        self.pod.push(code.filter(|_| !is_storage));
        self.volume.push(code.filter(|_| is_storage));
        self.all.push(Some(code.unwrap_or_default()));
    }

    /// The columns `pod_labels`, `volume_labels` and `all_labels`; no rows are left.
    fn finish(&mut self) -> Result<[ArrayRef; 3]> {
        let next = StringBuilder::with_capacity(self.texts.len(), self.texts.values_slice().len());
        let texts: ArrayRef = Arc::new(std::mem::replace(&mut self.texts, next).finish());
        Ok([self.pod.finish(texts.clone())?, self.volume.finish(texts.clone())?, self.all.finish(texts)?])
    }
}

impl SummaryRows {
    pub fn new(options: &Options, source: Option<String>, window: &Window) -> Self {
        Self {
            schema: Arc::new(with_dictionaries(&DAILY_SUMMARY.schema())),
            rounding: options.rules().rounding,
            constants: Constants {
                report_period: options.report_period(window),
                cluster_id: options.cluster_id.clone(),
                cluster_alias: options.cluster_alias.clone(),
                source,
            },
            named: Default::default(),
            measures: Default::default(),
            kind: Codes::default(),
            cost: Codes::default(),
            labels: LabelTexts::default(),
            category: Int32Builder::new(),
            day: Vec::new(),
        }
    }

    /// Adds a row, and emits a batch when there are enough.
    ///
    /// # Errors
    /// `DATA_NUMBER_OVERFLOW` and `DATA_TEXT_TOO_LONG` with the column, the value and the row's day, namespace and node.
    pub fn add(&mut self, day: Day, row: &Row<'_>, names: &Names, emit: &mut Emit<'_>) -> Result<()> {
        let texts = [
            (row.namespace, &names.namespaces),
            (row.node, &names.nodes),
            (row.resource, &names.resources),
            (row.claim, &names.volumes),
            (row.volume, &names.volumes),
            (row.class, &names.volumes),
        ];
        for ((column, (id, texts)), name) in self.named.iter_mut().zip(texts).zip(NAMED) {
            column.push(id, || fit(texts.get(id))).map_err(|error| place(error, name, day, row, names))?;
        }
        for ((column, value), name) in self.measures.iter_mut().zip(row.measures).zip(MEASURES) {
            if !column.push(value, self.rounding) {
                return Err(place(overflow(value.unwrap_or_default()), name, day, row, names));
            }
        }
        self.kind.push(Some(i32::from(row.is_storage)));
        self.cost.push(row.has_cost.then_some(0));
        self.labels.push(row.labels, row.is_storage);
        self.category.append_option(row.category);
        self.day.push(day.0);
        if self.day.len() >= BATCH_ROWS { self.flush(emit) } else { Ok(()) }
    }

    /// Emits what is gathered.
    pub fn flush(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        if self.day.is_empty() {
            return Ok(());
        }
        let batch = self.batch()?;
        emit(&Outlet::Table(0), batch)
    }

    fn batch(&mut self) -> Result<RecordBatch> {
        let rows = self.day.len();
        let day: ArrayRef = Arc::new(Date32Array::from(std::mem::take(&mut self.day)));
        let category: ArrayRef = Arc::new(self.category.finish());
        let [pod_labels, volume_labels, all_labels] = self.labels.finish()?;
        let columns = DAILY_SUMMARY
            .carried()
            .map(|column| {
                if let Some(at) = NAMED.iter().position(|name| *name == column.name) {
                    return self.named[at].finish();
                }
                if let Some(at) = MEASURES.iter().position(|name| *name == column.name) {
                    return self.measures[at].finish();
                }
                Ok(match column.name {
                    "report_period_id" => Arc::new(Int32Array::from(vec![self.constants.report_period; rows])),
                    "cluster_id" => constant(Some(&self.constants.cluster_id), rows)?,
                    "cluster_alias" => constant(self.constants.cluster_alias.as_deref(), rows)?,
                    "source_uuid" => constant(self.constants.source.as_deref(), rows)?,
                    "data_source" => self.kind.finish(Arc::new(StringArray::from_iter_values(KINDS)))?,
                    "infrastructure_usage_cost" => self.cost.finish(Arc::new(StringArray::from_iter_values([NO_COST])))?,
                    "pod_labels" => pod_labels.clone(),
                    "volume_labels" => volume_labels.clone(),
                    "all_labels" => all_labels.clone(),
                    "usage_start" | "usage_end" => day.clone(),
                    "cost_category_id" => category.clone(),
                    other => return Err(Error::bug(format!("nothing fills the column {other}"))),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|error| Error::bug(format!("the rows do not fit their table: {error}")))
    }
}

fn overflow(value: f64) -> Error {
    Error::new(Code::DataOverflow, "the number does not fit numeric(33,15)")
        .value(if value.is_finite() { value.to_string() } else { "beyond 1e18".into() })
        .help("Its magnitude must be below 1e18; look for faulty meter readings in the input of that day.")
}

/// Most characters of a name in a message; names of Kubernetes are rarely longer.
const SHOWN: usize = 63;

/// Most characters of the text columns: they are all `varchar(253)` but for `data_source`, whose values are ours.
const TEXT_LIMIT: usize = 253;

/// A text cut to the limit of its column where only spaces are lost, as PostgreSQL does it (COST-053).
fn fit(text: Option<&str>) -> Result<Option<&str>> {
    let Some(whole) = text else { return Ok(None) };
    if whole.len() <= TEXT_LIMIT {
        return Ok(text);
    }
    let end = whole.char_indices().nth(TEXT_LIMIT).map_or(whole.len(), |(at, _)| at);
    if whole[end..].bytes().all(|byte| byte == b' ') {
        return Ok(Some(&whole[..end]));
    }
    let error = Error::new(Code::DataTextTooLong, format!("the text is longer than {TEXT_LIMIT} characters"));
    Err(error.value(whole).help("Look for this value in the input of that day, and shorten it or leave its rows out."))
}

fn place(error: Error, column: &str, day: Day, row: &Row<'_>, names: &Names) -> Error {
    let shown = |text: Option<&str>| text.map_or("NULL".into(), |text| format!("{:?}", shortened(text)));
    let (namespace, node) = (names.namespaces.get(row.namespace), names.nodes.get(row.node));
    let text = format!("{} in the summary row of {day}, namespace {}, node {}", error.message(), shown(namespace), shown(node));
    let mut placed = Error::new(error.code(), text).column(column);
    if let Some(value) = &error.place().value {
        placed = placed.value(value);
    }
    match error.help_text() {
        Some(help) => placed.help(help),
        None => placed,
    }
}

/// A text that may be too long to read, cut for a message.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
