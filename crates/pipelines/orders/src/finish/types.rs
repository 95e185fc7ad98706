//! The types of an extract's columns: decided once for all its files, never narrower than a value.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{ArrayRef, PrimitiveArray};
use rowmill_core::{Code, Error, Result};
use serde_json::{Map, Value, json};

use crate::fold::extract::Carried;
use crate::fold::measured::Measured;
use crate::options::{Downcast, Options, Overflow};
use crate::sources::{Declared, NEEDED};

/// Types of whole numbers from narrow to wide; of those of one width the signed one first.
const NARROW: [Declared; 7] =
    [Declared::Int(8), Declared::Uint(8), Declared::Int(16), Declared::Uint(16), Declared::Int(32), Declared::Uint(32), Declared::Int(64)];

/// The columns of an extract's files.
#[derive(Debug, Default)]
pub struct Types {
    /// By column of the extract: its type in the files, or `None` where it is left out.
    pub columns: Vec<Option<Declared>>,
    /// What did not go as declared.
    pub warnings: Vec<Value>,
}

impl Types {
    /// Decides, from what is known of all rows.
    ///
    /// # Errors
    /// `DATA_NUMBER_OVERFLOW` with column and value, where a value does not fit a declared type and the plan says `fail`.
    pub fn decide(options: &Options, carried: &[Carried], measured: &[Measured]) -> Result<Self> {
        let mut types = Self::default();
        for (column, measured) in carried.iter().zip(measured) {
            let decided = if measured.values == 0 && !NEEDED.contains(&column.name.as_str()) {
                None
            } else {
                Some(types.of_column(options, column, measured)?)
            };
            types.columns.push(decided);
        }
        Ok(types)
    }

    fn of_column(&mut self, options: &Options, column: &Carried, measured: &Measured) -> Result<Declared> {
        if matches!(column.declared, Declared::Double | Declared::Text) {
            return Ok(column.declared);
        }
        let narrowest = narrowest(measured);
        let wanted = match (options.given_type(&column.name), options.downcast) {
            (Some(given), _) => given,
            (None, Downcast::Narrowest) => narrowest,
            (None, Downcast::Declared) => column.declared,
            (None, Downcast::Off) => Declared::Int(64),
        };
        if fits(wanted, measured) {
            return Ok(wanted);
        }
        let value = if fits(wanted, &Measured { min: measured.max, ..*measured }) { measured.min } else { measured.max };
        let message = format!("a value does not fit the declared type {}", name(wanted));
        if options.downcast_overflow == Overflow::Fail {
            let help = format!("Declare {} in `orders.types`, or set `orders.downcastOverflow: widen`", name(narrowest));
            return Err(Error::new(Code::DataOverflow, message).column(&column.name).value(value.to_string()).help(help));
        }
        self.warnings.push(json!({
            "kind": "widened",
            "column": column.name,
            "message": format!("{message}: {value}; the column has the type {}", name(narrowest)),
        }));
        Ok(narrowest)
    }

    /// Names of the types by column.
    pub fn named(&self, carried: &[Carried]) -> Value {
        let named = carried.iter().zip(&self.columns).filter_map(|(column, decided)| Some((column.name.clone(), name((*decided)?).into())));
        Value::Object(named.collect::<Map<_, _>>())
    }
}

fn narrowest(measured: &Measured) -> Declared {
    NARROW.into_iter().find(|narrow| fits(*narrow, measured)).unwrap_or(Declared::Int(64))
}

/// Whether every value is one of the type; no value at all fits any.
fn fits(declared: Declared, measured: &Measured) -> bool {
    let (low, high) = match declared {
        Declared::Int(bits) => (i64::MIN >> (64 - bits), i64::MAX >> (64 - bits)),
        Declared::Uint(bits) => (0, (1_i64 << bits) - 1),
        Declared::Double | Declared::Text => return true,
    };
    measured.values == 0 || (low <= measured.min && measured.max <= high)
}

fn name(declared: Declared) -> String {
    match declared {
        Declared::Int(bits) => format!("int{bits}"),
        Declared::Uint(bits) => format!("uint{bits}"),
        Declared::Double => "double".into(),
        Declared::Text => "text".into(),
    }
}

/// A column of the extract in its type; every value fits.
pub fn cast(column: &ArrayRef, declared: Declared) -> ArrayRef {
    match declared {
        Declared::Int(8) => narrow::<Int8Type>(column, |value| value as i8),
        Declared::Int(16) => narrow::<Int16Type>(column, |value| value as i16),
        Declared::Int(32) => narrow::<Int32Type>(column, |value| value as i32),
        Declared::Uint(8) => narrow::<UInt8Type>(column, |value| value as u8),
        Declared::Uint(16) => narrow::<UInt16Type>(column, |value| value as u16),
        Declared::Uint(32) => narrow::<UInt32Type>(column, |value| value as u32),
        _ => column.clone(),
    }
}

fn narrow<T: ArrowPrimitiveType>(column: &ArrayRef, convert: impl Fn(i64) -> T::Native) -> ArrayRef {
    let values: PrimitiveArray<T> = column.as_primitive::<Int64Type>().unary(convert);
    Arc::new(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_type_holds_every_value() {
        let of = |min, max| name(narrowest(&Measured { values: 2, min, max }));
        let found = [(0, 127), (0, 128), (-128, 127), (-1, 128), (0, 65_535), (0, 65_536), (0, 1 << 31), (-1, 1 << 31), (i64::MIN, 0)];
        let expected = ["int8", "uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "int64"];
        assert_eq!(found.map(|(min, max)| of(min, max)), expected);
    }
}
