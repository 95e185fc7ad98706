//! State to rows of the daily summary.

mod category;
mod columns;
mod context;
mod labelled;
mod pods;
mod rows;
mod volumes;

use std::collections::BTreeMap;

use rowmill_core::day::Day;
use rowmill_core::{Emit, Result, Window};

use super::fold::{DayState, Facts, Grouped, Names, PodKey, PodTotals};
use super::options::Options;
use category::Categories;
use context::DayContext;
use pods::PodFinish;
use rows::SummaryRows;

/// Bytes to gibibytes.
const GIB: f64 = 1.0 / (1u64 << 30) as f64;
/// Seconds of an hour.
const HOUR: f64 = 3600.0;

/// Makes rows of what a fold gathered, a day or a part of a day at a time.
pub struct Finisher {
    options: Options,
    categories: Categories,
    rows: SummaryRows,
    roles: BTreeMap<(String, String), String>,
    first_day: Option<Day>,
    context: Option<DayContext>,
}

impl Finisher {
    pub fn new(options: Options, source: Option<String>, window: &Window) -> Self {
        let rules = options.rules();
        Self {
            categories: Categories::new(&options.categories, rules.like_escape, rules.one_category),
            rows: SummaryRows::new(&options, source, window),
            roles: BTreeMap::new(),
            first_day: None,
            context: None,
            options,
        }
    }

    /// Takes over what is known of the whole window; answers the first day that gets rows, where it moved (COST-005).
    pub fn seal(&mut self, facts: &Facts) -> Option<Day> {
        self.roles = facts.roles(&self.options.nodes, self.options.derive_nodes);
        self.first_day = facts.first_day.filter(|_| self.options.align_start);
        self.first_day
    }

    /// Whether a day other than this one is at hand.
    pub fn is_in_another_day(&self, day: Day) -> bool {
        self.context.as_ref().is_some_and(|context| context.day != day)
    }

    /// Forgets the day at hand, whose numbers are about to become void.
    pub fn leave_day(&mut self) {
        self.context = None;
    }

    pub fn resident_bytes(&self) -> usize {
        self.context.as_ref().map_or(0, DayContext::resident_bytes)
    }

    /// The rows of volumes, and what the pods of the day will need.
    pub fn finish_day(&mut self, day: Day, state: DayState, names: &mut Names, emit: &mut Emit<'_>) -> Result<()> {
        let context = DayContext::of(day, &state, names, &self.options.rules());
        if !self.is_before_start(day) {
            volumes::finish(&state, &context, names, &mut self.categories, &self.options, &mut self.rows, emit)?;
            self.rows.flush(emit)?;
        }
        self.context = Some(context);
        Ok(())
    }

    /// The rows of the pods of some nodes, and what those nodes have left.
    pub fn finish_pods(&mut self, day: Day, pods: &Grouped<PodKey, PodTotals>, names: &mut Names, emit: &mut Emit<'_>) -> Result<()> {
        if self.is_before_start(day) {
            return Ok(());
        }
        let rules = self.options.rules();
        let context = match self.context.take() {
            Some(context) if context.day == day => context,
            _ => DayContext::of(day, &DayState::default(), names, &rules),
        };
        let (categories, roles, rows) = (&mut self.categories, &self.roles, &mut self.rows);
        PodFinish { pods, context: &context, names, categories, roles, rows, emit }.run()?;
        self.context = Some(context);
        self.rows.flush(emit)
    }

    fn is_before_start(&self, day: Day) -> bool {
        self.first_day.is_some_and(|first| day < first)
    }
}
