//! Settings of its own.

use rowmill_core::plan::{Field, Kind};

const CATEGORY: &[Field] = &[
    Field::new("namespace", Kind::AnyText, "\"openshift-%\"", "Pattern of namespaces: `%` is any run of characters, `_` any one.").required(),
    Field::new("id", Kind::Integer { min: 0, max: i32::MAX as i64 }, "1", "Id of the category.").required(),
];

const NODE: &[Field] = &[
    Field::new("node", Kind::AnyText, "\"worker-1\"", "Name of the node.").required(),
    Field::new("resourceId", Kind::AnyText, "\"i-0001\"", "Instance id of the node at its cloud."),
    Field::new("role", Kind::AnyText, "\"worker\"", "Role of the node: worker, master or infra."),
];

const PERIOD: &[Field] = &[
    Field::new("month", Kind::Month, "\"2025-10\"", "Month of the report period.").required(),
    Field::new("id", Kind::Integer { min: 0, max: i32::MAX as i64 }, "1", "Id of the report period.").required(),
];

/// Settings of the OpenShift pipeline.
pub const FIELDS: &[Field] = &[
    Field::new(
        "cost.semantics",
        Kind::Choice { of: &["exact", "corrected"] },
        "\"exact\"",
        "`exact` reproduces the original statements row for row, with their quirks; `corrected` applies the numbered corrections.",
    )
    .default("\"exact\"")
    .flag("semantics"),
    Field::new(
        "cost.dialect",
        Kind::Choice { of: &["trino", "postgres"] },
        "\"trino\"",
        "Which of the two original statements to reproduce: the one for Trino, or the on-premise one for PostgreSQL.",
    )
    .default("\"trino\"")
    .flag("dialect"),
    Field::new("openshift.clusterId", Kind::Text, "\"cluster-1\"", "Cluster id, written to every row.").required().flag("cluster-id"),
    Field::new("openshift.clusterAlias", Kind::Text, "\"My cluster\"", "Cluster alias, written to every row.").flag("cluster-alias"),
    Field::new(
        "openshift.reportPeriodId",
        Kind::Integer { min: 0, max: i32::MAX as i64 },
        "1",
        "Report period of the window; read from `reporting_ocpusagereportperiod` where that table exists.",
    )
    .flag("report-period-id"),
    Field::new(
        "openshift.reportPeriods",
        Kind::Records { of: PERIOD },
        "[{\"month\": \"2025-10\", \"id\": 1}]",
        "Report periods of a window over several months.",
    )
    .default("[]"),
    Field::new(
        "openshift.input",
        Kind::Choice { of: &["auto", "daily", "hourly"] },
        "\"auto\"",
        "`daily` takes pods and volumes from the daily files and capacity from the hourly ones; `hourly` takes everything from the hourly files; \
         `auto` takes daily files where there are any.",
    )
    .default("\"auto\"")
    .flag("input"),
    Field::new(
        "openshift.alignStart",
        Kind::Flag,
        "true",
        "Move the first day forward to the first day that has pods, as the original run does; rows of earlier days are neither deleted nor written.",
    )
    .default("true"),
    Field::new(
        "openshift.lookups",
        Kind::Choice { of: &["auto", "plan", "database"] },
        "\"auto\"",
        "Where enabled keys, categories, nodes and report periods come from: the plan, the tables in the database, or (`auto`) each table that exists, \
         else the plan.",
    )
    .default("\"auto\"")
    .flag("lookups"),
    Field::new("openshift.enabledKeys", Kind::Texts, "[\"app\", \"env\"]", "Label keys that are kept; with none, every label is dropped.")
        .default("[]")
        .flag("enabled-keys"),
    Field::new(
        "openshift.categories",
        Kind::Records { of: CATEGORY },
        "[{\"namespace\": \"openshift-%\", \"id\": 1}]",
        "Cost categories by namespace pattern.",
    )
    .default("[]"),
    Field::new(
        "openshift.nodes",
        Kind::Records { of: NODE },
        "[{\"node\": \"worker-1\", \"resourceId\": \"i-0001\", \"role\": \"worker\"}]",
        "Known nodes and their roles.",
    )
    .default("[]"),
    Field::new(
        "openshift.deriveNodes",
        Kind::Flag,
        "true",
        "Work out roles of nodes that are not known (or known without a role) from the pods and node labels of the window.",
    )
    .default("true"),
];
