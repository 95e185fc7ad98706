//! State to columns and back. Numbers of names become texts (as dictionaries), sums become 128-bit integers.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int32Type, Int64Type, UInt8Type};
use arrow_array::{
    Array, ArrayRef, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    UInt8Array,
};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rowmill_core::day::Day;
use rowmill_core::{Error, GLOBAL_PARTITION, Result, StateBatch};
use rowmill_kernels::codes::{CodeMap, TextColumn};
use rowmill_kernels::intern::Interner;
use rowmill_kernels::labels::LabelTable;

use super::day::{DayState, PodKey, PodNodeKey, VolumeKey};
use super::facts::{Facts, NodeFacts};
use super::group::{ByteSeconds, CoreSeconds, Grouped, Largest, PodTotals, VolumeSeconds};
use super::names::Names;

/// Tables of the state, by number.
mod table {
    pub const PODS: u8 = 0;
    pub const PEAKS: u8 = 1;
    pub const NODE_LABELS: u8 = 2;
    pub const NAMESPACE_LABELS: u8 = 3;
    pub const VOLUMES: u8 = 4;
    pub const POD_NODES: u8 = 5;
    pub const FIRST_DAY: u8 = 6;
    pub const NODES: u8 = 7;
    pub const LABELLED: u8 = 8;
}

/// The label maps of rows as a dictionary of their JSON texts.
fn label_column(ids: impl Iterator<Item = u32>, labels: &LabelTable) -> ArrayRef {
    dictionary(ids, |id| labels.json(id))
}

fn name_column(ids: impl Iterator<Item = u32>, names: &Interner) -> ArrayRef {
    dictionary(ids, |id| names.get(id).map(ToOwned::to_owned))
}

/// A dictionary array over the texts of the numbers that occur; numbers without text are NULL.
fn dictionary(ids: impl Iterator<Item = u32>, text: impl Fn(u32) -> Option<String>) -> ArrayRef {
    let mut codes = HashMap::<u32, Option<i32>, FixedState>::default();
    let mut texts = Vec::new();
    let keys: Int32Array = ids
        .map(|id| {
            *codes.entry(id).or_insert_with(|| {
                text(id).map(|text| {
                    texts.push(text);
                    texts.len() as i32 - 1
                })
            })
        })
        .collect();
    Arc::new(DictionaryArray::<Int32Type>::new(keys, Arc::new(StringArray::from(texts))))
}

fn name_ids(batch: &RecordBatch, at: usize, names: &mut Interner) -> Result<Vec<u32>> {
    let mut ids = Vec::with_capacity(batch.num_rows());
    CodeMap::default().map(batch.column(at), names, &mut ids)?;
    Ok(ids)
}

fn label_ids(batch: &RecordBatch, at: usize, labels: &mut LabelTable) -> Result<Vec<u32>> {
    let column = TextColumn::of(batch.column(at))?;
    let TextColumn::Dictionary(keys, values) = column else { return Err(Error::bug("labels of a state without dictionary")) };
    let null = rowmill_kernels::labels::NULL_LABELS;
    let of_code = values.iter().map(|text| labels.parse(text)).collect::<Result<Vec<u32>>>()?;
    Ok(keys.iter().map(|code| code.map_or(null, |code| of_code[code as usize])).collect())
}

fn batch(table: u8, partition: u32, columns: Vec<(&str, ArrayRef)>) -> Result<StateBatch> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
        .map_err(|error| Error::bug(format!("state does not make a batch: {error}")))?;
    Ok(StateBatch { table, partition, batch })
}

fn steps(values: impl Iterator<Item = Option<i128>>) -> Result<ArrayRef> {
    let array = values.collect::<Decimal128Array>().with_precision_and_scale(38, 0);
    Ok(Arc::new(array.map_err(|error| Error::bug(error.to_string()))?))
}

fn largest(values: impl Iterator<Item = Largest>) -> ArrayRef {
    Arc::new(values.map(Largest::get).collect::<Float64Array>())
}

fn read_steps(batch: &RecordBatch, at: usize, row: usize) -> Option<i128> {
    let column = batch.column(at).as_primitive::<Decimal128Type>();
    column.is_valid(row).then(|| column.value(row))
}

fn read_largest(batch: &RecordBatch, at: usize, row: usize, largest: &mut Largest) {
    let column = batch.column(at).as_primitive::<Float64Type>();
    if column.is_valid(row) {
        largest.put(column.value(row));
    }
}

/// The pods of one part of a day.
pub fn write_pods(pods: &Grouped<PodKey, PodTotals>, names: &Names, partition: u32) -> Result<Vec<StateBatch>> {
    if pods.is_empty() {
        return Ok(Vec::new());
    }
    let keys = || pods.keys.iter();
    let values = || pods.values.iter();
    let mut columns = vec![
        ("namespace", name_column(keys().map(|key| key.0), &names.namespaces)),
        ("node", name_column(keys().map(|key| key.1), &names.nodes)),
        ("labels", label_column(keys().map(|key| key.2), &names.labels)),
        ("resource", name_column(values().map(|totals| totals.resource), &names.resources)),
        ("capacity_cores", largest(values().map(|totals| totals.capacity_cores))),
        ("capacity_bytes", largest(values().map(|totals| totals.capacity_bytes))),
    ];
    for (sum, name) in ["cpu0", "cpu1", "cpu2", "cpu3", "memory0", "memory1", "memory2", "memory3"].into_iter().enumerate() {
        let of = |totals: &PodTotals| if sum < 4 { totals.cpu[sum].steps() } else { totals.memory[sum - 4].steps() };
        columns.push((name, steps(values().map(|totals| (totals.present & (1 << sum) != 0).then(|| of(totals))))?));
    }
    Ok(vec![batch(table::PODS, partition, columns)?])
}

/// Takes such pods in.
pub fn read_pods(state: &StateBatch, pods: &mut Grouped<PodKey, PodTotals>, names: &mut Names) -> Result<()> {
    let batch = &state.batch;
    let namespaces = name_ids(batch, 0, &mut names.namespaces)?;
    let nodes = name_ids(batch, 1, &mut names.nodes)?;
    let labels = label_ids(batch, 2, &mut names.labels)?;
    let resources = name_ids(batch, 3, &mut names.resources)?;
    names.place_new_nodes();
    for row in 0..batch.num_rows() {
        let totals = pods.entry((namespaces[row], nodes[row], labels[row]));
        totals.resource = names.resources.larger(totals.resource, resources[row]);
        read_largest(batch, 4, row, &mut totals.capacity_cores);
        read_largest(batch, 5, row, &mut totals.capacity_bytes);
        for sum in 0..8 {
            if let Some(steps) = read_steps(batch, 6 + sum, row) {
                totals.present |= 1 << sum;
                match sum {
                    0..4 => totals.cpu[sum].merge(CoreSeconds::from_steps(steps)),
                    _ => totals.memory[sum - 4].merge(ByteSeconds::from_steps(steps)),
                }
            }
        }
    }
    Ok(())
}

/// What concerns a whole day; the state of the day loses it.
pub fn write_day(day: &mut DayState, names: &Names, partition: u32) -> Result<Vec<StateBatch>> {
    let mut batches = Vec::new();
    let peaks = std::mem::take(&mut day.peaks);
    if !peaks.is_empty() {
        let columns = vec![
            ("in_day_ms", Arc::new(peaks.iter().map(|(in_day_ms, _, _)| in_day_ms).collect::<Int64Array>()) as ArrayRef),
            ("node", name_column(peaks.iter().map(|(_, node, _)| node), &names.nodes)),
            ("core_seconds", largest(peaks.iter().map(|(_, _, peak)| peak.0))),
            ("byte_seconds", largest(peaks.iter().map(|(_, _, peak)| peak.1))),
        ];
        batches.push(batch(table::PEAKS, partition, columns)?);
    }
    let label_sets = [
        (table::NODE_LABELS, std::mem::take(&mut day.node_labels), &names.nodes),
        (table::NAMESPACE_LABELS, std::mem::take(&mut day.namespace_labels), &names.namespaces),
    ];
    for (table, pairs, interner) in label_sets {
        if !pairs.is_empty() {
            let names_column = name_column(pairs.iter().map(|pair| pair.0), interner);
            let columns = vec![("name", names_column), ("labels", label_column(pairs.iter().map(|pair| pair.1), &names.labels))];
            batches.push(batch(table, partition, columns)?);
        }
    }
    let volumes = std::mem::take(&mut day.volumes);
    if !volumes.is_empty() {
        batches.push(write_volumes(&volumes, names, partition)?);
    }
    let pod_nodes = std::mem::take(&mut day.pod_nodes);
    if !pod_nodes.is_empty() {
        let keys = || pod_nodes.keys.iter();
        let tags = FixedSizeBinaryArray::try_from_iter(keys().map(|key| key.tag.to_le_bytes())).map_err(|error| Error::bug(error.to_string()))?;
        let columns = vec![
            ("namespace", name_column(keys().map(|key| key.namespace), &names.namespaces)),
            ("pod", name_column(keys().map(|key| key.pod), &names.pods)),
            ("node", name_column(keys().map(|key| key.node), &names.nodes)),
            ("resource", name_column(pod_nodes.values.iter().map(|resource| resource.0), &names.resources)),
            ("tag", Arc::new(tags) as ArrayRef),
        ];
        batches.push(batch(table::POD_NODES, partition, columns)?);
    }
    Ok(batches)
}

fn write_volumes(volumes: &Grouped<VolumeKey, super::group::VolumeTotals>, names: &Names, partition: u32) -> Result<StateBatch> {
    let keys = || volumes.keys.iter();
    let values = || volumes.values.iter();
    let mut columns = vec![
        ("namespace", name_column(keys().map(|key| key.namespace), &names.namespaces)),
        ("pod", name_column(keys().map(|key| key.pod), &names.pods)),
        ("claim", name_column(keys().map(|key| key.claim), &names.volumes)),
        ("volume", name_column(keys().map(|key| key.volume), &names.volumes)),
        ("class", name_column(keys().map(|key| key.class), &names.volumes)),
        ("csi_handle", name_column(keys().map(|key| key.csi_handle), &names.volumes)),
        ("volume_labels", label_column(keys().map(|key| key.volume_labels), &names.labels)),
        ("claim_labels", label_column(keys().map(|key| key.claim_labels), &names.labels)),
        ("capacity_bytes", largest(values().map(|totals| totals.capacity_bytes))),
    ];
    for (sum, name) in ["capacity", "request", "usage"].into_iter().enumerate() {
        columns.push((name, steps(values().map(|totals| (totals.present & (1 << sum) != 0).then(|| totals.sums[sum].steps())))?));
    }
    batch(table::VOLUMES, partition, columns)
}

/// Takes in what concerns a whole day. `hourly` says whether pods came by the hour, which decides what tells their nodes apart.
pub fn read_day(state: &StateBatch, day: &mut DayState, names: &mut Names, hourly: bool) -> Result<()> {
    match state.table {
        table::PEAKS => read_peaks(&state.batch, day, names),
        table::NODE_LABELS => {
            let nodes = name_ids(&state.batch, 0, &mut names.nodes)?;
            day.node_labels.extend(nodes.into_iter().zip(label_ids(&state.batch, 1, &mut names.labels)?));
            names.place_new_nodes();
            Ok(())
        }
        table::NAMESPACE_LABELS => {
            let namespaces = name_ids(&state.batch, 0, &mut names.namespaces)?;
            day.namespace_labels.extend(namespaces.into_iter().zip(label_ids(&state.batch, 1, &mut names.labels)?));
            Ok(())
        }
        table::VOLUMES => read_volumes(&state.batch, day, names),
        table::POD_NODES => read_pod_nodes(&state.batch, day, names, hourly),
        other => Err(Error::bug(format!("a day has no state table {other}"))),
    }
}

fn read_peaks(batch: &RecordBatch, day: &mut DayState, names: &mut Names) -> Result<()> {
    let nodes = name_ids(batch, 1, &mut names.nodes)?;
    names.place_new_nodes();
    let times = batch.column(0).as_primitive::<Int64Type>();
    for (row, node) in nodes.into_iter().enumerate() {
        let peak = day.peaks.entry(times.value(row), node);
        read_largest(batch, 2, row, &mut peak.0);
        read_largest(batch, 3, row, &mut peak.1);
    }
    Ok(())
}

fn read_volumes(batch: &RecordBatch, day: &mut DayState, names: &mut Names) -> Result<()> {
    let namespaces = name_ids(batch, 0, &mut names.namespaces)?;
    let pods = name_ids(batch, 1, &mut names.pods)?;
    let mut texts = Vec::with_capacity(4);
    for at in 2..6 {
        texts.push(name_ids(batch, at, &mut names.volumes)?);
    }
    let volume_labels = label_ids(batch, 6, &mut names.labels)?;
    let claim_labels = label_ids(batch, 7, &mut names.labels)?;
    for row in 0..batch.num_rows() {
        let totals = day.volumes.entry(VolumeKey {
            namespace: namespaces[row],
            pod: pods[row],
            claim: texts[0][row],
            volume: texts[1][row],
            class: texts[2][row],
            csi_handle: texts[3][row],
            volume_labels: volume_labels[row],
            claim_labels: claim_labels[row],
        });
        read_largest(batch, 8, row, &mut totals.capacity_bytes);
        for sum in 0..3 {
            if let Some(steps) = read_steps(batch, 9 + sum, row) {
                totals.present |= 1 << sum;
                totals.sums[sum].merge(VolumeSeconds::from_steps(steps));
            }
        }
    }
    Ok(())
}

fn read_pod_nodes(batch: &RecordBatch, day: &mut DayState, names: &mut Names, hourly: bool) -> Result<()> {
    let namespaces = name_ids(batch, 0, &mut names.namespaces)?;
    let pods = name_ids(batch, 1, &mut names.pods)?;
    let nodes = name_ids(batch, 2, &mut names.nodes)?;
    let resources = name_ids(batch, 3, &mut names.resources)?;
    names.place_new_nodes();
    let tags = batch.column(4).as_fixed_size_binary();
    for row in 0..batch.num_rows() {
        // By day the tag is the number of the resource, which means something in its own fold only.
        let written = tags.value(row).try_into().map(u128::from_le_bytes).map_err(|_| Error::bug("a tag that is not 16 bytes"))?;
        let tag = if hourly { written } else { u128::from(resources[row]) };
        let key = PodNodeKey { namespace: namespaces[row], pod: pods[row], node: nodes[row], tag };
        let largest = day.pod_nodes.entry(key);
        largest.0 = names.resources.larger(largest.0, resources[row]);
    }
    Ok(())
}

/// The facts of the whole window.
pub fn write_facts(facts: &Facts) -> Result<Vec<StateBatch>> {
    let first_day: ArrayRef = Arc::new(Int32Array::from(vec![facts.first_day.map(|day| day.0)]));
    let text = |values: Vec<Option<&str>>| Arc::new(StringArray::from(values)) as ArrayRef;
    let flag = |values: Vec<bool>| Arc::new(UInt8Array::from_iter_values(values.into_iter().map(u8::from))) as ArrayRef;
    let nodes = vec![
        ("node", text(facts.nodes.keys().map(|key| Some(key.0.as_str())).collect())),
        ("resource", text(facts.nodes.keys().map(|key| Some(key.1.as_str())).collect())),
        ("role", text(facts.nodes.values().map(|node| node.role.as_deref()).collect())),
        ("apiserver", flag(facts.nodes.values().map(|node| node.runs_apiserver).collect())),
    ];
    let labelled = vec![
        ("node", text(facts.labelled.keys().map(|node| Some(node.as_str())).collect())),
        ("infra", flag(facts.labelled.values().copied().collect())),
    ];
    Ok(vec![
        batch(table::FIRST_DAY, GLOBAL_PARTITION, vec![("day", first_day)])?,
        batch(table::NODES, GLOBAL_PARTITION, nodes)?,
        batch(table::LABELLED, GLOBAL_PARTITION, labelled)?,
    ])
}

/// Takes in facts of the whole window.
pub fn read_facts(state: &StateBatch, facts: &mut Facts) -> Result<()> {
    let batch = &state.batch;
    match state.table {
        table::FIRST_DAY => batch.column(0).as_primitive::<Int32Type>().iter().flatten().for_each(|day| facts.note_day(Day(day))),
        table::NODES => {
            let (nodes, resources, roles) =
                (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>(), batch.column(2).as_string::<i32>());
            let apiserver = batch.column(3).as_primitive::<UInt8Type>();
            for row in 0..batch.num_rows() {
                let role = roles.is_valid(row).then(|| roles.value(row).to_owned());
                let key = (nodes.value(row).to_owned(), resources.value(row).to_owned());
                facts.merge_node(key, NodeFacts { role, runs_apiserver: apiserver.value(row) == 1 });
            }
        }
        table::LABELLED => {
            let (nodes, infra) = (batch.column(0).as_string::<i32>(), batch.column(1).as_primitive::<UInt8Type>());
            for row in 0..batch.num_rows() {
                *facts.labelled.entry(nodes.value(row).to_owned()).or_default() |= infra.value(row) == 1;
            }
        }
        other => return Err(Error::bug(format!("the window has no state table {other}"))),
    }
    Ok(())
}
