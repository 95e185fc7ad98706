//! Attributes as they are written.

use std::borrow::Cow;

use crate::entities::unescape_value;

/// An attribute of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Its name without the prefix.
    pub name: &'a str,
    /// What is between the quotes, as it is written.
    pub raw: &'a str,
    /// Whether the value is what is written; else it has entities or line ends, and [`value`](Self::value) makes another text of it.
    pub is_plain: bool,
}

impl<'a> Attribute<'a> {
    /// The value: entities replaced, and each tab and line end a blank.
    #[inline]
    pub fn value(&self) -> Cow<'a, str> {
        if self.is_plain { Cow::Borrowed(self.raw) } else { Cow::Owned(unescape_value(self.raw)) }
    }
}

/// Finds out whether names are given twice, in little time for the few attributes of most elements and for many.
#[derive(Debug, Default)]
pub(crate) struct Names {
    fingerprints: Vec<u64>,
}

/// Up to this many names every one is compared with every other.
const FEW: usize = 16;

impl Names {
    /// No names.
    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        self.fingerprints.clear();
    }

    /// How many there are.
    #[inline(always)]
    pub(crate) fn count(&self) -> usize {
        self.fingerprints.len()
    }

    /// Adds a name.
    #[inline(always)]
    pub(crate) fn push(&mut self, name: &[u8]) {
        self.fingerprints.push(fingerprint(name));
    }

    /// Whether two names look the same. Equal names always do; others nearly never.
    #[inline]
    pub(crate) fn may_repeat(&mut self) -> bool {
        let names = &mut self.fingerprints;
        if names.len() <= FEW {
            return names.iter().enumerate().any(|(at, name)| names[..at].contains(name));
        }
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }
}

/// The length, the first eight bytes and the last eight, mixed.
#[inline(always)]
fn fingerprint(name: &[u8]) -> u64 {
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
    let (first, last) = match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    (first.wrapping_mul(MIX) ^ last.rotate_left(31)).wrapping_mul(MIX) ^ name.len() as u64
}
