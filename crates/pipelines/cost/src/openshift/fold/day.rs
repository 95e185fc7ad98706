//! The state of one day.

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use super::follows::Follows;
use super::group::{Grouped, PodTotals, VolumeTotals};
use super::peaks::Peaks;

/// Pods of a day are split by a hash of their node into this many parts, each of which can be finished by itself.
pub const POD_PARTS: usize = 16;

/// Namespace, node and labels.
pub type PodKey = (u32, u32, u32);

/// What tells volume rows of a day apart before they meet their nodes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VolumeKey {
    pub namespace: u32,
    pub pod: u32,
    pub claim: u32,
    pub volume: u32,
    pub class: u32,
    pub csi_handle: u32,
    pub volume_labels: u32,
    pub claim_labels: u32,
}

/// A node on which a pod ran. `tag` keeps apart what the daily tables keep apart: the resource id itself, or, for hourly rows (whose
/// resource id is the largest of its day), a hash of the label text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PodNodeKey {
    pub namespace: u32,
    pub pod: u32,
    pub node: u32,
    pub tag: u128,
}

/// The largest resource id of a [`PodNodeKey`]; a new one is NULL.
pub struct Resource(pub u32);

impl Default for Resource {
    fn default() -> Self {
        Self(rowmill_kernels::intern::NULL_ID)
    }
}

/// Everything gathered for one day.
#[derive(Default)]
pub struct DayState {
    pub pods: [Grouped<PodKey, PodTotals>; POD_PARTS],
    pub follows: Follows,
    pub peaks: Peaks,
    /// Pairs of node and labels.
    pub node_labels: HashSet<(u32, u32), FixedState>,
    /// Pairs of namespace and labels.
    pub namespace_labels: HashSet<(u32, u32), FixedState>,
    pub volumes: Grouped<VolumeKey, VolumeTotals>,
    pub pod_nodes: Grouped<PodNodeKey, Resource>,
}

impl DayState {
    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        self.pods.iter().map(Grouped::resident_bytes).sum::<usize>()
            + self.follows.resident_bytes()
            + self.peaks.resident_bytes()
            + self.node_labels.allocation_size()
            + self.namespace_labels.allocation_size()
            + self.volumes.resident_bytes()
            + self.pod_nodes.resident_bytes()
    }

    /// Whether the part that concerns the whole day holds anything.
    pub fn has_day_part(&self) -> bool {
        !(self.peaks.is_empty()
            && self.node_labels.is_empty()
            && self.namespace_labels.is_empty()
            && self.volumes.is_empty()
            && self.pod_nodes.is_empty())
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        !self.has_day_part() && self.pods.iter().all(Grouped::is_empty)
    }
}
