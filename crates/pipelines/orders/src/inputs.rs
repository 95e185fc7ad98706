//! What a run reads: the columns that its settings need, and the rows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rowmill_core::{Code, ColumnKind, Error, InputColumn, InputSpec, Plan, Result};

use crate::filters::terms;
use crate::lint;
use crate::options::{Extract, Options};
use crate::sources::{NEEDED, ORDERS, WITHOUT_QUOTE, column};

/// The input of a run.
///
/// # Errors
/// `INPUT_MISSING` where no file was found.
pub fn choose(plan: &Plan, found: &BTreeMap<String, usize>) -> Result<Vec<InputSpec>> {
    if found.get(ORDERS).copied().unwrap_or(0) == 0 {
        return Err(Error::new(Code::InputMissing, "there are no files with orders")
            .help("Point `source.root` at a CSV or Parquet file, or at a folder with some"));
    }
    let options = Options::of(plan)?;
    let columns = columns(&options);
    let position = |name: &str| columns.iter().position(|column| column.name == name).unwrap_or_default();
    let window = plan.windows.first().ok_or_else(|| Error::bug("a plan without a window"))?;
    let filter = terms(&options, window, position)?;
    let known = options.columns().into_iter().map(|(name, _)| Cow::Owned(name)).collect();
    let position = options.extract != Extract::Off;
    Ok(vec![InputSpec { filter, position, known: Some(known), ..InputSpec::new(ORDERS, columns) }])
}

/// Those that the fold needs, those of filters, then those that are only carried or looked at.
fn columns(options: &Options) -> Vec<InputColumn> {
    let all = options.columns();
    let read = |name: &str, required: bool| {
        let kind = all.iter().find(|(known, _)| known == name).map_or(ColumnKind::Integer, |(_, declared)| declared.kind());
        let null_value = (kind == ColumnKind::Integer && WITHOUT_QUOTE.contains(&name)).then_some(i64::MIN);
        InputColumn { name: Cow::Owned(name.to_owned()), kind, required, null_value }
    };
    let mut columns: Vec<InputColumn> = NEEDED.iter().map(|name| read(name, true)).collect();
    if !options.order_types.is_empty() {
        columns.push(read(column::ORDER_TYPE, true));
    }
    let carried = options.extract != Extract::Off;
    for (name, _) in &all {
        let wanted = carried || (options.lint && lint::looks_at(name));
        if wanted && columns.iter().all(|column| column.name != name.as_str()) {
            columns.push(read(name, false));
        }
    }
    columns
}
