//! Pod rows into state, a batch at a time: names and labels to numbers, rows to groups, numbers to sums.

use std::hint::black_box;

use arrow_array::RecordBatch;
use rowmill_core::{PhaseDone, Result};
use rowmill_kernels::intern::{Interner, NULL_ID};

use super::SummaryFold;
use super::amounts::{PodAmounts, PodNumbers};
use super::day::{DayState, PodKey, PodNodeKey};
use super::facts::{APISERVER, Facts, PodFacts};
use super::follows::Group;
use super::memory::{InputMemory, Place, Whereabouts};
use super::names::{Names, NodePart};
use super::numbers::Numbers;
use super::scope::{DayRows, Times};
use crate::openshift::inputs::CAPACITY;

/// Where the label texts are.
const LABELS: usize = 4;
/// Stands for the labels of a row that needs none: a pod without a node.
const UNREAD: u32 = u32::MAX;

/// Rows whose memory is brought near at a time. What a row needs is far away more often than not; one after the other, rows would wait
/// for it one after the other.
const ROWS_AHEAD: usize = 64;

/// What keeps the pods apart whose nodes volumes will ask for, as the daily tables keep them apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// The resource id.
    Resource,
    /// The label text; the resource id of hourly rows is the largest of its day.
    Labels,
}

/// Text columns of pods as [`InputMemory::map`] numbers them; pod names are there only where there are volumes.
const NAMESPACES: usize = 0;
const NODES: usize = 1;
const RESOURCES: usize = 2;
const ROLES: usize = 3;
const PODS: usize = 4;

impl SummaryFold {
    /// Pod rows, by day or by hour (COST-020 to COST-034).
    pub(super) fn push_pods(&mut self, input: usize, batch: &RecordBatch, hourly: bool, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let numbers = PodNumbers::of(batch, hourly)?;
        let apart = self.has_volumes.then_some(if hourly { Apart::Labels } else { Apart::Resource });
        let Self { inputs, names, facts, days, rules, .. } = self;
        let memory = &mut inputs[input].memory;
        let pod = [batch.num_columns() - 1];
        let mut columns: Vec<(&[usize], _)> =
            vec![(&[1], &mut names.namespaces), (&[2], &mut names.nodes), (&[3], &mut names.resources), (&[5], &mut names.roles)];
        columns.extend(apart.map(|_| (&pod[..], &mut names.pods)));
        memory.map(batch, &mut columns)?;
        names.place_new_nodes();
        times.select(&mut memory.rows);
        numbers.drop_anomalous(&mut memory.rows);
        done("names");
        read_labels(memory, batch, names)?;
        done("labels");
        let amounts = numbers.amounts(&memory.rows, |row| memory.label_ids[row as usize] != UNREAD, rules.one_side_is_enough)?;
        let rows = std::mem::take(&mut memory.rows);
        for of_day in times.days(&rows) {
            facts.note_day(of_day.day);
            let state = days.entry(of_day.day.0).or_default();
            note_nodes(&of_day, facts, memory, names);
            if let Some(apart) = apart {
                note_pods(&of_day, apart, batch, memory, names, state)?;
            }
            place(&of_day, memory, names, state);
            amounts.put_peaks(&of_day, &memory.ids[NODES], state);
            amounts.add(memory, &names.resources, state);
        }
        memory.rows = rows;
        done("groups");
        Ok(())
    }

    /// Hourly rows of which only node capacity is read (COST-015).
    pub(super) fn push_capacity(&mut self, input: usize, batch: &RecordBatch, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let memory = &mut self.inputs[input].memory;
        memory.map(batch, &mut [(&[1], &mut self.names.nodes)])?;
        self.names.place_new_nodes();
        times.select(&mut memory.rows);
        done("names");
        let rows = || memory.rows.iter().copied();
        let [cores, bytes] = Numbers::pair(batch, 2, CAPACITY)?;
        let (cores, bytes) = (cores.checked(rows())?, bytes.checked(rows())?);
        for of_day in times.days(&memory.rows) {
            let state = self.days.entry(of_day.day.0).or_default();
            state.peaks.put(&of_day, &memory.ids[0], (&cores, &bytes));
        }
        done("groups");
        Ok(())
    }
}

/// Works out the label numbers of the rows that make Pod rows; no other text is looked at.
fn read_labels(memory: &mut InputMemory, batch: &RecordBatch, names: &mut Names) -> Result<()> {
    let InputMemory { ids, labels, rows, label_ids, .. } = memory;
    let mut labels = labels[0].open(batch.column(LABELS))?;
    label_ids.clear();
    label_ids.resize(batch.num_rows(), UNREAD);
    for &row in rows.iter() {
        let row = row as usize;
        if names.node_part(ids[NODES][row]) != NodePart::Unscheduled {
            label_ids[row] = labels.id(row, &mut names.labels)?;
        }
    }
    Ok(())
}

/// Takes in what rows say about their nodes.
fn note_nodes(of_day: &DayRows<'_>, facts: &mut Facts, memory: &InputMemory, names: &Names) {
    let [namespaces, nodes, resources, roles] = [NAMESPACES, NODES, RESOURCES, ROLES].map(|at| memory.ids[at].as_slice());
    let apiserver = names.namespaces.find(APISERVER);
    for &row in of_day.rows {
        let row = row as usize;
        let runs_apiserver = Some(namespaces[row]) == apiserver;
        facts.note_pod(names, PodFacts { node: nodes[row], resource: resources[row], role: roles[row], runs_apiserver });
    }
}

/// Takes in on which nodes pods ran, which volumes will ask for.
fn note_pods(of_day: &DayRows<'_>, apart: Apart, batch: &RecordBatch, memory: &mut InputMemory, names: &Names, state: &mut DayState) -> Result<()> {
    let InputMemory { ids, labels, pods, .. } = memory;
    let [namespaces, nodes, resources, pod_names] = [NAMESPACES, NODES, RESOURCES, PODS].map(|at| ids[at].as_slice());
    let mut texts = labels[0].open(batch.column(LABELS))?;
    for block in of_day.rows.chunks(ROWS_AHEAD) {
        pods.bring_near(block.iter().map(|row| pod_names[*row as usize]));
        for &row in block {
            let row = row as usize;
            let (namespace, pod, node, resource) = (namespaces[row], pod_names[row], nodes[row], resources[row]);
            let text = if apart == Apart::Labels { texts.text_hash(row) } else { 0 };
            let is_named = namespace != NULL_ID && pod != NULL_ID;
            if is_named && !pods.knows(pod, Whereabouts { text, day: of_day.day.0, namespace, node, resource }) {
                let tag = if apart == Apart::Labels { text } else { u128::from(resource) };
                let largest = state.pod_nodes.entry(PodNodeKey { namespace, pod, node, tag });
                largest.0 = names.resources.larger(largest.0, resource);
            }
        }
    }
    Ok(())
}

/// Finds the groups of the rows of a day that have one.
fn place(of_day: &DayRows<'_>, memory: &mut InputMemory, names: &Names, state: &mut DayState) {
    let InputMemory { ids, label_ids, places, .. } = memory;
    let DayState { pods, follows, .. } = state;
    let mut last: Option<(PodKey, Group)> = None;
    places.clear();
    for &row in of_day.rows {
        let at = row as usize;
        let key = (ids[NAMESPACES][at], ids[NODES][at], label_ids[at]);
        let group = match last {
            Some((same, group)) if same == key => group,
            _ => {
                let NodePart::Part(part) = names.node_part(key.1) else { continue };
                let guess = last.map(|(_, before)| follows.guess(before));
                match guess {
                    Some(guess) if pods[guess.part as usize].keys.get(guess.at as usize) == Some(&key) => guess,
                    _ => {
                        let group = Group { part: part as u32, at: pods[part].place(key) as u32 };
                        if let Some((_, before)) = last {
                            follows.learn(before, group);
                        }
                        group
                    }
                }
            }
        };
        last = Some((key, group));
        places.push(Place { row, group });
    }
}

impl PodAmounts<'_> {
    /// Adds rows to their groups.
    fn add(&self, memory: &InputMemory, names: &Interner, state: &mut DayState) {
        let resources = &memory.ids[RESOURCES];
        for block in memory.places.chunks(ROWS_AHEAD) {
            let looked_at = |Place { group, .. }: &Place| state.pods[group.part as usize].values[group.at as usize].look_at();
            black_box(block.iter().fold(0, |seen, place| seen ^ looked_at(place)));
            for Place { row, group } in block {
                let row = *row as usize;
                let totals = &mut state.pods[group.part as usize].values[group.at as usize];
                for sum in 0..8 {
                    totals.add(sum, self.sums[sum][row]);
                }
                totals.capacity_cores.put(self.capacity_cores[row]);
                totals.capacity_bytes.put(self.capacity_bytes[row]);
                if totals.resource != resources[row] {
                    totals.resource = names.larger(totals.resource, resources[row]);
                }
            }
        }
    }

    /// Takes in the capacity of nodes, of rows without a group too.
    fn put_peaks(&self, of_day: &DayRows<'_>, nodes: &[u32], state: &mut DayState) {
        if let Some((cores, bytes)) = &self.interval_capacity {
            state.peaks.put(of_day, nodes, (cores, bytes));
        }
    }
}
