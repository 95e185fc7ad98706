//! The mapping and a naive twin of it, which walks a whole tree and knows nothing of how the mapping works, on random documents.

#![allow(clippy::unwrap_used)]

mod twin;

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use rowmill_applications::map::{Options, Program, Scratch, SourceId, Status};
use rowmill_applications::model::{Compat, Contract};
use serde_json::Value;
use twin::documents::Maker;
use twin::rows::{Tables, rows};

/// Documents of each contract and each way of reading it.
const DOCUMENTS: u64 = 5000;
const NOW: i64 = 1_700_000_000_123_456;

fn contract(changes: &[(&str, Value)], compat: Compat) -> Contract {
    let mut json: Value = serde_json::from_str(include_str!("fixtures/wide.json")).unwrap();
    for (place, value) in changes {
        *json.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value.clone();
    }
    json["compat"] = serde_json::to_value(compat).unwrap();
    serde_json::from_value(json).unwrap()
}

/// Rows as texts, by table.
fn mapped(program: &Program, scratch: &mut Scratch, document: &str) -> Option<Tables> {
    let mut out = program.rows();
    let outcome = program.map(scratch, &SourceId::default(), document.as_bytes(), &mut out).unwrap();
    let batches = out.finish().unwrap();
    let rows: usize = batches.iter().map(|(_, batch)| batch.num_rows()).sum();
    assert_eq!(rows as u64, outcome.rows);
    if outcome.status == Status::Failed {
        assert_eq!(rows, 0, "a document that fails leaves no row");
        return None;
    }
    let of_batch = |batch: &arrow_array::RecordBatch| {
        let columns = &batch.columns()[1..];
        (0..batch.num_rows()).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
    };
    Some(batches.iter().map(|(table, batch)| (table.clone(), of_batch(batch))).collect::<BTreeMap<_, _>>())
}

fn cell(array: &ArrayRef, row: usize) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value(row).to_string(),
        DataType::Date32 => array.as_primitive::<Date32Type>().value(row).to_string(),
        DataType::Timestamp(..) => array.as_primitive::<TimestampMicrosecondType>().value(row).to_string(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).to_owned(),
        other => panic!("no column is {other}"),
    })
}

/// Compares the two on documents of many seeds; answers how many became rows.
fn compare(contract: &Contract, seeds: std::ops::Range<u64>) -> (u64, u64) {
    let program = Program::compile(contract).unwrap();
    let mut scratch = Scratch::new(Options { now: NOW, ..Options::default() });
    let (mut became_rows, mut count) = (0, 0);
    for seed in seeds {
        let document = Maker::new(seed).document();
        let (ours, naive) = (mapped(&program, &mut scratch, &document), rows(contract, &document, NOW));
        if let (Some(ours), Some(naive)) = (&ours, &naive) {
            became_rows += 1;
            count += ours.values().map(Vec::len).sum::<usize>() as u64;
            for (table, rows) in naive {
                assert_eq!(&ours[table], rows, "seed {seed}, table {table}\n{document}");
            }
        }
        assert_eq!(ours.is_some(), naive.is_some(), "seed {seed}: whether it fails\n{document}");
    }
    (became_rows, count)
}

#[test]
fn a_strict_contract_maps_as_the_twin_does() {
    let (became_rows, count) = compare(&contract(&[], Compat::default()), 0..DOCUMENTS);
    assert!(became_rows > DOCUMENTS / 4 && became_rows < DOCUMENTS && count > became_rows * 5, "{became_rows} documents, {count} rows");
}

#[test]
fn a_contract_of_old_maps_as_the_twin_does() {
    let (became_rows, count) = compare(&contract(&[], Compat::original()), 0..DOCUMENTS);
    assert!(became_rows > DOCUMENTS / 4 && became_rows < DOCUMENTS && count > became_rows * 5, "{became_rows} documents, {count} rows");
}

#[test]
fn every_quirk_alone_maps_as_the_twin_does() {
    let switches = serde_json::to_value(Compat::original()).unwrap();
    for name in switches.as_object().unwrap().keys() {
        let compat = serde_json::from_value(serde_json::json!({ name.as_str(): true })).unwrap();
        compare(&contract(&[], compat), 0..DOCUMENTS / 10);
    }
}
