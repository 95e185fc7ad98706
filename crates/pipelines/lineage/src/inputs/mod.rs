//! Inputs that are not SQL: Python, JSON, manifests and models of dbt.

mod dbt;
mod json;
mod models;
mod python;
mod python_text;
mod templates;

use crate::graph::{Edge, Node};
pub use dbt::dbt_manifest;
pub use json::json;
pub use models::model_name;
pub(crate) use models::{is_model, kept_as};
pub use python::python;
use serde::{Deserialize, Serialize};
pub(crate) use templates::template;

/// What an input that is not SQL yields.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Input {
    /// Its nodes.
    pub nodes: Vec<Node>,
    /// Its edges.
    pub edges: Vec<Edge>,
    /// What could not be understood.
    pub problems: Vec<String>,
}
