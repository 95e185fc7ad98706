//! Rows of a fold against rows of the twin.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type};
use arrow_array::{Array, RecordBatch};

use super::labels::Labels;
use super::rows::{Dialect, MEASURES, SummaryRow};
use super::summary::decimal;

/// Part of a measure's magnitude by which the order of a sum may change it.
const RELATIVE: f64 = 1e-12;

/// Units of the last decimal by which a measure may differ besides.
const LAST_DECIMALS: f64 = 2.0;

/// A row as the table holds it, without what is the same in every row of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct FinishedRow {
    /// Everything but the measures.
    pub key: Key,
    /// The measures in units of 10^-15, in the order of [`MEASURES`].
    pub measures: [Option<i128>; 18],
}

/// What tells rows apart: day, category, then the other columns in the order of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// `usage_start` and `usage_end`, in days since 1970-01-01.
    pub day: i32,
    /// `cost_category_id`
    pub category: Option<i32>,
    /// `data_source`, `namespace`, `node`, `resource_id`, `persistentvolumeclaim`, `persistentvolume`, `storageclass`
    pub texts: [Option<String>; 7],
    /// `pod_labels`, `volume_labels`, `all_labels`
    pub labels: [Option<Labels>; 3],
    /// `infrastructure_usage_cost` as numbers of a JSON object.
    pub cost: Option<BTreeMap<String, u64>>,
}

impl SummaryRow {
    fn key(&self) -> Key {
        let zeros = || ["cpu", "memory", "storage"].map(|name| (name.to_owned(), 0)).into();
        Key {
            day: self.day,
            category: self.category,
            texts: [
                Some(self.data_source.to_owned()),
                self.namespace.clone(),
                self.node.clone(),
                self.resource_id.clone(),
                self.claim.clone(),
                self.volume.clone(),
                self.class.clone(),
            ],
            labels: [self.pod_labels.clone(), self.volume_labels.clone(), Some(self.all_labels.clone())],
            cost: self.zero_cost.then(zeros),
        }
    }
}

/// Reads rows from a batch with the written columns of the table; errors name the column that is missing or unreadable.
pub fn finished_rows(batch: &RecordBatch) -> Result<Vec<FinishedRow>, String> {
    (0..batch.num_rows()).map(|row| finished_row(batch, row)).collect()
}

fn finished_row(batch: &RecordBatch, row: usize) -> Result<FinishedRow, String> {
    let texts = ["data_source", "namespace", "node", "resource_id", "persistentvolumeclaim", "persistentvolume", "storageclass"];
    let mut key = Key::default();
    for (slot, name) in key.texts.iter_mut().zip(texts) {
        *slot = text(batch, name, row)?;
    }
    for (slot, name) in key.labels.iter_mut().zip(["pod_labels", "volume_labels", "all_labels"]) {
        let json = text(batch, name, row)?;
        *slot = json.map(|json| serde_json::from_str(&json).map_err(|error| format!("{name} {json}: {error}"))).transpose()?;
    }
    let cost = text(batch, "infrastructure_usage_cost", row)?;
    let cost: Option<BTreeMap<String, f64>> = cost.map(|json| serde_json::from_str(&json).map_err(|error| format!("{json}: {error}"))).transpose()?;
    key.cost = cost.map(|cost| cost.into_iter().map(|(name, number)| (name, number.to_bits())).collect());
    let day =
        |name| column(batch, name).and_then(|days| days.as_primitive_opt::<Date32Type>().map(|days| days.value(row)).ok_or_else(|| name.into()));
    key.day = day("usage_start")?;
    if day("usage_end")? != key.day {
        return Err(format!("row {row} ends on another day than it starts"));
    }
    let categories = column(batch, "cost_category_id")?.as_primitive_opt::<Int32Type>().ok_or("cost_category_id")?;
    key.category = categories.is_valid(row).then(|| categories.value(row));
    let mut measures = [None; 18];
    for (slot, name) in measures.iter_mut().zip(MEASURES) {
        let decimals = column(batch, name)?.as_primitive_opt::<Decimal128Type>().ok_or(name)?;
        *slot = decimals.is_valid(row).then(|| decimals.value(row));
    }
    Ok(FinishedRow { key, measures })
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a dyn Array, String> {
    batch.column_by_name(name).map(AsRef::as_ref).ok_or_else(|| format!("column {name} is missing"))
}

fn text(batch: &RecordBatch, name: &str, row: usize) -> Result<Option<String>, String> {
    let mut array = column(batch, name)?;
    let mut row = Some(row);
    if let Some(coded) = array.as_dictionary_opt::<Int32Type>() {
        row = row.and_then(|row| coded.key(row));
        array = coded.values().as_ref();
    }
    let texts = array.as_string_opt::<i32>().ok_or_else(|| format!("column {name} is no text"))?;
    Ok(row.filter(|row| texts.is_valid(*row)).map(|row| texts.value(row).to_owned()))
}

/// The first difference between the twin's rows and a fold's, as multisets; `None` where there is none.
///
/// Keys are equal or not; a measure may differ by `1e-12` of the sum of absolute values that went into it and by two units of
/// the last decimal.
pub fn difference(expected: &[SummaryRow], found: &[FinishedRow], dialect: Dialect) -> Option<String> {
    let mut left: BTreeMap<Key, Vec<&FinishedRow>> = BTreeMap::new();
    for row in found {
        left.entry(row.key.clone()).or_default().push(row);
    }
    for row in expected {
        let key = row.key();
        let Some(candidates) = left.get_mut(&key) else { return Some(format!("missing: {row:?}")) };
        let Some(at) = candidates.iter().position(|candidate| same_measures(row, candidate, dialect)) else {
            return Some(format!("expected: {row:?}\nfound with this key: {candidates:?}"));
        };
        candidates.swap_remove(at);
        if candidates.is_empty() {
            left.remove(&key);
        }
    }
    left.into_values().flatten().next().map(|row| format!("not expected: {row:?}"))
}

fn same_measures(expected: &SummaryRow, found: &FinishedRow, dialect: Dialect) -> bool {
    let measures = expected.measures.iter().zip(&expected.magnitudes).zip(&found.measures);
    measures.into_iter().all(|((expected, magnitude), found)| match (expected, found) {
        (None, None) => true,
        (Some(expected), Some(found)) => {
            let tolerance = RELATIVE * magnitude.max(expected.abs()) * 1e15 + LAST_DECIMALS;
            decimal(*expected, dialect).is_ok_and(|expected| (expected - found).abs() as f64 <= tolerance)
        }
        _ => false,
    })
}
