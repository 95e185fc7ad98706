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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int32Type;
    use arrow_array::{ArrayRef, DictionaryArray, Int32Array};

    use super::*;

    #[test]
    fn batches_come_back_with_their_dictionaries_even_when_sliced() {
        let coded: DictionaryArray<Int32Type> = vec![Some("a"), None, Some("b"), Some("a")].into_iter().collect();
        let columns: Vec<(&str, ArrayRef)> =
            vec![("coded", Arc::new(coded)), ("n", Arc::new(Int32Array::from(vec![Some(1), None, Some(3), Some(4)])))];
        let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap();
        for batch in [batch.clone(), batch.slice(1, 2), batch.slice(0, 0)] {
            let mut bytes = vec![9];
            encode(&batch, &mut bytes).unwrap();
            assert_eq!(decode(&bytes[1..]).unwrap(), batch);
        }
    }

    #[test]
    fn bytes_that_are_no_batch_are_refused() {
        for bytes in [&b""[..], b"garbage", &[0xFF; 64]] {
            assert_eq!(decode(bytes).unwrap_err().code(), Code::SpillFailed);
        }
    }
}
