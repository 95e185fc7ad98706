//! Rows into state.

use arrow_array::RecordBatch;
use rowmill_core::{PhaseDone, Result};
use rowmill_kernels::codes::{CodeMap, TextColumn};
use rowmill_kernels::intern::{Interner, NULL_ID};
use rowmill_kernels::labels::LabelColumn;
use xxhash_rust::xxh3::xxh3_128;

use super::day::{PodNodeKey, VolumeKey};
use super::names::{Names, NodePart};
use super::numbers::Numbers;
use super::scope::Times;
use super::{SummaryFold, larger_side};
use crate::openshift::inputs::{CAPACITY, POD_SUMS};

/// What an input's columns remember between batches.
pub struct InputMemory {
    codes: Vec<CodeMap>,
    ids: Vec<Vec<u32>>,
    pub labels: [LabelColumn; 2],
}

impl InputMemory {
    pub fn new(first: &'static str, second: &'static str) -> Self {
        Self { codes: Vec::new(), ids: Vec::new(), labels: [LabelColumn::new(first), LabelColumn::new(second)] }
    }

    /// Numbers of the rows of some text columns, by position in `columns`.
    fn map(&mut self, batch: &RecordBatch, columns: &mut [(usize, &mut Interner)]) -> Result<()> {
        self.codes.resize_with(columns.len(), CodeMap::default);
        self.ids.resize_with(columns.len(), Vec::new);
        for (at, (column, interner)) in columns.iter_mut().enumerate() {
            self.ids[at].clear();
            self.codes[at].map(batch.column(*column), interner, &mut self.ids[at])?;
        }
        Ok(())
    }

    /// Forgets every number, for when the names were reset.
    pub fn clear(&mut self) {
        self.codes.iter_mut().for_each(CodeMap::clear);
        self.labels.iter_mut().for_each(LabelColumn::clear);
    }

    pub fn resident_bytes(&self) -> usize {
        self.ids.iter().map(|ids| ids.capacity() * 4).sum::<usize>() + self.labels.iter().map(LabelColumn::resident_bytes).sum::<usize>()
    }
}

/// The effective usage among the eight sums, and the two it comes from where it is missing.
const EFFECTIVE: [(usize, usize, usize); 2] = [(2, 0, 1), (6, 4, 5)];

impl SummaryFold {
    /// Pod rows, by day or by hour (COST-020 to COST-034).
    pub(super) fn push_pods(&mut self, input: usize, batch: &RecordBatch, hourly: bool, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let memory = &mut self.inputs[input].memory;
        let names = &mut self.names;
        memory.map(
            batch,
            &mut [(1, &mut names.namespaces), (2, &mut names.nodes), (3, &mut names.pods), (4, &mut names.resources), (6, &mut names.roles)],
        )?;
        names.place_new_nodes();
        done("names");
        let sums = numbers(batch, 7, &POD_SUMS)?;
        let cores = Numbers::of(batch, 15, "node_capacity_cpu_cores")?;
        let bytes = Numbers::of(batch, 16, "node_capacity_memory_bytes")?;
        let capacity = if hourly { numbers(batch, 17, &CAPACITY)? } else { Vec::new() };
        let guarded = |row| guarded_sums(&sums).chain(&capacity).chain([&bytes]).any(|column| column.is_anomalous(row));
        let InputMemory { ids, labels, .. } = memory;
        let mut labels = labels[0].open(batch.column(5))?;
        for row in 0..batch.num_rows() {
            let Some(ms) = times.get(row) else { continue };
            if hourly && guarded(row) {
                continue;
            }
            let [namespace, node, pod, resource, role] = [0, 1, 2, 3, 4].map(|at| ids[at][row]);
            let day = Times::day(ms);
            self.facts.note_day(day);
            self.facts.note_pod(names, namespace, node, resource, role);
            let day = self.days.entry(day.0).or_default();
            if hourly {
                let peak = day.peaks.entry((ms, node));
                put(&mut peak.0, capacity[0].get(row)?);
                put(&mut peak.1, capacity[1].get(row)?);
            }
            if self.has_volumes && namespace != NULL_ID && pod != NULL_ID {
                let tag = if hourly { xxh3_128(labels.text(row).unwrap_or("\0").as_bytes()) } else { u128::from(resource) };
                let largest = day.pod_nodes.entry(PodNodeKey { namespace, pod, node, tag });
                largest.0 = names.resources.larger(largest.0, resource);
            }
            let NodePart::Part(part) = names.node_part(node) else { continue };
            let label = labels.id(row, &mut names.labels)?;
            let totals = day.pods[part].entry((namespace, node, label));
            let mut values = [None; 8];
            for (value, column) in values.iter_mut().zip(&sums) {
                *value = column.get(row)?;
            }
            for (effective, usage, request) in EFFECTIVE {
                if hourly || values[effective].is_none() {
                    values[effective] = larger_side(values[usage], values[request], hourly || self.rules.one_side_is_enough);
                }
            }
            for (sum, value) in values.into_iter().enumerate() {
                // A missing number of an hourly row counts as 0, so that an all-missing sum is 0 and not NULL (COST-031).
                if let Some(value) = value.or(hourly.then_some(0.0)) {
                    totals.add(sum, value);
                }
            }
            put(&mut totals.capacity_cores, cores.get(row)?);
            put(&mut totals.capacity_bytes, bytes.get(row)?);
            totals.resource = names.resources.larger(totals.resource, resource);
        }
        done("groups");
        Ok(())
    }

    /// Hourly rows of which only node capacity is read (COST-015).
    pub(super) fn push_capacity(&mut self, input: usize, batch: &RecordBatch, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let memory = &mut self.inputs[input].memory;
        memory.map(batch, &mut [(1, &mut self.names.nodes)])?;
        self.names.place_new_nodes();
        let capacity = numbers(batch, 2, &CAPACITY)?;
        for row in 0..batch.num_rows() {
            let Some(ms) = times.get(row) else { continue };
            let peak = self.days.entry(Times::day(ms).0).or_default().peaks.entry((ms, memory.ids[0][row]));
            put(&mut peak.0, capacity[0].get(row)?);
            put(&mut peak.1, capacity[1].get(row)?);
        }
        done("groups");
        Ok(())
    }

    /// Volume claim rows, by day or by hour (COST-040 to COST-048).
    pub(super) fn push_volumes(&mut self, input: usize, batch: &RecordBatch, hourly: bool, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let memory = &mut self.inputs[input].memory;
        let names = &mut self.names;
        memory.map(batch, &mut [(1, &mut names.namespaces), (2, &mut names.pods)])?;
        let texts = [3, 4, 5, 6].map(|at| TextColumn::of(batch.column(at)));
        let [claims, volumes, classes, handles] = texts;
        let (claims, volumes, classes, handles) = (claims?, volumes?, classes?, handles?);
        let capacity = Numbers::of(batch, 9, "persistentvolumeclaim_capacity_bytes")?;
        let sums = numbers(
            batch,
            10,
            &["persistentvolumeclaim_capacity_byte_seconds", "volume_request_storage_byte_seconds", "persistentvolumeclaim_usage_byte_seconds"],
        )?;
        let InputMemory { ids, labels: [volume_labels, claim_labels], .. } = memory;
        let mut volume_labels = volume_labels.open(batch.column(7))?;
        let mut claim_labels = claim_labels.open(batch.column(8))?;
        for row in 0..batch.num_rows() {
            let Some(ms) = times.get(row) else { continue };
            if hourly && sums.iter().chain([&capacity]).any(|column| column.is_anomalous(row)) {
                continue;
            }
            let key = VolumeKey {
                namespace: ids[0][row],
                pod: ids[1][row],
                claim: names.volumes.intern_option(claims.get(row)),
                volume: names.volumes.intern_option(volumes.get(row)),
                class: names.volumes.intern_option(classes.get(row)),
                csi_handle: names.volumes.intern_option(handles.get(row)),
                volume_labels: volume_labels.id(row, &mut names.labels)?,
                claim_labels: claim_labels.id(row, &mut names.labels)?,
            };
            let totals = self.days.entry(Times::day(ms).0).or_default().volumes.entry(key);
            for (sum, column) in sums.iter().enumerate() {
                if let Some(value) = column.get(row)?.or(hourly.then_some(0.0)) {
                    totals.add(sum, value);
                }
            }
            put(&mut totals.capacity_bytes, capacity.get(row)?);
        }
        done("groups");
        Ok(())
    }

    /// Label rows of nodes or of namespaces (COST-010 to COST-012).
    pub(super) fn push_labels(&mut self, input: usize, batch: &RecordBatch, of_nodes: bool, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let memory = &mut self.inputs[input].memory;
        let Names { nodes, namespaces, labels: table, .. } = &mut self.names;
        let names = if of_nodes { nodes } else { namespaces };
        memory.map(batch, &mut [(1, names)])?;
        let InputMemory { ids, labels, .. } = memory;
        let mut labels = labels[0].open(batch.column(2))?;
        for row in 0..batch.num_rows() {
            let Some(ms) = times.get(row) else { continue };
            let label = labels.id(row, table)?;
            let name = ids[0][row];
            let day = self.days.entry(Times::day(ms).0).or_default();
            if of_nodes {
                day.node_labels.insert((name, label));
                if let Some(node) = names.get(name) {
                    self.facts.note_labels(node, labels.text(row));
                }
            } else {
                day.namespace_labels.insert((name, label));
            }
        }
        self.names.place_new_nodes();
        done("labels");
        Ok(())
    }
}

fn numbers<'a>(batch: &'a RecordBatch, from: usize, names: &[&'static str]) -> Result<Vec<Numbers<'a>>> {
    names.iter().enumerate().map(|(at, name)| Numbers::of(batch, from + at, name)).collect()
}

/// The guarded ones of the eight sums: all but the effective usages.
fn guarded_sums<'a, 'b>(sums: &'b [Numbers<'a>]) -> impl Iterator<Item = &'b Numbers<'a>> {
    sums.iter().enumerate().filter(|(at, _)| !EFFECTIVE.iter().any(|(effective, _, _)| effective == at)).map(|(_, column)| column)
}

#[inline]
fn put(largest: &mut super::group::Largest, value: Option<f64>) {
    if let Some(value) = value {
        largest.put(value);
    }
}
