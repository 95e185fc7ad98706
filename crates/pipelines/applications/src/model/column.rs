//! Columns: where a value comes from, and what is done with it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{AttributePath, Type};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Column {
    /// Name of the column.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Where its values come from; left out for a column that slots or pairs fill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Origin>,
    /// What is done with the text, in this order. Without steps it is converted to the type, no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Whether the column takes null. A document that leaves nothing in a column that does not is failed.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub nullable: bool,
    /// Text of the value where the source is blank and nothing came of it; in a column that is not nullable, also where nothing came of
    /// a source that was not blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What a value that cannot be converted does.
    #[serde(default, deserialize_with = "on_error", skip_serializing_if = "OnError::is_default")]
    pub on_error: OnError,
    /// Whether a value here is a reason for the row of a slot to be. Only for slots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

/// Without quotes YAML reads the word `null` as nothing.
fn on_error<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OnError, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(OnError::Null))
}

fn yes() -> bool {
    true
}

fn is_yes(flag: &bool) -> bool {
    *flag
}

/// Where a value comes from. An attribute is written as a text alone: `from: /Root/Child/@name`, or `from: '@name'`.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// An attribute: of the last element at the path, or of the row's own element.
    Attribute(AttributePath),
    /// A key that the row has by its place.
    Key(Key),
    /// A calculated value.
    Expression(Chain),
    /// An attribute of the last member of a role that has one.
    LastValid(LastValid),
    /// An attribute of the preferred child of the row's own member.
    PreferredChild(PreferredChild),
}

/// A key that a row has by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Key {
    /// The document's id.
    Document,
    /// The member's id, for rows of groups and of their children.
    Member,
}

/// A calculated value, and what stands in for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Chain {
    /// The expression.
    pub text: String,
    /// Attribute that is taken where the expression gives nothing. With it, the steps are for this attribute only: what the
    /// expression gave is not changed any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<AttributePath>,
}

/// An attribute of the last member of a role that has an id, whether or not it was kept as a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LastValid {
    /// Name of the group.
    pub group: String,
    /// The role.
    pub role: String,
    /// Name of the attribute.
    pub attribute: String,
    /// What in the member has the attribute; the member itself where this is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
    /// Whether an earlier member of the role is asked where the last one has nothing: the latest that has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub earlier: bool,
}

/// What in a member has the attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Within {
    /// Children of a child group: those of the preferred type, or all where there is none of it; the first of them that has the attribute,
    /// else the last.
    Child(String),
    /// The last element of this name directly inside the member.
    Element(String),
}

/// An attribute of the last child of the preferred type, in the last member with the row's id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreferredChild {
    /// Name of the child group.
    pub child: String,
    /// Name of the attribute.
    pub attribute: String,
}

/// A step: what is done with a text before it is converted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Keeps the digits.
    Digits,
    /// Looks the text up in a dictionary of codes.
    Enum(String),
    /// Looks the text up in a dictionary of yes and no.
    Flag(String),
    /// Takes the time of the run (UTC) where there is nothing.
    NowIfBlank,
}

/// What a value that cannot be converted does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnError {
    /// Fails the document.
    #[default]
    Fail,
    /// Leaves the column null, or its default in a column that is not nullable, with a quality issue.
    Null,
    /// Does so for a text that is no value, and fails the document for a number that the column does not hold: such numbers went as far as the
    /// database in contracts of old, and it refused the whole document.
    NullIfUnreadable,
}

impl OnError {
    fn is_default(&self) -> bool {
        *self == Self::Fail
    }
}

/// When a value is a reason for a row to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Counts {
    /// Where its text is not blank.
    NotBlank,
    /// Where its text is not blank, `null` or `none` (in any case).
    Meaningful,
    /// Where its text is a number above zero.
    Positive,
    /// Where it became a value of the column's type.
    Converts,
    /// Where its text is `y`, `yes`, `true`, `t` or `1` (in any case).
    Truthy,
    /// Never.
    Never,
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Attribute(path) => path.serialize(serializer),
            Self::Key(key) => Written::Key(*key).serialize(serializer),
            Self::Expression(chain) => Written::Expression(chain.clone()).serialize(serializer),
            Self::LastValid(last) => Written::LastValid(last.clone()).serialize(serializer),
            Self::PreferredChild(child) => Written::PreferredChild(child.clone()).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OriginVisitor)
    }
}

/// The origins that are written as an object with one key.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Written {
    Key(Key),
    Expression(Chain),
    LastValid(LastValid),
    PreferredChild(PreferredChild),
}

struct OriginVisitor;

impl<'de> de::Visitor<'de> for OriginVisitor {
    type Value = Origin;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the path of an attribute, or one of key, expression, lastValid, preferredChild")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Origin, E> {
        text.parse().map(Origin::Attribute).map_err(de::Error::custom)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Origin, A::Error> {
        Ok(match Written::deserialize(de::value::MapAccessDeserializer::new(map))? {
            Written::Key(key) => Origin::Key(key),
            Written::Expression(chain) => Origin::Expression(chain),
            Written::LastValid(last) => Origin::LastValid(last),
            Written::PreferredChild(child) => Origin::PreferredChild(child),
        })
    }
}
