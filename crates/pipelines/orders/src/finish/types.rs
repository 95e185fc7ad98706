//! The types of an extract's columns: decided once for all its files, never narrower than a value.

use arrow_array::ArrayRef;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_schema::DataType;
use rowmill_core::{Code, Error, Result};
use rowmill_kernels::downcast;
use serde_json::{Map, Value, json};

use crate::fold::extract::Carried;
use crate::fold::measured::Measured;
use crate::options::{Downcast, Options, Overflow};
use crate::sources::{Declared, NEEDED};

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
        let message = format!("a value does not fit the declared type {wanted}");
        if options.downcast_overflow == Overflow::Fail {
            let help = format!("Declare {narrowest} in `orders.types`, or set `orders.downcastOverflow: widen`");
            return Err(Error::new(Code::DataOverflow, message).column(&column.name).value(value.to_string()).help(help));
        }
        self.warnings.push(json!({
            "kind": "widened",
            "column": column.name,
            "message": format!("{message}: {value}; the column has the type {narrowest}"),
        }));
        Ok(narrowest)
    }

    /// Names of the types by column.
    pub fn named(&self, carried: &[Carried]) -> Value {
        let named = carried.iter().zip(&self.columns).filter_map(|(column, decided)| Some((column.name.clone(), (*decided)?.to_string().into())));
        Value::Object(named.collect::<Map<_, _>>())
    }
}

fn narrowest(measured: &Measured) -> Declared {
    // Of no value at all any type is wide enough.
    let (min, max) = if measured.values == 0 { (0, 0) } else { (measured.min, measured.max) };
    match downcast::narrowest(min, max) {
        DataType::Int8 => Declared::Int(8),
        DataType::UInt8 => Declared::Uint(8),
        DataType::Int16 => Declared::Int(16),
        DataType::UInt16 => Declared::Uint(16),
        DataType::Int32 => Declared::Int(32),
        DataType::UInt32 => Declared::Uint(32),
        _ => Declared::Int(64),
    }
}

/// Whether every value is one of the type; no value at all fits any.
fn fits(declared: Declared, measured: &Measured) -> bool {
    let is_integer = matches!(declared, Declared::Int(_) | Declared::Uint(_));
    !is_integer || measured.values == 0 || [measured.min, measured.max].iter().all(|value| downcast::holds(&declared.data_type(), *value))
}

/// A column of the extract in its type.
///
/// # Errors
/// `DATA_NUMBER_OVERFLOW` where a value does not fit.
pub fn cast(column: &ArrayRef, declared: Declared) -> Result<ArrayRef> {
    match column.as_primitive_opt::<Int64Type>() {
        Some(integers) => downcast::downcast(integers, &declared.data_type()),
        None => Ok(column.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_type_holds_every_value() {
        let of = |min, max| narrowest(&Measured { values: 2, min, max }).to_string();
        let found = [(0, 127), (0, 128), (-128, 127), (-1, 128), (0, 65_535), (0, 65_536), (0, 1 << 31), (-1, 1 << 31), (i64::MIN, 0)];
        let expected = ["int8", "uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "int64"];
        assert_eq!(found.map(|(min, max)| of(min, max)), expected);
    }
}
