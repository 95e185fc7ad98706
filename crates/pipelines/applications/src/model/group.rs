//! Groups: repeated elements (people, say) that become rows, and the elements inside them that do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ElementPath;

/// A repeated element whose members become rows: those with an id, a role of the list, and something to say.
///
/// Members with the same id are one: the one whose role is first in the list, and among equals the last. They are in the order in which their
/// ids came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Group {
    /// Path of the element.
    pub element: ElementPath,
    /// Whether members are elements of that name anywhere in the document, and not at the path only.
    #[serde(default)]
    pub anywhere: bool,
    /// Attribute that holds the member's id.
    pub id: String,
    /// Attribute that holds the role, and the roles, best first.
    pub role: Role,
    /// Attributes of which a member has at least one that is not blank; none for no such rule. A member of the first role that lacks any of
    /// them is reported, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep_if: Vec<String>,
    /// Attributes that a member of the first role should have; without one of them a warning is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<String>,
    /// Further attributes that the filter of child rows asks for; only with the compat switch `childFilterIgnoresCase`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<Required>,
    /// Elements directly inside a member that become rows, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub children: BTreeMap<String, ChildGroup>,
}

/// An attribute that says what something is, and the values that are taken, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Role {
    /// Name of the attribute.
    pub attribute: String,
    /// Values, best first; case counts.
    pub values: Vec<String>,
}

/// An attribute that an element must have: one of some values, or any that is not blank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Required {
    /// Name of the attribute.
    pub attribute: String,
    /// Values that are taken; none for any that is not blank.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// An element directly inside a member that becomes a row of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChildGroup {
    /// Name of the element.
    pub element: String,
    /// Attribute that holds the type, and the types, preferred first.
    #[serde(rename = "type")]
    pub kind: Role,
    /// Further attributes that it must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<Required>,
}
