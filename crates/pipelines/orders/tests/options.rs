//! Settings: what is refused and in which words, what presets stand for, and what filters are made of them.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use rowmill_core::plan::{Layer, Problem, resolve};
use rowmill_core::{Code, InputSpec, Pipeline, Plan, Test};
use rowmill_orders::{COLUMNS, ORDERS, Orders};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000_000_000;
const DAY: i64 = 24 * HOUR;
/// 2024-09-05, and 2024-10-07, when clocks in Sydney are an hour ahead of ten.
const WINTER: i64 = 19_971;
const SUMMER: i64 = 20_003;

fn resolved(layers: &[Value]) -> Result<Plan, Vec<Problem>> {
    let base = json!({"pipeline": "orders", "source": {"root": "/"}});
    let layer = |values: &Value| Layer { origin: "test".into(), values: values.as_object().cloned().unwrap() };
    resolve(&[&Orders], &std::iter::once(&base).chain(layers).map(layer).collect::<Vec<_>>()).map(|resolved| resolved.plan)
}

fn plan(orders: Value) -> Plan {
    resolved(&[json!({"orders": orders, "output": {"folder": "out"}})]).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn messages(values: Value) -> Vec<(String, String)> {
    resolved(&[values]).unwrap_err().into_iter().map(|problem| (problem.path, problem.message)).collect()
}

fn input(plan: &Plan) -> InputSpec {
    Orders.inputs(plan, &BTreeMap::from([(ORDERS.to_owned(), 1)])).unwrap().remove(0)
}

fn preset(name: &str) -> Value {
    let preset = Orders.presets().iter().find(|preset| preset.name == name).unwrap();
    serde_json::from_str(preset.settings).unwrap()
}

/// Instants that pass the only filter of these settings.
fn passes(orders: Value, instants: &[i64]) -> Vec<bool> {
    let input = input(&plan(orders));
    assert_eq!(input.filter.len(), 1);
    instants.iter().map(|instant| input.filter[0].test.passes(*instant)).collect()
}

#[test]
fn ord_001_documented_messages_come_all_at_once() {
    let found = messages(json!({
        "orders": {"mode": "turbo", "maxWorkers": 0, "chunkSizeMb": 8, "extractFormat": "xlsx", "hoursEnd": 25},
        "window": {"start": "2024-09-05"},
    }));
    for (path, message) in [
        ("orders.mode", "Invalid processing mode: turbo"),
        ("orders.maxWorkers", "max_workers must be 'auto' or integer >= 1, got 0"),
        ("orders.chunkSizeMb", "chunk_size_mb must be 'auto' or integer >= 32, got 8"),
        ("orders.extractFormat", "Unknown format: xlsx"),
        ("orders.hoursEnd", "Invalid trading hours: 25"),
        ("window.end", "Invalid date range"),
    ] {
        assert!(found.iter().any(|found| found == &(path.to_owned(), message.to_owned())), "{path}: {found:?}");
    }
}

#[test]
fn ord_002_what_contradicts_itself_is_refused_all_at_once() {
    let found = messages(json!({"orders": {
        "hoursStart": 16, "hoursEnd": 10, "timezone": "Sydney", "aggregateZone": "+25:00", "extract": "single",
        "filterOrder": ["hours", "hour", "hours"],
        "types": {"price": "text", "order_id": "double", "side": "int7", "quantity": "int32"},
    }}));
    let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    let expected = [
        "orders.hoursEnd",
        "orders.timezone",
        "orders.aggregateZone",
        "orders.filterOrder[1]",
        "orders.filterOrder[2]",
        "orders.types.order_id",
        "orders.types.price",
        "orders.types.side",
        "output.folder",
    ];
    assert_eq!(paths, expected);
    assert_eq!(found[0].1, "Invalid trading hours: 16 to 10");
}

#[test]
fn ord_003_presets_carry_over_to_threads_and_chunks() {
    for (name, workers, chunk) in [("laptop", 2, 256), ("workstation", 7, 400), ("server", 30, 2000)] {
        let plan = resolved(&[preset(name)]).unwrap();
        assert_eq!((plan.budget.threads, plan.source.unit_bytes), (workers, Some(chunk << 20)), "{name}");
    }
    let overridden = resolved(&[preset("server"), json!({"orders": {"mode": "sequential"}, "source": {"unitBytes": 1000}})]).unwrap();
    assert_eq!((overridden.budget.threads, overridden.source.unit_bytes), (1, Some(1000)));
}

#[test]
fn ord_004_all_dates_goes_before_a_window() {
    let plan = resolved(&[json!({"orders": {"allDates": true}, "window": {"start": "2024-09-05", "end": "2024-09-06"}})]).unwrap();
    assert_eq!((plan.window.start, plan.windows.len()), (rowmill_core::day::Day::FIRST, 1));
    assert!(input(&plan).filter.is_empty());
}

#[test]
fn ord_011_hours_end_in_three_ways() {
    let of_day = WINTER * DAY;
    // 10:00 at +10:00 is midnight of UTC.
    let instants = [-1, 0, 6 * HOUR - 1, 6 * HOUR, 6 * HOUR + 1, 7 * HOUR - 1, 7 * HOUR].map(|instant| of_day + instant);
    for (rule, expected) in [
        ("exclusive", [false, true, true, false, false, false, false]),
        ("instant", [false, true, true, true, false, false, false]),
        ("hour", [false, true, true, true, true, true, false]),
    ] {
        assert_eq!(passes(json!({"hoursEnabled": true, "timezone": "+10:00", "hourEnd": rule}), &instants), expected, "{rule}");
    }
    let late = json!({"hoursEnabled": true, "hoursStart": 23, "hoursEnd": 24, "hourEnd": "instant", "timezone": "UTC"});
    assert_eq!(passes(late, &[of_day - 1, of_day]), [true, false]);
}

#[test]
fn ord_012_summer_time_moves_hours_and_a_fixed_offset_does_not() {
    let of_day = SUMMER * DAY;
    let instants = [-HOUR, 0, 5 * HOUR - 1, 5 * HOUR, 6 * HOUR - 1, 6 * HOUR].map(|instant| of_day + instant);
    assert_eq!(passes(json!({"hoursEnabled": true}), &instants), [true, true, true, false, false, false]);
    assert_eq!(passes(json!({"hoursEnabled": true, "timezone": "+10:00"}), &instants), [false, true, true, true, true, false]);
}

#[test]
fn ord_013_filters_are_applied_in_the_order_of_the_plan() {
    let all = json!({"securityCodes": [7, 3, 7], "participantIds": [69], "orderTypes": [2048], "hoursEnabled": true});
    let names = |orders: Value| {
        let plan = resolved(&[json!({"orders": orders, "window": {"start": "2024-09-05", "end": "2024-09-05"}})]).unwrap();
        input(&plan).filter.iter().map(|term| term.name).collect::<Vec<_>>()
    };
    assert_eq!(names(all.clone()), ["date", "security", "participant", "orderType", "hours"]);
    let mut other = all.clone();
    other["filterOrder"] = json!(["hours", "participant"]);
    assert_eq!(names(other), ["hours", "participant", "date", "security", "orderType"]);
    let input = input(&plan(all));
    assert_eq!(input.filter[0].test, Test::OneOf([3, 7].into()));
    assert_eq!(input.columns[input.filter[2].column].name, "exchangeordertype");
}

#[test]
fn ord_014_the_legacy_extraction_is_a_preset() {
    let plan = resolved(&[preset("legacy-centrepoint"), json!({"output": {"folder": "out"}})]).unwrap();
    let input = input(&plan);
    assert_eq!(input.filter.iter().map(|term| term.name).collect::<Vec<_>>(), ["hours", "participant"]);
    let hours = &input.filter[0].test;
    let of_day = SUMMER * DAY;
    assert_eq!([of_day - 1, of_day, of_day + 7 * HOUR - 1, of_day + 7 * HOUR].map(|instant| hours.passes(instant)), [false, true, true, false]);
    assert_eq!(input.filter[1].test, Test::OneOf([69].into()));
    assert!(input.position);
}

#[test]
fn ord_020_a_run_reads_no_more_columns_than_it_needs() {
    let names = |orders: Value| input(&plan(orders)).columns.iter().map(|column| column.name.to_string()).collect::<Vec<_>>();
    let needed = ["order_id", "timestamp", "security_code", "participantid", "quantity", "price"];
    assert_eq!(names(json!({})), needed);
    assert_eq!(names(json!({"orderTypes": [64]})).len(), 7);
    let all = names(json!({"extract": "single", "types": {"venue": "text"}}));
    assert_eq!(all.len(), COLUMNS.len() + 1);
    assert!(all.contains(&"venue".to_owned()) && all[..6] == needed);
}

#[test]
fn ord_021_other_columns_are_unknown_and_missing_quotes_are_null() {
    let input = input(&plan(json!({"extract": "single", "types": {"venue": "text"}})));
    assert_eq!(input.known.as_ref().map(Vec::len), Some(COLUMNS.len() + 1));
    let nulls: Vec<_> = input.columns.iter().filter(|column| column.null_value == Some(i64::MIN)).map(|column| &*column.name).collect();
    assert_eq!(nulls, ["national_bid", "national_offer"]);
    let required: Vec<_> = input.columns.iter().filter(|column| column.required).map(|column| &*column.name).collect();
    assert_eq!(required, ["order_id", "timestamp", "security_code", "participantid", "quantity", "price"]);
}

#[test]
fn ord_022_a_run_without_files_says_so() {
    let error = Orders.inputs(&plan(json!({})), &BTreeMap::new()).unwrap_err();
    assert_eq!(error.code(), Code::InputMissing);
}

#[test]
fn ord_063_more_jobs_than_can_be_listed_are_refused() {
    let securities: Vec<i64> = (0..30_000).collect();
    let window = json!({"start": "2024-01-01", "end": "2024-12-31"});
    let found = messages(json!({"orders": {"securityCodes": securities}, "window": window}));
    assert_eq!(found, [("orders.securityCodes".to_owned(), "10980000 jobs: each security on each day from 2024-01-01 to 2024-12-31".to_owned())]);
}
