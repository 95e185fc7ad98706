//! Contracts as files: are they sound, what do they do, and which tables do they want.

mod check;
mod ddl;
mod describe;
mod explain;
mod import;
mod lint;
mod places;
mod pretty;
mod problem;
mod references;
mod schema;
mod steps;

pub use check::{Checked, check};
pub use ddl::ddl;
pub use describe::{ColumnDescription, Description, ParentDescription, TableDescription, describe};
pub use explain::explain;
pub use import::{Imported, Switch, import};
pub use lint::{Differ, Difference, Warning, WarningKind, lint};
pub use pretty::pretty;
pub use problem::{Category, Problem};
pub use schema::{reference, schema};
