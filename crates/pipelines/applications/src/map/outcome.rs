//! What became of a document.

use serde::Serialize;

/// Which document it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceId {
    /// Number of the document among those that are mapped together, from 0; rows carry it.
    pub ordinal: i32,
    /// Id by which the source knows it, where it knows one.
    pub id: Option<i64>,
    /// Name for messages: a file, a member of an archive, a row.
    pub name: String,
}

/// What became of a document. Values of the document are masked in it, unless they were asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Number of the document, as the source said.
    pub ordinal: i32,
    /// Id that the document says it has; nothing where it says none that can be read.
    pub document_id: Option<i64>,
    /// Whether it became rows.
    pub status: Status,
    /// Where it failed; nothing where it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// Why it failed and what to do, at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<DocumentPlace>,
    /// What does not fail a document and is worth knowing.
    pub issues: Vec<Issue>,
    /// Bytes of the document as it came.
    pub bytes: u64,
    /// Rows that it became, over all tables.
    pub rows: u64,
}

/// Whether a document became rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// It did; they are not in a database yet.
    Mapped,
    /// It did not, and left none.
    Failed,
}

/// Where a document failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// It is no XML, or not text at all.
    Parsing,
    /// It is not a document of this contract, or does not say which one it is.
    Validation,
    /// A value does not fit its column.
    Mapping,
}

/// A place in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentPlace {
    /// Line from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Character of the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Path of the element, or of the attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Name of the attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
}

/// Something that does not fail a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// What kind it is, for counting.
    pub kind: IssueKind,
    /// A sentence, with values masked.
    pub message: String,
}

/// How bad an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// The document is unusual; nothing is lost that the contract asks for.
    Warning,
    /// Something was left out.
    Quality,
}

/// Kinds of issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum IssueKind {
    /// The document has the element of another kind, too.
    OtherApplication,
    /// No element of a group that becomes a row.
    NoMembers,
    /// None of the first role.
    NoMainMember,
    /// Several of the first role.
    SeveralMainMembers,
    /// A member of the first role lacks what it should have.
    IncompleteMember,
    /// A member without an id or a role, or with an unknown role; it is left out.
    MemberSkipped,
    /// Two members with one id; one is left out.
    RepeatedMember,
    /// A child without a type; it is left out.
    ChildSkipped,
    /// A path that came more than once; the last is taken.
    RepeatedElement,
    /// A value that could not be converted was left out.
    ValueLeftOut,
    /// A row whose key was there already was left out.
    RowLeftOut,
    /// The filter of child rows found no member; there are no child rows.
    NoChildMembers,
    /// How many issues were left out of the list.
    More,
}
