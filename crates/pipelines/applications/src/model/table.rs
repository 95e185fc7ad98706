//! Tables and the kinds of rows that they have.

use serde::{Deserialize, Serialize};

use super::{Column, Counts, Origin, Step};

/// A table: what its rows are, and what is in them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Table {
    /// Name of the table.
    pub name: String,
    /// Columns of its primary key.
    pub key: Vec<String>,
    /// The table that a row hangs off, and is deleted with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// What happens to a row whose key is there already, in the document or in the database.
    #[serde(default)]
    pub on_repeat: OnRepeat,
    /// What a row is made of.
    pub rows: RowKind,
    /// What a row must have besides; rows without it are left out. Not for slots and pairs, whose columns say what counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_if: Option<RowCondition>,
    /// Whether a row is kept that has nothing but keys, nulls and defaults.
    #[serde(default)]
    pub keep_empty: bool,
    /// Columns, in their order.
    pub columns: Vec<Column>,
}

/// The table that a row hangs off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parent {
    /// Name of the table, which comes before.
    pub table: String,
    /// Columns of this table that are the key of that one, in its order.
    pub columns: Vec<String>,
}

/// What happens to a row whose key is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnRepeat {
    /// The document fails.
    #[default]
    Fail,
    /// The later row overwrites the earlier one.
    Update,
    /// The earlier row stays.
    KeepFirst,
}

/// What a row is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum RowKind {
    /// One row per document.
    Document {},
    /// One row per member of a group.
    Group {
        /// Name of the group.
        group: String,
    },
    /// One row per child of the members of a group.
    Child {
        /// Name of the group.
        group: String,
        /// Name of the child group in it.
        child: String,
    },
    /// One row per numbered slot that has something in it.
    Slots {
        /// Column that holds the number of the slot.
        number: String,
        /// The slots.
        slots: Vec<Slot>,
    },
    /// One row per attribute of a list that has something to say: names and values.
    Pairs {
        /// Column that holds the value.
        value: String,
        /// The attributes.
        pairs: Vec<Pair>,
    },
}

/// A numbered slot: where the columns of one row come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Slot {
    /// Number of the slot.
    pub number: i64,
    /// What its columns hold. Columns that are not here hold what the table says of them, the same in every slot.
    pub cells: Vec<Cell>,
}

/// Where one column of one slot comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cell {
    /// Name of the column.
    pub column: String,
    /// Where the value comes from.
    pub from: Origin,
    /// What is done with it; the column's own steps where this is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<Step>>,
    /// Whether the value is a reason for the row to be; what the column says where this is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

/// An attribute that becomes a row of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pair {
    /// Where the value comes from.
    pub from: Origin,
    /// What is done with it; the value column's own steps where this is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<Step>>,
    /// When there is a row.
    pub when: Counts,
    /// Constants of other columns (the name, the source); or of the value column, which then says only that there is one.
    pub set: Vec<Constant>,
}

/// A column with the same value whatever the document says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Constant {
    /// Name of the column.
    pub column: String,
    /// The value, as text.
    pub value: String,
}

/// What a row must have: at least one of these.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RowCondition {
    /// Columns that are not null or blank; defaults count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Attributes of the row's own element that are not blank.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
}
