//! Traps of expressions.

use super::super::places::{item, member};
use super::probes::first_difference;
use super::{Lint, WarningKind};
use crate::expression::{Dialect, Evaluated, Expression};
use crate::model::{Chain, Contract, Origin, RowKind};

impl Lint<'_> {
    pub(super) fn expressions(&mut self) {
        for (place, chain) in expressions(self.contract) {
            self.dialect(&chain.text, &place);
            self.twelve(&chain.text, &place);
        }
    }

    /// Made-up values for which the dialects do not agree; a contract in the strict one has no need to know.
    fn dialect(&mut self, text: &str, place: &str) {
        if !self.contract.compat.expressions {
            return;
        }
        if let Err(error) = Expression::parse(text, Dialect::Strict) {
            let message = format!("the strict dialect does not take {text}: {error}");
            return self.warn(WarningKind::Dialect, place.to_owned(), message, "Write it again before compat.expressions is turned off");
        }
        let Some(found) = first_difference(text) else { return };
        let (now, strict) = (shown(&found.compat), shown(&found.strict));
        let message = format!("{text} is {now} where {}, and in the strict dialect {strict}", found.values);
        self.warn(WarningKind::Dialect, place.to_owned(), message, "See which one is meant");
    }

    fn twelve(&mut self, text: &str, place: &str) {
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let has =
            |sign: &str| bare.match_indices(sign).any(|(at, sign)| !bare[at + sign.len()..].starts_with(|c: char| c.is_ascii_digit() || c == '.'));
        if has("/12") && has("*12") {
            let message = format!("{text} divides by 12 in one place and multiplies by 12 in another");
            self.warn(WarningKind::Twelve, place.to_owned(), message, "Make sure that both give the same unit: months and years are easily mixed up");
        }
    }
}

pub(super) fn shown(evaluated: &Evaluated) -> String {
    match evaluated {
        Evaluated::Null => "null".to_owned(),
        Evaluated::Error(_) => "an error".to_owned(),
        Evaluated::Text(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}

/// Every expression with its place.
pub(super) fn expressions(contract: &Contract) -> Vec<(String, &Chain)> {
    let mut found = Vec::new();
    for (at, table) in contract.tables.iter().enumerate() {
        let place = item("/tables", at);
        let columns = table.columns.iter().enumerate().map(|(at, column)| (item(&member(&place, "columns"), at), column.from.as_ref()));
        let mut origins: Vec<(String, Option<&Origin>)> = columns.collect();
        match &table.rows {
            RowKind::Slots { slots, .. } => {
                for (at, slot) in slots.iter().enumerate() {
                    let place = format!("{place}/rows/slots/slots/{at}/cells");
                    origins.extend(slot.cells.iter().enumerate().map(|(at, cell)| (item(&place, at), Some(&cell.from))));
                }
            }
            RowKind::Pairs { pairs, .. } => {
                let place = format!("{place}/rows/pairs/pairs");
                origins.extend(pairs.iter().enumerate().map(|(at, pair)| (item(&place, at), Some(&pair.from))));
            }
            _ => {}
        }
        for (place, origin) in origins {
            if let Some(Origin::Expression(chain)) = origin {
                found.push((format!("{place}/from/expression/text"), chain));
            }
        }
    }
    found
}
