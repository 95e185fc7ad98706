//! Pod rows, and what the pods of a node leave unused.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rowmill_core::{Emit, Result};
use rowmill_kernels::intern::{Interner, NULL_ID};
use rowmill_kernels::labels::NULL_LABELS;
use rowmill_kernels::sum::FixedSum;

use super::category::Categories;
use super::context::DayContext;
use super::rows::{Row, SummaryRows, measure};
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

/// Writes the rows of the pods of some nodes, node by node, in the order of names.
#[allow(clippy::too_many_arguments, reason = "the parts of the finisher, borrowed one by one")]
pub fn finish(
    pods: &Grouped<PodKey, PodTotals>,
    context: &DayContext,
    names: &mut Names,
    categories: &mut Categories,
    roles: &Roles,
    rows: &mut SummaryRows,
    emit: &mut Emit<'_>,
) -> Result<()> {
    let order = by_node_and_namespace(pods, names);
    for of_node in order.chunk_by(|left, right| pods.keys[*left].1 == pods.keys[*right].1) {
        let node = pods.keys[of_node[0]].1;
        let mut left_over = LeftOver::new(node);
        for of_namespace in of_node.chunk_by(|left, right| pods.keys[*left].0 == pods.keys[*right].0) {
            let namespace = pods.keys[of_namespace[0]].0;
            let category = categories.of(names.namespaces.get(namespace));
            let groups =
                regroup(of_namespace.iter().map(|at| (pods.keys[*at].2, &pods.values[*at])), (node, namespace), category.times(), context, names);
            for (labels, totals) in groups {
                let mut row = Row {
                    namespace: names.namespaces.get(namespace),
                    node: names.nodes.get(node),
                    resource: names.resources.get(totals.resource),
                    labels: labels.as_deref(),
                    category: category.largest(),
                    has_cost: true,
                    ..Row::default()
                };
                fill(&mut row, &totals, node, context);
                left_over.subtract(&row, &totals, names, roles);
                rows.add(context.day, &row, emit)?;
            }
        }
        left_over.write(names, categories, context, rows, emit)?;
    }
    Ok(())
}

/// Positions of the groups, those of a node together and those of a namespace inside.
fn by_node_and_namespace(pods: &Grouped<PodKey, PodTotals>, names: &Names) -> Vec<usize> {
    let node_ranks = ranks(pods.keys.iter().map(|key| key.1), &names.nodes);
    let namespace_ranks = ranks(pods.keys.iter().map(|key| key.0), &names.namespaces);
    let mut order: Vec<usize> = (0..pods.len()).collect();
    order.sort_unstable_by_key(|at| {
        let (namespace, node, _) = pods.keys[*at];
        (node_ranks.get(&node), namespace_ranks.get(&namespace))
    });
    order
}

/// The position of each number in the order of the texts.
fn ranks(ids: impl Iterator<Item = u32>, names: &Interner) -> HashMap<u32, usize> {
    let mut distinct: Vec<u32> = ids.collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.sort_by_key(|id| names.get(*id));
    distinct.into_iter().enumerate().map(|(rank, id)| (id, rank)).collect()
}

/// Groups of one node and namespace by their merged labels (COST-013, COST-014, COST-023), in the order of the label texts.
fn regroup<'a>(
    groups: impl Iterator<Item = (u32, &'a PodTotals)>,
    (node, namespace): (u32, u32),
    times: u32,
    context: &DayContext,
    names: &mut Names,
) -> Vec<(Option<String>, PodTotals)> {
    let bases = context.bases(node, namespace, &mut names.labels);
    let mut merged = HashMap::<u32, PodTotals>::new();
    for (labels, totals) in groups {
        for base in &bases {
            let labels = if labels == NULL_LABELS { NULL_LABELS } else { names.labels.merge(*base, labels) };
            let group = merged.entry(labels).or_default();
            group.merge(totals, times);
            group.resource = names.resources.larger(group.resource, totals.resource);
        }
    }
    let mut sorted: Vec<_> = merged.into_iter().map(|(labels, totals)| (names.labels.json(labels), totals)).collect();
    sorted.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    sorted
}

/// The measures of a Pod row, each in the order of operations of the original (COST-020 to COST-022).
fn fill(row: &mut Row<'_>, totals: &PodTotals, node: u32, context: &DayContext) {
    for sum in 0..8 {
        let hours = totals.seconds(sum).map(|seconds| seconds / HOUR);
        row.measures[measure::POD + sum] = if sum < 4 { hours } else { hours.map(|hours| hours * GIB) };
    }
    row.measures[measure::NODE_CORES] = totals.capacity_cores.get();
    row.measures[measure::NODE_GIGABYTES] = totals.capacity_bytes.get().map(|bytes| bytes * GIB);
    let capacity = context.node_capacity(node);
    row.measures[measure::NODE_CORE_HOURS] = capacity.core_hours;
    row.measures[measure::NODE_GIGABYTE_HOURS] = capacity.gigabyte_hours;
    let cluster = context.cluster_capacity();
    row.measures[measure::CLUSTER_CORE_HOURS] = cluster.core_hours;
    row.measures[measure::CLUSTER_GIGABYTE_HOURS] = cluster.gigabyte_hours;
}

/// What a node has left after its pods (COST-055 to COST-060).
struct LeftOver {
    node: u32,
    used: [Option<Hours>; 6],
    largest: [Option<f64>; 6],
    resource: u32,
    role: Option<String>,
    rows: usize,
}

impl LeftOver {
    fn new(node: u32) -> Self {
        Self { node, used: [None; 6], largest: [None; 6], resource: NULL_ID, role: None, rows: 0 }
    }

    /// Takes a Pod row into account, unless its namespace is NULL or stands for no use.
    fn subtract(&mut self, row: &Row<'_>, totals: &PodTotals, names: &Names, roles: &Roles) {
        if row.namespace.is_none_or(|namespace| NOT_USE.contains(&namespace)) {
            return;
        }
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
        self.resource = names.resources.larger(self.resource, totals.resource);
        if let (Some(node), Some(resource)) = (row.node, row.resource) {
            let role = roles.get(&(node.to_owned(), resource.to_owned()));
            self.role = self.role.take().max(role.cloned());
        }
    }

    fn write(self, names: &Names, categories: &mut Categories, context: &DayContext, rows: &mut SummaryRows, emit: &mut Emit<'_>) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let namespace = match self.role.as_deref() {
            Some("master" | "infra") => Some(NOT_USE[0]),
            Some("worker") => Some(NOT_USE[1]),
            _ => None,
        };
        let mut row = Row { namespace, node: names.nodes.get(self.node), resource: names.resources.get(self.resource), ..Row::default() };
        for (slot, metric) in USED.into_iter().enumerate() {
            let capacity = if metric < 4 { measure::NODE_CORE_HOURS } else { measure::NODE_GIGABYTE_HOURS } - measure::NODE_CORES;
            let used = self.used[slot].map(Hours::value);
            row.measures[measure::POD + metric] = self.largest[capacity].zip(used).map(|(capacity, used)| capacity - used);
        }
        for (slot, value) in self.largest.into_iter().enumerate() {
            row.measures[measure::NODE_CORES + slot] = value;
        }
        // One row per matching category: nothing is aggregated here (COST-060). With one category at most, that is one row.
        let matches = categories.of(namespace);
        for at in 0..matches.times() as usize {
            row.category = matches.ids.get(at).copied();
            rows.add(context.day, &row, emit)?;
        }
        Ok(())
    }
}
