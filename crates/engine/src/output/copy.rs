//! A COPY stream for each table, one after the other.

use std::sync::mpsc::SyncSender;

use arrow_array::RecordBatch;
use rowmill_core::{Error, Result, TableSpec};
use rowmill_emit::{CopyEncoder, TargetColumn};

use super::Piece;
use crate::counters::{Meter, add};
use crate::worker::cancelled;

/// Bytes are handed over in pieces of about this size.
const PIECE_BYTES: usize = 1 << 20;

/// The streams of a run's tables.
pub(super) struct CopyStreams<'a> {
    /// One per table, in order; taken when its stream has ended.
    encoders: std::vec::IntoIter<CopyEncoder>,
    encoder: Option<CopyEncoder>,
    /// The table whose stream is open.
    table: usize,
    piece: Vec<u8>,
    bytes: &'a SyncSender<Piece>,
    meter: &'a Meter,
}

impl<'a> CopyStreams<'a> {
    /// Matches the columns of every table to those of its batches.
    ///
    /// # Errors
    /// `SINK_TABLE_MISMATCH`, naming the table's column; `BUG_INTERNAL` where there are not as many lists of columns as tables.
    pub(super) fn new(specs: &'static [TableSpec], columns: &[Vec<TargetColumn>], bytes: &'a SyncSender<Piece>, meter: &'a Meter) -> Result<Self> {
        if specs.len() != columns.len() {
            return Err(Error::bug(format!("columns of {} tables, the pipeline has {}", columns.len(), specs.len())));
        }
        let encoders = specs.iter().zip(columns).map(|(spec, columns)| CopyEncoder::new(&spec.schema(), columns)).collect::<Result<Vec<_>>>()?;
        let mut encoders = encoders.into_iter();
        let encoder = encoders.next();
        Ok(Self { encoders, encoder, table: 0, piece: Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 4), bytes, meter })
    }

    /// Appends rows of a table; the streams of tables before it end.
    pub(super) fn write(&mut self, table: usize, batch: &RecordBatch) -> Result<()> {
        if table < self.table {
            return Err(Error::bug(format!("rows of table {table} behind those of table {}", self.table)));
        }
        while self.table < table {
            self.end_table()?;
        }
        let encoder = self.encoder.as_mut().ok_or_else(|| Error::bug("rows behind the last table"))?;
        encoder.encode(batch, &mut self.piece)?;
        if self.piece.len() >= PIECE_BYTES {
            self.hand_over(false)?;
        }
        Ok(())
    }

    /// Ends the streams of all tables.
    pub(super) fn finish(mut self) -> Result<()> {
        while self.encoder.is_some() {
            self.end_table()?;
        }
        Ok(())
    }

    fn end_table(&mut self) -> Result<()> {
        if let Some(mut encoder) = self.encoder.take() {
            encoder.finish(&mut self.piece);
            self.hand_over(true)?;
        }
        self.encoder = self.encoders.next();
        self.table += 1;
        Ok(())
    }

    fn hand_over(&mut self, last: bool) -> Result<()> {
        let bytes = std::mem::replace(&mut self.piece, Vec::with_capacity(if last { 0 } else { PIECE_BYTES + PIECE_BYTES / 4 }));
        add(&self.meter.bytes_out, bytes.len() as u64);
        self.bytes.send(Piece { table: self.table, bytes, last }).map_err(|_| cancelled())
    }
}
