//! The daily summary of OpenShift usage. The numbered rules are in this crate's README.

mod fields;
mod finish;
mod fold;
mod inputs;
mod options;
mod sources;
mod tables;

use std::collections::BTreeMap;

use rowmill_core::plan::{Field, Plan, Problem};
use rowmill_core::{Fold, InputSpec, Pipeline, Result, SourceSpec, TableSpec, Window};

use options::Options;

pub use sources::name;
pub use tables::{DAILY_SUMMARY, MEASURES};

/// The pipeline `cost openshift`.
pub struct OpenShift;

impl Pipeline for OpenShift {
    fn name(&self) -> &'static str {
        "cost openshift"
    }

    fn about(&self) -> &'static str {
        "Daily summary of OpenShift usage: pods, volumes and what no pod used."
    }

    fn fields(&self) -> &'static [Field] {
        fields::FIELDS
    }

    fn check(&self, plan: &Plan) -> Vec<Problem> {
        options::check(plan)
    }

    fn sources(&self) -> &'static [SourceSpec] {
        sources::SOURCES
    }

    fn inputs(&self, plan: &Plan, found: &BTreeMap<String, usize>) -> Result<Vec<InputSpec>> {
        inputs::choose(Options::of(plan)?.input, found)
    }

    fn tables(&self) -> &'static [TableSpec] {
        std::slice::from_ref(&DAILY_SUMMARY)
    }

    fn fold(&self, plan: &Plan, window: &Window, inputs: &[InputSpec]) -> Result<Box<dyn Fold>> {
        let fold = fold::SummaryFold::new(Options::of(plan)?, plan.source.id.clone(), window, inputs)?;
        Ok(Box::new(fold))
    }
}
