//! What a pipeline says about itself. The engine drives any of them and names none.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::filter::FilterTerm;
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
    /// 64-bit integer; arrives as `Int64`. Integers of any width that fit; a timestamp is its nanoseconds since 1970-01-01T00:00:00Z.
    Integer,
}

/// One column of an input.
#[derive(Clone, Debug)]
pub struct InputColumn {
    /// Name in the file, matched exactly; blanks around names in a CSV header do not count.
    pub name: Cow<'static, str>,
    /// How its values are read.
    pub kind: ColumnKind,
    /// Whether a file that lacks it is an error; otherwise it reads as NULL.
    pub required: bool,
    /// An integer that stands for NULL in the file.
    pub null_value: Option<i64>,
}

impl InputColumn {
    /// A column that a file may lack, without a value for NULL.
    pub const fn new(name: &'static str, kind: ColumnKind) -> Self {
        Self { name: Cow::Borrowed(name), kind, required: false, null_value: None }
    }
}

/// An input as one run reads it.
#[derive(Clone, Debug)]
pub struct InputSpec {
    /// Name, equal to that of a [`SourceSpec`].
    pub name: &'static str,
    /// The columns to read, in the order in which the fold wants them.
    pub columns: Vec<InputColumn>,
    /// The timestamp column by which rows are in or out of the window, where row groups outside are not to be read.
    pub time_column: Option<&'static str>,
    /// Rows that are wanted: those that pass every term. The terms are applied in this order, and counted; none lets every row through.
    pub filter: Vec<FilterTerm>,
    /// Whether batches end with one more column, [`POSITION`]: `Int64`, the place of each row in its input. It grows with the files in the
    /// order of their names, and with the rows of a file; how rows are cut into units does not change it.
    pub position: bool,
    /// Names that a CSV file may have beside [`InputSpec::columns`]: any other one is an error. `None` lets every name be.
    pub known: Option<Vec<Cow<'static, str>>>,
}

impl InputSpec {
    /// An input whose rows are all wanted.
    pub fn new(name: &'static str, columns: Vec<InputColumn>) -> Self {
        Self { name, columns, time_column: None, filter: Vec::new(), position: false, known: None }
    }
}

/// Name of the column with the places of rows.
pub const POSITION: &str = "#position";

/// Where files of an input lie in each known layout.
#[derive(Clone, Copy, Debug)]
pub struct SourceSpec {
    /// Name of the input.
    pub name: &'static str,
    /// One line on what is in it.
    pub doc: &'static str,
    /// Pairs of layout name and path template below the root; several of one layout add up, and [`ANY_LAYOUT`] goes with every layout.
    /// `{account}`, `{source}`, `{year}` and `{month}` stand for plan values; `*` is any run of characters inside a name and `**` any number
    /// of folders. Where the root is itself a file, it alone is the input of a pipeline with one source.
    pub layouts: &'static [(&'static str, &'static str)],
}

/// The layout name of templates that do not depend on the layout.
pub const ANY_LAYOUT: &str = "*";

/// Settings that go together, under a name.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Preset {
    /// Name, as `--preset` takes it.
    pub name: &'static str,
    /// What it is for, in one line.
    pub doc: &'static str,
    /// The settings as JSON text: an object by section, as in a plan file.
    pub settings: &'static str,
}

/// How a run is cut into windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Windowing {
    /// Days are asked for, and cut at month ends: each part reads its own month's folder and is loaded by itself.
    Months,
    /// One window. Without days, or with the plan's own word for all of them, it goes from the first day there is to the last.
    Whole,
}

/// A pipeline: what it reads, what it writes, and how.
pub trait Pipeline: Sync {
    /// The words that name it on the command line, for example `cost openshift`.
    fn name(&self) -> &'static str;

    /// One line for people.
    fn about(&self) -> &'static str;

    /// Plan fields of its own; every path starts with the pipeline's section.
    fn fields(&self) -> &'static [Field];

    /// Settings that go together, by name.
    fn presets(&self) -> &'static [Preset] {
        &[]
    }

    /// How its runs are cut into windows.
    fn windowing(&self) -> Windowing {
        Windowing::Months
    }

    /// Problems that only show when fields are seen together.
    fn check(&self, plan: &Plan) -> Vec<Problem>;

    /// Carries settings of its own over to common ones, in a plan without problems.
    fn adjust(&self, _: &mut Plan) {}

    /// Everything that can be listed for it.
    fn sources(&self) -> &'static [SourceSpec];

    /// What a run reads, given how many files were found for each source; an error names what is missing.
    fn inputs(&self, plan: &Plan, found: &BTreeMap<String, usize>) -> Result<Vec<InputSpec>>;

    /// What it writes; the index in this list is the table number of [`crate::Emit`].
    fn tables(&self) -> &'static [TableSpec];

    /// An empty fold for one window. `inputs` is what [`Pipeline::inputs`] answered.
    fn fold(&self, plan: &Plan, window: &Window, inputs: &[InputSpec]) -> Result<Box<dyn Fold>>;
}
