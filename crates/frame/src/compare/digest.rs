//! The first reading of a side: every row becomes two hashes and its day.

use arrow_array::{Array, RecordBatch};
use hashbrown::HashMap;
use rowmill_core::{Column, Error, Result, SqlType, TableSpec};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::json::canonical;
use super::{Batches, NO_DAY};
use crate::columns::{Texts, amounts, column, days, integers};

/// JSON texts whose hashes are remembered; labels repeat from row to row.
const KNOWN_TEXTS: usize = 1 << 16;

const NULL_SALT: u64 = 0x9e37_79b9_7f4a_7c15;

/// What is kept of a side: 20 bytes a row.
#[derive(Default)]
pub struct Digest {
    /// Hash of the key columns.
    pub keys: Vec<u64>,
    /// Hash of key columns and measures.
    pub rows: Vec<u64>,
    /// Day of the row, [`NO_DAY`] for NULL.
    pub days: Vec<i32>,
    /// Sum of each measure, in the order of the table.
    pub totals: Vec<CompensatedSum>,
}

impl Digest {
    /// Reads a side to its end.
    pub fn read(batches: Batches, spec: &TableSpec) -> Result<Self> {
        let mut digest = Self { totals: vec![CompensatedSum::default(); measures(spec).count()], ..Self::default() };
        let mut known = HashMap::new();
        for batch in batches {
            let before = digest.keys.len() as u64;
            digest.add(&batch?, spec, &mut known).map_err(|error| error.row_offset(before))?;
        }
        Ok(digest)
    }

    fn add(&mut self, batch: &RecordBatch, spec: &TableSpec, known: &mut HashMap<String, u64>) -> Result<()> {
        let start = self.keys.len();
        self.keys.resize(start + batch.num_rows(), 0);
        for key in spec.carried().filter(|column| column.key) {
            let hashes = key_hashes(key, column(batch, key.name)?, known).map_err(|error| error.column(key.name))?;
            mix(&mut self.keys[start..], hashes);
        }
        self.rows.extend_from_slice(&self.keys[start..]);
        for (measure, total) in measures(spec).zip(&mut self.totals) {
            let values = amounts(measure.name, column(batch, measure.name)?)?;
            values.iter().flatten().for_each(|value| total.add(*value as f64 / UNITS));
            mix(&mut self.rows[start..], values.into_iter().map(|value| value.map(|value| xxh3_64(&value.to_le_bytes()))));
        }
        match spec.partition_by {
            Some(name) => self.days.extend(days(name, column(batch, name)?)?.iter().map(|day| day.unwrap_or(NO_DAY))),
            None => self.days.resize(start + batch.num_rows(), NO_DAY),
        }
        Ok(())
    }
}

/// Units of 10^-15 in one.
pub const UNITS: f64 = 1e15;

/// The columns that are compared with a tolerance.
pub fn measures(spec: &TableSpec) -> impl Iterator<Item = &'static Column> + use<> {
    spec.carried().filter(|column| !column.key)
}

fn mix(hashes: &mut [u64], values: impl IntoIterator<Item = Option<u64>>) {
    for (hash, value) in hashes.iter_mut().zip(values) {
        *hash = match value {
            Some(value) => xxh3_64_with_seed(&value.to_le_bytes(), *hash),
            None => xxh3_64_with_seed(&[], *hash ^ NULL_SALT),
        };
    }
}

fn key_hashes(key: &Column, array: &dyn Array, known: &mut HashMap<String, u64>) -> Result<Vec<Option<u64>>> {
    let number = |value: i64| xxh3_64(&value.to_le_bytes());
    match key.sql {
        SqlType::Integer | SqlType::Bigint | SqlType::TimestampTz => {
            Ok(integers(key.name, array)?.into_iter().map(|value| value.map(number)).collect())
        }
        SqlType::Date => Ok(days(key.name, array)?.iter().map(|day| day.map(|day| number(i64::from(day)))).collect()),
        SqlType::Numeric { .. } | SqlType::Double => {
            Ok(amounts(key.name, array)?.into_iter().map(|value| value.map(|value| xxh3_64(&value.to_le_bytes()))).collect())
        }
        SqlType::Jsonb => Texts::of(key.name, array)?.map(array.len(), |text| json_hash(text, known)),
        SqlType::Uuid => Texts::of(key.name, array)?.map(array.len(), |text| Ok(xxh3_64(text.to_ascii_lowercase().as_bytes()))),
        SqlType::Varchar { .. } | SqlType::Text => Texts::of(key.name, array)?.map(array.len(), |text| Ok(xxh3_64(text.as_bytes()))),
    }
}

fn json_hash(text: &str, known: &mut HashMap<String, u64>) -> Result<u64> {
    if let Some(hash) = known.get(text) {
        return Ok(*hash);
    }
    let hash = xxh3_64(canonical(text)?.to_string().as_bytes());
    if known.len() == KNOWN_TEXTS {
        known.clear();
    }
    known.insert(text.to_owned(), hash);
    Ok(hash)
}

/// A sum that keeps what each addition rounds away, so that the totals of two sides differ by their rows and not by the order.
#[derive(Clone, Copy, Default)]
pub struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }

    /// The sum; 0 of nothing.
    pub fn value(self) -> f64 {
        self.sum + self.lost
    }
}

/// Refuses a spec whose day column is not among those that batches carry.
pub fn check_spec(spec: &TableSpec) -> Result<()> {
    let Some(name) = spec.partition_by else { return Ok(()) };
    match spec.carried().find(|column| column.name == name) {
        Some(Column { sql: SqlType::Date, .. }) => Ok(()),
        _ => Err(Error::bug(format!("table {} is partitioned by {name}, which is no date that its rows carry", spec.name))),
    }
}
