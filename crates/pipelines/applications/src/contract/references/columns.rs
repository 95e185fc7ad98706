//! Columns: where their values come from, and whether defaults are of their type.

use super::super::places::{item, member};
use super::super::problem::{Category, Problem};
use super::Look;
use crate::expression::{Dialect, Expression};
use crate::model::{AttributePath, Chain, Column, Key, LastValid, Origin, RowKind, Step, Table, Type, Within};
use crate::values::{Value, convert};

impl Look<'_> {
    pub(super) fn columns(&mut self, table: &Table, place: &str) {
        let place = member(place, "columns");
        if table.columns.is_empty() {
            self.report(
                Category::Structure,
                &place,
                format!("{} has no columns", table.name),
                "List them",
                r#"[{"name": "loan_id", "type": "bigint", "from": {"key": "document"}, "nullable": false}]"#,
            );
        }
        for (at, column) in table.columns.iter().enumerate() {
            self.column(table, column, &item(&place, at));
        }
    }

    fn column(&mut self, table: &Table, column: &Column, place: &str) {
        match &column.from {
            Some(origin) => self.origin(table, origin, &member(place, "from")),
            None if !is_filled(table, column) => {
                let message = format!("nothing says where {}.{} comes from", table.name, column.name);
                self.report(Category::Structure, place, message, "Give it from", "/Root/Child/@name");
            }
            None => {}
        }
        self.steps(&column.steps, &member(place, "steps"));
        if column.steps.contains(&Step::NowIfBlank) && !matches!(column.kind, Type::Date | Type::Timestamp) {
            let message = format!("nowIfBlank gives a time, and {} is {}", column.name, column.kind);
            self.report(
                Category::Value,
                &member(place, "steps"),
                message,
                "Use it for a date or a timestamp",
                r#"{"type": "timestamp", "steps": ["nowIfBlank"]}"#,
            );
        }
        if column.counts.is_some() && !matches!(table.rows, RowKind::Slots { .. }) {
            let message = "counts is for the columns of slots".to_owned();
            self.report(
                Category::Structure,
                &member(place, "counts"),
                message,
                "Use rowIf, or when of a pair",
                r#"{"rowIf": {"columns": ["city"]}}"#,
            );
        }
        self.default(column, place);
    }

    fn default(&mut self, column: &Column, place: &str) {
        let Some(default) = &column.default else { return };
        let place = member(place, "default");
        let why = match convert(default, &column.kind, false, &self.contract.compat) {
            Ok(Value::Null) => "it is blank".to_owned(),
            Ok(_) => return,
            Err(error) => error.to_string(),
        };
        let message = format!("{default:?} is not a value of {} ({}): {why}", column.name, column.kind);
        self.report(Category::Value, &place, message, "Write one that is, or take it out", sample(&column.kind));
    }

    /// Where a value comes from.
    pub(super) fn origin(&mut self, table: &Table, origin: &Origin, place: &str) {
        match origin {
            Origin::Attribute(path) => self.attribute(table, path, place),
            Origin::Key(Key::Document) => {}
            Origin::Key(Key::Member) if has_member(table) => {}
            Origin::Key(Key::Member) => {
                let message = format!("rows of {} are of no member", table.name);
                self.report(Category::Structure, place, message, "Use the key of the document, or make rows per group", r#"{"key": "document"}"#);
            }
            Origin::Expression(chain) => self.expression(table, chain, place),
            Origin::LastValid(last) => self.last_valid(last, place),
            Origin::PreferredChild(preferred) => match &table.rows {
                RowKind::Group { group } => self.child_of(group, &preferred.child, place),
                _ => {
                    let message = format!("rows of {} are of no group", table.name);
                    self.report(
                        Category::Structure,
                        place,
                        message,
                        "Use lastValid",
                        r#"{"lastValid": {"group": "person", "role": "MAIN", "attribute": "phone"}}"#,
                    );
                }
            },
        }
    }

    fn attribute(&mut self, table: &Table, path: &AttributePath, place: &str) {
        match &path.element {
            Some(element) => self.below_root(element, place),
            None if has_member(table) => {}
            None => {
                let message = format!("{path} is of the row's own element, and rows of {} have none", table.name);
                self.report(Category::Structure, place, message, "Give the whole path", "/Root/Child/@name");
            }
        }
    }

    fn expression(&mut self, table: &Table, chain: &Chain, place: &str) {
        let dialect = if self.contract.compat.expressions { Dialect::Compat } else { Dialect::Strict };
        if let Err(error) = Expression::parse(&chain.text, dialect) {
            let place = format!("{place}/expression/text");
            let message = format!("{} at character {}", error.message, error.offset + 1);
            self.problems.push(Problem::new(Category::Expression, &place, message, error.help, "CASE WHEN a > 0 THEN a END"));
        }
        if let Some(otherwise) = &chain.otherwise {
            self.attribute(table, otherwise, &format!("{place}/expression/otherwise"));
        }
    }

    fn last_valid(&mut self, last: &LastValid, place: &str) {
        let place = member(place, "lastValid");
        let Some(group) = self.group_of(&last.group, &place) else { return };
        if !group.role.values.contains(&last.role) {
            let message = format!("the group {} has no role {}", last.group, last.role);
            let fix = format!("Roles are {}", group.role.values.join(", "));
            let example = group.role.values.first().cloned().unwrap_or_else(|| "MAIN".to_owned());
            self.report(Category::Reference, &place, message, &fix, &example);
        }
        if let Some(Within::Child(child)) = &last.within {
            self.child_of(&last.group, child, &place);
        }
    }
}

/// A text that is a value of a type.
pub(super) fn sample(kind: &Type) -> &'static str {
    match kind {
        Type::Text { .. } => "MISSING",
        Type::Date => "1900-01-01",
        Type::Timestamp => "1900-01-01 00:00:00",
        _ => "0",
    }
}

/// Whether rows of the table are of an element of their own.
fn has_member(table: &Table) -> bool {
    matches!(table.rows, RowKind::Group { .. } | RowKind::Child { .. })
}

/// Whether slots or pairs fill a column.
fn is_filled(table: &Table, column: &Column) -> bool {
    match &table.rows {
        RowKind::Slots { number, slots } => {
            column.name == *number || slots.iter().flat_map(|slot| &slot.cells).any(|cell| cell.column == column.name)
        }
        RowKind::Pairs { value, pairs } => {
            column.name == *value || pairs.iter().flat_map(|pair| &pair.set).any(|constant| constant.column == column.name)
        }
        _ => false,
    }
}
