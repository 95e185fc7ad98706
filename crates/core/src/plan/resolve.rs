//! Layers of raw values to one plan, or to all the problems they have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::field::Field;
use super::fields::COMMON;
use super::value::{allowed, normalise};
use super::{Plan, Window};
use crate::day::{Day, parse_month};
use crate::{Pipeline, Windowing};

/// One source of raw values; later layers win.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Layer {
    /// What the values came from, as people read it: `file plan.yaml`, `environment`, `flags`.
    pub origin: String,
    /// A nested object of raw values, or a flat one with dotted paths; both at once are fine.
    pub values: Map<String, Value>,
}

/// Where a value of the plan came from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// Dotted path of the field.
    pub path: String,
    /// The normalised value.
    pub value: Value,
    /// Origin of the layer, or `default`.
    pub origin: String,
}

/// One thing that is wrong with what was asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Dotted path, with `[index]` inside lists.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// The value given; null where nothing was.
    pub value: Value,
    /// What is allowed instead.
    pub allowed: String,
    /// Origin of the value.
    pub origin: String,
}

/// A plan with the origin of each of its values.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resolved {
    /// The plan.
    pub plan: Plan,
    /// Each value with where it came from, in the order of the fields.
    pub origins: Vec<Origin>,
}

/// All fields of a pipeline: the common ones, then its own.
pub fn fields_of(pipeline: &dyn Pipeline) -> impl Iterator<Item = &'static Field> {
    COMMON.iter().chain(pipeline.fields())
}

/// Merges the layers and normalises the result.
///
/// # Errors
/// Every problem found, in the order of the fields: unknown keys (with the nearest known one), values of the wrong kind
/// or out of range, missing values, and values that contradict each other.
pub fn resolve(pipelines: &[&dyn Pipeline], layers: &[Layer]) -> Result<Resolved, Vec<Problem>> {
    let pipeline = pick_pipeline(pipelines, layers)?;
    let mut problems = Vec::new();
    let given = gather(pipeline, layers, &mut problems);
    let mut origins = Vec::new();
    for field in fields_of(pipeline) {
        match given.get(field.path) {
            Some((raw, origin)) => match normalise(&field.kind, raw) {
                Ok(value) => origins.push(Origin { path: field.path.into(), value, origin: origin.clone() }),
                Err(refused) => problems.extend(refused.into_iter().map(|refused| Problem {
                    path: format!("{}{}", field.path, refused.below),
                    message: message(field, &refused.value),
                    value: refused.value,
                    allowed: refused.allowed,
                    origin: origin.clone(),
                })),
            },
            None => match field.default {
                Some(default) => origins.push(Origin {
                    path: field.path.into(),
                    value: serde_json::from_str(default).unwrap_or(Value::Null),
                    origin: "default".into(),
                }),
                None if field.required => problems.push(missing(field)),
                None => {}
            },
        }
    }
    let windows = match pipeline.windowing() {
        Windowing::Months => windows(&mut origins, &mut problems),
        Windowing::Whole => whole_window(&mut origins, &mut problems),
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut plan = assemble(pipeline, &origins, windows).map_err(|error| vec![plain("", &error)])?;
    let problems = pipeline.check(&plan);
    if !problems.is_empty() {
        return Err(problems);
    }
    pipeline.adjust(&mut plan);
    Ok(Resolved { plan, origins })
}

/// What is said of a value that a field refuses.
fn message(field: &Field, value: &Value) -> String {
    match field.refusal {
        Some(words) => words.replace("{}", value.as_str().unwrap_or(&shown(value))),
        None => format!("{} is not allowed", shown(value)),
    }
}

fn pick_pipeline<'a>(pipelines: &[&'a dyn Pipeline], layers: &[Layer]) -> Result<&'a dyn Pipeline, Vec<Problem>> {
    let named = layers.iter().rev().find_map(|layer| layer.values.get("pipeline").map(|name| (name, &layer.origin)));
    let names = pipelines.iter().map(|pipeline| pipeline.name()).collect::<Vec<_>>().join(", ");
    let problem = |value: Value, origin: &str, message: String| {
        vec![Problem { path: "pipeline".into(), message, value, allowed: format!("one of {names}"), origin: origin.into() }]
    };
    let Some((name, origin)) = named else { return Err(problem(Value::Null, "", "missing".into())) };
    pipelines
        .iter()
        .find(|pipeline| name == pipeline.name())
        .copied()
        .ok_or_else(|| problem(name.clone(), origin, format!("there is no pipeline {}", shown(name))))
}

type Given = BTreeMap<&'static str, (Value, String)>;

/// Flattens the layers into known paths; everything else becomes a problem.
fn gather(pipeline: &dyn Pipeline, layers: &[Layer], problems: &mut Vec<Problem>) -> Given {
    let mut given = Given::new();
    for layer in layers {
        for (name, value) in &layer.values {
            gather_value(pipeline, name, value, &layer.origin, &mut given, problems);
        }
    }
    given
}

fn gather_value(pipeline: &dyn Pipeline, path: &str, value: &Value, origin: &str, given: &mut Given, problems: &mut Vec<Problem>) {
    if let Some(field) = fields_of(pipeline).find(|field| field.path == path) {
        if !value.is_null() {
            given.insert(field.path, (value.clone(), origin.to_owned()));
        }
        return;
    }
    let section = format!("{path}.");
    let is_section = fields_of(pipeline).any(|field| field.path.starts_with(&section));
    match value {
        Value::Object(inner) if is_section => {
            for (name, value) in inner {
                gather_value(pipeline, &format!("{path}.{name}"), value, origin, given, problems);
            }
        }
        Value::Null if is_section => {}
        _ => {
            let nearest = nearest(pipeline, path, value);
            problems.push(Problem {
                path: path.to_owned(),
                message: if is_section { "is a section and takes an object".into() } else { "there is no such setting".into() },
                value: value.clone(),
                allowed: if is_section { format!("{section}…") } else { format!("perhaps {nearest}") },
                origin: origin.to_owned(),
            });
        }
    }
}

/// What was probably meant: a setting, or a section where an object was given.
fn nearest(pipeline: &dyn Pipeline, path: &str, value: &Value) -> &'static str {
    let name = |field: &Field| match field.path.rfind('.') {
        Some(end) if value.is_object() => &field.path[..end],
        _ => field.path,
    };
    fields_of(pipeline).map(name).min_by_key(|name| distance(name, path)).unwrap_or_default()
}

/// Edit distance (insert, delete, replace), for naming the nearest setting.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

fn missing(field: &Field) -> Problem {
    Problem { path: field.path.into(), message: "missing".into(), value: Value::Null, allowed: allowed(&field.kind), origin: String::new() }
}

fn plain(path: &str, message: &str) -> Problem {
    Problem { path: path.into(), message: message.into(), value: Value::Null, allowed: String::new(), origin: String::new() }
}

/// The days asked for in one window; every day there is where none are given.
fn whole_window(origins: &mut Vec<Origin>, problems: &mut Vec<Problem>) -> Vec<Window> {
    let given = |path: &str| origins.iter().any(|origin| origin.path == path) || problems.iter().any(|problem| problem.path == path);
    if !["window.month", "window.start", "window.end"].into_iter().any(given) {
        for (path, day) in [("window.start", Day::FIRST), ("window.end", Day::LAST)] {
            origins.push(Origin { path: path.into(), value: day.to_string().into(), origin: "default".into() });
        }
    }
    let known = problems.len();
    let months = windows(origins, problems);
    for problem in &mut problems[known..] {
        problem.allowed = format!("{}: {}", problem.message, problem.allowed);
        problem.message = "Invalid date range".into();
    }
    match (months.first(), months.last()) {
        (Some(first), Some(last)) => vec![Window::new(first.start, last.end)],
        _ => Vec::new(),
    }
}

/// The days asked for, cut at month ends; replaces `window.month` by the days it stands for.
fn windows(origins: &mut Vec<Origin>, problems: &mut Vec<Problem>) -> Vec<Window> {
    let find = |origins: &[Origin], path: &str| origins.iter().find(|origin| origin.path == path).cloned();
    if let Some(month) = find(origins, "window.month") {
        origins.retain(|origin| origin.path != "window.month");
        let first = month.value.as_str().and_then(parse_month);
        for (path, day) in [("window.start", first), ("window.end", first.map(Day::end_of_month))] {
            let Some(day) = day else { continue };
            match find(origins, path) {
                Some(other) => problems.push(Problem {
                    path: path.into(),
                    message: "window.month says which days already".into(),
                    value: other.value,
                    allowed: "either window.month or window.start and window.end".into(),
                    origin: other.origin,
                }),
                None => origins.push(Origin { path: path.into(), value: day.to_string().into(), origin: month.origin.clone() }),
            }
        }
    }
    let day = |path: &str| find(origins, path).and_then(|origin| Day::parse(origin.value.as_str()?));
    let refused = |path: &str| problems.iter().any(|problem| problem.path == path || problem.path == "window.month");
    let (start, end) = match (day("window.start"), day("window.end")) {
        (Some(start), Some(end)) => (start, end),
        (start, end) => {
            let lacking: Vec<&str> = [("window.start", start), ("window.end", end)]
                .into_iter()
                .filter(|(path, day)| day.is_none() && !refused(path))
                .map(|(path, _)| path)
                .collect();
            problems.extend(
                lacking
                    .into_iter()
                    .map(|path| Problem { allowed: "a day of the form YYYY-MM-DD, or window.month instead".into(), ..plain(path, "missing") }),
            );
            return Vec::new();
        }
    };
    if end < start {
        problems.push(Problem {
            path: "window.end".into(),
            message: format!("{end} is before window.start, {start}"),
            value: end.to_string().into(),
            allowed: format!("a day from {start} on"),
            origin: find(origins, "window.end").map_or(String::new(), |origin| origin.origin),
        });
        return Vec::new();
    }
    let split = find(origins, "window.split").is_none_or(|origin| origin.value != json!(false));
    if split { split_at_months(start, end) } else { vec![Window::new(start, end)] }
}

fn split_at_months(start: Day, end: Day) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut first = start;
    while first <= end {
        let last = first.end_of_month().min(end);
        windows.push(Window::new(first, last));
        first = Day(last.0 + 1);
    }
    windows
}

fn assemble(pipeline: &dyn Pipeline, origins: &[Origin], windows: Vec<Window>) -> Result<Plan, String> {
    let mut tree = Map::new();
    for section in ["source", "window", "budget", "database", "output", "verify", "options"] {
        tree.insert(section.into(), json!({}));
    }
    for origin in origins {
        let own = pipeline.fields().iter().any(|field| field.path == origin.path);
        let path = if own { format!("options.{}", own_name(&origin.path)) } else { origin.path.clone() };
        insert(&mut tree, &path, origin.value.clone());
    }
    tree.insert("windows".into(), serde_json::to_value(windows).map_err(|error| error.to_string())?);
    serde_json::from_value(Value::Object(tree)).map_err(|error| format!("the plan does not fit its own type: {error}"))
}

/// The part of a pipeline field's path behind its section.
fn own_name(path: &str) -> &str {
    path.split_once('.').map_or(path, |(_, name)| name)
}

fn insert(tree: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            tree.insert(path.to_owned(), value);
        }
        Some((section, rest)) => {
            let inner = tree.entry(section).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 80 { text.chars().take(80).chain(['…']).collect() } else { text }
}
