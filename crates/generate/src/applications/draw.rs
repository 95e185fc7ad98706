//! Draws that depend on nothing but the seed, the document and how many were made before.

use crate::noise::noise;

/// A sequence of draws.
#[derive(Clone, Debug)]
pub(super) struct Draw {
    seed: u64,
    document: u64,
    count: u64,
}

impl Draw {
    /// The draws of a document.
    pub(super) fn new(seed: u64, document: u64) -> Self {
        Self { seed, document, count: 0 }
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.count += 1;
        noise([self.seed, self.document, self.count])
    }

    /// A number from 0 to before `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.bits() % end.max(1)
    }

    /// A number from `first` to `last`.
    pub(super) fn from(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A share from 0 to before 1.
    pub(super) fn share(&mut self) -> f64 {
        self.below(1 << 53) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// A number whose logarithm is normal: half of all are below `median`.
    pub(super) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        // Twelve shares are normal enough, and their sum is the same on every machine; so is the power by squaring.
        let normal = (0..12).map(|_| self.share()).sum::<f64>() - 6.0;
        median * (1.0 + normal * sigma / 4096.0).powi(4096)
    }
}
