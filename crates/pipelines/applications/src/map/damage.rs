//! Where a document is damaged, in names that the contract has: others may be anything, also what somebody wrote into a document by mistake.

use super::Program;
use super::capture::Capture;
use super::trie::{NOWHERE, TOP};

/// The path of the innermost element around a place that the contract knows, with the attribute at the place where it knows that, too.
pub(super) fn place_of(program: &Program, capture: &Capture, text: &str, offset: usize) -> Option<String> {
    let before = text.get(..offset).unwrap_or(text);
    let above = capture.nodes().take_while(|node| *node != NOWHERE).last().unwrap_or(TOP);
    let is_everything_known = capture.nodes().all(|node| node != NOWHERE);
    let tag = open_tag(before).filter(|_| is_everything_known);
    let (name, attribute) = tag.map_or(("", None), parts);
    let inner = program.trie.child(above, name);
    let node = if inner == NOWHERE { above } else { inner };
    let path = Some(program.trie.path(node)).filter(|path| !path.is_empty())?;
    let known = attribute.filter(|attribute| inner != NOWHERE && program.knows_attribute(inner, attribute));
    Some(known.map_or(path.clone(), |attribute| format!("{path}/@{attribute}")))
}

impl Program {
    /// Whether an attribute of an element at a path is asked for, by its path or as one of a member.
    fn knows_attribute(&self, node: u32, name: &str) -> bool {
        let is_asked = |names: &super::names::Names| names.find(name).iter().any(Option::is_some);
        let of_path = self.trie.get(node).is_some_and(|node| is_asked(&node.names));
        let of_member = self.groups.iter().find(|group| group.node == node).and_then(|group| self.kinds.get(usize::from(group.kind)));
        of_path || of_member.is_some_and(|kind| is_asked(&kind.names))
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
