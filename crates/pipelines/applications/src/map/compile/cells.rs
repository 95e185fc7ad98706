//! Cells: where a value comes from, and what is done with it.

use rowmill_core::Result;

use crate::model::{AttributePath, Chain, Enum, EnumValue, Flag, Fold, Key, LastValid, Origin, OwnElement, PreferredChild, Step, Type, Within};
use crate::values::Value;

use super::super::codes::Codes;
use super::super::plan::{CellPlan, LastPlan, OriginPlan, Place, StepPlan, WithinPlan};
use super::{Compiler, invalid};

/// Whose rows a cell is in.
#[derive(Clone, Copy)]
pub(super) enum Owner {
    /// The document's.
    Document,
    /// A member's, or a child's of it.
    Record { group: usize, child: Option<usize>, kind: u16 },
}

impl Compiler<'_> {
    /// A cell; `own_column` where the column itself says where it comes from, and not a slot or a pair.
    pub(super) fn cell(&mut self, place: &str, kind: &Type, from: &Origin, steps: &[Step], owner: Owner, own_column: bool) -> Result<CellPlan> {
        let origin = self.origin(&format!("{place}.from"), from, owner)?;
        let bare = own_column && steps.is_empty() && matches!(from, Origin::Attribute(_));
        let steps = self.steps(&format!("{place}.steps"), kind, steps)?;
        Ok(CellPlan { origin, steps, bare, label: self.label(from, owner).into() })
    }

    fn origin(&mut self, place: &str, from: &Origin, owner: Owner) -> Result<OriginPlan> {
        Ok(match from {
            Origin::Attribute(path) => OriginPlan::Text(self.place(place, path, owner)?),
            Origin::Key(Key::Document) => OriginPlan::Document,
            Origin::Key(Key::Member) if matches!(owner, Owner::Record { .. }) => OriginPlan::Member,
            Origin::Key(Key::Member) => return Err(invalid(place, "rows of this table are of no member")),
            Origin::Expression(chain) => self.expression(place, chain, owner)?,
            Origin::LastValid(last) => OriginPlan::LastValid(Box::new(self.last_valid(place, last)?)),
            Origin::PreferredChild(preferred) => self.preferred(place, preferred, owner)?,
        })
    }

    /// An attribute by its path.
    pub(super) fn place(&mut self, place: &str, path: &AttributePath, owner: Owner) -> Result<Place> {
        match (&path.element, owner) {
            (Some(element), _) => {
                let node = self.trie.intern(element);
                Ok(Place::Path { node, attribute: self.trie.intern_attribute(node, &path.attribute) })
            }
            (None, Owner::Record { kind, .. }) => Ok(Place::Own(self.kinds[usize::from(kind)].names.intern(&path.attribute))),
            (None, Owner::Document) => Err(invalid(place, "rows of this table have no element of their own: give the whole path")),
        }
    }

    fn expression(&mut self, place: &str, chain: &Chain, owner: Owner) -> Result<OriginPlan> {
        let expression = Box::new(self.calculated(place, &chain.text, owner)?);
        let otherwise = chain.otherwise.as_ref().map(|path| self.place(place, path, owner)).transpose()?;
        Ok(OriginPlan::Expression { expression, otherwise })
    }

    fn last_valid(&mut self, place: &str, last: &LastValid) -> Result<LastPlan> {
        let group = self.group_at(place, &last.group)?;
        if !self.groups[group].role.values.iter().any(|role| **role == *last.role) {
            return Err(invalid(place, format!("the group {} has no role {}", last.group, last.role)));
        }
        let member = self.groups[group].kind;
        let (within, kind) = match &last.within {
            None => (WithinPlan::Member, member),
            Some(Within::Child(child)) => {
                let child = self.child_at(place, group, child)?;
                (WithinPlan::Child(child), self.groups[group].children[child].kind)
            }
            Some(Within::Element(element)) => {
                let kind = self.inner(member, element)?;
                (WithinPlan::Element(kind), kind)
            }
        };
        let attribute = self.kinds[usize::from(kind)].names.intern(&last.attribute);
        Ok(LastPlan { group, role: last.role.as_str().into(), within, attribute, earlier: last.earlier })
    }

    fn preferred(&mut self, place: &str, preferred: &PreferredChild, owner: Owner) -> Result<OriginPlan> {
        let Owner::Record { group, .. } = owner else {
            return Err(invalid(place, "rows of this table are of no member"));
        };
        let child = self.child_at(place, group, &preferred.child)?;
        let kind = self.groups[group].children[child].kind;
        Ok(OriginPlan::PreferredChild { child, attribute: self.kinds[usize::from(kind)].names.intern(&preferred.attribute) })
    }

    fn steps(&self, place: &str, kind: &Type, steps: &[Step]) -> Result<Vec<StepPlan>> {
        if let Some((_, before)) = steps.split_last()
            && before.iter().any(|step| !matches!(step, Step::Digits))
        {
            return Err(invalid(place, "enum, flag and nowIfBlank make a value of the text, so they come last"));
        }
        steps.iter().map(|step| self.step(place, kind, step)).collect()
    }

    fn step(&self, place: &str, kind: &Type, step: &Step) -> Result<StepPlan> {
        Ok(match step {
            Step::Digits => StepPlan::Digits,
            Step::NowIfBlank if matches!(kind, Type::Date | Type::Timestamp) => StepPlan::NowIfBlank,
            Step::NowIfBlank => return Err(invalid(place, "nowIfBlank is for dates and timestamps")),
            Step::Enum(name) => {
                let codes = self.contract.enums.get(name).ok_or_else(|| invalid(place, format!("there is no enum {name}")))?;
                StepPlan::Enum(self.codes(place, name, codes, kind)?)
            }
            Step::Flag(name) => {
                let flag = self.contract.flags.get(name).ok_or_else(|| invalid(place, format!("there is no flag {name}")))?;
                StepPlan::Flag(self.flag(place, name, flag, kind)?)
            }
        })
    }

    fn codes(&self, place: &str, name: &str, codes: &Enum, kind: &Type) -> Result<Codes> {
        let value = |value: &EnumValue| match value {
            EnumValue::Integer(value) => self.constant(place, &value.to_string(), kind),
            EnumValue::Text(value) => self.constant(place, value, kind),
        };
        let values = codes.values.iter().map(|(key, found)| Ok((key.as_str(), value(found)?))).collect::<Result<Vec<_>>>()?;
        Ok(Codes::new(name, values, codes.otherwise.as_ref().map(value).transpose()?, Fold::Lower))
    }

    fn flag(&self, place: &str, name: &str, flag: &Flag, kind: &Type) -> Result<Codes> {
        let value = |value: u8| match kind {
            Type::Text { .. } => Value::Text(value.to_string()),
            _ => Value::Integer(i64::from(value)),
        };
        if !matches!(kind, Type::Bit | Type::TinyInt | Type::SmallInt | Type::Int | Type::BigInt | Type::Text { .. }) {
            return Err(invalid(place, format!("a flag is no {kind}")));
        }
        let values = flag.values.iter().map(|(key, found)| (key.as_str(), value(*found))).collect();
        Ok(Codes::new(name, values, flag.otherwise.map(value), flag.fold))
    }

    /// What messages call an origin.
    fn label(&self, from: &Origin, owner: Owner) -> String {
        let element = match owner {
            Owner::Record { group, child, .. } => self.contract.groups.values().nth(group).map(|group| {
                let child = child.and_then(|child| group.children.values().nth(child));
                OwnElement { group, child }
            }),
            Owner::Document => None,
        };
        from.place(&self.contract.document, element)
    }
}
