//! Nodes and edges in the making: found by what identifies them, and sorted once, at the end.

use crate::graph::{Edge, Id, Node, Word};
use hashbrown::HashTable;
use std::cmp::Ordering;

/// Something that a part of it identifies.
pub(crate) trait Keyed {
    type Key;

    fn hash_of(key: &Self::Key) -> u64;

    fn hash(&self) -> u64;

    fn has(&self, key: &Self::Key) -> bool;

    /// By what identifies them.
    fn order(&self, other: &Self) -> Ordering;
}

impl Keyed for Node {
    type Key = Id;

    fn hash_of(key: &Id) -> u64 {
        key.head()
    }

    fn hash(&self) -> u64 {
        self.id.head()
    }

    fn has(&self, key: &Id) -> bool {
        self.id == *key
    }

    fn order(&self, other: &Node) -> Ordering {
        self.id.cmp(&other.id)
    }
}

/// Ids are hashes already; a few types join the same two.
fn hash_of_edge(from: &Id, kind: &str, to: &Id) -> u64 {
    let kind = kind.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    (from.head() ^ to.head().rotate_left(23) ^ kind).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Keyed for Edge {
    type Key = (Id, Word, Id);

    fn hash_of((from, kind, to): &(Id, Word, Id)) -> u64 {
        hash_of_edge(from, kind, to)
    }

    fn hash(&self) -> u64 {
        hash_of_edge(&self.from, &self.kind, &self.to)
    }

    fn has(&self, (from, kind, to): &(Id, Word, Id)) -> bool {
        self.from == *from && self.to == *to && self.kind == *kind
    }

    fn order(&self, other: &Edge) -> Ordering {
        (&self.from, &self.kind, &self.to).cmp(&(&other.from, &other.kind, &other.to))
    }
}

/// Items of which no two have one key.
#[derive(Debug, Clone)]
pub(crate) struct Store<T> {
    items: Vec<T>,
    places: HashTable<u32>,
}

impl<T> Default for Store<T> {
    fn default() -> Store<T> {
        Store { items: Vec::new(), places: HashTable::new() }
    }
}

impl<T: Keyed> Store<T> {
    pub fn get_mut(&mut self, key: &T::Key) -> Option<&mut T> {
        let at = *self.places.find(T::hash_of(key), |&at| self.items[at as usize].has(key))?;
        self.items.get_mut(at as usize)
    }

    pub fn contains(&self, key: &T::Key) -> bool {
        self.places.find(T::hash_of(key), |&at| self.items[at as usize].has(key)).is_some()
    }

    /// Adds an item whose key is not there.
    pub fn insert(&mut self, item: T) {
        let (hash, at) = (item.hash(), self.items.len() as u32);
        self.items.push(item);
        let items = &self.items;
        self.places.insert_unique(hash, at, |&at| items[at as usize].hash());
    }

    /// Ascending by key.
    pub fn sorted(&self) -> Vec<&T> {
        let mut all: Vec<&T> = self.items.iter().collect();
        all.sort_unstable_by(|a, b| a.order(b));
        all
    }

    /// Ascending by key.
    pub fn into_sorted(mut self) -> Vec<T> {
        self.items.sort_unstable_by(T::order);
        self.items
    }
}
