//! Where a document is damaged, in names that the contract has: others may be anything, also what somebody wrote into a document by mistake.

use super::Program;
use super::capture::Capture;
use super::names::Names;
use super::trie::{NOWHERE, TOP};

/// The path of the innermost element around a place that the contract knows, with the attribute at the place where it knows that, too.
pub(super) fn place_of(program: &Program, capture: &Capture, text: &str, offset: usize) -> Option<String> {
    let before = text.get(..offset).unwrap_or(text);
    let above = capture.nodes().take_while(|node| *node != NOWHERE).last().unwrap_or(TOP);
    let around = program.trie.path(above);
    let is_everything_known = capture.nodes().all(|node| node != NOWHERE);
    let (name, attribute) = open_tag(before).filter(|_| is_everything_known).map_or(("", None), parts);
    let found = match program.asked_of(above, name) {
        None => around,
        Some(names) => match attribute.filter(|attribute| names.iter().any(|names| names.find(attribute).iter().any(Option::is_some))) {
            None => format!("{around}/{name}"),
            Some(attribute) => format!("{around}/{name}/@{attribute}"),
        },
    };
    (!found.is_empty()).then_some(found)
}

impl Program {
    /// Attributes that are asked for of an element inside one at a path: by its own path, as a member, or as a child of one; nothing for an
    /// element that the contract does not name.
    fn asked_of(&self, above: u32, name: &str) -> Option<Vec<&Names>> {
        let node = self.trie.child(above, name);
        let kind_of = |node: u32| self.groups.iter().find(|group| group.node == node).and_then(|group| self.kinds.get(usize::from(group.kind)));
        let inner = kind_of(above).and_then(|kind| kind.inner.iter().find(|(inner, _)| **inner == *name));
        let inner = inner.and_then(|(_, kind)| self.kinds.get(usize::from(*kind)));
        let of_records = [kind_of(node), inner].into_iter().flatten().map(|kind| &kind.names);
        let names: Vec<&Names> = self.trie.get(node).map(|node| &node.names).into_iter().chain(of_records).collect();
        (!names.is_empty()).then_some(names)
    }
}

/// What is written of the tag that is open at the end of a text, behind its `<`.
fn open_tag(before: &str) -> Option<&str> {
    let start = before.rfind('<')?;
    // A `<` inside a value is a fault of its own, whose tag begins before.
    let starts = [before[..start].rfind('<'), Some(start)].into_iter().flatten();
    starts.map(|start| &before[start + 1..]).find(|tag| !tag.starts_with('/') && !is_closed(tag))
}

/// Whether the tag ends before the text does.
fn is_closed(tag: &str) -> bool {
    let mut quote = None;
    for c in tag.chars() {
        match quote {
            Some(open) if open == c => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == '>' => return true,
            None => {}
        }
    }
    false
}

/// The name of an open tag, and of its last attribute where that is being read.
fn parts(tag: &str) -> (&str, Option<&str>) {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '=' | '/' | '>' | '"' | '\'');
    let local = |name: &str| name.rsplit(':').next().map_or(0, |local| name.len() - local.len());
    let name = tag.split(is_end).next().unwrap_or_default();
    let name = &name[local(name)..];
    let mut rest = tag;
    let mut last = None;
    while let Some(equals) = rest.find('=') {
        let before = rest[..equals].trim_end();
        let attribute = before.rsplit(is_end).next().unwrap_or_default();
        last = Some(&attribute[local(attribute)..]);
        let value = rest[equals + 1..].trim_start();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        match value[1..].find(quote) {
            Some(end) => rest = &value[end + 2..],
            None => break,
        }
    }
    (name, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attribute_of_an_open_tag_is_the_last_that_was_begun() {
        for (before, expected) in [
            ("<a><b x='1' y='2", Some(("b", Some("y")))),
            ("<a><b x='1' y", Some(("b", Some("x")))),
            ("<a><p:b p:x = \"1 < 2", Some(("b", Some("x")))),
            ("<a><b x='>' ", Some(("b", Some("x")))),
            ("<a><b", Some(("b", None))),
            ("<a><b>text", None),
            ("<a></a", None),
            ("text", None),
        ] {
            assert_eq!(open_tag(before).map(parts), expected, "{before}");
        }
    }
}
