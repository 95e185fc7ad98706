//! Which expressions give another value in the strict dialect, on documents that are there.

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use rowmill_core::Result;
use serde::Serialize;

use super::super::places::item;
use super::expressions::{expressions, shown};
use super::probes::is_near;
use crate::expression::{Dialect, Evaluated, Expression, Reference, differs};
use crate::map::{Options, Program, Scratch, SourceId, Status};
use crate::model::{Chain, Column, Contract, OnError, OnRepeat, Origin, RowKind, Table, Type};

/// An expression that does not give the same in both dialects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Where it is in the contract, as a JSON pointer.
    pub place: String,
    /// The expression.
    pub expression: String,
    /// Rows for which it differs.
    pub rows: u64,
    /// Rows for which it was asked.
    pub of: u64,
    /// The first document with such a row, by its name.
    pub document: String,
    /// What both gave there; values are personal, so only where they may be shown.
    pub example: Option<String>,
}

/// Maps documents to what expressions ask for, and evaluates each in both dialects.
#[derive(Debug)]
pub struct Differ {
    program: Program,
    scratch: Scratch,
    asked: Vec<Asked>,
    reveal: bool,
}

/// An expression, and the table of its references that documents are mapped to.
#[derive(Debug)]
struct Asked {
    place: String,
    text: String,
    references: Vec<Reference>,
    rows: u64,
    different: u64,
    first: Option<(String, String)>,
}

/// The column without a value, which keeps rows from having the same key.
const NO_KEY: &str = "none";

impl Differ {
    /// For the expressions of a contract that the strict dialect takes.
    ///
    /// # Errors
    /// Where the contract did not pass the checks.
    pub fn new(contract: &Contract, reveal: bool) -> Result<Self> {
        let (mut asked, mut tables) = (Vec::new(), Vec::new());
        for (place, chain) in expressions(contract) {
            let Ok(expression) = Expression::parse(&chain.text, Dialect::Strict) else { continue };
            let references = expression.references().to_vec();
            tables.push(table_of(asked.len(), &rows_at(contract, &place), &references));
            asked.push(Asked { place, text: chain.text.clone(), references, rows: 0, different: 0, first: None });
        }
        let mut derived = Contract { tables, ..contract.clone() };
        derived.compat.expressions = true;
        Ok(Self { program: Program::compile(&derived)?, scratch: Scratch::new(Options::default()), asked, reveal })
    }

    /// Looks at a document; one that cannot be mapped has no rows, and says nothing.
    ///
    /// # Errors
    /// Only by a fault of this crate.
    pub fn push(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut rows = self.program.rows();
        let source = SourceId { ordinal: 0, id: None, name: name.to_owned() };
        if self.program.map(&mut self.scratch, &source, bytes, &mut rows)?.status == Status::Mapped {
            for (asked, (_, batch)) in self.asked.iter_mut().zip(rows.finish()?) {
                asked.look(name, &batch);
            }
        }
        Ok(())
    }

    /// The expressions that differ, in the order of the contract.
    pub fn finish(self) -> Vec<Difference> {
        let reveal = self.reveal;
        let of = |asked: Asked| {
            let (document, example) = asked.first?;
            let example = reveal.then_some(example);
            Some(Difference { place: asked.place, expression: asked.text, rows: asked.different, of: asked.rows, document, example })
        };
        self.asked.into_iter().filter_map(of).collect()
    }
}

impl Asked {
    fn look(&mut self, name: &str, batch: &RecordBatch) {
        for row in 0..batch.num_rows() {
            self.rows += 1;
            let find = |wanted: &Reference| {
                let at = self.references.iter().position(|known| is_same(known, wanted))?;
                let array = batch.column_by_name(&item("", at))?.as_string::<i64>();
                array.is_valid(row).then(|| array.value(row))
            };
            let Some((compat, strict)) = differs(&self.text, &find).filter(|(compat, strict)| !is_near(compat, strict)) else { continue };
            self.different += 1;
            if self.first.is_none() {
                self.first = Some((name.to_owned(), example(&compat, &strict)));
            }
        }
    }
}

fn example(compat: &Evaluated, strict: &Evaluated) -> String {
    format!("{}, and in the strict dialect {}", shown(compat), shown(strict))
}

fn is_same(one: &Reference, other: &Reference) -> bool {
    let element = |reference: &Reference| reference.element.as_deref().unwrap_or("").to_lowercase();
    one.attribute.eq_ignore_ascii_case(&other.attribute) && element(one) == element(other)
}

/// What the rows are of at a place; those of slots and pairs are of the document.
fn rows_at(contract: &Contract, place: &str) -> RowKind {
    let at = place.split('/').nth(2).and_then(|at| at.parse::<usize>().ok());
    match at.and_then(|at| contract.tables.get(at)).map(|table| &table.rows) {
        Some(rows @ (RowKind::Group { .. } | RowKind::Child { .. })) => rows.clone(),
        _ => RowKind::Document {},
    }
}

/// A table with the text of every reference, found as the dialect of old finds them.
fn table_of(at: usize, rows: &RowKind, references: &[Reference]) -> Table {
    let column = |(at, reference): (usize, &Reference)| {
        let name = reference.element.as_ref().map_or_else(String::new, |element| format!("{element}.")) + &reference.attribute;
        let text = format!("CASE WHEN {name} IS NOT EMPTY THEN {name} END");
        text_column(item("", at), Some(Origin::Expression(Chain { text, otherwise: None })))
    };
    Table {
        name: item("", at),
        key: vec![NO_KEY.to_owned()],
        parent: None,
        on_repeat: OnRepeat::Fail,
        rows: rows.clone(),
        row_if: None,
        keep_empty: true,
        columns: std::iter::once(text_column(NO_KEY.to_owned(), None)).chain(references.iter().enumerate().map(column)).collect(),
    }
}

fn text_column(name: String, from: Option<Origin>) -> Column {
    Column { name, kind: Type::Text { length: None }, from, steps: Vec::new(), nullable: true, default: None, on_error: OnError::Null, counts: None }
}
