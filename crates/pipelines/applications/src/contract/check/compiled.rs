//! What only a whole program shows.

use rowmill_core::Error;

use super::super::places::{item, member};
use super::super::problem::{Category, Problem};
use super::structure::sample;
use crate::map::Program;
use crate::model::{Contract, RowKind, Table};

/// Adds what only a whole program shows: names in expressions, and codes that are of no use for their column. A compiler sees some faults of
/// references, too; those are known by their place.
pub(super) fn add_uncompiled(contract: &Contract, problems: &mut Vec<Problem>) {
    let known = problems.len();
    for problem in Program::compile_all(contract).err().unwrap_or_default().iter().map(|error| uncompiled(contract, error)) {
        let is_inside = |other: &Problem| other.place.strip_prefix(&problem.place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if !problems[..known].iter().any(is_inside) {
            problems.push(problem);
        }
    }
}

fn uncompiled(contract: &Contract, error: &Error) -> Problem {
    let said = error.place().column.as_deref().unwrap_or("");
    let place = pointer(contract, said);
    let category = if said.ends_with(".steps") { Category::Value } else { Category::Reference };
    let fix = error.help_text().unwrap_or("See the reference of contracts");
    let example = sample(&place);
    Problem::new(category, &place, format!("{said}: {}", error.message()), fix, example)
}

/// The pointer to a place that a compiler writes as `groups.name.…`, `tables.name.column.…`, `tables.name.rows.slots[number 1].…` or
/// `tables.name.rows.pairs[0].…`.
fn pointer(contract: &Contract, said: &str) -> String {
    let mut parts = said.split('.');
    match (parts.next(), parts.next()) {
        (Some("document"), _) => "/document".to_owned(),
        (Some("groups"), Some(name)) => member("/groups", name),
        (Some("tables"), Some(name)) => match contract.tables.iter().position(|table| table.name == name) {
            Some(at) => in_table(&contract.tables[at], &item("/tables", at), parts),
            None => "/tables".to_owned(),
        },
        _ => String::new(),
    }
}

fn in_table<'s>(table: &Table, place: &str, mut parts: impl Iterator<Item = &'s str>) -> String {
    let (first, second) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    if let Some(column) = table.columns.iter().position(|column| column.name == first) {
        return item(&member(place, "columns"), column);
    }
    let numbered = |prefix: &str| second.strip_prefix(prefix)?.strip_suffix(']')?.parse::<i64>().ok();
    let slot = match &table.rows {
        RowKind::Slots { slots, .. } => numbered("slots[number ").and_then(|number| slots.iter().position(|slot| slot.number == number)),
        _ => None,
    };
    let pair = numbered("pairs[").and_then(|at| usize::try_from(at).ok());
    match (slot, pair) {
        (Some(at), _) => item(&format!("{place}/rows/slots/slots"), at),
        (_, Some(at)) => item(&format!("{place}/rows/pairs/pairs"), at),
        _ => place.to_owned(),
    }
}
