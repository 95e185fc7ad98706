//! A document as a tree, and what is asked of it.

use rowmill_applications::model::{Compat, ElementPath};
use roxmltree::Node;

pub fn local<'t>(node: Node<'t, '_>) -> &'t str {
    node.tag_name().name()
}

/// Names from the root to an element.
pub fn path(node: Node<'_, '_>) -> Vec<String> {
    let mut names: Vec<String> = node.ancestors().filter(Node::is_element).map(|node| local(node).to_owned()).collect();
    names.reverse();
    names
}

/// The last element at a path.
pub fn last<'t, 'i>(root: Node<'t, 'i>, wanted: &ElementPath) -> Option<Node<'t, 'i>> {
    root.descendants().rfind(|node| node.is_element() && path(*node) == wanted.0)
}

/// Elements of a name directly inside another.
pub fn inside<'t, 'i: 't>(node: Node<'t, 'i>, name: &str) -> Vec<Node<'t, 'i>> {
    node.children().filter(|child| child.is_element() && local(*child) == name).collect()
}

/// An attribute as it is.
pub fn own(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.attributes().rfind(|attribute| attribute.name() == name).map(|attribute| attribute.value().to_owned())
}

/// An attribute without the blanks around it; empty where there is none.
pub fn stripped(node: Node<'_, '_>, name: &str) -> String {
    own(node, name).unwrap_or_default().trim().to_owned()
}

pub fn has(node: Node<'_, '_>, name: &str) -> bool {
    !stripped(node, name).is_empty()
}

/// A value that was found by its path.
pub fn by_path(value: String, compat: &Compat) -> String {
    if compat.unescape_twice { rowmill_xml::unescape_html(value.trim()).into_owned() } else { value }
}
