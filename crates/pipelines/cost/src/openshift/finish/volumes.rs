//! Storage rows: volume claims, the nodes they are mounted on, and their labels.

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};
use rowmill_core::{Code, Emit, Error, Result};
use rowmill_kernels::intern::NULL_ID;
use rowmill_kernels::labels::NULL_LABELS;

use super::GIB;
use super::category::Categories;
use super::context::DayContext;
use super::rows::{Row, SummaryRows, measure};
use crate::openshift::fold::{DayState, Grouped, Names, VolumeKey, VolumeTotals};
use crate::openshift::options::{Options, Rules};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// A node and resource id that a claim's pod ran on, with the volume by which it was found.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Mount {
    volume: u32,
    node: u32,
    resource: u32,
}

/// Claim, pod and namespace.
type MountKey = (u32, u32, u32);

/// What tells Storage rows of a day apart (COST-045).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct StorageKey {
    namespace: u32,
    node: u32,
    resource: u32,
    claim: u32,
    volume: u32,
    class: u32,
    csi_handle: u32,
    labels: u32,
}

/// Where volumes are mounted on a day.
struct Mounts {
    by_claim: HashMap<MountKey, Vec<Mount>, FixedState>,
    /// Distinct nodes by volume; a volume that only pods without a node mount has an empty set.
    nodes: HashMap<u32, HashSet<u32, FixedState>, FixedState>,
}

impl Mounts {
    /// Joins volume rows with the pods of equal namespace, name and day (COST-040, COST-041).
    fn of(state: &DayState) -> Self {
        let mut wanted = HashMap::<(u32, u32), Vec<(u32, u32)>, FixedState>::default();
        for key in &state.volumes.keys {
            if key.namespace != NULL_ID && key.pod != NULL_ID {
                wanted.entry((key.namespace, key.pod)).or_default().push((key.claim, key.volume));
            }
        }
        let mut seen = HashSet::<_, FixedState>::default();
        let mut mounts = Self { by_claim: HashMap::default(), nodes: HashMap::default() };
        for (pod, resource) in state.pod_nodes.iter() {
            for &(claim, volume) in wanted.get(&(pod.namespace, pod.pod)).into_iter().flatten() {
                let mount = Mount { volume, node: pod.node, resource: resource.0 };
                let key = (claim, pod.pod, pod.namespace);
                if !seen.insert((key, mount)) {
                    continue;
                }
                if volume != NULL_ID {
                    let nodes = mounts.nodes.entry(volume).or_default();
                    if mount.node != NULL_ID {
                        nodes.insert(mount.node);
                    }
                }
                mounts.by_claim.entry(key).or_default().push(mount);
            }
        }
        mounts
    }

    /// The mounts that a row meets: those of its claim, pod and namespace, whatever their volume (COST-042, COST-C03); one without node
    /// where there is none (COST-043).
    fn of_row(&self, row: &VolumeKey, rules: &Rules) -> Vec<Mount> {
        let is_joined = row.claim != NULL_ID && row.pod != NULL_ID && row.namespace != NULL_ID;
        let known = is_joined.then(|| self.by_claim.get(&(row.claim, row.pod, row.namespace))).flatten();
        let met: Vec<Mount> = known.into_iter().flatten().filter(|mount| !rules.match_volume || mount.volume == row.volume).copied().collect();
        if met.is_empty() { vec![Mount { volume: row.volume, node: NULL_ID, resource: NULL_ID }] } else { met }
    }

    /// By how many nodes a volume's request and usage are divided (COST-044); `None` where no pod mounts it.
    fn node_count(&self, volume: u32, rules: &Rules) -> Option<usize> {
        match self.nodes.get(&volume).map(HashSet::len) {
            Some(0) if rules.null_nodes_count_once => Some(1),
            None if rules.unmounted_counts_once => Some(1),
            count => count,
        }
    }
}

/// Writes the Storage rows of a day.
pub fn finish(
    state: &DayState,
    context: &DayContext,
    names: &mut Names,
    categories: &mut Categories,
    options: &Options,
    rows: &mut SummaryRows,
    emit: &mut Emit<'_>,
) -> Result<()> {
    if state.volumes.is_empty() {
        return Ok(());
    }
    let rules = options.rules();
    let mounts = Mounts::of(state);
    let groups = regroup(state, &mounts, context, names, categories, &rules);
    let month_seconds = DAY * f64::from(context.day.days_in_month());
    for (key, totals, labels) in sorted(&groups, names) {
        let mut row = Row {
            is_storage: true,
            namespace: key.namespace,
            node: key.node,
            resource: key.resource,
            claim: key.claim,
            volume: key.volume,
            class: key.class,
            labels: labels.as_deref(),
            category: categories.of(names.namespaces.get(key.namespace)).largest(),
            has_cost: true,
            ..Row::default()
        };
        let measured = measures(totals, mounts.node_count(key.volume, &rules), month_seconds).map_err(|error| {
            let volume = names.volumes.get(key.volume).unwrap_or_default();
            error.column("persistentvolume").value(format!("{volume} on {}", context.day))
        })?;
        row.measures[measure::CLAIM_GIGABYTES..].copy_from_slice(&measured);
        rows.add(context.day, &row, names, emit)?;
    }
    Ok(())
}

fn regroup(
    state: &DayState,
    mounts: &Mounts,
    context: &DayContext,
    names: &mut Names,
    categories: &mut Categories,
    rules: &Rules,
) -> Grouped<StorageKey, VolumeTotals> {
    let mut groups = Grouped::<StorageKey, VolumeTotals>::default();
    for (row, totals) in state.volumes.iter() {
        let times = categories.of(names.namespaces.get(row.namespace)).times();
        let has_null_labels = row.volume_labels == NULL_LABELS || row.claim_labels == NULL_LABELS;
        for mount in mounts.of_row(row, rules) {
            for base in context.bases(mount.node, row.namespace, &mut names.labels) {
                let labels = if has_null_labels {
                    NULL_LABELS
                } else {
                    let with_volume = names.labels.merge(base, row.volume_labels);
                    names.labels.merge(with_volume, row.claim_labels)
                };
                let key = StorageKey {
                    namespace: row.namespace,
                    node: mount.node,
                    resource: mount.resource,
                    claim: row.claim,
                    volume: row.volume,
                    class: row.class,
                    csi_handle: row.csi_handle,
                    labels,
                };
                groups.entry(key).merge(totals, times);
            }
        }
    }
    groups
}

/// The groups in the order of their texts, with their labels as JSON.
fn sorted<'a>(groups: &'a Grouped<StorageKey, VolumeTotals>, names: &Names) -> Vec<(&'a StorageKey, &'a VolumeTotals, Option<String>)> {
    let mut sorted: Vec<_> = groups.iter().map(|(key, totals)| (key, totals, names.labels.json(key.labels))).collect();
    sorted.sort_by(|(left, _, left_labels), (right, _, right_labels)| {
        let texts = |key: &StorageKey| {
            (
                names.namespaces.get(key.namespace),
                names.nodes.get(key.node),
                names.resources.get(key.resource),
                [key.claim, key.volume, key.class, key.csi_handle].map(|id| names.volumes.get(id)),
            )
        };
        texts(left).cmp(&texts(right)).then_with(|| left_labels.cmp(right_labels))
    });
    sorted
}

/// The measures of a Storage row, each in the order of operations of the original (COST-046 to COST-048): the sum, divided by the nodes,
/// divided by the seconds of the month, in gigabytes. Capacity is never divided by the nodes.
fn measures(totals: &VolumeTotals, nodes: Option<usize>, month_seconds: f64) -> Result<[Option<f64>; 4]> {
    let per_node = |sum: usize| match (totals.byte_seconds(sum), nodes) {
        (Some(_), Some(0)) => {
            Err(Error::new(Code::DataDivisionByZero, "every pod that mounts the volume lacks a node, so its share is a division by zero")
                .help("The original statement fails here too; semantics corrected counts such a volume once."))
        }
        (Some(sum), Some(nodes)) => Ok(Some(sum / nodes as f64)),
        _ => Ok(None),
    };
    let months = |byte_seconds: Option<f64>| byte_seconds.map(|byte_seconds| byte_seconds / month_seconds * GIB);
    Ok([totals.capacity_bytes.get().map(|bytes| bytes * GIB), months(totals.byte_seconds(0)), months(per_node(1)?), months(per_node(2)?)])
}
