//! Lineage of files to nodes and edges with stable ids.

use crate::dialects::Dialect;
use crate::keyed::Store;
use crate::model::{ColumnEdge, ColumnRef, Definition, FileLineage, ObjectKind, StatementLineage, WriteKind};
use crate::names::key;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

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
    nodes: Store<Node>,
    edges: Store<Edge>,
    scheme: IdScheme,
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)] as char, DIGITS[usize::from(b & 15)] as char]).collect()
}

fn id_of(parts: &[&str], scheme: IdScheme) -> Id {
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

fn label(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::DataAsset => "DataAsset",
        ObjectKind::Table => "Table",
        ObjectKind::View => "View",
        ObjectKind::MaterializedView => "MaterializedView",
        ObjectKind::FunctionOrProcedure => "FunctionOrProcedure",
        ObjectKind::Trigger => "Trigger",
        ObjectKind::Synonym => "Synonym",
    }
}

/// What adds the statements of one file.
struct Adding<'g> {
    graph: &'g mut Graph,
    path: &'g str,
    dialect: Dialect,
    file: Id,
    /// Views that this file defines, whose edges are `DERIVES`.
    views: BTreeSet<String>,
    /// Assets that were added, by their names as they are written: most are named many times.
    assets: HashMap<String, Asset>,
}

/// An asset that was added, and its columns by their names as they are written.
struct Asset {
    id: Id,
    /// What stands for it in ids.
    identity: String,
    columns: HashMap<String, Id>,
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

    /// Adds the lineage of a file.
    pub fn add_file(&mut self, path: &str, lineage: &FileLineage) {
        let node = Node { id: id_of(&["file", path], self.scheme), ..Node::file(path) };
        let file = node.id;
        self.add_node(node);
        let is_view = |d: &&Definition| matches!(d.kind, ObjectKind::View | ObjectKind::MaterializedView);
        let views = lineage.statements.iter().filter_map(|s| s.definition.as_ref()).filter(is_view).map(|d| d.name.clone()).collect();
        let mut adding = Adding { graph: self, path, dialect: lineage.dialect, file, views, assets: HashMap::new() };
        for statement in &lineage.statements {
            adding.statement(statement);
        }
    }
}

impl Adding<'_> {
    fn id(&self, parts: &[&str]) -> Id {
        id_of(parts, self.graph.scheme)
    }

    /// The node of an asset; a temporary one is of this file only.
    fn asset(&mut self, name: &str, kind: ObjectKind) -> Id {
        if let Some(asset) = self.assets.get(name) {
            let id = asset.id;
            // What is only named adds nothing to what is there.
            if kind != ObjectKind::DataAsset {
                self.graph.add_node(Node::new(id, label(kind), name));
            }
            return id;
        }
        let identity = self.identity(name);
        let id = self.id(&["data_asset", &identity]);
        self.graph.add_node(Node::new(id, label(kind), name));
        self.assets.insert(name.to_owned(), Asset { id, identity, columns: HashMap::new() });
        id
    }

    fn identity(&self, name: &str) -> String {
        let plain = key(name, self.dialect);
        let temporary = name.rsplit('.').next().is_some_and(|last| last.starts_with('#') || last.starts_with('@'));
        if temporary { format!("{}\u{1f}{plain}", self.path) } else { plain }
    }

    fn routine(&mut self, name: &str) -> Id {
        let id = self.id(&["function", &key(name, self.dialect)]);
        self.graph.add_node(Node::new(id, "FunctionOrProcedure", name));
        id
    }

    fn object(&mut self, definition: &Definition) -> Id {
        let part = match definition.kind {
            ObjectKind::FunctionOrProcedure => return self.routine(&definition.name),
            ObjectKind::Trigger => "trigger",
            ObjectKind::Synonym => "synonym",
            kind => return self.asset(&definition.name, kind),
        };
        let id = self.id(&[part, &key(&definition.name, self.dialect)]);
        self.graph.add_node(Node::new(id, label(definition.kind), &definition.name));
        id
    }

    fn edge(&mut self, from: Id, kind: &'static str, to: Id) {
        self.graph.add_edge(Edge::parsed(from, kind, to));
    }

    fn statement(&mut self, statement: &StatementLineage) {
        if let Some(definition) = &statement.definition {
            self.definition(definition);
        }
        // A body belongs to its procedure; what stands alone to what it writes, or to the file.
        let within = statement.within.as_ref().map(|name| self.within(name));
        let write = statement.write.as_ref().map(|(name, kind)| (name.clone(), self.asset(name, ObjectKind::DataAsset), *kind));
        if let (Some(owner), Some((_, target, kind))) = (&within, &write) {
            self.write_edge(*owner, *target, *kind);
        }
        let owner = within.unwrap_or(self.file);
        for read in &statement.reads {
            let source = self.asset(read, ObjectKind::DataAsset);
            self.edge(self.file, "MENTIONS", source);
            match &write {
                Some((name, target, kind)) if *kind != WriteKind::Delete => {
                    let derives = self.views.contains(name);
                    self.edge(*target, if derives { "DERIVES" } else { "READS_FROM" }, source);
                    if within.is_some() {
                        self.edge(owner, "READS_FROM", source);
                    }
                }
                _ => self.edge(owner, "READS_FROM", source),
            }
        }
        let caller = match (&within, &write) {
            (None, Some((_, target, _))) => *target,
            _ => owner,
        };
        for call in &statement.calls {
            let called = self.routine(call);
            self.edge(caller, "CALLS", called);
        }
        for edge in &statement.columns {
            self.column_edge(edge);
        }
    }

    fn within(&mut self, name: &str) -> Id {
        let trigger = self.id(&["trigger", &key(name, self.dialect)]);
        if self.graph.nodes.contains(&trigger) { trigger } else { self.routine(name) }
    }

    fn write_edge(&mut self, owner: Id, target: Id, kind: WriteKind) {
        let mut edge = Edge::parsed(owner, "WRITES_TO", target);
        if kind == WriteKind::Delete {
            edge.properties.insert("kind".into(), "delete".into());
        }
        self.graph.add_edge(edge);
    }

    fn definition(&mut self, definition: &Definition) {
        let id = self.object(definition);
        self.edge(self.file, "DEFINES", id);
        if let Some(node) = self.graph.nodes.get_mut(&id) {
            node.properties.entry("source_file".into()).or_insert_with(|| self.path.to_owned());
            for (key, value) in &definition.properties {
                node.properties.entry(key.clone().into()).or_insert_with(|| value.clone());
            }
        }
        for (name, _) in &definition.columns {
            self.column(&ColumnRef { asset: definition.name.clone(), column: name.clone() });
        }
        for reference in &definition.references {
            let to = self.asset(reference, ObjectKind::DataAsset);
            self.edge(id, "REFERENCES", to);
        }
        if let Some(of) = &definition.of {
            let to = self.asset(of, ObjectKind::DataAsset);
            self.edge(id, if definition.kind == ObjectKind::Trigger { "ATTACHED_TO" } else { "ALIAS_OF" }, to);
        }
    }

    fn column(&mut self, column: &ColumnRef) -> Id {
        let asset = self.asset(&column.asset, ObjectKind::DataAsset);
        let Some(held) = self.assets.get_mut(&column.asset) else { return asset };
        if let Some(id) = held.columns.get(&column.column) {
            return *id;
        }
        let id = id_of(&["column", &held.identity, &key(&column.column, self.dialect)], self.graph.scheme);
        held.columns.insert(column.column.clone(), id);
        self.graph.add_node(Node::new(id, "Column", &column.column));
        self.edge(asset, "CONTAINS", id);
        id
    }

    fn column_edge(&mut self, edge: &ColumnEdge) {
        let target = self.column(&edge.to);
        let text = edge.expression.clone().unwrap_or_else(|| edge.from.as_ref().map(|f| f.column.clone()).unwrap_or_default());
        let Some(from) = &edge.from else { return self.transformation(&text, edge, target, None) };
        let source = self.column(from);
        if edge.influences {
            let mut made = Edge::parsed(source, "INFLUENCES", target);
            made.confidence = edge.confidence;
            return self.graph.add_edge(made);
        }
        self.transformation(&text, edge, target, Some(source));
    }

    fn transformation(&mut self, text: &str, edge: &ColumnEdge, target: Id, source: Option<Id>) {
        let id = self.id(&["transformation", text, &target.to_string()]);
        self.graph.add_node(Node::new(id, "Transformation", text).with("logic", text).with("kind", edge.kind.word()));
        self.edge(id, "GENERATES", target);
        let Some(source) = source else { return };
        let mut input = Edge::parsed(source, "INPUT_TO", id);
        let mut flow = Edge::parsed(source, "FLOWS_TO", target);
        flow.properties.insert("kind".into(), edge.kind.word().into());
        flow.properties.insert("expr_id".into(), id.to_string());
        for (flag, name) in [(edge.unresolved, "unresolved"), (edge.ambiguous, "ambiguous")] {
            if flag {
                flow.properties.insert(name.into(), "true".into());
            }
        }
        (input.confidence, flow.confidence) = (edge.confidence, edge.confidence);
        self.graph.add_edge(input);
        self.graph.add_edge(flow);
    }
}
