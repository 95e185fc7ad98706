//! What every day needs to know of the whole window: the first day with pods, and the roles of nodes.

use std::collections::BTreeMap;

use foldhash::fast::FixedState;
use hashbrown::HashSet;
use rowmill_core::day::Day;
use rowmill_kernels::intern::NULL_ID;

use super::names::Names;
use crate::openshift::options::KnownNode;

/// Namespace whose pods run on masters only.
pub const APISERVER: &str = "openshift-kube-apiserver";

/// How a label text marks an infra node; the space is part of the rule (COST-062).
const INFRA_MARK: &str = "\"node_role_kubernetes_io\": \"infra\"";

/// What pods say about a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeFacts {
    /// Largest role that a row names.
    pub role: Option<String>,
    /// Whether a pod of the API server runs on it.
    pub runs_apiserver: bool,
}

/// What a pod row says about its node, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PodFacts {
    pub node: u32,
    pub resource: u32,
    pub role: u32,
    pub runs_apiserver: bool,
}

/// Facts of the whole window. Small: a row per node, not per pod. Holds texts, so it outlives a reset of the names.
#[derive(Default)]
pub struct Facts {
    pub first_day: Option<Day>,
    /// By node and resource id.
    pub nodes: BTreeMap<(String, String), NodeFacts>,
    /// Nodes that have labels in the window, and whether a label text marks them as infra.
    pub labelled: BTreeMap<String, bool>,
    /// What was noted already.
    noted: HashSet<PodFacts, FixedState>,
    /// By node: its last row.
    last: Vec<PodFacts>,
    /// Label texts of nodes already noted.
    noted_labels: HashSet<(u32, u128), FixedState>,
}

impl Facts {
    /// Notes the day of a pod row.
    #[inline]
    pub fn note_day(&mut self, day: Day) {
        if self.first_day.is_none_or(|first| day < first) {
            self.first_day = Some(day);
        }
    }

    /// Notes what a pod row says about its node; rows without node or resource id say nothing that a lookup could find.
    #[inline]
    pub fn note_pod(&mut self, names: &Names, row: PodFacts) {
        if row.node == NULL_ID || row.resource == NULL_ID || self.last.get(row.node as usize) == Some(&row) {
            return;
        }
        self.meet(names, row);
    }

    fn meet(&mut self, names: &Names, row: PodFacts) {
        let at = row.node as usize;
        self.last.resize(self.last.len().max(at + 1), PodFacts { node: NULL_ID, ..row });
        self.last[at] = row;
        if self.noted.insert(row) {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let key = (text(names.nodes.get(row.node)), text(names.resources.get(row.resource)));
            let facts = NodeFacts { role: names.roles.get(row.role).map(ToOwned::to_owned), runs_apiserver: row.runs_apiserver };
            self.merge_node(key, facts);
        }
    }

    /// Notes a label text of a node, once for each pair of a number and a text, of which `seen` has the hash.
    pub fn note_labels<'a>(&mut self, seen: (u32, u128), node: &str, text: impl FnOnce() -> Option<&'a str>) {
        if !self.noted_labels.insert(seen) {
            return;
        }
        let infra = text().is_some_and(|text| text.contains(INFRA_MARK));
        match self.labelled.get_mut(node) {
            Some(known) => *known |= infra,
            None => {
                self.labelled.insert(node.to_owned(), infra);
            }
        }
    }

    /// Adds what another fold knows of a node.
    pub fn merge_node(&mut self, key: (String, String), facts: NodeFacts) {
        let known = self.nodes.entry(key).or_default();
        known.runs_apiserver |= facts.runs_apiserver;
        known.role = known.role.take().max(facts.role);
    }

    /// Forgets which numbers were noted, for when names were reset.
    pub fn forget_numbers(&mut self) {
        self.noted = HashSet::default();
        self.last = Vec::new();
        self.noted_labels = HashSet::default();
    }

    /// The largest role by node and resource id. A known node without a role gets the one that pods and labels of the window say, where
    /// `derive` is set, and so do nodes that are not known (COST-061, COST-062).
    pub fn roles(&self, known: &[KnownNode], derive: bool) -> BTreeMap<(String, String), String> {
        let derived = if derive { self.derived_roles() } else { BTreeMap::new() };
        let mut roles = BTreeMap::<(String, String), String>::new();
        for node in known {
            let Some(resource) = &node.resource_id else { continue };
            let key = (node.node.clone(), resource.clone());
            let stored = node.role.clone().filter(|role| !role.is_empty());
            let role = stored.or_else(|| derived.get(&key).cloned()).unwrap_or_default();
            let largest = roles.entry(key).or_default();
            *largest = std::mem::take(largest).max(role);
        }
        for (key, role) in derived {
            roles.entry(key).or_insert(role);
        }
        roles
    }

    /// Roles of the nodes that have both pods and labels in the window.
    fn derived_roles(&self) -> BTreeMap<(String, String), String> {
        let role = |(key, facts): (&(String, String), &NodeFacts)| self.labelled.get(&key.0).map(|infra| (key.clone(), derived_role(facts, *infra)));
        self.nodes.iter().filter_map(role).collect()
    }
}

fn derived_role(facts: &NodeFacts, infra: bool) -> String {
    match &facts.role {
        Some(role) => role.clone(),
        None if facts.runs_apiserver => "master".into(),
        None if infra => "infra".into(),
        None => "worker".into(),
    }
}
