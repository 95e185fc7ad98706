//! The plan's own section, typed.

use rowmill_core::plan::{Plan, Problem};
use rowmill_core::{Error, Result, Window};
use rowmill_kernels::labels::LabelRules;
use rowmill_kernels::numeric::Rounding;
use serde::Deserialize;
use serde_json::Value;

/// The key that is enabled wherever any other is.
pub const VM_KEY: &str = "vm_kubevirt_io_name";

/// Settings of the OpenShift pipeline, as `FIELDS` normalised them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    pub semantics: Semantics,
    pub dialect: Dialect,
    pub cluster_id: String,
    pub cluster_alias: Option<String>,
    pub report_period_id: Option<i32>,
    pub report_periods: Vec<Period>,
    pub input: InputMode,
    pub align_start: bool,
    pub enabled_keys: Vec<String>,
    pub categories: Vec<CategoryRule>,
    pub nodes: Vec<KnownNode>,
    pub derive_nodes: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Semantics {
    Exact,
    Corrected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Dialect {
    Trino,
    Postgres,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum InputMode {
    Auto,
    Daily,
    Hourly,
}

/// A report period and the month it is for.
#[derive(Clone, Debug, Deserialize)]
pub struct Period {
    pub month: String,
    pub id: i32,
}

/// A category and the namespaces it takes.
#[derive(Clone, Debug, Deserialize)]
pub struct CategoryRule {
    pub namespace: String,
    pub id: i32,
}

/// A node that is known from elsewhere.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownNode {
    pub node: String,
    pub resource_id: Option<String>,
    pub role: Option<String>,
}

impl Options {
    /// Reads the plan's section.
    pub fn of(plan: &Plan) -> Result<Self> {
        serde_json::from_value(Value::Object(plan.options.clone())).map_err(|error| Error::bug(format!("the plan's options do not fit: {error}")))
    }

    /// The report period of a window.
    pub fn report_period(&self, window: &Window) -> Option<i32> {
        let month = format!("{}-{}", window.year, window.month);
        self.report_periods.iter().find(|period| period.month == month).map(|period| period.id).or(self.report_period_id)
    }

    /// The keys that labels keep: those enabled and the VM key; none at all where none is enabled (COST-002, COST-C07).
    pub fn kept_keys(&self) -> Vec<String> {
        let none = self.enabled_keys.is_empty() && !self.rules().vm_key_always;
        if none { Vec::new() } else { self.enabled_keys.iter().cloned().chain([VM_KEY.to_owned()]).collect() }
    }

    /// Which deviations from the exact Trino statement apply.
    pub fn rules(&self) -> Rules {
        let corrected = self.semantics == Semantics::Corrected;
        let postgres = self.dialect == Dialect::Postgres;
        Rules {
            labels: LabelRules { null_is_empty: corrected || postgres, blank_is_empty: corrected || postgres, malformed_is_empty: corrected },
            union_label_sets: corrected,
            one_category: corrected,
            match_volume: corrected,
            unmounted_counts_once: corrected || postgres,
            null_nodes_count_once: corrected,
            one_side_is_enough: corrected || postgres,
            vm_key_always: corrected || postgres,
            absent_capacity_is_zero: postgres,
            like_escape: postgres.then_some('\\'),
            rounding: if postgres && !corrected { Rounding::Significant15 } else { Rounding::Shortest },
        }
    }
}

/// Switches, one per numbered rule; all off is the exact Trino statement.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// COST-C05, COST-C08, COST-P01: how label texts are read.
    pub labels: LabelRules,
    /// COST-C01: several label sets of a day count as one partner, their union.
    pub union_label_sets: bool,
    /// COST-C02: several matching categories count as the one with the largest id.
    pub one_category: bool,
    /// COST-C03: a claim's rows match the volume they name only.
    pub match_volume: bool,
    /// COST-C04, COST-P03: a volume that no pod mounts is divided by one.
    pub unmounted_counts_once: bool,
    /// COST-C04: a volume whose pods all lack a node is divided by one.
    pub null_nodes_count_once: bool,
    /// COST-C06, COST-P05: the larger of usage and request takes the side that is there.
    pub one_side_is_enough: bool,
    /// COST-C07, COST-P02: the VM key is kept though no key is enabled.
    pub vm_key_always: bool,
    /// COST-P04: a node or cluster without capacity has capacity 0.
    pub absent_capacity_is_zero: bool,
    /// COST-P08: escape character of category patterns.
    pub like_escape: Option<char>,
    /// COST-P07: how doubles become decimals.
    pub rounding: Rounding,
}

/// What only shows when settings are seen together: every window needs its report period.
pub fn check(plan: &Plan) -> Vec<Problem> {
    let problem = |path: &str, message: String, allowed: &str| Problem {
        path: path.into(),
        message,
        value: Value::Null,
        allowed: allowed.into(),
        origin: String::new(),
    };
    let options = match Options::of(plan) {
        Ok(options) => options,
        Err(error) => return vec![problem("openshift", error.message().into(), "")],
    };
    let mut problems = Vec::new();
    for name in ["account", "id"] {
        let given = if name == "account" { &plan.source.account } else { &plan.source.id };
        if given.is_none() {
            problems.push(problem(&format!("source.{name}"), "missing".into(), "the value that input paths and rows carry"));
        }
    }
    if plan.windows.len() > 1 && options.report_period_id.is_some() {
        let message = "the window covers several months, and each has a report period of its own".into();
        problems.push(problem("openshift.reportPeriodId", message, "openshift.reportPeriods with one entry per month"));
    }
    problems
}
