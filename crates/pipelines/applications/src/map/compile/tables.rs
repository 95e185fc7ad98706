//! Tables: their columns, and what their rows are made of.

use rowmill_core::Result;

use crate::model::{Column, Counts, Origin, Pair, RowKind, Slot, Step, Table, Type};
use crate::values::{self, Value};

use super::super::plan::{CellPlan, ColumnPlan, ConditionPlan, EntryPlan, Evidence, OriginPlan, RowsPlan, TablePlan};
use super::cells::Owner;
use super::{Compiler, invalid};

impl Compiler<'_> {
    /// A table; nothing where it has problems, which are kept.
    pub(super) fn table(&mut self, table: &Table) -> Option<TablePlan> {
        let place = format!("tables.{}", table.name);
        let mut columns = Vec::new();
        for column in &table.columns {
            let made = self.column(&place, column);
            columns.extend(self.keep(made));
        }
        let owner = self.owner(&place, &table.rows);
        let owner = self.keep(owner)?;
        let rows = self.rows(&place, table, owner);
        let rows = self.keep(rows);
        let row_if = self.row_if(&place, table, owner);
        let row_if = self.keep(row_if);
        let key = positions(&place, table, &table.key);
        let key = self.keep(key);
        Some(TablePlan {
            name: table.name.as_str().into(),
            key: key?,
            columns,
            on_repeat: table.on_repeat,
            keep_empty: table.keep_empty,
            row_if: row_if?,
            rows: rows?,
        })
    }

    fn row_if(&mut self, place: &str, table: &Table, owner: Owner) -> Result<Option<ConditionPlan>> {
        Ok(match &table.row_if {
            None => None,
            Some(condition) => Some(ConditionPlan {
                columns: positions(place, table, &condition.columns)?,
                attributes: match owner {
                    Owner::Record { kind, .. } => condition.attributes.iter().map(|name| self.kinds[usize::from(kind)].names.intern(name)).collect(),
                    Owner::Document if condition.attributes.is_empty() => Vec::new(),
                    Owner::Document => return Err(invalid(format!("{place}.rowIf"), "rows of this table have no element of their own")),
                },
            }),
        })
    }

    fn column(&self, place: &str, column: &Column) -> Result<ColumnPlan> {
        let place = format!("{place}.{}", column.name);
        let default = column.default.as_deref().map(|text| self.constant(&format!("{place}.default"), text, &column.kind)).transpose()?;
        Ok(ColumnPlan { name: column.name.as_str().into(), kind: column.kind, nullable: column.nullable, default, on_error: column.on_error })
    }

    /// A text of the contract as a value.
    pub(super) fn constant(&self, place: &str, text: &str, kind: &Type) -> Result<Value> {
        match values::convert(text, kind, false, &self.contract.compat) {
            Ok(Value::Null) => Err(invalid(place, format!("a blank is no {kind}"))),
            Ok(value) => Ok(value),
            Err(error) => Err(invalid(place, format!("{text:?} is no {kind}: {error}"))),
        }
    }

    fn owner(&self, place: &str, rows: &RowKind) -> Result<Owner> {
        let place = format!("{place}.rows");
        Ok(match rows {
            RowKind::Group { group } => {
                let group = self.group_at(&place, group)?;
                Owner::Record { group, child: None, kind: self.groups[group].kind }
            }
            RowKind::Child { group, child } => {
                let group = self.group_at(&place, group)?;
                let child = self.child_at(&place, group, child)?;
                Owner::Record { group, child: Some(child), kind: self.groups[group].children[child].kind }
            }
            RowKind::Document {} | RowKind::Slots { .. } | RowKind::Pairs { .. } => Owner::Document,
        })
    }

    fn rows(&mut self, place: &str, table: &Table, owner: Owner) -> Result<RowsPlan> {
        match (&table.rows, owner) {
            (RowKind::Slots { number, slots }, _) => {
                let place = format!("{place}.rows.slots");
                position(&place, table, number)?;
                let mut entries = Vec::new();
                for slot in slots {
                    let made = self.slot(&place, table, number, slot);
                    entries.extend(self.keep(made));
                }
                Ok(RowsPlan::Entries(entries))
            }
            (RowKind::Pairs { value, pairs }, _) => {
                let place = format!("{place}.rows.pairs");
                let value = position(&place, table, value)?;
                let mut entries = Vec::new();
                for (at, pair) in pairs.iter().enumerate() {
                    let made = self.pair(&format!("{place}[{at}]"), table, value, pair);
                    entries.extend(self.keep(made));
                }
                Ok(RowsPlan::Entries(entries))
            }
            (_, Owner::Record { group, child, .. }) => {
                let cells = self.cells(place, table, owner);
                Ok(match child {
                    None => RowsPlan::Group { group, cells },
                    Some(child) => RowsPlan::Child { group, child, cells },
                })
            }
            (_, Owner::Document) => Ok(RowsPlan::Document(self.cells(place, table, owner))),
        }
    }

    fn cells(&mut self, place: &str, table: &Table, owner: Owner) -> Vec<CellPlan> {
        let mut cells = Vec::new();
        for column in &table.columns {
            let made = self.column_cell(place, column, owner);
            cells.extend(self.keep(made));
        }
        cells
    }

    /// The cell of a column as the table itself has it.
    fn column_cell(&mut self, place: &str, column: &Column, owner: Owner) -> Result<CellPlan> {
        let place = format!("{place}.{}", column.name);
        match &column.from {
            Some(from) => self.cell(&place, &column.kind, from, &column.steps, owner, true),
            None => Ok(bare(OriginPlan::Nothing)),
        }
    }

    fn slot(&mut self, place: &str, table: &Table, number: &str, slot: &Slot) -> Result<EntryPlan> {
        let place = format!("{place}[number {}]", slot.number);
        for cell in &slot.cells {
            position(&place, table, &cell.column)?;
        }
        let (mut cells, mut evidence) = (Vec::new(), Vec::new());
        for (at, column) in table.columns.iter().enumerate() {
            let place = format!("{place}.{}", column.name);
            let Some(cell) = slot.cells.iter().find(|cell| cell.column == column.name) else {
                let made = match column.name == *number {
                    true => self.constant(&place, &slot.number.to_string(), &column.kind).map(|value| bare(OriginPlan::Constant(value))),
                    false => self.column_cell(&place, column, Owner::Document),
                };
                cells.extend(self.keep(made));
                continue;
            };
            let steps = cell.steps.as_ref().unwrap_or(&column.steps);
            let when = cell.counts.or(column.counts).unwrap_or_else(|| usual(column, &cell.from, steps));
            if when != Counts::Never {
                let made = self.cell(&place, &column.kind, &cell.from, steps, Owner::Document, false);
                evidence.extend(self.keep(made).map(|cell| Evidence { cell, column: at, when }));
            }
            let made = self.cell(&place, &column.kind, &cell.from, steps, Owner::Document, false);
            cells.extend(self.keep(made));
        }
        Ok(EntryPlan { cells, evidence })
    }

    fn pair(&mut self, place: &str, table: &Table, value: usize, pair: &Pair) -> Result<EntryPlan> {
        for constant in &pair.set {
            position(place, table, &constant.column)?;
        }
        let steps = pair.steps.as_ref().unwrap_or(&table.columns[value].steps);
        let mut cells = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            cells.push(match pair.set.iter().find(|constant| constant.column == column.name) {
                Some(constant) => bare(OriginPlan::Constant(self.constant(place, &constant.value, &column.kind)?)),
                None if at == value => self.cell(place, &column.kind, &pair.from, steps, Owner::Document, false)?,
                None => self.column_cell(place, column, Owner::Document)?,
            });
        }
        let cell = self.cell(place, &table.columns[value].kind, &pair.from, steps, Owner::Document, false)?;
        Ok(EntryPlan { cells, evidence: vec![Evidence { cell, column: value, when: pair.when }] })
    }
}

/// What counts where the contract does not say: a text that is not blank, but for flags, which always say something, and what is calculated.
fn usual(column: &Column, from: &Origin, steps: &[Step]) -> Counts {
    let never = column.kind == Type::Bit || matches!(from, Origin::Expression(_)) || steps.iter().any(|step| matches!(step, Step::Flag(_)));
    if never { Counts::Never } else { Counts::NotBlank }
}

fn bare(origin: OriginPlan) -> CellPlan {
    CellPlan { origin, steps: Vec::new(), bare: false, label: "".into() }
}

fn positions(place: &str, table: &Table, columns: &[String]) -> Result<Vec<usize>> {
    columns.iter().map(|column| position(place, table, column)).collect()
}

fn position(place: &str, table: &Table, name: &str) -> Result<usize> {
    table.columns.iter().position(|column| column.name == name).ok_or_else(|| invalid(place, format!("the table has no column {name}")))
}
