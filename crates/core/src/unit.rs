//! The smallest piece of work with a stable identity.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

/// A file, or some row groups of it, that feeds one input of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unit {
    /// Name of the pipeline input that the file feeds.
    pub input: String,
    /// Path or URI, as it is opened and as errors show it.
    pub uri: String,
    /// Size in bytes when it was listed.
    pub size: u64,
    /// Version when it was listed: modification time, ETag, or any text that changes with the content.
    pub version: String,
    /// The part of the file that this unit is; the whole file where absent. Only CSV files that are not compressed are cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<ByteRange>,
}

/// Bytes of a file, half-open. A record belongs to the range that its first byte lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ByteRange {
    /// First byte, from 0.
    pub start: u64,
    /// The byte behind the last one.
    pub end: u64,
}

impl Unit {
    /// Stable identity: the same file in the same version always has the same 32 hexadecimal digits.
    pub fn id(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n{}", self.input, self.uri, self.size, self.version);
        if let Some(ByteRange { start, end }) = self.range {
            text.push_str(&format!("\n{start}-{end}"));
        }
        format!("{:032x}", xxh3_128(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_changes_with_what_the_unit_is_and_with_nothing_else() {
        let unit = Unit { input: "a".into(), uri: "f".into(), size: 1, version: "1".into(), range: None };
        assert_eq!(unit.id(), unit.clone().id());
        assert_ne!(unit.id(), Unit { range: Some(ByteRange { start: 0, end: 1 }), ..unit.clone() }.id());
        assert_ne!(unit.id(), Unit { version: "2".into(), ..unit.clone() }.id());
        assert_ne!(unit.id(), Unit { size: 2, ..unit }.id());
    }
}
