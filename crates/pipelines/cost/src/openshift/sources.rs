//! What is read, and where it lies.

use rowmill_core::SourceSpec;

/// Names of the inputs, as units, path overrides and errors use them.
pub mod name {
    /// Pods by day.
    pub const POD_DAILY: &str = "pod_daily";
    /// Pods by hour.
    pub const POD_HOURLY: &str = "pod_hourly";
    /// Volume claims by day.
    pub const STORAGE_DAILY: &str = "storage_daily";
    /// Volume claims by hour.
    pub const STORAGE_HOURLY: &str = "storage_hourly";
    /// Labels of nodes by day.
    pub const NODE_LABELS_DAILY: &str = "node_labels_daily";
    /// Labels of nodes by hour.
    pub const NODE_LABELS_HOURLY: &str = "node_labels_hourly";
    /// Labels of namespaces by day.
    pub const NAMESPACE_LABELS_DAILY: &str = "namespace_labels_daily";
    /// Labels of namespaces by hour.
    pub const NAMESPACE_LABELS_HOURLY: &str = "namespace_labels_hourly";
}

macro_rules! source {
    ($name:expr, $doc:literal, $daily:literal, $report:literal, $poc:literal) => {
        SourceSpec {
            name: $name,
            doc: $doc,
            layouts: &[
                ("koku", concat!("data/parquet/", $daily, "{account}/OCP/", $report, "/source={source}/year={year}/month={month}/**/*.parquet")),
                ("poc", concat!("data/{account}/OCP/source={source}/year={year}/month={month}/*/", $poc, "/**/*.parquet")),
            ],
        }
    };
}

/// Every input that can be listed.
pub const SOURCES: &[SourceSpec] = &[
    source!(name::POD_DAILY, "Pods, one row per pod, label text and day.", "daily/", "pod_usage", "openshift_pod_usage_line_items_daily"),
    source!(name::POD_HOURLY, "Pods, one row per pod and hour; node capacity comes from here.", "", "pod_usage", "openshift_pod_usage_line_items"),
    source!(
        name::STORAGE_DAILY,
        "Volume claims, one row per claim, pod, label texts and day.",
        "daily/",
        "storage_usage",
        "openshift_storage_usage_line_items_daily"
    ),
    source!(name::STORAGE_HOURLY, "Volume claims, one row per claim, pod and hour.", "", "storage_usage", "openshift_storage_usage_line_items"),
    source!(name::NODE_LABELS_DAILY, "Labels of nodes, by day.", "daily/", "node_labels", "openshift_node_labels_line_items_daily"),
    source!(name::NODE_LABELS_HOURLY, "Labels of nodes, by hour.", "", "node_labels", "openshift_node_labels_line_items"),
    source!(
        name::NAMESPACE_LABELS_DAILY,
        "Labels of namespaces, by day.",
        "daily/",
        "namespace_labels",
        "openshift_namespace_labels_line_items_daily"
    ),
    source!(name::NAMESPACE_LABELS_HOURLY, "Labels of namespaces, by hour.", "", "namespace_labels", "openshift_namespace_labels_line_items"),
];
