//! Lineage of files to nodes and edges with stable ids.

use crate::keyed::Store;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A word of the model: nearly always one that is known when this is compiled.
pub type Word = Cow<'static, str>;

/// The id of a node: a SHA-256, in texts 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub [u8; 32]);

impl Id {
    /// Its first bytes: as good as a hash of it.
    pub(crate) fn head(&self) -> u64 {
        self.0.first_chunk().map_or(0, |head| u64::from_le_bytes(*head))
    }

    /// The id of 64 hexadecimal digits; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Id> {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let mut id = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != id.len() || !rest.is_empty() {
            return None;
        }
        for (byte, [high, low]) in id.iter_mut().zip(pairs) {
            *byte = (digit(*high)? * 16 + digit(*low)?) as u8;
        }
        Some(Id(id))
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Id::from_hex(&text).ok_or_else(|| serde::de::Error::custom("an id has 64 hexadecimal digits"))
    }
}

/// How ids are made of their parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdScheme {
    /// Parts apart by the byte 0x1f.
    #[default]
    Separated,
    /// Parts without anything between them, as graphs that were made before have them.
    Legacy,
}

/// A node of the graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Node {
    /// What identifies it.
    pub id: Id,
    /// Its one kind beside `Entity`.
    pub label: Word,
    /// Its name.
    pub name: String,
    /// Its other properties.
    pub properties: BTreeMap<Word, String>,
}

/// An edge of the graph; source, type and target identify it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// The id where it begins.
    pub from: Id,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Word,
    /// The id where it ends.
    pub to: Id,
    /// `parser` or `heuristic`.
    pub source: Word,
    /// 0 to 1.
    pub confidence: f64,
    /// `approved` or `pending_review`.
    pub status: Word,
    /// Its other properties.
    pub properties: BTreeMap<Word, String>,
}

/// Nodes by id and edges by their ends and type, in a fixed order.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    pub(crate) nodes: Store<Node>,
    edges: Store<Edge>,
    pub(crate) scheme: IdScheme,
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)] as char, DIGITS[usize::from(b & 15)] as char]).collect()
}

pub(crate) fn id_of(parts: &[&str], scheme: IdScheme) -> Id {
    let mut hash = Sha256::new();
    for (position, part) in parts.iter().enumerate() {
        if position > 0 && scheme == IdScheme::Separated {
            hash.update([0x1f]);
        }
        hash.update(part.as_bytes());
    }
    Id(hash.finalize().into())
}

/// The id of a node of these parts.
pub fn node_id(parts: &[&str]) -> Id {
    id_of(parts, IdScheme::Separated)
}

/// The id of a column of an asset.
pub fn column_id(asset: &str, column: &str) -> Id {
    node_id(&["column", asset, column])
}

impl Node {
    /// A node without properties.
    pub fn new(id: Id, label: &'static str, name: &str) -> Node {
        Node { id, label: label.into(), name: name.to_owned(), properties: BTreeMap::new() }
    }

    /// The node of a file.
    pub fn file(path: &str) -> Node {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, e)| e);
        Node::new(node_id(&["file", path]), "File", name).with("path", path).with("extension", extension)
    }

    /// The same with a property.
    pub fn with(mut self, key: &'static str, value: &str) -> Node {
        self.properties.insert(key.into(), value.to_owned());
        self
    }
}

impl Edge {
    /// An edge that a parser found.
    pub fn parsed(from: Id, kind: &'static str, to: Id) -> Edge {
        Edge { from, kind: kind.into(), to, source: "parser".into(), confidence: 1.0, status: "approved".into(), properties: BTreeMap::new() }
    }

    /// An edge that a heuristic found, waiting for review.
    pub fn guessed(from: Id, kind: &'static str, to: Id, evidence: &str) -> Edge {
        let properties = BTreeMap::from([("evidence".into(), evidence.to_owned())]);
        Edge { source: "heuristic".into(), confidence: 0.5, status: "pending_review".into(), properties, ..Edge::parsed(from, kind, to) }
    }
}

fn rank(label: &str) -> usize {
    ["DataAsset", "Table", "View", "MaterializedView"].iter().position(|l| *l == label).unwrap_or(9)
}

impl Graph {
    /// An empty graph with ids of this scheme.
    pub fn new(scheme: IdScheme) -> Graph {
        Graph { scheme, ..Graph::default() }
    }

    /// Its nodes, ascending by id.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.sorted().into_iter()
    }

    /// Its edges, ascending by source, type and target.
    pub fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.edges.sorted().into_iter()
    }

    /// Its nodes, ascending by id, and its edges, ascending by source, type and target.
    pub fn into_parts(self) -> (Vec<Node>, Vec<Edge>) {
        (self.nodes.into_sorted(), self.edges.into_sorted())
    }

    /// Adds a node. Of two with one id the label of higher rank counts, then the smaller name; properties are joined.
    pub fn add_node(&mut self, node: Node) {
        let Some(held) = self.nodes.get_mut(&node.id) else {
            self.nodes.insert(node);
            return;
        };
        if rank(&node.label) > rank(&held.label) && rank(&node.label) < 9 {
            held.label = node.label;
        }
        if node.name < held.name {
            held.name = node.name;
        }
        for (key, value) in node.properties {
            let kept = held.properties.entry(key).or_insert_with(|| value.clone());
            if value < *kept {
                *kept = value;
            }
        }
    }

    /// Adds an edge. Of two with the same ends and type the surer one counts.
    pub fn add_edge(&mut self, edge: Edge) {
        let id = (edge.from, edge.kind.clone(), edge.to);
        match self.edges.get_mut(&id) {
            Some(held) if (held.confidence, &edge.properties) < (edge.confidence, &held.properties) => *held = edge,
            Some(_) => {}
            None => {
                self.edges.insert(edge);
            }
        }
    }
}
