//! Roles of nodes.

use std::collections::BTreeMap;

use super::rows::{LabelRow, Month, PodRow};

/// The largest role by node and resource id.
pub(super) type Roles = BTreeMap<(String, String), String>;

/// How the converter writes the label of an infrastructure node.
const INFRA: &str = r#""node_role_kubernetes_io": "infra""#;

/// Known nodes, completed with what pods and node labels of the window say where the month asks for it.
pub(super) fn roles(month: &Month, pods: &[PodRow], node_labels: &[LabelRow]) -> Roles {
    let derived = if month.derive_nodes { derived(pods, node_labels) } else { Roles::new() };
    let mut roles = Roles::new();
    let mut keep = |pair: &(String, String), role: &str| {
        let largest = roles.entry(pair.clone()).or_default();
        *largest = role.to_owned().max(largest.clone());
    };
    let mut known = Vec::new();
    for (node, resource_id, role) in &month.nodes {
        let Some(resource_id) = resource_id else { continue };
        let pair = (node.clone(), resource_id.clone());
        match role.as_deref().filter(|role| !role.is_empty()) {
            Some(role) => keep(&pair, role),
            None => keep(&pair, derived.get(&pair).map_or("", String::as_str)),
        }
        known.push(pair);
    }
    for (pair, role) in derived.iter().filter(|(pair, _)| !known.contains(pair)) {
        keep(pair, role);
    }
    roles
}

fn derived(pods: &[PodRow], node_labels: &[LabelRow]) -> Roles {
    let mut roles = Roles::new();
    for pod in pods {
        let (Some(node), Some(resource_id)) = (&pod.node, &pod.resource_id) else { continue };
        let mut labels = node_labels.iter().filter(|row| row.name.as_ref() == Some(node)).peekable();
        if labels.peek().is_none() {
            continue;
        }
        let same = |other: &&PodRow| other.node.as_ref() == Some(node) && other.resource_id.as_ref() == Some(resource_id);
        let mut siblings = pods.iter().filter(same);
        let role = if let Some(role) = siblings.clone().filter_map(|pod| pod.node_role.clone()).max() {
            role
        } else if siblings.any(|pod| pod.namespace.as_deref() == Some("openshift-kube-apiserver")) {
            "master".into()
        } else if labels.any(|row| row.labels.as_deref().is_some_and(|text| text.contains(INFRA))) {
            "infra".into()
        } else {
            "worker".into()
        };
        roles.insert((node.clone(), resource_id.clone()), role);
    }
    roles
}
