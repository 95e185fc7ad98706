//! Plain rows in, plain rows out.

use rowmill_core::day::Day;

use super::labels::Labels;

/// A pod on one day, or in one hour. `None` is NULL.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PodRow {
    /// `interval_start`: milliseconds since 1970-01-01, without zone.
    pub at_ms: i64,
    /// `namespace`
    pub namespace: Option<String>,
    /// `node`; the empty text is a pod without a node.
    pub node: Option<String>,
    /// `pod`
    pub pod: Option<String>,
    /// `resource_id`
    pub resource_id: Option<String>,
    /// `pod_labels`, as it is in the file.
    pub labels: Option<String>,
    /// `pod_usage_cpu_core_seconds`
    pub usage_cpu: Option<f64>,
    /// `pod_request_cpu_core_seconds`
    pub request_cpu: Option<f64>,
    /// `pod_effective_usage_cpu_core_seconds`; not looked at where the input is hourly.
    pub effective_cpu: Option<f64>,
    /// `pod_limit_cpu_core_seconds`
    pub limit_cpu: Option<f64>,
    /// `pod_usage_memory_byte_seconds`
    pub usage_memory: Option<f64>,
    /// `pod_request_memory_byte_seconds`
    pub request_memory: Option<f64>,
    /// `pod_effective_usage_memory_byte_seconds`; not looked at where the input is hourly.
    pub effective_memory: Option<f64>,
    /// `pod_limit_memory_byte_seconds`
    pub limit_memory: Option<f64>,
    /// `node_capacity_cpu_cores`
    pub capacity_cores: Option<f64>,
    /// `node_capacity_memory_bytes`
    pub capacity_bytes: Option<f64>,
    /// `node_capacity_cpu_core_seconds`; looked at in hourly rows only.
    pub capacity_core_seconds: Option<f64>,
    /// `node_capacity_memory_byte_seconds`; looked at in hourly rows only.
    pub capacity_byte_seconds: Option<f64>,
    /// `node_role`
    pub node_role: Option<String>,
}

/// A volume claim on one day, or in one hour.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StorageRow {
    /// `interval_start`: milliseconds since 1970-01-01, without zone.
    pub at_ms: i64,
    /// `namespace`
    pub namespace: Option<String>,
    /// `pod`
    pub pod: Option<String>,
    /// `persistentvolumeclaim`
    pub claim: Option<String>,
    /// `persistentvolume`
    pub volume: Option<String>,
    /// `storageclass`
    pub class: Option<String>,
    /// `csi_volume_handle`
    pub handle: Option<String>,
    /// `persistentvolumeclaim_capacity_bytes`
    pub capacity_bytes: Option<f64>,
    /// `persistentvolumeclaim_capacity_byte_seconds`
    pub capacity_byte_seconds: Option<f64>,
    /// `volume_request_storage_byte_seconds`
    pub request_byte_seconds: Option<f64>,
    /// `persistentvolumeclaim_usage_byte_seconds`
    pub usage_byte_seconds: Option<f64>,
    /// `persistentvolume_labels`
    pub volume_labels: Option<String>,
    /// `persistentvolumeclaim_labels`
    pub claim_labels: Option<String>,
}

/// Labels of a node or a namespace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelRow {
    /// `interval_start`: milliseconds since 1970-01-01, without zone.
    pub at_ms: i64,
    /// `node` or `namespace`.
    pub name: Option<String>,
    /// `node_labels` or `namespace_labels`.
    pub labels: Option<String>,
}

/// A pattern of namespaces and the category it stands for.
pub type Category = (String, i32);

/// A known node: name, resource id, role.
pub type NodeRow = (String, Option<String>, Option<String>);

/// Whether quirks are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Semantics {
    /// Row for row what the original statement does.
    Exact,
    /// With the numbered corrections C01 to C08 of [`super::summarise`].
    Corrected,
}

/// Which original statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The one for Trino.
    Trino,
    /// The on-premise one for PostgreSQL.
    Postgres,
}

/// Which files pods and volumes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Daily files; capacity comes from the hourly ones.
    Daily,
    /// Hourly files only, rolled up to days first.
    Hourly,
}

/// Everything that one summary looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// Daily pod rows; not looked at where the input is hourly.
    pub pods_daily: Vec<PodRow>,
    /// Hourly pod rows; only capacity is taken from them where the input is daily.
    pub pods_hourly: Vec<PodRow>,
    /// Daily volume rows; not looked at where the input is hourly.
    pub storage: Vec<StorageRow>,
    /// Hourly volume rows; not looked at where the input is daily.
    pub storage_hourly: Vec<StorageRow>,
    /// Labels of nodes.
    pub node_labels: Vec<LabelRow>,
    /// Labels of namespaces.
    pub namespace_labels: Vec<LabelRow>,
    /// Label keys that are kept.
    pub enabled_keys: Vec<String>,
    /// Categories by namespace pattern.
    pub categories: Vec<Category>,
    /// Known nodes.
    pub nodes: Vec<NodeRow>,
    /// First day.
    pub start: Day,
    /// Last day, inclusive.
    pub end: Day,
    /// Whether quirks are kept.
    pub semantics: Semantics,
    /// Which original statement.
    pub dialect: Dialect,
    /// Which files pods and volumes come from.
    pub input: Input,
    /// Whether the first day moves forward to the first day that has pods.
    pub align_start: bool,
    /// Whether roles of unknown nodes are worked out.
    pub derive_nodes: bool,
}

/// Names of the measures of a [`SummaryRow`], in their order.
pub const MEASURES: [&str; 18] = [
    "pod_usage_cpu_core_hours",
    "pod_request_cpu_core_hours",
    "pod_effective_usage_cpu_core_hours",
    "pod_limit_cpu_core_hours",
    "pod_usage_memory_gigabyte_hours",
    "pod_request_memory_gigabyte_hours",
    "pod_effective_usage_memory_gigabyte_hours",
    "pod_limit_memory_gigabyte_hours",
    "node_capacity_cpu_cores",
    "node_capacity_cpu_core_hours",
    "node_capacity_memory_gigabytes",
    "node_capacity_memory_gigabyte_hours",
    "cluster_capacity_cpu_core_hours",
    "cluster_capacity_memory_gigabyte_hours",
    "persistentvolumeclaim_capacity_gigabyte",
    "persistentvolumeclaim_capacity_gigabyte_months",
    "volume_request_storage_gigabyte_months",
    "persistentvolumeclaim_usage_gigabyte_months",
];

/// One value for each of [`MEASURES`].
pub type Measures = [Option<f64>; 18];

/// A row of the summary, before its numbers become decimals.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SummaryRow {
    /// `usage_start` and `usage_end`, in days since 1970-01-01.
    pub day: i32,
    /// `Pod` or `Storage`.
    pub data_source: &'static str,
    /// `namespace`
    pub namespace: Option<String>,
    /// `node`
    pub node: Option<String>,
    /// `resource_id`
    pub resource_id: Option<String>,
    /// `pod_labels`
    pub pod_labels: Option<Labels>,
    /// `volume_labels`
    pub volume_labels: Option<Labels>,
    /// `all_labels`
    pub all_labels: Labels,
    /// `persistentvolumeclaim`
    pub claim: Option<String>,
    /// `persistentvolume`
    pub volume: Option<String>,
    /// `storageclass`
    pub class: Option<String>,
    /// `csi_volume_handle`; part of the key, not of the table.
    pub handle: Option<String>,
    /// `cost_category_id`
    pub category: Option<i32>,
    /// Whether `infrastructure_usage_cost` is the object of zeros; NULL otherwise.
    pub zero_cost: bool,
    /// The measures, in the order of [`MEASURES`].
    pub measures: Measures,
    /// For each measure the sum of the absolute values that went into it: the order of a sum may change a measure by
    /// a small part of this, not of the measure.
    pub magnitudes: [f64; 18],
}
