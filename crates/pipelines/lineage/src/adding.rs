//! The lineage of a file into a graph: who reads, writes, defines and calls what, and which column feeds which.

use crate::dialects::Dialect;
use crate::graph::{Edge, Graph, Id, Node, id_of};
use crate::locals::{has_mark, made_by_several};
use crate::model::{ColumnEdge, ColumnRef, Definition, FileLineage, ObjectKind, StatementLineage, WriteKind};
use crate::names::key;
use hashbrown::{HashMap, HashSet};
use std::borrow::Cow;
use std::collections::BTreeSet;

impl Graph {
    /// Adds the lineage of a file.
    pub fn add_file(&mut self, path: &str, lineage: &FileLineage) {
        let node = Node { id: id_of(&["file", path], self.scheme), ..Node::file(path) };
        let file = node.id;
        self.add_node(node);
        let is_view = |d: &&Definition| matches!(d.kind, ObjectKind::View | ObjectKind::MaterializedView);
        let is_local = |d: &&Definition| d.properties.iter().any(|(k, _)| k == "temporary");
        let local = lineage.statements.iter().filter_map(|s| s.definition.as_ref()).filter(is_local).map(|d| key(&d.name, lineage.dialect)).collect();
        let views = lineage.statements.iter().filter_map(|s| s.definition.as_ref()).filter(is_view).map(|d| d.name.clone()).collect();
        let mut adding =
            Adding { graph: self, path, dialect: lineage.dialect, file, views, local, makers: HashMap::new(), within: None, assets: HashMap::new() };
        adding.note_makers(lineage);
        for statement in &lineage.statements {
            adding.statement(statement);
        }
    }
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
    /// Temporary tables that it makes.
    local: BTreeSet<String>,
    /// Those of them that several routines make, each its own, and these routines.
    makers: HashMap<String, HashSet<Option<String>>>,
    /// The routine of the statement that is added.
    within: Option<String>,
    /// Assets that were added, by their names as they are written: most are named many times. Behind the name of one of its makers' stands the maker's.
    assets: HashMap<String, Asset>,
}

/// An asset that was added, and its columns by their names as they are written.
struct Asset {
    id: Id,
    /// What stands for it in ids.
    identity: String,
    columns: HashMap<String, Id>,
}

impl Adding<'_> {
    fn id(&self, parts: &[&str]) -> Id {
        id_of(parts, self.graph.scheme)
    }

    /// Gathers who makes temporary tables; a variable is everybody's own.
    fn note_makers(&mut self, lineage: &FileLineage) {
        let is_variable = |name: &&str| name.starts_with('@') && self.dialect == Dialect::Tsql;
        let made = lineage.statements.iter().flat_map(|statement| {
            let defined = statement.definition.as_ref().map(|d| d.name.as_str()).filter(|name| self.is_local(name));
            let named = statement.write.iter().map(|(name, _)| name.as_str()).chain(statement.reads.iter().map(String::as_str));
            let all = defined.into_iter().chain(named.filter(is_variable));
            all.map(|name| (key(name, self.dialect), statement.within.as_deref()))
        });
        self.makers = made_by_several(made);
    }

    /// What an asset is called among those that were added.
    fn slot<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.maker(name) {
            Some(maker) => Cow::Owned(format!("{name}\u{1f}{maker}")),
            None => Cow::Borrowed(name),
        }
    }

    /// The routine whose own temporary table this is, where others have one of its name.
    fn maker(&self, name: &str) -> Option<&str> {
        let makers = (!self.makers.is_empty()).then(|| self.makers.get(&key(name, self.dialect))).flatten()?;
        makers.contains(&self.within).then(|| self.within.as_deref().unwrap_or_default())
    }

    /// True for a temporary table of this file.
    fn is_local(&self, name: &str) -> bool {
        has_mark(name, self.dialect) || !self.local.is_empty() && self.local.contains(&key(name, self.dialect))
    }

    /// The node of an asset; a temporary one is of this file only.
    fn asset(&mut self, name: &str, kind: ObjectKind) -> Id {
        let slot = self.slot(name);
        if let Some(asset) = self.assets.get(slot.as_ref()) {
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
        self.assets.insert(slot.into_owned(), Asset { id, identity, columns: HashMap::new() });
        id
    }

    fn identity(&self, name: &str) -> String {
        let plain = key(name, self.dialect);
        match self.maker(name) {
            Some(maker) => format!("{}\u{1f}{}\u{1f}{plain}", self.path, key(maker, self.dialect)),
            None if self.is_local(name) => format!("{}\u{1f}{plain}", self.path),
            None => plain,
        }
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
        self.within.clone_from(&statement.within);
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
        let slot = self.slot(&column.asset);
        let Some(held) = self.assets.get_mut(slot.as_ref()) else { return asset };
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
