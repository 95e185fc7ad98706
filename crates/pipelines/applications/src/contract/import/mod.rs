//! From a contract in the form they had before to one of ours that does the same.

mod chain;
mod entries;
mod filters;
mod mapping_type;
mod notes;
mod original;
mod relationships;
mod switches;
mod tables;

use std::collections::BTreeMap;

use serde::Serialize;

use super::check;
use super::problem::Problem;
use crate::model::{AttributePath, Compat, Contract, Document, ElementPath, Enum, Flag, Fold, Join, SourceTable, Target};
use chain::{BOOLEANS, LETTERS};
use filters::GROUP;
use notes::Notes;
use original::Original;

/// What came of an import.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// The contract; nothing where there is a problem.
    pub contract: Option<Contract>,
    /// All that keeps it from being imported; places are those of the contract as it was given.
    pub problems: Vec<Problem>,
    /// The quirks that were turned on.
    pub switches: Vec<Switch>,
    /// What was passed over, and other things to know.
    pub notes: Vec<String>,
}

/// A quirk that was turned on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Switch {
    /// Its name in the contract, under `compat`.
    pub name: &'static str,
    /// Why the contract needs it.
    pub why: String,
}

/// Imports a contract of old (JSON, with or without a byte-order mark) under a name.
///
/// The contract that comes of it passes the checks. Where documents go wrong it does as before, which is what its switches and `onError: nullIfUnreadable` in its
/// columns are for; take them out one by one for what a new contract would do.
pub fn import(json: &str, name: &str) -> Imported {
    let mut problems = Vec::new();
    let Some(original) = original::read(json, &mut problems) else { return refused(problems) };
    filters::check(&original, &mut problems);
    relationships::check(&original, &mut problems);
    let mut notes = Notes::default();
    let group = filters::group(&original);
    let tables = tables::tables(&original, group.as_ref(), &mut problems, &mut notes);
    if !problems.is_empty() {
        return refused(problems);
    }
    let mut contract = Contract {
        version: 1,
        name: name.to_owned(),
        document: document(&original),
        source: source(&original),
        target: Target { schema: original.target_schema.clone(), ..Target::default() },
        groups: group.map(|group| (GROUP.to_owned(), group)).into_iter().collect(),
        enums: enums(&original),
        flags: flags(&original),
        compat: Compat::default(),
        tables,
    };
    let (compat, switches) = switches::switches(&original, &contract);
    contract.compat = compat;
    take_out_unused(&mut contract);
    let written = serde_json::to_string(&contract).unwrap_or_default();
    let problems = check(&written).problems;
    match problems.is_empty() {
        true => Imported { contract: Some(contract), problems, switches, notes: notes.all(&original.mappings) },
        false => refused(problems),
    }
}

fn refused(problems: Vec<Problem>) -> Imported {
    Imported { contract: None, problems, switches: Vec::new(), notes: Vec::new() }
}

fn document(original: &Original) -> Document {
    let path = &original.application;
    let request = ElementPath(path.0.iter().take(2).cloned().collect());
    let id = ["ID", "id"].map(|attribute| AttributePath { element: Some(request.clone()), attribute: attribute.to_owned() });
    let other = match path.name() {
        "application" => Some("IL_application"),
        "IL_application" => Some("application"),
        _ => None,
    };
    let beside = |name: &str| {
        let mut names = path.0.clone();
        names.pop();
        names.push(name.to_owned());
        ElementPath(names)
    };
    Document {
        root: original.root.clone(),
        id: id.to_vec(),
        application: path.clone(),
        other_applications: other.map(beside).into_iter().collect(),
        elements: BTreeMap::from([("application".to_owned(), path.clone())]),
    }
}

fn source(original: &Original) -> Option<SourceTable> {
    const KEY: &str = "app_id";
    Some(SourceTable {
        schema: None,
        table: original.source_table.clone()?,
        key: KEY.to_owned(),
        column: original.source_column.clone().unwrap_or_else(|| "app_XML".to_owned()),
        join: original.source_application_table.clone().map(|table| Join { schema: None, table, key: KEY.to_owned() }),
    })
}

/// Dictionaries; the blank key is what stands for all that is not there.
fn enums(original: &Original) -> BTreeMap<String, Enum> {
    let of = |(name, values): (&String, &BTreeMap<String, _>)| {
        let mut values = values.clone();
        let otherwise = values.remove("");
        (name.clone(), Enum { values, otherwise })
    };
    original.enums.iter().map(of).collect()
}

fn flags(original: &Original) -> BTreeMap<String, Flag> {
    const WORDS: [(&str, u8); 7] = [("true", 1), ("1", 1), ("yes", 1), ("y", 1), ("false", 0), ("0", 0), ("no", 0)];
    let mut words: BTreeMap<String, u8> = WORDS.into_iter().map(|(word, bit)| (word.to_owned(), bit)).collect();
    words.extend(original.boolean_to_bit.iter().filter(|(word, _)| !word.is_empty()).map(|(word, bit)| (word.to_lowercase(), *bit)));
    let flag = |values, fold| Flag { values, fold, otherwise: Some(0) };
    BTreeMap::from([(LETTERS.to_owned(), flag(original.char_to_bit.clone(), Fold::Upper)), (BOOLEANS.to_owned(), flag(words, Fold::Lower))])
}

/// Dictionaries that no step asks.
fn take_out_unused(contract: &mut Contract) {
    let steps = super::steps::all_steps(contract);
    let is_used = |name: &str, is_enum: bool| {
        steps.iter().any(|step| match step {
            crate::model::Step::Enum(used) => is_enum && used == name,
            crate::model::Step::Flag(used) => !is_enum && used == name,
            _ => false,
        })
    };
    contract.enums.retain(|name, _| is_used(name, true));
    contract.flags.retain(|name, _| is_used(name, false));
}

#[cfg(test)]
mod tests;
