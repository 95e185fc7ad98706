//! From the text of a contract to a contract, or to everything that is wrong with it.

mod compiled;
mod mended;
mod structure;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::problem::{Category, Problem};
use super::references::references;
use crate::model::Contract;
use compiled::add_uncompiled;
use mended::mended;
use structure::{malformed, structure};

/// A contract that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The contract, where there is no problem.
    pub contract: Option<Contract>,
    /// All that keeps it from being used.
    pub problems: Vec<Problem>,
}

/// Reads a contract from JSON, and answers everything that is wrong with it: all that is not of its form, all that does not go together, and all
/// that only a whole program shows. What depends on a part whose form is wrong is told once that part is right.
pub fn check(json: &str) -> Checked {
    let value = match serde_json::from_str::<Value>(json.trim_start_matches('\u{feff}')) {
        Ok(value) => value,
        Err(error) => return refused(vec![syntax(&error)]),
    };
    let mut problems = structure(&value);
    if !problems.is_empty() {
        problems.extend(mended(&value, &problems));
        return refused(problems);
    }
    let contract = match serde_json::from_value::<Contract>(value) {
        Ok(contract) => contract,
        // Its parts are sound, so this is one that is missing or unknown between them.
        Err(error) => return refused(vec![malformed("", &error.to_string())]),
    };
    problems = references(&contract);
    add_uncompiled(&contract, &mut problems);
    if problems.is_empty() { Checked { contract: Some(contract), problems } } else { refused(problems) }
}

fn refused(problems: Vec<Problem>) -> Checked {
    Checked { contract: None, problems }
}

fn syntax(error: &serde_json::Error) -> Problem {
    let message = format!("line {}, column {}: {error}", error.line(), error.column());
    Problem::new(Category::Syntax, "", message, "Write the contract as JSON or YAML", r#"{"version": 1, "name": "cards", …}"#)
}
