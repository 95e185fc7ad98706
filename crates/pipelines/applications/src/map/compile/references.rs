//! What the names in an expression stand for.

use rowmill_core::Result;

use crate::expression::{Dialect, Expression, Reference};

use super::super::plan::{Calculated, Place, ReferencePlan};
use super::cells::Owner;
use super::{Compiler, invalid};

impl Compiler<'_> {
    /// An expression, with its references found.
    pub(super) fn calculated(&mut self, place: &str, text: &str, owner: Owner) -> Result<Calculated> {
        let is_compat = self.contract.compat.expressions;
        let dialect = if is_compat { Dialect::Compat } else { Dialect::Strict };
        let expression = Expression::parse(text, dialect).map_err(|error| invalid(place, error.to_string()))?;
        let references = expression.references();
        let find = |reference: &Reference| match is_compat {
            true => Ok(self.loose(reference, owner)),
            false => self.exact(place, reference, owner),
        };
        let references = references.iter().map(find).collect::<Result<_>>()?;
        Ok(Calculated { expression, references })
    }

    /// A name alone is an attribute of the row's own element, or of the application element; `element.name` is one of a path of the contract.
    fn exact(&mut self, place: &str, reference: &Reference, owner: Owner) -> Result<ReferencePlan> {
        let attribute = reference.attribute.as_str();
        let Some(element) = reference.element.as_deref() else {
            return Ok(match owner {
                Owner::Document => {
                    let node = self.trie.intern(&self.contract.document.application);
                    self.path(node, attribute)
                }
                Owner::Record { group, child: Some(_), .. } if attribute == self.contract_id(group) => ReferencePlan::Member,
                Owner::Record { kind, .. } => ReferencePlan::At(Place::Own(self.kinds[usize::from(kind)].names.intern(attribute))),
            });
        };
        if let Some(path) = self.contract.document.elements.get(element) {
            let node = self.trie.intern(path);
            return Ok(self.path(node, attribute));
        }
        match self.trie.named(element).as_slice() {
            [node] => Ok(self.path(*node, attribute)),
            [] => Err(invalid(place, format!("{element}.{attribute}: no path of the contract ends in {element}"))
                .help("Name its path under document.elements")),
            _ => Err(invalid(place, format!("{element}.{attribute}: several paths of the contract end in {element}"))
                .help("Name one of them under document.elements")),
        }
    }

    fn path(&mut self, node: u32, attribute: &str) -> ReferencePlan {
        ReferencePlan::At(Place::Path { node, attribute: self.trie.intern_attribute(node, attribute) })
    }

    fn contract_id(&self, group: usize) -> &str {
        self.contract.groups.values().nth(group).map_or("", |group| &group.id)
    }

    /// As the dialect of old finds names: without case; in rows of members their own element's alone, else the first member's that is kept,
    /// else those of any element, the path that came last first.
    fn loose(&mut self, reference: &Reference, owner: Owner) -> ReferencePlan {
        let attribute = reference.attribute.as_str();
        if let Owner::Record { group, child, kind } = owner {
            return match &reference.element {
                Some(_) => ReferencePlan::Nothing,
                None if child.is_some() && attribute.eq_ignore_ascii_case(self.contract_id(group)) => ReferencePlan::Member,
                None => ReferencePlan::At(Place::Own(self.kinds[usize::from(kind)].names.intern_folded(attribute))),
            };
        }
        let element = reference.element.as_deref();
        let of_member = element.is_none_or(|element| self.groups.first().is_some_and(|group| group.name.eq_ignore_ascii_case(element)));
        let first = self.groups.first().map(|group| usize::from(group.kind)).filter(|_| of_member);
        let member = first.map(|kind| (0, self.kinds[kind].names.intern_folded(attribute)));
        let alias = element.and_then(|element| self.contract.document.elements.iter().find(|(name, _)| name.eq_ignore_ascii_case(element)));
        let path = alias.map(|(_, path)| {
            let node = self.trie.intern(path);
            (node, self.trie.intern_folded(node, attribute))
        });
        ReferencePlan::Anywhere { member, path, watch: self.watches.intern(element, attribute) }
    }
}
