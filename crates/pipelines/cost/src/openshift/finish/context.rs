//! What the rows of a day need beside their own group: label partners and capacity.

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rowmill_core::day::Day;
use rowmill_kernels::intern::NULL_ID;
use rowmill_kernels::labels::{EMPTY_LABELS, LabelTable};

use super::{GIB, HOUR};
use crate::openshift::fold::{ByteSeconds, CoreSeconds, DayState, Names};
use crate::openshift::options::Rules;

/// Capacity over a day: core-hours and gigabyte-hours; NULL where no interval has a value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Capacity {
    pub core_hours: Option<f64>,
    pub gigabyte_hours: Option<f64>,
}

/// Label sets and capacity of one day.
pub struct DayContext {
    pub day: Day,
    node_labels: HashMap<u32, Vec<u32>, FixedState>,
    namespace_labels: HashMap<u32, Vec<u32>, FixedState>,
    node_capacity: HashMap<u32, Capacity, FixedState>,
    cluster_capacity: Capacity,
    absent: Capacity,
}

/// The partner of a row whose node or namespace has no labels (COST-012).
const NO_LABELS: &[u32] = &[EMPTY_LABELS];

#[derive(Clone, Copy, Default)]
struct CapacitySum {
    cores: CoreSeconds,
    bytes: ByteSeconds,
    has_cores: bool,
    has_bytes: bool,
}

impl CapacitySum {
    fn add(&mut self, cores: Option<f64>, bytes: Option<f64>) {
        if let Some(cores) = cores {
            self.cores.add(cores);
            self.has_cores = true;
        }
        if let Some(bytes) = bytes {
            self.bytes.add(bytes);
            self.has_bytes = true;
        }
    }

    fn capacity(self, absent: Capacity) -> Capacity {
        Capacity {
            core_hours: self.has_cores.then(|| self.cores.value() / HOUR).or(absent.core_hours),
            gigabyte_hours: self.has_bytes.then(|| self.bytes.value() / HOUR * GIB).or(absent.gigabyte_hours),
        }
    }
}

impl DayContext {
    /// Works them out of a day's state.
    pub fn of(day: Day, state: &DayState, names: &mut Names, rules: &Rules) -> Self {
        let absent = match rules.absent_capacity_is_zero {
            true => Capacity { core_hours: Some(0.0), gigabyte_hours: Some(0.0) },
            false => Capacity::default(),
        };
        let mut nodes = HashMap::<u32, CapacitySum, FixedState>::default();
        let mut cluster = CapacitySum::default();
        for (_, node, (cores, bytes)) in state.peaks.iter() {
            nodes.entry(node).or_default().add(cores.get(), bytes.get());
            cluster.add(cores.get(), bytes.get());
        }
        Self {
            day,
            node_labels: partners(state.node_labels.iter(), &mut names.labels, rules),
            namespace_labels: partners(state.namespace_labels.iter(), &mut names.labels, rules),
            // A NULL node counts for the cluster but is joined to nothing (COST-016).
            node_capacity: nodes.into_iter().filter(|(node, _)| *node != NULL_ID).map(|(node, sum)| (node, sum.capacity(absent))).collect(),
            cluster_capacity: cluster.capacity(absent),
            absent,
        }
    }

    /// The label sets of a node: one partner each; a NULL node has none but the empty one.
    pub fn node_labels(&self, node: u32) -> &[u32] {
        self.node_labels.get(&node).map_or(NO_LABELS, Vec::as_slice)
    }

    /// The label sets of a namespace.
    pub fn namespace_labels(&self, namespace: u32) -> &[u32] {
        self.namespace_labels.get(&namespace).map_or(NO_LABELS, Vec::as_slice)
    }

    pub fn node_capacity(&self, node: u32) -> Capacity {
        self.node_capacity.get(&node).copied().unwrap_or(self.absent)
    }

    pub fn cluster_capacity(&self) -> Capacity {
        self.cluster_capacity
    }

    /// Every partner of a row of this node and namespace, merged: node first, namespace over it (COST-013).
    pub fn bases(&self, node: u32, namespace: u32, labels: &mut LabelTable) -> Vec<u32> {
        let of_namespace = self.namespace_labels(namespace);
        let merge = |of_node: &u32| of_namespace.iter().map(|over| labels.merge(*of_node, *over)).collect::<Vec<_>>();
        self.node_labels(node).iter().flat_map(merge).collect()
    }

    pub fn resident_bytes(&self) -> usize {
        self.node_labels.allocation_size() + self.namespace_labels.allocation_size() + self.node_capacity.allocation_size()
    }
}

/// Distinct label sets by name; NULL names match nothing and are left out. Every member is a partner of its own, so two of them double
/// the sums of their rows (COST-014), unless the union is asked for (COST-C01).
fn partners<'a>(pairs: impl Iterator<Item = &'a (u32, u32)>, labels: &mut LabelTable, rules: &Rules) -> HashMap<u32, Vec<u32>, FixedState> {
    let mut sets = HashMap::<u32, Vec<u32>, FixedState>::default();
    for &(name, set) in pairs.filter(|(name, _)| *name != NULL_ID) {
        let members = sets.entry(name).or_default();
        match members.first_mut() {
            Some(union) if rules.union_label_sets => *union = labels.union_larger(*union, set),
            _ => members.push(set),
        }
    }
    sets
}
