//! Made-up input.

use napi_derive::napi;
use rowmill_generate::{ApplicationsSpec, OpenShiftSpec, OrdersSpec, applications, openshift, orders};
use serde_json::Value;

use crate::answer::{answer, in_background};
use crate::plan::from_wire;

/// Writes made-up months of OpenShift usage and answers with their totals.
#[napi(ts_args_type = "spec: Record<string, unknown>", ts_return_type = "Promise<Answer<Record<string, unknown>>>")]
pub async fn generate(spec: Value) -> Value {
    in_background(move || answer(|| openshift(&from_wire::<OpenShiftSpec>(spec, "the generator's settings")?))).await
}

/// Writes a made-up log of order events and answers with its totals.
#[napi(ts_args_type = "spec: Record<string, unknown>", ts_return_type = "Promise<Answer<Record<string, unknown>>>")]
pub async fn generate_orders(spec: Value) -> Value {
    in_background(move || answer(|| orders(&from_wire::<OrdersSpec>(spec, "the generator's settings")?))).await
}

/// Writes made-up documents of applications and answers with their totals.
#[napi(ts_args_type = "spec: Record<string, unknown>", ts_return_type = "Promise<Answer<Record<string, unknown>>>")]
pub async fn generate_applications(spec: Value) -> Value {
    in_background(move || answer(|| applications(&from_wire::<ApplicationsSpec>(spec, "the generator's settings")?))).await
}
