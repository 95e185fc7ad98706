//! The contract: what a document looks like, and which rows of which tables it becomes.
//!
//! The types here are the written form (camelCase; JSON or YAML), and refuse what they do not know. What belongs together but does not fit
//! together (a column that names an unknown enum) is for `contract` to find. Names of elements, attributes and tables are all the
//! contract's own; none is known to the code.

mod column;
mod group;
mod path;
mod place;
mod table;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::values::{Compat, Type};
pub use column::{Chain, Column, Counts, Key, LastValid, OnError, Origin, PreferredChild, Step, Within};
pub use group::{ChildGroup, Group, Required, Role};
pub use path::{AttributePath, ElementPath};
pub use place::OwnElement;
pub use table::{Cell, Constant, OnRepeat, Pair, Parent, RowCondition, RowKind, Slot, Table};

/// A contract: the whole description of one kind of document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contract {
    /// Version of this format; 1.
    pub version: u32,
    /// Name of the contract, for logs and reports.
    pub name: String,
    /// What a document looks like.
    pub document: Document,
    /// The database table that documents come from, where they come from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceTable>,
    /// Where rows go.
    #[serde(default)]
    pub target: Target,
    /// Repeated elements that become rows, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Group>,
    /// Dictionaries of codes, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub enums: BTreeMap<String, Enum>,
    /// Dictionaries of yes and no, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flags: BTreeMap<String, Flag>,
    /// Quirks that are turned on; none in a new contract.
    #[serde(default)]
    pub compat: Compat,
    /// Tables, parents before children.
    pub tables: Vec<Table>,
}

/// What a document looks like: its root, where its id is, and which element says that it is of this kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    /// Name of the root element.
    pub root: String,
    /// Attributes that hold the document's id, a positive whole number; the first that is not blank is taken.
    pub id: Vec<AttributePath>,
    /// The element that every document of this kind has. Bare names in expressions of document rows are attributes of it.
    pub application: ElementPath,
    /// Elements that documents of other kinds have instead; with one of these only, a document is of the wrong kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_applications: Vec<ElementPath>,
    /// Names of elements for expressions (`name.attribute`). Without one, the last name of a path that the contract uses is its name,
    /// as long as there is only one such path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub elements: BTreeMap<String, ElementPath>,
}

/// The database table that documents come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SourceTable {
    /// Schema of the table; that of the target where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Name of the table.
    pub table: String,
    /// Column with the document's id, by which documents are read in order.
    pub key: String,
    /// Column with the document itself.
    pub column: String,
    /// Table that must have the same id, to choose the documents of one kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join: Option<Join>,
}

/// A table that must have a document's id, too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Join {
    /// Schema of the table; the server's own default where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Name of the table.
    pub table: String,
    /// Its column with the document's id.
    pub key: String,
}

/// Where rows go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Target {
    /// Schema of all tables; the connection's own default where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Table that says what became of each document.
    pub log: String,
    /// Table of all codes, to which columns with whole numbers of a dictionary refer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codes: Option<CodeTable>,
}

/// A table of codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeTable {
    /// Name of the table.
    pub table: String,
    /// Its column with the code, its primary key.
    pub key: String,
}

impl Default for Target {
    fn default() -> Self {
        Self { schema: None, log: "processing_log".to_owned(), codes: None }
    }
}

/// A dictionary of codes. A text is looked up as it is (stripped), then without regard to case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Enum {
    /// Value by key.
    pub values: BTreeMap<String, EnumValue>,
    /// Value of blank and of unknown texts. Without one a blank is null, and an unknown text an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<EnumValue>,
}

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EnumValue {
    /// A number.
    Integer(i64),
    /// A text.
    Text(String),
}

/// A dictionary of yes and no.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Flag {
    /// 0 or 1 by key.
    pub values: BTreeMap<String, u8>,
    /// How a text is looked up where it is not there as it is.
    #[serde(default)]
    pub fold: Fold,
    /// 0 or 1 of blank and of unknown texts. Without it a blank is null, and an unknown text an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<u8>,
}

/// How the text of a flag is folded where it is not a key as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fold {
    /// Not at all.
    #[default]
    None,
    /// To upper case.
    Upper,
    /// To lower case.
    Lower,
}

#[cfg(test)]
mod tests;
