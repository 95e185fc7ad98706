//! The law of folds, held against the naive twin: whatever the batches, their order, the number of folds, and what is given away and
//! taken in between, tables and files are those that the rules say, to the last digit.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, BooleanArray, RecordBatch};
use arrow_select::filter::filter_record_batch;
use rowmill_core::day::Day;
use rowmill_core::plan::{Layer, resolve};
use rowmill_core::{Fold, GLOBAL_PARTITION, InputSpec, Outlet, Pipeline, Plan, Result, Sealed, StateBatch};
use rowmill_orders::{ORDERS, Orders};
use rowmill_testkit::chunks::{Encoding, chunks};
use rowmill_testkit::orders::{Cell, Log, answer, cells, difference, random_log};
use rowmill_testkit::random::Random;
use serde_json::json;

fn plan(log: &Log, extract: &str) -> Plan {
    let mut orders = json!({
        "timezone": log.zone.name(),
        "aggregateZone": log.aggregate_zone.name(),
        "securityCodes": log.securities,
        "participantIds": log.participants,
        "orderTypes": log.order_types,
        "dataset": "test",
        "extract": extract,
        "lint": true,
    });
    if let Some((start, end, rule)) = log.hours {
        let hours = json!({"hoursEnabled": true, "hoursStart": start, "hoursEnd": end, "hourEnd": rule});
        orders.as_object_mut().unwrap().extend(hours.as_object().cloned().unwrap());
    }
    if log.double {
        orders["types"] = json!({"price": "double"});
    }
    let mut values = json!({"pipeline": "orders", "source": {"root": "/"}, "output": {"folder": "out"}, "orders": orders});
    if let Some((first, last)) = log.days {
        values["window"] = json!({"start": Day(first as i32).to_string(), "end": Day(last as i32).to_string()});
    }
    let layer = Layer { origin: "test".into(), values: values.as_object().cloned().unwrap() };
    resolve(&[&Orders], &[layer]).unwrap_or_else(|problems| panic!("{problems:?}")).plan
}

fn input(plan: &Plan) -> InputSpec {
    Orders.inputs(plan, &BTreeMap::from([(ORDERS.to_owned(), 1)])).unwrap().remove(0)
}

/// What a reader does with the filter: each term in order, and the rows that are left after it.
fn filtered(batch: RecordBatch, input: &InputSpec) -> (RecordBatch, Vec<(&'static str, usize)>) {
    let mut counts = Vec::new();
    let mut batch = batch;
    for term in &input.filter {
        let values = batch.column(term.column).as_primitive::<Int64Type>();
        let passes: BooleanArray = (0..batch.num_rows()).map(|row| Some(values.is_valid(row) && term.test.passes(values.value(row)))).collect();
        batch = filter_record_batch(&batch, &passes).unwrap();
        counts.push((term.name, batch.num_rows()));
    }
    (batch, counts)
}

/// What a run wrote.
#[derive(Debug, Default)]
struct Written {
    tables: Vec<Vec<Vec<Cell>>>,
    files: BTreeMap<String, Vec<RecordBatch>>,
    details: serde_json::Value,
}

/// How a run is cut up; everything is drawn from the seed.
struct Cut {
    seed: u64,
    folds: usize,
    /// Of 100 batches, after how many a fold gives all its state away.
    spills: usize,
}

fn run(plan: &Plan, input: &InputSpec, batch: &RecordBatch, cut: &Cut) -> Result<Written> {
    let mut random = Random::new(cut.seed);
    let inputs = [input.clone()];
    let mut folds = (0..cut.folds).map(|_| Orders.fold(plan, &plan.windows[0], &inputs)).collect::<Result<Vec<_>>>()?;
    let mut spilled: Vec<StateBatch> = Vec::new();
    for chunk in chunks(batch, cut.seed, Encoding::Mixed).unwrap() {
        let fold = &mut folds[random.below(cut.folds)];
        fold.push(0, &chunk, &mut |_| {})?;
        if random.below(100) < cut.spills {
            for partition in fold.partitions() {
                spilled.extend(fold.take(partition)?);
            }
        }
    }
    random.shuffle(&mut spilled);
    finish(folds, spilled, &mut random)
}

fn finish(mut folds: Vec<Box<dyn Fold>>, spilled: Vec<StateBatch>, random: &mut Random) -> Result<Written> {
    let globals = folds.iter_mut().map(|fold| fold.take(GLOBAL_PARTITION)).collect::<Result<Vec<_>>>()?;
    let mut sealed: Vec<Sealed> = Vec::new();
    for (at, fold) in folds.iter_mut().enumerate() {
        for state in globals.iter().enumerate().filter(|(from, _)| *from != at).flat_map(|(_, states)| states) {
            fold.absorb(state)?;
        }
        sealed.push(fold.seal()?);
    }
    assert!(sealed.iter().all(|other| other.details == sealed[0].details), "folds do not agree on what they know");
    let partitions: BTreeSet<u32> = folds.iter().flat_map(|fold| fold.partitions()).chain(spilled.iter().map(|state| state.partition)).collect();
    let mut written = Written { tables: vec![Vec::new(); 8], details: sealed[0].details.clone(), ..Written::default() };
    let mut owners = BTreeMap::new();
    for partition in partitions {
        let owner = *owners.entry(folds[0].family(partition)).or_insert_with(|| random.below(folds.len()));
        for other in (0..folds.len()).filter(|other| *other != owner) {
            for state in folds[other].take(partition)? {
                folds[owner].absorb(&state)?;
            }
        }
        for state in spilled.iter().filter(|state| state.partition == partition) {
            folds[owner].absorb(state)?;
        }
        folds[owner].finish(partition, &mut |outlet, batch| {
            match outlet {
                Outlet::Table(table) => written.tables[*table].extend(cells(&batch)),
                Outlet::File(path) => written.files.entry(path.clone()).or_default().push(batch),
            }
            Ok(())
        })?;
    }
    assert!(folds.iter().all(|fold| fold.partitions() == [1]), "state is left behind");
    Ok(written)
}

/// A column of whole numbers of a file, whatever its width.
fn integers(batches: &[RecordBatch], name: &str) -> Vec<Option<i64>> {
    let mut values = Vec::new();
    for batch in batches {
        let column = batch.column_by_name(name).unwrap();
        let wide = arrow_array::Int64Array::from_iter((0..column.len()).map(|row| widened(column, row)));
        values.extend(wide.iter());
    }
    values
}

fn widened(column: &dyn Array, row: usize) -> Option<i64> {
    use arrow_array::types::{Int8Type, Int16Type, Int32Type, UInt8Type, UInt16Type, UInt32Type};
    use arrow_schema::DataType;
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Int8 => column.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => column.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(row).into(),
        DataType::UInt8 => column.as_primitive::<UInt8Type>().value(row).into(),
        DataType::UInt16 => column.as_primitive::<UInt16Type>().value(row).into(),
        DataType::UInt32 => column.as_primitive::<UInt32Type>().value(row).into(),
        _ => column.as_primitive::<Int64Type>().value(row),
    })
}

/// Every file has the rows that it should, in the order of the input, and all have one schema.
fn check_files(log: &Log, expected: &BTreeMap<String, Vec<i64>>, found: &BTreeMap<String, Vec<RecordBatch>>) {
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    let schemas: BTreeSet<String> = found.values().flatten().map(|batch| format!("{:?}", batch.schema().fields())).collect();
    assert!(schemas.len() <= 1, "files differ in their columns: {schemas:?}");
    let by_position: BTreeMap<i64, _> = log.rows.iter().map(|row| (row.position, row)).collect();
    for (path, positions) in expected {
        let batches = &found[path];
        for name in ["order_id", "timestamp", "security_code", "participantid", "quantity"] {
            let rows: Vec<Option<i64>> = positions.iter().map(|position| Log::integer(by_position[position], name)).collect();
            assert_eq!(integers(batches, name), rows, "{path} {name}");
        }
        let texts: Vec<Option<&str>> = positions.iter().map(|position| by_position[position].validity).collect();
        if batches[0].column_by_name("timevaliditydecoded").is_some() {
            let found: Vec<Option<&str>> =
                batches.iter().flat_map(|batch| batch.column_by_name("timevaliditydecoded").unwrap().as_string::<i32>().iter()).collect();
            assert_eq!(found, texts);
        }
    }
}

fn check(seed: u64, log: &Log, extract: &str) {
    let expected = answer(log);
    let plan = plan(log, extract);
    let input = input(&plan);
    let (batch, counts) = filtered(log.batch(&input).unwrap(), &input);
    assert_eq!(counts, expected.counts, "seed {seed}: {log:?}");
    let mut first = None;
    for (at, (folds, spills)) in [(1, 0), (2, 0), (3, 40), (7, 100)].into_iter().enumerate() {
        let written = run(&plan, &input, &batch, &Cut { seed: seed * 10 + at as u64, folds, spills }).unwrap();
        for (table, rows) in expected.tables.iter().enumerate() {
            let difference = difference(rows, &written.tables[table]);
            assert!(difference.is_none(), "seed {seed}, {folds} folds, spills {spills}, table {table}: {}", difference.unwrap_or_default());
        }
        let files = match extract {
            "off" => BTreeMap::new(),
            "single" if expected.extracted.single.is_empty() => BTreeMap::new(),
            "single" => BTreeMap::from([("orders.parquet".to_owned(), expected.extracted.single.clone())]),
            _ => {
                let path = |(day, security): &(i64, i64)| format!("{}/{security}/orders.parquet", Day(*day as i32));
                expected.extracted.files.iter().map(|(job, rows)| (path(job), rows.clone())).collect()
            }
        };
        check_files(log, &files, &written.files);
        // Not only near the twin but the same to the last digit, whatever the cut.
        let digest = format!("{:?} {}", written.tables, written.details);
        assert_eq!(*first.get_or_insert_with(|| digest.clone()), digest, "seed {seed}: {folds} folds and {spills} spills give other digits");
    }
}

#[test]
fn any_cut_of_a_random_log_gives_the_rows_of_the_naive_twin() {
    for seed in 0..600 {
        check(seed, &random_log(seed), ["off", "partitioned", "single"][(seed % 3) as usize]);
    }
}

#[test]
fn a_log_without_rows_completes_every_job_with_0_rows() {
    let log = Log { rows: Vec::new(), securities: vec![5, 3, 5], days: Some((19_970, 19_972)), ..random_log(1) };
    check(1, &log, "partitioned");
    let expected = answer(&log);
    assert_eq!(expected.tables[7].len(), 6);
    assert!(expected.tables[..7].iter().all(Vec::is_empty));
}
