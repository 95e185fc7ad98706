//! Texts to small integers, each distinct text stored once.

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// The id that stands for NULL; no text ever gets it.
pub const NULL_ID: u32 = u32::MAX;

/// Gives each distinct text a number, from 0 in the order of first sight.
#[derive(Default)]
pub struct Interner {
    bytes: String,
    ends: Vec<usize>,
    index: HashTable<u32>,
    hasher: FixedState,
}

impl Interner {
    /// The number of this text; a new one where it was not seen before.
    pub fn intern(&mut self, text: &str) -> u32 {
        let hash = self.hasher.hash_one(text.as_bytes());
        let (bytes, ends) = (&self.bytes, &self.ends);
        if let Some(&id) = self.index.find(hash, |&id| slice(bytes, ends, id) == text) {
            return id;
        }
        let id = self.ends.len() as u32;
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
        self.index.insert_unique(hash, id, |&id| hasher.hash_one(slice(bytes, ends, id).as_bytes()));
        id
    }

    /// As [`Interner::intern`], with `None` as [`NULL_ID`].
    pub fn intern_option(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NULL_ID, |text| self.intern(text))
    }

    /// The number of this text if it has one.
    pub fn find(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text.as_bytes());
        self.index.find(hash, |&id| slice(&self.bytes, &self.ends, id) == text).copied()
    }

    /// The text of a number; `None` for [`NULL_ID`] and for numbers that were never given.
    pub fn get(&self, id: u32) -> Option<&str> {
        ((id as usize) < self.ends.len()).then(|| slice(&self.bytes, &self.ends, id))
    }

    /// The larger of two texts in code point order; NULL is smaller than any text.
    pub fn larger(&self, left: u32, right: u32) -> u32 {
        if left == right || right == NULL_ID {
            return left;
        }
        if left == NULL_ID || self.get(left) < self.get(right) { right } else { left }
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>() + self.index.allocation_size()
    }
}

fn slice<'a>(bytes: &'a str, ends: &[usize], id: u32) -> &'a str {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] };
    &bytes[start..ends[id]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_equal_numbers_and_come_back() {
        let mut interner = Interner::default();
        let texts: Vec<String> = (0..2000).map(|number| format!("text-{}", number % 700)).collect();
        let ids: Vec<u32> = texts.iter().map(|text| interner.intern(text)).collect();
        assert_eq!(interner.len(), 700);
        for (text, id) in texts.iter().zip(ids) {
            assert_eq!(interner.get(id), Some(text.as_str()));
            assert_eq!(interner.find(text), Some(id));
        }
        assert_eq!(interner.find("other"), None);
        assert_eq!(interner.get(NULL_ID), None);
    }

    #[test]
    fn larger_is_by_code_point_and_null_is_smallest() {
        let mut interner = Interner::default();
        let [upper, lower, mixed, wide] = ["i-ABC", "i-abc", "i-Zz", "i-é"].map(|text| interner.intern(text));
        assert_eq!(interner.larger(upper, lower), lower);
        assert_eq!(interner.larger(mixed, lower), lower);
        assert_eq!(interner.larger(wide, lower), wide);
        assert_eq!(interner.larger(NULL_ID, upper), upper);
        assert_eq!(interner.larger(upper, NULL_ID), upper);
        assert_eq!(interner.larger(NULL_ID, NULL_ID), NULL_ID);
    }
}
