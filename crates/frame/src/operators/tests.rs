//! Operators against naive twins, and at their edges.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use proptest::prelude::*;
use rowmill_core::{Code, Error, Result};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::column::batch_of;
use super::*;

/// An id beyond 2^53: its neighbours are the same double.
const ID: i64 = 7_904_794_000_123_456_789;

type Cell = Option<i64>;

/// Rows of integers in batches of `per_batch`.
struct Rows {
    batches: Vec<RecordBatch>,
}

impl Rows {
    fn of(names: &[&str], rows: &[Vec<Cell>], per_batch: usize) -> Self {
        let batch = |rows: &[Vec<Cell>]| {
            let column = |at: usize| Arc::new(rows.iter().map(|row| row[at]).collect::<Int64Array>()) as ArrayRef;
            batch_of(names.iter().enumerate().map(|(at, name)| ((*name).to_owned(), column(at))).collect()).unwrap()
        };
        let mut batches: Vec<RecordBatch> = rows.chunks(per_batch).map(batch).collect();
        batches.push(batch(&[]));
        Self { batches }
    }

    fn with<T>(&self, work: impl FnOnce(&Input<'_>) -> T) -> T {
        let open = || Ok(Box::new(self.batches.clone().into_iter().map(Ok)) as Batches);
        work(&Input { name: "rows", schema: self.batches[0].schema(), open: &open })
    }
}

#[derive(Default)]
struct Kept(BTreeMap<Vec<String>, Vec<RecordBatch>>);

impl Output for Kept {
    fn write(&mut self, partition: &[String], batch: &RecordBatch) -> Result<()> {
        self.0.entry(partition.to_vec()).or_default().push(batch.clone());
        Ok(())
    }

    fn end_partitions(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Kept {
    fn cells(&self, partition: &[&str]) -> Vec<Vec<Cell>> {
        let key: Vec<String> = partition.iter().map(|text| (*text).to_owned()).collect();
        let batches = self.0.get(&key).map_or(&[][..], Vec::as_slice);
        let cell = |array: &ArrayRef, row: usize| array.is_valid(row).then(|| array.as_primitive::<Int64Type>().value(row));
        batches
            .iter()
            .flat_map(|batch| (0..batch.num_rows()).map(|row| batch.columns().iter().map(|array| cell(array, row)).collect()).collect::<Vec<_>>())
            .collect()
    }

    fn column(&self, name: &str) -> ArrayRef {
        let arrays: Vec<ArrayRef> = self.0.values().flatten().map(|batch| batch.column_by_name(name).unwrap().clone()).collect();
        arrow_select::concat::concat(&arrays.iter().map(AsRef::as_ref).collect::<Vec<_>>()).unwrap()
    }

    fn doubles(&self, name: &str) -> Vec<Option<f64>> {
        self.column(name).as_primitive::<Float64Type>().iter().collect()
    }
}

fn spec<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn group_by(rows: &Rows, value: Value) -> Result<(Done, Kept)> {
    let mut kept = Kept::default();
    rows.with(|input| spec::<GroupBy>(value).run(input, &mut kept)).map(|done| (done, kept))
}

fn semi_join(left: &Rows, right: &Rows, partition: &[&str]) -> (Done, Kept) {
    let mut kept = Kept::default();
    let join: SemiJoin = spec(json!({ "key": ["k"], "withKey": ["k"], "partition": partition }));
    let done = left.with(|left| right.with(|right| join.run(left, right, &mut kept))).unwrap();
    (done, kept)
}

fn rows_of(cells: &[[i64; 2]]) -> Vec<Vec<Cell>> {
    cells.iter().map(|[key, value]| vec![Some(*key), Some(*value)]).collect()
}

#[test]
fn ids_that_are_one_double_are_two_keys() {
    let left = Rows::of(&["k", "v"], &rows_of(&[[ID, 1], [ID + 1, 2], [ID - 1, 3]]), 2);
    let right = Rows::of(&["k", "p"], &rows_of(&[[ID + 1, 0]]), 1);
    assert_eq!(semi_join(&left, &right, &[]).1.cells(&[]), rows_of(&[[ID + 1, 2]]));
}

#[test]
fn a_row_follows_the_first_partition_of_its_key_and_partitions_without_rows_have_no_file() {
    let left = Rows::of(&["k", "v"], &rows_of(&[[1, 10], [2, 20], [1, 30], [4, 40]]), 2);
    let right = Rows::of(&["k", "p"], &rows_of(&[[1, 7], [2, 8], [1, 8], [3, 9]]), 3);
    let (done, kept) = semi_join(&left, &right, &["p"]);
    assert_eq!(kept.0.keys().collect::<Vec<_>>(), [&["7".to_owned()], &["8".to_owned()]]);
    assert_eq!((kept.cells(&["7"]), kept.cells(&["8"])), (rows_of(&[[1, 10], [1, 30]]), rows_of(&[[2, 20]])));
    assert_eq!((done.rows_read, done.rows_written, done.keys, done.keys_in_several_partitions), (4, 3, 3, 1));
}

#[test]
fn more_partitions_than_files_may_be_open_are_all_written() {
    let many: Vec<[i64; 2]> = (0..300).map(|key| [key, key]).collect();
    let (done, kept) = semi_join(&Rows::of(&["k", "v"], &rows_of(&many), 7), &Rows::of(&["k", "p"], &rows_of(&many), 11), &["p"]);
    assert_eq!((done.rows_read, done.rows_written, kept.0.len()), (300, 300, 300));
    assert_eq!(kept.cells(&["299"]), rows_of(&[[299, 299]]));
}

#[test]
fn null_matches_nothing_and_makes_no_group() {
    let rows = Rows::of(&["k", "v"], &[vec![None, Some(1)], vec![Some(1), None]], 1);
    let (done, kept) = semi_join(&rows, &rows, &[]);
    assert_eq!((kept.cells(&[]), done.rows_without_key), (vec![vec![Some(1), None]], 2));
    let (done, kept) = group_by(&rows, json!({ "by": ["k"], "aggregates": [{ "name": "n", "function": "count" }] })).unwrap();
    assert_eq!((kept.cells(&[]), done.rows_without_key), (vec![vec![Some(1), Some(1)]], 1));
}

#[test]
fn without_rows_every_operator_gives_its_columns_and_no_rows() {
    let empty = Rows::of(&["k", "v"], &[], 1);
    assert_eq!(semi_join(&empty, &empty, &[]).0, Done::default());
    assert_eq!(semi_join(&empty, &empty, &["v"]).0, Done::default());
    let (done, kept) =
        group_by(&empty, json!({ "by": ["k"], "aggregates": [{ "name": "vwap", "function": "vwap", "price": "v", "quantity": "v" }] })).unwrap();
    assert_eq!((done, kept.doubles("vwap")), (Done::default(), vec![]));
    let mut kept = Kept::default();
    let pick: PickRow = spec(json!({ "key": ["k"], "order": ["v"] }));
    assert_eq!(empty.with(|input| pick.run(End::First, input, &mut kept)).unwrap(), Done::default());
    let as_of: AsOf = spec(json!({ "key": ["k"], "withKey": ["k"], "time": "v", "withTime": "v", "take": ["v"], "prefix": "q_" }));
    assert_eq!(empty.with(|input| as_of.run(input, input, &mut kept)).unwrap(), Done::default());
}

#[test]
fn a_column_that_is_missing_or_of_another_type_is_named_with_its_file() {
    let rows = Rows::of(&["k"], &[vec![Some(1)]], 1);
    let place = |error: Error| (error.code(), error.place().file.clone(), error.place().column.clone());
    let missing = group_by(&rows, json!({ "by": ["k"], "aggregates": [{ "name": "s", "function": "sum", "column": "absent" }] })).err().unwrap();
    assert_eq!(place(missing), (Code::InputColumnMissing, Some("rows".into()), Some("absent".into())));
    let text = Rows { batches: vec![batch_of(vec![("k".into(), Arc::new(StringArray::from(vec!["x"])) as ArrayRef)]).unwrap()] };
    let wrong = group_by(&text, json!({ "by": ["k"], "aggregates": [{ "name": "s", "function": "sum", "column": "k" }] })).err().unwrap();
    assert_eq!(place(wrong), (Code::InputColumnType, Some("rows".into()), Some("k".into())));
    let mut kept = Kept::default();
    let join: SemiJoin = spec(json!({ "key": ["k"], "withKey": ["k"] }));
    let mixed = rows.with(|left| text.with(|right| join.run(left, right, &mut kept))).err().unwrap();
    assert_eq!(mixed.code(), Code::InputColumnType);
    let join: SemiJoin = spec(json!({ "key": ["k", "k"], "withKey": ["k"] }));
    let longer = rows.with(|left| rows.with(|right| join.run(left, right, &mut kept))).err().unwrap();
    assert_eq!(longer.code(), Code::PlanInvalid);
}

#[test]
fn sums_are_exact_and_one_that_does_not_fit_is_an_error() {
    let sum =
        json!({ "by": [], "aggregates": [{ "name": "s", "function": "sum", "column": "v" }, { "name": "m", "function": "mean", "column": "v" }] });
    let rows = |values: &[i64]| Rows::of(&["v"], &values.iter().map(|value| vec![Some(*value)]).collect::<Vec<_>>(), 1);
    let (_, kept) = group_by(&rows(&[i64::MAX, ID, -i64::MAX]), sum.clone()).unwrap();
    assert_eq!(kept.column("s").as_primitive::<Int64Type>().values(), &[ID]);
    let error = group_by(&rows(&[i64::MAX, 1]), sum).err().unwrap();
    assert_eq!((error.code(), error.place().value.as_deref()), (Code::DataOverflow, Some("9223372036854775808")));
}

#[test]
fn the_first_row_keeps_its_nulls_and_the_first_value_that_is_not_null_is_another_question() {
    let names = ["k", "t", "v"];
    let rows = Rows::of(&names, &[vec![Some(1), Some(2), Some(5)], vec![Some(1), Some(1), None], vec![Some(1), None, Some(9)]], 1);
    let mut kept = Kept::default();
    let pick: PickRow = spec(json!({ "key": ["k"], "order": ["t"] }));
    rows.with(|input| pick.run(End::First, input, &mut kept)).unwrap();
    assert_eq!(kept.cells(&[]), [vec![Some(1), Some(1), None]]);
    let of = |name: &str, function: &str| json!({ "name": name, "function": function, "column": "v" });
    let aggregates = [of("a", "first"), of("b", "firstNonNull"), of("c", "last"), of("d", "lastNonNull")];
    let (_, kept) = group_by(&rows, json!({ "by": ["k"], "order": ["t"], "aggregates": aggregates })).unwrap();
    assert_eq!(kept.cells(&[]), [vec![Some(1), None, Some(5), Some(5), Some(5)]]);
}

#[test]
fn trades_of_an_order_add_up() {
    let names = ["order", "price", "quantity", "time"];
    let rows = [[ID, 1000, 3, 1_725_494_400_000_000_000], [ID, 2000, 1, 1_725_494_401_500_000_000]].map(|row| row.map(Some).to_vec());
    let aggregates = json!([
        { "name": "vwap", "function": "vwap", "price": "price", "quantity": "quantity" },
        { "name": "mean", "function": "mean", "column": "price" },
        { "name": "seconds", "function": "duration", "column": "time" },
    ]);
    let (_, kept) = group_by(&Rows::of(&names, &rows, 1), json!({ "by": ["order"], "aggregates": aggregates })).unwrap();
    assert_eq!((kept.doubles("vwap"), kept.doubles("mean"), kept.doubles("seconds")), (vec![Some(1250.0)], vec![Some(1500.0)], vec![Some(1.5)]));
}

#[test]
fn a_date_without_rows_falls_back_to_the_latest_before_or_after() {
    let day = 86_400_000_000_000;
    let rows = Rows::of(&["t", "v"], &rows_of(&[[19_970 * day, 1], [19_972 * day, 2], [19_972 * day + 1, 3]]), 2);
    let run = |date: &str, or_latest: bool| {
        let mut kept = Kept::default();
        let by: ByDate = spec(json!({ "column": "t", "date": date, "zone": "UTC", "orLatest": or_latest }));
        let done = rows.with(|input| by.run(input, &mut kept)).unwrap();
        (done.date, done.rows_written)
    };
    assert_eq!(run("2024-09-04", true), (Some("2024-09-04".into()), 1));
    assert_eq!(run("2024-09-05", true), (Some("2024-09-06".into()), 2));
    assert_eq!(run("2024-09-09", true), (Some("2024-09-06".into()), 2));
    assert_eq!(run("2024-09-05", false), (None, 0));
}

#[test]
fn an_order_is_in_the_book_until_it_leaves_or_the_day_ends() {
    let names = ["k", "p", "t", "why", "left"];
    let event = |key: i64, time: i64, why: i64, left: i64| [key, 1, time, why, left].map(Some).to_vec();
    let rows =
        [event(1, 10, 6, 5), event(1, 20, 3, 2), event(2, 12, 6, 5), event(2, 15, 3, 0), event(3, 11, 6, 1), event(3, 30, 20, 1), event(3, 40, 5, 1)];
    let life: BookLifetime = spec(json!({
        "key": ["k"], "partition": ["p"], "time": "t", "reason": "why", "leaves": "left", "exits": [20], "exitsWhenNothingLeft": [3],
    }));
    let mut kept = Kept::default();
    Rows::of(&names, &rows, 2).with(|input| life.run(input, &mut kept)).unwrap();
    let expected = [[1, 1, 10, 40], [1, 2, 12, 15], [1, 3, 11, 30]].map(|row| row.map(Some).to_vec());
    assert_eq!(kept.cells(&[]), expected);
}

fn cells(columns: usize) -> impl Strategy<Value = Vec<Vec<Cell>>> {
    let value = prop_oneof![1 => Just(None), 6 => (0i64..6).prop_map(|value| Some(ID + value))];
    prop::collection::vec(prop::collection::vec(value, columns), 0..60)
}

proptest! {
    #[test]
    fn semi_join_keeps_what_a_scan_keeps(left in cells(2), right in cells(2), per_batch in 1usize..9) {
        let kept = semi_join(&Rows::of(&["k", "v"], &left, per_batch), &Rows::of(&["k", "p"], &right, per_batch), &[]).1;
        let naive: Vec<_> = left.into_iter().filter(|row| row[0].is_some() && right.iter().any(|other| other[0] == row[0])).collect();
        prop_assert_eq!(kept.cells(&[]), naive);
    }

    #[test]
    fn picked_rows_are_those_that_sorting_picks(rows in cells(4), per_batch in 1usize..9, last in any::<bool>()) {
        let mut kept = Kept::default();
        let pick: PickRow = spec(json!({ "key": ["k"], "order": ["t", "s"] }));
        let end = if last { End::Last } else { End::First };
        Rows::of(&["k", "t", "s", "v"], &rows, per_batch).with(|input| pick.run(end, input, &mut kept)).unwrap();
        let mut naive: Vec<Vec<Cell>> = Vec::new();
        for key in rows.iter().filter_map(|row| row[0]) {
            if naive.iter().any(|row| row[0] == Some(key)) {
                continue;
            }
            let mut own: Vec<_> = rows.iter().filter(|row| row[0] == Some(key)).collect();
            // Stable, with NULLs behind for the first and before for the last.
            own.sort_by_key(|row| if last { [1, 2].map(|at| (false, row[at])) } else { [1, 2].map(|at| (row[at].is_none(), row[at])) });
            naive.extend(if last { own.last() } else { own.first() }.map(|row| (*row).clone()));
        }
        prop_assert_eq!(kept.cells(&[]), naive);
    }

    #[test]
    fn groups_are_those_of_a_scan(rows in cells(3), per_batch in 1usize..9) {
        let of = |function: &str| json!({ "name": function, "function": function, "column": "v" });
        let small: Vec<Vec<Cell>> = rows.iter().map(|row| vec![row[0], row[1].map(|value| value - ID), row[2]]).collect();
        let request = json!({ "by": ["k"], "aggregates": [of("count"), of("sum"), of("min"), of("max"), of("last")] });
        let (_, kept) = group_by(&Rows::of(&["k", "v", "w"], &small, per_batch), request).unwrap();
        let mut naive: Vec<Vec<Cell>> = Vec::new();
        for key in small.iter().filter_map(|row| row[0]) {
            if naive.iter().any(|row| row[0] == Some(key)) {
                continue;
            }
            let own: Vec<Cell> = small.iter().filter(|row| row[0] == Some(key)).map(|row| row[1]).collect();
            let values: Vec<i64> = own.iter().flatten().copied().collect();
            let sum = (!values.is_empty()).then(|| values.iter().sum());
            let last = own.last().copied().flatten();
            naive.push(vec![Some(key), Some(values.len() as i64), sum, values.iter().min().copied(), values.iter().max().copied(), last]);
        }
        prop_assert_eq!(kept.cells(&[]), naive);
    }

    #[test]
    fn the_last_quote_is_the_one_that_a_scan_finds(left in cells(2), right in cells(4), per_batch in 1usize..9) {
        let request = json!({ "key": ["k"], "withKey": ["k"], "time": "t", "withTime": "t", "withOrder": ["s"], "take": ["v"], "prefix": "q_" });
        let mut kept = Kept::default();
        let (rows, quotes) = (Rows::of(&["k", "t"], &left, per_batch), Rows::of(&["k", "t", "s", "v"], &right, per_batch));
        rows.with(|rows| quotes.with(|quotes| spec::<AsOf>(request).run(rows, quotes, &mut kept))).unwrap();
        let beside = |row: &Vec<Cell>| {
            let found = right.iter().filter(|quote| row.iter().all(Option::is_some) && quote[0] == row[0] && quote[1].is_some() && quote[1] <= row[1]);
            let last = found.enumerate().max_by_key(|(at, quote)| (quote[1], quote[2], *at));
            [row.clone(), vec![last.and_then(|(_, quote)| quote[3])]].concat()
        };
        prop_assert_eq!(kept.cells(&[]), left.iter().map(beside).collect::<Vec<_>>());
    }
}
