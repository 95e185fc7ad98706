//! Values that are looked up elsewhere than in the row's own element: in the last member of a role, in a child, or wherever a name is.

use std::borrow::Cow;

use super::capture::Span;
use super::cells::Maker;
use super::plan::{LastPlan, Place, ReferencePlan, WithinPlan};
use super::view::Own;

impl<'a> Maker<'_, 'a> {
    /// The text that a reference of an expression stands for.
    pub(super) fn reference<'r>(&self, reference: ReferencePlan, own: Option<Own<'r>>) -> Option<Cow<'r, str>>
    where
        'a: 'r,
    {
        match reference {
            ReferencePlan::At(place) => self.view.at(place, own),
            ReferencePlan::Member => own.map(|own| Cow::Borrowed(own.id)),
            ReferencePlan::Anywhere { member, path, watch } => {
                let of_member = member.and_then(|(group, attribute)| {
                    let first = self.view.groups.get(group)?.kept.iter().find(|kept| kept.rank == 0)?;
                    self.view.value(self.view.capture.of_record(first.record, attribute))
                });
                let of_path = || path.and_then(|(node, attribute)| self.view.at(Place::Path { node, attribute }, None));
                of_member.or_else(of_path).or_else(|| self.view.path_value(self.view.capture.watched.found(watch)))
            }
            ReferencePlan::Nothing => None,
        }
    }

    /// The attribute of the last member of a role that has an id.
    pub(super) fn last_valid(&self, last: &LastPlan) -> Option<Span> {
        let view = self.view;
        let group = view.program.groups.get(last.group)?;
        let is_one = |record: &u32| view.has(*record, group.id) && *view.stripped(*record, group.role.attribute) == *last.role;
        let mut members = view.groups.get(last.group)?.all.iter().rev().copied().filter(is_one);
        let member = members.next()?;
        let capture = view.capture;
        match last.within {
            WithinPlan::Element(kind) => capture.inside(member, kind).next().map(|record| capture.of_record(record, last.attribute)),
            WithinPlan::Child(child) => self.best_child(member, last.group, child, last.attribute),
            WithinPlan::Member => {
                let has = |record: &u32| view.has(*record, last.attribute);
                let earlier = (last.earlier && !has(&member)).then(|| members.find(has)).flatten();
                Some(capture.of_record(earlier.unwrap_or(member), last.attribute))
            }
        }
    }

    /// Of the children of the preferred type, or of all: the attribute of the first that has it, else of the last.
    fn best_child(&self, member: u32, group: usize, child: usize, attribute: u32) -> Option<Span> {
        let plan = self.view.program.groups.get(group)?.children.get(child)?;
        let is_preferred = |record: &u32| self.view.rank(*record, &plan.role) == Some(0);
        let any_preferred = self.view.capture.inside(member, plan.kind).any(|record| is_preferred(&record));
        let (mut last, mut first_with) = (None, None);
        for record in self.view.capture.inside(member, plan.kind).filter(|record| !any_preferred || is_preferred(record)) {
            last = last.or(Some(record));
            if self.view.has(record, attribute) {
                first_with = Some(record);
            }
        }
        first_with.or(last).map(|record| self.view.capture.of_record(record, attribute))
    }

    /// The attribute of the last child of the preferred type, in the last member with the row's id.
    pub(super) fn preferred_child(&self, own: Own<'_>, child: usize, attribute: u32) -> Option<Span> {
        let plan = self.view.program.groups.get(own.group)?.children.get(child)?;
        let member = self.view.last_with_id(own.group, own.id)?;
        let found = self.view.capture.inside(member, plan.kind).find(|record| self.view.rank(*record, &plan.role) == Some(0))?;
        Some(self.view.capture.of_record(found, attribute))
    }
}
