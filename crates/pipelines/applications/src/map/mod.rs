//! One streaming pass over a document, which becomes rows of typed columns.
//!
//! A contract is compiled once: names become numbers. Then each document is read once, and where the texts are that the contract asks for is
//! kept, without a copy; after that the rows are made. Rows of a document that fails are never seen.

mod capture;
mod cells;
mod codes;
mod columns;
mod compile;
mod damage;
mod fault;
mod issues;
mod lookups;
mod make_rows;
mod names;
mod outcome;
mod plan;
mod staged;
mod trie;
mod validate;
mod view;
mod watch;

use std::borrow::Cow;

use rowmill_core::Result;
use rowmill_xml::{Fallback, Limits, XmlError, decode, decode_readable, scan};

use crate::values::Value;

pub use columns::{DOCUMENT, Rows};
pub use outcome::{DocumentPlace, Issue, IssueKind, Outcome, Severity, SourceId, Stage, Status};

use capture::{Capture, Reader};
use cells::Maker;
use fault::Fault;
use issues::Issues;
use plan::{DocumentPlan, GroupPlan, Kind, TablePlan};
use staged::Staged;
use trie::Trie;
use view::View;
use watch::Watches;

/// A contract that is ready to be run. Any number of threads may map with one.
#[derive(Debug)]
pub struct Program {
    document: DocumentPlan,
    trie: Trie,
    /// Number of attributes of paths.
    path_texts: usize,
    kinds: Vec<Kind>,
    groups: Vec<GroupPlan>,
    watches: Watches,
    tables: Vec<TablePlan>,
    /// Paths that should come once.
    single: Vec<u32>,
    /// Whether something may be anywhere, so that nothing can be skipped.
    everywhere: bool,
}

/// What does not depend on the contract.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What a document may be at most.
    pub limits: Limits,
    /// What is done with bytes that are no text in their encoding.
    pub fallback: Fallback,
    /// Whether messages show values of documents. They are personal: the default is that they do not.
    pub reveal: bool,
    /// The time of the run, in microseconds since 1970, UTC.
    pub now: i64,
}

/// Memory of one thread, used for one document after the other.
#[derive(Debug, Default)]
pub struct Scratch {
    options: Options,
    capture: Capture,
    staged: Vec<Staged>,
    row: Vec<Value>,
    /// A document that is not in UTF-8, decoded.
    decoded: String,
}

impl Scratch {
    /// Memory for documents to be mapped with these options.
    pub fn new(options: Options) -> Self {
        let mut scratch = Self { options, ..Self::default() };
        // Places in a document are 32 bits wide.
        let limits = &mut scratch.options.limits;
        limits.document_bytes = limits.document_bytes.min(u32::MAX as usize - 1);
        scratch
    }

    /// Lets go of what a large document took beyond so many bytes.
    pub fn shrink_to(&mut self, bytes: usize) {
        self.decoded.clear();
        self.decoded.shrink_to(bytes);
    }
}

impl Program {
    /// No rows, of the tables of this program.
    pub fn rows(&self) -> Rows {
        Rows::new(&self.tables)
    }

    /// Maps a document: its rows are added to `out`, all of them or none.
    ///
    /// # Errors
    /// Only by a fault of this crate; what is wrong with the document is in the outcome.
    pub fn map(&self, scratch: &mut Scratch, source: &SourceId, bytes: &[u8], out: &mut Rows) -> Result<Outcome> {
        let mut outcome = Outcome {
            ordinal: source.ordinal,
            document_id: None,
            status: Status::Mapped,
            stage: None,
            reason: None,
            place: None,
            issues: Vec::new(),
            bytes: bytes.len() as u64,
            rows: 0,
        };
        let (decoded, undecoded) = match decode(bytes, scratch.options.fallback, &mut scratch.decoded) {
            Ok(decoded) => (Cow::Borrowed(decoded), None),
            // What is before the fault says which document it is.
            Err(error) => (decode_readable(bytes), Some(error)),
        };
        // Control characters before the document are what broken exports leave there; anywhere else they are an error.
        let text = decoded.trim_start_matches(|c: char| c.is_ascii_control() || c == ' ');
        let read = Read { whole: &decoded, text };
        scratch.capture.reset(self);
        let mut reader = Reader { program: self, capture: &mut scratch.capture, text };
        let scanned = scan(text, &scratch.options.limits, &mut reader);
        let mut view = View { program: self, capture: &scratch.capture, text, read, id: 0, groups: Vec::new() };
        outcome.document_id = validate::document_id(&view).ok();
        if let Err(error) = undecoded.map_or(scanned, |error| Err(XmlError { offset: text.len(), ..error })) {
            let path = damage::place_of(self, &scratch.capture, text, error.offset);
            unreadable(&mut outcome, &error, read, path);
            return Ok(outcome);
        }
        let mut issues = Issues::default();
        let made = self.stage(&mut view, source, &scratch.options, &mut scratch.staged, &mut scratch.row, &mut issues);
        outcome.issues = issues.into_list();
        match made {
            Ok(()) => {
                outcome.rows = scratch.staged.iter().map(|staged| staged.rows() as u64).sum();
                out.append(source.ordinal, &scratch.staged)?;
            }
            Err(fault) => failed(&mut outcome, &fault, read, scratch.options.reveal),
        }
        Ok(outcome)
    }

    /// Makes all rows of a document that was read.
    fn stage(
        &self,
        view: &mut View<'_>,
        source: &SourceId,
        options: &Options,
        staged: &mut Vec<Staged>,
        row: &mut Vec<Value>,
        issues: &mut Issues,
    ) -> Result<(), Box<Fault>> {
        view.id = validate::identify(view, source)?;
        view.find_members();
        validate::notice(view, issues);
        staged.resize_with(self.tables.len(), Staged::default);
        let mut maker = Maker { view, options, issues: std::mem::take(issues) };
        let made = self.tables.iter().zip(staged).try_for_each(|(table, staged)| {
            staged.clear();
            maker.rows(table, staged, row)
        });
        *issues = maker.issues;
        made
    }
}

/// A document as it was decoded, and the part of it that was read.
#[derive(Clone, Copy)]
struct Read<'t> {
    whole: &'t str,
    text: &'t str,
}

impl Read<'_> {
    /// Line and character, both from 1, of a place in the part that was read.
    fn line_and_column(self, at: usize) -> (u32, u32) {
        line_and_column(self.whole, self.whole.len() - self.text.len() + at)
    }
}

fn unreadable(outcome: &mut Outcome, error: &XmlError, read: Read<'_>, place: Option<String>) {
    let (line, column) = read.line_and_column(error.offset);
    let inside = place.as_ref().map_or(String::new(), |place| format!(" in {place}"));
    outcome.status = Status::Failed;
    outcome.stage = Some(Stage::Parsing);
    outcome.reason =
        Some(fault::cut(&format!("{} (line {line}, column {column}){inside}. Mend the document, or have its source write it again", error.kind)));
    outcome.place = Some(document_place(Some((line, column)), place.as_deref()));
}

fn failed(outcome: &mut Outcome, fault: &Fault, read: Read<'_>, reveal: bool) {
    outcome.status = Status::Failed;
    outcome.stage = Some(fault.stage);
    outcome.reason = Some(fault.reason(reveal));
    let at = (!fault.span.is_missing()).then(|| read.line_and_column(fault.span.start as usize));
    outcome.place = Some(document_place(at, Some(fault.label.as_str()).filter(|label| label.starts_with('/'))));
}

/// A place by its line and character, and by the path of an element or of an attribute.
fn document_place(at: Option<(u32, u32)>, path: Option<&str>) -> DocumentPlace {
    let (path, attribute) = path.map(|path| path.rsplit_once("/@").map_or((path, None), |(path, attribute)| (path, Some(attribute)))).unzip();
    DocumentPlace {
        line: at.map(|(line, _)| line),
        column: at.map(|(_, column)| column),
        path: path.map(str::to_owned),
        attribute: attribute.flatten().map(str::to_owned),
    }
}

/// Line and character of a place in a text, both from 1.
fn line_and_column(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count());
    (u32::try_from(line + 1).unwrap_or(u32::MAX), u32::try_from(column + 1).unwrap_or(u32::MAX))
}
