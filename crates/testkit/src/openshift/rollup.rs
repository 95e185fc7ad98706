//! Hourly rows to daily rows, as the converter does it.

use std::collections::BTreeMap;

use super::rows::{PodRow, StorageRow};

/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 86_400_000;

/// A guarded number above this drops its whole row.
const ANOMALY: f64 = 1e18;

type PodKey<'a> = (i64, Option<&'a str>, Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// The rows without those that hold an anomaly.
pub(super) fn plausible_pods(hourly: &[PodRow]) -> Vec<PodRow> {
    let plausible = |row: &&PodRow| {
        let guarded = [
            row.usage_cpu,
            row.request_cpu,
            row.limit_cpu,
            row.usage_memory,
            row.request_memory,
            row.limit_memory,
            row.capacity_core_seconds,
            row.capacity_byte_seconds,
            row.capacity_bytes,
        ];
        !guarded.into_iter().flatten().any(|number| number > ANOMALY)
    };
    hourly.iter().filter(plausible).cloned().collect()
}

/// One row per namespace, node, pod, label text and day.
pub(super) fn daily_pods(hourly: &[PodRow]) -> Vec<PodRow> {
    let mut days: BTreeMap<PodKey<'_>, PodRow> = BTreeMap::new();
    for row in hourly {
        let day = row.at_ms.div_euclid(DAY_MS);
        let key = (day, row.namespace.as_deref(), row.node.as_deref(), row.pod.as_deref(), row.labels.as_deref());
        let daily = days.entry(key).or_insert_with(|| PodRow {
            at_ms: day * DAY_MS,
            namespace: row.namespace.clone(),
            node: row.node.clone(),
            pod: row.pod.clone(),
            labels: row.labels.clone(),
            ..PodRow::default()
        });
        add(&mut daily.usage_cpu, row.usage_cpu);
        add(&mut daily.request_cpu, row.request_cpu);
        add(&mut daily.effective_cpu, larger(row.usage_cpu, row.request_cpu));
        add(&mut daily.limit_cpu, row.limit_cpu);
        add(&mut daily.usage_memory, row.usage_memory);
        add(&mut daily.request_memory, row.request_memory);
        add(&mut daily.effective_memory, larger(row.usage_memory, row.request_memory));
        add(&mut daily.limit_memory, row.limit_memory);
        daily.capacity_cores = larger(daily.capacity_cores, row.capacity_cores);
        daily.capacity_bytes = larger(daily.capacity_bytes, row.capacity_bytes);
        daily.resource_id = daily.resource_id.take().max(row.resource_id.clone());
        daily.node_role = daily.node_role.take().max(row.node_role.clone());
    }
    days.into_values().collect()
}

/// One row per volume row key and day, without the rows that hold an anomaly.
pub(super) fn daily_storage(hourly: &[StorageRow]) -> Vec<StorageRow> {
    let mut days: Vec<StorageRow> = Vec::new();
    for row in hourly {
        let guarded = [row.capacity_bytes, row.capacity_byte_seconds, row.request_byte_seconds, row.usage_byte_seconds];
        if guarded.into_iter().flatten().any(|number| number > ANOMALY) {
            continue;
        }
        let at_ms = row.at_ms.div_euclid(DAY_MS) * DAY_MS;
        let blank = StorageRow {
            at_ms,
            capacity_bytes: None,
            capacity_byte_seconds: None,
            request_byte_seconds: None,
            usage_byte_seconds: None,
            ..row.clone()
        };
        let known = days.iter().position(|daily| same_key(daily, &blank));
        let at = known.unwrap_or(days.len());
        if known.is_none() {
            days.push(blank);
        }
        let daily = &mut days[at];
        daily.capacity_bytes = larger(daily.capacity_bytes, row.capacity_bytes);
        add(&mut daily.capacity_byte_seconds, row.capacity_byte_seconds);
        add(&mut daily.request_byte_seconds, row.request_byte_seconds);
        add(&mut daily.usage_byte_seconds, row.usage_byte_seconds);
    }
    days
}

fn same_key(left: &StorageRow, right: &StorageRow) -> bool {
    left.at_ms == right.at_ms
        && left.namespace == right.namespace
        && left.pod == right.pod
        && left.claim == right.claim
        && left.volume == right.volume
        && left.class == right.class
        && left.handle == right.handle
        && left.volume_labels == right.volume_labels
        && left.claim_labels == right.claim_labels
}

/// Adds a number; a missing one counts as 0.
fn add(sum: &mut Option<f64>, number: Option<f64>) {
    *sum = Some(sum.unwrap_or(0.0) + number.unwrap_or(0.0));
}

/// The larger of two numbers, ignoring a missing one.
pub(super) fn larger(left: Option<f64>, right: Option<f64>) -> Option<f64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(if right > left { right } else { left }),
        (one, None) | (None, one) => one,
    }
}
