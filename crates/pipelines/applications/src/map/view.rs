//! A document as the rows see it: texts of attributes, and members of groups.

use std::borrow::Cow;

use hashbrown::HashMap;
use rowmill_xml::{Attribute, unescape_html};

use super::capture::{Capture, Span};
use super::plan::{GroupPlan, Place, RequiredPlan, RolePlan};
use super::{Program, Read};

/// A document that was read.
pub(super) struct View<'a> {
    pub(super) program: &'a Program,
    pub(super) capture: &'a Capture,
    pub(super) text: &'a str,
    /// The text in the document as it was decoded.
    pub(super) read: Read<'a>,
    /// The document's id.
    pub(super) id: i64,
    pub(super) groups: Vec<Members<'a>>,
}

/// Members of a group.
#[derive(Default)]
pub(super) struct Members<'a> {
    /// Every element that may be one, in the order of the document.
    pub(super) all: Vec<u32>,
    /// Those that become rows.
    pub(super) kept: Vec<Kept<'a>>,
    /// Positions in `kept`, by id.
    by_id: HashMap<Cow<'a, str>, usize>,
    /// The last of all, by id.
    last_by_id: HashMap<Cow<'a, str>, u32>,
}

/// A member that becomes a row.
pub(super) struct Kept<'a> {
    pub(super) record: u32,
    pub(super) id: Cow<'a, str>,
    /// Position of its role in the list.
    pub(super) rank: usize,
}

/// Whose row it is: the element that it is of, and the member.
#[derive(Clone, Copy)]
pub(super) struct Own<'r> {
    pub(super) record: u32,
    pub(super) group: usize,
    pub(super) id: &'r str,
}

impl<'a> View<'a> {
    /// The value of an attribute; nothing where it is not there.
    pub(super) fn value(&self, span: Span) -> Option<Cow<'a, str>> {
        if span.is_missing() {
            return None;
        }
        let raw = self.text.get(span.start as usize..(span.start + span.length) as usize)?;
        Some(if span.is_plain { Cow::Borrowed(raw) } else { Attribute { name: "", raw, is_plain: false }.value() })
    }

    /// The value of an attribute that was found by its path.
    pub(super) fn path_value(&self, span: Span) -> Option<Cow<'a, str>> {
        let value = self.value(span)?;
        if !self.program.document.compat.unescape_twice {
            return Some(value);
        }
        Some(match value {
            Cow::Borrowed(value) => unescape_html(value.trim()),
            Cow::Owned(value) => Cow::Owned(unescape_html(value.trim()).into_owned()),
        })
    }

    /// Where the attribute of a place is.
    pub(super) fn span(&self, place: Place, own: Option<Own<'_>>) -> Span {
        match (place, own) {
            (Place::Path { node, attribute }, _) => self.capture.at_path(self.program, node, attribute),
            (Place::Own(attribute), Some(own)) => self.capture.of_record(own.record, attribute),
            (Place::Own(_), None) => Span::MISSING,
        }
    }

    /// The value of a place.
    pub(super) fn at(&self, place: Place, own: Option<Own<'_>>) -> Option<Cow<'a, str>> {
        let span = self.span(place, own);
        match place {
            Place::Path { .. } => self.path_value(span),
            Place::Own(_) => self.value(span),
        }
    }

    /// The stripped value of a record's attribute; empty where it is not there.
    pub(super) fn stripped(&self, record: u32, attribute: u32) -> Cow<'a, str> {
        match self.value(self.capture.of_record(record, attribute)) {
            Some(Cow::Borrowed(value)) => Cow::Borrowed(value.trim()),
            Some(Cow::Owned(value)) => Cow::Owned(value.trim().to_owned()),
            None => Cow::Borrowed(""),
        }
    }

    /// Whether a record's attribute is there and not blank.
    pub(super) fn has(&self, record: u32, attribute: u32) -> bool {
        !self.stripped(record, attribute).is_empty()
    }

    /// Position of a record's role, or type, in the list; the case counts.
    pub(super) fn rank(&self, record: u32, role: &RolePlan) -> Option<usize> {
        let value = self.stripped(record, role.attribute);
        role.values.iter().position(|wanted| **wanted == *value)
    }

    /// Whether a record has what the filter of old asks for: case does not count.
    pub(super) fn passes(&self, record: u32, role: &RolePlan, require: &[RequiredPlan]) -> bool {
        let is_one = |attribute: u32, values: &[Box<str>]| {
            let value = self.stripped(record, attribute).to_lowercase();
            values.iter().any(|wanted| wanted.to_lowercase() == value)
        };
        is_one(role.attribute, &role.values)
            && require.iter().all(|wanted| match wanted.values.is_empty() {
                true => self.has(record, wanted.attribute),
                false => is_one(wanted.attribute, &wanted.values),
            })
    }

    /// The last of all elements with a member's id.
    pub(super) fn last_with_id(&self, group: usize, id: &str) -> Option<u32> {
        self.groups.get(group)?.last_by_id.get(id).copied()
    }

    /// Finds the members of every group.
    pub(super) fn find_members(&mut self) {
        let program = self.program;
        self.groups = program.groups.iter().map(|group| self.members(group)).collect();
    }

    fn members(&self, group: &GroupPlan) -> Members<'a> {
        let mut members = Members::default();
        for (at, record) in self.capture.records.iter().enumerate() {
            if record.kind != group.kind {
                continue;
            }
            let record = at as u32;
            members.all.push(record);
            let id = self.stripped(record, group.id);
            if !id.is_empty() {
                members.last_by_id.insert(id.clone(), record);
                self.keep(group, record, id, &mut members);
            }
        }
        members
    }

    /// Keeps a member whose role is known and that has something to say. Of those with one id the better role is kept, and among equals the
    /// later.
    fn keep(&self, group: &GroupPlan, record: u32, id: Cow<'a, str>, members: &mut Members<'a>) {
        let Some(rank) = self.rank(record, &group.role) else { return };
        if !group.keep_if.is_empty() && !group.keep_if.iter().any(|attribute| self.has(record, *attribute)) {
            return;
        }
        match members.by_id.get(&id) {
            Some(at) => {
                let kept = &mut members.kept[*at];
                if rank <= kept.rank {
                    (kept.record, kept.rank) = (record, rank);
                }
            }
            None => {
                members.by_id.insert(id.clone(), members.kept.len());
                members.kept.push(Kept { record, id, rank });
            }
        }
    }
}

impl<'a> Members<'a> {
    /// How many ids there are.
    pub(super) fn ids(&self) -> usize {
        self.last_by_id.len()
    }

    /// The member that is kept under an id, as it is written.
    pub(super) fn kept_under(&self, id: &str) -> Option<&Kept<'a>> {
        self.by_id.get(id).map(|at| &self.kept[*at])
    }
}
