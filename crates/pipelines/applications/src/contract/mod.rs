//! Contracts as files: are they sound, what do they do, and which tables do they want.

mod check;
mod ddl;
mod describe;
mod places;
mod problem;
mod references;

pub use check::{Checked, check};
pub use ddl::ddl;
pub use describe::{ColumnDescription, Description, ParentDescription, TableDescription, describe};
pub use problem::{Category, Problem};
