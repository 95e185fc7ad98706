//! Paths that the contract names, as a tree.

use crate::model::ElementPath;

use super::names::Names;

/// No node.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The document itself, above its root element.
pub(super) const TOP: u32 = 0;

/// Paths of elements that somebody asked for.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
}

/// A path.
#[derive(Debug, Default)]
pub(super) struct Node {
    name: Box<str>,
    parent: u32,
    children: Vec<u32>,
    /// Attributes that are asked for.
    pub(super) names: Names,
    /// Where the values of its attributes begin in those of all nodes.
    pub(super) base: u32,
}

impl Trie {
    pub(super) fn new() -> Self {
        Self { nodes: vec![Node { parent: NOWHERE, ..Node::default() }] }
    }

    /// The node of a path, which is made where it is new.
    pub(super) fn intern(&mut self, path: &ElementPath) -> u32 {
        let mut at = TOP;
        for name in &path.0 {
            at = match self.child(at, name) {
                NOWHERE => self.add(at, name),
                child => child,
            };
        }
        at
    }

    fn add(&mut self, parent: u32, name: &str) -> u32 {
        let node = u32::try_from(self.nodes.len()).unwrap_or(NOWHERE);
        self.nodes.push(Node { name: name.into(), parent, ..Node::default() });
        self.nodes[parent as usize].children.push(node);
        node
    }

    /// The child of this name, or nowhere.
    #[inline]
    pub(super) fn child(&self, at: u32, name: &str) -> u32 {
        let Some(node) = self.nodes.get(at as usize) else { return NOWHERE };
        node.children.iter().copied().find(|child| *self.nodes[*child as usize].name == *name).unwrap_or(NOWHERE)
    }

    pub(super) fn get(&self, node: u32) -> Option<&Node> {
        self.nodes.get(node as usize)
    }

    pub(super) fn has_children(&self, node: u32) -> bool {
        self.get(node).is_some_and(|node| !node.children.is_empty())
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The number of an attribute of a node.
    pub(super) fn intern_attribute(&mut self, node: u32, attribute: &str) -> u32 {
        self.nodes[node as usize].names.intern(attribute)
    }

    /// The number of an attribute of a node, in any case.
    pub(super) fn intern_folded(&mut self, node: u32, attribute: &str) -> u32 {
        self.nodes[node as usize].names.intern_folded(attribute)
    }

    /// Nodes whose last name is this.
    pub(super) fn named(&self, name: &str) -> Vec<u32> {
        (1..self.nodes.len()).filter(|node| *self.nodes[*node].name == *name).map(|node| node as u32).collect()
    }

    /// Whether attributes of a node are asked for.
    pub(super) fn has_names(&self, node: u32) -> bool {
        self.get(node).is_some_and(|node| node.names.len() > 0)
    }

    /// Whether a node is another one, or below it.
    pub(super) fn is_within(&self, node: u32, other: u32) -> bool {
        std::iter::successors(Some(node), |node| self.get(*node).map(|node| node.parent)).any(|node| node == other)
    }

    /// The path of a node.
    pub(super) fn path(&self, node: u32) -> String {
        match self.get(node) {
            Some(inner) if node != TOP => format!("{}/{}", self.path(inner.parent), inner.name),
            _ => String::new(),
        }
    }

    /// Gives each node its place among all values; answers how many values there are.
    pub(super) fn lay_out(&mut self) -> usize {
        let mut base = 0;
        for node in &mut self.nodes {
            node.base = base;
            base += node.names.len() as u32;
        }
        base as usize
    }
}
