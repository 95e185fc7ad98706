use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::*;

fn spec(out: PathBuf, more: serde_json::Value) -> OrdersSpec {
    let mut settings = json!({"out": out, "rows": 5_000, "start": "2024-10-04", "end": "2024-10-08"});
    if let (Some(settings), Some(more)) = (settings.as_object_mut(), more.as_object()) {
        settings.extend(more.clone());
    }
    serde_json::from_value(settings).unwrap()
}

fn lines(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn totals_are_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let totals = orders(&spec(folder.path().join("a"), json!({"nullPercent": 5}))).unwrap();
    let rows = lines(&folder.path().join("a/orders.csv"));
    assert_eq!(rows.len() as u64, totals.rows);
    assert_eq!(rows.iter().filter_map(|row| row[8].parse::<i64>().ok()).sum::<i64>(), totals.quantity);
    for (code, known) in &totals.securities {
        assert_eq!(rows.iter().filter(|row| row[3] == code.to_string()).count() as u64, known.rows);
    }
    assert_eq!(totals.participants.values().map(|known| known.rows).sum::<u64>(), rows.iter().filter(|row| !row[16].is_empty()).count() as u64);
    assert_eq!(totals.dates.keys().map(ToString::to_string).collect::<Vec<_>>(), ["2024-10-04", "2024-10-07", "2024-10-08"]);
}

#[test]
fn events_are_in_the_order_of_time_and_orders_have_one_to_five_of_them() {
    let folder = tempfile::tempdir().unwrap();
    orders(&spec(folder.path().join("a"), json!({}))).unwrap();
    let rows = lines(&folder.path().join("a/orders.csv"));
    let times: Vec<(i64, i64)> = rows.iter().map(|row| (row[2].parse().unwrap(), row[21].parse().unwrap())).collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
    assert!(times.windows(2).any(|pair| pair[0].0 == pair[1].0), "some share their time");
    let mut events = BTreeMap::<&str, u32>::new();
    rows.iter().for_each(|row| *events.entry(&row[0]).or_default() += 1);
    assert_eq!(events.values().copied().collect::<BTreeSet<_>>(), (1..=5).collect());
    assert!(events.keys().all(|id| id.parse::<i64>().unwrap() > 1 << 53));
    let types: BTreeSet<&str> = rows.iter().map(|row| row[11].as_str()).collect();
    assert_eq!(types, ["0", "64", "256", "2048", "4096", "4098"].into());
    assert!(rows.iter().any(|row| row[12] == "-9223372036854775808"));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |name: &str, more: serde_json::Value| {
        let out = folder.path().join(name);
        orders(&spec(out.clone(), more)).unwrap();
        std::fs::read(out.join("orders.csv")).unwrap()
    };
    let first = bytes("a", json!({}));
    assert_eq!(first, bytes("b", json!({})));
    assert_ne!(first, bytes("c", json!({"seed": 2})));
}

#[test]
fn several_files_hold_the_events_of_one_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let (one, many) = (folder.path().join("one"), folder.path().join("many"));
    orders(&spec(one.clone(), json!({}))).unwrap();
    let totals = orders(&spec(many.clone(), json!({"files": 3, "companions": true}))).unwrap();
    assert_eq!(totals.files.len(), 3);
    let parts: Vec<_> = (1..=3).flat_map(|number| lines(&many.join(format!("orders-000{number}.csv")))).collect();
    assert_eq!(parts, lines(&one.join("orders.csv")));
    let trades = lines(&many.join("trades.csv"));
    assert_eq!(trades.len(), parts.iter().filter(|row| row[6] == "3").count());
    assert!(trades.iter().all(|row| row.len() == 19 && row[13].parse::<i64>().unwrap() > 0));
    for (name, blank) in [("session.csv", true), ("ob.csv", true), ("par.csv", false), ("nbbo.csv", false)] {
        let text = std::fs::read_to_string(many.join(name)).unwrap();
        assert_eq!(text.starts_with(' '), blank, "{name}");
    }
}

#[test]
fn a_size_in_bytes_is_reached_and_not_by_much() {
    let folder = tempfile::tempdir().unwrap();
    orders(&spec(folder.path().join("a"), json!({"bytes": 3_000_000}))).unwrap();
    let bytes = folder.path().join("a/orders.csv").metadata().unwrap().len();
    assert!((3_000_000..3_300_000).contains(&bytes), "{bytes}");
}

#[test]
fn settings_out_of_range_and_folders_with_orders_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |more: serde_json::Value| orders(&spec(folder.path().join("a"), more)).unwrap_err();
    assert_eq!(refused(json!({"securities": 0})).place().column.as_deref(), Some("securities"));
    assert_eq!(refused(json!({"start": "2024-10-05", "end": "2024-10-06"})).code(), Code::PlanInvalid);
    orders(&spec(folder.path().join("a"), json!({}))).unwrap();
    assert_eq!(refused(json!({})).code(), Code::SinkFileFailed);
}
