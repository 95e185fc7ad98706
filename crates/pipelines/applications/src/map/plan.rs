//! A contract that is ready to be run: every name is a number.

use crate::expression::Expression;
use crate::model::{Compat, Counts, OnError, OnRepeat, Type};
use crate::values::Value;

use super::codes::Codes;
use super::names::Names;

/// Which elements become records: members of a group, their children, and other elements that are asked for inside them.
#[derive(Debug, Default)]
pub(super) struct Kind {
    /// Attributes that are asked for.
    pub(super) names: Names,
    /// Elements directly inside that are records, too.
    pub(super) inner: Vec<(Box<str>, u16)>,
}

/// A group.
#[derive(Debug)]
pub(super) struct GroupPlan {
    /// Name in the contract.
    pub(super) name: Box<str>,
    /// Kind of the members.
    pub(super) kind: u16,
    /// Name of the element.
    pub(super) element: Box<str>,
    /// Node of the path.
    pub(super) node: u32,
    pub(super) anywhere: bool,
    pub(super) id: u32,
    pub(super) role: RolePlan,
    pub(super) keep_if: Vec<u32>,
    pub(super) expect: Vec<u32>,
    pub(super) require: Vec<RequiredPlan>,
    pub(super) children: Vec<ChildPlan>,
}

/// An attribute whose values are a list.
#[derive(Debug)]
pub(super) struct RolePlan {
    pub(super) attribute: u32,
    pub(super) values: Vec<Box<str>>,
}

/// An attribute that must be there; with values, one of these.
#[derive(Debug)]
pub(super) struct RequiredPlan {
    pub(super) attribute: u32,
    pub(super) values: Vec<Box<str>>,
}

/// A child group.
#[derive(Debug)]
pub(super) struct ChildPlan {
    pub(super) name: Box<str>,
    pub(super) kind: u16,
    pub(super) role: RolePlan,
    pub(super) require: Vec<RequiredPlan>,
}

/// A table.
#[derive(Debug)]
pub(super) struct TablePlan {
    pub(super) name: Box<str>,
    pub(super) columns: Vec<ColumnPlan>,
    /// Positions of the key columns.
    pub(super) key: Vec<usize>,
    pub(super) on_repeat: OnRepeat,
    pub(super) keep_empty: bool,
    pub(super) row_if: Option<ConditionPlan>,
    pub(super) rows: RowsPlan,
}

/// A column as all rows have it.
#[derive(Debug)]
pub(super) struct ColumnPlan {
    pub(super) name: Box<str>,
    pub(super) kind: Type,
    pub(super) nullable: bool,
    pub(super) default: Option<Value>,
    pub(super) on_error: OnError,
}

/// What rows of a table are made of; cells are in the order of its columns.
#[derive(Debug)]
pub(super) enum RowsPlan {
    Document(Vec<CellPlan>),
    Group { group: usize, cells: Vec<CellPlan> },
    Child { group: usize, child: usize, cells: Vec<CellPlan> },
    Entries(Vec<EntryPlan>),
}

/// A row that is there if something speaks for it: a slot, or a pair.
#[derive(Debug)]
pub(super) struct EntryPlan {
    pub(super) cells: Vec<CellPlan>,
    pub(super) evidence: Vec<Evidence>,
}

/// What speaks for a row.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) cell: CellPlan,
    /// Column whose type the value would have.
    pub(super) column: usize,
    pub(super) when: Counts,
}

/// What a row must have: one of these.
#[derive(Debug)]
pub(super) struct ConditionPlan {
    pub(super) columns: Vec<usize>,
    pub(super) attributes: Vec<u32>,
}

/// Where a value comes from, and what is done with it.
#[derive(Debug)]
pub(super) struct CellPlan {
    pub(super) origin: OriginPlan,
    pub(super) steps: Vec<StepPlan>,
    /// Whether a text is converted as it is, with nothing before it.
    pub(super) bare: bool,
    /// What the contract calls the origin, for messages.
    pub(super) label: Box<str>,
}

/// Where a value comes from.
#[derive(Debug)]
pub(super) enum OriginPlan {
    /// Nothing: the column is null, or its default.
    Nothing,
    Constant(Value),
    Document,
    Member,
    Text(Place),
    Expression {
        expression: Box<Calculated>,
        otherwise: Option<Place>,
    },
    LastValid(Box<LastPlan>),
    PreferredChild {
        child: usize,
        attribute: u32,
    },
}

/// An attribute.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// Of the last element at a path.
    Path { node: u32, attribute: u32 },
    /// Of the row's own element.
    Own(u32),
}

/// An expression and where its references are.
#[derive(Debug)]
pub(super) struct Calculated {
    pub(super) expression: Expression,
    pub(super) references: Vec<ReferencePlan>,
}

/// Where a reference of an expression is.
#[derive(Clone, Copy, Debug)]
pub(super) enum ReferencePlan {
    At(Place),
    /// The id of the row's member.
    Member,
    /// An attribute of the first member that is kept, else what is at the path, else what was seen anywhere.
    Anywhere {
        member: Option<(usize, u32)>,
        path: Option<(u32, u32)>,
        watch: u32,
    },
    /// Nothing has it.
    Nothing,
}

/// The last member of a role.
#[derive(Debug)]
pub(super) struct LastPlan {
    pub(super) group: usize,
    pub(super) role: Box<str>,
    pub(super) within: WithinPlan,
    pub(super) attribute: u32,
    pub(super) earlier: bool,
}

/// What in a member has the attribute.
#[derive(Clone, Copy, Debug)]
pub(super) enum WithinPlan {
    Member,
    Child(usize),
    Element(u16),
}

/// A step.
#[derive(Debug)]
pub(super) enum StepPlan {
    Digits,
    Enum(Codes),
    Flag(Codes),
    NowIfBlank,
}

/// What holds for the whole document.
#[derive(Debug)]
pub(super) struct DocumentPlan {
    pub(super) root: Box<str>,
    pub(super) id: Vec<(u32, u32, Box<str>)>,
    pub(super) application: (u32, Box<str>),
    pub(super) others: Vec<(u32, Box<str>)>,
    pub(super) compat: Compat,
}
