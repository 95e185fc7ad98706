//! Pod rows into state, a batch at a time: names and labels to numbers, rows to groups, numbers to sums.

use std::hint::black_box;

use arrow_array::RecordBatch;
use rowmill_core::{PhaseDone, Result};
use rowmill_kernels::intern::NULL_ID;

use super::SummaryFold;
use super::amounts::{PodAmounts, PodNumbers};
use super::day::{DayState, PodNodeKey};
use super::facts::Facts;
use super::memory::{Alike, Group, InputMemory, Place};
use super::names::{Names, NodePart};
use super::numbers::Numbers;
use super::scope::{DayRows, Times};
use crate::openshift::inputs::CAPACITY;

/// Where the label texts are.
const LABELS: usize = 5;
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

/// Everything that finding the group of a row takes.
struct Placing<'a> {
    names: &'a mut Names,
    facts: &'a mut Facts,
    state: &'a mut DayState,
    /// `None` where there are no volumes.
    apart: Option<Apart>,
}

impl SummaryFold {
    /// Pod rows, by day or by hour (COST-020 to COST-034).
    pub(super) fn push_pods(&mut self, input: usize, batch: &RecordBatch, hourly: bool, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let numbers = PodNumbers::of(batch, hourly)?;
        let Self { inputs, names, facts, days, rules, .. } = self;
        let memory = &mut inputs[input].memory;
        memory.map(
            batch,
            &mut [(1, &mut names.namespaces), (2, &mut names.nodes), (3, &mut names.pods), (4, &mut names.resources), (6, &mut names.roles)],
        )?;
        names.place_new_nodes();
        times.select(&mut memory.rows);
        numbers.drop_anomalous(&mut memory.rows);
        done("names");
        read_labels(memory, batch, names)?;
        done("labels");
        let amounts = numbers.amounts(&memory.rows, |row| memory.label_ids[row as usize] != UNREAD, rules.one_side_is_enough)?;
        let apart = self.has_volumes.then_some(if hourly { Apart::Labels } else { Apart::Resource });
        let rows = std::mem::take(&mut memory.rows);
        for of_day in times.days(&rows) {
            facts.note_day(of_day.day);
            let state = days.entry(of_day.day.0).or_default();
            Placing { names, facts, state, apart }.place(&of_day, batch, memory)?;
            amounts.put_peaks(&of_day, &memory.ids[1], state);
            amounts.add(&memory.places, state);
        }
        memory.rows = rows;
        done("groups");
        Ok(())
    }

    /// Hourly rows of which only node capacity is read (COST-015).
    pub(super) fn push_capacity(&mut self, input: usize, batch: &RecordBatch, done: &mut PhaseDone<'_>) -> Result<()> {
        let times = Times::of(batch, self.scope)?;
        let memory = &mut self.inputs[input].memory;
        memory.map(batch, &mut [(1, &mut self.names.nodes)])?;
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
        if names.node_part(ids[1][row]) != NodePart::Unscheduled {
            label_ids[row] = labels.id(row, &mut names.labels)?;
        }
    }
    Ok(())
}

impl Placing<'_> {
    /// Finds the groups of the rows of a day.
    fn place(&mut self, of_day: &DayRows<'_>, batch: &RecordBatch, memory: &mut InputMemory) -> Result<()> {
        let InputMemory { ids, labels, label_ids, places, pods, .. } = memory;
        let [namespaces, nodes, pod_names, resources, roles] = [0, 1, 2, 3, 4].map(|at| ids[at].as_slice());
        let mut texts = labels[0].open(batch.column(LABELS))?;
        places.clear();
        for (position, &row) in of_day.rows.iter().enumerate() {
            if position % ROWS_AHEAD == 0 {
                pods.bring_near(of_day.rows[position..].iter().take(ROWS_AHEAD).map(|row| pod_names[*row as usize]));
            }
            let at = row as usize;
            let pod = pod_names[at];
            let alike = Alike {
                text: if self.apart == Some(Apart::Labels) { texts.text_hash(at) } else { 0 },
                day: of_day.day.0,
                namespace: namespaces[at],
                node: nodes[at],
                resource: resources[at],
                role: roles[at],
                labels: label_ids[at],
            };
            let group = match pods.last(pod) {
                (last, group) if *last == alike => group,
                (last, _) => {
                    if !alike.is_but_for_labels(last) {
                        self.meet(pod, &alike);
                    }
                    let group = self.group(&alike);
                    pods.put(pod, alike, group);
                    group
                }
            };
            if group != Group::NONE {
                places.push(Place { row, group });
            }
        }
        Ok(())
    }

    /// Takes in what a row says besides its numbers and its labels.
    fn meet(&mut self, pod: u32, row: &Alike) {
        let Self { names, facts, state, apart } = self;
        facts.note_pod(names, row.namespace, row.node, row.resource, row.role);
        if let Some(apart) = apart
            && row.namespace != NULL_ID
            && pod != NULL_ID
        {
            let tag = if *apart == Apart::Labels { row.text } else { u128::from(row.resource) };
            let largest = state.pod_nodes.entry(PodNodeKey { namespace: row.namespace, pod, node: row.node, tag });
            largest.0 = names.resources.larger(largest.0, row.resource);
        }
    }

    /// The group of a row; none without a node.
    fn group(&mut self, row: &Alike) -> Group {
        let Self { names, state, .. } = self;
        let NodePart::Part(part) = names.node_part(row.node) else { return Group::NONE };
        let groups = &mut state.pods[part];
        let at = groups.place((row.namespace, row.node, row.labels));
        let totals = &mut groups.values[at];
        totals.resource = names.resources.larger(totals.resource, row.resource);
        Group { part: part as u32, at: at as u32 }
    }
}

impl PodAmounts<'_> {
    /// Adds rows to their groups.
    fn add(&self, places: &[Place], state: &mut DayState) {
        for block in places.chunks(ROWS_AHEAD) {
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
