//! One file through both passes: prepared once, then resolved with the catalogue of the run.

use crate::catalogue::{Catalogue, Entry, Lookup};
use crate::columns::{NoTexts, Texts, Yield, lineage};
use crate::dialects::{Choice, Dialect};
use crate::inputs::model_name;
use crate::locals::{Locals, Temporaries, has_mark};
use crate::model::{ColumnEdge, ColumnRef, Coverage, FileLineage, Flags, Kind, ObjectKind, Problem, StatementLineage};
use crate::names::key;
use crate::prepare::units;
use crate::resolve::Resolver;
use crate::texts::{all_items, assignments};
use crate::tree::Statement;
use crate::units::{Unit, Work};
use std::cell::{OnceCell, RefCell};

/// How a text is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// As which dialect.
    pub dialect: Choice,
    /// The schema of names that have none.
    pub default_schema: Option<String>,
    /// Whether columns of conditions give edges of their own.
    pub influences: bool,
    /// Whether names that synonyms stand for are replaced by what they stand for.
    pub follow_synonyms: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { dialect: Choice::Named(crate::dialects::DEFAULT), default_schema: None, influences: false, follow_synonyms: true }
    }
}

/// A file that was split and parsed, waiting for the catalogue of the run.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(crate) dialect: Dialect,
    pub(crate) options: Options,
    pub(crate) units: Vec<Unit>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) coverage: Coverage,
    pub(crate) temporaries: Temporaries,
}

/// Splits and parses a text. Nothing in a text makes this panic or overflow: what cannot be read becomes a problem.
pub fn prepare(text: &str, options: &Options) -> Prepared {
    with_stack(|| units(text, options, None))
}

/// As [`prepare`], for a file: one that is a model of dbt by its path and its text makes the relation that it is called after.
pub fn prepare_file(path: &str, text: &str, options: &Options) -> Prepared {
    with_stack(|| units(text, options, model_name(path)))
}

/// Both passes for one text, with a catalogue of others.
pub fn extract(text: &str, options: &Options, catalogue: &Catalogue) -> FileLineage {
    let prepared = prepare(text, options);
    if catalogue.is_empty() {
        let own = Catalogue::new(prepared.entries(), prepared.dialect);
        return prepared.lineage(&own);
    }
    prepared.lineage(catalogue)
}

/// Parsers recurse as deep as their limits allow, which a thread's usual stack may not hold.
fn with_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(16 * 1024 * 1024, 64 * 1024 * 1024, work)
}

impl Prepared {
    /// The dialect that it was read as.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What it says of the columns of tables and views.
    pub fn entries(&self) -> Vec<Entry> {
        with_stack(|| {
            let (empty, mut out) = (Catalogue::default(), Vec::new());
            let nothing = Lookup::new(&empty);
            for unit in self.units.iter().filter(|u| !u.temporary) {
                self.entry(unit, &nothing, &mut out);
            }
            out.retain(|e| !self.is_temporary(&e.name));
            out
        })
    }

    fn entry(&self, unit: &Unit, lookup: &Lookup<'_>, out: &mut Vec<Entry>) {
        match &unit.work {
            Work::Define(definition) if definition.kind == ObjectKind::Synonym && self.options.follow_synonyms => {
                out.push(Entry { name: definition.name.clone(), columns: Vec::new(), alias_of: definition.of.clone() });
            }
            Work::Parsed(statement) if !unit.within_variable_into(statement) && makes_columns(statement) => {
                let none = Catalogue::default();
                let mut resolver = Resolver::new(self.dialect, self.options.default_schema.as_deref(), lookup, &none);
                resolver.variables = unit.variables.as_deref();
                resolver.temporaries = Some(&self.temporaries);
                let yielded = lineage(statement, &mut resolver, &NoTexts);
                if let Some(definition) = yielded.definition.filter(|_| !yielded.shape.is_empty()) {
                    out.push(Entry { name: definition.name, columns: yielded.shape, alias_of: None });
                }
            }
            _ => {}
        }
    }

    /// Its lineage, with the columns that a catalogue knows.
    pub fn lineage(&self, catalogue: &Catalogue) -> FileLineage {
        self.lineage_and_names(catalogue).0
    }

    /// Its lineage, and the names that the catalogue was asked for, ascending: [`Catalogue::fingerprint`] of them says whether another catalogue gives
    /// the same lineage.
    pub fn lineage_and_names(&self, catalogue: &Catalogue) -> (FileLineage, Vec<String>) {
        with_stack(|| {
            let lookup = Lookup::new(catalogue);
            let local = self.temporary(&lookup);
            let statements = self.units.iter().map(|unit| self.statement(unit, &lookup, &local)).collect();
            let lineage = FileLineage { dialect: self.dialect, statements, problems: self.problems.clone(), coverage: self.coverage };
            (lineage, lookup.asked())
        })
    }

    /// Temporary tables are of this file only.
    fn temporary(&self, lookup: &Lookup<'_>) -> Locals {
        let mut made = Vec::new();
        for unit in self.units.iter().filter(|u| u.may_make_temporary || u.temporary) {
            let mut entries = Vec::new();
            self.entry(unit, lookup, &mut entries);
            made.extend(entries.into_iter().filter(|e| self.is_temporary(&e.name)).map(|entry| (unit.within.as_deref(), entry)));
        }
        Locals::new(made, self.dialect)
    }

    fn is_temporary(&self, name: &str) -> bool {
        has_mark(name, self.dialect) || self.temporaries.contains(&key(name, self.dialect))
    }

    fn statement(&self, unit: &Unit, lookup: &Lookup<'_>, local: &Locals) -> StatementLineage {
        let mut resolver = Resolver::new(self.dialect, self.options.default_schema.as_deref(), lookup, local.of(unit.within.as_deref()));
        resolver.influences = self.options.influences.then(Vec::new);
        resolver.variables = unit.variables.as_deref();
        resolver.at = unit.at;
        resolver.temporaries = Some(&self.temporaries);
        let texts = UnitTexts { text: &unit.text, dialect: self.dialect, items: OnceCell::new(), values: RefCell::new(None) };
        let mut yielded = match &unit.work {
            Work::Parsed(Statement::Query(query)) if unit.into_is_variable => {
                resolver.query(query, None);
                Yield { kind: "select", ..Yield::default() }
            }
            Work::Parsed(statement) => lineage(statement, &mut resolver, &texts),
            Work::Define(definition) => Yield { kind: unit.word, definition: Some(definition.clone()), ..Yield::default() },
            Work::Call(_) => Yield { kind: "call", ..Yield::default() },
            Work::Tables(_) => Yield { kind: "templated", ..Yield::default() },
            Work::Dynamic => Yield { kind: "dynamic", ..Yield::default() },
        };
        let mut calls = std::mem::take(&mut resolver.calls);
        match &unit.work {
            Work::Call(name) => calls.push(resolver.canonical(name)),
            Work::Tables(names) => resolver
                .reads
                .extend(names.iter().map(|n| n.canonical(self.dialect, self.options.default_schema.as_deref()).0.into()).collect::<Vec<_>>()),
            _ => {}
        }
        calls.extend(unit.calls.iter().map(|n| resolver.canonical(n)));
        influence(&mut yielded, resolver.influences.take());
        if unit.flags.templated {
            yielded.columns.clear();
        }
        finish(unit, yielded, calls, resolver.reads.iter().map(|r| r.to_string()).collect())
    }
}

/// The texts of a statement, cut when the first of them is wanted.
struct UnitTexts<'u> {
    text: &'u str,
    dialect: Dialect,
    items: OnceCell<Vec<Vec<String>>>,
    values: RefCell<Option<Vec<(String, String)>>>,
}

impl Texts for UnitTexts<'_> {
    fn item(&self, select: usize, item: usize) -> Option<String> {
        let all = self.items.get_or_init(|| all_items(self.text, self.dialect));
        all.get(select).and_then(|items| items.get(item)).cloned()
    }

    fn value(&self, column: &str) -> Option<String> {
        let mut held = self.values.borrow_mut();
        let all = held.get_or_insert_with(|| assignments(self.text, self.dialect));
        let at = all.iter().position(|(c, _)| c.eq_ignore_ascii_case(column))?;
        Some(all.remove(at).1)
    }
}

fn finish(unit: &Unit, mut yielded: Yield, mut calls: Vec<String>, mut reads: Vec<String>) -> StatementLineage {
    calls.sort_unstable();
    calls.dedup();
    reads.sort_unstable();
    reads.dedup();
    if let Some(definition) = yielded.definition.as_mut().filter(|_| unit.temporary) {
        definition.properties.push(("temporary".to_owned(), "true".to_owned()));
    }
    StatementLineage {
        index: unit.index,
        line: unit.line,
        column: unit.column,
        kind: yielded.kind.to_owned(),
        parser: unit.parser.to_owned(),
        within: unit.within.clone(),
        write: yielded.write,
        reads,
        calls,
        columns: yielded.columns,
        definition: yielded.definition,
        flags: Flags { overwrite: yielded.overwrite, ..unit.flags },
    }
}

/// Columns of conditions act on every column that is written.
fn influence(yielded: &mut Yield, influences: Option<Vec<crate::relation::Origin>>) {
    let (Some(origins), Some((target, _))) = (influences, &yielded.write) else { return };
    let mut seen: Vec<ColumnRef> = Vec::new();
    for origin in origins {
        let from = ColumnRef { asset: origin.asset.to_string(), column: origin.column.to_string() };
        if seen.contains(&from) {
            continue;
        }
        seen.push(from.clone());
        let to = ColumnRef { asset: target.clone(), column: "*".to_owned() };
        let confidence = 1.0 / origin.candidates as f64;
        yielded.columns.push(ColumnEdge {
            from: Some(from),
            to,
            kind: Kind::Expression,
            expression: None,
            confidence,
            unresolved: origin.unresolved,
            ambiguous: origin.candidates > 1,
            influences: true,
        });
    }
}

fn makes_columns(statement: &Statement) -> bool {
    match statement {
        Statement::Create(_) => true,
        Statement::Query(query) => crate::units::into_of(query).is_some(),
        _ => false,
    }
}
