//! Pod rows, and what the pods of a node leave unused.

use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rowmill_core::{Emit, Result};
use rowmill_kernels::intern::{Interner, NULL_ID};
use rowmill_kernels::sum::FixedSum;

use super::category::Categories;
use super::context::DayContext;
use super::labelled::Labelled;
use super::rows::{Measures, Row, SummaryRows, measure};
use super::{GIB, HOUR};
use crate::openshift::fold::{Grouped, Names, PodKey, PodTotals};

/// Namespaces whose rows are no use of a node: they stand for what nobody used (COST-056).
const NOT_USE: [&str; 4] = ["Platform unallocated", "Worker unallocated", "Network unattributed", "Storage unattributed"];

/// Hours of a node's Pod rows: steps of 2^-62, range 2^64; what fits the output is below 1e18.
type Hours = FixedSum<62>;

/// The six pod metrics that unallocated rows have, by position among the eight: usage, request and effective usage of each kind.
const USED: [usize; 6] = [0, 1, 2, 4, 5, 6];

/// Roles of nodes by node and resource id.
pub type Roles = BTreeMap<(String, String), String>;

/// Writes the rows of the pods of some nodes.
pub struct PodFinish<'a, 'e> {
    pub pods: &'a Grouped<PodKey, PodTotals>,
    pub context: &'a DayContext,
    pub names: &'a mut Names,
    pub categories: &'a mut Categories,
    pub roles: &'a Roles,
    pub rows: &'a mut SummaryRows,
    pub emit: &'a mut Emit<'e>,
}

impl PodFinish<'_, '_> {
    /// All rows, node by node and namespace by namespace in the order of names, and behind each node what its pods left.
    pub fn run(&mut self) -> Result<()> {
        let order = by_node_and_namespace(self.pods, self.names);
        let (mut labelled, mut totals) = (Labelled::default(), Vec::new());
        for of_node in order.chunk_by(|left, right| self.pods.keys[*left].1 == self.pods.keys[*right].1) {
            let node = self.pods.keys[of_node[0]].1;
            let mut left_over = LeftOver::new(node);
            let capacity = measures_of_node(self.context, node);
            // They lie anywhere. Copied together they are waited for together; one after the other, each wait would be its own.
            totals.clear();
            totals.extend(of_node.iter().map(|at| self.pods.values[*at]));
            let mut rest = totals.as_slice();
            for of_namespace in of_node.chunk_by(|left, right| self.pods.keys[*left].0 == self.pods.keys[*right].0) {
                let (these, others) = rest.split_at(of_namespace.len());
                self.namespace(of_namespace, these, capacity, &mut labelled, &mut left_over)?;
                rest = others;
            }
            left_over.write(self)?;
        }
        Ok(())
    }

    /// The rows of one node and namespace, in the order of their label texts.
    fn namespace(
        &mut self,
        groups: &[usize],
        totals: &[PodTotals],
        capacity: Measures,
        labelled: &mut Labelled,
        left_over: &mut LeftOver,
    ) -> Result<()> {
        let (namespace, node, _) = self.pods.keys[groups[0]];
        let name = self.names.namespaces.get(namespace);
        let is_use = name.is_some_and(|name| !NOT_USE.contains(&name));
        let category = self.categories.of(name);
        let (largest, times) = (category.largest(), category.times());
        let bases = self.context.bases(node, namespace, &mut self.names.labels);
        labelled.clear();
        for (at, group) in groups.iter().enumerate() {
            labelled.add(at, self.pods.keys[*group].2, &bases, &self.names.labels);
        }
        for (labels, equal) in labelled.by_labels() {
            let merged;
            let sums = match equal {
                [only] if times == 1 => &totals[only.at],
                several => {
                    merged = merge(several.iter().map(|group| &totals[group.at]), times, self.names);
                    &merged
                }
            };
            let mut row =
                Row { namespace, node, resource: sums.resource, labels, measures: capacity, category: largest, has_cost: true, ..Row::default() };
            fill(&mut row, sums);
            if is_use {
                left_over.subtract(&row, self.names, self.roles);
            }
            self.rows.add(self.context.day, &row, self.names, self.emit)?;
        }
        Ok(())
    }
}

/// Positions of the groups, those of a node together and those of a namespace inside.
fn by_node_and_namespace(pods: &Grouped<PodKey, PodTotals>, names: &Names) -> Vec<usize> {
    let nodes = ranks(pods.keys.iter().map(|key| key.1), &names.nodes);
    let namespaces = ranks(pods.keys.iter().map(|key| key.0), &names.namespaces);
    let rank = |(namespace, node, _): &PodKey| u64::from(nodes[node]) << 32 | u64::from(namespaces[namespace]);
    let mut order: Vec<(u64, usize)> = pods.keys.iter().map(rank).zip(0..).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

/// The position of each number in the order of the texts.
fn ranks(ids: impl Iterator<Item = u32>, names: &Interner) -> HashMap<u32, u32, FixedState> {
    let mut ranks: HashMap<u32, u32, FixedState> = ids.map(|id| (id, 0)).collect();
    let mut distinct: Vec<u32> = ranks.keys().copied().collect();
    distinct.sort_unstable_by_key(|id| names.get(*id));
    for (id, rank) in distinct.into_iter().zip(0..) {
        ranks.insert(id, rank);
    }
    ranks
}

/// Groups whose labels turned out equal as one; a row that several categories take counts once for each (COST-014, COST-023).
fn merge<'a>(equal: impl Iterator<Item = &'a PodTotals>, times: u32, names: &Names) -> PodTotals {
    let mut merged = PodTotals::default();
    for totals in equal {
        merged.merge(totals, times);
        merged.resource = names.resources.larger(merged.resource, totals.resource);
    }
    merged
}

/// The measures that are the same for all rows of a node.
fn measures_of_node(context: &DayContext, node: u32) -> Measures {
    let (node, cluster) = (context.node_capacity(node), context.cluster_capacity());
    let mut measures = Measures::default();
    measures[measure::NODE_CORE_HOURS] = node.core_hours;
    measures[measure::NODE_GIGABYTE_HOURS] = node.gigabyte_hours;
    measures[measure::CLUSTER_CORE_HOURS] = cluster.core_hours;
    measures[measure::CLUSTER_GIGABYTE_HOURS] = cluster.gigabyte_hours;
    measures
}

/// The measures of a Pod row, each in the order of operations of the original (COST-020 to COST-022).
fn fill(row: &mut Row<'_>, totals: &PodTotals) {
    for sum in 0..8 {
        let hours = totals.seconds(sum).map(|seconds| seconds / HOUR);
        row.measures[measure::POD + sum] = if sum < 4 { hours } else { hours.map(|hours| hours * GIB) };
    }
    row.measures[measure::NODE_CORES] = totals.capacity_cores.get();
    row.measures[measure::NODE_GIGABYTES] = totals.capacity_bytes.get().map(|bytes| bytes * GIB);
}

/// What a node has left after its pods (COST-055 to COST-060).
struct LeftOver {
    node: u32,
    used: [Option<Hours>; 6],
    largest: [Option<f64>; 6],
    resource: u32,
    role: Option<String>,
    rows: usize,
    /// The resource id whose role was looked up last: most rows of a node have the same.
    asked: u32,
}

impl LeftOver {
    fn new(node: u32) -> Self {
        Self { node, used: [None; 6], largest: [None; 6], resource: NULL_ID, role: None, rows: 0, asked: NULL_ID }
    }

    /// Takes a Pod row of a namespace that uses the node into account.
    fn subtract(&mut self, row: &Row<'_>, names: &Names, roles: &Roles) {
        self.rows += 1;
        for (used, metric) in self.used.iter_mut().zip(USED) {
            if let Some(hours) = row.measures[measure::POD + metric] {
                used.get_or_insert_default().add(hours);
            }
        }
        for (largest, at) in self.largest.iter_mut().zip(measure::NODE_CORES..) {
            *largest = match (*largest, row.measures[at]) {
                (Some(known), Some(value)) => Some(known.max(value)),
                (known, value) => known.or(value),
            };
        }
        self.resource = names.resources.larger(self.resource, row.resource);
        if self.asked != row.resource {
            self.asked = row.resource;
            self.note_role(row, names, roles);
        }
    }

    fn note_role(&mut self, row: &Row<'_>, names: &Names, roles: &Roles) {
        if let (Some(node), Some(resource)) = (names.nodes.get(row.node), names.resources.get(row.resource)) {
            let role = roles.get(&(node.to_owned(), resource.to_owned()));
            self.role = self.role.take().max(role.cloned());
        }
    }

    fn write(self, finish: &mut PodFinish<'_, '_>) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let namespace = match self.role.as_deref() {
            Some("master" | "infra") => Some(NOT_USE[0]),
            Some("worker") => Some(NOT_USE[1]),
            _ => None,
        };
        let mut row = Row { namespace: finish.names.namespaces.intern_option(namespace), node: self.node, resource: self.resource, ..Row::default() };
        for (slot, metric) in USED.into_iter().enumerate() {
            let capacity = if metric < 4 { measure::NODE_CORE_HOURS } else { measure::NODE_GIGABYTE_HOURS } - measure::NODE_CORES;
            let used = self.used[slot].map(Hours::value);
            row.measures[measure::POD + metric] = self.largest[capacity].zip(used).map(|(capacity, used)| capacity - used);
        }
        for (slot, value) in self.largest.into_iter().enumerate() {
            row.measures[measure::NODE_CORES + slot] = value;
        }
        // One row per matching category: nothing is aggregated here (COST-060). With one category at most, that is one row.
        let matches = finish.categories.of(namespace);
        for at in 0..matches.times() as usize {
            row.category = matches.ids.get(at).copied();
            finish.rows.add(finish.context.day, &row, finish.names, finish.emit)?;
        }
        Ok(())
    }
}
