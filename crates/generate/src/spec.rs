//! What to generate.

use std::path::PathBuf;

use rowmill_core::day::{Day, parse_month};
use rowmill_core::{Code, Error, Result};
use serde::Deserialize;

/// Months of OpenShift usage to generate. Every field but `out` has a default; unknown fields are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenShiftSpec {
    /// Folder to write to; created where missing. It must not hold a folder `data` already.
    pub out: PathBuf,
    /// The same seed and settings give the same bytes.
    #[serde(default = "one")]
    pub seed: u64,
    /// How folders and files are named.
    #[serde(default)]
    pub layout: Layout,
    /// Tenant name in paths.
    #[serde(default = "account")]
    pub account: String,
    /// First month, `YYYY-MM`.
    #[serde(default = "month")]
    pub month: String,
    /// Number of months, from 1.
    #[serde(default = "one_small")]
    pub months: u32,
    /// Number of clusters, from 1; each has its own source id and plan.
    #[serde(default = "one_small")]
    pub clusters: u32,
    /// Nodes of each cluster, from 1.
    #[serde(default = "nodes")]
    pub nodes: u32,
    /// Namespaces of each cluster, from 1, besides three of the platform.
    #[serde(default = "namespaces")]
    pub namespaces: u32,
    /// Pods that run at the same time in each cluster, from 1; not looked at where `rows` is given.
    #[serde(default = "pods")]
    pub pods: u64,
    /// Hourly pod rows of all clusters and months together, instead of `pods`; met exactly.
    #[serde(default)]
    pub rows: Option<u64>,
    /// Volume claims of each cluster.
    #[serde(default = "volumes")]
    pub volumes: u64,
    /// Hour of the first day at which data begins: 0 to 23.
    #[serde(default = "first_hour")]
    pub first_hour: u32,
    /// Last hour of the last day that has data: 0 to 23.
    #[serde(default = "last_hour")]
    pub last_hour: u32,
    /// Whether the shapes that make summaries hard occur: nodes that join, leave and change their id, pods without a node, missing
    /// numbers, label sets that change within a day, volumes that are shared, rebound, unmounted or orphaned, handles that are empty
    /// or NULL, overlapping categories.
    #[serde(default = "yes")]
    pub edges: bool,
    /// Whether rows say the role of their node; without, files are as those of older operators.
    #[serde(default = "yes")]
    pub node_role: bool,
    /// Labels of pods.
    #[serde(default)]
    pub labels: Labels,
    /// Shape of the files.
    #[serde(default)]
    pub files: Files,
    /// Threads that write files, from 1. The bytes do not depend on it.
    #[serde(default = "two")]
    pub threads: usize,
}

/// Labels of pods. Percentages are of pods.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Labels {
    /// Distinct label texts, from 1.
    pub distinct: u32,
    /// Distinct sets of labels under the keys that a plan enables; 0 stands for as many as there are texts. With fewer sets than texts,
    /// texts differ in keys that no summary keeps.
    pub kept: u32,
    /// Least length of a label text in bytes; shorter ones are padded with a key that is not enabled.
    pub bytes: usize,
    /// Whether padding is made of hexadecimal digits that look random, which compression cannot shorten, instead of one letter.
    pub random: bool,
    /// Whether every row draws its labels anew, instead of every second pod of its slot. Where `kept` is given, the enabled ones stay.
    pub per_row: bool,
    /// Pods whose labels change on a given day at noon.
    pub churn_percent: u32,
    /// Pods whose labels are NULL.
    pub null_percent: u32,
    /// Pods whose labels are `{}`.
    pub empty_percent: u32,
    /// Pods whose labels are no JSON; the exact summary fails on them.
    pub malformed_percent: u32,
}

/// Shape of the files.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Files {
    /// Compression of column chunks.
    pub compression: Compression,
    /// Whether columns of few values have dictionaries.
    pub dictionary: bool,
    /// Most rows of a row group, from 1.
    pub row_group_rows: usize,
    /// Most rows of a file; 0 sets no limit.
    pub rows_per_file: u64,
    /// Whether files span a day or a month.
    pub per: FilePer,
    /// Order of rows inside a day.
    pub order: Order,
    /// Whether daily files are written beside the hourly ones.
    pub daily: bool,
}

/// How folders and files are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Layout {
    /// Daily and hourly trees with one folder per kind of report.
    #[default]
    Koku,
    /// One folder per day, with one folder per kind of report in it.
    Poc,
}

/// Compression of column chunks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Compression {
    /// Snappy.
    #[default]
    Snappy,
    /// Zstandard.
    Zstd,
    /// None.
    None,
}

/// What a file spans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FilePer {
    /// One day.
    #[default]
    Day,
    /// One month.
    Month,
}

/// Order of rows inside a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Order {
    /// By hour.
    #[default]
    Hour,
    /// By pod, each with its hours.
    Pod,
    /// All over the place.
    Shuffled,
}

impl Default for Labels {
    fn default() -> Self {
        Self {
            distinct: 40,
            kept: 0,
            bytes: 0,
            random: false,
            per_row: false,
            churn_percent: 2,
            null_percent: 2,
            empty_percent: 5,
            malformed_percent: 0,
        }
    }
}

impl Default for Files {
    fn default() -> Self {
        Self {
            compression: Compression::Snappy,
            dictionary: true,
            row_group_rows: 100_000,
            rows_per_file: 0,
            per: FilePer::Day,
            order: Order::Hour,
            daily: true,
        }
    }
}

impl OpenShiftSpec {
    /// The first day, or what is wrong with the first setting that is out of range.
    pub(crate) fn check(&self) -> Result<Day> {
        let percent = |percent: u32| percent <= 100;
        let labels = &self.labels;
        let checks = [
            ("months", self.months.to_string(), (1..=120).contains(&self.months), "1 to 120"),
            ("clusters", self.clusters.to_string(), (1..=10_000).contains(&self.clusters), "1 to 10000"),
            ("nodes", self.nodes.to_string(), (1..=100_000).contains(&self.nodes), "1 to 100000"),
            ("namespaces", self.namespaces.to_string(), (1..=100_000).contains(&self.namespaces), "1 to 100000"),
            ("pods", self.pods.to_string(), (1..=100_000_000).contains(&self.pods), "1 to 100000000"),
            ("rows", format!("{:?}", self.rows), self.rows.is_none_or(|rows| rows >= u64::from(self.clusters)), "at least one per cluster"),
            ("volumes", self.volumes.to_string(), self.volumes <= 100_000_000, "0 to 100000000"),
            ("firstHour", self.first_hour.to_string(), self.first_hour < 24, "0 to 23"),
            ("lastHour", self.last_hour.to_string(), self.last_hour < 24, "0 to 23"),
            ("labels.distinct", labels.distinct.to_string(), (1..=4_000_000_000).contains(&labels.distinct), "1 to 4000000000"),
            ("labels.bytes", labels.bytes.to_string(), labels.bytes <= 1_000_000, "0 to 1000000"),
            ("labels.churnPercent", labels.churn_percent.to_string(), percent(labels.churn_percent), "0 to 100"),
            ("labels.nullPercent", labels.null_percent.to_string(), percent(labels.null_percent), "0 to 100"),
            ("labels.emptyPercent", labels.empty_percent.to_string(), percent(labels.empty_percent), "0 to 100"),
            ("labels.malformedPercent", labels.malformed_percent.to_string(), percent(labels.malformed_percent), "0 to 100"),
            ("files.rowGroupRows", self.files.row_group_rows.to_string(), self.files.row_group_rows > 0, "at least 1"),
            ("threads", self.threads.to_string(), (1..=256).contains(&self.threads), "1 to 256"),
            ("account", self.account.clone(), is_name(&self.account), "letters, digits, - and _"),
        ];
        for (field, value, good, allowed) in checks {
            if !good {
                return Err(Error::new(Code::PlanInvalid, format!("{field} must be {allowed}")).column(field).value(value));
            }
        }
        parse_month(&self.month)
            .ok_or_else(|| Error::new(Code::PlanInvalid, "month must be a month of the form YYYY-MM").column("month").value(&self.month))
    }
}

/// Whether a text can be a folder as it is.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
}

fn one() -> u64 {
    1
}

fn one_small() -> u32 {
    1
}

fn two() -> usize {
    2
}

fn yes() -> bool {
    true
}

fn account() -> String {
    "org_demo".into()
}

fn month() -> String {
    "2025-10".into()
}

fn nodes() -> u32 {
    6
}

fn namespaces() -> u32 {
    12
}

fn pods() -> u64 {
    120
}

fn volumes() -> u64 {
    30
}

fn first_hour() -> u32 {
    5
}

fn last_hour() -> u32 {
    20
}
