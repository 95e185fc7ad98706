//! Order logs: filtered, aggregated and extracted in one pass. The numbered rules are in this crate's README.

mod fields;
mod filters;
mod finish;
mod fold;
mod inputs;
mod lint;
mod options;
mod sources;
mod tables;

use std::collections::BTreeMap;

use rowmill_core::plan::{Field, Plan, Problem};
use rowmill_core::{Error, Fold, InputSpec, Pipeline, Preset, Result, SourceSpec, TableSpec, Window, Windowing};

pub use sources::{COLUMNS, Declared, ORDERS};
pub use tables::TABLES;

/// The pipeline `orders`.
pub struct Orders;

impl Pipeline for Orders {
    fn name(&self) -> &'static str {
        "orders"
    }

    fn about(&self) -> &'static str {
        "Order events: filtered, aggregated seven ways, and extracted by date and security."
    }

    fn fields(&self) -> &'static [Field] {
        fields::FIELDS
    }

    fn presets(&self) -> &'static [Preset] {
        fields::PRESETS
    }

    fn windowing(&self) -> Windowing {
        Windowing::Whole
    }

    fn check(&self, plan: &Plan) -> Vec<Problem> {
        options::check(plan)
    }

    fn adjust(&self, plan: &mut Plan) {
        options::adjust(plan);
    }

    fn sources(&self) -> &'static [SourceSpec] {
        sources::SOURCES
    }

    fn inputs(&self, plan: &Plan, found: &BTreeMap<String, usize>) -> Result<Vec<InputSpec>> {
        inputs::choose(plan, found)
    }

    fn tables(&self) -> &'static [TableSpec] {
        tables::TABLES
    }

    fn fold(&self, plan: &Plan, window: &Window, inputs: &[InputSpec]) -> Result<Box<dyn Fold>> {
        let input = inputs.first().ok_or_else(|| Error::bug("a run without orders"))?;
        Ok(Box::new(fold::OrdersFold::new(plan, window, input)?))
    }
}
