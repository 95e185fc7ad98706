//! Integers in the narrowest type that holds them all, never in one that does not.

use std::fmt;
use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Float32Type, Int8Type, Int16Type, Int32Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, Int64Array, PrimitiveArray};
use arrow_schema::DataType;
use rowmill_core::{Code, Error, Result};

/// A type of a table of declared types, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The column.
    pub column: &'static str,
    /// The type that the table declares.
    pub data_type: DataType,
    /// The type that holds what the column is known to hold.
    pub safe: DataType,
    /// What the declared type would destroy if values were forced into it; `None` where it holds all that are known.
    pub loss: Option<&'static str>,
}

impl Declared {
    /// Whether the value would come back the same from the declared type; of `Float32` that is more than what lies without gaps.
    pub fn keeps(&self, value: i64) -> bool {
        match self.data_type {
            DataType::Float32 => (value as f32) as i128 == i128::from(value),
            ref integer => holds(integer, value),
        }
    }

    /// Whether a double would come back the same; only `Float32` is asked, because no integer type is given to a column of doubles.
    pub fn keeps_double(&self, value: f64) -> bool {
        self.data_type != DataType::Float32 || value.is_nan() || f64::from(value as f32) == value
    }
}

/// Integer types from narrow to wide; of those of one width the signed one first.
const NARROW: [DataType; 7] =
    [DataType::Int8, DataType::UInt8, DataType::Int16, DataType::UInt16, DataType::Int32, DataType::UInt32, DataType::Int64];

/// The narrowest integer type that holds `min`, `max` and all between; of one width the signed type is taken before the unsigned one.
pub fn narrowest(min: i64, max: i64) -> DataType {
    NARROW.into_iter().find(|narrow| holds(narrow, min) && holds(narrow, max)).unwrap_or(DataType::Int64)
}

/// Whether a value has its place in a type that [`downcast`] writes: in `Float32` the whole numbers up to 2²⁴, beyond which some are missing.
/// No other type holds any.
pub fn holds(data_type: &DataType, value: i64) -> bool {
    match data_type {
        DataType::Int8 => i8::try_from(value).is_ok(),
        DataType::Int16 => i16::try_from(value).is_ok(),
        DataType::Int32 => i32::try_from(value).is_ok(),
        DataType::Int64 => true,
        DataType::UInt8 => u8::try_from(value).is_ok(),
        DataType::UInt16 => u16::try_from(value).is_ok(),
        DataType::UInt32 => u32::try_from(value).is_ok(),
        DataType::UInt64 => value >= 0,
        DataType::Float32 => value.unsigned_abs() <= 1 << 24,
        _ => false,
    }
}

/// Smallest and largest value; `None` where there is none but NULL.
pub fn extremes(array: &Int64Array) -> Option<(i64, i64)> {
    let join = |so_far: (i64, i64), value: i64| (so_far.0.min(value), so_far.1.max(value));
    if array.null_count() == array.len() {
        return None;
    }
    let nothing = (i64::MAX, i64::MIN);
    Some(match array.nulls() {
        None => array.values().iter().fold(nothing, |so_far, value| join(so_far, *value)),
        Some(nulls) => nulls.valid_indices().fold(nothing, |so_far, row| join(so_far, array.value(row))),
    })
}

/// The values in a type that may be narrower: integers of any width, or `Float32` for integers that it holds exactly. NULL stays NULL.
///
/// # Errors
/// `DATA_NUMBER_OVERFLOW` with the row and the value where one does not fit; `PLAN_INVALID` for any other type.
pub fn downcast(array: &Int64Array, data_type: &DataType) -> Result<ArrayRef> {
    fn integers<T: ArrowPrimitiveType>(array: &Int64Array, data_type: &DataType) -> Result<ArrayRef>
    where
        T::Native: TryFrom<i64> + Default,
    {
        narrowed::<T>(array, data_type, |value| T::Native::try_from(value).ok())
    }
    match data_type {
        DataType::Int64 => Ok(Arc::new(array.clone())),
        DataType::Int8 => integers::<Int8Type>(array, data_type),
        DataType::Int16 => integers::<Int16Type>(array, data_type),
        DataType::Int32 => integers::<Int32Type>(array, data_type),
        DataType::UInt8 => integers::<UInt8Type>(array, data_type),
        DataType::UInt16 => integers::<UInt16Type>(array, data_type),
        DataType::UInt32 => integers::<UInt32Type>(array, data_type),
        DataType::UInt64 => integers::<UInt64Type>(array, data_type),
        // Twenty-four bits are all it has: the next whole number beyond is already another.
        DataType::Float32 => narrowed::<Float32Type>(array, data_type, |value| holds(data_type, value).then_some(value as f32)),
        other => Err(Error::new(Code::PlanInvalid, format!("integers cannot be written as {other}"))
            .help("Choose an integer type of 8 to 64 bits, or Float32")),
    }
}

fn narrowed<T: ArrowPrimitiveType>(array: &Int64Array, data_type: &DataType, narrow: impl Fn(i64) -> Option<T::Native>) -> Result<ArrayRef>
where
    T::Native: Default,
{
    // Whether all fit is gathered on the way, because a loop that can stop early is not done many values at a time.
    let mut all_fit = true;
    let values: Vec<T::Native> = array
        .values()
        .iter()
        .map(|value| {
            let narrow = narrow(*value);
            all_fit &= narrow.is_some();
            narrow.unwrap_or_default()
        })
        .collect();
    // What lies below a NULL need not fit.
    if !all_fit && let Some(row) = (0..array.len()).find(|row| array.is_valid(*row) && narrow(array.value(*row)).is_none()) {
        let fits = extremes(array).map_or_else(String::new, |(min, max)| format!(": {} holds all of its values", narrowest(min, max)));
        return Err(Error::new(Code::DataOverflow, format!("the value does not fit the type {data_type}"))
            .row(row as u64)
            .value(array.value(row).to_string())
            .help(format!("Declare a wider type, or let the column keep the one it needs{fits}")));
    }
    Ok(Arc::new(PrimitiveArray::<T>::new(values.into(), array.nulls().cloned())))
}

/// The types that the system before this one declared for orders, with what each would destroy. They are here to be warned of:
/// [`downcast`] refuses values that do not fit, whoever declares the type.
pub fn compat_table() -> Vec<Declared> {
    use DataType::{Float32, Int8, Int16, Int32, Int64, UInt32, UInt64};
    const WRAPS: &str = "a negative value would become one near 4,294,967,295, and one above that would lose its upper bits";
    const TYPES_LOST: &str = "256, 2048 and 4096 would become 0 and 4098 would become 2: of the Centre Point types only 64 would be left";
    const ROUNDED: &str = "a price above 16,777,216 would be rounded to one that was never asked";
    [
        ("order_id", UInt64, Int64, None),
        ("timestamp", Int64, Int64, None),
        ("security_code", UInt32, UInt32, None),
        ("price", Float32, Int64, Some(ROUNDED)),
        ("side", Int8, Int8, None),
        ("orderstatus", Int8, Int8, None),
        ("quantity", UInt32, Int64, Some(WRAPS)),
        ("leavesquantity", UInt32, Int64, Some(WRAPS)),
        ("totalmatchedquantity", UInt32, Int64, Some(WRAPS)),
        ("participantid", UInt32, UInt32, None),
        ("exchangeordertype", Int8, Int16, Some(TYPES_LOST)),
        ("crossingkey", UInt32, Int32, None),
        ("exchange", Int8, Int8, None),
        ("changereason", Int8, Int8, None),
        ("preferenceonly", Int8, Int8, None),
        ("midtick", Int8, Int8, None),
        ("triggercondition", Int8, Int8, None),
        ("singlefillminimumquantity", UInt32, Int64, Some(WRAPS)),
        ("minimumquantity", UInt32, Int64, Some(WRAPS)),
        ("shortsellquantity", UInt32, Int64, Some(WRAPS)),
        ("sequence", UInt64, Int64, None),
    ]
    .map(|(column, data_type, safe, loss)| Declared { column, data_type, safe, loss })
    .to_vec()
}

impl fmt::Display for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as {}", self.column, self.data_type)?;
        self.loss.map_or(Ok(()), |loss| write!(f, ": {loss}; {} holds all", self.safe))
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;
    use proptest::prelude::*;

    use super::*;

    /// The values again as they can be read from any integer column.
    fn widened(array: &ArrayRef) -> Vec<Option<i128>> {
        macro_rules! try_types {
            ($($kind:ty),+) => {
                $(if let Some(array) = array.as_primitive_opt::<$kind>() {
                    return array.iter().map(|value| value.map(i128::from)).collect();
                })+
            };
        }
        try_types!(Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type);
        array.as_primitive::<Float32Type>().iter().map(|value| value.map(|value| value as i128)).collect()
    }

    const TYPES: [DataType; 9] = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt32,
        DataType::UInt64,
        DataType::Float32,
    ];

    fn naively_holds(data_type: &DataType, value: i64) -> bool {
        let bits = |bits: u32| 1_i128 << bits;
        let (min, max) = match data_type {
            DataType::Int8 => (-bits(7), bits(7) - 1),
            DataType::Int16 => (-bits(15), bits(15) - 1),
            DataType::Int32 => (-bits(31), bits(31) - 1),
            DataType::UInt8 => (0, bits(8) - 1),
            DataType::UInt16 => (0, bits(16) - 1),
            DataType::UInt32 => (0, bits(32) - 1),
            DataType::UInt64 => (0, bits(64) - 1),
            DataType::Float32 => (-bits(24), bits(24)),
            _ => (-bits(63), bits(63) - 1),
        };
        (min..=max).contains(&i128::from(value))
    }

    fn value() -> impl Strategy<Value = i64> {
        let border = (0_u32..63, -2_i64..3, any::<bool>())
            .prop_map(|(bits, near, negative)| (1_i64 << bits).wrapping_add(near) * if negative { -1 } else { 1 });
        prop_oneof![border, any::<i64>(), Just(i64::MIN), -300_i64..300]
    }

    proptest! {
        #[test]
        fn every_value_comes_back_or_the_first_that_does_not_fit_is_named(
            values in prop::collection::vec(prop::option::of(value()), 0..40),
            hidden in value(),
            kind in 0..TYPES.len(),
        ) {
            let data_type = &TYPES[kind];
            // Under each NULL lies something that need not fit.
            let nulls = values.iter().map(Option::is_some).collect::<Vec<_>>().into();
            let array = Int64Array::new(values.iter().map(|value| value.unwrap_or(hidden)).collect::<Vec<_>>().into(), Some(nulls));
            let first_bad = values.iter().position(|value| value.is_some_and(|value| !naively_holds(data_type, value)));
            match (downcast(&array, data_type), first_bad) {
                (Ok(narrow), None) => {
                    prop_assert_eq!(narrow.data_type(), data_type);
                    prop_assert_eq!(widened(&narrow), values.iter().map(|value| value.map(i128::from)).collect::<Vec<_>>());
                }
                (Err(error), Some(row)) => {
                    prop_assert_eq!(error.code(), Code::DataOverflow);
                    prop_assert_eq!(error.place().row, Some(row as u64));
                    prop_assert_eq!(error.place().value.clone(), values[row].map(|value| value.to_string()));
                }
                (answer, bad) => prop_assert!(false, "{:?} {:?}", answer, bad),
            }
        }

        #[test]
        fn the_narrowest_type_holds_all_and_no_narrower_one_does(values in prop::collection::vec(prop::option::of(value()), 0..20)) {
            let array = Int64Array::from(values.clone());
            let naive = (values.iter().flatten().min().copied(), values.iter().flatten().max().copied());
            prop_assert_eq!(extremes(&array), naive.0.zip(naive.1));
            if let Some((min, max)) = extremes(&array) {
                let chosen = narrowest(min, max);
                let by_width = [0, 4, 1, 5, 2, 6, 3].map(|kind| &TYPES[kind]);
                let first = by_width.into_iter().find(|data_type| naively_holds(data_type, min) && naively_holds(data_type, max));
                prop_assert_eq!(Some(&chosen), first);
                prop_assert!(downcast(&array, &chosen).is_ok());
            }
        }
    }

    #[test]
    fn the_table_of_old_says_what_each_type_would_destroy() {
        for declared in compat_table() {
            let lossy: &[i64] = match declared.column {
                "exchangeordertype" => &[256, 2_048, 4_096, 4_098],
                "price" => &[16_777_217],
                name if name.ends_with("quantity") => &[-1],
                _ => &[],
            };
            assert_eq!(declared.loss.is_some(), !lossy.is_empty(), "{declared}");
            for value in lossy {
                assert!(downcast(&Int64Array::from(vec![*value]), &declared.data_type).is_err(), "{declared}");
                assert!(downcast(&Int64Array::from(vec![*value]), &declared.safe).is_ok(), "{declared}");
                assert!(!declared.keeps(*value), "{declared}");
            }
        }
        let price = compat_table().into_iter().find(|declared| declared.column == "price").unwrap();
        assert!(price.keeps(1 << 24) && !price.keeps((1 << 24) + 1) && price.keeps(1 << 30));
        assert!(price.keeps_double(0.5) && !price.keeps_double(0.1) && price.keeps_double(f64::NAN));
        assert_eq!(downcast(&Int64Array::from(vec![1]), &DataType::Utf8).unwrap_err().code(), Code::PlanInvalid);
    }
}
