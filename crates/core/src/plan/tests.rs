use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::{Code, Error, Fold, InputSpec, Pipeline, SourceSpec, TableSpec};

struct Toy;

impl Pipeline for Toy {
    fn name(&self) -> &'static str {
        "toy"
    }
    fn about(&self) -> &'static str {
        "nothing"
    }
    fn fields(&self) -> &'static [Field] {
        const RECORD: &[Field] =
            &[Field::new("name", Kind::Text, "\"a\"", "").required(), Field::new("id", Kind::Integer { min: 0, max: 9 }, "1", "")];
        const FIELDS: &[Field] = &[
            Field::new("toy.keys", Kind::Texts, "[]", "").default("[]"),
            Field::new("toy.pairs", Kind::Records { of: RECORD }, "[]", "").default("[]"),
        ];
        FIELDS
    }
    fn check(&self, plan: &Plan) -> Vec<Problem> {
        let bad = plan.options["keys"].as_array().is_some_and(|keys| keys.len() > 2);
        if bad {
            vec![Problem { path: "toy.keys".into(), message: "too many".into(), value: Value::Null, allowed: "two".into(), origin: String::new() }]
        } else {
            vec![]
        }
    }
    fn sources(&self) -> &'static [SourceSpec] {
        &[]
    }
    fn inputs(&self, _: &Plan, _: &BTreeMap<String, usize>) -> crate::Result<Vec<InputSpec>> {
        Ok(vec![])
    }
    fn tables(&self) -> &'static [TableSpec] {
        &[]
    }
    fn fold(&self, _: &Plan, _: &Window, _: &[InputSpec]) -> crate::Result<Box<dyn Fold>> {
        Err(Error::new(Code::Bug, "a toy has no fold"))
    }
}

fn layer(origin: &str, values: Value) -> Layer {
    Layer { origin: origin.into(), values: values.as_object().cloned().unwrap_or_default() }
}

fn asked(values: Value) -> Result<Resolved, Vec<Problem>> {
    resolve(&[&Toy], &[layer("file", json!({"pipeline": "toy", "source": {"root": "/d"}, "window": {"month": "2024-02"}})), layer("flags", values)])
}

#[test]
fn every_default_parses_and_fits_its_own_kind() {
    for field in fields_of(&Toy) {
        for text in field.default.into_iter().chain([field.example]) {
            let value: Value = serde_json::from_str(text).expect(field.path);
            assert!(value::normalise(&field.kind, &value).is_ok(), "{} {text}", field.path);
        }
    }
}

#[test]
fn later_layers_win_and_each_value_knows_its_origin() {
    let resolved = asked(json!({"budget.memory": "1GiB", "mode": "memory"})).expect("a plan");
    assert_eq!(resolved.plan.budget.memory, 1 << 30);
    assert_eq!(resolved.plan.mode, Mode::Memory);
    let origin = |path: &str| resolved.origins.iter().find(|origin| origin.path == path).map(|origin| origin.origin.as_str());
    assert_eq!((origin("mode"), origin("source.root"), origin("budget.threads")), (Some("flags"), Some("file"), Some("default")));
}

#[test]
fn a_month_stands_for_its_days_and_longer_ranges_are_cut_at_month_ends() {
    let resolved = asked(json!({})).expect("a plan");
    assert_eq!(resolved.plan.window.end.to_string(), "2024-02-29");
    let resolved =
        resolve(&[&Toy], &[layer("file", json!({"pipeline": "toy", "source.root": "/d", "window": {"start": "2024-12-30", "end": "2025-02-01"}}))])
            .expect("a plan");
    let parts: Vec<String> =
        resolved.plan.windows.iter().map(|window| format!("{} {} {} {}", window.start, window.end, window.year, window.month)).collect();
    assert_eq!(parts, ["2024-12-30 2024-12-31 2024 12", "2025-01-01 2025-01-31 2025 01", "2025-02-01 2025-02-01 2025 02"]);
}

#[test]
fn all_problems_come_at_once_with_path_value_and_what_is_allowed() {
    let problems = resolve(
        &[&Toy],
        &[layer(
            "file",
            json!({
                "pipeline": "toy",
                "window": {"start": "2025-02-30", "end": "2025-01-01"},
                "budget": {"memmory": 1, "threads": 0},
                "mode": "fast",
                "database": 7,
                "toy": {"pairs": [{"name": "a", "id": 10}, {"nam": "b"}]},
            }),
        )],
    )
    .expect_err("problems");
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    for path in [
        "source.root",
        "window.start",
        "budget.memmory",
        "budget.threads",
        "mode",
        "database",
        "toy.pairs[0].id",
        "toy.pairs[1].nam",
        "toy.pairs[1].name",
    ] {
        assert!(paths.contains(&path), "{path} in {paths:?}");
    }
    let nearest = problems.iter().find(|problem| problem.path == "budget.memmory").map(|problem| problem.allowed.as_str());
    assert_eq!(nearest, Some("perhaps budget.memory"));
    assert!(!paths.contains(&"window.end"));
}

#[test]
fn texts_from_flags_and_environment_become_typed_values() {
    let resolved = asked(json!({"toy.keys": "a, b", "budget.threads": "7", "window.split": "no", "verify.tolerance": "1e-3"})).expect("a plan");
    assert_eq!(resolved.plan.options["keys"], json!(["a", "b"]));
    assert_eq!(resolved.plan.budget.threads, 7);
    assert!(!resolved.plan.window.split);
    assert_eq!(resolved.plan.verify.tolerance, 1e-3);
}

#[test]
fn the_pipeline_has_its_say_last() {
    assert_eq!(asked(json!({"toy.keys": "a,b,c"})).expect_err("problems")[0].path, "toy.keys");
}

#[test]
fn a_plan_is_plain_data() {
    let plan = asked(json!({})).expect("a plan").plan;
    let text = serde_json::to_string(&plan).expect("json");
    assert_eq!(serde_json::from_str::<Plan>(&text).expect("plan"), plan);
}
