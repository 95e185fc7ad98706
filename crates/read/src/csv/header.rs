//! The header line: which field of a record is which column of the input.

use std::borrow::Cow;
use std::collections::HashSet;

use rowmill_core::{Code, ColumnKind, Error, FilterTerm, InputSpec, Result, Test};
use rowmill_kernels::text_numbers::NineteenDigits;

use super::fields::{Fields, without_return};
use crate::fail;

/// Where the columns of an input are in the records of a file.
#[derive(Debug)]
pub(super) struct Layout {
    /// Fields of every record.
    pub(super) fields: usize,
    /// The input's columns, in its order.
    pub(super) columns: Vec<Target>,
    /// The conditions, in the input's order.
    pub(super) terms: Vec<Term>,
    /// Whether batches end with the places of rows.
    pub(super) position: bool,
    /// How many fields from the first on must be found to have all columns.
    pub(super) needed: usize,
}

#[derive(Debug)]
pub(super) struct Target {
    pub(super) name: Cow<'static, str>,
    pub(super) kind: ColumnKind,
    pub(super) null_value: Option<i64>,
    /// Index among the fields; `None` where the file lacks it.
    pub(super) field: Option<usize>,
}

#[derive(Debug)]
pub(super) struct Term {
    /// Index among the columns.
    pub(super) column: usize,
    /// Index among the fields; `None` where the file lacks the column, so that no record passes.
    pub(super) field: Option<usize>,
    pub(super) null_value: Option<i64>,
    pub(super) test: Test,
    pub(super) quick: Quick,
}

/// The commonest tests without a loop.
#[derive(Clone, Copy, Debug)]
pub(super) enum Quick {
    Nothing,
    /// The first value and how far the last is from it: one range, or one value.
    Span(i64, u64),
    /// The same of nineteen digits, which need not be made numbers.
    Digits(NineteenDigits, i64, u64),
    /// None outside this span; inside, the test itself says.
    Within(i64, u64),
}

impl Quick {
    fn of(test: &Test, null_value: Option<i64>) -> Self {
        let reach = |first: i64, last: i64| last.wrapping_sub(first).cast_unsigned();
        match test {
            Test::Ranges(ranges) => match &ranges[..] {
                [] => Self::Nothing,
                [only] => match NineteenDigits::span(only.start, only.end - 1) {
                    // A value that stands for NULL does not pass wherever it lies.
                    Some(digits) if null_value.is_none_or(|null_value| !only.contains(&null_value)) => {
                        Self::Digits(digits, only.start, reach(only.start, only.end - 1))
                    }
                    _ => Self::Span(only.start, reach(only.start, only.end - 1)),
                },
                [first, .., last] => Self::Within(first.start, reach(first.start, last.end - 1)),
            },
            Test::OneOf(values) => match &values[..] {
                [] => Self::Nothing,
                [only] => Self::Span(*only, 0),
                [first, .., last] => Self::Within(*first, reach(*first, *last)),
            },
        }
    }

    /// Whether the number in `text[start..end]` passes; `None` where the text itself does not tell.
    #[inline(always)]
    pub(super) fn passes_text(self, text: &[u8], start: usize, end: usize) -> Option<bool> {
        if let Self::Digits(digits, ..) = self { digits.contain(text, start, end) } else { None }
    }

    #[inline(always)]
    pub(super) fn passes(self, value: i64, test: &Test) -> bool {
        let is_inside = |first: i64, reach: u64| value.wrapping_sub(first).cast_unsigned() <= reach;
        match self {
            Self::Nothing => false,
            Self::Span(first, reach) | Self::Digits(_, first, reach) => is_inside(first, reach),
            Self::Within(first, reach) => is_inside(first, reach) && test.passes(value),
        }
    }
}

impl Layout {
    /// Reads the first line of a file, which may begin with a byte order mark and end with its line end.
    pub(super) fn of(uri: &str, line: &[u8], spec: &InputSpec) -> Result<Self> {
        let names = names(uri, line)?;
        check_names(uri, &names, spec)?;
        let columns: Vec<Target> = spec
            .columns
            .iter()
            .map(|column| Target {
                name: column.name.clone(),
                kind: column.kind,
                null_value: column.null_value,
                field: names.iter().position(|name| *name == column.name),
            })
            .collect();
        let terms = spec.filter.iter().map(|term| bound(uri, term, &columns)).collect::<Result<_>>()?;
        let needed = columns.iter().filter_map(|column| column.field).max().map_or(0, |field| field + 1);
        Ok(Self { fields: names.len(), columns, terms, position: spec.position, needed })
    }

    /// Columns of the input that the file lacks.
    pub(super) fn missing(&self) -> impl Iterator<Item = &Cow<'static, str>> {
        self.columns.iter().filter(|column| column.field.is_none()).map(|column| &column.name)
    }
}

fn bound(uri: &str, term: &FilterTerm, columns: &[Target]) -> Result<Term> {
    let target = columns.get(term.column).filter(|column| column.kind == ColumnKind::Integer);
    let target = target.ok_or_else(|| Error::bug(format!("the filter {} is not about an integer column", term.name)).file(uri))?;
    Ok(Term {
        column: term.column,
        field: target.field,
        null_value: target.null_value,
        test: term.test.clone(),
        quick: Quick::of(&term.test, target.null_value),
    })
}

/// The names in the first line of a file, without the blanks around them.
pub(super) fn names(uri: &str, line: &[u8]) -> Result<Vec<String>> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = without_return(line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line));
    if line.iter().all(u8::is_ascii_whitespace) {
        let found = "the file is empty: it has no header line";
        return Err(fail::malformed(uri, found).help("Write the names of the columns into the first line, or leave the file out"));
    }
    let named = |error: Error| error.file(uri).line(1).help("Write the header as names with commas between them, in UTF-8");
    let mut names = Vec::new();
    for field in Fields::of(line) {
        let field =
            field.map_err(|malformed| named(Error::new(Code::InputFormat, format!("the header is no list of names: {}", malformed.reason()))))?;
        let name = String::from_utf8(field.text.into_owned())
            .map_err(|error| named(Error::new(Code::InputFormat, "the header is not UTF-8").value(String::from_utf8_lossy(error.as_bytes()))))?;
        names.push(name.trim().to_owned());
    }
    Ok(names)
}

/// Every name that is twice or unknown, and every column that must be there, in one error of the first kind that has any.
fn check_names(uri: &str, names: &[String], spec: &InputSpec) -> Result<()> {
    let mut seen = HashSet::new();
    let twice: Vec<&str> = names.iter().map(String::as_str).filter(|name| !seen.insert(*name)).collect();
    let is_known = |name: &str| match &spec.known {
        None => true,
        Some(known) => known.iter().any(|known| known == name) || spec.columns.iter().any(|column| column.name == name),
    };
    let unknown: Vec<&str> = names.iter().map(String::as_str).filter(|name| !is_known(name)).collect();
    if let Some(first) = twice.first() {
        return Err(misnamed(uri, Code::InputColumnUnknown, "the header names a column twice", &twice)
            .value(*first)
            .help("Give every column a name of its own"));
    }
    if let Some(first) = unknown.first() {
        return Err(misnamed(uri, Code::InputColumnUnknown, "the header names a column that nothing is known of", &unknown)
            .value(*first)
            .help("Correct the name, or leave the column out"));
    }
    let lacks = |name: &str| !names.iter().any(|found| found == name);
    let missing: Vec<&str> =
        spec.columns.iter().filter(|column| column.required).map(|column| column.name.as_ref()).filter(|name| lacks(name)).collect();
    match missing.first() {
        None => Ok(()),
        Some(first) => Err(fail::column_missing(uri, &missing).line(1).column(*first)),
    }
}

fn misnamed(uri: &str, code: Code, what: &str, names: &[&str]) -> Error {
    let others = if names.len() > 1 { format!(", and so for {}", names[1..].join(", ")) } else { String::new() };
    Error::new(code, format!("{what}: {}{others}", names[0])).file(uri).line(1)
}
