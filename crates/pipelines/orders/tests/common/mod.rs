//! One fold from plan to rows.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use rowmill_core::plan::{Layer, resolve};
use rowmill_core::{GLOBAL_PARTITION, InputSpec, Outlet, Pipeline, Result};
use rowmill_orders::{ORDERS, Orders};
use rowmill_testkit::orders::{Cell, cells};
use serde_json::{Value, json};

/// What a run wrote.
#[derive(Debug, Default)]
pub struct Run {
    /// Rows of the tables.
    pub tables: Vec<Vec<Vec<Cell>>>,
    /// Batches by path; not every test looks at files.
    #[allow(dead_code)]
    pub files: BTreeMap<String, Vec<RecordBatch>>,
    /// What it says beside.
    pub details: Value,
}

/// Runs one fold over one batch that is made for the input.
pub fn run(settings: Value, batch: impl Fn(&InputSpec) -> RecordBatch) -> Result<Run> {
    let base = json!({"pipeline": "orders", "source": {"root": "/"}, "output": {"folder": "out"}});
    let layer = |values: &Value| Layer { origin: "test".into(), values: values.as_object().cloned().unwrap() };
    let plan = resolve(&[&Orders], &[layer(&base), layer(&settings)]).unwrap_or_else(|problems| panic!("{problems:?}")).plan;
    let inputs = Orders.inputs(&plan, &BTreeMap::from([(ORDERS.to_owned(), 1)]))?;
    let mut fold = Orders.fold(&plan, &plan.windows[0], &inputs)?;
    fold.push(0, &batch(&inputs[0]), &mut |_| {})?;
    assert_eq!(fold.take(GLOBAL_PARTITION)?.len(), 4);
    let mut run = Run { tables: vec![Vec::new(); 8], details: fold.seal()?.details, ..Run::default() };
    for partition in fold.partitions() {
        fold.finish(partition, &mut |outlet, batch| {
            match outlet {
                Outlet::Table(table) => run.tables[*table].extend(cells(&batch)),
                Outlet::File(path) => run.files.entry(path.clone()).or_default().push(batch),
            }
            Ok(())
        })?;
    }
    Ok(run)
}
