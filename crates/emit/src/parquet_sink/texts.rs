//! A column of texts of a row group.

use std::hash::BuildHasher;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use parquet::data_type::ByteArray;
use parquet::file::statistics::Statistics;

use super::chunk::{Chunk, Values};

/// Longer texts are not told as the least or most of their column: nobody looks for them, and footers should stay small.
const BOUND_BYTES: usize = 64;
/// Bytes of a length before each text.
const LENGTH_BYTES: usize = 4;

/// Texts by code: each is stored once. Of a dictionary array only the texts are looked up, not the rows.
#[derive(Default)]
pub(super) struct Texts {
    /// Each with its length before it, as Parquet has it.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    index: HashTable<u32>,
    hasher: FixedState,
    /// One per row.
    codes: Vec<u32>,
}

/// No code yet.
const UNSEEN: u32 = u32::MAX;
/// What stands for NULL.
const NULL: u32 = u32::MAX - 1;

impl Texts {
    /// Adds the rows of an array; `false` where it holds something else.
    pub fn append(&mut self, array: &ArrayRef) -> bool {
        self.codes.reserve(array.len());
        if let Some(texts) = array.as_string_opt::<i32>() {
            for text in texts {
                let code = text.map_or(NULL, |text| self.code(text));
                self.codes.push(code);
            }
            return true;
        }
        let Some(coded) = array.as_dictionary_opt::<Int32Type>() else { return false };
        let Some(texts) = coded.values().as_string_opt::<i32>() else { return false };
        let mut known = vec![UNSEEN; texts.len()];
        let nulls = coded.nulls();
        for (row, &key) in coded.keys().values().iter().enumerate() {
            let code = match nulls {
                Some(nulls) if nulls.is_null(row) => NULL,
                _ => self.code_of_key(key as usize, texts, &mut known),
            };
            self.codes.push(code);
        }
        true
    }

    #[inline]
    fn code_of_key(&mut self, key: usize, texts: &StringArray, known: &mut [u32]) -> u32 {
        if known[key] == UNSEEN {
            known[key] = if texts.is_valid(key) { self.code(texts.value(key)) } else { NULL };
        }
        known[key]
    }

    fn code(&mut self, text: &str) -> u32 {
        let hash = self.hasher.hash_one(text.as_bytes());
        let (bytes, ends) = (&self.bytes, &self.ends);
        if let Some(&code) = self.index.find(hash, |&code| at(bytes, ends, code) == text.as_bytes()) {
            return code;
        }
        let code = self.ends.len() as u32;
        self.bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
        self.index.insert_unique(hash, code, |&code| hasher.hash_one(at(bytes, ends, code)));
        code
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.bytes.len() + self.ends.len() * size_of::<usize>() + self.codes.len() * size_of::<u32>() + self.index.allocation_size()
    }

    /// All rows, to be written.
    pub fn chunk(mut self) -> Chunk {
        let rows = self.codes.len();
        let nulls = self.codes.contains(&NULL).then(|| NullBuffer::new(BooleanBuffer::collect_bool(rows, |row| self.codes[row] != NULL)));
        self.codes.retain(|code| *code != NULL);
        let distinct = self.ends.len();
        let texts = || (0..distinct as u32).map(|code| at(&self.bytes, &self.ends, code));
        let are_short = texts().all(|text| text.len() <= BOUND_BYTES);
        let bound = |text: Option<&[u8]>| text.filter(|_| are_short).map(|text| ByteArray::from(text.to_vec()));
        let statistics = Statistics::new(bound(texts().min()), bound(texts().max()), None, Some((rows - self.codes.len()) as u64), false);
        let values = match distinct {
            0 => Values::Plain(Vec::new()),
            _ => Values::Coded { dictionary: self.bytes, distinct, codes: self.codes },
        };
        Chunk { values, nulls, rows, statistics }
    }
}

fn at<'a>(bytes: &'a [u8], ends: &[usize], code: u32) -> &'a [u8] {
    let code = code as usize;
    let start = if code == 0 { 0 } else { ends[code - 1] };
    &bytes[start + LENGTH_BYTES..ends[code]]
}
