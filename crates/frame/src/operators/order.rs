//! Which row of a key comes first, and which last.

use arrow_array::{Array, Int64Array, RecordBatch};
use rowmill_core::Result;
use serde::Deserialize;

use super::column::Numbers;

/// Which end of an order is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum End {
    /// The smallest; of equal ones that which was read first.
    First,
    /// The largest; of equal ones that which was read last.
    Last,
}

/// The best rank of each group so far. Holds nine bytes or more for each group and order column.
pub(super) struct Best {
    end: End,
    names: Vec<String>,
    ranks: Vec<Option<i64>>,
    met: Vec<bool>,
}

impl Best {
    /// Without order columns the order is that of the input.
    pub fn new(end: End, names: &[String]) -> Self {
        Self { end, names: names.to_vec(), ranks: Vec::new(), met: Vec::new() }
    }

    /// The order columns of a batch: whole numbers or doubles.
    pub fn columns(&self, batch: &RecordBatch) -> Result<Vec<Int64Array>> {
        self.names.iter().map(|name| Numbers::of(batch, name).map(Numbers::ranks)).collect()
    }

    /// Whether this row is the best of its group so far, which is then remembered. A NULL loses against every value at either end.
    pub fn takes(&mut self, columns: &[Int64Array], row: usize, group: u32) -> bool {
        let (group, width) = (group as usize, columns.len());
        if group >= self.met.len() {
            self.met.resize(group + 1, false);
            self.ranks.resize((group + 1) * width, None);
        }
        let held = &mut self.ranks[group * width..(group + 1) * width];
        let value = |column: &Int64Array| column.is_valid(row).then(|| column.value(row));
        let wins = !self.met[group] || beats(self.end, columns.iter().map(value).zip(held.iter().copied()));
        if wins {
            self.met[group] = true;
            held.iter_mut().zip(columns).for_each(|(held, column)| *held = value(column));
        }
        wins
    }
}

/// Pairs of a row's and the held row's values, the most important first.
fn beats(end: End, pairs: impl Iterator<Item = (Option<i64>, Option<i64>)>) -> bool {
    for (own, held) in pairs {
        match (own, held) {
            (Some(own), Some(held)) if own != held => return (own < held) == (end == End::First),
            (Some(_), None) => return true,
            (None, Some(_)) => return false,
            _ => {}
        }
    }
    end == End::Last
}
