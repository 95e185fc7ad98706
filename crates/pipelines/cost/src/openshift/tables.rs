//! What is written: the daily summary table of cost management, column for column.

use rowmill_core::{Column, SqlType, TableSpec};

const AMOUNT: SqlType = SqlType::Numeric { precision: 33, scale: 15 };

/// A column that tells rows apart.
const fn key(name: &'static str, sql: SqlType) -> Column {
    Column { name, sql, written: true, generated: false, key: true, nullable: true, in_file: Some(name) }
}

/// A measure.
const fn measure(name: &'static str) -> Column {
    Column { name, sql: AMOUNT, written: true, generated: false, key: false, nullable: true, in_file: Some(name) }
}

/// A column that other jobs fill; it stays NULL here.
const fn unwritten(name: &'static str, sql: SqlType) -> Column {
    Column { name, sql, written: false, generated: false, key: false, nullable: true, in_file: None }
}

/// Names of the measures, in the order of the table.
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

/// The table of daily summaries of OpenShift usage.
pub const DAILY_SUMMARY: TableSpec = TableSpec {
    name: "reporting_ocpusagelineitem_daily_summary",
    file: "reporting_ocpusagelineitem_daily_summary",
    doc: "Usage of one day, by namespace, node and labels (Pod rows), by volume claim (Storage rows), and what no pod used.",
    columns: &[
        Column { name: "uuid", sql: SqlType::Uuid, written: true, generated: true, key: false, nullable: false, in_file: None },
        key("report_period_id", SqlType::Integer),
        key("cost_category_id", SqlType::Integer),
        key("cluster_id", SqlType::Varchar { limit: 50 }),
        key("cluster_alias", SqlType::Varchar { limit: 256 }),
        key("data_source", SqlType::Varchar { limit: 64 }),
        key("namespace", SqlType::Varchar { limit: 253 }),
        key("node", SqlType::Varchar { limit: 253 }),
        key("resource_id", SqlType::Varchar { limit: 253 }),
        Column { nullable: false, ..key("usage_start", SqlType::Date) },
        Column { nullable: false, ..key("usage_end", SqlType::Date) },
        key("pod_labels", SqlType::Jsonb),
        measure("pod_usage_cpu_core_hours"),
        measure("pod_request_cpu_core_hours"),
        measure("pod_effective_usage_cpu_core_hours"),
        measure("pod_limit_cpu_core_hours"),
        measure("pod_usage_memory_gigabyte_hours"),
        measure("pod_request_memory_gigabyte_hours"),
        measure("pod_effective_usage_memory_gigabyte_hours"),
        measure("pod_limit_memory_gigabyte_hours"),
        measure("node_capacity_cpu_cores"),
        measure("node_capacity_cpu_core_hours"),
        measure("node_capacity_memory_gigabytes"),
        measure("node_capacity_memory_gigabyte_hours"),
        measure("cluster_capacity_cpu_core_hours"),
        measure("cluster_capacity_memory_gigabyte_hours"),
        key("persistentvolumeclaim", SqlType::Varchar { limit: 253 }),
        key("persistentvolume", SqlType::Varchar { limit: 253 }),
        key("storageclass", SqlType::Varchar { limit: 253 }),
        key("volume_labels", SqlType::Jsonb),
        key("all_labels", SqlType::Jsonb),
        measure("persistentvolumeclaim_capacity_gigabyte"),
        measure("persistentvolumeclaim_capacity_gigabyte_months"),
        measure("volume_request_storage_gigabyte_months"),
        measure("persistentvolumeclaim_usage_gigabyte_months"),
        key("infrastructure_usage_cost", SqlType::Jsonb),
        key("source_uuid", SqlType::Uuid),
        unwritten("infrastructure_raw_cost", AMOUNT),
        unwritten("infrastructure_project_raw_cost", AMOUNT),
        unwritten("infrastructure_data_in_gigabytes", AMOUNT),
        unwritten("infrastructure_data_out_gigabytes", AMOUNT),
        unwritten("infrastructure_markup_cost", AMOUNT),
        unwritten("infrastructure_project_markup_cost", AMOUNT),
        unwritten("infrastructure_monthly_cost", AMOUNT),
        unwritten("infrastructure_monthly_cost_json", SqlType::Jsonb),
        unwritten("infrastructure_project_monthly_cost", SqlType::Jsonb),
        unwritten("supplementary_usage_cost", SqlType::Jsonb),
        unwritten("supplementary_monthly_cost_json", SqlType::Jsonb),
        unwritten("supplementary_project_monthly_cost", SqlType::Jsonb),
        unwritten("supplementary_monthly_cost", AMOUNT),
        unwritten("cost_model_cpu_cost", AMOUNT),
        unwritten("cost_model_memory_cost", AMOUNT),
        unwritten("cost_model_volume_cost", AMOUNT),
        unwritten("cost_model_gpu_cost", AMOUNT),
        unwritten("distributed_cost", AMOUNT),
        unwritten("cost_model_rate_type", SqlType::Text),
        unwritten("monthly_cost_type", SqlType::Text),
        unwritten("raw_currency", SqlType::Text),
    ],
    primary_key: &["uuid"],
    partition_by: Some("usage_start"),
    indexes: &[
        ("btree", "usage_start"),
        ("btree", "namespace varchar_pattern_ops"),
        ("btree", "node varchar_pattern_ops"),
        ("btree", "data_source"),
        ("btree", "monthly_cost_type"),
        ("btree", "cost_model_rate_type"),
        ("gin", "all_labels"),
        ("gin", "pod_labels"),
        ("gin", "volume_labels"),
    ],
    delete_by: "report_period_id",
    delete_where: "(infrastructure_raw_cost IS NULL OR infrastructure_raw_cost = 0)",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_58_columns_of_which_37_are_written() {
        assert_eq!(DAILY_SUMMARY.columns.len(), 58);
        assert_eq!(DAILY_SUMMARY.columns.iter().filter(|column| column.written).count(), 37);
        let measures: Vec<&str> =
            DAILY_SUMMARY.carried().filter(|column| matches!(column.sql, SqlType::Numeric { .. })).map(|column| column.name).collect();
        assert_eq!(measures, MEASURES);
    }
}
