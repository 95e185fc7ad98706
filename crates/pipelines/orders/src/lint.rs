//! What the types of the original would have done to the data.

use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, PrimitiveArray, RecordBatch};
use rowmill_core::InputSpec;
use serde_json::{Value, json};

/// A type that the original gave a column without looking at the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Narrow {
    Int8,
    Uint32,
    Uint64,
    Float32,
}

const NARROWED: [(&str, Narrow); 21] = [
    ("order_id", Narrow::Uint64),
    ("quantity", Narrow::Uint32),
    ("leavesquantity", Narrow::Uint32),
    ("totalmatchedquantity", Narrow::Uint32),
    ("price", Narrow::Float32),
    ("participantid", Narrow::Uint32),
    ("security_code", Narrow::Uint32),
    ("side", Narrow::Int8),
    ("orderstatus", Narrow::Int8),
    ("exchangeordertype", Narrow::Int8),
    ("exchange", Narrow::Int8),
    ("changereason", Narrow::Int8),
    ("preferenceonly", Narrow::Int8),
    ("midtick", Narrow::Int8),
    ("triggercondition", Narrow::Int8),
    ("singlefillminimumquantity", Narrow::Uint32),
    ("minimumquantity", Narrow::Uint32),
    ("crossingkey", Narrow::Uint32),
    ("shortsellquantity", Narrow::Uint32),
    ("sequence", Narrow::Uint64),
    ("ordertype", Narrow::Int8),
];

/// Whether the original narrowed a column of this name.
pub fn looks_at(name: &str) -> bool {
    NARROWED.iter().any(|(narrowed, _)| *narrowed == name)
}

impl Narrow {
    fn keeps(self, value: i64) -> bool {
        match self {
            Self::Int8 => i8::try_from(value).is_ok(),
            Self::Uint32 => u32::try_from(value).is_ok(),
            Self::Uint64 => value >= 0,
            Self::Float32 => (value as f32) as i128 == i128::from(value),
        }
    }

    fn keeps_double(self, value: f64) -> bool {
        self != Self::Float32 || f64::from(value as f32) == value
    }

    fn name(self) -> &'static str {
        match self {
            Self::Int8 => "int8",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Float32 => "float32",
        }
    }
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
        Self { positions: NARROWED.iter().map(|(name, _)| position(name)).collect(), counts: vec![0; NARROWED.len()] }
    }

    /// Looks at the values of a batch.
    pub fn push(&mut self, batch: &RecordBatch) {
        for (at, position) in self.positions.iter().enumerate() {
            let Some(column) = position.and_then(|position| batch.columns().get(position)) else { continue };
            let narrow = NARROWED[at].1;
            let any = column.as_any();
            let lost = if let Some(integers) = any.downcast_ref::<PrimitiveArray<Int64Type>>() {
                integers.iter().flatten().filter(|value| !narrow.keeps(*value)).count()
            } else if let Some(doubles) = any.downcast_ref::<PrimitiveArray<Float64Type>>() {
                doubles.iter().flatten().filter(|value| !narrow.keeps_double(*value)).count()
            } else {
                0
            };
            self.counts[at] += lost as u64;
        }
    }

    /// What there is to warn of.
    pub fn warnings(&self) -> Vec<Value> {
        let lost = NARROWED.iter().zip(&self.counts).filter(|(_, count)| **count > 0);
        lost.map(|((name, narrow), count)| {
            json!({
                "kind": "lint",
                "column": name,
                "rows": count,
                "message": format!("{count} values of {name} would have been changed silently as {}", narrow.name()),
            })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_of_the_original_destroy_what_is_known_to_be_destroyed() {
        assert_eq!([64, 256, 2048, 4096, 4098].map(|value| Narrow::Int8.keeps(value)), [true, false, false, false, false]);
        assert!(!Narrow::Uint32.keeps(-1) && Narrow::Uint32.keeps(4_294_967_295));
        assert!(Narrow::Float32.keeps(1 << 24) && !Narrow::Float32.keeps((1 << 24) + 1) && Narrow::Float32.keeps(1 << 30));
        assert!(Narrow::Uint64.keeps(7_900_000_000_000_000_000));
    }
}
