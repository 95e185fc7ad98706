//! State on disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use rowmill_core::{Fold, Result, StateBatch};
use rowmill_emit::{SpillChunk, SpillFile, ipc};

use crate::counters::{Meter, add, lock};

/// A piece of state on disk.
struct Piece {
    table: u8,
    place: SpillChunk,
}

/// All spilled state of a run: one unlinked file, and where in it each partition's pieces lie.
pub(crate) struct Spill {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    file: Option<SpillFile>,
    pieces: BTreeMap<u32, Vec<Piece>>,
}

impl Spill {
    pub fn new() -> Self {
        Self { inner: Mutex::default() }
    }

    /// Moves everything but the global state of a fold to disk.
    ///
    /// # Errors
    /// `BUDGET_SPILL_FAILED` where the folder does not take it.
    pub fn write(&self, fold: &mut dyn Fold, folder: &Path, meter: &Meter) -> Result<()> {
        let mut bytes = Vec::new();
        for partition in fold.partitions() {
            for state in fold.take(partition)? {
                bytes.clear();
                ipc::encode(&state.batch, &mut bytes)?;
                self.append(&state, &bytes, folder)?;
                add(&meter.spilled_bytes, bytes.len() as u64);
            }
        }
        add(&meter.spills, 1);
        Ok(())
    }

    fn append(&self, state: &StateBatch, bytes: &[u8], folder: &Path) -> Result<()> {
        let mut inner = lock(&self.inner);
        let file = match &mut inner.file {
            Some(file) => file,
            empty => empty.insert(SpillFile::create(folder)?),
        };
        let place = file.append(bytes)?;
        inner.pieces.entry(state.partition).or_default().push(Piece { table: state.table, place });
        Ok(())
    }

    /// The partitions that have state on disk.
    pub fn partitions(&self) -> Vec<u32> {
        lock(&self.inner).pieces.keys().copied().collect()
    }

    /// Gives the spilled state of a partition to a fold, piece by piece.
    pub fn read(&self, partition: u32, fold: &mut dyn Fold) -> Result<()> {
        let mut inner = lock(&self.inner);
        let pieces = inner.pieces.remove(&partition).unwrap_or_default();
        let Some(file) = &mut inner.file else { return Ok(()) };
        let mut bytes = Vec::new();
        for Piece { table, place } in pieces {
            file.read(place, &mut bytes)?;
            fold.absorb(&StateBatch { table, partition, batch: ipc::decode(&bytes)? })?;
        }
        Ok(())
    }
}
