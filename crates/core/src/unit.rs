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
}

impl Unit {
    /// Stable identity: the same file in the same version always has the same 32 hexadecimal digits.
    pub fn id(&self) -> String {
        let text = format!("{}\n{}\n{}\n{}", self.input, self.uri, self.size, self.version);
        format!("{:032x}", xxh3_128(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_changes_with_the_version_and_with_nothing_else() {
        let unit = Unit { input: "a".into(), uri: "f".into(), size: 1, version: "1".into() };
        assert_eq!(unit.id(), unit.clone().id());
        assert_ne!(unit.id(), Unit { version: "2".into(), ..unit.clone() }.id());
        assert_ne!(unit.id(), Unit { size: 2, ..unit }.id());
    }
}
