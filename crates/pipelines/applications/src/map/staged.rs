//! Rows of one document, until it is certain that there are any.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::model::OnRepeat;
use crate::values::Value;

use super::plan::TablePlan;

/// Rows of one document in one table.
#[derive(Debug, Default)]
pub(super) struct Staged {
    /// Values, row by row.
    values: Vec<Value>,
    rows: usize,
    /// Rows by their key, each with the hash of it; those whose key has a null are not here.
    by_key: HashTable<(u64, usize)>,
}

/// Values for which room is kept from document to document.
const KEPT: usize = 1 << 14;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pushed {
    Added,
    Updated,
    /// Its key was there already, and the earlier row stays.
    LeftOut,
    /// Its key was there already, and must not have been.
    Repeated,
}

impl Staged {
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.values.shrink_to(KEPT);
        self.by_key.clear();
        self.rows = 0;
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Values of a row.
    pub(super) fn row(&self, at: usize, columns: usize) -> &[Value] {
        &self.values[at * columns..(at + 1) * columns]
    }

    /// Adds a row, whose values it takes out of `row`.
    pub(super) fn push(&mut self, table: &TablePlan, row: &mut Vec<Value>) -> Pushed {
        let hash = hash(table, row);
        let earlier = hash.and_then(|hash| self.find(table, row, hash));
        let Some(earlier) = earlier else {
            self.values.append(row);
            if let Some(hash) = hash {
                self.by_key.insert_unique(hash, (hash, self.rows), |(hash, _)| *hash);
            }
            self.rows += 1;
            return Pushed::Added;
        };
        match table.on_repeat {
            OnRepeat::Fail => Pushed::Repeated,
            OnRepeat::KeepFirst => Pushed::LeftOut,
            OnRepeat::Update => {
                let from = earlier * table.columns.len();
                for (there, value) in self.values[from..].iter_mut().zip(row.drain(..)) {
                    *there = value;
                }
                Pushed::Updated
            }
        }
    }

    fn find(&self, table: &TablePlan, row: &[Value], hash: u64) -> Option<usize> {
        let is_same = |(there, at): &(u64, usize)| {
            let earlier = self.row(*at, table.columns.len());
            *there == hash && table.key.iter().all(|column| earlier[*column] == row[*column])
        };
        self.by_key.find(hash, is_same).map(|(_, at)| *at)
    }
}

fn hash(table: &TablePlan, row: &[Value]) -> Option<u64> {
    let mut hasher = FixedState::default().build_hasher();
    for column in &table.key {
        match &row[*column] {
            Value::Null => return None,
            Value::Integer(value) | Value::Timestamp(value) => hasher.write_i64(*value),
            Value::Decimal(value) => hasher.write_i128(*value),
            Value::Text(value) => hasher.write(value.as_bytes()),
            Value::Date(value) => hasher.write_i32(*value),
            Value::Double(value) => hasher.write_u64(value.to_bits()),
        }
    }
    Some(hasher.finish())
}
