//! Storage rows.

use std::collections::{BTreeMap, BTreeSet};

use rowmill_core::day::Day;

use super::capacity::Sum;
use super::labels::{Labels, merged};
use super::pods::GIB;
use super::rollup::larger;
use super::rows::{StorageRow, SummaryRow};
use super::scope::{Scope, day_of};

/// A pod's place as a volume row finds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct VolumeNode {
    day: i32,
    claim: Option<String>,
    volume: Option<String>,
    pod: String,
    namespace: String,
    node: Option<String>,
    resource_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    day: i32,
    namespace: Option<String>,
    node: Option<String>,
    resource_id: Option<String>,
    claim: Option<String>,
    volume: Option<String>,
    class: Option<String>,
    handle: Option<String>,
    labels: Option<Labels>,
}

#[derive(Default)]
struct Group {
    category: Option<i32>,
    capacity_bytes: Option<f64>,
    capacity_byte_seconds: Sum,
    request_byte_seconds: Sum,
    usage_byte_seconds: Sum,
}

pub(super) fn storage_rows(scope: &Scope<'_>) -> Result<Vec<SummaryRow>, String> {
    let volume_nodes = volume_nodes(scope);
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    for row in &scope.storage {
        let day = day_of(row.at_ms);
        let of_volume = scope.filtered(row.volume_labels.as_deref())?;
        let of_claim = scope.filtered(row.claim_labels.as_deref())?;
        let own = of_volume.zip(of_claim);
        for (node, resource_id) in mounts(scope, &volume_nodes, row) {
            for node_labels in scope.node_partners(day, node.as_deref()) {
                for namespace_labels in scope.namespace_partners(day, row.namespace.as_deref()) {
                    for category in scope.categories(row.namespace.as_deref()) {
                        let labels = own.as_ref().map(|(of_volume, of_claim)| merged(&[&node_labels, &namespace_labels, of_volume, of_claim]));
                        let key = key(row, day, node.clone(), resource_id.clone(), labels);
                        take_in(groups.entry(key).or_default(), row, category);
                    }
                }
            }
        }
    }
    groups.into_iter().map(|(key, group)| finished(scope, &volume_nodes, key, group)).collect()
}

/// Every place where a pod of a volume row ran that day. NULL namespaces and pods match nothing.
fn volume_nodes(scope: &Scope<'_>) -> BTreeSet<VolumeNode> {
    let mut found = BTreeSet::new();
    for row in &scope.storage {
        for pod in &scope.pods {
            let same_day = day_of(pod.at_ms) == day_of(row.at_ms);
            let (Some(namespace), Some(name)) = (&row.namespace, &row.pod) else { continue };
            if same_day && pod.namespace.as_ref() == Some(namespace) && pod.pod.as_ref() == Some(name) {
                found.insert(VolumeNode {
                    day: day_of(row.at_ms),
                    claim: row.claim.clone(),
                    volume: row.volume.clone(),
                    pod: name.clone(),
                    namespace: namespace.clone(),
                    node: pod.node.clone(),
                    resource_id: pod.resource_id.clone(),
                });
            }
        }
    }
    found
}

/// Node and resource id of every match of a volume row; one pair of NULLs where there is none.
fn mounts(scope: &Scope<'_>, volume_nodes: &BTreeSet<VolumeNode>, row: &StorageRow) -> Vec<(Option<String>, Option<String>)> {
    let found: Vec<_> = volume_nodes
        .iter()
        .filter(|entry| {
            entry.day == day_of(row.at_ms)
                && row.claim.is_some()
                && entry.claim == row.claim
                && Some(&entry.pod) == row.pod.as_ref()
                && Some(&entry.namespace) == row.namespace.as_ref()
                && (!scope.rules.match_volume || entry.volume == row.volume)
        })
        .map(|entry| (entry.node.clone(), entry.resource_id.clone()))
        .collect();
    if found.is_empty() { vec![(None, None)] } else { found }
}

fn key(row: &StorageRow, day: i32, node: Option<String>, resource_id: Option<String>, labels: Option<Labels>) -> Key {
    Key {
        day,
        namespace: row.namespace.clone(),
        node,
        resource_id,
        claim: row.claim.clone(),
        volume: row.volume.clone(),
        class: row.class.clone(),
        handle: row.handle.clone(),
        labels,
    }
}

fn take_in(group: &mut Group, row: &StorageRow, category: Option<i32>) {
    group.category = group.category.max(category);
    group.capacity_bytes = larger(group.capacity_bytes, row.capacity_bytes);
    group.capacity_byte_seconds.add(row.capacity_byte_seconds);
    group.request_byte_seconds.add(row.request_byte_seconds);
    group.usage_byte_seconds.add(row.usage_byte_seconds);
}

/// Number of distinct nodes that mount a volume on a day; `None` where no pod does.
fn node_count(scope: &Scope<'_>, volume_nodes: &BTreeSet<VolumeNode>, day: i32, volume: Option<&str>) -> Option<usize> {
    let entries: Vec<_> = volume_nodes.iter().filter(|entry| entry.day == day && volume.is_some() && entry.volume.as_deref() == volume).collect();
    let nodes: BTreeSet<&String> = entries.iter().filter_map(|entry| entry.node.as_ref()).collect();
    match nodes.len() {
        0 if entries.is_empty() => scope.rules.absent_count_is_one.then_some(1),
        0 if scope.rules.zero_count_is_one => Some(1),
        count => Some(count),
    }
}

fn finished(scope: &Scope<'_>, volume_nodes: &BTreeSet<VolumeNode>, key: Key, group: Group) -> Result<SummaryRow, String> {
    let count = node_count(scope, volume_nodes, key.day, key.volume.as_deref());
    let seconds = f64::from(86_400 * Day(key.day).days_in_month());
    let shared = |sum: Sum| match count {
        Some(0) if sum.total.is_some() => Err(format!("volume {:?} is mounted by pods without node only: division by zero", key.volume)),
        Some(count) => Ok(sum.map(|total| total / count as f64 / seconds * GIB)),
        None => Ok(Sum::default()),
    };
    let gib = group.capacity_bytes.map(|bytes| bytes * GIB);
    let measures = [
        Sum { total: gib, magnitude: gib.unwrap_or(0.0).abs() },
        group.capacity_byte_seconds.map(|total| total / seconds * GIB),
        shared(group.request_byte_seconds)?,
        shared(group.usage_byte_seconds)?,
    ];
    let mut row = SummaryRow {
        day: key.day,
        data_source: "Storage",
        namespace: key.namespace,
        node: key.node,
        resource_id: key.resource_id,
        all_labels: key.labels.clone().unwrap_or_default(),
        volume_labels: key.labels,
        claim: key.claim,
        volume: key.volume,
        class: key.class,
        handle: key.handle,
        category: group.category,
        zero_cost: true,
        ..SummaryRow::default()
    };
    for (at, measure) in measures.into_iter().enumerate() {
        (row.measures[14 + at], row.magnitudes[14 + at]) = (measure.total, measure.magnitude);
    }
    Ok(row)
}
