//! Rows of one document: which there are, and what is in them.

use crate::values::{self, Value};

use super::cells::Maker;
use super::fault::Fault;
use super::outcome::{IssueKind, Severity, Stage};
use super::plan::{CellPlan, ChildPlan, ConditionPlan, EntryPlan, GroupPlan, RowsPlan, TablePlan};
use super::staged::{Pushed, Staged};
use super::view::{Kept, Own, View};

/// What came of filling a row.
struct Filled {
    /// Whether the document says anything of it.
    has_data: bool,
    /// The first fault, and the column.
    fault: Option<(Box<Fault>, usize)>,
}

impl<'v, 'a> Maker<'v, 'a> {
    /// Makes the rows of a table.
    ///
    /// # Errors
    /// What a cell says, and a key that is there twice where it must not be.
    pub(super) fn rows(&mut self, table: &TablePlan, staged: &mut Staged, row: &mut Vec<Value>) -> Result<(), Box<Fault>> {
        let view = self.view;
        match &table.rows {
            RowsPlan::Document(cells) => self.row(table, cells, None, staged, row),
            RowsPlan::Group { group, cells } => view.groups[*group].kept.iter().try_for_each(|kept| {
                let own = Own { record: kept.record, group: *group, id: &kept.id };
                self.row(table, cells, Some(own), staged, row)
            }),
            RowsPlan::Child { group, child, cells } => self.child_rows(table, *group, *child, cells, staged, row),
            RowsPlan::Entries(entries) => entries.iter().try_for_each(|entry| self.entry(table, entry, staged, row)),
        }
    }

    fn child_rows(
        &mut self,
        table: &TablePlan,
        group: usize,
        child: usize,
        cells: &[CellPlan],
        staged: &mut Staged,
        row: &mut Vec<Value>,
    ) -> Result<(), Box<Fault>> {
        let view = self.view;
        let (members, plan) = (&view.groups[group], &view.program.groups[group]);
        let child = &plan.children[child];
        if members.kept.is_empty() {
            return Ok(());
        }
        if !view.program.document.compat.child_filter_ignores_case {
            for kept in &members.kept {
                let own = Own { record: kept.record, group, id: &kept.id };
                self.children_of(table, own, child, cells, staged, row)?;
            }
            return Ok(());
        }
        for (record, kept) in self.filtered(group, plan) {
            if let Some(kept) = kept {
                let own = Own { record, group, id: &kept.id };
                self.children_of(table, own, child, cells, staged, row)?;
            }
        }
        Ok(())
    }

    /// Members as the filter of old has them, each with the kept member whose id it has: at the group's path, case does not count, and of
    /// those that are the same in all that is asked for the last stands in the place of the first.
    fn filtered(&mut self, group: usize, plan: &GroupPlan) -> Vec<(u32, Option<&'v Kept<'a>>)> {
        let view: &'v View<'a> = self.view;
        let members = &view.groups[group];
        let asked = || [plan.id, plan.role.attribute].into_iter().chain(plan.require.iter().map(|wanted| wanted.attribute));
        let mut places = hashbrown::HashMap::new();
        let mut found: Vec<u32> = Vec::new();
        for record in members.all.iter().copied() {
            let passes = view.capture.records[record as usize].at_path && view.has(record, plan.id) && view.passes(record, &plan.role, &plan.require);
            if passes {
                let key: Vec<_> = asked().map(|attribute| view.value(view.capture.of_record(record, attribute))).collect();
                match places.get(&key) {
                    Some(place) => found[*place] = record,
                    None => {
                        places.insert(key, found.len());
                        found.push(record);
                    }
                }
            }
        }
        if found.is_empty() {
            let message = || format!("no {} passed the filter for child rows; there are none", plan.name);
            self.issues.add(Severity::Quality, IssueKind::NoChildMembers, message);
        }
        let kept = |record: u32| view.value(view.capture.of_record(record, plan.id)).and_then(|id| members.kept_under(&id));
        found.into_iter().map(|record| (record, kept(record))).collect()
    }

    /// Rows of the children of one member.
    fn children_of(
        &mut self,
        table: &TablePlan,
        member: Own<'_>,
        child: &ChildPlan,
        cells: &[CellPlan],
        staged: &mut Staged,
        row: &mut Vec<Value>,
    ) -> Result<(), Box<Fault>> {
        let view = self.view;
        let mut children: Vec<u32> = view.capture.inside(member.record, child.kind).collect();
        children.reverse();
        let ignores_case = view.program.document.compat.child_filter_ignores_case;
        for record in children {
            let is_one = match ignores_case {
                true => view.passes(record, &child.role, &child.require),
                false => {
                    view.rank(record, &child.role).is_some()
                        && child.require.iter().all(|wanted| {
                            let value = view.stripped(record, wanted.attribute);
                            if wanted.values.is_empty() { !value.is_empty() } else { wanted.values.iter().any(|one| **one == *value) }
                        })
                }
            };
            if is_one {
                self.row(table, cells, Some(Own { record, ..member }), staged, row)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, table: &TablePlan, entry: &EntryPlan, staged: &mut Staged, row: &mut Vec<Value>) -> Result<(), Box<Fault>> {
        if !entry.evidence.iter().any(|evidence| self.counts(evidence, &table.columns[evidence.column])) {
            return Ok(());
        }
        match self.fill(table, &entry.cells, None, row).fault {
            Some((fault, _)) => Err(fault),
            None => self.push(table, None, staged, row),
        }
    }

    /// One row, if there is something in it. A row that will not be there does not fail the document.
    fn row(
        &mut self,
        table: &TablePlan,
        cells: &[CellPlan],
        own: Option<Own<'_>>,
        staged: &mut Staged,
        row: &mut Vec<Value>,
    ) -> Result<(), Box<Fault>> {
        let filled = self.fill(table, cells, own, row);
        let meets = table.row_if.as_ref().is_none_or(|condition| self.meets(condition, own, row, &filled));
        if !meets || !(filled.has_data || table.keep_empty) {
            return Ok(());
        }
        match filled.fault {
            Some((fault, _)) => Err(fault),
            None => self.push(table, own, staged, row),
        }
    }

    /// Fills a row, to its end whatever is wrong with it.
    fn fill(&mut self, table: &TablePlan, cells: &[CellPlan], own: Option<Own<'_>>, row: &mut Vec<Value>) -> Filled {
        row.clear();
        let mut filled = Filled { has_data: false, fault: None };
        for (at, (column, cell)) in table.columns.iter().zip(cells).enumerate() {
            let value = match self.make(&table.name, column, cell, own) {
                Ok(made) => {
                    filled.has_data |= made.is_data;
                    made.value
                }
                Err(fault) => {
                    filled.has_data |= fault.value.is_some();
                    filled.fault.get_or_insert((fault, at));
                    Value::Null
                }
            };
            row.push(value);
        }
        filled
    }

    fn meets(&self, condition: &ConditionPlan, own: Option<Own<'_>>, row: &[Value], filled: &Filled) -> bool {
        let is_something = |column: &usize| match &row[*column] {
            Value::Null => filled.fault.as_ref().is_some_and(|(fault, at)| at == column && fault.value.is_some()),
            Value::Text(text) => !values::is_blank(text),
            _ => true,
        };
        condition.columns.iter().any(is_something)
            || own.is_some_and(|own| condition.attributes.iter().any(|attribute| self.view.has(own.record, *attribute)))
    }

    fn push(&mut self, table: &TablePlan, own: Option<Own<'_>>, staged: &mut Staged, row: &mut Vec<Value>) -> Result<(), Box<Fault>> {
        let pushed = staged.push(table, row);
        if matches!(pushed, Pushed::Added | Pushed::Updated) {
            return Ok(());
        }
        let message = format!("{} has a row with this key already", table.name);
        if pushed == Pushed::Repeated {
            return Err(Fault::new(Stage::Mapping, message)
                .at(self.start(own), "")
                .help("Mend the document, or have the contract keep the first row (onRepeat: keepFirst)"));
        }
        self.issues.add(Severity::Quality, IssueKind::RowLeftOut, || message);
        Ok(())
    }
}
