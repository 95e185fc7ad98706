//! Columns under construction: what rows repeat is kept or worked out once.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Decimal128Array, DictionaryArray, Int32Array, StringArray};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Schema};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rowmill_core::{Error, Result};
use rowmill_kernels::intern::NULL_ID;
use rowmill_kernels::numeric::{Rounding, to_numeric};

/// The schema of batches whose texts are dictionaries, from that of their table.
pub fn with_dictionaries(schema: &Schema) -> Schema {
    let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Utf8 => Arc::new(field.as_ref().clone().with_data_type(coded.clone())),
        _ => field.clone(),
    });
    Schema::new(fields.collect::<Vec<_>>())
}

/// A column with the same text in every row.
pub fn constant(text: Option<&str>, rows: usize) -> Result<ArrayRef> {
    let mut codes = Codes::default();
    (0..rows).for_each(|_| codes.push(text.map(|_| 0)));
    codes.finish(Arc::new(text.into_iter().map(Some).collect::<StringArray>()))
}

/// What stands for NULL until a column is finished: a whole number per row is cheaper to gather than bits.
const NO_CODE: i32 = -1;
const NO_AMOUNT: i128 = i128::MIN;

/// Positions in a dictionary.
#[derive(Default)]
pub struct Codes {
    codes: Vec<i32>,
    nulls: usize,
}

impl Codes {
    /// Adds a row; `None` is NULL.
    #[inline]
    pub fn push(&mut self, code: Option<i32>) {
        self.codes.push(code.unwrap_or(NO_CODE));
        self.nulls += usize::from(code.is_none());
    }

    /// The rows as a column over these values; none are left.
    pub fn finish(&mut self, values: ArrayRef) -> Result<ArrayRef> {
        let nulls = nulls(&self.codes, NO_CODE, std::mem::take(&mut self.nulls));
        let next = Vec::with_capacity(self.codes.len());
        let keys = Int32Array::new(std::mem::replace(&mut self.codes, next).into(), nulls);
        let column = DictionaryArray::<Int32Type>::try_new(keys, values);
        Ok(Arc::new(column.map_err(|error| Error::bug(format!("a dictionary column does not fit its values: {error}")))?))
    }
}

/// Which rows are not NULL, where some are.
fn nulls<T: PartialEq + Copy>(values: &[T], null: T, count: usize) -> Option<NullBuffer> {
    match count {
        0 => None,
        count if count == values.len() => Some(NullBuffer::new_null(count)),
        _ => Some(NullBuffer::new(BooleanBuffer::collect_bool(values.len(), |row| values[row] != null))),
    }
}

/// Texts that rows name by number. Each is stored once per batch.
#[derive(Default)]
pub struct NamedTexts {
    rows: Codes,
    values: StringBuilder,
    known: HashMap<u32, i32, FixedState>,
    /// The number of the row before, and its code: rows come sorted.
    last: Option<(u32, i32)>,
}

impl NamedTexts {
    /// Adds a row with the text of this number; `text` is asked where the batch does not have it yet.
    ///
    /// # Errors
    /// That of `text`.
    #[inline]
    pub fn push<'a>(&mut self, id: u32, text: impl FnOnce() -> Result<Option<&'a str>>) -> Result<()> {
        let code = match self.last {
            _ if id == NULL_ID => None,
            Some((last, code)) if last == id => Some(code),
            _ => self.code(id, text)?,
        };
        self.rows.push(code);
        Ok(())
    }

    fn code<'a>(&mut self, id: u32, text: impl FnOnce() -> Result<Option<&'a str>>) -> Result<Option<i32>> {
        let code = match self.known.get(&id) {
            Some(code) => *code,
            None => {
                let Some(text) = text()? else { return Ok(None) };
                let code = self.known.len() as i32;
                self.values.append_value(text);
                self.known.insert(id, code);
                code
            }
        };
        self.last = Some((id, code));
        Ok(Some(code))
    }

    /// The rows as a column; none are left.
    pub fn finish(&mut self) -> Result<ArrayRef> {
        self.known.clear();
        self.last = None;
        self.rows.finish(Arc::new(self.values.finish()))
    }
}

/// Doubles as decimals.
#[derive(Default)]
pub struct Amounts {
    values: Vec<i128>,
    nulls: usize,
    /// The value of the row before and what became of it: capacity is the same for all rows of a node.
    last: (f64, i128),
}

impl Amounts {
    /// Adds a row; `false`, and nothing is added, where the number does not fit.
    #[inline]
    pub fn push(&mut self, value: Option<f64>, rounding: Rounding) -> bool {
        let numeric = match value {
            None => NO_AMOUNT,
            Some(value) if value == self.last.0 => self.last.1,
            Some(value) => {
                let Some(numeric) = to_numeric(value, rounding) else { return false };
                self.last = (value, numeric);
                numeric
            }
        };
        self.values.push(numeric);
        self.nulls += usize::from(value.is_none());
        true
    }

    /// The rows as a column of `numeric(33,15)`; none are left.
    pub fn finish(&mut self) -> Result<ArrayRef> {
        let nulls = nulls(&self.values, NO_AMOUNT, std::mem::take(&mut self.nulls));
        let next = Vec::with_capacity(self.values.len());
        let values = ScalarBuffer::from(std::mem::replace(&mut self.values, next));
        let array = Decimal128Array::new(values, nulls).with_precision_and_scale(33, 15);
        Ok(Arc::new(array.map_err(|error| Error::bug(error.to_string()))?))
    }
}
