//! One streaming pass over a document, which becomes rows of typed columns.
//!
//! A contract is compiled once: names become numbers. Then each document is read once, and where the texts are that the contract asks for is
//! kept, without a copy; after that the rows are made. Rows of a document that fails are never seen.

mod capture;
mod cells;
mod codes;
mod columns;
mod compile;
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

use rowmill_core::Result;
use rowmill_xml::{Fallback, Limits, XmlError, decode, scan};

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
        let decoded = match decode(bytes, scratch.options.fallback) {
            Ok(decoded) => decoded,
            Err(error) => {
                unreadable(&mut outcome, &error);
                return Ok(outcome);
            }
        };
        // Control characters before the document are what broken exports leave there; anywhere else they are an error.
        let text = decoded.trim_start_matches(|c: char| c.is_ascii_control() || c == ' ');
        scratch.capture.reset(self);
        let mut reader = Reader { program: self, capture: &mut scratch.capture, text };
        let scanned = scan(text, &scratch.options.limits, &mut reader);
        let mut view = View { program: self, capture: &scratch.capture, text, id: 0, groups: Vec::new() };
        outcome.document_id = validate::document_id(&view).ok();
        if let Err(error) = scanned {
            unreadable(&mut outcome, &error);
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
            Err(fault) => failed(&mut outcome, &fault, text, scratch.options.reveal),
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

fn unreadable(outcome: &mut Outcome, error: &XmlError) {
    outcome.status = Status::Failed;
    outcome.stage = Some(Stage::Parsing);
    outcome.reason = Some(fault::cut(&format!("{error}. Mend the document, or have its source write it again")));
    outcome.place = Some(DocumentPlace { line: Some(error.line), column: Some(error.column), path: None, attribute: None });
}

fn failed(outcome: &mut Outcome, fault: &Fault, text: &str, reveal: bool) {
    outcome.status = Status::Failed;
    outcome.stage = Some(fault.stage);
    outcome.reason = Some(fault.reason(reveal));
    let label = Some(fault.label.as_str()).filter(|label| label.starts_with('/'));
    let (path, attribute) = label.map(|label| label.rsplit_once("/@").map_or((label, None), |(path, attribute)| (path, Some(attribute)))).unzip();
    let at = (!fault.span.is_missing()).then(|| line_and_column(text, fault.span.start));
    outcome.place = Some(DocumentPlace {
        line: at.map(|(line, _)| line),
        column: at.map(|(_, column)| column),
        path: path.map(str::to_owned),
        attribute: attribute.flatten().map(str::to_owned),
    });
}

/// Line and character of a place in a text, both from 1.
fn line_and_column(text: &str, at: u32) -> (u32, u32) {
    let before = text.get(..at as usize).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count());
    (u32::try_from(line + 1).unwrap_or(u32::MAX), u32::try_from(column + 1).unwrap_or(u32::MAX))
}
