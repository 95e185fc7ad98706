//! The interned texts of a fold.

use rowmill_kernels::intern::Interner;
use rowmill_kernels::labels::LabelTable;
use xxhash_rust::xxh3::xxh3_64;

use super::day::POD_PARTS;

/// Texts and label maps by number. Numbers mean something inside one fold only; state carries texts.
pub struct Names {
    pub namespaces: Interner,
    pub nodes: Interner,
    pub pods: Interner,
    pub resources: Interner,
    pub roles: Interner,
    /// Claims, volumes, storage classes and CSI handles.
    pub volumes: Interner,
    pub labels: LabelTable,
    node_parts: Vec<NodePart>,
}

/// What the pod loop asks of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NodePart {
    /// The empty name: not scheduled, so no Pod row.
    Unscheduled,
    /// The part of the day's pods that the node belongs to; the same in every fold and on every machine.
    Part(usize),
}

impl Names {
    pub fn new(labels: LabelTable) -> Self {
        Self {
            namespaces: Interner::default(),
            nodes: Interner::default(),
            pods: Interner::default(),
            resources: Interner::default(),
            roles: Interner::default(),
            volumes: Interner::default(),
            labels,
            node_parts: Vec::new(),
        }
    }

    /// Works out the parts of nodes that came since the last call.
    pub fn place_new_nodes(&mut self) {
        for id in self.node_parts.len()..self.nodes.len() {
            let name = self.nodes.get(id as u32).unwrap_or_default();
            self.node_parts.push(match name {
                "" => NodePart::Unscheduled,
                name => NodePart::Part(xxh3_64(name.as_bytes()) as usize % POD_PARTS),
            });
        }
    }

    /// The part of a node; NULL counts as unscheduled.
    #[inline]
    pub fn node_part(&self, node: u32) -> NodePart {
        self.node_parts.get(node as usize).copied().unwrap_or(NodePart::Unscheduled)
    }

    /// Forgets everything; numbers given before are void.
    pub fn reset(&mut self) {
        self.labels.reset();
        for interner in [&mut self.namespaces, &mut self.nodes, &mut self.pods, &mut self.resources, &mut self.roles, &mut self.volumes] {
            *interner = Interner::default();
        }
        self.node_parts = Vec::new();
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        let interners = [&self.namespaces, &self.nodes, &self.pods, &self.resources, &self.roles, &self.volumes];
        interners.iter().map(|interner| interner.resident_bytes()).sum::<usize>() + self.labels.resident_bytes() + self.node_parts.capacity() * 16
    }
}
