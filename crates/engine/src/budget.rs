//! How the memory of a run is shared out.

use rowmill_core::plan::Budget;

const MIB: u64 = 1 << 20;

/// What the process has before a run starts: the JavaScript engine, the driver, the addon's code.
pub const PROCESS_BYTES: u64 = 96 * MIB;
/// Bytes of a decoded batch, at most.
const BATCH_BYTES: u64 = 4 * MIB;
/// Batches that a reader holds at once: the one being decoded, its pages and dictionaries.
const READER_BATCHES: u64 = 3;
/// Output waiting for the sink: bounded channels of batches and of bytes.
pub const OUTPUT_BYTES: u64 = 16 * MIB;
/// A fold never gets less than this, or it would spill at every batch.
const LEAST_FOLD_BYTES: u64 = 4 * MIB;

/// The shares of one run, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Decoded size of a batch.
    pub batch_bytes: u64,
    /// What one reader holds.
    pub reader_bytes: u64,
    /// State that one fold may hold before it spills.
    pub fold_bytes: u64,
}

impl Shares {
    /// Shares out a budget: what the process, the readers and the output do not take is the folds', half of it kept free for merging
    /// and for what the allocator holds back.
    pub fn of(budget: &Budget) -> Self {
        let threads = u64::from(budget.threads.max(1));
        let reader_bytes = BATCH_BYTES * READER_BATCHES;
        let taken = PROCESS_BYTES + OUTPUT_BYTES + threads * reader_bytes;
        let folds = budget.memory.saturating_sub(taken) / 2;
        let fold_bytes = budget.fold_bytes.unwrap_or((folds / threads).max(LEAST_FOLD_BYTES));
        Self { batch_bytes: BATCH_BYTES, reader_bytes, fold_bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(memory: u64, threads: u32) -> Budget {
        Budget { memory, threads, spill: String::new(), fold_bytes: None, batch_rows: 8192 }
    }

    #[test]
    fn the_shares_stay_inside_the_budget() {
        for (memory, threads) in [(300 * MIB, 1), (300 * MIB, 2), (1024 * MIB, 8)] {
            let shares = Shares::of(&budget(memory, threads));
            let all = PROCESS_BYTES + OUTPUT_BYTES + u64::from(threads) * (shares.reader_bytes + shares.fold_bytes);
            assert!(all <= memory, "{all} of {memory}");
        }
        assert_eq!(Shares::of(&budget(128 * MIB, 64)).fold_bytes, LEAST_FOLD_BYTES);
    }
}
