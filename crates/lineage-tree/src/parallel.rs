//! Work on many items by a few threads, answers in the order of the items.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Parsers want a deep stack, and make one for each text where they find none. Only what is used of it takes memory.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Maps every item on up to `threads` threads. The work must not panic.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = threads.clamp(1, items.len().max(1));
    if items.len() < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        let run = || {
            let mut own = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(at) else { break };
                own.push((at, work(item)));
            }
            done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut own);
        };
        let spawned = (0..threads).filter(|_| std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run).is_ok()).count();
        if spawned == 0 {
            // The system has no thread to give: this one does it.
            run();
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}
