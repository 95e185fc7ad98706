//! What is known about generated data by construction.

use std::collections::BTreeMap;

use serde::Serialize;

/// Files, rows and bytes of one input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InputTotals {
    /// Number of files.
    pub files: u64,
    /// Number of rows.
    pub rows: u64,
    /// Size of the files together, in bytes.
    pub bytes: u64,
}

impl InputTotals {
    pub(crate) fn add(&mut self, other: Self) {
        self.files += other.files;
        self.rows += other.rows;
        self.bytes += other.bytes;
    }
}

/// Sums over hourly pod rows. Exact, and equal to the sums over daily rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodTotals {
    /// Core-seconds used.
    pub usage_cpu_core_seconds: f64,
    /// Core-seconds requested.
    pub request_cpu_core_seconds: f64,
    /// Core-seconds of the limits.
    pub limit_cpu_core_seconds: f64,
    /// Core-seconds of the larger of usage and request, hour by hour.
    pub effective_cpu_core_seconds: f64,
    /// Byte-seconds used.
    pub usage_memory_byte_seconds: f64,
    /// Byte-seconds requested.
    pub request_memory_byte_seconds: f64,
    /// Byte-seconds of the limits.
    pub limit_memory_byte_seconds: f64,
    /// Byte-seconds of the larger of usage and request, hour by hour.
    pub effective_memory_byte_seconds: f64,
    /// Capacity of all nodes, largest value of each node and hour summed up.
    pub capacity_core_seconds: f64,
    /// The same for memory.
    pub capacity_byte_seconds: f64,
}

/// Sums over hourly volume rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StorageTotals {
    /// Byte-seconds of capacity.
    pub capacity_byte_seconds: f64,
    /// Byte-seconds requested.
    pub request_byte_seconds: f64,
    /// Byte-seconds used.
    pub usage_byte_seconds: f64,
}

/// One cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClusterTotals {
    /// Name of the cluster.
    pub cluster_id: String,
    /// Source id in paths.
    pub source_id: String,
    /// Path of the ready plan.
    pub plan: String,
    /// By input name, for example `pod_hourly`.
    pub inputs: BTreeMap<String, InputTotals>,
    /// Distinct pods.
    pub pods: u64,
    /// Distinct volume claims.
    pub claims: u64,
    /// Sums over pods.
    pub pod_totals: PodTotals,
    /// Sums over volumes.
    pub storage_totals: StorageTotals,
}

/// Everything that was generated.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Number of files of all clusters, plans and totals not counted.
    pub files: u64,
    /// Number of rows of all inputs.
    pub rows: u64,
    /// Size of the files together, in bytes.
    pub bytes: u64,
    /// Number of hourly pod rows.
    pub hourly_pod_rows: u64,
    /// By cluster.
    pub clusters: Vec<ClusterTotals>,
}

/// Whole numbers of small units, so that the order of adding does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Units {
    /// Usage, request, limit and effective usage of cpu in 1/1024 core-seconds, then of memory in byte-seconds.
    pub(crate) pods: [i128; 8],
    /// Core-seconds and byte-seconds.
    pub(crate) capacity: [i128; 2],
    /// Capacity, request and usage in byte-seconds.
    pub(crate) storage: [i128; 3],
}

impl Units {
    pub(crate) fn add(&mut self, other: &Self) {
        let add = |left: &mut [i128], right: &[i128]| left.iter_mut().zip(right).for_each(|(left, right)| *left += right);
        add(&mut self.pods, &other.pods);
        add(&mut self.capacity, &other.capacity);
        add(&mut self.storage, &other.storage);
    }

    pub(crate) fn pod_totals(&self) -> PodTotals {
        let cores = |at: usize| self.pods[at] as f64 / 1024.0;
        let bytes = |at: usize| self.pods[at] as f64;
        PodTotals {
            usage_cpu_core_seconds: cores(0),
            request_cpu_core_seconds: cores(1),
            limit_cpu_core_seconds: cores(2),
            effective_cpu_core_seconds: cores(3),
            usage_memory_byte_seconds: bytes(4),
            request_memory_byte_seconds: bytes(5),
            limit_memory_byte_seconds: bytes(6),
            effective_memory_byte_seconds: bytes(7),
            capacity_core_seconds: self.capacity[0] as f64,
            capacity_byte_seconds: self.capacity[1] as f64,
        }
    }

    pub(crate) fn storage_totals(&self) -> StorageTotals {
        StorageTotals {
            capacity_byte_seconds: self.storage[0] as f64,
            request_byte_seconds: self.storage[1] as f64,
            usage_byte_seconds: self.storage[2] as f64,
        }
    }
}
