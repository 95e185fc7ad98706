//! Label columns as ids, parsed lazily and once per distinct text.

use arrow_array::{Array, ArrayRef, StringArray};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rowmill_core::{Code, Place, Rejected, Result};
use xxhash_rust::xxh3::xxh3_128;

use super::table::LabelTable;
use crate::codes::{TextColumn, same_array};

/// Not parsed yet.
const UNSEEN: u32 = u32::MAX;
/// Not hashed yet; a text with this hash is hashed each time.
const UNHASHED: u128 = u128::MAX;

/// Texts remembered at most for columns without a dictionary, so that memory stays bounded.
const TEXTS_KEPT: usize = 8192;
/// So many texts are looked up before it is decided whether that pays.
const TRIAL: u32 = 4096;
/// Where less than one in so many was known, texts are not looked up for a while.
const WORTH_ONE_IN: u32 = 8;
/// How long a while is, in trials.
const TRIALS_LEFT_OUT: u32 = 16;
/// Texts longer than this are parsed again each time.
const TEXT_KEPT_BYTES: usize = 1024;

/// Maps the rows of a label column to ids of a [`LabelTable`], remembering the file's dictionary between batches.
///
/// A text is parsed only when a row that uses it is asked for: a malformed text in a row that nobody reads is no error.
pub struct LabelColumn {
    name: &'static str,
    dictionary: Option<StringArray>,
    ids: Vec<u32>,
    hashes: Vec<u128>,
    texts: Texts,
    malformed: u64,
    first_malformed: Option<Box<str>>,
}

impl LabelColumn {
    /// A mapper for the column of this name, which errors will carry.
    pub fn new(name: &'static str) -> Self {
        Self { name, dictionary: None, ids: Vec::new(), hashes: Vec::new(), texts: Texts::default(), malformed: 0, first_malformed: None }
    }

    /// Prepares for a batch.
    ///
    /// # Errors
    /// `BUG_INTERNAL` for a column that is no text.
    pub fn open<'a>(&'a mut self, array: &'a ArrayRef) -> Result<LabelRows<'a>> {
        let column = TextColumn::of(array)?;
        if let TextColumn::Dictionary(_, values) = &column {
            self.adopt(values);
        }
        Ok(LabelRows { memory: self, column })
    }

    /// Malformed texts that were let pass as empty.
    pub fn rejected(&self) -> Option<Rejected> {
        (self.malformed > 0).then(|| Rejected {
            reason: format!("{}: {} is not a flat JSON object; counted as {{}}", Code::DataLabelsInvalid, self.name),
            place: Place { column: Some(self.name.into()), value: self.first_malformed.as_deref().map(Into::into), ..Place::default() },
            rows: self.malformed,
        })
    }

    /// Forgets every id, for when the table was reset; counts stay.
    pub fn clear(&mut self) {
        self.dictionary = None;
        self.ids.clear();
        self.hashes.clear();
        self.texts = Texts::default();
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        self.ids.capacity() * size_of::<u32>() + self.hashes.capacity() * size_of::<u128>() + self.texts.resident_bytes()
    }

    /// Takes over a dictionary; what is known of the texts that stay in their place is kept.
    fn adopt(&mut self, values: &StringArray) {
        if self.dictionary.as_ref().is_some_and(|known| same_array(known, values)) {
            return;
        }
        let known = self.dictionary.replace(values.clone());
        self.ids.resize(values.len(), UNSEEN);
        self.hashes.resize(values.len(), UNHASHED);
        for code in 0..values.len() {
            if !known.as_ref().is_some_and(|known| same_entry(known, values, code)) {
                self.ids[code] = UNSEEN;
                self.hashes[code] = UNHASHED;
            }
        }
    }

    fn parse(&mut self, labels: &mut LabelTable, text: Option<&str>) -> Result<u32> {
        labels.parse(text).map_err(|error| error.column(self.name))
    }

    #[cold]
    fn count_malformed(&mut self, text: &str) {
        self.malformed += 1;
        self.first_malformed.get_or_insert_with(|| text.into());
    }
}

/// Texts of a column without a dictionary that were parsed before, as long as that pays: where nearly every row has a text of its own,
/// looking it up and keeping it costs more than parsing it.
#[derive(Default)]
struct Texts {
    ids: HashMap<Box<str>, u32, FixedState>,
    bytes: usize,
    /// Texts asked for in this trial, and how many of them were known.
    asked: u32,
    known: u32,
    /// Texts that will not be looked up.
    left_out: u32,
}

impl Texts {
    fn find(&mut self, text: &str) -> Option<u32> {
        if self.left_out > 0 {
            self.left_out -= 1;
            return None;
        }
        let id = self.ids.get(text).copied();
        self.asked += 1;
        self.known += u32::from(id.is_some());
        if self.asked == TRIAL {
            let pays = self.known >= TRIAL / WORTH_ONE_IN;
            (self.asked, self.known) = (0, 0);
            if !pays {
                self.forget();
                self.left_out = TRIAL * TRIALS_LEFT_OUT;
            }
        }
        id
    }

    /// Keeps a text that was just asked for and not known.
    fn remember(&mut self, text: &str, id: u32) {
        if text.len() > TEXT_KEPT_BYTES || self.left_out > 0 {
            return;
        }
        if self.ids.len() >= TEXTS_KEPT {
            self.forget();
        }
        self.bytes += text.len();
        self.ids.insert(text.into(), id);
    }

    fn forget(&mut self) {
        self.ids.clear();
        self.bytes = 0;
    }

    fn resident_bytes(&self) -> usize {
        self.ids.allocation_size() + self.bytes
    }
}

/// The rows of one batch.
pub struct LabelRows<'a> {
    memory: &'a mut LabelColumn,
    column: TextColumn<'a>,
}

impl LabelRows<'_> {
    /// The id of a row's labels.
    ///
    /// # Errors
    /// `DATA_LABELS_INVALID` with row (in the batch), column and value, as the table's rules say.
    #[inline]
    pub fn id(&mut self, row: usize, labels: &mut LabelTable) -> Result<u32> {
        let id = match self.column {
            TextColumn::Dictionary(keys, values) if keys.is_valid(row) => {
                let code = keys.value(row) as usize;
                match self.memory.ids[code] {
                    UNSEEN => self.parse_code(row, code, values, labels)?,
                    id => id,
                }
            }
            TextColumn::Plain(values) if values.is_valid(row) => self.parse_text(row, values.value(row), labels)?,
            _ => labels.parse(None)?,
        };
        if labels.rules().malformed_is_empty && id == super::EMPTY_LABELS {
            self.check_malformed(row, labels.rules().blank_is_empty);
        }
        Ok(id)
    }

    /// The text of a row.
    pub fn text(&self, row: usize) -> Option<&str> {
        self.column.get(row)
    }

    /// A hash of a row's text, the same in every fold and on every machine; 0 for NULL.
    #[inline]
    pub fn text_hash(&mut self, row: usize) -> u128 {
        match self.column {
            TextColumn::Dictionary(keys, values) if keys.is_valid(row) => {
                let code = keys.value(row) as usize;
                let known = &mut self.memory.hashes[code];
                if *known == UNHASHED {
                    *known = if values.is_valid(code) { xxh3_128(values.value(code).as_bytes()) } else { 0 };
                }
                *known
            }
            _ => self.column.get(row).map_or(0, |text| xxh3_128(text.as_bytes())),
        }
    }

    #[cold]
    fn parse_code(&mut self, row: usize, code: usize, values: &StringArray, labels: &mut LabelTable) -> Result<u32> {
        let text = values.is_valid(code).then(|| values.value(code));
        let id = self.memory.parse(labels, text).map_err(|error| error.row(row as u64))?;
        self.memory.ids[code] = id;
        Ok(id)
    }

    fn parse_text(&mut self, row: usize, text: &str, labels: &mut LabelTable) -> Result<u32> {
        if let Some(id) = self.memory.texts.find(text) {
            return Ok(id);
        }
        let id = self.memory.parse(labels, Some(text)).map_err(|error| error.row(row as u64))?;
        self.memory.texts.remember(text, id);
        Ok(id)
    }

    fn check_malformed(&mut self, row: usize, blank_is_empty: bool) {
        let Some(text) = self.column.get(row) else { return };
        if LabelTable::is_malformed(text) && !(blank_is_empty && text.trim().is_empty()) {
            let text = text.to_owned();
            self.memory.count_malformed(&text);
        }
    }
}

/// Whether two dictionaries have the same text at this place; not where either has none.
fn same_entry(left: &StringArray, right: &StringArray, at: usize) -> bool {
    at < left.len() && left.is_valid(at) && right.is_valid(at) && left.value(at) == right.value(at)
}

#[cfg(test)]
mod tests {
    use super::super::table::{EMPTY_LABELS, LabelRules, NULL_LABELS};
    use super::*;
    use arrow_array::DictionaryArray;
    use arrow_array::types::Int32Type;
    use std::sync::Arc;

    const TEXTS: [Option<&str>; 5] = [Some(r#"{"a":"1"}"#), None, Some("bad"), Some("{}"), Some(r#"{ "a" : "1" }"#)];

    #[test]
    fn both_forms_give_the_same_ids_and_bad_texts_matter_only_when_read() {
        let plain: ArrayRef = Arc::new(StringArray::from(TEXTS.to_vec()));
        let dictionary: ArrayRef = Arc::new(TEXTS.into_iter().collect::<DictionaryArray<Int32Type>>());
        let mut labels = LabelTable::new(["a".to_owned()], LabelRules::default());
        for array in [&plain, &dictionary, &plain, &dictionary] {
            let mut column = LabelColumn::new("pod_labels");
            let mut rows = column.open(array).expect("text");
            assert_eq!(rows.id(0, &mut labels), rows.id(4, &mut labels));
            assert_eq!(rows.id(1, &mut labels), Ok(NULL_LABELS));
            assert_eq!(rows.id(3, &mut labels), Ok(EMPTY_LABELS));
            let error = rows.id(2, &mut labels).expect_err("bad");
            assert_eq!(
                (error.place().row, error.place().column.as_deref(), error.place().value.as_deref()),
                (Some(2), Some("pod_labels"), Some("bad"))
            );
        }
    }

    #[test]
    fn texts_that_nearly_all_differ_are_parsed_without_being_kept_and_give_the_same_ids() {
        let differing = 200_000;
        let all: Vec<String> = (0..differing).map(|number| format!(r#"{{"a":"{}","hash":"{number}"}}"#, number % 7)).collect();
        let array: ArrayRef = Arc::new(StringArray::from(all.iter().map(String::as_str).chain(["{}"]).collect::<Vec<_>>()));
        let mut labels = LabelTable::new(["a".to_owned()], LabelRules::default());
        let mut column = LabelColumn::new("pod_labels");
        let mut rows = column.open(&array).expect("text");
        let first: Vec<_> = (0..7).map(|row| rows.id(row, &mut labels)).collect();
        for row in 0..differing {
            assert_eq!(rows.id(row, &mut labels), first[row % 7]);
        }
        assert_eq!(rows.memory.texts.ids.len(), 0);
        for _ in 0..(2 * TRIAL * TRIALS_LEFT_OUT) {
            assert_eq!(rows.id(differing, &mut labels), Ok(EMPTY_LABELS));
        }
        assert_eq!(rows.memory.texts.ids.len(), 1, "a column that repeats itself again is looked up again");
    }

    #[test]
    fn texts_let_pass_are_counted_by_row() {
        let rules = LabelRules { malformed_is_empty: true, ..LabelRules::default() };
        let mut labels = LabelTable::new(["a".to_owned()], rules);
        let mut column = LabelColumn::new("pod_labels");
        let array: ArrayRef = Arc::new(["bad", "{}", "bad", ""].into_iter().map(Some).collect::<DictionaryArray<Int32Type>>());
        let mut rows = column.open(&array).expect("text");
        for row in 0..4 {
            assert_eq!(rows.id(row, &mut labels), Ok(EMPTY_LABELS));
        }
        assert_eq!(column.rejected().map(|rejected| rejected.rows), Some(3));
    }
}
