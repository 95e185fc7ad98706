//! A month end to end, on the engine's road with one worker.

use rowmill_core::Result;

use super::{Kernel, Work};
use crate::data::Data;

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "month/decode", prepare: |data| month(data, "hourly", "decode") },
    Kernel { name: "month/hourly", prepare: |data| month(data, "hourly", "nowhere") },
    Kernel { name: "month/daily", prepare: |data| month(data, "daily", "nowhere") },
    Kernel { name: "month/hourly-to-copy", prepare: |data| month(data, "hourly", "copy") },
    Kernel { name: "month/hourly-to-parquet", prepare: |data| month(data, "hourly", &data.scratch("month.parquet").to_string_lossy()) },
];

fn month(data: &Data, input: &str, target: &str) -> Result<Work> {
    let month = data.month("days", input)?;
    let target = month.target(target);
    Ok(Box::new(move || {
        let counters = month.run(target.clone())?;
        Ok(counters.rows_read + counters.rows_out)
    }))
}
