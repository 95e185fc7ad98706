//! Parquet to columns.

use rowmill_core::{Error, Result};

use super::{Kernel, Work};
use crate::data::{Data, read};

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "read/pods-dictionary", prepare: |data| pods(data, "hour") },
    Kernel { name: "read/pods-plain", prepare: |data| pods(data, "plain") },
];

/// The pods of a month from one file, opened and decoded.
fn pods(data: &Data, name: &str) -> Result<Work> {
    let month = data.month(name, "hourly")?;
    let input = month.inputs()?.into_iter().next().ok_or_else(|| Error::bug("a month without inputs"))?;
    let file = month.units.iter().find(|unit| unit.input == input.name).map(|unit| unit.uri.clone());
    let file = file.ok_or_else(|| Error::bug("a month without pods"))?;
    Ok(Box::new(move || Ok(read(&month, &file, &input)?.iter().map(|batch| batch.num_rows() as u64).sum())))
}
