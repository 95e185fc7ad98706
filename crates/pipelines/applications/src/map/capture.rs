//! What is kept of a document while it is read: where the texts are that the contract asks for. No text is copied.

use rowmill_xml::{Attribute, Descend, Handler};

use super::Program;
use super::names::Names;
use super::trie::{NOWHERE, TOP};
use super::watch::Watched;

/// No record.
pub(super) const NONE: u32 = u32::MAX;

/// Where the text of an attribute is, as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) length: u32,
    /// Whether the value is what is written.
    pub(super) is_plain: bool,
}

impl Span {
    /// Of an attribute that is not there.
    pub(super) const MISSING: Self = Self { start: NONE, length: 0, is_plain: true };

    pub(super) fn is_missing(self) -> bool {
        self.start == NONE
    }
}

/// An element that is a member of a group, or something that is asked for inside one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) kind: u16,
    /// Whether it is where the group's path says.
    pub(super) at_path: bool,
    /// The last record directly inside it.
    pub(super) last_inside: u32,
    /// The record before it that is inside the same one.
    pub(super) before: u32,
    /// Where its attributes begin in `texts`.
    first: u32,
    /// Where it begins in the document.
    pub(super) start: u32,
}

/// Records and texts for which room is kept: what the largest document of a run needed is not held to its end.
const KEPT: usize = 1 << 16;

/// What was kept of one document; used again for the next.
#[derive(Debug, Default)]
pub(super) struct Capture {
    /// Attributes of paths, laid out as the tree of paths says.
    paths: Vec<Span>,
    /// How often each path came.
    pub(super) seen: Vec<u32>,
    pub(super) records: Vec<Record>,
    texts: Vec<Span>,
    frames: Vec<Frame>,
    pub(super) watched: Watched,
    pub(super) is_root: bool,
}

/// An open element.
#[derive(Clone, Copy, Debug)]
struct Frame {
    node: u32,
    record: u32,
    path: u32,
}

impl Capture {
    /// Forgets the document before.
    pub(super) fn reset(&mut self, program: &Program) {
        self.paths.clear();
        self.paths.resize(program.path_texts, Span::MISSING);
        self.seen.clear();
        self.seen.resize(program.trie.len(), 0);
        self.records.clear();
        self.records.shrink_to(KEPT);
        self.texts.clear();
        self.texts.shrink_to(KEPT);
        self.frames.clear();
        self.watched.reset();
        self.is_root = false;
    }

    /// An attribute of the last element at a path.
    pub(super) fn at_path(&self, program: &Program, node: u32, attribute: u32) -> Span {
        let base = program.trie.get(node).map_or(0, |node| node.base);
        self.paths.get((base + attribute) as usize).copied().unwrap_or(Span::MISSING)
    }

    /// An attribute of a record.
    pub(super) fn of_record(&self, record: u32, attribute: u32) -> Span {
        let Some(record) = self.records.get(record as usize) else { return Span::MISSING };
        self.texts.get((record.first + attribute) as usize).copied().unwrap_or(Span::MISSING)
    }

    /// Records of a kind directly inside another, the last one first.
    pub(super) fn inside(&self, record: u32, kind: u16) -> impl Iterator<Item = u32> + '_ {
        let last = self.records.get(record as usize).map_or(NONE, |record| record.last_inside);
        std::iter::successors(self.index(last), |at| self.index(self.records[*at as usize].before))
            .filter(move |at| self.records[*at as usize].kind == kind)
    }

    /// Nodes of the elements that are open, from the root; nowhere for what the contract has no path for.
    pub(super) fn nodes(&self) -> impl Iterator<Item = u32> + '_ {
        self.frames.iter().map(|frame| frame.node)
    }

    fn index(&self, record: u32) -> Option<u32> {
        (record != NONE).then_some(record)
    }
}

/// Keeps what a program asks for.
pub(super) struct Reader<'a> {
    pub(super) program: &'a Program,
    pub(super) capture: &'a mut Capture,
    pub(super) text: &'a str,
}

impl Handler for Reader<'_> {
    fn open(&mut self, name: &str, attributes: &[Attribute<'_>]) -> Descend {
        let program = self.program;
        let above = self.capture.frames.last().copied();
        let Frame { node: above_node, record: above_record, path: above_path } = above.unwrap_or_else(|| {
            self.capture.is_root = *name == *program.document.root;
            Frame { node: TOP, record: NONE, path: NONE }
        });
        let node = if above_node == NOWHERE { NOWHERE } else { program.trie.child(above_node, name) };
        if node != NOWHERE {
            self.keep_path(node, attributes);
        }
        let record = self.keep_record(node, above_record, name, attributes);
        let path = if program.watches.is_empty() {
            NONE
        } else {
            let (watched, text) = (&mut self.capture.watched, self.text);
            watched.open(&program.watches, above_path, name, attributes, |attribute| span_of(text, attribute))
        };
        self.capture.frames.push(Frame { node, record, path });
        let inside = program.everywhere || program.trie.has_children(node) || self.has_inner(record);
        if inside { Descend::Into } else { Descend::Skip }
    }

    fn close(&mut self) {
        self.capture.frames.pop();
    }
}

impl Reader<'_> {
    /// The last element at a path is the one that counts: what an earlier one had is forgotten.
    fn keep_path(&mut self, node: u32, attributes: &[Attribute<'_>]) {
        let Some(plan) = self.program.trie.get(node) else { return };
        self.capture.seen[node as usize] += 1;
        let (from, count) = (plan.base as usize, plan.names.len());
        let spans = &mut self.capture.paths[from..from + count];
        if count > 0 {
            spans.fill(Span::MISSING);
            fill(self.text, &plan.names, attributes, spans);
        }
    }

    /// Keeps an element that is a member of a group, or asked for inside the record that is open.
    fn keep_record(&mut self, node: u32, parent: u32, name: &str, attributes: &[Attribute<'_>]) -> u32 {
        let (kind, at_path) = match self.kind_of(node, parent, name) {
            Some(found) => found,
            None => return NONE,
        };
        let start = attributes.first().map_or(NONE, |attribute| span_of(self.text, attribute).start);
        let capture = &mut *self.capture;
        let names = &self.program.kinds[kind as usize].names;
        let first = capture.texts.len();
        capture.texts.resize(first + names.len(), Span::MISSING);
        fill(self.text, names, attributes, &mut capture.texts[first..]);
        let record = capture.records.len() as u32;
        let before = match capture.records.get_mut(parent as usize) {
            Some(parent) => std::mem::replace(&mut parent.last_inside, record),
            None => NONE,
        };
        capture.records.push(Record { kind, at_path, last_inside: NONE, before, first: first as u32, start });
        record
    }

    fn kind_of(&self, node: u32, parent: u32, name: &str) -> Option<(u16, bool)> {
        if let Some(parent) = self.capture.records.get(parent as usize) {
            let inner = &self.program.kinds[parent.kind as usize].inner;
            if let Some((_, kind)) = inner.iter().find(|(inner, _)| **inner == *name) {
                return Some((*kind, parent.at_path));
            }
        }
        let is_member = |group: &&super::plan::GroupPlan| (node != NOWHERE && group.node == node) || (group.anywhere && *group.element == *name);
        self.program.groups.iter().find(is_member).map(|group| (group.kind, group.node == node))
    }

    fn has_inner(&self, record: u32) -> bool {
        self.capture.records.get(record as usize).is_some_and(|record| !self.program.kinds[record.kind as usize].inner.is_empty())
    }
}

/// Keeps the attributes that have a number.
fn fill(text: &str, names: &Names, attributes: &[Attribute<'_>], spans: &mut [Span]) {
    for attribute in attributes {
        for number in names.find(attribute.name).into_iter().flatten() {
            spans[number as usize] = span_of(text, attribute);
        }
    }
}

/// Where an attribute's value is in the document that it is a part of. A scanner lends attributes for one call only, so places are what
/// can be kept without a copy.
fn span_of(text: &str, attribute: &Attribute<'_>) -> Span {
    let start = (attribute.raw.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    let (start, length) = (u32::try_from(start).unwrap_or(NONE), attribute.raw.len() as u32);
    Span { start, length, is_plain: attribute.is_plain }
}
