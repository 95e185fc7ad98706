//! Rows of what no pod used.

use std::collections::BTreeMap;

use super::capacity::Sum;
use super::rollup::larger;
use super::rows::SummaryRow;
use super::scope::Scope;

/// Namespaces that stand for no pod of their own.
const SPECIAL: [&str; 4] = ["Platform unallocated", "Worker unallocated", "Network unattributed", "Storage unattributed"];

/// Measures that are subtracted from a capacity: (usage, capacity), as positions in the list of measures.
const SUBTRACTED: [(usize, usize); 6] = [(0, 9), (1, 9), (2, 9), (4, 11), (5, 11), (6, 11)];

#[derive(Default)]
struct Group {
    role: Option<String>,
    resource_id: Option<String>,
    sums: [Sum; 6],
    /// Largest value of each measure, and its magnitude.
    largest: [Sum; 18],
}

pub(super) fn unallocated_rows(scope: &Scope<'_>, pods: &[SummaryRow]) -> Vec<SummaryRow> {
    let mut groups: BTreeMap<(String, i32), Group> = BTreeMap::new();
    for row in pods {
        let (Some(node), Some(namespace)) = (&row.node, &row.namespace) else { continue };
        if SPECIAL.contains(&namespace.as_str()) {
            continue;
        }
        let group = groups.entry((node.clone(), row.day)).or_default();
        let role = row.resource_id.as_ref().and_then(|resource_id| scope.roles.get(&(node.clone(), resource_id.clone())));
        group.role = group.role.take().max(role.cloned());
        group.resource_id = group.resource_id.take().max(row.resource_id.clone());
        for (sum, (used, _)) in group.sums.iter_mut().zip(SUBTRACTED) {
            sum.add(row.measures[used]);
            // The rows' own sums already carry rounding; their magnitudes go on.
            sum.magnitude += row.magnitudes[used];
        }
        for (at, largest) in group.largest.iter_mut().enumerate() {
            largest.total = larger(largest.total, row.measures[at]);
            largest.magnitude = largest.magnitude.max(row.magnitudes[at]);
        }
    }
    groups.into_iter().flat_map(|((node, day), group)| finished(scope, node, day, group)).collect()
}

/// One row per matching category, or one without category.
fn finished(scope: &Scope<'_>, node: String, day: i32, group: Group) -> Vec<SummaryRow> {
    let namespace = match group.role.as_deref() {
        Some("master" | "infra") => Some("Platform unallocated"),
        Some("worker") => Some("Worker unallocated"),
        _ => None,
    };
    let mut row = SummaryRow {
        day,
        data_source: "Pod",
        namespace: namespace.map(str::to_owned),
        node: Some(node),
        resource_id: group.resource_id,
        ..SummaryRow::default()
    };
    for (sum, (used, capacity)) in group.sums.into_iter().zip(SUBTRACTED) {
        let whole = group.largest[capacity];
        row.measures[used] = whole.total.zip(sum.total).map(|(whole, used)| whole - used);
        row.magnitudes[used] = whole.magnitude + sum.magnitude;
    }
    for at in 8..14 {
        (row.measures[at], row.magnitudes[at]) = (group.largest[at].total, group.largest[at].magnitude);
    }
    scope.categories(namespace).into_iter().map(|category| SummaryRow { category, ..row.clone() }).collect()
}
