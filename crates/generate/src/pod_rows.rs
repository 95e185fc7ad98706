//! Rows of pods, by hour and by day.

use std::sync::Arc;

use arrow_array::StringArray;
use rowmill_core::Result;
use rowmill_core::day::Day;

use crate::cluster::{Cluster, Pod, ROLES};
use crate::columns::{ColumnSpec, Columns, Source};
use crate::files::FileWriter;
use crate::hours::{HOUR_MS, Period};
use crate::label_texts::LabelTexts;
use crate::noise::{noise, share};
use crate::spec::Order;
use crate::totals::Units;

/// Amounts of one hour: usage, request and limit, in 1/1024 core-seconds and in byte-seconds. `None` is missing.
#[derive(Clone, Copy, Debug, Default)]
struct Amounts {
    cpu: [Option<i64>; 3],
    memory: [Option<i64>; 3],
}

impl Amounts {
    fn of(cluster: &Cluster, pod: &Pod, hour: u64) -> Self {
        if cluster.edges && share(pod.slot, 9, 2) {
            return Self { cpu: [Some(0); 3], memory: [Some(0); 3] };
        }
        let (fixed, now) = (noise([cluster.seed, 5, pod.slot]), noise([cluster.seed, pod.slot, hour | (1 << 40)]));
        // From 1/32 core to two cores, from 64 MiB to 4 GiB.
        let cpu = (32 + (fixed & 2047) as i64) * 3600;
        let memory = (64 + ((fixed >> 16) & 4095) as i64) * (1 << 20) * 3600;
        let limit = i64::from(fixed >> 60 > 3) * 2;
        let used_cpu = ((cpu * (now & 2047) as i64) >> 11) + ((now >> 12) & 1023) as i64;
        let used_memory = (memory >> 11) * ((now >> 24) & 2047) as i64 + ((now >> 36) & 0xf_ffff) as i64;
        // One hour in a thousand lacks a number.
        let missing = if cluster.edges { (now >> 44) % 1000 } else { 999 };
        let unless = |hole: u64, amount: i64| (missing != hole).then_some(amount);
        Self {
            cpu: [unless(0, used_cpu), unless(1, cpu), Some(cpu * limit)],
            memory: [unless(2, used_memory), unless(1, memory), Some(memory * limit)],
        }
    }

    fn effective(side: [Option<i64>; 3]) -> Option<i64> {
        side[0].max(side[1])
    }

    fn all(&self) -> [Option<i64>; 8] {
        let (cpu, memory) = (self.cpu, self.memory);
        [cpu[0], cpu[1], cpu[2], Self::effective(cpu), memory[0], memory[1], memory[2], Self::effective(memory)]
    }
}

/// Cores, core-seconds, bytes and byte-seconds as one pod row states them; nothing for pods without a node.
fn capacity(cluster: &Cluster, pod: &Pod, hour: u64) -> [i64; 4] {
    let Some(node) = cluster.nodes.get(pod.node) else { return [0; 4] };
    // Some rows of an hour state less, as if the node had been there for half of it.
    let half = cluster.edges && noise([cluster.seed, 6, pod.slot ^ (hour << 20)]).is_multiple_of(200);
    let seconds = if half { 1800 } else { 3600 };
    [node.cores, node.cores * seconds, node.bytes, node.bytes * seconds]
}

fn cores(units: Option<i64>) -> Option<f64> {
    units.map(|units| units as f64 / 1024.0)
}

fn bytes(units: Option<i64>) -> Option<f64> {
    units.map(|units| units as f64)
}

fn label_source(texts: &LabelTexts) -> Source {
    texts.table().map_or(Source::Text, Source::Code)
}

fn role_source() -> Source {
    Source::Code(Arc::new(StringArray::from_iter_values(ROLES)))
}

/// Columns of hourly files.
pub(crate) fn hourly_columns(cluster: &Cluster, node_role: bool) -> Vec<ColumnSpec> {
    let mut columns = vec![
        ("report_period_start", Source::Time),
        ("report_period_end", Source::Time),
        ("interval_start", Source::Time),
        ("interval_end", Source::Time),
        ("pod", Source::Text),
        ("namespace", Source::Code(Arc::clone(&cluster.namespace_names))),
        ("node", Source::Code(Arc::clone(&cluster.node_names))),
        ("resource_id", Source::Code(Arc::clone(&cluster.resource_ids))),
        ("pod_usage_cpu_core_seconds", Source::Amount),
        ("pod_request_cpu_core_seconds", Source::Amount),
        ("pod_limit_cpu_core_seconds", Source::Amount),
        ("pod_usage_memory_byte_seconds", Source::Amount),
        ("pod_request_memory_byte_seconds", Source::Amount),
        ("pod_limit_memory_byte_seconds", Source::Amount),
        ("node_capacity_cpu_cores", Source::Level),
        ("node_capacity_cpu_core_seconds", Source::Level),
        ("node_capacity_memory_bytes", Source::Level),
        ("node_capacity_memory_byte_seconds", Source::Level),
        ("pod_labels", label_source(&cluster.texts)),
        ("pod_effective_usage_cpu_core_seconds", Source::Amount),
        ("pod_effective_usage_memory_byte_seconds", Source::Amount),
    ];
    if node_role {
        columns.push(("node_role", role_source()));
    }
    columns
}

/// Columns of daily files.
pub(crate) fn daily_columns(cluster: &Cluster) -> Vec<ColumnSpec> {
    vec![
        ("namespace", Source::Code(Arc::clone(&cluster.namespace_names))),
        ("node", Source::Code(Arc::clone(&cluster.node_names))),
        ("pod", Source::Text),
        ("pod_labels", label_source(&cluster.texts)),
        ("interval_start", Source::Time),
        ("report_period_start", Source::Time),
        ("report_period_end", Source::Time),
        ("resource_id", Source::Code(Arc::clone(&cluster.resource_ids))),
        ("pod_usage_cpu_core_seconds", Source::Amount),
        ("pod_request_cpu_core_seconds", Source::Amount),
        ("pod_effective_usage_cpu_core_seconds", Source::Amount),
        ("pod_limit_cpu_core_seconds", Source::Amount),
        ("pod_usage_memory_byte_seconds", Source::Amount),
        ("pod_request_memory_byte_seconds", Source::Amount),
        ("pod_effective_usage_memory_byte_seconds", Source::Amount),
        ("pod_limit_memory_byte_seconds", Source::Amount),
        ("node_capacity_cpu_cores", Source::Level),
        ("node_capacity_cpu_core_seconds", Source::Level),
        ("node_capacity_memory_bytes", Source::Level),
        ("node_capacity_memory_byte_seconds", Source::Level),
        ("node_role", role_source()),
    ]
}

fn push_labels(columns: &mut Columns, cluster: &Cluster, pod: &Pod, text: &mut String) {
    if cluster.texts.table().is_some() {
        return columns.code(LabelTexts::code(pod.labels));
    }
    text.clear();
    cluster.texts.push(pod.labels, text);
    columns.text((pod.labels != crate::label_texts::LabelId::Null).then_some(text.as_str()));
}

fn push_name(columns: &mut Columns, cluster: &Cluster, pod: &Pod, text: &mut String) {
    text.clear();
    cluster.push_pod_name(pod.slot, pod.incarnation, text);
    columns.text(Some(text));
}

fn resource_code(cluster: &Cluster, pod: &Pod) -> i32 {
    if pod.node == cluster.nodes.len() { 2 * pod.node as i32 } else { (2 * pod.node + pod.resource) as i32 }
}

fn role_code(cluster: &Cluster, node: usize) -> i32 {
    cluster.nodes.get(node).map_or(ROLES.len() - 1, |node| node.role) as i32
}

/// Calls `each` with slot and hour of every row of a day, in the order asked for.
fn for_each_place(cluster: &Cluster, day: Day, order: Order, mut each: impl FnMut(u64, u64) -> Result<()>) -> Result<()> {
    let hours = cluster.hours.of_day(day);
    let span = hours.end - hours.start;
    let last = cluster.slots - 1;
    let last_hours = cluster.slot_hours(last).clamp(hours.start, hours.end) - hours.start;
    match order {
        Order::Hour => {
            for hour in hours.clone() {
                let slots = last + u64::from(hour - hours.start < last_hours);
                (0..slots).try_for_each(|slot| each(slot, hour))?;
            }
            Ok(())
        }
        Order::Pod => (0..=last).try_for_each(|slot| {
            let end = if slot == last { last_hours } else { span };
            (0..end).try_for_each(|hour| each(slot, hours.start + hour))
        }),
        Order::Shuffled => {
            let rows = last * span + last_hours;
            let step = coprime_step(rows, noise([cluster.seed, 7, day.0 as u64]));
            let mut at = 0;
            (0..rows).try_for_each(|_| {
                at = (at + step) % rows;
                each(at / span, hours.start + at % span)
            })
        }
    }
}

/// A step that visits every position of a ring of this length once, somewhere past half of it.
fn coprime_step(length: u64, bits: u64) -> u64 {
    fn gcd(left: u64, right: u64) -> u64 {
        if right == 0 { left } else { gcd(right, left % right) }
    }
    let first = length / 2 + bits % (length / 4 + 1);
    (first..).find(|step| gcd(length, *step) == 1).unwrap_or(1)
}

/// Writes the hourly rows of a day.
pub(crate) fn write_hours(cluster: &Cluster, day: Day, order: Order, node_role: bool, out: &mut FileWriter) -> Result<Units> {
    let mut units = Units::default();
    let period = Period::of(day);
    let first = cluster.hours.of_day(day).start;
    let mut peaks = vec![[0_i64; 2]; 24 * (cluster.nodes.len() + 1)];
    let mut text = String::new();
    for_each_place(cluster, day, order, |slot, hour| {
        let pod = cluster.pod(slot, hour);
        let amounts = Amounts::of(cluster, &pod, hour);
        let capacity = capacity(cluster, &pod, hour);
        let all = amounts.all();
        for (sum, amount) in units.pods.iter_mut().zip(all) {
            *sum += i128::from(amount.unwrap_or(0));
        }
        let peak = &mut peaks[(hour - first) as usize * (cluster.nodes.len() + 1) + pod.node];
        *peak = [peak[0].max(capacity[1]), peak[1].max(capacity[3])];
        let columns = &mut out.columns;
        let at_ms = cluster.hours.at_ms(hour);
        period.push(columns);
        columns.time(at_ms);
        columns.time(at_ms + HOUR_MS - 1000);
        push_name(columns, cluster, &pod, &mut text);
        columns.code(Some(pod.namespace as i32));
        columns.code(Some(pod.node as i32));
        columns.code(Some(resource_code(cluster, &pod)));
        all[..3].iter().for_each(|amount| columns.number(cores(*amount)));
        all[4..7].iter().for_each(|amount| columns.number(bytes(*amount)));
        capacity.into_iter().for_each(|amount| columns.number(Some(amount as f64)));
        push_labels(columns, cluster, &pod, &mut text);
        columns.number(cores(all[3]));
        columns.number(bytes(all[7]));
        if node_role {
            columns.code(Some(role_code(cluster, pod.node)));
        }
        out.row_done()
    })?;
    for peak in peaks {
        units.capacity[0] += i128::from(peak[0]);
        units.capacity[1] += i128::from(peak[1]);
    }
    Ok(units)
}

/// A pod on one day with one node and one label text.
struct DailyPod {
    pod: Pod,
    amounts: [i64; 8],
    /// Largest cores, sum of core-seconds, largest bytes, sum of byte-seconds.
    capacity: [i64; 4],
}

/// Writes the daily rows of a day: what the converter makes of the hourly ones.
pub(crate) fn write_day(cluster: &Cluster, day: Day, node_role: bool, out: &mut FileWriter) -> Result<()> {
    let period = Period::of(day);
    let mut text = String::new();
    let mut rows: Vec<DailyPod> = Vec::new();
    for slot in 0..cluster.slots {
        rows.clear();
        for hour in cluster.hours.of_day(day).filter(|hour| *hour < cluster.slot_hours(slot)) {
            add_hour(cluster, slot, hour, &mut rows);
        }
        for row in &rows {
            let (pod, amounts, columns) = (&row.pod, row.amounts.map(Some), &mut out.columns);
            columns.code(Some(pod.namespace as i32));
            columns.code(Some(pod.node as i32));
            push_name(columns, cluster, pod, &mut text);
            push_labels(columns, cluster, pod, &mut text);
            columns.time(i64::from(day.0) * 24 * HOUR_MS);
            period.push(columns);
            columns.code(Some(resource_code(cluster, pod)));
            [0, 1, 3, 2].into_iter().for_each(|at| columns.number(cores(amounts[at])));
            [4, 5, 7, 6].into_iter().for_each(|at| columns.number(bytes(amounts[at])));
            row.capacity.iter().for_each(|amount| columns.number(Some(*amount as f64)));
            columns.code(node_role.then(|| role_code(cluster, pod.node)));
            out.row_done()?;
        }
    }
    Ok(())
}

fn add_hour(cluster: &Cluster, slot: u64, hour: u64, rows: &mut Vec<DailyPod>) {
    let pod = cluster.pod(slot, hour);
    let amounts = Amounts::of(cluster, &pod, hour).all();
    let capacity = capacity(cluster, &pod, hour);
    let same = |row: &DailyPod| row.pod.incarnation == pod.incarnation && row.pod.node == pod.node && row.pod.labels == pod.labels;
    let at = rows.iter().position(same).unwrap_or_else(|| {
        rows.push(DailyPod { pod, amounts: [0; 8], capacity: [0; 4] });
        rows.len() - 1
    });
    let row = &mut rows[at];
    // Ids of a node sort in the order in which it has them, so the later one is the larger one.
    row.pod.resource = row.pod.resource.max(pod.resource);
    for (sum, amount) in row.amounts.iter_mut().zip(amounts) {
        *sum += amount.unwrap_or(0);
    }
    row.capacity[0] = row.capacity[0].max(capacity[0]);
    row.capacity[1] += capacity[1];
    row.capacity[2] = row.capacity[2].max(capacity[2]);
    row.capacity[3] += capacity[3];
}
