//! Plans: raw layers in, a normalised plan or all the problems out.

use napi_derive::napi;
use rowmill_core::plan::{Layer, Plan, resolve};
use rowmill_core::{Code, Error, Pipeline, Result};
use rowmill_registry::PIPELINES;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::answer::answer;

/// Merges layers of raw settings, later ones winning, and normalises the result.
#[napi(ts_args_type = "layers: Layer[]", ts_return_type = "Promise<Answer<Resolution>>")]
pub async fn resolve_plan(layers: Value) -> Value {
    answer(|| {
        let layers: Vec<Layer> = from_wire(layers, "layers")?;
        match resolve(PIPELINES, &layers) {
            Ok(resolved) => serde_json::to_value(resolved).map_err(|error| Error::bug(error.to_string())),
            Err(problems) => Ok(json!({ "problems": problems })),
        }
    })
}

/// Reads a value that came from JavaScript, where whole numbers above 2^32 arrive as doubles.
pub fn from_wire<T: DeserializeOwned>(mut value: Value, what: &str) -> Result<T> {
    restore_integers(&mut value);
    serde_json::from_value(value).map_err(|error| Error::new(Code::PlanInvalid, format!("{what} has not the form it should have: {error}")))
}

fn restore_integers(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let whole = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_991.0);
            if let Some(whole) = whole {
                *value = Value::from(whole as i64);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(restore_integers),
        Value::Object(members) => members.values_mut().for_each(restore_integers),
        _ => {}
    }
}

/// The pipeline that a plan names.
pub fn pipeline_of(plan: &Plan) -> Result<&'static dyn Pipeline> {
    pipeline_named(&plan.pipeline)
}

/// The pipeline of this name.
pub fn pipeline_named(name: &str) -> Result<&'static dyn Pipeline> {
    let found = PIPELINES.iter().find(|pipeline| pipeline.name() == name);
    found.copied().ok_or_else(|| Error::new(Code::PlanInvalid, "there is no such pipeline").column("pipeline").value(name))
}
