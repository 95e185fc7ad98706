//! Work on many items by a few threads, answers in the order of the items.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Parsers want a deep stack, and make one for each text where they find none. Only what is used of it takes memory.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Threads that stay: what one item needed of memory is there for the next.
pub(crate) struct Workers {
    pool: ThreadPool,
}

impl Workers {
    /// So many threads.
    ///
    /// # Errors
    /// In words, where the system gives none.
    pub fn new(threads: usize) -> Result<Workers, String> {
        let builder = ThreadPoolBuilder::new().num_threads(threads.max(1)).stack_size(STACK_BYTES).thread_name(|at| format!("lineage-{at}"));
        Ok(Workers { pool: builder.build().map_err(|e| format!("{threads} threads cannot be started: {e}"))? })
    }

    /// Maps every item. The work must not panic.
    pub fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
        self.pool.install(|| items.par_iter().with_max_len(1).map(work).collect())
    }

    /// Lets go of something large when there is time for it.
    pub fn drop_later<T: Send + 'static>(&self, value: T) {
        self.pool.spawn(move || drop(value));
    }
}
