//! A fold that does nothing with what it gets: what reading alone costs.

use arrow_array::RecordBatch;
use rowmill_core::{Emit, Fold, PhaseDone, Rejected, Result, Sealed, StateBatch};

/// Takes every batch and keeps none.
pub(crate) struct Idle;

impl Fold for Idle {
    fn push(&mut self, _: usize, _: &RecordBatch, _: &mut PhaseDone<'_>) -> Result<()> {
        Ok(())
    }

    fn resident_bytes(&self) -> usize {
        0
    }

    fn partitions(&self) -> Vec<u32> {
        Vec::new()
    }

    fn family(&self, partition: u32) -> u32 {
        partition
    }

    fn take(&mut self, _: u32) -> Result<Vec<StateBatch>> {
        Ok(Vec::new())
    }

    fn absorb(&mut self, _: &StateBatch) -> Result<()> {
        Ok(())
    }

    fn seal(&mut self) -> Result<Sealed> {
        Ok(Sealed::default())
    }

    fn finish(&mut self, _: u32, _: &mut Emit<'_>) -> Result<()> {
        Ok(())
    }

    fn rejected(&self) -> Vec<Rejected> {
        Vec::new()
    }
}
