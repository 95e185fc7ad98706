//! How many workers may work at the same time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use crate::counters::lock;

/// How long a resting worker waits before it looks at the stop mark again.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A number of places for workers, which may change at any time. A worker takes one before it works and offers it again between batches.
pub(crate) struct Permits {
    inner: Mutex<Inner>,
    changed: Condvar,
}

struct Inner {
    places: usize,
    taken: usize,
}

impl Permits {
    pub fn new(places: usize) -> Self {
        Self { inner: Mutex::new(Inner { places: places.max(1), taken: 0 }), changed: Condvar::new() }
    }

    /// Changes the number of places, of which one always stays.
    pub fn set(&self, places: usize) {
        lock(&self.inner).places = places.max(1);
        self.changed.notify_all();
    }

    /// How many workers hold a place.
    pub fn taken(&self) -> usize {
        lock(&self.inner).taken
    }

    /// Waits for a place; returns without one where `stop` is set, which the caller looks at next. A place must be given back either way.
    pub fn take(&self, stop: &AtomicBool) {
        let mut inner = lock(&self.inner);
        while inner.taken >= inner.places && !stop.load(Ordering::Relaxed) {
            let waited = self.changed.wait_timeout(inner, LOOK_EVERY);
            inner = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
        inner.taken += 1;
    }

    /// Whether there are more workers than places, so that one should rest.
    pub fn too_many(&self) -> bool {
        let inner = lock(&self.inner);
        inner.taken > inner.places
    }

    /// Gives a place back.
    pub fn give_back(&self) {
        lock(&self.inner).taken -= 1;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn no_more_workers_than_places_work_and_all_of_them_come_to_their_end() {
        let permits = Permits::new(4);
        let stop = AtomicBool::new(false);
        let (most, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    permits.take(&stop);
                    for step in 0..30 {
                        if step == 10 {
                            permits.set(1);
                        }
                        if permits.too_many() {
                            permits.give_back();
                            permits.take(&stop);
                        }
                        if step > 20 {
                            most.fetch_max(permits.taken(), Ordering::Relaxed);
                        }
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    permits.give_back();
                    done.fetch_add(1, Ordering::Relaxed);
                });
            }
        });
        assert_eq!((done.into_inner(), permits.taken()), (4, 0));
        // Each gives its place back at its next step, so for a moment there are some more than one.
        assert!(most.into_inner() <= 4);
    }

    #[test]
    fn a_resting_worker_wakes_when_the_run_stops() {
        let permits = Permits::new(1);
        let stop = AtomicBool::new(false);
        permits.take(&stop);
        std::thread::scope(|scope| {
            let resting = scope.spawn(|| permits.take(&stop));
            stop.store(true, Ordering::Relaxed);
            assert!(resting.join().is_ok());
        });
    }
}
