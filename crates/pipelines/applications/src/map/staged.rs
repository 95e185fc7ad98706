//! Rows of one document, until it is certain that there are any.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use crate::model::OnRepeat;
use crate::values::Value;

use super::plan::TablePlan;

/// Rows of one document in one table.
#[derive(Debug, Default)]
pub(super) struct Staged {
    /// Values, row by row.
    values: Vec<Value>,
    rows: usize,
    /// Keys of the rows, hashed; nothing for a key that has a null.
    hashes: Vec<Option<u64>>,
}

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
        self.hashes.clear();
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
            self.hashes.push(hash);
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
        let same = |at: &usize| {
            let there = self.row(*at, table.columns.len());
            table.key.iter().all(|column| there[*column] == row[*column])
        };
        let hashed = |(at, there): (usize, &Option<u64>)| (*there == Some(hash)).then_some(at);
        self.hashes.iter().enumerate().filter_map(hashed).find(same)
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
