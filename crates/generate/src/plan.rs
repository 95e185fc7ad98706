//! A plan for each generated cluster, ready to run.

use serde_json::{Value, json};

use crate::cluster::{Cluster, ROLES};
use crate::label_texts::ENABLED_KEYS;
use crate::spec::{Layout, OpenShiftSpec};

/// The plan of a cluster: where its files are, its months, and everything that the summary looks up.
pub(crate) fn plan(spec: &OpenShiftSpec, cluster: &Cluster) -> Value {
    let months = &cluster.hours.months;
    let period_id = |month: usize| u64::from(cluster.index) * 1000 + month as u64 + 1;
    let month_text = |month: usize| months[month].to_string()[..7].to_owned();
    let mut openshift = json!({
        "clusterId": cluster.name(),
        "clusterAlias": format!("Demo cluster {}", cluster.index + 1),
        "enabledKeys": ENABLED_KEYS,
        "categories": categories(spec),
        "nodes": nodes(cluster),
    });
    let mut window = json!({ "month": month_text(0) });
    if months.len() == 1 {
        openshift["reportPeriodId"] = period_id(0).into();
    } else {
        let periods: Vec<Value> = (0..months.len()).map(|month| json!({ "month": month_text(month), "id": period_id(month) })).collect();
        openshift["reportPeriods"] = periods.into();
        window = json!({ "start": months[0], "end": months[months.len() - 1].end_of_month() });
    }
    json!({
        "pipeline": "cost openshift",
        "source": {
            "root": spec.out.to_string_lossy(),
            "layout": match spec.layout { Layout::Koku => "koku", Layout::Poc => "poc" },
            "account": spec.account,
            "id": cluster.source(),
        },
        "window": window,
        "openshift": openshift,
    })
}

fn categories(spec: &OpenShiftSpec) -> Value {
    let mut categories = vec![("openshift-%", 1), ("kube-%", 1), ("Platform unallocated", 1), ("openshift", 1), ("shop-mail%", 2), ("shop-c_rt", 3)];
    if spec.edges {
        categories.extend([("shop-search", 4), ("shop-sear%", 5)]);
    }
    categories.into_iter().map(|(namespace, id)| json!({ "namespace": namespace, "id": id })).collect()
}

fn nodes(cluster: &Cluster) -> Value {
    let node = |node: &crate::cluster::Node| {
        let row = |resource_id: &String| json!({ "node": node.name, "resourceId": resource_id, "role": ROLES[node.role] });
        node.resource_ids.iter().map(row).collect::<Vec<_>>()
    };
    cluster.nodes.iter().flat_map(node).collect()
}
