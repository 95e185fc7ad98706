//! The same rows in other batches: what a fold must not notice.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use arrow_select::take::take_record_batch;

use crate::random::Random;

/// How text columns of a chunk are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `Utf8`.
    Plain,
    /// `Dictionary(Int32, Utf8)`; each value once.
    Dictionary,
    /// `Dictionary(Int32, Utf8)` with values that occur twice and values that no row uses.
    RedundantDictionary,
    /// Any of these, drawn for each chunk.
    Mixed,
}

/// Shuffles the rows of a batch, cuts them at random points (empty chunks occur) and encodes the text columns.
///
/// Plain chunks are slices of one batch, so their arrays have offsets. The rows are the same multiset for every seed.
pub fn chunks(batch: &RecordBatch, seed: u64, encoding: Encoding) -> Result<Vec<RecordBatch>, ArrowError> {
    let mut random = Random::new(seed);
    let mut order: Vec<u32> = (0..batch.num_rows() as u32).collect();
    random.shuffle(&mut order);
    let shuffled = take_record_batch(batch, &UInt32Array::from(order))?;
    let mut cuts: Vec<usize> = (0..random.below(6)).map(|_| random.below(batch.num_rows() + 1)).collect();
    cuts.extend([0, batch.num_rows()]);
    cuts.sort_unstable();
    let mut chunks = Vec::with_capacity(cuts.len());
    for pair in cuts.windows(2) {
        let chosen = match encoding {
            Encoding::Mixed => *random.pick(&[Encoding::Plain, Encoding::Dictionary, Encoding::RedundantDictionary]),
            fixed => fixed,
        };
        chunks.push(encode(&shuffled.slice(pair[0], pair[1] - pair[0]), chosen)?);
    }
    random.shuffle(&mut chunks);
    Ok(chunks)
}

/// The batch with its `Utf8` columns encoded; other columns stay. `Mixed` counts as `Dictionary` here.
pub fn encode(batch: &RecordBatch, encoding: Encoding) -> Result<RecordBatch, ArrowError> {
    if encoding == Encoding::Plain {
        return Ok(batch.clone());
    }
    let mut fields = Vec::with_capacity(batch.num_columns());
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let column = match column.data_type() {
            DataType::Utf8 => dictionary(column.as_string(), encoding == Encoding::RedundantDictionary)?,
            _ => Arc::clone(column),
        };
        fields.push(Field::new(field.name(), column.data_type().clone(), true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

fn dictionary(texts: &StringArray, redundant: bool) -> Result<ArrayRef, ArrowError> {
    let plain: DictionaryArray<Int32Type> = texts.iter().collect();
    if !redundant {
        return Ok(Arc::new(plain));
    }
    let values = plain.values().as_string::<i32>();
    let count = values.len() as i32;
    let doubled: StringArray = values.iter().chain(values.iter()).chain([Some("used by no row")]).collect();
    let keys: Int32Array = plain.keys().iter().enumerate().map(|(row, key)| key.map(|key| if row % 2 == 0 { key } else { key + count })).collect();
    Ok(Arc::new(DictionaryArray::try_new(keys, Arc::new(doubled))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(batches: &[RecordBatch]) -> Vec<Option<String>> {
        let mut texts = Vec::new();
        for batch in batches {
            match batch.column(0).as_any_dictionary_opt() {
                Some(dictionary) => {
                    let values = dictionary.values().as_string::<i32>();
                    let keys = dictionary.keys().as_primitive::<Int32Type>();
                    texts.extend(keys.iter().map(|key| key.map(|key| values.value(key as usize).to_owned())));
                }
                None => texts.extend(batch.column(0).as_string::<i32>().iter().map(|text| text.map(str::to_owned))),
            }
        }
        texts.sort();
        texts
    }

    #[test]
    fn chunks_hold_the_same_rows_in_every_encoding() {
        let column: StringArray = (0..50).map(|row| (row % 7 != 0).then(|| format!("text {}", row % 5))).collect();
        let schema = Arc::new(Schema::new(vec![Field::new("a", DataType::Utf8, true)]));
        let batch = RecordBatch::try_new(schema, vec![Arc::new(column)]).expect("a batch");
        for seed in 0..50 {
            for encoding in [Encoding::Plain, Encoding::Dictionary, Encoding::RedundantDictionary, Encoding::Mixed] {
                let parts = chunks(&batch, seed, encoding).expect("chunks");
                assert_eq!(texts(&parts), texts(std::slice::from_ref(&batch)));
            }
        }
    }
}
