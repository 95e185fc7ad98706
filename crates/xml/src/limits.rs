//! What a document may be at most.

/// What a document may be at most; beyond it [`scan`](crate::scan) answers [`TooLarge`](crate::XmlErrorKind::TooLarge).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document in UTF-8.
    pub document_bytes: usize,
    /// Elements inside one another.
    pub depth: usize,
    /// Elements in all.
    pub elements: u64,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of one attribute's value as it is written.
    pub attribute_bytes: usize,
    /// Bytes of one run of text between tags.
    pub text_bytes: usize,
}

impl Default for Limits {
    /// 64 MiB, 256 levels, a million elements, 4,096 attributes of 1 MiB each, 8 MiB of text.
    fn default() -> Self {
        Self { document_bytes: 64 << 20, depth: 256, elements: 1_000_000, attributes: 4096, attribute_bytes: 1 << 20, text_bytes: 8 << 20 }
    }
}
