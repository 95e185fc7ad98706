//! The plan's own section, typed and checked.

use std::collections::BTreeMap;

use rowmill_core::day::Day;
use rowmill_core::plan::{Plan, Problem};
use rowmill_core::{Error, Result, Window};
use rowmill_kernels::zones::Zone;
use serde::Deserialize;
use serde_json::Value;

use crate::sources::{COLUMNS, Declared, NEEDED, column};

/// Most jobs that a plan may ask for by naming securities and days.
pub const MAX_JOBS: u64 = 10_000_000;

/// Settings of the orders pipeline, as `FIELDS` normalised them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    pub mode: Work,
    pub max_workers: Value,
    pub chunk_size_mb: Value,
    pub all_dates: bool,
    pub security_codes: Vec<i64>,
    pub participant_ids: Vec<i64>,
    pub order_types: Vec<i64>,
    pub hours_enabled: bool,
    pub hours_start: i64,
    pub hours_end: i64,
    pub hour_end: HourEnd,
    pub timezone: String,
    pub aggregate_zone: Option<String>,
    pub dataset: String,
    pub filter_order: Vec<String>,
    pub extract: Extract,
    pub extract_format: String,
    pub downcast: Downcast,
    pub downcast_overflow: Overflow,
    pub types: BTreeMap<String, Vec<String>>,
    pub lint: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Work {
    Parallel,
    Sequential,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HourEnd {
    Exclusive,
    Instant,
    Hour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Extract {
    Off,
    Partitioned,
    Single,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Downcast {
    Narrowest,
    Declared,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Overflow {
    Fail,
    Widen,
}

impl Options {
    /// Reads the plan's section.
    pub fn of(plan: &Plan) -> Result<Self> {
        serde_json::from_value(Value::Object(plan.options.clone())).map_err(|error| Error::bug(format!("the plan's options do not fit: {error}")))
    }

    /// Zone of dates and trading hours.
    pub fn zone(&self) -> Result<Zone> {
        zone(&self.timezone)
    }

    /// Zone of the aggregates.
    pub fn zone_of_aggregates(&self) -> Result<Zone> {
        zone(self.aggregate_zone.as_ref().unwrap_or(&self.timezone))
    }

    /// The type that the plan gives a column, where it gives one.
    pub fn given_type(&self, column: &str) -> Option<Declared> {
        self.types.get(column).and_then(|names| names.first()).and_then(|name| Declared::parse(name))
    }

    /// Whether prices are doubles.
    pub fn price_is_double(&self) -> bool {
        self.given_type(column::PRICE) == Some(Declared::Double)
    }

    /// Every column that a file may have, with its type: those of an order log in their order, then those that the plan adds, by name.
    pub fn columns(&self) -> Vec<(String, Declared)> {
        let given = |name: &str, usual| self.given_type(name).unwrap_or(usual);
        let added = self.types.keys().filter(|name| COLUMNS.iter().all(|(known, _)| known != name));
        COLUMNS
            .iter()
            .map(|(name, usual)| ((*name).to_owned(), given(name, *usual)))
            .chain(added.map(|name| (name.clone(), given(name, Declared::Text))))
            .collect()
    }

    /// The days asked for; `None` where every day is wanted.
    pub fn days(&self, window: &Window) -> Option<(Day, Day)> {
        let all = self.all_dates || (window.start, window.end) == (Day::FIRST, Day::LAST);
        (!all).then_some((window.start, window.end))
    }
}

fn zone(name: &str) -> Result<Zone> {
    Zone::parse(name).ok_or_else(|| Error::bug(format!("{name:?} is not a time zone")))
}

/// What only shows when settings are seen together; everything that is wrong.
pub fn check(plan: &Plan) -> Vec<Problem> {
    let options = match Options::of(plan) {
        Ok(options) => options,
        Err(error) => return vec![problem("orders", error.message(), Value::Null, "")],
    };
    let mut problems = Vec::new();
    let (start, end) = (options.hours_start, options.hours_end);
    if start >= end {
        let message = format!("Invalid trading hours: {start} to {end}");
        problems.push(problem("orders.hoursEnd", &message, end.into(), "0 <= start < end <= 24"));
    }
    let zones = [("timezone", Some(&options.timezone)), ("aggregateZone", options.aggregate_zone.as_ref())];
    for (field, name) in zones.into_iter().filter_map(|(field, name)| Some((field, name?))) {
        if Zone::parse(name).is_none() {
            let message = format!("there is no time zone {name:?}");
            let allowed = "UTC, an offset such as +10:00, or an IANA name such as Australia/Sydney";
            problems.push(problem(&format!("orders.{field}"), &message, name.as_str().into(), allowed));
        }
    }
    check_order(&options, &mut problems);
    check_types(&options, &mut problems);
    check_jobs(plan, &options, &mut problems);
    if options.extract != Extract::Off && plan.output.folder.is_none() {
        problems.push(problem("output.folder", "missing", Value::Null, "a folder for the files of `orders.extract`"));
    }
    problems
}

fn check_order(options: &Options, problems: &mut Vec<Problem>) {
    for (at, name) in options.filter_order.iter().enumerate() {
        let message = match () {
            () if !crate::filters::NAMES.contains(&name.as_str()) => "there is no such filter",
            () if options.filter_order[..at].contains(name) => "is named twice",
            () => continue,
        };
        let allowed = format!("each of {} at most once", crate::filters::NAMES.join(", "));
        problems.push(problem(&format!("orders.filterOrder[{at}]"), message, name.as_str().into(), &allowed));
    }
}

fn check_types(options: &Options, problems: &mut Vec<Problem>) {
    for (name, types) in &options.types {
        let path = format!("orders.types.{name}");
        let shown = || Value::from(types.join(", "));
        let declared = match types.as_slice() {
            [one] => Declared::parse(one),
            _ => None,
        };
        let Some(declared) = declared else {
            problems.push(problem(&path, "there is no such type", shown(), &format!("one of {}", Declared::NAMES)));
            continue;
        };
        let integer = matches!(declared, Declared::Int(_) | Declared::Uint(_));
        let counts = NEEDED.contains(&name.as_str()) || name == column::ORDER_TYPE;
        let fits = integer || !counts || (name == column::PRICE && declared == Declared::Double);
        if !fits {
            let allowed = if name == column::PRICE { "an integer type, or double" } else { "an integer type" };
            problems.push(problem(&path, "is used as a whole number", shown(), allowed));
        }
    }
}

fn check_jobs(plan: &Plan, options: &Options, problems: &mut Vec<Problem>) {
    let Some((start, end)) = plan.windows.first().and_then(|window| options.days(window)) else { return };
    let jobs = options.security_codes.len() as u64 * (end.0 - start.0 + 1) as u64;
    if jobs > MAX_JOBS {
        let message = format!("{jobs} jobs: each security on each day from {start} to {end}");
        problems.push(problem("orders.securityCodes", &message, options.security_codes.len().into(), &format!("at most {MAX_JOBS} jobs")));
    }
}

fn problem(path: &str, message: &str, value: Value, allowed: &str) -> Problem {
    Problem { path: path.into(), message: message.into(), value, allowed: allowed.into(), origin: String::new() }
}

/// Carries worker, chunk and date settings over to the common ones.
pub fn adjust(plan: &mut Plan) {
    let Ok(options) = Options::of(plan) else { return };
    if let Some(workers) = options.max_workers.as_u64() {
        plan.budget.threads = workers as u32;
    }
    if options.mode == Work::Sequential {
        plan.budget.threads = 1;
    }
    if let Some(chunk) = options.chunk_size_mb.as_u64() {
        plan.source.unit_bytes.get_or_insert(chunk << 20);
    }
    if options.all_dates {
        (plan.window.start, plan.window.end) = (Day::FIRST, Day::LAST);
        plan.windows = vec![Window::new(Day::FIRST, Day::LAST)];
    }
}
