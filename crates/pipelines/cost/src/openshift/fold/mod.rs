//! Rows of usage to rows of the daily summary.

mod amounts;
mod chunked;
mod day;
mod facts;
mod follows;
mod group;
mod memory;
mod names;
mod numbers;
mod peaks;
mod pods;
mod push;
mod scope;
mod state;

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use rowmill_core::day::Day;
use rowmill_core::{Emit, Error, Fold, GLOBAL_PARTITION, InputSpec, PhaseDone, Rejected, Result, Sealed, StateBatch, Window};
use rowmill_kernels::labels::LabelTable;

use super::finish::Finisher;
use super::inputs::Role;
use super::options::{Options, Rules};
use memory::InputMemory;
use scope::Scope;

use day::POD_PARTS;
pub use day::{DayState, PodKey, VolumeKey};
pub use facts::Facts;
pub use group::{ByteSeconds, CoreSeconds, Grouped, PodTotals, VolumeTotals};
pub use names::Names;

/// The fold of the daily summary.
///
/// State is kept by day, and the pods of a day by part of their nodes, because every rule stays inside a day and everything but
/// capacity and labels inside a node: so a window can be finished a day, or a sixteenth of a day, at a time.
pub struct SummaryFold {
    rules: Rules,
    scope: Scope,
    first_day: Day,
    inputs: Vec<Input>,
    has_volumes: bool,
    hourly_pods: bool,
    names: Names,
    days: BTreeMap<i32, DayState>,
    facts: Facts,
    finisher: Finisher,
}

struct Input {
    role: Role,
    memory: InputMemory,
}

impl SummaryFold {
    /// An empty fold for one window.
    pub fn new(options: Options, source: Option<String>, window: &Window, inputs: &[InputSpec]) -> Result<Self> {
        let rules = options.rules();
        let roles = inputs
            .iter()
            .map(|spec| Role::of(spec).ok_or_else(|| Error::bug(format!("an input {} that the pipeline does not have", spec.name))))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            rules,
            scope: Scope::of(window),
            first_day: window.start,
            has_volumes: roles.iter().any(|role| matches!(role, Role::StorageDaily | Role::StorageHourly)),
            hourly_pods: roles.contains(&Role::PodHourly),
            inputs: roles.into_iter().map(|role| Input { role, memory: memory_of(role) }).collect(),
            names: Names::new(LabelTable::new(options.kept_keys(), rules.labels)),
            days: BTreeMap::new(),
            facts: Facts::default(),
            finisher: Finisher::new(options, source, window),
        })
    }

    /// Number of a partition: 0 is the whole window; then, for each day, one for the day and one for each part of its pods.
    fn partition(&self, day: i32, part: Option<usize>) -> u32 {
        let days = (day - self.first_day.0) as usize;
        (1 + days * (POD_PARTS + 1) + part.map_or(0, |part| part + 1)) as u32
    }

    /// The inverse of [`SummaryFold::partition`].
    fn place(&self, partition: u32) -> (i32, Option<usize>) {
        let at = partition as usize - 1;
        let part = at % (POD_PARTS + 1);
        (self.first_day.0 + (at / (POD_PARTS + 1)) as i32, part.checked_sub(1))
    }

    /// Gives memory back when no day is left: the texts of days that were given away are of no more use.
    fn reset_if_empty(&mut self) {
        if self.days.is_empty() {
            self.names.reset();
            self.facts.forget_numbers();
            self.inputs.iter_mut().for_each(|input| input.memory.clear());
        }
    }
}

fn memory_of(role: Role) -> InputMemory {
    match role {
        Role::PodDaily | Role::PodHourly | Role::Capacity => InputMemory::new("pod_labels", ""),
        Role::StorageDaily | Role::StorageHourly => InputMemory::new("persistentvolume_labels", "persistentvolumeclaim_labels"),
        Role::NodeLabels => InputMemory::new("node_labels", ""),
        Role::NamespaceLabels => InputMemory::new("namespace_labels", ""),
    }
}

impl Fold for SummaryFold {
    fn push(&mut self, input: usize, batch: &RecordBatch, done: &mut PhaseDone<'_>) -> Result<()> {
        let role = self.inputs.get(input).map(|input| input.role).ok_or_else(|| Error::bug("a batch of an input that is not read"))?;
        match role {
            Role::PodDaily => self.push_pods(input, batch, false, done),
            Role::PodHourly => self.push_pods(input, batch, true, done),
            Role::Capacity => self.push_capacity(input, batch, done),
            Role::StorageDaily => self.push_volumes(input, batch, false, done),
            Role::StorageHourly => self.push_volumes(input, batch, true, done),
            Role::NodeLabels => self.push_labels(input, batch, true, done),
            Role::NamespaceLabels => self.push_labels(input, batch, false, done),
        }
    }

    fn resident_bytes(&self) -> usize {
        self.names.resident_bytes()
            + self.days.values().map(DayState::resident_bytes).sum::<usize>()
            + self.inputs.iter().map(|input| input.memory.resident_bytes()).sum::<usize>()
            + self.finisher.resident_bytes()
    }

    fn partitions(&self) -> Vec<u32> {
        let parts = |day: &DayState| (0..POD_PARTS).filter(|part| !day.pods[*part].is_empty()).collect::<Vec<_>>();
        self.days
            .iter()
            .flat_map(|(day, state)| {
                let whole = state.has_day_part().then(|| self.partition(*day, None));
                whole.into_iter().chain(parts(state).into_iter().map(|part| self.partition(*day, Some(part))))
            })
            .collect()
    }

    /// A day: its pods need its capacity and its labels.
    fn family(&self, partition: u32) -> u32 {
        (partition - 1) / (POD_PARTS as u32 + 1)
    }

    fn take(&mut self, partition: u32) -> Result<Vec<StateBatch>> {
        if partition == GLOBAL_PARTITION {
            return state::write_facts(&self.facts);
        }
        let (day, part) = self.place(partition);
        let Some(state) = self.days.get_mut(&day) else { return Ok(Vec::new()) };
        let batches = match part {
            None => state::write_day(state, &self.names, partition)?,
            Some(part) => {
                state.follows.forget(part);
                state::write_pods(&std::mem::take(&mut state.pods[part]), &self.names, partition)?
            }
        };
        if state.is_empty() {
            self.days.remove(&day);
            self.reset_if_empty();
        }
        Ok(batches)
    }

    fn absorb(&mut self, state: &StateBatch) -> Result<()> {
        if state.partition == GLOBAL_PARTITION {
            return state::read_facts(state, &mut self.facts);
        }
        let (day, part) = self.place(state.partition);
        if self.days.is_empty() && self.finisher.is_in_another_day(Day(day)) {
            self.finisher.leave_day();
            self.reset_if_empty();
        }
        let day = self.days.entry(day).or_default();
        match part {
            None => state::read_day(state, day, &mut self.names, self.hourly_pods),
            Some(part) => state::read_pods(state, &mut day.pods[part], &mut self.names),
        }
    }

    fn seal(&mut self) -> Result<Sealed> {
        Ok(Sealed { first_day: self.finisher.seal(&self.facts), ..Sealed::default() })
    }

    fn finish(&mut self, partition: u32, emit: &mut Emit<'_>) -> Result<()> {
        let (day, part) = self.place(partition);
        let mut taken = DayState::default();
        if let Some(state) = self.days.get_mut(&day) {
            match part {
                None => {
                    let pods = std::mem::take(&mut state.pods);
                    std::mem::swap(&mut taken, state);
                    state.pods = pods;
                }
                Some(part) => std::mem::swap(&mut taken.pods[part], &mut state.pods[part]),
            }
            if state.is_empty() {
                self.days.remove(&day);
            }
        }
        match part {
            None => self.finisher.finish_day(Day(day), taken, &mut self.names, emit)?,
            Some(part) => self.finisher.finish_pods(Day(day), &taken.pods[part], &mut self.names, emit)?,
        }
        Ok(())
    }

    fn rejected(&self) -> Vec<Rejected> {
        self.inputs.iter().flat_map(|input| &input.memory.labels).filter_map(|labels| labels.rejected()).collect()
    }
}
