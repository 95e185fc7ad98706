//! States of several folds to rows, a partition at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use arrow_array::RecordBatch;
use rowmill_core::{Error, Fold, GLOBAL_PARTITION, Outlet, Result, Sealed};

use crate::phases::Stopwatch;
use crate::spill::Spill;
use crate::worker::cancelled;

/// Where finished batches go, until somebody says stop.
pub(crate) struct Sink<'a> {
    pub batches: &'a SyncSender<(Outlet, RecordBatch)>,
    pub stop: &'a AtomicBool,
}

impl Sink<'_> {
    fn send(&self, outlet: &Outlet, batch: RecordBatch) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(cancelled());
        }
        self.batches.send((outlet.clone(), batch)).map_err(|_| cancelled())
    }
}

/// Writes the rows of every partition, in ascending order. Each family is finished by the fold that has most of it, so that what one worker
/// gathered alone, which is nearly everything where files are sorted by time, is never moved. `sealed` is told what the folds know then.
pub(crate) fn finish_partitions(
    folds: &mut [Box<dyn Fold>],
    spill: &Spill,
    sink: &mut Sink<'_>,
    watch: &mut Stopwatch,
    sealed: impl FnOnce(Sealed),
) -> Result<()> {
    let mut known = Sealed::default();
    share_global(folds)?;
    for fold in folds.iter_mut() {
        known = fold.seal()?;
    }
    sealed(known);
    let owners = owners(folds);
    let partitions: BTreeSet<u32> = folds.iter().flat_map(|fold| fold.partitions()).chain(spill.partitions()).collect();
    for partition in partitions {
        let family = folds.first().map(|fold| fold.family(partition)).ok_or_else(|| Error::bug("a run without workers"))?;
        let owner = owners.get(&family).copied().unwrap_or(0);
        for other in (0..folds.len()).filter(|other| *other != owner) {
            for state in folds[other].take(partition)? {
                folds[owner].absorb(&state)?;
            }
        }
        spill.read(partition, folds[owner].as_mut())?;
        watch.lap("merge");
        folds[owner].finish(partition, &mut |outlet, batch| sink.send(outlet, batch))?;
        watch.lap("finish");
    }
    Ok(())
}

/// Gives the global state of every fold to all others.
fn share_global(folds: &mut [Box<dyn Fold>]) -> Result<()> {
    let globals = folds.iter_mut().map(|fold| fold.take(GLOBAL_PARTITION)).collect::<Result<Vec<_>>>()?;
    for (at, fold) in folds.iter_mut().enumerate() {
        for state in globals.iter().enumerate().filter(|(from, _)| *from != at).flat_map(|(_, states)| states) {
            fold.absorb(state)?;
        }
    }
    Ok(())
}

/// By family: the fold that has most of its partitions, the first one of equals.
fn owners(folds: &[Box<dyn Fold>]) -> BTreeMap<u32, usize> {
    let mut most = BTreeMap::<u32, (usize, usize)>::new();
    for (at, fold) in folds.iter().enumerate() {
        let mut counts = BTreeMap::<u32, usize>::new();
        fold.partitions().into_iter().for_each(|partition| *counts.entry(fold.family(partition)).or_default() += 1);
        for (family, count) in counts {
            let (_, largest) = most.entry(family).or_insert((at, 0));
            if count > *largest {
                most.insert(family, (at, count));
            }
        }
    }
    most.into_iter().map(|(family, (at, _))| (family, at)).collect()
}
