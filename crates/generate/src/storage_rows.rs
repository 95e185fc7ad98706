//! Rows of volume claims, by hour and by day.

use std::sync::Arc;

use arrow_array::StringArray;
use rowmill_core::Result;
use rowmill_core::day::Day;

use crate::cluster::Cluster;
use crate::columns::{ColumnSpec, Columns, Source};
use crate::files::FileWriter;
use crate::hours::{HOUR_MS, Period};
use crate::noise::noise;
use crate::totals::Units;

/// What is special about a volume; every tenth volume is of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    /// Mounted by two pods, as a rule on two nodes.
    Shared,
    /// Mounted by no pod.
    Unmounted,
    /// Mounted by a pod of which there is no row.
    Orphan,
    /// Its claim moves to another volume in the middle of a day.
    Rebound,
    /// Its handle is the empty text.
    EmptyHandle,
    /// Its handle and its volume's labels are NULL.
    NullHandle,
}

impl Kind {
    fn of(cluster: &Cluster, volume: u64) -> Self {
        match volume % 10 {
            4 if cluster.edges => Kind::Shared,
            5 if cluster.edges => Kind::Unmounted,
            6 if cluster.edges => Kind::Orphan,
            7 if cluster.edges => Kind::Rebound,
            8 if cluster.edges => Kind::EmptyHandle,
            9 if cluster.edges => Kind::NullHandle,
            _ => Kind::Plain,
        }
    }
}

/// Where a volume is mounted at one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mount {
    /// Slot and incarnation of the pod.
    pod: Option<(u64, u64)>,
    namespace: usize,
    /// Position of the node; the number of nodes stands for the empty name.
    node: usize,
    /// Whether the claim has moved to its second volume.
    moved: bool,
}

/// Classes of storage; the first is the usual one.
const CLASSES: [&str; 3] = ["fast-csi", "slow", ""];

pub(crate) fn columns(cluster: &Cluster, daily: bool) -> Vec<ColumnSpec> {
    let namespace = ("namespace", Source::Code(Arc::clone(&cluster.namespace_names)));
    let node = ("node", Source::Code(Arc::clone(&cluster.node_names)));
    let pod = ("pod", Source::Text);
    let names = [
        ("persistentvolumeclaim", Source::Text),
        ("persistentvolume", Source::Text),
        ("storageclass", Source::Code(Arc::new(StringArray::from_iter_values(CLASSES)))),
        ("csi_driver", Source::Code(Arc::new(StringArray::from_iter_values(["disk.csi.example.com"])))),
        ("csi_volume_handle", Source::Text),
    ];
    let labels = [("persistentvolume_labels", Source::Text), ("persistentvolumeclaim_labels", Source::Text)];
    let amounts = [
        ("persistentvolumeclaim_capacity_bytes", Source::Level),
        ("persistentvolumeclaim_capacity_byte_seconds", Source::Level),
        ("volume_request_storage_byte_seconds", Source::Level),
        ("persistentvolumeclaim_usage_byte_seconds", Source::Amount),
    ];
    let period = [("report_period_start", Source::Time), ("report_period_end", Source::Time)];
    let mut columns = Vec::with_capacity(18);
    if daily {
        columns.extend([namespace, node, pod]);
        columns.extend(names.into_iter().chain(labels));
        columns.push(("interval_start", Source::Time));
        columns.extend(period.into_iter().chain(amounts));
    } else {
        columns.extend(period);
        columns.extend([("interval_start", Source::Time), ("interval_end", Source::Time), namespace, pod, node]);
        columns.extend(names.into_iter().chain(amounts).chain(labels));
    }
    columns
}

/// The mounts of a volume at an hour, one row each.
fn mounts(cluster: &Cluster, volume: u64, hour: u64) -> impl Iterator<Item = Mount> {
    // The last slot may end early, so no volume is mounted there unless there is no other.
    let slots = (cluster.slots - 1).max(1);
    let slot = noise([cluster.seed, 8, volume]) % slots;
    let namespace = cluster.namespace(slot);
    let kind = Kind::of(cluster, volume);
    let moved = kind == Kind::Rebound && hour >= moves_at(cluster, volume);
    let mount = move |slot: u64| {
        let pod = cluster.pod(slot, hour.min(cluster.slot_hours(slot) - 1));
        Mount { pod: Some((slot, pod.incarnation)), namespace, node: pod.node, moved }
    };
    let none = Mount { pod: None, namespace, node: cluster.nodes.len(), moved };
    let partner = (slot + 1..slots).chain(0..slot).take(10_000).find(|other| cluster.namespace(*other) == namespace);
    let (first, second) = match kind {
        Kind::Unmounted => (none, None),
        Kind::Orphan => (Mount { pod: Some((u64::MAX, volume)), ..none }, None),
        Kind::Shared => (mount(slot), partner.map(mount)),
        _ => (mount(slot), None),
    };
    std::iter::once(first).chain(second)
}

/// Hour at which a rebound claim moves: noon of a day in the middle half of the range.
fn moves_at(cluster: &Cluster, volume: u64) -> u64 {
    let hours = cluster.hours.count;
    let about = hours / 4 + noise([cluster.seed, 9, volume]) % (hours / 2).max(1);
    about - about.min(cluster.hours.of_clock(about)) + 12
}

/// Capacity in bytes, then byte-seconds of capacity, request and usage in one hour.
fn amounts(cluster: &Cluster, volume: u64, hour: u64) -> [i64; 4] {
    let fixed = noise([cluster.seed, 10, volume]);
    // At most 64 GiB: a day of byte-seconds stays below 2^53.
    let bytes = (1 + (fixed & 63) as i64) << 30;
    let used = (bytes >> 12) * (1 + (noise([cluster.seed, 11, volume ^ (hour << 32)]) & 4095) as i64);
    [bytes, bytes * 3600, bytes / 4 * (1 + ((fixed >> 8) & 3) as i64) * 3600, used * 3600]
}

fn push_names(columns: &mut Columns, cluster: &Cluster, volume: u64, mount: &Mount) {
    let kind = Kind::of(cluster, volume);
    columns.text(Some(&format!("claim-{volume:05}")));
    columns.text(Some(&format!("pv-{volume:05}{}", if mount.moved { "-b" } else { "" })));
    columns.code(Some(noise([cluster.seed, 12, volume]).checked_rem(8).map_or(0, |class| (class as i32 - 5).max(0))));
    columns.code(Some(0));
    match kind {
        Kind::NullHandle => columns.text(None),
        Kind::EmptyHandle => columns.text(Some("")),
        _ => columns.text(Some(&format!("vol-{:04}{volume:08}", cluster.index + 1))),
    }
}

fn push_labels(columns: &mut Columns, cluster: &Cluster, volume: u64) {
    let (tier, app) = (["gold", "silver"][volume as usize % 2], noise([cluster.seed, 13, volume]) % 9);
    match Kind::of(cluster, volume) {
        Kind::NullHandle => columns.text(None),
        _ => columns.text(Some(&format!("{{\"tier\": \"{tier}\", \"disk\": \"d-{volume}\"}}"))),
    }
    match volume % 3 {
        0 => columns.text(Some("{}")),
        _ => columns.text(Some(&format!("{{\"app\": \"store-{app}\", \"tier\": \"claimed\"}}"))),
    }
}

fn push_pod(columns: &mut Columns, cluster: &Cluster, mount: &Mount, text: &mut String) {
    text.clear();
    match mount.pod {
        Some((u64::MAX, volume)) => text.push_str(&format!("gone-{volume:05}")),
        Some((slot, incarnation)) => cluster.push_pod_name(slot, incarnation, text),
        None => {}
    }
    columns.text(Some(text));
}

/// Writes the hourly rows of a day.
pub(crate) fn write_hours(cluster: &Cluster, day: Day, out: &mut FileWriter) -> Result<Units> {
    let period = Period::of(day);
    let mut units = Units::default();
    let mut text = String::new();
    for hour in cluster.hours.of_day(day) {
        for volume in 0..cluster.volumes {
            let amounts = amounts(cluster, volume, hour);
            for mount in mounts(cluster, volume, hour) {
                for (sum, amount) in units.storage.iter_mut().zip(&amounts[1..]) {
                    *sum += i128::from(*amount);
                }
                let columns = &mut out.columns;
                let at_ms = cluster.hours.at_ms(hour);
                period.push(columns);
                columns.time(at_ms);
                columns.time(at_ms + HOUR_MS - 1000);
                columns.code(Some(mount.namespace as i32));
                push_pod(columns, cluster, &mount, &mut text);
                columns.code(Some(mount.node as i32));
                push_names(columns, cluster, volume, &mount);
                amounts.iter().for_each(|amount| columns.number(Some(*amount as f64)));
                push_labels(columns, cluster, volume);
                out.row_done()?;
            }
        }
    }
    Ok(units)
}

/// Writes the daily rows of a day: what the converter makes of the hourly ones.
pub(crate) fn write_day(cluster: &Cluster, day: Day, out: &mut FileWriter) -> Result<()> {
    let period = Period::of(day);
    let mut text = String::new();
    let mut rows: Vec<(Mount, [i64; 4])> = Vec::new();
    for volume in 0..cluster.volumes {
        rows.clear();
        for hour in cluster.hours.of_day(day) {
            let amounts = amounts(cluster, volume, hour);
            for mount in mounts(cluster, volume, hour) {
                let at = rows.iter().position(|(known, _)| *known == mount).unwrap_or_else(|| {
                    rows.push((mount, [0; 4]));
                    rows.len() - 1
                });
                let sums = &mut rows[at].1;
                sums[0] = amounts[0];
                sums.iter_mut().zip(amounts).skip(1).for_each(|(sum, amount)| *sum += amount);
            }
        }
        for (mount, sums) in &rows {
            let columns = &mut out.columns;
            columns.code(Some(mount.namespace as i32));
            columns.code(Some(mount.node as i32));
            push_pod(columns, cluster, mount, &mut text);
            push_names(columns, cluster, volume, mount);
            push_labels(columns, cluster, volume);
            columns.time(i64::from(day.0) * 24 * HOUR_MS);
            period.push(columns);
            sums.iter().for_each(|sum| columns.number(Some(*sum as f64)));
            out.row_done()?;
        }
    }
    Ok(())
}
