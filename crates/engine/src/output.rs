//! Finished rows to bytes, on a thread of their own, with bounded queues on both sides.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use rowmill_core::Result;
use rowmill_emit::{CopyEncoder, ParquetSink, TargetColumn};

use crate::counters::{Meter, add};
use crate::worker::cancelled;

/// Where finished rows go.
#[derive(Clone, Debug)]
pub enum Target {
    /// PostgreSQL binary COPY bytes for these columns of the target table.
    Copy(Vec<TargetColumn>),
    /// A Parquet file, in place only when it is complete.
    Parquet(PathBuf),
    /// Nowhere: for measuring.
    Discard,
    /// Nowhere, and nothing is folded either: for measuring what decoding alone costs.
    Decode,
}

/// COPY bytes are handed over in pieces of about this size.
const PIECE_BYTES: usize = 1 << 20;

/// Finished batches on their way to the encoder.
pub(crate) struct Finished<'a> {
    /// Ends with the sender, which a failure ends too.
    pub batches: &'a Receiver<RecordBatch>,
    /// Set before the sender goes away where every batch was sent: without it the output is cut short, and must not look whole.
    pub complete: &'a AtomicBool,
}

impl Finished<'_> {
    fn completed(&self) -> Result<()> {
        if self.complete.load(Ordering::Acquire) { Ok(()) } else { Err(cancelled()) }
    }
}

/// Encodes batches until the sender is gone.
///
/// # Errors
/// Those of the encoder or the file; `RUN_CANCELLED` where nobody takes the bytes any more, or the batches ended early.
pub(crate) fn encode(target: &Target, schema: SchemaRef, finished: &Finished<'_>, bytes: &SyncSender<Vec<u8>>, meter: &Meter) -> Result<()> {
    match target {
        Target::Copy(columns) => copy(CopyEncoder::new(&schema, columns)?, finished, bytes, meter),
        Target::Parquet(path) => parquet(ParquetSink::create(path, schema)?, finished, meter),
        Target::Discard | Target::Decode => {
            finished.batches.iter().for_each(|batch| add(&meter.rows_out, batch.num_rows() as u64));
            Ok(())
        }
    }
}

fn copy(mut encoder: CopyEncoder, finished: &Finished<'_>, bytes: &SyncSender<Vec<u8>>, meter: &Meter) -> Result<()> {
    let mut piece = Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 4);
    let hand_over = |piece: Vec<u8>| {
        add(&meter.bytes_out, piece.len() as u64);
        bytes.send(piece).map_err(|_| cancelled())
    };
    for batch in finished.batches {
        encoder.encode(&batch, &mut piece)?;
        add(&meter.rows_out, batch.num_rows() as u64);
        if piece.len() >= PIECE_BYTES {
            hand_over(std::mem::replace(&mut piece, Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 4)))?;
        }
    }
    finished.completed()?;
    encoder.finish(&mut piece);
    hand_over(piece)
}

fn parquet(mut sink: ParquetSink, finished: &Finished<'_>, meter: &Meter) -> Result<()> {
    for batch in finished.batches {
        sink.write(&batch)?;
        add(&meter.rows_out, batch.num_rows() as u64);
    }
    finished.completed()?;
    sink.finish().map(|_| ())
}
