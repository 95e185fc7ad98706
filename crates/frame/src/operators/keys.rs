//! Keys of rows, and numbers for them: the first key that is met is 0, the next new one 1.

use arrow_array::{Array, Int64Array, RecordBatch};
use arrow_schema::DataType;
use hashbrown::HashMap;
use rowmill_core::{Code, Error, Result};

use super::column::{integers, named};
use crate::columns::Texts;

/// The key columns of a batch.
pub(super) struct Keys<'a> {
    columns: Vec<Column<'a>>,
}

enum Column<'a> {
    Integers(Int64Array),
    Texts(Texts<'a>),
}

impl<'a> Keys<'a> {
    /// # Errors
    /// `INPUT_COLUMN_MISSING`; `INPUT_COLUMN_TYPE` for a column that is neither text nor a whole number.
    pub fn of(batch: &'a RecordBatch, names: &[String]) -> Result<Self> {
        let column = |name: &String| {
            let array = named(batch, name)?;
            match array.data_type() {
                DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..) => Texts::of(name, array).map(Column::Texts),
                _ => integers(batch, name).map(Column::Integers),
            }
        };
        Ok(Self { columns: names.iter().map(column).collect::<Result<_>>()? })
    }

    /// The value of the only key column, an integer.
    fn single(&self, row: usize) -> Option<i64> {
        match &self.columns[..] {
            [Column::Integers(array)] if array.is_valid(row) => Some(array.value(row)),
            _ => None,
        }
    }

    /// Writes the key of a row so that two are the same bytes only where they are equal; `false` where a value is NULL.
    fn write(&self, row: usize, out: &mut Vec<u8>) -> bool {
        out.clear();
        self.columns.iter().all(|column| match column {
            Column::Integers(array) => {
                out.extend_from_slice(&array.value(row).to_le_bytes());
                array.is_valid(row)
            }
            Column::Texts(texts) => texts.get(row).is_some_and(|text| {
                out.extend_from_slice(&(text.len() as u64).to_le_bytes());
                out.extend_from_slice(text.as_bytes());
                true
            }),
        })
    }

    fn shape(&self) -> Vec<Shape> {
        self.columns.iter().map(|column| if matches!(column, Column::Integers(_)) { Shape::Integer } else { Shape::Text }).collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Integer,
    Text,
}

/// Keys and their numbers. One integer takes 16 bytes or so; longer keys also their bytes.
#[derive(Default)]
pub(super) struct Index {
    shape: Option<Vec<Shape>>,
    integers: HashMap<i64, u32>,
    others: HashMap<Box<[u8]>, u32>,
    scratch: Vec<u8>,
}

impl Index {
    /// How many keys it has.
    pub fn len(&self) -> usize {
        self.integers.len() + self.others.len()
    }

    /// The number of each row's key, new keys included; `None` for a key with a NULL.
    pub fn assign(&mut self, batch: &RecordBatch, names: &[String]) -> Result<Vec<Option<u32>>> {
        let keys = Keys::of(batch, names)?;
        let shape = keys.shape();
        let is_single = self.check(&shape, names)?;
        self.shape = Some(shape);
        (0..batch.num_rows()).map(|row| if is_single { self.assign_single(keys.single(row)) } else { self.assign_other(&keys, row) }).collect()
    }

    fn assign_single(&mut self, key: Option<i64>) -> Result<Option<u32>> {
        let Some(key) = key else { return Ok(None) };
        let next = number(self.integers.len())?;
        Ok(Some(*self.integers.entry(key).or_insert(next)))
    }

    fn assign_other(&mut self, keys: &Keys<'_>, row: usize) -> Result<Option<u32>> {
        if !keys.write(row, &mut self.scratch) {
            return Ok(None);
        }
        if let Some(known) = self.others.get(self.scratch.as_slice()) {
            return Ok(Some(*known));
        }
        let next = number(self.others.len())?;
        self.others.insert(self.scratch.as_slice().into(), next);
        Ok(Some(next))
    }

    /// The number of each row's key among those that are known, and how many rows have a key with a NULL.
    pub fn find(&mut self, batch: &RecordBatch, names: &[String]) -> Result<(Vec<Option<u32>>, u64)> {
        let keys = Keys::of(batch, names)?;
        let is_single = self.check(&keys.shape(), names)?;
        let mut without = 0;
        let find = |row: usize| {
            if is_single {
                let key = keys.single(row);
                without += u64::from(key.is_none());
                return key.and_then(|key| self.integers.get(&key).copied());
            }
            let is_key = keys.write(row, &mut self.scratch);
            without += u64::from(!is_key);
            is_key.then(|| self.others.get(self.scratch.as_slice()).copied()).flatten()
        };
        let found = (0..batch.num_rows()).map(find).collect();
        Ok((found, without))
    }

    /// Whether keys are single integers, given that they are what they were before.
    fn check(&self, shape: &[Shape], names: &[String]) -> Result<bool> {
        let known = self.shape.as_deref().unwrap_or(shape);
        if known == shape {
            return Ok(matches!(shape, [Shape::Integer]));
        }
        if known.len() != shape.len() {
            let message = format!("the key has {} columns on one side and {} on the other", known.len(), shape.len());
            return Err(Error::new(Code::PlanInvalid, message).column(names.join(",")).help("Name as many key columns for both sides"));
        }
        let at = known.iter().zip(shape).position(|(left, right)| left != right).unwrap_or(0);
        Err(Error::new(Code::InputColumnType, "the key is text on one side and an integer on the other")
            .column(names.get(at).cloned().unwrap_or_default())
            .help("Say for both sides how the column is to be read"))
    }
}

fn number(known: usize) -> Result<u32> {
    u32::try_from(known).map_err(|_| {
        Error::new(Code::BudgetExceeded, "there are more than 4,294,967,296 different keys").help("Split the input by its key, and work on the parts")
    })
}
