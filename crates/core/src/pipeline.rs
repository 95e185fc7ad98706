//! What a pipeline says about itself. The engine drives any of them and names none.

use std::collections::BTreeMap;

use crate::plan::{Field, Plan, Problem, Window};
use crate::{Fold, Result, TableSpec};

/// How the values of an input column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// UTF-8 text; arrives as `Dictionary(Int32, Utf8)` where the file has a dictionary, else as `Utf8`.
    Text,
    /// IEEE double; integers, floats and decimals are widened.
    Double,
    /// Zone-less timestamp; arrives as `Timestamp(Millisecond, None)`. A zone in the file is ignored, the digits stay.
    Timestamp,
}

/// One column of an input. A file that lacks it reads as NULL.
#[derive(Clone, Copy, Debug)]
pub struct InputColumn {
    /// Name in the file, matched exactly.
    pub name: &'static str,
    /// How its values are read.
    pub kind: ColumnKind,
}

/// An input as one run reads it.
#[derive(Clone, Debug)]
pub struct InputSpec {
    /// Name, equal to that of a [`SourceSpec`].
    pub name: &'static str,
    /// The columns to read, in the order in which the fold wants them.
    pub columns: Vec<InputColumn>,
    /// The timestamp column by which rows are in or out of the window; row groups outside are not read.
    pub time_column: &'static str,
}

/// Where files of an input lie in each known layout.
#[derive(Clone, Copy, Debug)]
pub struct SourceSpec {
    /// Name of the input.
    pub name: &'static str,
    /// One line on what is in it.
    pub doc: &'static str,
    /// Pairs of layout name and path template below the root. `{account}`, `{source}`, `{year}` and `{month}` stand for
    /// plan values; `*` is any run of characters inside a name and `**` any number of folders.
    pub layouts: &'static [(&'static str, &'static str)],
}

/// A pipeline: what it reads, what it writes, and how.
pub trait Pipeline: Sync {
    /// The words that name it on the command line, for example `cost openshift`.
    fn name(&self) -> &'static str;

    /// One line for people.
    fn about(&self) -> &'static str;

    /// Plan fields of its own; every path starts with the pipeline's section.
    fn fields(&self) -> &'static [Field];

    /// Problems that only show when fields are seen together.
    fn check(&self, plan: &Plan) -> Vec<Problem>;

    /// Everything that can be listed for it.
    fn sources(&self) -> &'static [SourceSpec];

    /// What a run reads, given how many files were found for each source; an error names what is missing.
    fn inputs(&self, plan: &Plan, found: &BTreeMap<String, usize>) -> Result<Vec<InputSpec>>;

    /// What it writes; the index in this list is the table number of [`crate::Emit`].
    fn tables(&self) -> &'static [TableSpec];

    /// An empty fold for one window. `inputs` is what [`Pipeline::inputs`] answered.
    fn fold(&self, plan: &Plan, window: &Window, inputs: &[InputSpec]) -> Result<Box<dyn Fold>>;
}
