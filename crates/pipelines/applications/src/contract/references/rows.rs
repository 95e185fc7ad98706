//! Rows: what they are made of, and what must be in them.

use super::super::places::{item, member};
use super::super::problem::Category;
use super::Look;
use crate::model::{Constant, Pair, RowKind, Slot, Step, Table};
use crate::values::convert;

impl Look<'_> {
    pub(super) fn rows(&mut self, table: &Table, place: &str) {
        let rows = member(place, "rows");
        match &table.rows {
            RowKind::Document {} => {}
            RowKind::Group { group } => {
                self.group_of(group, &rows);
            }
            RowKind::Child { group, child } => self.child_of(group, child, &rows),
            RowKind::Slots { number, slots } => {
                self.column_of(table, number, &format!("{rows}/slots/number"));
                self.slots(table, slots, &format!("{rows}/slots/slots"));
            }
            RowKind::Pairs { value, pairs } => {
                self.column_of(table, value, &format!("{rows}/pairs/value"));
                self.pairs(table, pairs, &format!("{rows}/pairs/pairs"));
            }
        }
        self.row_condition(table, place);
    }

    pub(super) fn group_of(&mut self, group: &str, place: &str) -> Option<&'_ crate::model::Group> {
        let contract = self.contract;
        let found = contract.groups.get(group);
        if found.is_none() {
            let near = super::super::places::nearest(group, contract.groups.keys().map(String::as_str));
            let fix = near.map_or_else(|| "Add it to groups".to_owned(), |near| format!("Did you mean {near}?"));
            self.report(
                Category::Reference,
                place,
                format!("there is no group {group}"),
                &fix,
                contract.groups.keys().next().map_or("person", String::as_str),
            );
        }
        found
    }

    pub(super) fn child_of(&mut self, group: &str, child: &str, place: &str) {
        let contract = self.contract;
        if self.group_of(group, place).is_none() {
            return;
        }
        let children = contract.groups.get(group).map(|group| &group.children);
        if children.is_some_and(|children| !children.contains_key(child)) {
            let near = children.and_then(|children| super::super::places::nearest(child, children.keys().map(String::as_str)));
            let fix = near.map_or_else(|| format!("Add it to the children of {group}"), |near| format!("Did you mean {near}?"));
            let example = children.and_then(|children| children.keys().next()).map_or("address", String::as_str);
            self.report(Category::Reference, place, format!("the group {group} has no children {child}"), &fix, example);
        }
    }

    fn column_of<'t>(&mut self, table: &'t Table, name: &str, place: &str) -> Option<&'t crate::model::Column> {
        let found = table.columns.iter().find(|column| column.name == name);
        if found.is_none() {
            self.no_column(table, name, place);
        }
        found
    }

    fn slots(&mut self, table: &Table, slots: &[Slot], place: &str) {
        let mut numbers: Vec<i64> = slots.iter().map(|slot| slot.number).collect();
        numbers.sort_unstable();
        if let Some(pair) = numbers.windows(2).find(|pair| pair[0] == pair[1]) {
            self.report(
                Category::Reference,
                place,
                format!("there are two slots {}", pair[0]),
                "Number them differently",
                r#"[{"number": 1, "cells": […]}, {"number": 2, "cells": […]}]"#,
            );
        }
        for (at, slot) in slots.iter().enumerate() {
            let place = format!("{}/cells", item(place, at));
            self.unique(slot.cells.iter().map(|cell| cell.column.as_str()), &place, "cell");
            for (at, cell) in slot.cells.iter().enumerate() {
                let place = item(&place, at);
                self.column_of(table, &cell.column, &place);
                self.origin(table, &cell.from, &member(&place, "from"));
                self.steps(cell.steps.as_deref().unwrap_or_default(), &member(&place, "steps"));
            }
        }
    }

    fn pairs(&mut self, table: &Table, pairs: &[Pair], place: &str) {
        for (at, pair) in pairs.iter().enumerate() {
            let place = item(place, at);
            self.origin(table, &pair.from, &member(&place, "from"));
            self.steps(pair.steps.as_deref().unwrap_or_default(), &member(&place, "steps"));
            for (at, constant) in pair.set.iter().enumerate() {
                self.constant(table, constant, &item(&member(&place, "set"), at));
            }
        }
    }

    fn constant(&mut self, table: &Table, constant: &Constant, place: &str) {
        let Some(column) = self.column_of(table, &constant.column, place) else { return };
        if let Err(error) = convert(&constant.value, &column.kind, false, &self.contract.compat) {
            let message = format!("{:?} is not a value of {} ({}): {error}", constant.value, column.name, column.kind);
            self.report(Category::Value, &member(place, "value"), message, "Write one that is", super::columns::sample(&column.kind));
        }
    }

    fn row_condition(&mut self, table: &Table, place: &str) {
        let Some(condition) = &table.row_if else { return };
        let place = member(place, "rowIf");
        let is_of_element = matches!(table.rows, RowKind::Group { .. } | RowKind::Child { .. });
        if matches!(table.rows, RowKind::Slots { .. } | RowKind::Pairs { .. }) {
            let message = "slots and pairs say themselves when there is a row".to_owned();
            return self.report(
                Category::Structure,
                &place,
                message,
                "Use counts of columns and cells, or when of pairs",
                r#"{"counts": "notBlank"}"#,
            );
        }
        for name in &condition.columns {
            self.column_of(table, name, &member(&place, "columns"));
        }
        if !condition.attributes.is_empty() && !is_of_element {
            let message = "rows of documents have no element of their own".to_owned();
            self.report(Category::Structure, &member(&place, "attributes"), message, "Name columns instead", r#"{"columns": ["city"]}"#);
        }
    }

    pub(super) fn steps(&mut self, steps: &[Step], place: &str) {
        let contract = self.contract;
        for (at, step) in steps.iter().enumerate() {
            let missing = match step {
                Step::Enum(name) if !contract.enums.contains_key(name) => Some(("enum", name, "enums")),
                Step::Flag(name) if !contract.flags.contains_key(name) => Some(("flag", name, "flags")),
                _ => None,
            };
            if let Some((what, name, list)) = missing {
                self.report(
                    Category::Reference,
                    &item(place, at),
                    format!("there is no {what} {name}"),
                    &format!("Add it to {list}"),
                    &format!(r#""{name}": {{"values": {{"Y": 1, "N": 0}}}}"#),
                );
            }
            if matches!(step, Step::Enum(_) | Step::Flag(_)) && at + 1 < steps.len() {
                let message = "a step follows a dictionary, which is always the last".to_owned();
                self.report(
                    Category::Structure,
                    &item(place, at + 1),
                    message,
                    "Put it before the dictionary, or take it out",
                    r#"["digits", {"enum": "status"}]"#,
                );
            }
        }
    }
}
