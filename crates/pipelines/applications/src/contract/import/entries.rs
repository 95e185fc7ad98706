//! From the mapping types that make rows of their own to slots and pairs.

use super::super::problem::{Category, Problem};
use super::chain::{Owner, Steps, chain, kind};
use super::original::Mapping;
use super::tables::{Maker, empty_column, key_column};
use crate::model::{Cell, Column, Constant, Counts, Key, OnError, OnRepeat, Pair, Parent, RowKind, Slot, Table, Type};

/// Mapping types that make rows of their own.
pub(super) const ROW_TYPES: [&str; 7] =
    ["add_score", "add_indicator", "add_history", "add_report_lookup", "policy_exceptions", "warranty_field", "add_collateral"];

/// What one kind of slots is.
struct SlotKind {
    row_type: &'static str,
    /// Column of the number.
    number: &'static str,
    /// Column that is in the key, too, where the table has it and it is never null.
    also_key: Option<&'static str>,
    /// Whether defaults were filled in.
    has_defaults: bool,
}

const SLOTS: [SlotKind; 3] = [
    SlotKind { row_type: "policy_exceptions", number: "policy_exception_type_enum", also_key: None, has_defaults: false },
    SlotKind { row_type: "warranty_field", number: "warranty_type_enum", also_key: None, has_defaults: false },
    SlotKind { row_type: "add_collateral", number: "sort_order", also_key: Some("collateral_type_enum"), has_defaults: true },
];

impl Maker<'_> {
    /// A table of slots or of pairs.
    pub(super) fn entries(&mut self, name: &str, mappings: &[&Mapping]) -> Option<Table> {
        let row_type = mappings.iter().find_map(|mapping| mapping.row_type()).map(|of| of.name.clone())?;
        let (rows, others): (Vec<&Mapping>, Vec<&Mapping>) =
            mappings.iter().copied().partition(|mapping| mapping.row_type().is_some_and(|of| of.name == row_type));
        if let Some(mixed) = others.iter().find(|mapping| mapping.row_type().is_some()) {
            let message = format!("{name} has rows of {row_type} and of other mapping types");
            let fix = "Give each a table of its own";
            self.problems.push(Problem::new(Category::Structure, &format!("{}/mapping_type", mixed.place), message, fix, row_type.as_str()));
            return None;
        }
        let (base, id, id_kind) = self.base();
        let (id, parent) = self.hangs_off(name, &base, &id);
        let first = key_column(&id, id_kind, Key::Document);
        let mut table = match SLOTS.iter().find(|of| of.row_type == row_type) {
            Some(of) => self.slots(name, of, first, parent, &rows)?,
            None => self.pairs(name, &row_type, first, parent, &rows)?,
        };
        for mapping in others {
            if table.columns.iter().any(|column| column.name == mapping.column) {
                self.twice(mapping);
                continue;
            }
            let counts = matches!(table.rows, RowKind::Slots { .. }).then_some(Counts::Never);
            let column = self.column(mapping, Owner::Document);
            table.columns.extend(column.map(|column| Column { counts, ..column }));
        }
        Some(table)
    }

    fn slots(&mut self, name: &str, of: &SlotKind, first: Column, parent: Option<Parent>, mappings: &[&Mapping]) -> Option<Table> {
        let mut columns = vec![first, empty_column(of.number, Type::SmallInt)];
        let mut slots: Vec<Slot> = Vec::new();
        for mapping in mappings {
            let argument = mapping.row_type().and_then(|of| of.argument.as_deref()).unwrap_or("");
            let steps = chain(self.original, self.group, mapping, Owner::Document, self.problems)?;
            let (column, counts) = (self.slot_column(of, mapping)?, counts(of, mapping));
            // Without a number it is what all slots share.
            if argument.is_empty() {
                columns.push(Column { from: Some(steps.from), steps: steps.steps, counts: Some(Counts::Never), ..column });
                continue;
            }
            let Ok(number) = argument.parse::<i64>() else {
                self.no_number(mapping, argument);
                continue;
            };
            let known = columns.iter().find(|other| other.name == column.name);
            let own_steps = known.is_some_and(|known| known.steps != steps.steps).then(|| steps.steps.clone());
            if known.is_none() {
                columns.push(Column { steps: steps.steps, counts: Some(counts), ..column });
            } else if known.is_some_and(|known| known.kind != column.kind) {
                self.notes.add(format!("{name}.{} has several types; that of its first mapping is taken", column.name));
            }
            let own_counts = known_counts(&columns, &mapping.column).filter(|known| *known != counts).map(|_| counts);
            let cell = Cell { column: mapping.column.clone(), from: steps.from, steps: own_steps, counts: own_counts };
            match slots.iter_mut().find(|slot| slot.number == number) {
                None => slots.push(Slot { number, cells: vec![cell] }),
                Some(slot) if slot.cells.iter().any(|other| other.column == cell.column) => self.twice(mapping),
                Some(slot) => slot.cells.push(cell),
            }
        }
        let key = key(&columns, of);
        let rows = RowKind::Slots { number: of.number.to_owned(), slots };
        Some(Table { name: name.to_owned(), key, parent, on_repeat: OnRepeat::Fail, rows, row_if: None, keep_empty: true, columns })
    }

    fn slot_column(&mut self, of: &SlotKind, mapping: &Mapping) -> Option<Column> {
        let kind = kind(mapping, self.problems)?;
        let default = match kind {
            // A flag was 0 in a slot that has none.
            Type::Bit if !of.has_defaults => Some("0".to_owned()),
            _ => self.default(mapping, &kind, of.has_defaults),
        };
        Some(Column { nullable: !mapping.not_null, default, on_error: OnError::NullIfUnreadable, ..empty_column(&mapping.column, kind) })
    }

    fn no_number(&mut self, mapping: &Mapping, argument: &str) {
        let message = format!("{argument:?} is no number of a row");
        self.problems.push(Problem::new(
            Category::Value,
            &format!("{}/mapping_type", mapping.place),
            message,
            "Number the rows",
            "add_collateral(1)",
        ));
    }

    fn pairs(&mut self, name: &str, row_type: &str, first: Column, parent: Option<Parent>, mappings: &[&Mapping]) -> Option<Table> {
        let mut pairs = Vec::new();
        for mapping in mappings {
            let Steps { from, steps } = chain(self.original, self.group, mapping, Owner::Document, self.problems)?;
            let argument = mapping.row_type().and_then(|of| of.argument.clone()).unwrap_or_default();
            let (when, set) = entry(row_type, mapping, &argument);
            pairs.push(Pair { from, steps: (!steps.is_empty()).then_some(steps), when, set });
        }
        let columns = self.pair_columns(row_type, first, mappings, &pairs)?;
        let value = columns.last().map(|column| column.name.clone()).unwrap_or_default();
        self.repeats(name, &columns[1].name, &pairs);
        let key = columns[..2].iter().map(|column| column.name.clone()).collect();
        let rows = RowKind::Pairs { value, pairs };
        Some(Table { name: name.to_owned(), key, parent, on_repeat: OnRepeat::Update, rows, row_if: None, keep_empty: true, columns })
    }

    /// The key, what else the rows are given, and last the value.
    fn pair_columns(&mut self, row_type: &str, first: Column, mappings: &[&Mapping], pairs: &[Pair]) -> Option<Vec<Column>> {
        let text = |name: &str| Column { nullable: true, ..empty_column(name, Type::Text { length: None }) };
        let value = |name: &str, kind| Column { nullable: true, on_error: OnError::NullIfUnreadable, ..empty_column(name, kind) };
        let key = |name: &str| empty_column(name, Type::Text { length: None });
        Some(match row_type {
            "add_score" => {
                let is_number = |pair: &Pair| pair.set.iter().all(|constant| constant.value.parse::<i32>().is_ok());
                let identifier = if pairs.iter().all(is_number) { Type::Int } else { Type::Text { length: None } };
                vec![first, empty_column("score_identifier", identifier), value("score", kind(mappings.first()?, self.problems)?)]
            }
            "add_indicator" => vec![first, key("indicator"), value("value", Type::Text { length: None })],
            "add_history" => vec![first, key("name"), text("source"), value("value", longest(mappings))],
            _ => vec![first, key("name"), text("source_report_key"), value("value", longest(mappings))],
        })
    }

    /// Names that come twice: the later row overwrites the earlier one.
    fn repeats(&mut self, table: &str, key: &str, pairs: &[Pair]) {
        let name = |pair: &Pair| pair.set.iter().find(|constant| constant.column == key).map(|constant| constant.value.clone());
        let mut names: Vec<String> = pairs.iter().filter_map(name).collect();
        names.sort_unstable();
        let mut repeated: Vec<String> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
        repeated.dedup();
        if !repeated.is_empty() {
            self.notes
                .add(format!("{table} has one row for several mappings of {}; the later one overwrites the earlier, as before", repeated.join(", ")));
        }
    }
}

/// When there is a row, and what else is in it.
fn entry(row_type: &str, mapping: &Mapping, argument: &str) -> (Counts, Vec<Constant>) {
    let constant = |column: &str, value: String| Constant { column: column.to_owned(), value };
    let element = mapping.path.as_ref().map_or("", |path| path.name());
    match row_type {
        "add_score" => (Counts::Converts, vec![constant("score_identifier", argument.to_owned())]),
        "add_indicator" => (Counts::Truthy, vec![constant("indicator", argument.to_owned()), constant("value", "1".to_owned())]),
        "add_history" => (Counts::Meaningful, vec![constant("name", format!("[{}]", mapping.attribute)), constant("source", format!("[{element}]"))]),
        _ => {
            let key = (!argument.is_empty()).then(|| constant("source_report_key", argument.to_owned()));
            (Counts::Meaningful, [constant("name", mapping.attribute.clone())].into_iter().chain(key).collect())
        }
    }
}

/// Whether a column of a slot is a reason for its row.
fn counts(of: &SlotKind, mapping: &Mapping) -> Counts {
    let is_bit = matches!(mapping.data_type.as_str(), "bit" | "boolean");
    let is_plain = mapping.types.iter().all(|of| ROW_TYPES.contains(&of.name.as_str()) || of.name == "numbers_only");
    match of.row_type {
        "add_collateral" if mapping.column == "wholesale_value" => Counts::Positive,
        "add_collateral" if is_plain && !is_bit => Counts::NotBlank,
        "add_collateral" => Counts::Never,
        _ if is_bit => Counts::Never,
        _ => Counts::Meaningful,
    }
}

fn known_counts(columns: &[Column], name: &str) -> Option<Counts> {
    columns.iter().find(|column| column.name == name).and_then(|column| column.counts)
}

fn key(columns: &[Column], of: &SlotKind) -> Vec<String> {
    let also = of.also_key.filter(|also| columns.iter().any(|column| column.name == *also && !column.nullable));
    let names = [columns[0].name.as_str()].into_iter().chain(also).chain([of.number]);
    names.map(str::to_owned).collect()
}

/// Text as long as the longest mapping of the column; without a length where one of them has none.
fn longest(mappings: &[&Mapping]) -> Type {
    let lengths: Option<Vec<i32>> = mappings
        .iter()
        .map(|mapping| {
            mapping.data_length.filter(|length| mapping.data_type == "string" && *length > 0).and_then(|length| i32::try_from(length).ok())
        })
        .collect();
    Type::Text { length: lengths.and_then(|lengths| lengths.into_iter().max()) }
}
