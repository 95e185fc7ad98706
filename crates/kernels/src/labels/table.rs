//! Label maps as interned sorted lists of integers.

use std::borrow::Cow;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};
use rowmill_core::{Code, Error, Result};
use std::hash::BuildHasher;

use super::json::{Malformed, read_flat_object};
use crate::intern::{Interner, NULL_ID};

/// The map that is NULL: not the same as the empty one.
pub const NULL_LABELS: u32 = 0;
/// The map without members.
pub const EMPTY_LABELS: u32 = 1;

/// How label texts are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct LabelRules {
    /// A NULL text is the empty map, not NULL.
    pub null_is_empty: bool,
    /// A text of nothing but white space is the empty map, not malformed.
    pub blank_is_empty: bool,
    /// A malformed text is the empty map and counted, not an error.
    pub malformed_is_empty: bool,
}

type Pair = (u16, u32);

/// Interned label maps over a fixed set of enabled keys.
///
/// A map is a list of (key number, value number), sorted by key; a value that is JSON null has [`NULL_ID`]. Equal maps have equal
/// ids, whatever their texts looked like.
pub struct LabelTable {
    keys: Vec<String>,
    /// The same as JSON, with a colon behind.
    quoted_keys: Vec<String>,
    key_numbers: HashMap<String, u16, FixedState>,
    rules: LabelRules,
    values: Interner,
    pairs: Vec<Pair>,
    ends: Vec<u32>,
    index: HashTable<u32>,
    hasher: FixedState,
    merged: HashMap<(u32, u32), u32, FixedState>,
    scratch: Vec<Pair>,
    usual: UsualKeys,
}

/// The keys of the text that was read last, by position, with their numbers: texts tend to have the same keys in the same order.
#[derive(Default)]
struct UsualKeys(Vec<(String, Option<u16>)>);

/// Positions that are remembered.
const USUAL_KEYS: usize = 64;

impl UsualKeys {
    /// The number of the key at this position of a text; `None` for one that is not enabled.
    #[inline]
    fn number(&mut self, position: usize, key: &str, numbers: &HashMap<String, u16, FixedState>) -> Option<u16> {
        match self.0.get(position) {
            Some((usual, number)) if usual == key => *number,
            _ => self.look_up(position, key, numbers),
        }
    }

    fn look_up(&mut self, position: usize, key: &str, numbers: &HashMap<String, u16, FixedState>) -> Option<u16> {
        let number = numbers.get(key).copied();
        match self.0.get_mut(position) {
            Some((usual, known)) => {
                usual.clear();
                usual.push_str(key);
                *known = number;
            }
            None if position < USUAL_KEYS => self.0.push((key.to_owned(), number)),
            None => {}
        }
        number
    }
}

/// Merge results remembered at most, so that memory stays bounded.
const MERGES_KEPT: usize = 1 << 16;

impl LabelTable {
    /// A table that keeps these keys only; the order and repeats do not matter.
    pub fn new(enabled: impl IntoIterator<Item = String>, rules: LabelRules) -> Self {
        let mut keys: Vec<String> = enabled.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        let key_numbers = keys.iter().enumerate().map(|(number, key)| (key.clone(), number as u16)).collect();
        let quoted_keys = keys.iter().map(|key| quoted(key)).collect();
        let mut table = Self {
            keys,
            quoted_keys,
            key_numbers,
            rules,
            values: Interner::default(),
            pairs: Vec::new(),
            ends: Vec::new(),
            index: HashTable::new(),
            hasher: FixedState::default(),
            merged: HashMap::default(),
            scratch: Vec::new(),
            usual: UsualKeys::default(),
        };
        // NULL has no pairs either, but is never looked up by its pairs; the empty map is found in the index.
        table.ends.push(0);
        let empty = table.intern_scratch();
        debug_assert_eq!(empty, EMPTY_LABELS);
        table
    }

    /// Reads a label text and keeps the enabled keys; a repeated key keeps its last value.
    ///
    /// # Errors
    /// `DATA_LABELS_INVALID` with the value where the text is not a flat JSON object or `null`, unless the rules say otherwise.
    pub fn parse(&mut self, text: Option<&str>) -> Result<u32> {
        let Some(text) = text else { return Ok(if self.rules.null_is_empty { EMPTY_LABELS } else { NULL_LABELS }) };
        if self.rules.blank_is_empty && text.trim().is_empty() {
            return Ok(EMPTY_LABELS);
        }
        match self.read(text) {
            Ok(true) => Ok(self.intern_scratch()),
            Ok(false) => Ok(if self.rules.null_is_empty { EMPTY_LABELS } else { NULL_LABELS }),
            Err(_) if self.rules.malformed_is_empty => Ok(EMPTY_LABELS),
            Err(malformed) => {
                Err(Error::new(Code::DataLabelsInvalid, format!("not a flat JSON object: {} at byte {}", malformed.reason, malformed.at))
                    .value(text)
                    .help("Labels are one JSON object of texts such as {\"app\": \"shop\"}; write {} where there are none."))
            }
        }
    }

    /// Whether a text would be refused, or let pass only because malformed texts count as empty.
    pub fn is_malformed(text: &str) -> bool {
        read_flat_object(text, |_, _| {}).is_err()
    }

    fn read(&mut self, text: &str) -> Result<bool, Malformed> {
        self.scratch.clear();
        let (scratch, values, numbers, usual) = (&mut self.scratch, &mut self.values, &self.key_numbers, &mut self.usual);
        let mut members = 0;
        read_flat_object(text, |key, value| {
            members += 1;
            let Some(key) = usual.number(members - 1, &key, numbers) else { return };
            let value = value.map_or(NULL_ID, |value| values.intern(&value));
            match scratch.iter_mut().find(|(known, _)| *known == key) {
                Some(pair) => pair.1 = value,
                None => scratch.push((key, value)),
            }
        })
    }

    fn intern_scratch(&mut self) -> u32 {
        self.scratch.sort_unstable_by_key(|(key, _)| *key);
        let hash = self.hasher.hash_one(&self.scratch);
        let (pairs, ends) = (&self.pairs, &self.ends);
        if let Some(&id) = self.index.find(hash, |&id| slice(pairs, ends, id) == self.scratch) {
            return id;
        }
        let id = self.ends.len() as u32;
        self.pairs.extend_from_slice(&self.scratch);
        self.ends.push(self.pairs.len() as u32);
        let (pairs, ends, hasher) = (&self.pairs, &self.ends, &self.hasher);
        self.index.insert_unique(hash, id, |&id| hasher.hash_one(slice(pairs, ends, id)));
        id
    }

    /// `base` overwritten by `over`, key by key; NULL on either side counts as empty, and the result is never NULL.
    pub fn merge(&mut self, base: u32, over: u32) -> u32 {
        let base = base.max(EMPTY_LABELS);
        let over = over.max(EMPTY_LABELS);
        if over == EMPTY_LABELS || base == over {
            return base;
        }
        if base == EMPTY_LABELS {
            return over;
        }
        if let Some(&id) = self.merged.get(&(base, over)) {
            return id;
        }
        self.combine(base, over, |_, _, over| over);
        let id = self.intern_scratch();
        if self.merged.len() >= MERGES_KEPT {
            self.merged.clear();
        }
        self.merged.insert((base, over), id);
        id
    }

    /// The keys of both maps; where both have one, the larger value in code point order (JSON null is smallest). Does not depend
    /// on the order of the two.
    pub fn union_larger(&mut self, left: u32, right: u32) -> u32 {
        self.combine(left.max(EMPTY_LABELS), right.max(EMPTY_LABELS), |values, left, right| values.larger(left, right));
        self.intern_scratch()
    }

    fn combine(&mut self, left: u32, right: u32, both: impl Fn(&Interner, u32, u32) -> u32) {
        let (left, right) = (slice(&self.pairs, &self.ends, left), slice(&self.pairs, &self.ends, right));
        self.scratch.clear();
        self.scratch.extend(left.iter().filter(|(key, _)| !right.iter().any(|(other, _)| key == other)));
        self.scratch.extend(right.iter().map(|&(key, value)| match left.iter().find(|(other, _)| *other == key) {
            Some(&(_, other)) => (key, both(&self.values, other, value)),
            None => (key, value),
        }));
    }

    /// Writes the map as compact JSON with keys in code point order; `false` (and nothing written) for NULL.
    pub fn write_json(&self, id: u32, out: &mut String) -> bool {
        if id == NULL_LABELS {
            return false;
        }
        self.write_pairs(slice(&self.pairs, &self.ends, id).iter().copied(), out);
        true
    }

    /// Writes what [`LabelTable::merge`] would answer, without giving it a number.
    pub fn write_merged_json(&self, base: u32, over: u32, out: &mut String) {
        let mut base = slice(&self.pairs, &self.ends, base.max(EMPTY_LABELS)).iter().copied().peekable();
        let mut over = slice(&self.pairs, &self.ends, over.max(EMPTY_LABELS)).iter().copied().peekable();
        let merged = std::iter::from_fn(|| match (base.peek(), over.peek()) {
            (Some((left, _)), Some((right, _))) if left == right => {
                base.next();
                over.next()
            }
            (Some((left, _)), Some((right, _))) if left > right => over.next(),
            (Some(_), _) => base.next(),
            (None, _) => over.next(),
        });
        self.write_pairs(merged, out);
    }

    fn write_pairs(&self, pairs: impl Iterator<Item = Pair>, out: &mut String) {
        out.push('{');
        let mut separator = "";
        for (key, value) in pairs {
            out.push_str(separator);
            out.push_str(&self.quoted_keys[key as usize]);
            match self.values.get(value) {
                Some(value) => write_string(value, out),
                None => out.push_str("null"),
            }
            separator = ",";
        }
        out.push('}');
    }

    /// The map as JSON text; `None` for NULL.
    pub fn json(&self, id: u32) -> Option<String> {
        let mut out = String::new();
        self.write_json(id, &mut out).then_some(out)
    }

    /// Number of ids given so far; all ids are below it.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never true: NULL and the empty map are always there.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The rules it was made with.
    pub fn rules(&self) -> LabelRules {
        self.rules
    }

    /// Forgets every map and gives memory back; ids given before are void.
    pub fn reset(&mut self) {
        let keys = std::mem::take(&mut self.keys);
        *self = Self::new(keys, self.rules);
    }

    /// Bytes held.
    pub fn resident_bytes(&self) -> usize {
        self.values.resident_bytes()
            + self.pairs.capacity() * size_of::<Pair>()
            + self.ends.capacity() * size_of::<u32>()
            + self.index.allocation_size()
            + self.merged.allocation_size()
    }
}

fn slice<'a>(pairs: &'a [Pair], ends: &[u32], id: u32) -> &'a [Pair] {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] as usize };
    &pairs[start..ends[id] as usize]
}

/// A key as it stands before its value.
fn quoted(key: &str) -> String {
    let mut out = String::new();
    write_string(key, &mut out);
    out.push(':');
    out
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push_str(text);
    } else {
        text.chars().for_each(|letter| out.push_str(&escaped(letter)));
    }
    out.push('"');
}

fn escaped(letter: char) -> Cow<'static, str> {
    match letter {
        '"' => "\\\"".into(),
        '\\' => "\\\\".into(),
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        '\u{8}' => "\\b".into(),
        '\u{c}' => "\\f".into(),
        letter if letter < ' ' => format!("\\u{:04x}", letter as u32).into(),
        letter => letter.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(keys: &[&str]) -> LabelTable {
        LabelTable::new(keys.iter().map(|key| (*key).to_owned()), LabelRules::default())
    }

    #[test]
    fn maps_are_equal_by_content_and_keep_enabled_keys_only() {
        let mut labels = table(&["env", "app", "é"]);
        let first = labels.parse(Some(r#"{"app": "a", "secret": "s", "env": "prod"}"#)).expect("labels");
        let second = labels.parse(Some(r#"{"env":"x","env":"prod","app":"a"}"#)).expect("labels");
        assert_eq!(first, second);
        assert_eq!(labels.json(first).as_deref(), Some(r#"{"app":"a","env":"prod"}"#));
        assert_eq!(labels.parse(Some(r#"{"secret":"s"}"#)), Ok(EMPTY_LABELS));
        assert_eq!(labels.parse(Some("{}")), Ok(EMPTY_LABELS));
        assert_eq!(labels.parse(None), Ok(NULL_LABELS));
        assert_eq!(labels.parse(Some("null")), Ok(NULL_LABELS));
        let odd = labels.parse(Some(r#"{"é":null,"app":"q\"\\\u0001\n"}"#)).expect("labels");
        assert_eq!(labels.json(odd).as_deref(), Some(r#"{"app":"q\"\\\u0001\n","é":null}"#));
        let text = labels.json(odd).expect("text");
        assert_eq!(labels.parse(Some(&text)), Ok(odd));
    }

    #[test]
    fn later_maps_overwrite_and_null_counts_as_empty() {
        let mut labels = table(&["a", "b", "c"]);
        let [node, namespace, pod] =
            [r#"{"a":"n","b":"n","c":"n"}"#, r#"{"b":"s","c":"s"}"#, r#"{"c":null}"#].map(|text| labels.parse(Some(text)).expect("labels"));
        let both = labels.merge(node, namespace);
        let all = labels.merge(both, pod);
        assert_eq!(labels.json(all).as_deref(), Some(r#"{"a":"n","b":"s","c":null}"#));
        assert_eq!(labels.merge(NULL_LABELS, NULL_LABELS), EMPTY_LABELS);
        for base in [NULL_LABELS, EMPTY_LABELS, node, namespace, pod] {
            for over in [NULL_LABELS, EMPTY_LABELS, node, namespace, pod] {
                let merged = labels.merge(base, over);
                let mut written = String::new();
                labels.write_merged_json(base, over, &mut written);
                assert_eq!(labels.json(merged), Some(written));
            }
        }
        assert_eq!(labels.merge(NULL_LABELS, pod), pod);
        let union = labels.union_larger(namespace, node);
        assert_eq!(union, labels.union_larger(node, namespace));
        assert_eq!(labels.json(union).as_deref(), Some(r#"{"a":"n","b":"s","c":"s"}"#));
    }

    #[test]
    fn malformed_text_is_an_error_with_its_value_or_counts_as_empty() {
        let error = table(&["a"]).parse(Some("[1]")).expect_err("malformed");
        assert_eq!((error.code(), error.place().value.as_deref()), (Code::DataLabelsInvalid, Some("[1]")));
        let rules = LabelRules { null_is_empty: true, blank_is_empty: true, malformed_is_empty: true };
        let mut lenient = LabelTable::new(["a".to_owned()], rules);
        for text in [None, Some(""), Some("  "), Some("null"), Some("x")] {
            assert_eq!(lenient.parse(text), Ok(EMPTY_LABELS));
        }
    }

    #[test]
    fn reset_starts_over() {
        let mut labels = table(&["a"]);
        let before = labels.parse(Some(r#"{"a":"1"}"#)).expect("labels");
        labels.reset();
        assert_eq!(labels.len(), 2);
        assert_eq!(labels.parse(Some(r#"{"a":"2"}"#)), Ok(before));
        assert_eq!(labels.json(before).as_deref(), Some(r#"{"a":"2"}"#));
    }
}
