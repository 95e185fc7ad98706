//! Rows of documents to COPY bytes.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_schema::{DataType, Field, Schema};
use rowmill_applications::contract::describe;
use rowmill_applications::model::Contract;
use rowmill_core::{Error, Result};
use rowmill_emit::{CopyEncoder, TargetColumn};

/// Name of the column of COPY bytes that says which document a row is of: one that no contract has.
const DOCUMENT: &str = "rowmill_document";

/// A table of a contract with the columns that COPY writes.
pub struct CopyTable {
    name: String,
    columns: Vec<TargetColumn>,
}

impl CopyTable {
    /// The tables of a contract, in its order.
    pub fn of(contract: &Contract) -> Vec<Self> {
        let column = |name: &str, sql_type: &str| TargetColumn { name: name.to_owned(), sql_type: sql_type.to_owned() };
        let table = |columns: Vec<_>, name| Self { name, columns: std::iter::once(column(DOCUMENT, "integer")).chain(columns).collect() };
        let tables = describe(contract).tables.into_iter();
        tables.map(|each| table(each.columns.iter().map(|of| column(&of.name, &of.sql_type)).collect(), each.name)).collect()
    }

    /// The rows of documents from `first` to `last` (both inclusive) as one stream of COPY; without a batch there is no stream.
    ///
    /// # Errors
    /// Where a value does not fit its column.
    pub fn encode<'a>(&self, batches: impl Iterator<Item = &'a RecordBatch>, first: i32, last: i32) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut encoder: Option<CopyEncoder> = None;
        for batch in batches {
            let batch = renamed(batch)?;
            let documents = batch.column(0).as_primitive::<Int32Type>().values();
            let start = documents.partition_point(|document| *document < first);
            let end = documents.partition_point(|document| *document <= last);
            let encoder = match &mut encoder {
                Some(encoder) => encoder,
                none => none.insert(CopyEncoder::new(&batch.schema(), &self.columns)?),
            };
            encoder.encode(&batch.slice(start, end - start), &mut out).map_err(|error| {
                Error::new(error.code(), format!("{}: {}", self.name, error.message())).column(error.place().column.clone().unwrap_or_default())
            })?;
        }
        if let Some(mut encoder) = encoder {
            encoder.finish(&mut out);
        }
        Ok(out)
    }
}

/// The same rows with another name for the place of the document.
fn renamed(batch: &RecordBatch) -> Result<RecordBatch> {
    let place = Field::new(DOCUMENT, DataType::Int32, false);
    let schema = batch.schema();
    let fields = std::iter::once(place).chain(schema.fields().iter().skip(1).map(|field| field.as_ref().clone()));
    RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), batch.columns().to_vec()).map_err(|error| Error::bug(error.to_string()))
}
