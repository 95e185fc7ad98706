//! Texts that rows name by their place in a dictionary: each is checked and written out once, and copied from then on.

use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, PrimitiveArray, StringArray};
use rowmill_core::Result;

use super::NULL;

/// A dictionary column while one batch is encoded.
pub(super) struct CodedTexts<'a> {
    keys: &'a PrimitiveArray<Int32Type>,
    values: &'a StringArray,
    /// Where the field of each value was written before, as start and length; a field is never empty, so 0 is not yet.
    written: Vec<(usize, usize)>,
}

impl<'a> CodedTexts<'a> {
    /// `values` are those of the column.
    pub(super) fn new(column: &'a DictionaryArray<Int32Type>, values: &'a StringArray) -> Self {
        Self { keys: column.keys(), values, written: vec![(0, 0); values.len()] }
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        self.keys.is_null(row)
    }

    /// Appends the field of a row that is not NULL. `out` is the same, and only grows, for all rows of the batch.
    ///
    /// # Errors
    /// Those of `encode`, which is asked for a value's first row.
    #[inline]
    pub(super) fn put(&mut self, row: usize, out: &mut Vec<u8>, encode: impl FnOnce(&str, &mut Vec<u8>) -> Result<()>) -> Result<()> {
        let code = self.keys.value(row) as usize;
        let (start, length) = self.written[code];
        if length > 0 {
            out.extend_from_within(start..start + length);
            return Ok(());
        }
        let start = out.len();
        if self.values.is_null(code) {
            out.extend_from_slice(&NULL.to_be_bytes());
        } else {
            encode(self.values.value(code), out)?;
        }
        self.written[code] = (start, out.len() - start);
        Ok(())
    }
}
