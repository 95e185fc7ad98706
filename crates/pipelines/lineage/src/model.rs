//! What extraction answers: statements with their reads, writes, calls and column edges, objects, and problems.

use crate::dialects::Dialect;
use serde::{Deserialize, Serialize};

/// How a column comes from its sources; of several steps, the one that changes most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// No column feeds it.
    Constant,
    /// As it is, perhaps renamed.
    Identity,
    /// All columns of a table whose columns are not known.
    Star,
    /// Only its type changes.
    Cast,
    /// Computed from values of one row.
    Expression,
    /// Computed from many rows.
    Aggregate,
    /// Computed over a window.
    Window,
}

impl Kind {
    /// Its word in results.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Constant => "constant",
            Kind::Identity => "identity",
            Kind::Star => "star",
            Kind::Cast => "cast",
            Kind::Expression => "expression",
            Kind::Aggregate => "aggregate",
            Kind::Window => "window",
        }
    }
}

/// A column of an asset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ColumnRef {
    /// Canonical name of the asset.
    pub asset: String,
    /// Name of the column; `*` for all of them.
    pub column: String,
}

/// One column feeds another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnEdge {
    /// What feeds; `None` where the target is constant.
    pub from: Option<ColumnRef>,
    /// What is fed.
    pub to: ColumnRef,
    /// How.
    pub kind: Kind,
    /// The text of the expression, where it is known.
    pub expression: Option<String>,
    /// 1, or 1 through the number of tables that may be meant.
    pub confidence: f64,
    /// The columns are not known, so this stands for all of them.
    pub unresolved: bool,
    /// More than one table may be meant.
    pub ambiguous: bool,
    /// A condition and not a value: only with the option `influences`.
    pub influences: bool,
}

/// What a statement does to what it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteKind {
    /// Rows are added.
    Insert,
    /// Rows are replaced.
    Overwrite,
    /// Rows are changed.
    Update,
    /// Rows are removed.
    Delete,
    /// Rows are merged.
    Merge,
    /// It is made.
    Create,
}

/// What kind of object a statement defines or uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// Something with columns that is only used here.
    DataAsset,
    /// A table.
    Table,
    /// A view.
    View,
    /// A materialised view.
    MaterializedView,
    /// A function or procedure.
    FunctionOrProcedure,
    /// A trigger.
    Trigger,
    /// A synonym.
    Synonym,
}

/// An object that a statement defines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// What it is.
    pub kind: ObjectKind,
    /// Canonical name.
    pub name: String,
    /// Columns with types, in their order.
    pub columns: Vec<(String, String)>,
    /// The table of a trigger, the object of a synonym.
    pub of: Option<String>,
    /// Arguments of a function, events and timing of a trigger, as written.
    pub properties: Vec<(String, String)>,
    /// Tables that its foreign keys refer to.
    pub references: Vec<String>,
}

/// Marks of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Flags {
    /// It runs text that is not known before it runs.
    pub dynamic: bool,
    /// It holds macros that were not expanded; only tables are known.
    pub templated: bool,
    /// It replaces what was there.
    pub overwrite: bool,
}

/// What one statement yields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatementLineage {
    /// Its place among the statements of the file, from 0.
    pub index: usize,
    /// Its first line, from 1.
    pub line: usize,
    /// Its first column, from 1, in characters.
    pub column: usize,
    /// What it is: `select`, `insert`, `create_view`, …
    pub kind: String,
    /// Which parser read it: `polyglot`, `sqlparser`, or `rowmill`.
    pub parser: String,
    /// The procedure, function or trigger in whose body it stands.
    pub within: Option<String>,
    /// What it writes, and how.
    pub write: Option<(String, WriteKind)>,
    /// Assets that it reads, each once, ascending.
    pub reads: Vec<String>,
    /// Functions and procedures that it calls, each once, ascending.
    pub calls: Vec<String>,
    /// Its column edges.
    pub columns: Vec<ColumnEdge>,
    /// What it defines.
    pub definition: Option<Definition>,
    /// Its marks.
    pub flags: Flags,
}

/// What could not be understood, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The statement, from 0; `None` for the file as a whole.
    pub statement: Option<usize>,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// How much of a file was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Statements that bear lineage by their first words.
    pub bearing: usize,
    /// Those of them that yielded structure.
    pub structured: usize,
}

/// What one file yields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileLineage {
    /// The dialect that it was read as.
    pub dialect: Dialect,
    /// Its statements, those of bodies after the object that they are of.
    pub statements: Vec<StatementLineage>,
    /// What could not be understood.
    pub problems: Vec<Problem>,
    /// How much was.
    pub coverage: Coverage,
}
