//! Where values come from, in words.

use super::{ChildGroup, Document, Group, Key, Origin};

/// The element that a row is made of.
#[derive(Clone, Copy, Debug)]
pub struct OwnElement<'c> {
    /// The group that it is a member of.
    pub group: &'c Group,
    /// The child group, for a child of a member.
    pub child: Option<&'c ChildGroup>,
}

impl Origin {
    /// What messages call it: the whole path of an attribute, or what else it is.
    pub fn place(&self, document: &Document, own: Option<OwnElement<'_>>) -> String {
        match (self, own) {
            (Self::Attribute(path), Some(OwnElement { group, child })) if path.element.is_none() => match child {
                Some(child) => format!("{}/{}/{path}", group.element, child.element),
                None => format!("{}/{path}", group.element),
            },
            (Self::Attribute(path), _) => path.to_string(),
            (Self::Key(Key::Member), Some(OwnElement { group, .. })) => format!("{}/@{}", group.element, group.id),
            (Self::Key(_), _) => document.id.first().map_or(String::new(), ToString::to_string),
            (Self::Expression(chain), _) => format!("expression {}", chain.text),
            (Self::LastValid(last), _) => format!("last {} of role {}: @{}", last.group, last.role, last.attribute),
            (Self::PreferredChild(preferred), _) => format!("preferred {}: @{}", preferred.child, preferred.attribute),
        }
    }
}
