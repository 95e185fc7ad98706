//! Names of attributes that somebody asked for, numbered.

use hashbrown::HashMap;

/// Names of attributes and their numbers, from 0. What nobody asked for has none.
#[derive(Debug, Default)]
pub(super) struct Names {
    exact: HashMap<Box<str>, u32>,
    /// Names asked for without regard to case, in lower case.
    folded: HashMap<Box<str>, u32>,
    count: u32,
}

impl Names {
    /// The number of a name, in its own case.
    pub(super) fn intern(&mut self, name: &str) -> u32 {
        *self.exact.entry(name.into()).or_insert_with(|| next(&mut self.count))
    }

    /// The number of a name in any case; where an element has it in two cases, the later is meant.
    pub(super) fn intern_folded(&mut self, name: &str) -> u32 {
        *self.folded.entry(name.to_ascii_lowercase().into()).or_insert_with(|| next(&mut self.count))
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.count as usize
    }

    /// The numbers of a name, exact and folded.
    #[inline]
    pub(super) fn find(&self, name: &str) -> [Option<u32>; 2] {
        let folded = if self.folded.is_empty() { None } else { self.find_folded(name) };
        [self.exact.get(name).copied(), folded]
    }

    fn find_folded(&self, name: &str) -> Option<u32> {
        let mut lower = [0_u8; 64];
        let Some(lower) = lower.get_mut(..name.len()) else { return self.folded.get(name.to_ascii_lowercase().as_str()).copied() };
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        std::str::from_utf8(lower).ok().and_then(|lower| self.folded.get(lower).copied())
    }
}

fn next(count: &mut u32) -> u32 {
    *count += 1;
    *count - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_its_own_case_and_folded_where_that_was_asked_for() {
        let mut names = Names::default();
        let (id, folded, long) = (names.intern("ID"), names.intern_folded("Id"), names.intern_folded(&"X".repeat(100)));
        assert_eq!(names.find("ID"), [Some(id), Some(folded)]);
        assert_eq!(names.find("id"), [None, Some(folded)]);
        assert_eq!(names.find(&"x".repeat(100)), [None, Some(long)]);
        assert_eq!((names.find("other"), names.len()), ([None, None], 3));
    }
}
