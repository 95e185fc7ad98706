//! A made-up cluster: what runs where at which hour.

use std::sync::Arc;

use arrow_array::StringArray;
use rowmill_core::Result;

use crate::hours::Hours;
use crate::label_texts::{LabelId, LabelTexts};
use crate::noise::{noise, push_suffix, share};
use crate::spec::OpenShiftSpec;

/// Namespaces of the platform, which come before all others.
const SYSTEM: [&str; 3] = ["openshift-kube-apiserver", "openshift-monitoring", "kube-system"];
const SHOP: [&str; 9] = ["cart", "search", "payment", "basket", "returns", "stock", "prices", "images", "mail"];
/// Roles of nodes; the last stands for pods without a node.
pub(crate) const ROLES: [&str; 4] = ["master", "infra", "worker", ""];

/// A node, for as long as it is there.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// Instance ids before and from hour `swapped`.
    pub(crate) resource_ids: [String; 2],
    swapped: u64,
    joins: u64,
    leaves: u64,
    /// Position in [`ROLES`].
    pub(crate) role: usize,
    pub(crate) cores: i64,
    pub(crate) bytes: i64,
}

impl Node {
    pub(crate) fn is_there(&self, hour: u64) -> bool {
        (self.joins..self.leaves).contains(&hour)
    }
}

/// A pod at one hour. A slot holds one pod after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pod {
    pub(crate) slot: u64,
    /// How many pods the slot held before.
    pub(crate) incarnation: u64,
    pub(crate) namespace: usize,
    /// Position of the node; the number of nodes stands for the empty name.
    pub(crate) node: usize,
    /// Which of the node's two resource ids.
    pub(crate) resource: usize,
    pub(crate) labels: LabelId,
}

/// What is fixed about a cluster.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) index: u32,
    pub(crate) seed: u64,
    pub(crate) edges: bool,
    pub(crate) hours: Hours,
    pub(crate) nodes: Vec<Node>,
    pub(crate) namespaces: Vec<String>,
    /// Pods at a time; the last slot ends after `tail` hours so that the number of rows comes out exactly.
    pub(crate) slots: u64,
    tail: u64,
    pub(crate) volumes: u64,
    pub(crate) texts: LabelTexts,
    labels: crate::spec::Labels,
    pub(crate) node_names: Arc<StringArray>,
    pub(crate) resource_ids: Arc<StringArray>,
    pub(crate) namespace_names: Arc<StringArray>,
}

impl Cluster {
    pub(crate) fn new(spec: &OpenShiftSpec, index: u32) -> Result<Self> {
        let hours = Hours::new(spec.check()?, spec.months, spec.first_hour, spec.last_hour);
        let seed = noise([spec.seed, u64::from(index), 0]);
        let (slots, tail) = match spec.rows {
            None => (spec.pods, hours.count),
            Some(rows) => {
                let clusters = u64::from(spec.clusters);
                let own = rows / clusters + u64::from(u64::from(index) < rows % clusters);
                (own.div_ceil(hours.count), (own - 1) % hours.count + 1)
            }
        };
        let nodes = nodes(spec, seed, hours.count);
        let namespaces: Vec<String> = SYSTEM.map(str::to_owned).into_iter().chain((0..spec.namespaces as usize).map(user_namespace)).collect();
        let ids = nodes.iter().flat_map(|node| node.resource_ids.clone()).chain([String::new()]);
        Ok(Self {
            index,
            seed,
            edges: spec.edges,
            slots,
            tail,
            volumes: spec.volumes,
            texts: LabelTexts::new(&spec.labels),
            labels: spec.labels.clone(),
            node_names: Arc::new(StringArray::from_iter_values(nodes.iter().map(|node| node.name.as_str()).chain([""]))),
            resource_ids: Arc::new(StringArray::from_iter_values(ids)),
            namespace_names: Arc::new(StringArray::from_iter_values(&namespaces)),
            hours,
            nodes,
            namespaces,
        })
    }

    /// Name of the cluster.
    pub(crate) fn name(&self) -> String {
        format!("cluster-{:03}", self.index + 1)
    }

    /// Source id of the cluster.
    pub(crate) fn source(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.index + 1)
    }

    /// Number of hours that a slot has data for, from the first one on.
    pub(crate) fn slot_hours(&self, slot: u64) -> u64 {
        if slot + 1 == self.slots { self.tail } else { self.hours.count }
    }

    /// Which pod of its slot runs at an hour, counted from 0.
    pub(crate) fn incarnation(&self, slot: u64, hour: u64) -> u64 {
        let bits = noise([self.seed, 1, slot]);
        // From six hours to twenty days.
        let life = 6 + bits % 475;
        (hour + (bits >> 32) % life) / life
    }

    pub(crate) fn pod(&self, slot: u64, hour: u64) -> Pod {
        let incarnation = self.incarnation(slot, hour);
        let waiting = self.edges && share(slot, 8, 2) && self.hours.of_clock(hour) < 3;
        let node = if waiting { self.nodes.len() } else { self.node(slot, incarnation, hour) };
        let resource = self.nodes.get(node).map_or(0, |node| usize::from(hour >= node.swapped));
        Pod { slot, incarnation, namespace: self.namespace(slot), node, resource, labels: self.label(slot, incarnation, hour) }
    }

    pub(crate) fn namespace(&self, slot: u64) -> usize {
        let users = self.namespaces.len() - SYSTEM.len();
        match slot {
            0 => 0,
            slot if slot.is_multiple_of(10) => 1 + (slot / 10) as usize % (SYSTEM.len() - 1),
            slot => SYSTEM.len() + (slot % users as u64) as usize,
        }
    }

    /// Each node has a slot of its own; the other slots are spread at random. A pod whose node is gone runs on the next one.
    fn node(&self, slot: u64, incarnation: u64, hour: u64) -> usize {
        let count = self.nodes.len();
        let wanted = if slot < count as u64 { slot } else { noise([self.seed, slot, incarnation]) % count as u64 } as usize;
        (wanted..count).chain(0..wanted).find(|node| self.nodes[*node].is_there(hour)).unwrap_or(0)
    }

    fn label(&self, slot: u64, incarnation: u64, hour: u64) -> LabelId {
        let labels = &self.labels;
        if share(slot, 5, labels.null_percent) {
            return LabelId::Null;
        }
        if share(slot, 6, labels.empty_percent) {
            return LabelId::Empty;
        }
        if share(slot, 7, labels.malformed_percent) {
            return LabelId::Malformed;
        }
        let day = self.hours.day(hour).0 as u64;
        let churns = self.edges && self.hours.of_clock(hour) >= 12 && (noise([self.seed, 2, slot]) ^ day) % 100 < u64::from(labels.churn_percent);
        // Every second roll of a deployment changes its labels.
        let version = if churns { day + 1_000_000 } else { incarnation / 2 };
        let text = noise([self.seed ^ 3, slot, version]);
        let distinct = u64::from(labels.distinct);
        if !labels.per_row {
            return LabelId::Text((text % distinct) as u32);
        }
        let row = noise([self.seed ^ 3, slot, hour + 2_000_000]);
        match u64::from(labels.kept).min(distinct) {
            0 => LabelId::Text((row % distinct) as u32),
            // The enabled labels stay: texts with the same remainder have the same ones.
            kept => LabelId::Text((row % (distinct / kept) * kept + text % kept) as u32),
        }
    }

    /// Writes the name of a pod.
    pub(crate) fn push_pod_name(&self, slot: u64, incarnation: u64, text: &mut String) {
        text.push_str(&self.namespaces[self.namespace(slot)]);
        text.push('-');
        push_suffix(text, slot);
        text.push('-');
        push_suffix(text, noise([self.seed, slot, incarnation ^ 0x5000_0000]));
    }

    /// Number of distinct pods by slot and incarnation.
    pub(crate) fn pod_count(&self) -> u64 {
        let of_slot = |slot: u64| self.incarnation(slot, self.slot_hours(slot) - 1) - self.incarnation(slot, 0) + 1;
        (0..self.slots).map(of_slot).sum()
    }
}

fn user_namespace(index: usize) -> String {
    let (name, round) = (SHOP[index % SHOP.len()], index / SHOP.len());
    if round == 0 { format!("shop-{name}") } else { format!("shop-{name}-{round:02}") }
}

fn nodes(spec: &OpenShiftSpec, seed: u64, hours: u64) -> Vec<Node> {
    let count = spec.nodes as usize;
    let node = |index: usize| {
        let cores = [4, 8, 16, 32][noise([seed, 4, index as u64]) as usize % 4];
        let id = |generation: usize| format!("i-{:04}{:06}-{generation}", spec.seed % 10_000, index + 1);
        let edge = |wanted: bool, hour: u64, otherwise: u64| if spec.edges && wanted { hour } else { otherwise };
        Node {
            name: format!("node-{:03}", index + 1),
            resource_ids: [id(0), id(1)],
            swapped: edge(index == 1, hours / 2, u64::MAX),
            joins: edge(index >= 3 && index + 1 == count, hours / 3, 0),
            leaves: edge(index >= 3 && index + 2 == count, hours * 2 / 3, u64::MAX),
            role: match index {
                0 => 0,
                1 if count >= 4 => 1,
                _ => 2,
            },
            cores,
            bytes: cores * 4 * (1 << 30),
        }
    };
    (0..count).map(node).collect()
}
