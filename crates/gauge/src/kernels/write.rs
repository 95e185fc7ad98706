//! Finished rows and state to bytes.

use arrow_array::RecordBatch;
use rowmill_core::Result;
use rowmill_emit::{CopyEncoder, ParquetSink, SpillFile, ipc};

use super::{Kernel, Work};
use crate::data::{Data, finished, states};
use crate::month::Month;

pub(super) const KERNELS: &[Kernel] = &[
    Kernel { name: "write/copy", prepare: copy },
    Kernel { name: "write/parquet", prepare: parquet },
    Kernel { name: "write/spill", prepare: spill },
];

/// A month and its rows.
fn rows(data: &Data) -> Result<(Month, Vec<RecordBatch>)> {
    let month = data.month("hour", "hourly")?;
    let rows = finished(&month, &states(&month)?)?;
    Ok((month, rows))
}

fn copy(data: &Data) -> Result<Work> {
    let (month, rows) = rows(data)?;
    Ok(Box::new(move || {
        let mut encoder = CopyEncoder::new(&month.schema(), &month.copy_columns())?;
        let mut out = Vec::new();
        rows.iter().try_for_each(|batch| encoder.encode(batch, &mut out))?;
        encoder.finish(&mut out);
        Ok(out.len() as u64)
    }))
}

fn parquet(data: &Data) -> Result<Work> {
    let (month, rows) = rows(data)?;
    let file = data.scratch("kernel.parquet");
    Ok(Box::new(move || {
        let mut sink = ParquetSink::create(&file, month.schema())?;
        rows.iter().try_for_each(|batch| sink.write(batch))?;
        sink.finish().map(|written| written.rows)
    }))
}

/// State to disk and back.
fn spill(data: &Data) -> Result<Work> {
    let month = data.month("hour", "hourly")?;
    let states = states(&month)?;
    let folder = data.scratch("spill");
    Ok(Box::new(move || {
        let mut file = SpillFile::create(&folder)?;
        let mut chunks = Vec::new();
        let mut bytes = Vec::new();
        for state in &states {
            bytes.clear();
            ipc::encode(&state.batch, &mut bytes)?;
            chunks.push(file.append(&bytes)?);
        }
        chunks.into_iter().try_fold(0, |rows, chunk| {
            file.read(chunk, &mut bytes)?;
            Ok(rows + ipc::decode(&bytes)?.num_rows() as u64)
        })
    }))
}
