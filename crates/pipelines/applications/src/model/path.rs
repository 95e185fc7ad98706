//! Paths of elements and attributes, in their written form.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Path of an element from the root, written `/Root/Child/Grandchild`. Prefixes of namespaces are left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ElementPath(pub Vec<String>);

impl ElementPath {
    /// The last name of the path.
    pub fn name(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }
}

/// Path of an attribute: `/Root/Child/@name`, or `@name` for the element that the row itself is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributePath {
    /// The element; none for the row's own.
    pub element: Option<ElementPath>,
    /// Name of the attribute, in its own case.
    pub attribute: String,
}

impl FromStr for ElementPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names: Option<Vec<String>> = text.strip_prefix('/').map(|rest| rest.split('/').map(str::to_owned).collect());
        match names {
            Some(names) if names.iter().all(|name| is_name(name)) => Ok(Self(names)),
            _ => Err(format!("{text:?} is not a path of an element, for example /Root/Child")),
        }
    }
}

impl FromStr for AttributePath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("{text:?} is not a path of an attribute, for example /Root/Child/@name, or @name for the row's own element");
        let (element, attribute) = text.split_once('@').ok_or_else(refused)?;
        if !is_name(attribute) {
            return Err(refused());
        }
        let element = match element {
            "" => None,
            path => Some(path.strip_suffix('/').ok_or_else(refused)?.parse().map_err(|_| refused())?),
        };
        Ok(Self { element, attribute: attribute.to_owned() })
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '@' | '<' | '>' | '=' | '"' | '\'' | '&'))
}

impl fmt::Display for ElementPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|name| write!(f, "/{name}"))
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.element {
            Some(element) => write!(f, "{element}/@{}", self.attribute),
            None => write!(f, "@{}", self.attribute),
        }
    }
}

impl Serialize for ElementPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ElementPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for AttributePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AttributePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
