//! Pod rows.

use std::collections::BTreeMap;

use super::capacity::{Capacity, Sum};
use super::labels::{Labels, merged};
use super::rollup::larger;
use super::rows::{PodRow, SummaryRow};
use super::scope::{Scope, day_of};

/// GiB per byte.
pub(super) const GIB: f64 = 1.0 / 1_073_741_824.0;

type Key = (i32, Option<String>, String, Option<Labels>);

#[derive(Default)]
struct Group {
    category: Option<i32>,
    resource_id: Option<String>,
    sums: [Sum; 8],
    cores: Option<f64>,
    bytes: Option<f64>,
}

pub(super) fn pod_rows(scope: &Scope<'_>, capacity: &Capacity) -> Result<Vec<SummaryRow>, String> {
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    for row in &scope.pods {
        let Some(node) = row.node.as_ref().filter(|node| !node.is_empty()) else { continue };
        let day = day_of(row.at_ms);
        let own = scope.filtered(row.labels.as_deref())?;
        for node_labels in scope.node_partners(day, Some(node)) {
            for namespace_labels in scope.namespace_partners(day, row.namespace.as_deref()) {
                for category in scope.categories(row.namespace.as_deref()) {
                    let labels = own.as_ref().map(|own| merged(&[&node_labels, &namespace_labels, own]));
                    let group = groups.entry((day, row.namespace.clone(), node.clone(), labels)).or_default();
                    take_in(group, row, category, scope.rules.larger_ignores_null);
                }
            }
        }
    }
    Ok(groups.into_iter().map(|(key, group)| finished(key, group, capacity)).collect())
}

fn take_in(group: &mut Group, row: &PodRow, category: Option<i32>, larger_ignores_null: bool) {
    let effective = |known: Option<f64>, usage: Option<f64>, request: Option<f64>| {
        let both = usage.is_some() && request.is_some();
        known.or(if both || larger_ignores_null { larger(usage, request) } else { None })
    };
    let numbers = [
        row.usage_cpu,
        row.request_cpu,
        effective(row.effective_cpu, row.usage_cpu, row.request_cpu),
        row.limit_cpu,
        row.usage_memory,
        row.request_memory,
        effective(row.effective_memory, row.usage_memory, row.request_memory),
        row.limit_memory,
    ];
    for (sum, number) in group.sums.iter_mut().zip(numbers) {
        sum.add(number);
    }
    group.category = group.category.max(category);
    group.resource_id = group.resource_id.take().max(row.resource_id.clone());
    group.cores = larger(group.cores, row.capacity_cores);
    group.bytes = larger(group.bytes, row.capacity_bytes);
}

fn finished((day, namespace, node, labels): Key, group: Group, capacity: &Capacity) -> SummaryRow {
    let hours = |sum: Sum| sum.map(|seconds| seconds / 3600.0);
    let gib_hours = |sum: Sum| sum.map(|byte_seconds| byte_seconds / 3600.0 * GIB);
    let single = |number: Option<f64>| Sum { total: number, magnitude: number.unwrap_or(0.0).abs() };
    let (of_node, of_cluster) = (capacity.node(day, &node), capacity.cluster(day));
    let sums = group.sums;
    let measures = [
        hours(sums[0]),
        hours(sums[1]),
        hours(sums[2]),
        hours(sums[3]),
        gib_hours(sums[4]),
        gib_hours(sums[5]),
        gib_hours(sums[6]),
        gib_hours(sums[7]),
        single(group.cores),
        hours(of_node[0]),
        single(group.bytes.map(|bytes| bytes * GIB)),
        gib_hours(of_node[1]),
        hours(of_cluster[0]),
        gib_hours(of_cluster[1]),
    ];
    let mut row = SummaryRow {
        day,
        data_source: "Pod",
        namespace,
        node: Some(node),
        resource_id: group.resource_id,
        all_labels: labels.clone().unwrap_or_default(),
        pod_labels: labels,
        category: group.category,
        zero_cost: true,
        ..SummaryRow::default()
    };
    for (at, measure) in measures.into_iter().enumerate() {
        (row.measures[at], row.magnitudes[at]) = (measure.total, measure.magnitude);
    }
    row
}
