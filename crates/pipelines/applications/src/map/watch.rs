//! Attributes that the dialect of old finds by name alone, wherever they are.
//!
//! It knew a document as a list of paths in the order in which they first came, each with the attributes of its last element, and looked
//! names up in that list, later paths winning. So the paths of a document are numbered as they come, and a find counts only as long as no
//! later element came at its path.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};
use rowmill_xml::Attribute;

use super::capture::{NONE, Span};

/// Names that are looked for everywhere, in lower case.
#[derive(Debug, Default)]
pub(super) struct Watches {
    by_name: HashMap<Box<str>, Vec<u32>>,
    /// Element that each watch is about; any where there is none.
    elements: Vec<Option<Box<str>>>,
    /// Lengths and first letters of names, to pass most attributes by: bit `length % 64` per letter.
    hints: Vec<u64>,
}

impl Watches {
    pub(super) fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// The number of a watch for an attribute of elements of this name, or of any.
    pub(super) fn intern(&mut self, element: Option<&str>, attribute: &str) -> u32 {
        let (element, attribute) = (element.map(str::to_lowercase), attribute.to_lowercase());
        let there =
            self.by_name.get(attribute.as_str()).and_then(|all| all.iter().find(|at| self.elements[**at as usize].as_deref() == element.as_deref()));
        if let Some(watch) = there {
            return *watch;
        }
        let watch = self.elements.len() as u32;
        self.hints.resize(256, 0);
        // A letter that has no case in ASCII may be folded to any other: such names are not hinted at, but always looked up.
        match attribute.is_ascii() {
            true => self.hints[usize::from(attribute.as_bytes().first().copied().unwrap_or(0))] |= 1 << (attribute.len() % 64),
            false => self.hints.fill(u64::MAX),
        }
        self.elements.push(element.map(Into::into));
        self.by_name.entry(attribute.into()).or_default().push(watch);
        watch
    }

    #[inline]
    fn may_be(&self, name: &str) -> bool {
        let first = name.as_bytes().first().copied().unwrap_or(0).to_ascii_lowercase();
        self.hints.get(usize::from(first)).is_some_and(|lengths| lengths >> (name.len() % 64) & 1 == 1)
    }
}

/// What was found in a document, and its paths.
#[derive(Debug, Default)]
pub(super) struct Watched {
    paths: Vec<Path>,
    /// Positions in `paths`, by the path above and the name.
    index: HashTable<u32>,
    /// Names of paths, one after the other.
    names: String,
    finds: Vec<Find>,
    /// Elements so far.
    elements: u32,
    /// Number of the document, so that paths of documents before can stay.
    document: u32,
    /// Paths that came in this document.
    order: u32,
}

#[derive(Clone, Copy, Debug)]
struct Path {
    above: u32,
    name: (u32, u32),
    hash: u64,
    /// Last document that had it.
    document: u32,
    /// Its place among the paths of that document.
    order: u32,
    /// Number of its last element.
    last: u32,
}

#[derive(Clone, Copy, Debug)]
struct Find {
    watch: u32,
    path: u32,
    element: u32,
    span: Span,
}

/// Paths that are kept from document to document; beyond this all are forgotten.
const MOST_PATHS: usize = 1 << 16;

impl Watched {
    /// Forgets the document before, but not the names of its paths, which the next one has, too.
    pub(super) fn reset(&mut self) {
        if self.paths.len() > MOST_PATHS || self.document == u32::MAX {
            *self = Self::default();
        }
        self.finds.clear();
        self.finds.shrink_to(MOST_PATHS);
        self.elements = 0;
        self.order = 0;
        self.document += 1;
    }

    /// An element begins; answers its path.
    pub(super) fn open(
        &mut self,
        watches: &Watches,
        above: u32,
        name: &str,
        attributes: &[Attribute<'_>],
        span: impl Fn(&Attribute<'_>) -> Span,
    ) -> u32 {
        let path = self.path(above, name);
        let element = self.elements;
        self.elements += 1;
        self.visit(path, element);
        for attribute in attributes {
            if watches.may_be(attribute.name) {
                let Some(all) = watches.by_name.get(attribute.name.to_lowercase().as_str()) else { continue };
                for watch in all.iter().copied() {
                    if watches.elements[watch as usize].as_deref().is_none_or(|wanted| wanted == name.to_lowercase()) {
                        self.finds.push(Find { watch, path, element, span: span(attribute) });
                    }
                }
            }
        }
        path
    }

    fn visit(&mut self, path: u32, element: u32) {
        let path = &mut self.paths[path as usize];
        if path.document != self.document {
            (path.document, path.order) = (self.document, self.order);
            self.order += 1;
        }
        path.last = element;
    }

    fn path(&mut self, above: u32, name: &str) -> u32 {
        let mut hasher = FixedState::with_seed(u64::from(above)).build_hasher();
        hasher.write(name.as_bytes());
        let hash = hasher.finish();
        let Self { paths, index, names, .. } = self;
        let is_it = |at: &u32| {
            let path = &paths[*at as usize];
            path.above == above && &names[path.name.0 as usize..path.name.1 as usize] == name
        };
        if let Some(path) = index.find(hash, is_it) {
            return *path;
        }
        let (path, from) = (paths.len() as u32, names.len() as u32);
        names.push_str(name);
        paths.push(Path { above, name: (from, names.len() as u32), hash, document: 0, order: 0, last: NONE });
        index.insert_unique(hash, path, |at| paths[*at as usize].hash);
        path
    }

    /// What a watch found: in the last element of the path that came last.
    pub(super) fn found(&self, watch: u32) -> Span {
        let order = |find: &&Find| self.paths[find.path as usize].order;
        let counts = |find: &&Find| find.watch == watch && self.paths[find.path as usize].last == find.element;
        self.finds.iter().filter(counts).max_by_key(order).map_or(Span::MISSING, |find| find.span)
    }
}
