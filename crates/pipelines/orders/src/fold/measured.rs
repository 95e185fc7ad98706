//! What is known of the values of an extract's columns.

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef};

/// What is known of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// How many there are.
    pub values: u64,
    /// Smallest and largest of a column of whole numbers.
    pub min: i64,
    pub max: i64,
}

impl Default for Measured {
    fn default() -> Self {
        Self { values: 0, min: i64::MAX, max: i64::MIN }
    }
}

impl Measured {
    /// Takes in what is known of more values.
    pub fn merge(&mut self, other: &Self) {
        self.values += other.values;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// What is known of a column's values in these rows.
pub fn measure(column: &ArrayRef, rows: impl Iterator<Item = usize>) -> Measured {
    let mut measured = Measured::default();
    match column.as_primitive_opt::<Int64Type>() {
        Some(values) if values.null_count() == values.len() => {}
        Some(values) => {
            let has_nulls = values.null_count() > 0;
            for row in rows.filter(|row| !has_nulls || values.is_valid(*row)) {
                let value = values.values()[row];
                measured.values += 1;
                measured.min = measured.min.min(value);
                measured.max = measured.max.max(value);
            }
        }
        None => measured.values = rows.filter(|row| column.is_valid(*row)).count() as u64,
    }
    measured
}
