//! What is wrong with a document, and where.

use std::fmt;

/// What is wrong with a document. Says where, and never what the document says there: values may be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    /// What kind of fault it is.
    pub kind: XmlErrorKind,
    /// Bytes before the fault, in the text as UTF-8.
    pub offset: usize,
    /// Line of the fault, from 1.
    pub line: u32,
    /// Character of the line, from 1.
    pub column: u32,
}

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum XmlErrorKind {
    /// Nothing but white space.
    Empty,
    /// The bytes are not text in the encoding that they claim or have.
    Encoding,
    /// A character that no document may have.
    Character,
    /// A document type definition, which is not read.
    DocumentType,
    /// Something that is no tag follows a `<`.
    Tag,
    /// A name that is none.
    Name,
    /// A prefix that no element around declares.
    Prefix,
    /// An attribute without a value in quotes, or without a blank before it.
    Attribute,
    /// Two attributes of an element with one name.
    DuplicateAttribute,
    /// A `<` in the value of an attribute.
    LessThan,
    /// An entity that is none of the five of XML and no character.
    Entity,
    /// A `]]>` in text.
    SectionEnd,
    /// A comment with `--` in it.
    Comment,
    /// A processing instruction without a name, or an XML declaration that is not first.
    Instruction,
    /// An end tag that is not that of the innermost open element.
    EndTag,
    /// Text or a second element outside the root element.
    OutsideRoot,
    /// The document ends before the root element does.
    Truncated,
    /// A limit is passed; which one.
    TooLarge(Limit),
}

/// The limit that was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// Bytes of the document.
    DocumentBytes,
    /// Elements inside one another.
    Depth,
    /// Elements in all.
    Elements,
    /// Attributes of one element.
    Attributes,
    /// Bytes of an attribute's value.
    AttributeBytes,
    /// Bytes of a run of text.
    TextBytes,
}

impl XmlError {
    /// The fault at this place of a text; counts lines.
    pub(crate) fn at(kind: XmlErrorKind, text: &str, offset: usize) -> Self {
        let offset = offset.min(text.len());
        let before = &text.as_bytes()[..offset];
        let line = memchr::memchr_iter(b'\n', before).count();
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        // Bytes that continue a character do not count.
        let column = before[start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        Self { kind, offset, line: u32::try_from(line + 1).unwrap_or(u32::MAX), column: u32::try_from(column + 1).unwrap_or(u32::MAX) }
    }
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, column {})", self.kind, self.line, self.column)
    }
}

impl std::error::Error for XmlError {}

impl fmt::Display for XmlErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the document is empty",
            Self::Encoding => "the bytes are no text in the document's encoding",
            Self::Character => "a character that XML does not allow",
            Self::DocumentType => "a document type definition, which is not read",
            Self::Tag => "a `<` that begins no tag",
            Self::Name => "a name that is none",
            Self::Prefix => "a prefix that is not declared",
            Self::Attribute => "an attribute without a value in quotes, or without a blank before it",
            Self::DuplicateAttribute => "an element with two attributes of one name",
            Self::LessThan => "a `<` in the value of an attribute",
            Self::Entity => "an entity that is not known",
            Self::SectionEnd => "a `]]>` in text",
            Self::Comment => "a comment with `--` in it",
            Self::Instruction => "a processing instruction without a name, or an XML declaration that is not first",
            Self::EndTag => "an end tag that does not fit the element that is open",
            Self::OutsideRoot => "something outside the root element",
            Self::Truncated => "the document ends too early",
            Self::TooLarge(limit) => {
                return write!(f, "the document is too large: {limit}");
            }
        })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DocumentBytes => "too many bytes",
            Self::Depth => "too many elements inside one another",
            Self::Elements => "too many elements",
            Self::Attributes => "too many attributes of one element",
            Self::AttributeBytes => "too long a value of an attribute",
            Self::TextBytes => "too long a text",
        })
    }
}
