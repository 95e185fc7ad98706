//! Traps of a sound contract: what it may do that nobody meant.

mod documents;
mod expressions;
mod probes;

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;

pub use documents::{Differ, Difference};

use super::explain::quirks;
use super::places::{item, member};
use crate::model::{Column, Contract, Counts, OnRepeat, Pair, RowKind, Slot, Step, Table, Type};

/// A trap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// Which kind it is.
    pub kind: WarningKind,
    /// Where it is in the contract, as a JSON pointer.
    pub place: String,
    /// What may happen.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

/// Kinds of traps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WarningKind {
    /// A quirk of old contracts is on.
    Compat,
    /// An expression gives another value in the other dialect.
    Dialect,
    /// An expression divides by twelve in one branch and multiplies by it in another.
    Twelve,
    /// Zeros at the beginning of a number that is none are lost.
    LeadingZeros,
    /// A default is a reason for a row that has nothing in it.
    BlankRow,
    /// Two pairs make rows with one key.
    RepeatedKey,
    /// A bit that takes nothing but 0 and 1.
    BareBit,
    /// A slot that never becomes a row.
    IdleSlot,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}. {}", self.place, self.message, self.fix)
    }
}

/// The traps of a contract that passed the checks.
pub fn lint(contract: &Contract) -> Vec<Warning> {
    let mut lint = Lint { contract, warnings: Vec::new() };
    for name in quirks(contract) {
        let message = format!("the quirk {name} of old contracts is on");
        lint.warn(WarningKind::Compat, member("/compat", &name), message, "Take it out once nothing relies on it");
    }
    for (at, table) in contract.tables.iter().enumerate() {
        lint.table(table, &item("/tables", at));
    }
    lint.expressions();
    lint.warnings
}

struct Lint<'c> {
    contract: &'c Contract,
    warnings: Vec<Warning>,
}

/// Words in the names of columns whose digits are no number.
const NO_NUMBERS: [&str; 8] = ["zip", "ssn", "phone", "fax", "aba", "routing", "postal", "account_num"];

impl Lint<'_> {
    fn warn(&mut self, kind: WarningKind, place: String, message: impl Into<String>, fix: &str) {
        self.warnings.push(Warning { kind, place, message: message.into(), fix: fix.to_owned() });
    }

    fn table(&mut self, table: &Table, place: &str) {
        for (at, column) in table.columns.iter().enumerate() {
            let place = item(&member(place, "columns"), at);
            self.leading_zeros(column, &place);
            self.bare_bit(column, &place);
            self.blank_row(table, column, &place);
        }
        match &table.rows {
            RowKind::Pairs { pairs, .. } => self.repeated_keys(table, pairs, &format!("{place}/rows/pairs/pairs")),
            RowKind::Slots { slots, .. } => self.idle_slots(table, slots, &format!("{place}/rows/slots/slots")),
            _ => {}
        }
    }

    fn leading_zeros(&mut self, column: &Column, place: &str) {
        let is_number = matches!(column.kind, Type::SmallInt | Type::TinyInt | Type::Int | Type::BigInt);
        let name = column.name.to_lowercase();
        let named = NO_NUMBERS.iter().any(|word| name.contains(word));
        if column.steps.contains(&Step::Digits) && self.contract.compat.digits_as_int && matches!(column.kind, Type::Text { .. }) {
            let message = format!("the digits of {} lose the zeros at their beginning: 02134 becomes 2134", column.name);
            self.warn(WarningKind::LeadingZeros, member(place, "steps"), message, "Turn compat.digitsAsInt off");
        } else if is_number && named && !column.steps.iter().any(|step| matches!(step, Step::Enum(_) | Step::Flag(_))) {
            let message = format!("{} is {}, which has no zeros at its beginning", column.name, column.kind);
            self.warn(WarningKind::LeadingZeros, member(place, "type"), message, "Make it text, unless it is really a number");
        }
    }

    fn bare_bit(&mut self, column: &Column, place: &str) {
        let is_bare = column.kind == Type::Bit && column.steps.is_empty() && column.from.is_some();
        if !is_bare {
            return;
        }
        let message = match self.contract.compat.any_text_is_one {
            true => format!("{} is 1 for any text, also for 0, N and false", column.name),
            false => format!("{} takes nothing but 0 and 1", column.name),
        };
        self.warn(WarningKind::BareBit, place.to_owned(), message, "Give it a flag that says which texts are 1");
    }

    fn blank_row(&mut self, table: &Table, column: &Column, place: &str) {
        let Some(default) = &column.default else { return };
        if table.row_if.as_ref().is_some_and(|condition| condition.columns.contains(&column.name)) {
            let message = format!("the default {default:?} of {} is a reason for a row of {} in which all is blank", column.name, table.name);
            self.warn(WarningKind::BlankRow, member(place, "default"), message, "Take the default out, or the column out of rowIf");
        }
    }

    fn repeated_keys(&mut self, table: &Table, pairs: &[Pair], place: &str) {
        let mut seen: HashMap<Vec<&str>, usize> = HashMap::new();
        for (at, pair) in pairs.iter().enumerate() {
            let of_key = pair.set.iter().filter(|constant| table.key.contains(&constant.column));
            let key: Vec<&str> = of_key.map(|constant| constant.value.as_str()).collect();
            let Some(first) = seen.get(&key).copied() else {
                seen.insert(key, at);
                continue;
            };
            let then = match table.on_repeat {
                OnRepeat::Fail => "a document that has both fails",
                OnRepeat::Update => "the later one overwrites the earlier",
                OnRepeat::KeepFirst => "the later one is left out",
            };
            let message = format!("{} has the same key as pair {first}: {then}", key.join(", "));
            self.warn(WarningKind::RepeatedKey, item(place, at), message, "Give them different names, or make the source a part of the key");
        }
    }

    fn idle_slots(&mut self, table: &Table, slots: &[Slot], place: &str) {
        for (at, slot) in slots.iter().enumerate() {
            let says = |cell: &crate::model::Cell| {
                let column = table.columns.iter().find(|column| column.name == cell.column);
                cell.counts.or(column.and_then(|column| column.counts)) == Some(Counts::Never)
            };
            if slot.cells.iter().all(says) {
                let message = format!("nothing in slot {} is a reason for its row", slot.number);
                self.warn(WarningKind::IdleSlot, item(place, at), message, "Have one of its columns count");
            }
        }
    }
}

#[cfg(test)]
mod tests;
