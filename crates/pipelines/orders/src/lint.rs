//! What the types of the original would have done to the data.

use std::sync::LazyLock;

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, PrimitiveArray, RecordBatch};
use rowmill_core::InputSpec;
use rowmill_kernels::downcast::{Declared, compat_table};
use serde_json::{Value, json};

/// The types that the original gave columns without looking at the values.
static NARROWED: LazyLock<Vec<Declared>> = LazyLock::new(compat_table);

/// Whether the original narrowed a column of this name.
pub fn looks_at(name: &str) -> bool {
    NARROWED.iter().any(|declared| declared.column == name)
}

/// Counts of values that would not have survived, by column of the table above.
#[derive(Clone, Debug)]
pub struct Lint {
    /// Position in the input of each column of the table, where the input has it.
    positions: Vec<Option<usize>>,
    pub counts: Vec<u64>,
}

impl Lint {
    /// No values yet.
    pub fn new(input: &InputSpec) -> Self {
        let position = |name: &str| input.columns.iter().position(|column| column.name == name);
        Self { positions: NARROWED.iter().map(|declared| position(declared.column)).collect(), counts: vec![0; NARROWED.len()] }
    }

    /// Looks at the values of a batch.
    pub fn push(&mut self, batch: &RecordBatch) {
        for ((declared, position), count) in NARROWED.iter().zip(&self.positions).zip(&mut self.counts) {
            let Some(column) = position.and_then(|position| batch.columns().get(position)) else { continue };
            let any = column.as_any();
            let lost = if let Some(integers) = any.downcast_ref::<PrimitiveArray<Int64Type>>() {
                integers.iter().flatten().filter(|value| !declared.keeps(*value)).count()
            } else if let Some(doubles) = any.downcast_ref::<PrimitiveArray<Float64Type>>() {
                doubles.iter().flatten().filter(|value| !declared.keeps_double(*value)).count()
            } else {
                0
            };
            *count += lost as u64;
        }
    }

    /// What there is to warn of.
    pub fn warnings(&self) -> Vec<Value> {
        let lost = NARROWED.iter().zip(&self.counts).filter(|(_, count)| **count > 0);
        lost.map(|(declared, count)| {
            json!({
                "kind": "lint",
                "column": declared.column,
                "rows": count,
                "message": format!("{count} values would have been changed silently by {declared}"),
            })
        })
        .collect()
    }
}
