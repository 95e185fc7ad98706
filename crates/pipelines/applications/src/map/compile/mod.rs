//! From a contract to a program: every name becomes a number.

mod cells;
mod references;
mod tables;

use std::collections::BTreeMap;

use rowmill_core::{Code, Error, Result};

use crate::model::{AttributePath, ChildGroup, Contract, ElementPath, Group, Origin, Required, Role, RowKind};

use super::Program;
use super::plan::{ChildPlan, DocumentPlan, GroupPlan, Kind, RequiredPlan, RolePlan};
use super::trie::Trie;
use super::watch::Watches;

impl Program {
    /// Compiles a contract.
    ///
    /// # Errors
    /// `PLAN_INVALID` with the place in the contract, where the contract names what is not there or asks for what cannot be. A contract that
    /// passed the checks has none.
    pub fn compile(contract: &Contract) -> Result<Self> {
        Self::compile_all(contract).map_err(|mut problems| problems.remove(0))
    }

    /// Compiles a contract, or answers with everything that keeps it from being compiled: at least one problem, each with its place.
    ///
    /// # Errors
    /// As [`compile`](Self::compile), all at once.
    pub fn compile_all(contract: &Contract) -> std::result::Result<Self, Vec<Error>> {
        let mut compiler = Compiler {
            contract,
            trie: Trie::new(),
            kinds: Vec::new(),
            groups: Vec::new(),
            group_names: BTreeMap::new(),
            watches: Watches::default(),
            problems: Vec::new(),
        };
        compiler.intern_paths();
        let document = compiler.document();
        compiler.all_groups();
        let tables = contract.tables.iter().filter_map(|table| compiler.table(table)).collect();
        let Compiler { mut trie, kinds, groups, watches, problems, .. } = compiler;
        if !problems.is_empty() {
            return Err(problems);
        }
        let members: Vec<u32> = groups.iter().map(|group| group.node).collect();
        let single =
            (1..trie.len() as u32).filter(|node| trie.has_names(*node) && !members.iter().any(|member| trie.is_within(*node, *member))).collect();
        let everywhere = !watches.is_empty() || groups.iter().any(|group| group.anywhere);
        Ok(Self { document, path_texts: trie.lay_out(), trie, kinds, groups, watches, tables, single, everywhere })
    }
}

/// A contract on its way to a program.
struct Compiler<'c> {
    contract: &'c Contract,
    trie: Trie,
    kinds: Vec<Kind>,
    groups: Vec<GroupPlan>,
    group_names: BTreeMap<&'c str, usize>,
    watches: Watches,
    problems: Vec<Error>,
}

/// A problem of the contract, with its place.
fn invalid(place: impl Into<String>, message: impl Into<String>) -> Error {
    Error::new(Code::PlanInvalid, message).column(place)
}

impl<'c> Compiler<'c> {
    /// What was made; a problem is kept with the others, once.
    fn keep<T>(&mut self, made: Result<T>) -> Option<T> {
        let error = match made {
            Ok(made) => return Some(made),
            Err(error) => error,
        };
        let is_known = |known: &Error| known.place().column == error.place().column && known.message() == error.message();
        if !self.problems.iter().any(is_known) {
            self.problems.push(error);
        }
        None
    }

    /// Makes nodes of all paths first, so that expressions find elements by their last name whatever the order of columns.
    fn intern_paths(&mut self) {
        let contract = self.contract;
        let document = &contract.document;
        let elements = [&document.application].into_iter().chain(&document.other_applications).chain(document.elements.values());
        for path in elements.chain(contract.groups.values().map(|group| &group.element)) {
            self.trie.intern(path);
        }
        for table in &contract.tables {
            let of_rows: Vec<&Origin> = match &table.rows {
                RowKind::Slots { slots, .. } => slots.iter().flat_map(|slot| &slot.cells).map(|cell| &cell.from).collect(),
                RowKind::Pairs { pairs, .. } => pairs.iter().map(|pair| &pair.from).collect(),
                _ => Vec::new(),
            };
            for origin in of_rows.into_iter().chain(table.columns.iter().filter_map(|column| column.from.as_ref())) {
                match origin {
                    Origin::Attribute(AttributePath { element: Some(element), .. }) => self.trie.intern(element),
                    Origin::Expression(chain) => match chain.otherwise.as_ref().and_then(|path| path.element.as_ref()) {
                        Some(element) => self.trie.intern(element),
                        None => continue,
                    },
                    _ => continue,
                };
            }
        }
    }

    fn document(&mut self) -> DocumentPlan {
        let document = &self.contract.document;
        let mut id = Vec::new();
        for (at, path) in document.id.iter().enumerate() {
            let Some(element) = &path.element else {
                self.problems.push(invalid(format!("document.id[{at}]"), "a document has no element of its own: give the whole path"));
                continue;
            };
            let node = self.trie.intern(element);
            id.push((node, self.trie.intern_attribute(node, &path.attribute), path.to_string().into()));
        }
        let mut node_of = |path: &ElementPath| (self.trie.intern(path), path.to_string().into());
        DocumentPlan {
            root: document.root.as_str().into(),
            id,
            application: node_of(&document.application),
            others: document.other_applications.iter().map(node_of).collect(),
            compat: self.contract.compat,
        }
    }

    fn all_groups(&mut self) {
        let contract = self.contract;
        for (name, group) in &contract.groups {
            let at = self.groups.len();
            let made = self.group(name, group);
            let plan = self.keep(made);
            if let Some(plan) = plan {
                self.group_names.insert(name, at);
                self.groups.push(plan);
            }
        }
    }

    fn group(&mut self, name: &str, group: &Group) -> Result<GroupPlan> {
        if self.groups.iter().any(|other| *other.element == *group.element.name()) {
            self.problems.push(
                invalid(format!("groups.{name}.element"), "another group has an element of this name")
                    .help("Make one group of both, or give one of the elements another name"),
            );
        }
        let kind = self.kind(name)?;
        let children = group.children.iter().map(|(name, child)| self.child(kind, name, child)).collect::<Result<_>>()?;
        let node = self.trie.intern(&group.element);
        let names = &mut self.kinds[usize::from(kind)].names;
        Ok(GroupPlan {
            name: name.into(),
            kind,
            element: group.element.name().into(),
            node,
            anywhere: group.anywhere,
            id: names.intern(&group.id),
            keep_if: group.keep_if.iter().map(|attribute| names.intern(attribute)).collect(),
            expect: group.expect.iter().map(|attribute| names.intern(attribute)).collect(),
            role: self.role(kind, &group.role),
            require: self.require(kind, &group.require),
            children,
        })
    }

    fn child(&mut self, member: u16, name: &str, child: &ChildGroup) -> Result<ChildPlan> {
        let kind = self.inner(member, &child.element)?;
        Ok(ChildPlan { name: name.into(), kind, role: self.role(kind, &child.kind), require: self.require(kind, &child.require) })
    }

    /// The kind of an element directly inside members.
    fn inner(&mut self, member: u16, element: &str) -> Result<u16> {
        let known = self.kinds[usize::from(member)].inner.iter().find(|(name, _)| **name == *element).map(|(_, kind)| *kind);
        if let Some(kind) = known {
            return Ok(kind);
        }
        let kind = self.kind(element)?;
        self.kinds[usize::from(member)].inner.push((element.into(), kind));
        Ok(kind)
    }

    fn kind(&mut self, name: &str) -> Result<u16> {
        let kind = u16::try_from(self.kinds.len()).map_err(|_| invalid(name, "too many kinds of elements"))?;
        self.kinds.push(Kind::default());
        Ok(kind)
    }

    fn role(&mut self, kind: u16, role: &Role) -> RolePlan {
        let attribute = self.kinds[usize::from(kind)].names.intern(&role.attribute);
        RolePlan { attribute, values: role.values.iter().map(|value| value.as_str().into()).collect() }
    }

    fn require(&mut self, kind: u16, require: &[Required]) -> Vec<RequiredPlan> {
        let names = &mut self.kinds[usize::from(kind)].names;
        let plan = |wanted: &Required| RequiredPlan {
            attribute: names.intern(&wanted.attribute),
            values: wanted.values.iter().map(|value| value.as_str().into()).collect(),
        };
        require.iter().map(plan).collect()
    }

    /// The position of a group.
    fn group_at(&self, place: &str, name: &str) -> Result<usize> {
        self.group_names.get(name).copied().ok_or_else(|| invalid(place, format!("there is no group {name}")))
    }

    /// The position of a child group.
    fn child_at(&self, place: &str, group: usize, name: &str) -> Result<usize> {
        let group = &self.groups[group];
        group
            .children
            .iter()
            .position(|child| *child.name == *name)
            .ok_or_else(|| invalid(place, format!("the group {} has no child group {name}", group.name)))
    }
}
