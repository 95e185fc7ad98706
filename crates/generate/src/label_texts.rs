//! Label texts as the converter writes them: JSON with a space after each comma and colon, other than ASCII escaped.

use std::fmt::Write;
use std::sync::Arc;

use arrow_array::StringArray;

use crate::noise::noise;
use crate::spec::Labels;

/// Keys that a plan of generated data enables.
pub(crate) const ENABLED_KEYS: [&str; 5] = ["app", "env", "tier", "team", "version"];

/// Up to this many texts are made once and referred to by number.
const TABLE_LIMIT: u32 = 20_000;

/// Which label text a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LabelId {
    /// NULL.
    Null,
    /// `{}`.
    Empty,
    /// A text that is no JSON.
    Malformed,
    /// One of the distinct texts, from 0.
    Text(u32),
}

/// The label texts of pods.
#[derive(Clone, Debug)]
pub(crate) struct LabelTexts {
    least_bytes: usize,
    random: bool,
    kept: u32,
    table: Option<Arc<StringArray>>,
}

impl LabelTexts {
    pub(crate) fn new(labels: &Labels) -> Self {
        let mut texts = Self { least_bytes: labels.bytes, random: labels.random, kept: labels.kept, table: None };
        if labels.distinct <= TABLE_LIMIT {
            let ids = [LabelId::Empty, LabelId::Malformed].into_iter().chain((0..labels.distinct).map(LabelId::Text));
            let values = ids.map(|id| {
                let mut text = String::new();
                texts.push(id, &mut text);
                text
            });
            texts.table = Some(Arc::new(StringArray::from_iter_values(values)));
        }
        texts
    }

    /// All texts, where there are few enough to be a dictionary; see [`LabelTexts::code`].
    pub(crate) fn table(&self) -> Option<Arc<StringArray>> {
        self.table.clone()
    }

    /// Position of a text in the table; `None` is NULL.
    pub(crate) fn code(id: LabelId) -> Option<i32> {
        match id {
            LabelId::Null => None,
            LabelId::Empty => Some(0),
            LabelId::Malformed => Some(1),
            LabelId::Text(id) => Some(id as i32 + 2),
        }
    }

    /// Appends the text; nothing for NULL.
    pub(crate) fn push(&self, id: LabelId, text: &mut String) {
        match id {
            LabelId::Null => {}
            LabelId::Empty => text.push_str("{}"),
            LabelId::Malformed => text.push_str("app:shop|env"),
            LabelId::Text(id) => self.push_text(id, text),
        }
    }

    fn push_text(&self, id: u32, text: &mut String) {
        let kept = id.checked_rem(self.kept).unwrap_or(id);
        let env = ["prod", "stage", "dev", ""][kept as usize % 4];
        let start = text.len();
        // Writing to a text cannot fail. The factor is odd, so different numbers have different hashes.
        let _ = write!(text, "{{\"app\": \"app-{kept:03}\", \"env\": \"{env}\", \"pod_template_hash\": \"{:x}\"", id.wrapping_mul(2_654_435_761));
        if kept.is_multiple_of(3) {
            let _ = write!(text, ", \"version\": \"v1.{}.0\"", kept % 7);
        }
        if kept % 17 == 5 {
            text.push_str(", \"team\": \"caf\\u00e9\"");
        }
        if kept % 13 == 6 {
            let _ = write!(text, ", \"vm_kubevirt_io_name\": \"vm-{kept:03}\"");
        }
        let missing = self.least_bytes.saturating_sub(text.len() - start + 13);
        if missing > 0 {
            text.push_str(", \"note\": \"");
            self.push_padding(id, missing, text);
            text.push('"');
        }
        text.push('}');
    }

    fn push_padding(&self, id: u32, count: usize, text: &mut String) {
        if !self.random {
            return text.extend(std::iter::repeat_n('x', count));
        }
        let end = text.len() + count;
        for piece in 0.. {
            if text.len() >= end {
                break;
            }
            let _ = write!(text, "{:016x}", noise([u64::from(id), piece, 4]));
        }
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_distinct_flat_json_of_the_asked_length() {
        let texts = LabelTexts::new(&Labels { distinct: 500, bytes: 300, ..Labels::default() });
        let mut seen = std::collections::BTreeSet::new();
        for id in 0..500 {
            let mut text = String::new();
            texts.push(LabelId::Text(id), &mut text);
            let parsed: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).expect("an object");
            assert!(parsed.values().all(serde_json::Value::is_string) && text.len() >= 300, "{text}");
            seen.insert(text);
        }
        assert_eq!(seen.len(), 500);
    }

    #[test]
    fn texts_may_differ_in_keys_that_are_not_enabled_alone() {
        let texts = LabelTexts::new(&Labels { distinct: 1_000, kept: 7, bytes: 200, random: true, ..Labels::default() });
        let (mut seen, mut kept) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
        for id in 0..1_000 {
            let mut text = String::new();
            texts.push(LabelId::Text(id), &mut text);
            let parsed: std::collections::BTreeMap<String, String> = serde_json::from_str(&text).expect("an object of texts");
            assert!((200..=201).contains(&text.len()) && parsed["note"].len() > 50, "{text}");
            assert!(seen.insert(text));
            kept.insert(parsed.into_iter().filter(|(key, _)| ENABLED_KEYS.contains(&key.as_str())).collect::<Vec<_>>());
        }
        assert_eq!((seen.len(), kept.len()), (1_000, 7));
    }
}
