//! Mapped documents of a batch, until the database has them.

use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use arrow_select::concat::concat_batches;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use rowmill_core::{Error, Result};
use serde_json::Value;

use super::encode::CopyTable;
use crate::answer::{answer, in_background};

/// What documents became.
#[napi]
pub struct MappedDocuments {
    tables: Arc<Vec<CopyTable>>,
    outcomes: Vec<Value>,
    /// Rows by table, in the order of the documents.
    rows: Arc<Vec<Vec<RecordBatch>>>,
}

impl MappedDocuments {
    /// Documents of a contract with these tables, and their rows by part and table. Rows of a table become one batch: of the hundreds of columns of
    /// many small ones the headers would take more than the values.
    ///
    /// # Errors
    /// Only by a fault of ours.
    pub fn new(tables: Arc<Vec<CopyTable>>, outcomes: Vec<Value>, parts: &[Vec<RecordBatch>]) -> Result<Self> {
        let joined = (0..tables.len()).map(|table| {
            let some: Vec<_> = parts.iter().filter_map(|part| part.get(table)).filter(|batch| batch.num_rows() > 0).collect();
            let Some(first) = some.first() else { return Ok(Vec::new()) };
            let joined = concat_batches(&first.schema(), some.iter().copied()).map_err(|error| Error::bug(error.to_string()))?;
            Ok(vec![joined])
        });
        Ok(Self { outcomes, rows: Arc::new(joined.collect::<Result<_>>()?), tables })
    }
}

#[napi]
impl MappedDocuments {
    /// Takes in the documents that follow in the batch; the other one is empty then.
    #[napi]
    pub fn append(&mut self, other: &mut MappedDocuments) {
        self.outcomes.append(&mut other.outcomes);
        for (own, more) in Arc::make_mut(&mut self.rows).iter_mut().zip(Arc::make_mut(&mut other.rows)) {
            own.append(more);
        }
    }

    /// What became of each document, in their order. They are handed out once.
    #[napi(ts_return_type = "DocumentOutcome[]")]
    pub fn outcomes(&mut self) -> Value {
        Value::Array(std::mem::take(&mut self.outcomes))
    }

    /// Rows of each table, in the order of the contract.
    #[napi]
    pub fn rows(&self) -> Vec<u32> {
        let of = |table: usize| self.rows.get(table).map_or(0, |batches| batches.iter().map(|batch| batch.num_rows() as u32).sum());
        (0..self.tables.len()).map(of).collect()
    }

    /// Memory that the rows take.
    #[napi]
    pub fn bytes(&self) -> f64 {
        let of = |batch: &RecordBatch| batch.columns().iter().map(|column| column.get_buffer_memory_size()).sum::<usize>();
        self.rows.iter().flatten().map(of).sum::<usize>() as f64
    }

    /// Frees what it holds now: the collector of JavaScript does not see how much that is. Afterwards there is nothing to ask for.
    #[napi]
    pub fn free(&mut self) {
        self.outcomes = Vec::new();
        self.rows = Arc::default();
    }

    /// Writes the binary COPY bytes of the rows that documents from `first` to `last` (both inclusive) have in a table into a buffer, and answers with
    /// their length. Where the buffer is shorter, nothing is written. The first column, of type integer, is the place of the document in the batch.
    #[napi(ts_return_type = "Promise<Answer<number>>")]
    pub async fn copy(&self, table: u32, first: i32, last: i32, mut into: Buffer) -> Value {
        let (tables, rows) = (self.tables.clone(), self.rows.clone());
        let work = move || {
            let to = tables.get(table as usize).ok_or_else(|| Error::bug("there is no such table"))?;
            let bytes = to.encode(rows.get(table as usize).into_iter().flatten(), first, last)?;
            if let Some(place) = into.get_mut(..bytes.len()) {
                place.copy_from_slice(&bytes);
            }
            Ok(bytes.len())
        };
        in_background(move || answer(work)).await
    }
}
