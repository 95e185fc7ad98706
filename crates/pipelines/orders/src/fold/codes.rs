//! Values to small numbers, and sets of those.

use std::collections::HashMap;

/// The code of NULL; groups of it are kept like others and never written.
pub const NULL: u32 = 0;
/// Values below this have a place of their own; identifiers of securities and participants are small numbers.
const DIRECT: u64 = 1 << 20;

/// Numbers for values: 0 for NULL, then 1, 2, … in the order in which values are met.
#[derive(Debug)]
pub struct CodeTable {
    values: Vec<i64>,
    direct: Vec<u32>,
    others: HashMap<i64, u32>,
}

impl Default for CodeTable {
    fn default() -> Self {
        Self { values: vec![0], direct: Vec::new(), others: HashMap::new() }
    }
}

impl CodeTable {
    /// The code of a value.
    #[inline]
    pub fn code(&mut self, value: i64) -> u32 {
        match self.direct.get(value as usize) {
            Some(code) if *code != NULL => *code,
            _ => self.slow(value),
        }
    }

    #[cold]
    fn slow(&mut self, value: i64) -> u32 {
        let next = self.values.len() as u32;
        let code = if (value as u64) < DIRECT {
            let at = value as usize;
            if at >= self.direct.len() {
                self.direct.resize((at + 1).next_power_of_two(), NULL);
            }
            self.direct[at] = next;
            next
        } else {
            *self.others.entry(value).or_insert(next)
        };
        if code == next {
            self.values.push(value);
        }
        code
    }

    /// The code of a value that was met, else that of NULL.
    pub fn find(&self, value: i64) -> u32 {
        match usize::try_from(value).ok().and_then(|at| self.direct.get(at)) {
            Some(code) => *code,
            None => self.others.get(&value).copied().unwrap_or(NULL),
        }
    }

    /// The values in the order of their codes; the first stands for NULL.
    pub fn values(&self) -> &[i64] {
        &self.values
    }

    /// How many codes there are, that of NULL included.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The codes, without that of NULL, by ascending value.
    pub fn sorted(&self) -> Vec<u32> {
        let mut codes: Vec<u32> = (1..self.len() as u32).collect();
        codes.sort_unstable_by_key(|code| self.values[*code as usize]);
        codes
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        self.values.capacity() * 8 + self.direct.capacity() * 4 + self.others.capacity() * 24
    }
}

/// A set of codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeSet(Vec<u64>);

impl CodeSet {
    /// Adds a code; answers by how many words the set grew.
    #[inline]
    pub fn add(&mut self, code: u32) -> usize {
        let (word, bit) = (code as usize / 64, 1 << (code % 64));
        match self.0.get_mut(word) {
            Some(word) => {
                *word |= bit;
                0
            }
            None => self.grow(word, bit),
        }
    }

    #[cold]
    fn grow(&mut self, word: usize, bit: u64) -> usize {
        let before = self.0.len();
        self.0.resize(word + 1, 0);
        self.0[word] = bit;
        self.0.len() - before
    }

    /// Adds all codes of another set.
    pub fn merge(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    /// How many codes are in it, without that of NULL.
    pub fn count(&self) -> i64 {
        let all: u32 = self.0.iter().map(|word| word.count_ones()).sum();
        i64::from(all) - i64::from(self.0.first().copied().unwrap_or(0) & 1 == 1)
    }

    /// The codes in it, ascending.
    pub fn codes(&self) -> impl Iterator<Item = u32> {
        self.0.iter().enumerate().flat_map(|(at, word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at as u32 * 64 + bit))
    }

    /// The set as bytes, for carrying it elsewhere.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// The inverse of [`CodeSet::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.chunks_exact(8).map(|word| word.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_one_code_wherever_it_lies() {
        let mut table = CodeTable::default();
        let values = [5, -1, 0, i64::MAX, i64::MIN, 1 << 20, (1 << 20) - 1, 110_621];
        let codes: Vec<u32> = values.iter().map(|value| table.code(*value)).collect();
        assert_eq!(codes, (1..=8).collect::<Vec<_>>());
        assert_eq!(values.iter().map(|value| table.code(*value)).collect::<Vec<_>>(), codes);
        let sorted: Vec<i64> = table.sorted().into_iter().map(|code| table.values()[code as usize]).collect();
        assert_eq!(sorted, [i64::MIN, -1, 0, 5, 110_621, (1 << 20) - 1, 1 << 20, i64::MAX]);
    }

    #[test]
    fn sets_count_what_is_in_them_but_not_null() {
        let mut set = CodeSet::default();
        [NULL, 3, 63, 64, 3, 500].into_iter().for_each(|code| _ = set.add(code));
        assert_eq!((set.count(), set.codes().collect::<Vec<_>>()), (4, vec![0, 3, 63, 64, 500]));
        assert_eq!(CodeSet::from_bytes(&set.to_bytes()), set);
        let mut other = CodeSet::default();
        other.add(7);
        other.merge(&set);
        assert_eq!(other.count(), 5);
    }
}
