//! What the fold costs per row: all seven aggregates and the jobs, of rows by time, of rows in any order, and with NULLs; and an extract.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rowmill_core::plan::{Layer, resolve};
use rowmill_core::{ColumnKind, InputSpec, Pipeline, Plan};
use rowmill_orders::{ORDERS, Orders};
use rowmill_testkit::random::Random;
use serde_json::json;

const ROWS: usize = 8_192;
const BATCHES: usize = 64;
const START: i64 = 1_725_490_800_000_000_000;

fn plan(extract: &str) -> (Plan, InputSpec) {
    let values = json!({"pipeline": "orders", "source": {"root": "/"}, "output": {"folder": "out"}, "orders": {"extract": extract}});
    let layer = Layer { origin: "bench".into(), values: values.as_object().cloned().unwrap() };
    let plan = resolve(&[&Orders], &[layer]).unwrap().plan;
    let input = Orders.inputs(&plan, &BTreeMap::from([(ORDERS.to_owned(), 1)])).unwrap().remove(0);
    (plan, input)
}

/// Rows of 200 securities and 60 participants, some 800 a second.
fn batches(input: &InputSpec, by_time: bool, nulls: usize) -> Vec<RecordBatch> {
    let mut random = Random::new(42);
    let batch = |batch: usize, random: &mut Random| {
        let mut value = |name: &str, row: usize| match name {
            "timestamp" if by_time => START + (batch * ROWS + row) as i64 * 1_250_000,
            "timestamp" => START + random.below(5 * 24 * 3_600_000) as i64 * 1_000_000,
            "security_code" => 110_000 + random.below(200) as i64,
            "participantid" => 1 + random.below(60) as i64,
            "quantity" => random.below(20_000) as i64,
            "price" => 3_000 + random.below(1_000) as i64,
            _ => random.below(1_000_000) as i64,
        };
        let mut columns: Vec<(String, ArrayRef)> = Vec::new();
        for column in &input.columns {
            let values: ArrayRef = match column.kind {
                ColumnKind::Text => Arc::new((0..ROWS).map(|_| Some("Current Max")).collect::<StringArray>()),
                _ => Arc::new((0..ROWS).map(|row| (row % 1000 >= nulls).then(|| value(&column.name, row))).collect::<Int64Array>()),
            };
            columns.push((column.name.to_string(), values));
        }
        if input.position {
            columns.push(("#position".into(), Arc::new((0..ROWS).map(|row| Some((batch * ROWS + row) as i64 * 120)).collect::<Int64Array>())));
        }
        let fields = columns.iter().map(|(name, values)| Field::new(name, values.data_type().clone(), true)).collect::<Vec<_>>();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, values)| values).collect()).unwrap()
    };
    (0..BATCHES).map(|at| batch(at, &mut random)).collect()
}

fn fold(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("orders");
    group.throughput(Throughput::Elements((ROWS * BATCHES) as u64));
    group.sample_size(20);
    for (name, extract, by_time, nulls) in [
        ("seven aggregates, by time", "off", true, 0),
        ("seven aggregates, any order", "off", false, 0),
        ("seven aggregates, with nulls", "off", true, 5),
        ("aggregates and an extract of everything", "partitioned", true, 0),
    ] {
        let (plan, input) = plan(extract);
        let batches = batches(&input, by_time, nulls);
        let inputs = [input];
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut fold = Orders.fold(&plan, &plan.windows[0], &inputs).unwrap();
                batches.iter().for_each(|batch| fold.push(0, batch, &mut |_| {}).unwrap());
                fold.resident_bytes()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, fold);
criterion_main!(benches);
