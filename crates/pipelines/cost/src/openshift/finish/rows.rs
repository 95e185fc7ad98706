//! Rows of the daily summary as columns.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, Decimal128Builder, Int32Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;
use rowmill_core::day::Day;
use rowmill_core::{Code, Emit, Error, Result, Window};
use rowmill_kernels::numeric::{Rounding, to_numeric};

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

/// One row, borrowing its texts.
#[derive(Default)]
pub struct Row<'a> {
    pub is_storage: bool,
    pub namespace: Option<&'a str>,
    pub node: Option<&'a str>,
    pub resource: Option<&'a str>,
    pub claim: Option<&'a str>,
    pub volume: Option<&'a str>,
    pub class: Option<&'a str>,
    /// Labels as JSON; they are the pod's or the volume's, as the kind of row says.
    pub labels: Option<&'a str>,
    pub measures: [Option<f64>; MEASURES.len()],
    pub category: Option<i32>,
    /// Whether the row carries the empty cost object; rows of unallocated capacity do not.
    pub has_cost: bool,
}

/// Gathers rows and emits them in batches.
pub struct SummaryRows {
    schema: SchemaRef,
    rounding: Rounding,
    constants: Constants,
    text: [StringBuilder; TEXTS],
    measures: Vec<Decimal128Builder>,
    category: Int32Builder,
    day: Date32Builder,
    rows: usize,
}

struct Constants {
    report_period: Option<i32>,
    cluster_id: String,
    cluster_alias: Option<String>,
    source: Option<String>,
}

/// Text columns that differ by row, by position in `SummaryRows::text`.
const TEXTS: usize = 11;
const TEXT_COLUMNS: [&str; TEXTS] = [
    "data_source",
    "namespace",
    "node",
    "resource_id",
    "persistentvolumeclaim",
    "persistentvolume",
    "storageclass",
    "pod_labels",
    "volume_labels",
    "all_labels",
    "infrastructure_usage_cost",
];

impl SummaryRows {
    pub fn new(options: &Options, source: Option<String>, window: &Window) -> Self {
        Self {
            schema: Arc::new(DAILY_SUMMARY.schema()),
            rounding: options.rules().rounding,
            constants: Constants {
                report_period: options.report_period(window),
                cluster_id: options.cluster_id.clone(),
                cluster_alias: options.cluster_alias.clone(),
                source,
            },
            text: Default::default(),
            measures: MEASURES.iter().map(|_| Decimal128Builder::new()).collect(),
            category: Int32Builder::new(),
            day: Date32Builder::new(),
            rows: 0,
        }
    }

    /// Adds a row, and emits a batch when there are enough.
    ///
    /// # Errors
    /// `DATA_NUMBER_OVERFLOW` and `DATA_TEXT_TOO_LONG` with the column, the value and the row's day, namespace and node.
    pub fn add(&mut self, day: Day, row: &Row<'_>, emit: &mut Emit<'_>) -> Result<()> {
        let labels = row.labels;
        let (pod_labels, volume_labels) = if row.is_storage { (None, labels) } else { (labels, None) };
        let texts = [
            Some(if row.is_storage { "Storage" } else { "Pod" }),
            row.namespace,
            row.node,
            row.resource,
            row.claim,
            row.volume,
            row.class,
            pod_labels,
            volume_labels,
            Some(labels.unwrap_or("{}")),
            row.has_cost.then_some(NO_COST),
        ];
        for ((builder, text), name) in self.text.iter_mut().zip(texts).zip(TEXT_COLUMNS) {
            let is_json = name.ends_with("labels") || name.ends_with("cost");
            let fitted = if is_json { Ok(text) } else { fit(text) };
            builder.append_option(fitted.map_err(|error| place(error, name, day, row))?);
        }
        for ((builder, value), name) in self.measures.iter_mut().zip(row.measures).zip(MEASURES) {
            let numeric = value.map(|value| numeric(value, self.rounding)).transpose();
            builder.append_option(numeric.map_err(|error| place(error, name, day, row))?);
        }
        self.category.append_option(row.category);
        self.day.append_value(day.0);
        self.rows += 1;
        if self.rows >= BATCH_ROWS { self.flush(emit) } else { Ok(()) }
    }

    /// Emits what is gathered.
    pub fn flush(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let batch = self.batch()?;
        emit(0, batch)
    }

    fn batch(&mut self) -> Result<RecordBatch> {
        let rows = std::mem::take(&mut self.rows);
        let day: ArrayRef = Arc::new(self.day.finish());
        let category: ArrayRef = Arc::new(self.category.finish());
        let text: Vec<ArrayRef> = self.text.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        let measures = self.measures.iter_mut().map(|builder| decimals(builder)).collect::<Result<Vec<_>>>()?;
        let constants = &self.constants;
        let columns = DAILY_SUMMARY
            .carried()
            .map(|column| {
                if let Some(at) = TEXT_COLUMNS.iter().position(|name| *name == column.name) {
                    return Ok(text[at].clone());
                }
                if let Some(at) = MEASURES.iter().position(|name| *name == column.name) {
                    return Ok(measures[at].clone());
                }
                Ok(match column.name {
                    "report_period_id" => Arc::new(arrow_array::Int32Array::from(vec![constants.report_period; rows])) as ArrayRef,
                    "cluster_id" => repeat(Some(&constants.cluster_id), rows),
                    "cluster_alias" => repeat(constants.cluster_alias.as_deref(), rows),
                    "source_uuid" => repeat(constants.source.as_deref(), rows),
                    "usage_start" | "usage_end" => day.clone(),
                    "cost_category_id" => category.clone(),
                    other => return Err(Error::bug(format!("nothing fills the column {other}"))),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|error| Error::bug(format!("the rows do not fit their table: {error}")))
    }
}

fn repeat(text: Option<&str>, rows: usize) -> ArrayRef {
    Arc::new(std::iter::repeat_n(text, rows).collect::<arrow_array::StringArray>())
}

fn decimals(builder: &mut Decimal128Builder) -> Result<ArrayRef> {
    let array = builder.finish().with_precision_and_scale(33, 15);
    Ok(Arc::new(array.map_err(|error| Error::bug(error.to_string()))?))
}

fn numeric(value: f64, rounding: Rounding) -> Result<i128> {
    to_numeric(value, rounding).ok_or_else(|| {
        Error::new(Code::DataOverflow, "the number does not fit numeric(33,15)")
            .value(if value.is_finite() { value.to_string() } else { "beyond 1e18".into() })
            .help("Its magnitude must be below 1e18; look for faulty meter readings in the input of that day.")
    })
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

fn place(error: Error, column: &str, day: Day, row: &Row<'_>) -> Error {
    let shown = |text: Option<&str>| text.map_or("NULL".into(), |text| format!("{:?}", shortened(text)));
    let text = format!("{} in the summary row of {day}, namespace {}, node {}", error.message(), shown(row.namespace), shown(row.node));
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
