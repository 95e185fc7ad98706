//! Text columns as numbers, with the work done once per distinct text wherever the file kept a dictionary.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int32Array, StringArray};
use rowmill_core::{Error, Result};

use crate::intern::{Interner, NULL_ID};

/// A text column, with or without a dictionary.
pub enum TextColumn<'a> {
    /// Codes into distinct texts.
    Dictionary(&'a Int32Array, &'a StringArray),
    /// One text per row.
    Plain(&'a StringArray),
}

impl<'a> TextColumn<'a> {
    /// Looks at an array of type `Dictionary(Int32, Utf8)` or `Utf8`.
    ///
    /// # Errors
    /// `BUG_INTERNAL` for any other type: readers promise these two.
    pub fn of(array: &'a ArrayRef) -> Result<Self> {
        if let Some(dictionary) = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>()
            && let Some(values) = dictionary.values().as_string_opt::<i32>()
        {
            return Ok(Self::Dictionary(dictionary.keys(), values));
        }
        array.as_string_opt::<i32>().map(Self::Plain).ok_or_else(|| Error::bug(format!("a text column of type {}", array.data_type())))
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Dictionary(keys, values) => {
                if keys.is_null(row) {
                    return None;
                }
                let code = keys.value(row) as usize;
                values.is_valid(code).then(|| values.value(code))
            }
            Self::Plain(values) => values.is_valid(row).then(|| values.value(row)),
        }
    }
}

/// Numbers of a text column's rows in an [`Interner`], remembering the file's dictionary between batches.
///
/// Every text of a dictionary gets its number when the dictionary is first seen, so that a row costs one look-up. Dictionaries of
/// neighbouring row groups and files tend to list the same texts in the same order, if from another start on: what came behind a text
/// last time is tried first, and most texts are compared instead of looked up. The same goes for rows of columns without a dictionary.
#[derive(Default)]
pub struct CodeMap {
    /// Keeps the dictionary alive, so that its address stays its own.
    dictionary: Option<StringArray>,
    ids: Vec<u32>,
    /// By number of a text: the number of the one that came behind it.
    next: Vec<u32>,
}

impl CodeMap {
    /// Appends the number of each row to `out`, [`NULL_ID`] for NULL.
    ///
    /// # Errors
    /// `BUG_INTERNAL` for a column that is no text.
    pub fn map(&mut self, array: &ArrayRef, interner: &mut Interner, out: &mut Vec<u32>) -> Result<()> {
        match TextColumn::of(array)? {
            TextColumn::Dictionary(keys, values) => {
                self.adopt(values, interner);
                if keys.null_count() == 0 {
                    out.extend(keys.values().iter().map(|code| self.ids[*code as usize]));
                } else {
                    out.extend(keys.iter().map(|code| code.map_or(NULL_ID, |code| self.ids[code as usize])));
                }
            }
            TextColumn::Plain(values) => {
                let mut last: Option<(&str, u32)> = None;
                out.extend(values.iter().map(|text| match (text, last) {
                    (None, _) => NULL_ID,
                    (Some(text), Some((same, id))) if text == same => id,
                    (Some(text), _) => {
                        let id = self.behind(last.map_or(NULL_ID, |(_, id)| id), text, interner);
                        last = Some((text, id));
                        id
                    }
                }));
            }
        }
        Ok(())
    }

    /// Forgets the dictionary, for when the interner was emptied.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Bytes held, without the dictionary, which is the reader's.
    pub fn resident_bytes(&self) -> usize {
        (self.ids.capacity() + self.next.capacity()) * size_of::<u32>()
    }

    fn adopt(&mut self, values: &StringArray, interner: &mut Interner) {
        if self.dictionary.as_ref().is_some_and(|known| same_array(known, values)) {
            return;
        }
        self.dictionary = Some(values.clone());
        self.ids.clear();
        let mut last = NULL_ID;
        for text in values.iter() {
            last = text.map_or(NULL_ID, |text| self.behind(last, text, interner));
            self.ids.push(last);
        }
    }

    /// The number of a text that comes behind another one.
    fn behind(&mut self, last: u32, text: &str, interner: &mut Interner) -> u32 {
        let guess = self.next.get(last as usize).copied().unwrap_or(NULL_ID);
        if interner.get(guess) == Some(text) {
            return guess;
        }
        let id = interner.intern(text);
        if last != NULL_ID {
            if self.next.len() <= last as usize {
                self.next.resize(last as usize + 1, NULL_ID);
            }
            self.next[last as usize] = id;
        }
        id
    }
}

/// Whether two arrays are views of the same memory.
pub fn same_array(left: &StringArray, right: &StringArray) -> bool {
    left.len() == right.len() && left.offsets().ptr_eq(right.offsets()) && left.values().as_ptr() == right.values().as_ptr()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn both_forms_of_a_column_map_to_the_same_numbers() {
        let texts = [Some("a"), None, Some("b"), Some("a"), Some("")];
        let plain: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
        let dictionary: ArrayRef = Arc::new(texts.into_iter().collect::<DictionaryArray<Int32Type>>());
        let mut interner = Interner::default();
        let mut map = CodeMap::default();
        let mut ids = Vec::new();
        for array in [&plain, &dictionary, &dictionary] {
            map.map(array, &mut interner, &mut ids).expect("text");
        }
        assert_eq!(ids, [0, NULL_ID, 1, 0, 2, 0, NULL_ID, 1, 0, 2, 0, NULL_ID, 1, 0, 2]);
        let others = [[Some("b"), Some("a"), Some("c")], [Some("a"), Some("c"), Some("b")]].map(|texts| {
            let array: ArrayRef = Arc::new(texts.into_iter().collect::<DictionaryArray<Int32Type>>());
            ids.clear();
            map.map(&array, &mut interner, &mut ids).expect("text");
            ids.clone()
        });
        assert_eq!(others, [[1, 0, 3], [0, 3, 1]], "the same texts from another start on, and a new one between them");
        let column = TextColumn::of(&dictionary).expect("text");
        assert_eq!((column.get(1), column.get(2)), (None, Some("b")));
    }
}
