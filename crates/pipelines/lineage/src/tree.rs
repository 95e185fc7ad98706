//! The small tree that every parser is brought to: what lineage needs of a statement and nothing else.

use crate::names::Name;

/// A statement that bears lineage or describes an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// A query that writes nothing, or a `SELECT … INTO`.
    Query(Query),
    /// `CREATE TABLE` or `CREATE VIEW`, with or without a query.
    Create(Create),
    /// `INSERT`, `REPLACE`.
    Insert(Insert),
    /// `UPDATE`.
    Update(Update),
    /// `DELETE`, and `TRUNCATE`.
    Delete(Delete),
    /// `MERGE`.
    Merge(Merge),
    /// It was understood and bears no lineage.
    Other,
}

/// What kind of object holds columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asset {
    /// A table.
    Table,
    /// A view.
    View,
    /// A materialised view.
    MaterializedView,
}

/// `CREATE TABLE` or `CREATE VIEW`.
#[derive(Debug, Clone, PartialEq)]
pub struct Create {
    /// What is created.
    pub asset: Asset,
    /// Its name.
    pub name: Name,
    /// Declared columns, with types where there are any.
    pub columns: Vec<(Name, String)>,
    /// Its query.
    pub query: Option<Query>,
    /// Tables that foreign keys refer to.
    pub references: Vec<Name>,
    /// The tables whose columns it takes over (`LIKE`, `INHERITS`).
    pub like: Vec<Name>,
    /// The table whose columns and rows it takes over (`CLONE`, `COPY`).
    pub copy: Option<Name>,
}

impl Create {
    /// An asset of which nothing else is known.
    pub fn named(asset: Asset, name: Name) -> Create {
        Create { asset, name, columns: Vec::new(), query: None, references: Vec::new(), like: Vec::new(), copy: None }
    }
}

/// `INSERT`.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// The table written.
    pub target: Name,
    /// Its alias.
    pub alias: Option<Name>,
    /// The column list, empty where there is none.
    pub columns: Vec<Name>,
    /// What is inserted.
    pub query: Option<Query>,
    /// True where columns are matched by their names and not by position.
    pub by_name: bool,
    /// `INSERT OVERWRITE` and `REPLACE`.
    pub overwrite: bool,
    /// Assignments of a conflict clause.
    pub assignments: Vec<Assignment>,
}

/// `UPDATE`.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The target as it is named: a table, or an alias of one in `from`.
    pub target: Source,
    /// Other sources.
    pub from: Vec<Source>,
    /// What is set.
    pub assignments: Vec<Assignment>,
    /// Conditions.
    pub filters: Vec<Expr>,
    /// Common table expressions before it.
    pub ctes: Vec<Cte>,
}

/// `DELETE`.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// The target as it is named: a table, or an alias of one in `from`.
    pub target: Source,
    /// Other sources.
    pub from: Vec<Source>,
    /// Conditions.
    pub filters: Vec<Expr>,
    /// Common table expressions before it.
    pub ctes: Vec<Cte>,
}

/// `MERGE`.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// The table written.
    pub target: Source,
    /// What is merged into it.
    pub source: Source,
    /// Assignments of updates and inserts. An insert without column list has names by position.
    pub assignments: Vec<Assignment>,
    /// Values of inserts without a column list, by position.
    pub positional: Vec<Vec<Expr>>,
    /// For `INSERT *` and `UPDATE *`, the columns that they leave out.
    pub star: Option<Box<[Name]>>,
    /// Conditions.
    pub filters: Vec<Expr>,
    /// Common table expressions before it.
    pub ctes: Vec<Cte>,
}

/// `column = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The column set, with its qualifier where there is one.
    pub column: Name,
    /// Its value.
    pub value: Expr,
}

/// A query with its common table expressions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// In the order in which they were written.
    pub ctes: Vec<Cte>,
    /// What it selects.
    pub body: Body,
}

/// The body of a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A select.
    Select(Box<Select>),
    /// Branches joined by UNION, EXCEPT or INTERSECT.
    Set {
        /// In their order.
        branches: Vec<Query>,
        /// True for `UNION BY NAME`.
        by_name: bool,
    },
    /// Rows of values.
    Values(Vec<Vec<Expr>>),
}

impl Default for Body {
    fn default() -> Body {
        Body::Values(Vec::new())
    }
}

/// A common table expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Cte {
    /// Its name.
    pub name: Name,
    /// Its column list, empty where there is none.
    pub columns: Vec<Name>,
    /// Its query.
    pub query: Query,
    /// Its name means itself in branches behind the first.
    pub recursive: bool,
}

/// One `SELECT`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Select {
    /// Its place among the SELECT words of the statement, from 0.
    pub ordinal: usize,
    /// The output columns.
    pub items: Vec<Item>,
    /// Tables and what else stands in FROM and JOIN.
    pub from: Vec<Source>,
    /// Conditions, grouping and order.
    pub filters: Vec<Expr>,
    /// The target of `SELECT … INTO`.
    pub into: Option<Name>,
}

/// One output column, or a star.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its value.
    pub expr: Expr,
    /// Its alias.
    pub alias: Option<Name>,
}

/// One source of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// What gives the rows.
    pub rows: Rows,
    /// Its alias.
    pub alias: Option<Name>,
    /// Column names that the alias brings.
    pub columns: Vec<Name>,
    /// Columns of a `USING` that joins it to what stands before.
    pub using: Vec<Name>,
    /// True where it is joined by all columns of one name.
    pub natural: bool,
    /// True where rows are only looked for in it, as `LEFT SEMI JOIN` does: its columns are not seen.
    pub hidden: bool,
}

impl Source {
    /// A source without alias.
    pub fn of(rows: Rows) -> Source {
        Source { rows, alias: None, columns: Vec::new(), using: Vec::new(), natural: false, hidden: false }
    }

    /// A table without alias.
    pub fn table(name: Name) -> Source {
        Source::of(Rows::Table(name))
    }

    /// The same under an alias and names of columns.
    pub fn under(self, alias: Option<Name>, columns: Vec<Name>) -> Source {
        Source { alias, columns, ..self }
    }
}

/// What gives rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    /// A table, a view, or a common table expression.
    Table(Name),
    /// A subquery.
    Query(Box<Query>),
    /// A function, an `UNNEST`: its columns come from its arguments.
    Function(Box<Expr>),
    /// A `PIVOT` or `UNPIVOT`.
    Turned(Box<Turned>),
}

/// Rows that `PIVOT`, `UNPIVOT` or `MATCH_RECOGNIZE` makes of others.
#[derive(Debug, Clone, PartialEq)]
pub struct Turned {
    /// What is turned.
    pub source: Source,
    /// Columns of it that are gone.
    pub gone: Vec<Name>,
    /// Columns that it makes, with what feeds them; of several, each feeds as it is.
    pub made: Vec<(Name, Vec<Expr>)>,
    /// What feeds columns that it makes and does not name.
    pub rest: Vec<Expr>,
}

/// What lineage needs of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A column, with the parts before its name.
    Column(Name),
    /// `*` or `t.*`.
    Star(Star),
    /// A literal, a parameter, a function of the session.
    Constant,
    /// A cast.
    Cast(Box<Expr>),
    /// An aggregate.
    Aggregate(Vec<Expr>),
    /// A window function with its partitions and order.
    Window(Vec<Expr>),
    /// A function of the user's, by its name.
    Call(Name, Vec<Expr>),
    /// Anything else with these operands.
    Many(Vec<Expr>),
    /// A subquery that gives a value.
    Scalar(Box<Query>),
    /// A subquery that only decides (`EXISTS`, `IN`).
    Test(Box<Query>),
}

/// A star with what changes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Star {
    /// The table or alias before it.
    pub qualifier: Option<Name>,
    /// Columns it leaves out.
    pub except: Vec<Name>,
    /// Columns it computes anew.
    pub replace: Vec<(Name, Expr)>,
    /// Columns it renames.
    pub rename: Vec<(Name, Name)>,
}
