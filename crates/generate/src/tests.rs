//! Generated data read back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, TimestampMillisecondType};
use arrow_array::{Array, ArrayRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rowmill_core::Code;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

/// A value of a row, comparable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Null,
    Text(String),
    Number(u64),
    Time(i64),
}

type Row = BTreeMap<String, Cell>;

fn spec(out: &Path, settings: Value) -> OpenShiftSpec {
    let mut settings = settings;
    settings["out"] = out.to_string_lossy().into_owned().into();
    serde_json::from_value(settings).expect("a spec")
}

fn generated(settings: Value) -> (TempDir, Totals) {
    let folder = tempfile::tempdir().expect("a folder");
    let totals = openshift(&spec(folder.path(), settings)).expect("totals");
    (folder, totals)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// All rows of the files whose path holds every one of these texts and none of the others.
fn rows(folder: &Path, with: &[&str], without: &[&str]) -> Vec<Row> {
    let mut rows = Vec::new();
    for path in files(folder) {
        let text = path.to_string_lossy().into_owned();
        if text.ends_with(".parquet") && with.iter().all(|part| text.contains(part)) && !without.iter().any(|part| text.contains(part)) {
            rows.extend(rows_of(&path));
        }
    }
    rows
}

fn rows_of(path: &Path) -> Vec<Row> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("a file")).expect("parquet").build().expect("a reader");
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.expect("a batch");
        let schema = batch.schema();
        for row in 0..batch.num_rows() {
            let cells = schema.fields().iter().zip(batch.columns()).map(|(field, column)| (field.name().clone(), cell(column, row)));
            rows.push(cells.collect());
        }
    }
    rows
}

fn cell(column: &ArrayRef, row: usize) -> Cell {
    if column.is_null(row) {
        return Cell::Null;
    }
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Cell::Text(texts.value(row).to_owned());
    }
    match column.as_primitive_opt::<Float64Type>() {
        Some(numbers) => Cell::Number(numbers.value(row).to_bits()),
        None => Cell::Time(column.as_primitive::<TimestampMillisecondType>().value(row)),
    }
}

fn number(row: &Row, name: &str) -> Option<f64> {
    match &row[name] {
        Cell::Number(bits) => Some(f64::from_bits(*bits)),
        _ => None,
    }
}

fn text<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    match &row[name] {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

fn day(row: &Row) -> i64 {
    match row["interval_start"] {
        Cell::Time(at_ms) => at_ms.div_euclid(86_400_000) * 86_400_000,
        _ => panic!("a row without time"),
    }
}

/// Sum in units of 1/1024, which is exact for every generated column.
fn sum(rows: &[Row], name: &str) -> f64 {
    rows.iter().filter_map(|row| number(row, name)).map(|number| (number * 1024.0) as i128).sum::<i128>() as f64 / 1024.0
}

const HOURLY_PODS: (&[&str], &[&str]) = (&["/OCP/pod_usage/"], &["/daily/"]);
const DAILY_PODS: (&[&str], &[&str]) = (&["/daily/", "/OCP/pod_usage/"], &[]);

fn small() -> Value {
    json!({ "seed": 3, "rows": 20_000, "clusters": 2, "nodes": 5, "volumes": 20, "labels": { "churnPercent": 10 } })
}

#[test]
fn the_same_settings_give_the_same_bytes_with_any_number_of_threads() {
    let (left, _) = generated(json!({ "pods": 20, "threads": 1 }));
    let (right, _) = generated(json!({ "pods": 20, "threads": 3 }));
    let (other, _) = generated(json!({ "pods": 20, "seed": 2 }));
    let data = |folder: &TempDir| -> BTreeMap<PathBuf, Vec<u8>> {
        let root = folder.path().join("data");
        files(&root).into_iter().map(|path| (path.strip_prefix(&root).expect("below").to_owned(), std::fs::read(&path).expect("bytes"))).collect()
    };
    assert!(data(&left) == data(&right));
    assert!(data(&left) != data(&other));
}

#[test]
fn totals_are_those_of_the_files() {
    let (folder, totals) = generated(small());
    assert_eq!((totals.hourly_pod_rows, totals.clusters.len()), (20_000, 2));
    for cluster in &totals.clusters {
        let source = format!("source={}", cluster.source_id);
        let pods = rows(folder.path(), &["/OCP/pod_usage/", &source], &["/daily/"]);
        assert_eq!(cluster.inputs["pod_hourly"].rows, pods.len() as u64);
        let totals = cluster.pod_totals;
        assert_eq!(sum(&pods, "pod_usage_cpu_core_seconds"), totals.usage_cpu_core_seconds);
        assert_eq!(sum(&pods, "pod_request_cpu_core_seconds"), totals.request_cpu_core_seconds);
        assert_eq!(sum(&pods, "pod_limit_cpu_core_seconds"), totals.limit_cpu_core_seconds);
        assert_eq!(sum(&pods, "pod_effective_usage_cpu_core_seconds"), totals.effective_cpu_core_seconds);
        assert_eq!(sum(&pods, "pod_usage_memory_byte_seconds"), totals.usage_memory_byte_seconds);
        assert_eq!(sum(&pods, "pod_effective_usage_memory_byte_seconds"), totals.effective_memory_byte_seconds);
        let daily = rows(folder.path(), &["/daily/", "/OCP/pod_usage/", &source], &[]);
        assert_eq!(sum(&daily, "pod_usage_cpu_core_seconds"), totals.usage_cpu_core_seconds);
        assert_eq!(daily.len() as u64, cluster.inputs["pod_daily"].rows);
        assert_eq!(pods.iter().map(|row| &row["pod"]).collect::<BTreeSet<_>>().len() as u64, cluster.pods);
        let storage = rows(folder.path(), &["/OCP/storage_usage/", &source], &["/daily/"]);
        assert_eq!(storage.iter().map(|row| &row["persistentvolumeclaim"]).collect::<BTreeSet<_>>().len() as u64, cluster.claims);
        assert_eq!(sum(&storage, "persistentvolumeclaim_usage_byte_seconds"), cluster.storage_totals.usage_byte_seconds);
        let mut peaks: BTreeMap<(&Cell, &Cell), f64> = BTreeMap::new();
        for row in &pods {
            let peak = peaks.entry((&row["interval_start"], &row["node"])).or_default();
            *peak = peak.max(number(row, "node_capacity_cpu_core_seconds").unwrap_or(0.0));
        }
        assert_eq!(peaks.values().sum::<f64>(), totals.capacity_core_seconds);
    }
    let written = std::fs::read_to_string(folder.path().join("cluster-002/totals.json")).expect("totals.json");
    assert_eq!(serde_json::from_str::<Value>(&written).expect("json"), serde_json::to_value(&totals.clusters[1]).expect("json"));
}

/// What the converter makes of hourly rows: one row for each key and day.
fn rolled_up(hourly: &[Row], keys: &[&str], sums: &[&str], largest: &[&str]) -> BTreeSet<Row> {
    let mut days: BTreeMap<Vec<Cell>, Row> = BTreeMap::new();
    for row in hourly {
        let mut key: Vec<Cell> = keys.iter().map(|name| row[*name].clone()).collect();
        key.push(Cell::Time(day(row)));
        let daily = days.entry(key).or_insert_with(|| {
            let mut daily: Row = keys.iter().map(|name| ((*name).to_owned(), row[*name].clone())).collect();
            daily.insert("interval_start".into(), Cell::Time(day(row)));
            daily.extend(sums.iter().map(|name| ((*name).to_owned(), Cell::Number(0))));
            daily
        });
        for name in sums {
            let sum = number(daily, name).unwrap_or(0.0) + number(row, name).unwrap_or(0.0);
            daily.insert((*name).to_owned(), Cell::Number(sum.to_bits()));
        }
        for name in largest {
            let found = daily.get(*name).cloned().unwrap_or(Cell::Null);
            daily.insert((*name).to_owned(), found.max(row[*name].clone()));
        }
    }
    days.into_values().collect()
}

#[test]
fn daily_rows_are_the_roll_up_of_hourly_rows() {
    let (folder, _) = generated(json!({ "pods": 60, "nodes": 5, "volumes": 20, "labels": { "churnPercent": 10 } }));
    let seconds = [
        "pod_usage_cpu_core_seconds",
        "pod_request_cpu_core_seconds",
        "pod_effective_usage_cpu_core_seconds",
        "pod_limit_cpu_core_seconds",
        "pod_usage_memory_byte_seconds",
        "pod_request_memory_byte_seconds",
        "pod_effective_usage_memory_byte_seconds",
        "pod_limit_memory_byte_seconds",
        "node_capacity_cpu_core_seconds",
        "node_capacity_memory_byte_seconds",
    ];
    let period = ["report_period_start", "report_period_end"];
    let largest = ["resource_id", "node_capacity_cpu_cores", "node_capacity_memory_bytes", "node_role", period[0], period[1]];
    let hourly = rows(folder.path(), HOURLY_PODS.0, HOURLY_PODS.1);
    let daily = rows(folder.path(), DAILY_PODS.0, DAILY_PODS.1);
    let expected = rolled_up(&hourly, &["namespace", "node", "pod", "pod_labels"], &seconds, &largest);
    assert_eq!(daily.len(), expected.len());
    assert!(daily.into_iter().collect::<BTreeSet<_>>() == expected);
    let keys = [
        "namespace",
        "node",
        "pod",
        "persistentvolumeclaim",
        "persistentvolume",
        "storageclass",
        "csi_driver",
        "csi_volume_handle",
        "persistentvolume_labels",
        "persistentvolumeclaim_labels",
    ];
    let seconds = ["persistentvolumeclaim_capacity_byte_seconds", "volume_request_storage_byte_seconds", "persistentvolumeclaim_usage_byte_seconds"];
    let largest = ["persistentvolumeclaim_capacity_bytes", period[0], period[1]];
    let expected = rolled_up(&rows(folder.path(), &["/OCP/storage_usage/"], &["/daily/"]), &keys, &seconds, &largest);
    assert!(rows(folder.path(), &["/daily/", "/OCP/storage_usage/"], &[]).into_iter().collect::<BTreeSet<_>>() == expected);
    for (report, keys) in [("node_labels", ["node", "node_labels"]), ("namespace_labels", ["namespace", "namespace_labels"])] {
        let report = format!("/OCP/{report}/");
        let expected = rolled_up(&rows(folder.path(), &[&report], &["/daily/"]), &keys, &[], &period);
        assert!(rows(folder.path(), &["/daily/", &report], &[]).into_iter().collect::<BTreeSet<_>>() == expected, "{report}");
    }
}

#[test]
fn every_order_file_size_and_layout_holds_the_same_rows() {
    let sorted = |settings: Value, with: &[&str], without: &[&str]| {
        let (folder, totals) = generated(settings);
        let mut found = rows(folder.path(), with, without);
        found.sort();
        (found, totals.clusters[0].inputs["pod_hourly"].files)
    };
    let rows = 9_001;
    let (hour, days) = sorted(json!({ "rows": rows }), HOURLY_PODS.0, HOURLY_PODS.1);
    assert_eq!((hour.len(), days), (rows, 31));
    let (pod, one) =
        sorted(json!({ "rows": rows, "files": { "order": "pod", "per": "month", "compression": "zstd" } }), HOURLY_PODS.0, HOURLY_PODS.1);
    assert_eq!(one, 1);
    assert!(pod == hour);
    let many = json!({ "rows": rows, "files": { "order": "shuffled", "rowsPerFile": 50, "rowGroupRows": 20, "dictionary": false } });
    let (shuffled, many) = sorted(many, HOURLY_PODS.0, HOURLY_PODS.1);
    assert!(many > 180 && shuffled == hour);
    let poc = json!({ "rows": rows, "layout": "poc", "files": { "compression": "none" } });
    let (poc, _) = sorted(poc, &["/month=10/day=", "/openshift_pod_usage_line_items/"], &["/daily/"]);
    assert!(poc == hour);
}

#[test]
fn every_shape_occurs_with_default_settings() {
    let (folder, _) = generated(json!({}));
    let pods = rows(folder.path(), DAILY_PODS.0, DAILY_PODS.1);
    let hourly = rows(folder.path(), HOURLY_PODS.0, HOURLY_PODS.1);
    let count = |rows: &[Row], which: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| which(row)).count();
    assert!(count(&pods, &|row| text(row, "node") == Some("")) > 10);
    assert!(count(&pods, &|row| text(row, "pod_labels").is_none()) > 10);
    assert!(count(&pods, &|row| text(row, "pod_labels") == Some("{}")) > 10);
    assert!(count(&pods, &|row| text(row, "pod_labels").is_some_and(|labels| labels.contains("vm_kubevirt_io_name"))) > 10);
    assert!(count(&pods, &|row| number(row, "pod_usage_cpu_core_seconds") == Some(0.0)) > 10);
    assert!(count(&hourly, &|row| number(row, "pod_usage_cpu_core_seconds").is_none()) > 10);
    assert!(count(&hourly, &|row| number(row, "pod_effective_usage_memory_byte_seconds") != number(row, "pod_request_memory_byte_seconds")) > 10);
    let distinct = |rows: &[Row], keys: &[&str], values: &[&str]| {
        let mut found: BTreeMap<Vec<Cell>, BTreeSet<Vec<Cell>>> = BTreeMap::new();
        for row in rows {
            let take = |names: &[&str]| names.iter().map(|name| row[*name].clone()).collect::<Vec<_>>();
            let key = take(keys).into_iter().chain([Cell::Time(day(row))]).collect();
            found.entry(key).or_default().insert(take(values));
        }
        found.values().filter(|values| values.len() > 1).count()
    };
    assert!(distinct(&pods, &["pod"], &["pod_labels"]) > 10, "labels change within a day");
    assert!(distinct(&hourly, &["node"], &["resource_id"]) > 0, "a node changes its id");
    let days: BTreeSet<i64> = pods.iter().map(day).collect();
    let with = |node: &str| pods.iter().filter(|row| text(row, "node") == Some(node)).map(day).collect::<BTreeSet<_>>();
    assert!((with("node-001").len(), with("node-006").len() < 25, with("node-005").len() < 25) == (days.len(), true, true), "nodes come and go");
    let storage = rows(folder.path(), &["/daily/", "/OCP/storage_usage/"], &[]);
    assert!(distinct(&storage, &["persistentvolume"], &["node"]) > 10, "volumes are shared");
    assert!(distinct(&storage, &["persistentvolumeclaim"], &["persistentvolume"]) > 0, "claims are rebound");
    assert!(count(&storage, &|row| text(row, "pod") == Some("")) > 10);
    assert!(count(&storage, &|row| text(row, "pod").is_some_and(|pod| pod.starts_with("gone-"))) > 10);
    assert!(count(&storage, &|row| text(row, "csi_volume_handle") == Some("")) > 10);
    assert!(count(&storage, &|row| text(row, "csi_volume_handle").is_none() && text(row, "persistentvolume_labels").is_none()) > 10);
    for (report, name) in [("node_labels", "node"), ("namespace_labels", "namespace")] {
        let labels = rows(folder.path(), &["/daily/", &format!("/OCP/{report}/")], &[]);
        assert!(distinct(&labels, &[name], &[report]) > 2, "{report} change within a day");
    }
    let texts: BTreeSet<&str> = pods.iter().filter_map(|row| text(row, "pod_labels")).collect();
    assert!(texts.iter().all(|text| serde_json::from_str::<BTreeMap<String, String>>(text).is_ok()), "no malformed labels unless asked for");
}

#[test]
fn malformed_labels_and_older_operators_are_options() {
    let (folder, _) = generated(json!({ "pods": 20, "nodeRole": false, "labels": { "malformedPercent": 5, "distinct": 30_000 } }));
    let hourly = rows(folder.path(), HOURLY_PODS.0, HOURLY_PODS.1);
    assert!(!hourly[0].contains_key("node_role"));
    assert!(hourly.iter().any(|row| text(row, "pod_labels").is_some_and(|text| !text.starts_with('{'))));
    let daily = rows(folder.path(), DAILY_PODS.0, DAILY_PODS.1);
    assert!(daily.iter().all(|row| row["node_role"] == Cell::Null));
}

#[test]
fn a_plan_says_where_everything_is() {
    let (folder, totals) = generated(json!({ "pods": 3, "months": 3, "month": "2023-12" }));
    let plan: Value = serde_json::from_str(&std::fs::read_to_string(&totals.clusters[0].plan).expect("a plan")).expect("json");
    assert_eq!(plan["window"], json!({ "start": "2023-12-01", "end": "2024-02-29" }));
    assert_eq!(plan["source"]["root"], json!(folder.path().to_string_lossy()));
    assert_eq!(plan["openshift"]["reportPeriods"][2], json!({ "month": "2024-02", "id": 3 }));
    assert_eq!(plan["openshift"]["nodes"].as_array().map(Vec::len), Some(12));
}

#[test]
fn wrong_settings_and_folders_in_use_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |settings: Value| openshift(&spec(folder.path(), settings)).expect_err("refused");
    for settings in [json!({ "nodes": 0 }), json!({ "month": "2025-13" }), json!({ "labels": { "distinct": 0 } }), json!({ "account": "a/b" })] {
        assert_eq!(refused(settings).code(), Code::PlanInvalid);
    }
    openshift(&spec(folder.path(), json!({ "pods": 1, "volumes": 0 }))).expect("totals");
    assert_eq!(refused(json!({ "pods": 1 })).code(), Code::SinkFileFailed);
    assert!(serde_json::from_value::<OpenShiftSpec>(json!({ "out": "x", "pod": 1 })).is_err());
}

#[test]
fn labels_drawn_for_every_row_are_nearly_all_distinct() {
    let labels =
        json!({ "distinct": 4_000_000_000_u32, "kept": 9, "bytes": 150, "random": true, "perRow": true, "nullPercent": 0, "emptyPercent": 0 });
    let (folder, _) = generated(json!({ "rows": 5000, "volumes": 0, "edges": false, "labels": labels, "files": { "daily": false } }));
    let rows = rows(folder.path(), &["pod_usage"], &[]);
    let texts: BTreeSet<&Cell> = rows.iter().map(|row| &row["pod_labels"]).collect();
    assert_eq!((rows.len(), texts.len()), (5000, 5000));
    assert!(rows.iter().all(|row| matches!(&row["pod_labels"], Cell::Text(text) if text.len() >= 150)));
    let apps_of_pods: BTreeSet<(&Cell, String)> = rows.iter().map(|row| (&row["pod"], app(&row["pod_labels"]))).collect();
    let pods: BTreeSet<&Cell> = rows.iter().map(|row| &row["pod"]).collect();
    assert!(apps_of_pods.len() <= pods.len() && apps_of_pods.len() > 9, "a pod keeps its enabled labels");
}

fn app(labels: &Cell) -> String {
    let Cell::Text(text) = labels else { panic!("{labels:?} is no text") };
    let parsed: Value = serde_json::from_str(text).expect("JSON");
    parsed["app"].as_str().expect("an app").to_owned()
}
