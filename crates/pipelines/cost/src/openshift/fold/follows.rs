//! Guessing the group of a row from that of the row before.

use super::day::POD_PARTS;

/// The group of a pod row in the state of its day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Group {
    pub part: u32,
    pub at: u32,
}

/// By group: the group of the row that came behind it last time.
///
/// Files list the pods of each hour in much the same order, so it mostly comes behind it again. A guess is worth nothing until the key of
/// the group was compared, so nothing is wrong with one that is out of date.
#[derive(Default)]
pub struct Follows([Vec<Group>; POD_PARTS]);

/// Where no guess was made yet: a group that never is.
const NOTHING: Group = Group { part: 0, at: u32::MAX };

impl Follows {
    /// The guess for the row behind one of this group.
    #[inline]
    pub fn guess(&self, group: Group) -> Group {
        self.0[group.part as usize].get(group.at as usize).copied().unwrap_or(NOTHING)
    }

    /// Remembers what came behind a group.
    pub fn learn(&mut self, group: Group, next: Group) {
        let of_part = &mut self.0[group.part as usize];
        if of_part.len() <= group.at as usize {
            of_part.resize(group.at as usize + 1, NOTHING);
        }
        of_part[group.at as usize] = next;
    }

    /// Forgets what came behind the groups of a part, for when they were given away.
    pub fn forget(&mut self, part: usize) {
        self.0[part] = Vec::new();
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        self.0.iter().map(|of_part| of_part.capacity() * size_of::<Group>()).sum()
    }
}
