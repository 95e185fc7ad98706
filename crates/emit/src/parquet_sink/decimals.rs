//! A column of decimals of a row group.

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::NullBufferBuilder;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::file::statistics::Statistics;

use super::chunk::{Chunk, Values};

/// A dictionary is made where there are at least this many rows to a value: capacities repeat, usage does not.
const ROWS_PER_VALUE: usize = 4;

/// Decimals that are written as whole bytes, highest first. The library makes a piece of memory of each of them.
pub(super) struct Decimals {
    /// Those that are not NULL.
    values: Vec<i128>,
    nulls: NullBufferBuilder,
    bytes: usize,
}

impl Decimals {
    /// An empty column of values of this many bytes, at most 16.
    pub fn new(bytes: usize) -> Self {
        Self { values: Vec::new(), nulls: NullBufferBuilder::new(0), bytes }
    }

    /// Adds the rows of an array; `false` where it holds something else.
    pub fn append(&mut self, array: &ArrayRef) -> bool {
        let Some(decimals) = array.as_primitive_opt::<Decimal128Type>() else { return false };
        match decimals.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => {
                self.values.extend_from_slice(decimals.values());
                self.nulls.append_n_non_nulls(decimals.len());
            }
            Some(nulls) => {
                self.values.extend(nulls.valid_indices().map(|row| decimals.value(row)));
                self.nulls.append_buffer(nulls);
            }
        }
        true
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.values.len() * size_of::<i128>()
    }

    /// All rows, to be written.
    pub fn chunk(mut self) -> Chunk {
        let rows = self.nulls.len();
        let whole = |value: i128| value.to_be_bytes()[size_of::<i128>() - self.bytes..].to_vec();
        let bound = |value: i128| FixedLenByteArray::from(ByteArray::from(whole(value)));
        let bounds = self.values.iter().fold((i128::MAX, i128::MIN), |(least, most), &value| (least.min(value), most.max(value)));
        let (least, most) = Some(bounds).filter(|_| !self.values.is_empty()).map(|(least, most)| (bound(least), bound(most))).unzip();
        let statistics = Statistics::new(least, most, None, Some((rows - self.values.len()) as u64), false);
        let values = match coded(&self.values) {
            Some((distinct, codes)) => Values::Coded { dictionary: plain(&distinct, self.bytes), distinct: distinct.len(), codes },
            None => Values::Plain(plain(&self.values, self.bytes)),
        };
        Chunk { values, nulls: self.nulls.finish(), rows, statistics }
    }
}

fn plain(values: &[i128], bytes: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(values.len() * bytes);
    values.iter().for_each(|value| out.extend_from_slice(&value.to_be_bytes()[size_of::<i128>() - bytes..]));
    out
}

/// The distinct values and the position of each row's; `None` where they are too many to be worth it.
fn coded(values: &[i128]) -> Option<(Vec<i128>, Vec<u32>)> {
    let mut known = HashMap::<i128, u32, FixedState>::default();
    let mut distinct = Vec::new();
    let mut codes = Vec::with_capacity(values.len());
    let mut last = (*values.first()?, 0);
    distinct.push(last.0);
    known.insert(last.0, 0);
    for &value in values {
        if value != last.0 {
            let code = *known.entry(value).or_insert(distinct.len() as u32);
            if code as usize == distinct.len() {
                distinct.push(value);
            }
            last = (value, code);
        }
        codes.push(last.1);
        if distinct.len() > codes.len() / ROWS_PER_VALUE + 256 {
            return None;
        }
    }
    Some((distinct, codes))
}
