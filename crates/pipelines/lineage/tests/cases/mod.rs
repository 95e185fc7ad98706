//! The cases of the golden set.
//!
//! A case is a line `-- dialect: what it shows`, lines `-: table(columns)` that the catalogue knows, the text, and a line `--=` with
//! what it yields, entries apart by `; `, problems by their lines. Each file is named by the rule of README.md that its cases show.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use rowmill_lineage::{Catalogue, Choice, Dialect, Entry, EntryColumn, FileLineage, ObjectKind, Options, StatementLineage, WriteKind, prepare};
use std::collections::BTreeSet;

/// A statement, or several, with what a rule gives.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its file, without the ending.
    pub file: String,
    /// What it shows.
    pub title: String,
    /// Its dialect.
    pub dialect: Dialect,
    /// Tables that the catalogue knows.
    pub known: Vec<Entry>,
    /// Its text.
    pub text: String,
    /// Its entries.
    pub expected: BTreeSet<String>,
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|path| read(&path.file_stem().unwrap().to_string_lossy(), &std::fs::read_to_string(path).unwrap())).collect()
}

fn read(file: &str, text: &str) -> Vec<Case> {
    let mut out: Vec<Case> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let header = line.strip_prefix("-- ").and_then(|l| l.split_once(": ")).and_then(|(d, t)| Some((Dialect::from_id(d)?, t)));
        if let Some((dialect, title)) = header.filter(|_| !open) {
            out.push(Case { file: file.into(), title: title.into(), dialect, known: vec![], text: String::new(), expected: BTreeSet::new() });
            open = true;
            continue;
        }
        let case = out.last_mut().expect("a header comes first");
        if let Some(table) = line.strip_prefix("-: ") {
            case.known.push(entry(table));
        } else if let Some(expected) = line.strip_prefix("--=") {
            case.expected = expected.split(';').map(|e| e.trim().to_owned()).filter(|e| !e.is_empty()).collect();
            open = false;
        } else {
            case.text.push_str(line);
            case.text.push('\n');
        }
    }
    out
}

fn entry(table: &str) -> Entry {
    let (name, columns) = table.trim_end_matches(')').split_once('(').unwrap();
    let columns = columns.split(',').map(|c| EntryColumn::Named(c.trim().into(), String::new())).collect();
    Entry { name: name.into(), columns, alias_of: None }
}

/// What is yielded, an entry a line.
pub fn describe(lineage: &FileLineage) -> BTreeSet<String> {
    let problems = lineage.problems.iter().map(|p| format!("problem in line {}", p.line));
    lineage.statements.iter().flat_map(lines).chain(problems).collect()
}

fn lines(statement: &StatementLineage) -> Vec<String> {
    let mut out: Vec<String> = statement.reads.iter().map(|r| format!("read {r}")).collect();
    out.extend(statement.calls.iter().map(|c| format!("call {c}")));
    if let Some((name, kind)) = &statement.write {
        out.push(format!("write {name} {}", word(*kind)));
    }
    if statement.flags.dynamic {
        out.push("dynamic".into());
    }
    for edge in &statement.columns {
        let from = edge.from.as_ref().map_or("()".to_owned(), |f| format!("{}.{}", f.asset, f.column));
        let mut line = format!("{from} -> {}.{} {}", edge.to.asset, edge.to.column, edge.kind.word());
        line.push_str(if edge.unresolved { " unresolved" } else { "" });
        line.push_str(if edge.ambiguous { " ambiguous" } else { "" });
        out.push(line);
    }
    if let Some(definition) = &statement.definition {
        out.extend(definition.references.iter().map(|r| format!("references {} {r}", definition.name)));
        if definition.kind == ObjectKind::Table && statement.write.is_none() && !definition.columns.is_empty() {
            let names: Vec<&str> = definition.columns.iter().map(|(name, _)| name.as_str()).collect();
            out.push(format!("columns {}({})", definition.name, names.join(", ")));
        }
        match (definition.kind, &definition.of) {
            (ObjectKind::FunctionOrProcedure, _) => out.push(format!("{} {}", statement.kind, definition.name)),
            (ObjectKind::Trigger, Some(of)) => out.push(format!("create_trigger {} on {of}", definition.name)),
            (ObjectKind::Synonym, Some(of)) => out.push(format!("create_synonym {} for {of}", definition.name)),
            _ => {}
        }
    }
    out
}

fn word(kind: WriteKind) -> &'static str {
    match kind {
        WriteKind::Insert => "insert",
        WriteKind::Overwrite => "overwrite",
        WriteKind::Update => "update",
        WriteKind::Delete => "delete",
        WriteKind::Merge => "merge",
        WriteKind::Create => "create",
    }
}

impl Case {
    /// What its tables and this text yield together.
    pub fn yielded(&self, text: &str) -> FileLineage {
        let options = Options { dialect: Choice::Named(self.dialect), ..Options::default() };
        let prepared = prepare(text, &options);
        let mut entries = prepared.entries();
        entries.extend(self.known.iter().cloned());
        prepared.lineage(&Catalogue::new(entries, self.dialect))
    }
}
