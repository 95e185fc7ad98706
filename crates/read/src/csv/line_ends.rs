//! Line ends that lie ahead.

use super::blocks::BLOCK_BYTES;

/// How far ahead line ends are looked for at a time: what is found must still be in the first-level cache when it is used.
const AHEAD_BYTES: usize = 8 << 10;

/// The next line ends of a text.
///
/// A scanner that finds the end of a record only after it looked at the record must wait for it before it can begin with the next. Found in
/// advance, where the records begin is known, and the processor works on several of them at once.
#[derive(Default)]
pub(super) struct LineEnds {
    places: Vec<u32>,
    used: usize,
    found: usize,
}

impl LineEnds {
    pub(super) fn new() -> Self {
        // A block may have as many as it has bytes.
        Self { places: vec![0; AHEAD_BYTES + BLOCK_BYTES], used: 0, found: 0 }
    }

    /// What was found belongs to another text, or to one that moved.
    pub(super) fn forget(&mut self) {
        (self.used, self.found) = (0, 0);
    }

    /// The next line end; `None` where they must be looked for.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<usize> {
        let place = *self.places[..self.found].get(self.used)?;
        self.used += 1;
        Some(place as usize)
    }

    /// Looks for line ends from `at` on, until there is one at least, and answers the first; `until` where there is none before it.
    /// `newlines` says for each place which bytes of the block there are line ends.
    #[inline(always)]
    pub(super) fn find(&mut self, newlines: impl Fn(usize) -> u64, mut at: usize, until: usize) -> usize {
        let mut found = 0;
        while found == 0 && at < until {
            for block in (at..until.min(at + AHEAD_BYTES)).step_by(BLOCK_BYTES) {
                let mut bits = newlines(block);
                // One is written whether there is one or not: most blocks have none or one, and which it is cannot be guessed.
                self.places[found] = (block as u32).wrapping_add(bits.trailing_zeros());
                found += usize::from(bits != 0);
                bits &= bits.wrapping_sub(1);
                while bits != 0 {
                    self.places[found] = block as u32 + bits.trailing_zeros();
                    found += 1;
                    bits &= bits - 1;
                }
            }
            at += AHEAD_BYTES;
        }
        (self.used, self.found) = (1, found);
        if found == 0 { until } else { self.places[0] as usize }
    }
}
