//! Which inputs a run reads.

use std::collections::BTreeMap;

use rowmill_core::{InputSpec, Pipeline, Plan, Result, Unit};

/// Asks the pipeline what it reads, given the files that were listed.
///
/// # Errors
/// Those of [`Pipeline::inputs`]: what is missing.
pub(crate) fn inputs_of(pipeline: &dyn Pipeline, plan: &Plan, units: &[Unit]) -> Result<Vec<InputSpec>> {
    let mut found = BTreeMap::<String, usize>::new();
    units.iter().for_each(|unit| *found.entry(unit.input.clone()).or_default() += 1);
    pipeline.inputs(plan, &found)
}
