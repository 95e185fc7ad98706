//! What ties a file to the others: what it says of columns, and asks.

use crate::encoding::{decode, encode};
use rowmill_lineage::Entry;

/// Both are held as bytes: all files of a tree have them all the time, as values they would be five times as large, and they are looked at seldom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    entries: Box<[u8]>,
    asked: Box<[u8]>,
}

impl Default for Names {
    fn default() -> Names {
        Names::new(&[])
    }
}

impl Names {
    /// Of a file that is not resolved yet.
    pub fn new(entries: &[Entry]) -> Names {
        let nothing: &[String] = &[];
        Names { entries: encode(&entries).into(), asked: encode(&nothing).into() }
    }

    /// The same with the names that its lineage asked the catalogue for, ascending.
    pub fn with_asked(self, asked: &[String]) -> Names {
        Names { asked: encode(&asked).into(), ..self }
    }

    /// What it says of columns.
    pub fn entries(&self) -> Vec<Entry> {
        decode(&self.entries).unwrap_or_default()
    }

    /// Names that its lineage asked the catalogue for, ascending; none before it is resolved.
    pub fn asked(&self) -> Vec<String> {
        decode(&self.asked).unwrap_or_default()
    }

    /// Whether both say the same of columns.
    pub fn say_as(&self, other: &Names) -> bool {
        self.entries == other.entries
    }

    /// As they are kept: the length of the one, and both.
    pub fn bytes(&self) -> Vec<u8> {
        let length = (self.entries.len() as u64).to_le_bytes();
        [&length[..], &self.entries, &self.asked].concat()
    }

    /// Those that [`Names::bytes`] are; `None` where they are not.
    pub fn of(bytes: &[u8]) -> Option<Names> {
        let (length, both) = bytes.split_first_chunk()?;
        let (entries, asked) = both.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        decode::<Vec<Entry>>(entries)?;
        decode::<Vec<String>>(asked)?;
        Some(Names { entries: entries.into(), asked: asked.into() })
    }
}
