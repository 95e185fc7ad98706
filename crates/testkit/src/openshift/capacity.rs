//! Capacity of nodes and of the cluster, from hourly rows of all nodes.

use std::collections::BTreeMap;

use super::rollup::larger;
use super::scope::{Scope, day_of};

/// A sum that skips NULL and is NULL where there is nothing else, with the sum of absolute values beside it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sum {
    pub(super) total: Option<f64>,
    pub(super) magnitude: f64,
}

impl Sum {
    pub(super) fn add(&mut self, number: Option<f64>) {
        if let Some(number) = number {
            self.total = Some(self.total.unwrap_or(0.0) + number);
            self.magnitude += number.abs();
        }
    }

    /// Total and magnitude after the same scaling.
    pub(super) fn map(self, scale: impl Fn(f64) -> f64) -> Self {
        Self { total: self.total.map(&scale), magnitude: scale(self.magnitude).abs() }
    }

    fn or_zero(self) -> Self {
        Self { total: Some(self.total.unwrap_or(0.0)), ..self }
    }
}

/// Core-seconds and byte-seconds.
type Pair = [Sum; 2];

/// Capacity by day, and by day and node.
pub(super) struct Capacity {
    nodes: BTreeMap<(i32, Option<String>), Pair>,
    cluster: BTreeMap<i32, Pair>,
    absent_is_zero: bool,
}

impl Capacity {
    pub(super) fn new(scope: &Scope<'_>) -> Self {
        let mut peaks: BTreeMap<(i64, Option<String>), [Option<f64>; 2]> = BTreeMap::new();
        for row in &scope.hours {
            let peak = peaks.entry((row.at_ms, row.node.clone())).or_default();
            peak[0] = larger(peak[0], row.capacity_core_seconds);
            peak[1] = larger(peak[1], row.capacity_byte_seconds);
        }
        let mut nodes: BTreeMap<(i32, Option<String>), Pair> = BTreeMap::new();
        for ((at_ms, node), peak) in peaks {
            let sums = nodes.entry((day_of(at_ms), node)).or_default();
            sums[0].add(peak[0]);
            sums[1].add(peak[1]);
        }
        let mut cluster: BTreeMap<i32, Pair> = BTreeMap::new();
        for ((day, _), sums) in &nodes {
            let total = cluster.entry(*day).or_default();
            total[0].add(sums[0].total);
            total[1].add(sums[1].total);
        }
        Self { nodes, cluster, absent_is_zero: scope.rules.absent_capacity_is_zero }
    }

    /// Core-seconds and byte-seconds of a node on a day.
    pub(super) fn node(&self, day: i32, node: &str) -> Pair {
        self.known(self.nodes.get(&(day, Some(node.to_owned()))))
    }

    /// Core-seconds and byte-seconds of all nodes on a day.
    pub(super) fn cluster(&self, day: i32) -> Pair {
        self.known(self.cluster.get(&day))
    }

    fn known(&self, found: Option<&Pair>) -> Pair {
        let pair = found.copied().unwrap_or_default();
        if self.absent_is_zero { pair.map(Sum::or_zero) } else { pair }
    }
}
