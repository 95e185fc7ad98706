//! One batch as bytes that need nothing else to be read: an Arrow IPC stream with its schema and dictionaries.

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use rowmill_core::{Code, Error, Result};

/// Appends the batch to `out`.
///
/// # Errors
/// `BUG_INTERNAL` for a column type that IPC cannot carry.
pub fn encode(batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
    let write = |out: &mut Vec<u8>| -> Result<(), ArrowError> {
        let mut writer = StreamWriter::try_new(out, batch.schema_ref())?;
        writer.write(batch)?;
        writer.finish()
    };
    write(out).map_err(|error| Error::bug(format!("a batch does not encode: {error}")))
}

/// Reads back what [`encode`] appended.
///
/// # Errors
/// `BUDGET_SPILL_FAILED` where the bytes are not exactly one batch.
pub fn decode(bytes: &[u8]) -> Result<RecordBatch> {
    let damaged =
        |reason: String| Error::new(Code::SpillFailed, format!("spilled state does not read back: {reason}")).help("Check the disk, then run again");
    let mut reader = StreamReader::try_new(bytes, None).map_err(|error| damaged(error.to_string()))?;
    let batch = reader.next().ok_or_else(|| damaged("it holds no batch".into()))?.map_err(|error| damaged(error.to_string()))?;
    match reader.next() {
        None => Ok(batch),
        Some(_) => Err(damaged("it holds more than one batch".into())),
    }
}
