//! Writes the hostile months of seeds 0, 1, 2... as Parquet, for readers that are not Rust. Those of odd seeds are crowded: all
//! rows fall on few namespaces and pods, and the role of every node is known, so that volumes find their pods and nodes their role.
//!
//! Usage: random-months FOLDER COUNT. Each month gets a folder named after its seed, with the input in the layout `koku` for
//! account `random` and the source [`SOURCE`], and a `month.json` with its settings: the semantics are `exact`, the dialect is
//! `trino`, and roles of nodes are those given.

use std::error::Error;
use std::fs::{File, create_dir_all, write};
use std::path::Path;

use parquet::arrow::ArrowWriter;
use rowmill_core::{ColumnKind, InputColumn, InputSpec};
use rowmill_testkit::openshift::{Input, Month, random_month};
use serde_json::json;

const SOURCE: &str = "00000000-0000-4000-8000-000000000001";

const POD_TEXTS: &[&str] = &["namespace", "node", "pod", "resource_id", "pod_labels", "node_role"];
const POD_NUMBERS: &[&str] = &[
    "pod_usage_cpu_core_seconds",
    "pod_request_cpu_core_seconds",
    "pod_effective_usage_cpu_core_seconds",
    "pod_limit_cpu_core_seconds",
    "pod_usage_memory_byte_seconds",
    "pod_request_memory_byte_seconds",
    "pod_effective_usage_memory_byte_seconds",
    "pod_limit_memory_byte_seconds",
    "node_capacity_cpu_cores",
    "node_capacity_cpu_core_seconds",
    "node_capacity_memory_bytes",
    "node_capacity_memory_byte_seconds",
];
const STORAGE_TEXTS: &[&str] = &[
    "namespace",
    "pod",
    "persistentvolumeclaim",
    "persistentvolume",
    "storageclass",
    "csi_volume_handle",
    "persistentvolume_labels",
    "persistentvolumeclaim_labels",
];
const STORAGE_NUMBERS: &[&str] = &[
    "persistentvolumeclaim_capacity_bytes",
    "persistentvolumeclaim_capacity_byte_seconds",
    "volume_request_storage_byte_seconds",
    "persistentvolumeclaim_usage_byte_seconds",
];

/// Input, folder of its tree, report, texts, numbers.
type Layout = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const INPUTS: &[Layout] = &[
    ("pod_daily", "daily/random", "pod_usage", POD_TEXTS, POD_NUMBERS),
    ("pod_hourly", "random", "pod_usage", POD_TEXTS, POD_NUMBERS),
    ("storage_daily", "daily/random", "storage_usage", STORAGE_TEXTS, STORAGE_NUMBERS),
    ("storage_hourly", "random", "storage_usage", STORAGE_TEXTS, STORAGE_NUMBERS),
    ("node_labels_daily", "daily/random", "node_labels", &["node", "node_labels"], &[]),
    ("node_labels_hourly", "random", "node_labels", &["node", "node_labels"], &[]),
    ("namespace_labels_daily", "daily/random", "namespace_labels", &["namespace", "namespace_labels"], &[]),
    ("namespace_labels_hourly", "random", "namespace_labels", &["namespace", "namespace_labels"], &[]),
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, count] = arguments.as_slice() else { return Err("usage: random-months FOLDER COUNT".into()) };
    for seed in 0..count.parse::<u64>()? {
        let folder = Path::new(folder).join(seed.to_string());
        create_dir_all(&folder)?;
        let mut month = random_month(seed);
        if seed % 2 == 1 {
            crowd(&mut month);
        }
        write_input(&folder, &month)?;
        write(folder.join("month.json"), settings(&month).to_string())?;
    }
    Ok(())
}

fn crowd(month: &mut Month) {
    let place = |nth: usize| (Some(["app", "kube-system"][nth / 2 % 2].to_owned()), Some(["p0", "p1"][nth % 2].to_owned()));
    for (nth, pod) in month.pods_daily.iter_mut().chain(&mut month.pods_hourly).enumerate() {
        (pod.namespace, pod.pod) = place(nth);
    }
    for (nth, volume) in month.storage.iter_mut().chain(&mut month.storage_hourly).enumerate() {
        (volume.namespace, volume.pod) = place(nth);
    }
    let names = ["n1", "n2", "n3"].into_iter().flat_map(|node| ["i-abc", "i-Zz", "i-ABC"].map(|resource_id| (node, resource_id)));
    let roles = ["worker", "infra", "master", "gpu"].into_iter().cycle();
    month.nodes = names.zip(roles).map(|((node, id), role)| (node.to_owned(), Some(id.to_owned()), Some(role.to_owned()))).collect();
}

fn settings(month: &Month) -> serde_json::Value {
    let nodes = month.nodes.iter().map(|(node, resource_id, role)| json!({ "node": node, "resourceId": resource_id, "role": role }));
    let categories = month.categories.iter().map(|(namespace, id)| json!({ "namespace": namespace, "id": id }));
    json!({
        "source": SOURCE,
        "account": "random",
        "start": month.start,
        "end": month.end,
        "input": if month.input == Input::Daily { "daily" } else { "hourly" },
        "alignStart": month.align_start,
        "enabledKeys": month.enabled_keys,
        "categories": categories.collect::<Vec<_>>(),
        "nodes": nodes.collect::<Vec<_>>(),
    })
}

fn write_input(folder: &Path, month: &Month) -> Result<(), Box<dyn Error>> {
    let (year, number, _) = month.start.civil();
    for (name, tree, report, texts, numbers) in INPUTS {
        let columns = [InputColumn::new("interval_start", ColumnKind::Timestamp)].into_iter();
        let columns = columns.chain(texts.iter().map(|name| InputColumn::new(name, ColumnKind::Text)));
        let columns = columns.chain(numbers.iter().map(|name| InputColumn::new(name, ColumnKind::Double))).collect();
        let batch = month.batch(&InputSpec::new(name, columns))?;
        let partition = format!("data/parquet/{tree}/OCP/{report}/source={SOURCE}/year={year:04}/month={number:02}");
        let partition = folder.join(partition);
        create_dir_all(&partition)?;
        let mut writer = ArrowWriter::try_new(File::create(partition.join(format!("{name}.parquet")))?, batch.schema(), None)?;
        writer.write(&batch)?;
        writer.close()?;
    }
    Ok(())
}
