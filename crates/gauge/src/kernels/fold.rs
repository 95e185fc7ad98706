//! The summary's fold: rows in, state out and in, rows out.

use rowmill_core::{InputSpec, Result};

use super::{Kernel, Work};
use crate::data::{Data, batches, finished, states};

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "fold/push-pods-by-hour", prepare: |data| push(data, "hour", "hourly", is_pods) },
    Kernel { name: "fold/push-pods-by-pod", prepare: |data| push(data, "pod", "hourly", is_pods) },
    Kernel { name: "fold/push-pods-shuffled", prepare: |data| push(data, "shuffled", "hourly", is_pods) },
    Kernel { name: "fold/push-pods-plain", prepare: |data| push(data, "plain", "hourly", is_pods) },
    Kernel { name: "fold/push-pods-daily", prepare: |data| push(data, "hour", "daily", is_pods) },
    Kernel { name: "fold/push-volumes", prepare: |data| push(data, "hour", "hourly", |input| input.name.starts_with("storage")) },
    Kernel { name: "fold/push-labels", prepare: |data| push(data, "hour", "hourly", |input| input.name.contains("labels")) },
    Kernel { name: "fold/state", prepare: state },
    Kernel { name: "fold/finish", prepare: finish },
];

/// Pods of either kind, and the capacity that daily ones need from hourly ones.
fn is_pods(input: &InputSpec) -> bool {
    input.name.starts_with("pod")
}

fn push(data: &Data, name: &str, input: &str, wanted: fn(&InputSpec) -> bool) -> Result<Work> {
    let month = data.month(name, input)?;
    let batches = batches(&month, wanted)?;
    Ok(Box::new(move || {
        let mut fold = month.fold()?;
        batches.iter().try_for_each(|(input, batch)| fold.push(*input, batch, &mut |_| {}))?;
        Ok(fold.partitions().len() as u64)
    }))
}

/// Takes up the state of a month and gives it away again, as spilling and merging threads do.
fn state(data: &Data) -> Result<Work> {
    let month = data.month("hour", "hourly")?;
    let states = states(&month)?;
    Ok(Box::new(move || {
        let mut fold = month.fold()?;
        states.iter().try_for_each(|state| fold.absorb(state))?;
        let mut rows = 0;
        for partition in fold.partitions() {
            rows += fold.take(partition)?.iter().map(|state| state.batch.num_rows() as u64).sum::<u64>();
        }
        Ok(rows)
    }))
}

/// Takes up the state of a month and finishes its days.
fn finish(data: &Data) -> Result<Work> {
    let month = data.month("hour", "hourly")?;
    let states = states(&month)?;
    Ok(Box::new(move || Ok(finished(&month, &states)?.iter().map(|batch| batch.num_rows() as u64).sum())))
}
