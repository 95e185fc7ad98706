//! What is written: seven aggregates and the jobs.

use rowmill_core::{Column, SqlType, TableSpec};

const SUM: SqlType = SqlType::Numeric { precision: 38, scale: 9 };
const SQUARES: SqlType = SqlType::Numeric { precision: 38, scale: 0 };

/// A column that tells rows apart.
const fn key(name: &'static str, sql: SqlType) -> Column {
    Column { name, sql, written: true, generated: false, key: true, nullable: false, in_file: Some(name) }
}

/// A count or another number that every group has.
const fn count(name: &'static str) -> Column {
    Column { key: false, ..key(name, SqlType::Bigint) }
}

/// A statistic, NULL where no value was there.
const fn statistic(name: &'static str) -> Column {
    Column { name, sql: SqlType::Double, written: true, generated: false, key: false, nullable: true, in_file: Some(name) }
}

/// What other runs' groups can be added to; files have the statistics only.
const fn part(name: &'static str, sql: SqlType) -> Column {
    Column { name, sql, written: true, generated: false, key: false, nullable: true, in_file: None }
}

/// Name of the rows of a run; files hold one run and do not repeat it.
const DATASET: Column = Column { in_file: None, ..key("dataset", SqlType::Text) };

const fn table(name: &'static str, file: &'static str, doc: &'static str, columns: &'static [Column], keys: &'static [&'static str]) -> TableSpec {
    TableSpec { name, file, doc, columns, primary_key: keys, partition_by: None, indexes: &[], delete_by: "dataset", delete_where: "" }
}

/// The table of jobs, by position.
pub const JOBS: usize = 7;

/// The output tables.
pub const TABLES: &[TableSpec] = &[
    table(
        "orders_by_security",
        "aggregation_by_security",
        "Order events of one security.",
        &[
            DATASET,
            key("security_code", SqlType::Bigint),
            count("total_orders"),
            count("quantity_sum"),
            statistic("quantity_mean"),
            statistic("quantity_std"),
            statistic("price_mean"),
            statistic("price_min"),
            statistic("price_max"),
            count("participantid_nunique"),
            Column { in_file: Some("timestamp_min"), ..part("timestamp_min", SqlType::Bigint) },
            Column { in_file: Some("timestamp_max"), ..part("timestamp_max", SqlType::Bigint) },
            part("timestamp_min_at", SqlType::TimestampTz),
            part("timestamp_max_at", SqlType::TimestampTz),
            part("quantity_count", SqlType::Bigint),
            part("quantity_sum_squares", SQUARES),
            part("price_count", SqlType::Bigint),
            part("price_sum", SUM),
        ],
        &["dataset", "security_code"],
    ),
    table(
        "orders_by_date",
        "aggregation_by_date",
        "Order events of one date, in the zone of the aggregates.",
        &[
            DATASET,
            key("date", SqlType::Date),
            count("total_orders"),
            count("quantity_sum"),
            statistic("quantity_mean"),
            statistic("price_mean"),
            statistic("price_min"),
            statistic("price_max"),
            count("participantid_nunique"),
            count("security_code_nunique"),
            part("quantity_count", SqlType::Bigint),
            part("price_count", SqlType::Bigint),
            part("price_sum", SUM),
        ],
        &["dataset", "date"],
    ),
    table(
        "orders_by_participant",
        "aggregation_by_participant",
        "Order events of one participant.",
        &[
            DATASET,
            key("participantid", SqlType::Bigint),
            count("total_orders"),
            count("quantity_sum"),
            statistic("quantity_mean"),
            statistic("price_mean"),
            statistic("price_min"),
            statistic("price_max"),
            count("security_code_nunique"),
            part("quantity_count", SqlType::Bigint),
            part("price_count", SqlType::Bigint),
            part("price_sum", SUM),
        ],
        &["dataset", "participantid"],
    ),
    table(
        "orders_by_hour",
        "aggregation_by_time_of_day",
        "Order events of one hour of the day, 0 to 23, in the zone of the aggregates.",
        &[
            DATASET,
            key("hour", SqlType::Integer),
            count("total_orders"),
            count("quantity_sum"),
            statistic("quantity_mean"),
            statistic("price_mean"),
            statistic("price_min"),
            statistic("price_max"),
            count("participantid_nunique"),
            part("quantity_count", SqlType::Bigint),
            part("price_count", SqlType::Bigint),
            part("price_sum", SUM),
        ],
        &["dataset", "hour"],
    ),
    table(
        "orders_by_size",
        "aggregation_by_order_size",
        "Order events of one range of quantities.",
        &[
            DATASET,
            key("size_bucket", SqlType::Text),
            count("total_orders"),
            count("quantity_sum"),
            statistic("quantity_mean"),
            statistic("price_mean"),
            statistic("price_min"),
            statistic("price_max"),
            count("participantid_nunique"),
            part("quantity_count", SqlType::Bigint),
            part("price_count", SqlType::Bigint),
            part("price_sum", SUM),
        ],
        &["dataset", "size_bucket"],
    ),
    table(
        "orders_hourly",
        "timeseries_hourly",
        "Order events of one hour of one date, by the instant at which it begins.",
        &[
            DATASET,
            key("timestamp", SqlType::TimestampTz),
            count("order_count"),
            count("quantity_sum"),
            statistic("quantity_avg"),
            statistic("price_avg"),
            part("quantity_count", SqlType::Bigint),
            part("price_count", SqlType::Bigint),
            part("price_sum", SUM),
        ],
        &["dataset", "timestamp"],
    ),
    table(
        "orders_daily",
        "timeseries_daily",
        "Order events of one date, as a time series.",
        &[
            DATASET,
            key("date", SqlType::Date),
            count("order_count"),
            count("quantity_sum"),
            statistic("quantity_avg"),
            statistic("price_avg"),
            count("participant_count"),
            count("security_count"),
            part("quantity_count", SqlType::Bigint),
            part("price_count", SqlType::Bigint),
            part("price_sum", SUM),
        ],
        &["dataset", "date"],
    ),
    table(
        "orders_ingest_job",
        "ingest_jobs",
        "One security on one date: how many rows passed the filters, 0 included.",
        &[
            DATASET,
            key("security_code", SqlType::Bigint),
            key("date", SqlType::Date),
            // Equal or not, as keys are: a text has no tolerance.
            key("status", SqlType::Text),
            count("rows_output"),
        ],
        &["dataset", "security_code", "date"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_the_columns_of_the_original_in_its_order() {
        let in_file = |table: usize| TABLES[table].columns.iter().filter_map(|column| column.in_file).collect::<Vec<_>>().join(" ");
        let usual = "total_orders quantity_sum quantity_mean price_mean price_min price_max";
        assert_eq!(
            in_file(0),
            "security_code total_orders quantity_sum quantity_mean quantity_std price_mean price_min price_max participantid_nunique \
             timestamp_min timestamp_max"
        );
        assert_eq!(in_file(1), format!("date {usual} participantid_nunique security_code_nunique"));
        assert_eq!(in_file(2), format!("participantid {usual} security_code_nunique"));
        assert_eq!(in_file(3), format!("hour {usual} participantid_nunique"));
        assert_eq!(in_file(4), format!("size_bucket {usual} participantid_nunique"));
        assert_eq!(in_file(5), "timestamp order_count quantity_sum quantity_avg price_avg");
        assert_eq!(in_file(6), "date order_count quantity_sum quantity_avg price_avg participant_count security_count");
        assert_eq!(in_file(JOBS), "security_code date status rows_output");
    }

    #[test]
    fn every_table_is_told_apart_by_its_dataset_and_its_group() {
        for table in TABLES {
            let keys: Vec<&str> = table.columns.iter().filter(|column| column.key).map(|column| column.name).collect();
            assert_eq!(&keys[..table.primary_key.len()], table.primary_key, "{}", table.name);
            assert_eq!((table.columns[0].name, table.delete_by), ("dataset", "dataset"));
        }
    }
}
