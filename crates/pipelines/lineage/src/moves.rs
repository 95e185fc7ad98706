//! Rows that leave a database or come into one: COPY, UNLOAD, LOAD DATA, EXPORT DATA, BULK INSERT, and INSERT into a directory.

use crate::lex::{Kind, Token};
use crate::names::{Name, Part};
use crate::prepare::File;
use crate::reader::{Reader, inside_quotes};
use crate::tree::{Body, Insert, Query, Select, Source, Statement};
use crate::units::Work;

/// One end of a move.
enum End {
    /// A table with the columns that are named.
    Table(Name, Vec<Name>),
    /// A stage or file.
    Outside(Name),
    /// A query: its tokens, half-open.
    Query(usize, usize),
    /// A query that stands in a string: its token.
    Text(usize),
}

/// What moves from where to where.
struct Move {
    from: End,
    to: End,
    overwrite: bool,
}

impl File {
    /// Notes a move of rows; false for any other statement. A client's own input and output is no place.
    pub(crate) fn moved(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, within: Option<&str>) -> bool {
        const FIRST: &[&str] = &["copy", "unload", "load", "export", "bulk", "insert"];
        if !tokens[from].is_any(text, FIRST) {
            return false;
        }
        let mut reader = Reader { source: text, tokens, at: from + 1, to };
        let Some(moved) = read(&mut reader, from) else {
            // Where it goes to is computed.
            if tokens[from].is(text, "export")
                && let Some((first, last)) = exported(&Reader { source: text, tokens, at: from + 1, to })
            {
                self.statement(text, tokens, first, last, within);
                return true;
            }
            return false;
        };
        let (target, columns) = match moved.to {
            End::Table(name, columns) => (name, columns),
            End::Outside(name) => (name, Vec::new()),
            End::Query(..) | End::Text(_) => return false,
        };
        let before = self.out.units.len();
        let start = tokens[from].start;
        let query = match moved.from {
            End::Table(source, _) | End::Outside(source) => Some(rows_of(source)),
            End::Query(first, last) => {
                self.statement(text, tokens, first, last, within);
                None
            }
            End::Text(at) => {
                let (open, close) = inside_quotes(text, &tokens[at]);
                let inner = text[open..close].replace("''", "'").replace("\\'", "'");
                self.literal(text, tokens[at].start, &inner, within);
                None
            }
        };
        let insert = |query| Insert {
            target: target.clone(),
            alias: None,
            columns: columns.clone(),
            query: Some(query),
            by_name: false,
            overwrite: moved.overwrite,
            assignments: Vec::new(),
        };
        if let Some(query) = query {
            self.unit(text, start, within, Work::Parsed(Statement::Insert(insert(query))), "");
            return true;
        }
        for unit in &mut self.out.units[before..] {
            if let Work::Parsed(Statement::Query(query)) = &mut unit.work {
                unit.work = Work::Parsed(Statement::Insert(insert(std::mem::take(query))));
            }
        }
        true
    }
}

/// Rows of a source of which no column is looked at.
fn rows_of(source: Name) -> Query {
    let select = Select { ordinal: usize::MAX, from: vec![Source::table(source)], ..Select::default() };
    Query { ctes: Vec::new(), body: Body::Select(Box::new(select)) }
}

fn read(reader: &mut Reader, from: usize) -> Option<Move> {
    let source = reader.source;
    let first = &reader.tokens[from];
    if first.is(source, "insert") {
        return directory(reader);
    }
    if first.is(source, "unload") {
        let rows = end(reader)?;
        let to = after(reader, &["to"]).then(|| outside(reader)).flatten()?;
        return Some(Move { from: rows, to: End::Outside(to), overwrite: false });
    }
    if first.is(source, "bulk") {
        let to = reader.take(&["insert"]).then(|| reader.name())?;
        let from = after(reader, &["from"]).then(|| outside(reader)).flatten()?;
        return Some(Move { from: End::Outside(from), to: End::Table(to, Vec::new()), overwrite: false });
    }
    if first.is(source, "export") {
        let (first, last) = exported(reader)?;
        let uri = reader.take(&["data"]).then(|| option(reader, &["uri"])).flatten()?;
        return Some(Move { from: End::Query(first, last), to: End::Outside(uri), overwrite: false });
    }
    if first.is(source, "load") { load(reader) } else { copy(reader) }
}

/// The query of `EXPORT DATA OPTIONS (…) AS q`, without parentheses around it.
fn exported(reader: &Reader) -> Option<(usize, usize)> {
    const QUERY: &[&str] = &["select", "with", "from"];
    let as_word = (reader.at..reader.to).find(|&i| reader.is(i, &["as"]) && (reader.is(i + 1, QUERY) || reader.is(i + 2, QUERY)))?;
    if reader.is(as_word + 1, QUERY) {
        return Some((as_word + 1, reader.to));
    }
    let inner = Reader { at: as_word + 1, ..*reader };
    Some((as_word + 2, inner.behind_parenthesis() - 1))
}

/// `COPY INTO t FROM @s`, `COPY t FROM 'f'`, `COPY (SELECT …) TO 'f'`, `COPY INTO @s FROM t`.
fn copy(reader: &mut Reader) -> Option<Move> {
    let into = reader.take(&["into"]);
    let left = end(reader)?;
    let comes = if into { after(reader, &["from"]) } else { !reader.is(reader.at, &["to"]) && after(reader, &["from"]) };
    if comes {
        let from = end(reader)?;
        // Of two tables one is what a client reads, as STDIN.
        let client = matches!((&from, &left), (End::Table(..), End::Table(..)));
        return (!client).then_some(Move { from, to: left, overwrite: false });
    }
    let to = (!into && reader.take(&["to"])).then(|| outside(reader)).flatten()?;
    Some(Move { from: left, to: End::Outside(to), overwrite: false })
}

/// `LOAD DATA INPATH 'f' OVERWRITE INTO TABLE t`, `LOAD DATA INTO t FROM FILES (uris = ['f'])`.
fn load(reader: &mut Reader) -> Option<Move> {
    let start = reader.at;
    let overwrite = (start..reader.to.min(start + 12)).any(|i| reader.is(i, &["overwrite"]));
    if !reader.take(&["data", "xml"]) {
        return None;
    }
    while reader.take(&["local", "low_priority", "concurrent"]) {}
    let file = reader.take(&["inpath", "infile"]).then(|| outside(reader)).flatten();
    while reader.take(&["overwrite", "replace", "ignore", "into", "temp", "temporary", "table"]) {}
    let to = reader.name();
    let file = file.or_else(|| after(reader, &["files"]).then(|| option(reader, &["uris"])).flatten())?;
    (!to.is_empty()).then_some(Move { from: End::Outside(file), to: End::Table(to, Vec::new()), overwrite })
}

/// `INSERT OVERWRITE LOCAL DIRECTORY 'f' … SELECT …`
fn directory(reader: &mut Reader) -> Option<Move> {
    let overwrite = reader.take(&["overwrite"]);
    reader.take(&["into"]);
    reader.take(&["local"]);
    let to = reader.take(&["directory"]).then(|| outside(reader)).flatten()?;
    let query = (reader.at..reader.to).find(|&i| reader.is(i, &["select", "with", "from"]))?;
    Some(Move { from: End::Query(query, reader.to), to: End::Outside(to), overwrite })
}

/// Goes behind the next of these words outside parentheses.
fn after(reader: &mut Reader, words: &[&str]) -> bool {
    let mut depth = 0i32;
    let found = (reader.at..reader.to).find(|&i| {
        depth += i32::from(reader.tokens[i].sign(b'(')) - i32::from(reader.tokens[i].sign(b')'));
        depth == 0 && reader.is(i, words)
    });
    reader.at = found.map_or(reader.at, |i| i + 1);
    found.is_some()
}

/// The first string behind a word of options.
fn option(reader: &mut Reader, words: &[&str]) -> Option<Name> {
    let at = (reader.at..reader.to).find(|&i| reader.is(i, words))?;
    let text = (at..reader.to.min(at + 4)).find(|&i| reader.tokens[i].kind == Kind::Text)?;
    reader.at = text;
    outside(reader)
}

fn end(reader: &mut Reader) -> Option<End> {
    let token = reader.tokens[..reader.to].get(reader.at)?;
    if token.sign(b'(') {
        let open = reader.at;
        reader.at = reader.behind_parenthesis();
        if reader.tokens[open + 1].kind == Kind::Text || reader.tokens[open + 1].kind == Kind::Dollar {
            return Some(End::Text(open + 1));
        }
        return reader.is(open + 1, &["select", "with", "from", "values"]).then_some(End::Query(open + 1, reader.at - 1));
    }
    if token.kind == Kind::Text || token.sign(b'@') || token.text(reader.source).starts_with('@') {
        return outside(reader).map(End::Outside);
    }
    let name = reader.name();
    let mut columns = Vec::new();
    if reader.at < reader.to && reader.tokens[reader.at].sign(b'(') {
        let close = reader.behind_parenthesis();
        let names = reader.tokens[reader.at..close].iter().filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted));
        columns = names.map(|t| Name::parse(t.text(reader.source))).collect();
        reader.at = close;
    }
    (!name.is_empty()).then_some(End::Table(name, columns))
}

/// A stage or file: what touches an `@`, or the text of a string.
fn outside(reader: &mut Reader) -> Option<Name> {
    let token = reader.tokens[..reader.to].get(reader.at)?;
    let start = token.start;
    if token.kind == Kind::Text {
        let (open, close) = inside_quotes(reader.source, token);
        reader.at += 1;
        return place(&reader.source[open..close]);
    }
    if !token.text(reader.source).starts_with('@') {
        return None;
    }
    let mut end = token.end;
    reader.at += 1;
    while reader.at < reader.to
        && reader.tokens[reader.at].start == end
        && !reader.tokens[reader.at].sign(b'(')
        && !reader.tokens[reader.at].sign(b')')
    {
        end = reader.tokens[reader.at].end;
        reader.at += 1;
    }
    place(&reader.source[start..end])
}

/// The name of a place outside: as it is written, but for the case of a stage. A file without a folder is told apart from a table.
pub(crate) fn place(written: &str) -> Option<Name> {
    let trimmed = written.trim().trim_end_matches('/');
    if trimmed.is_empty() {
        return None;
    }
    let text = match trimmed.strip_prefix('@') {
        Some(stage) => {
            let (name, path) = stage.split_at(stage.find('/').unwrap_or(stage.len()));
            let name = if name.contains('"') { name.replace('"', "") } else { name.to_uppercase() };
            format!("@{name}{path}")
        }
        None if trimmed.contains('/') => trimmed.to_owned(),
        None => format!("file:{trimmed}"),
    };
    Some(Name { parts: vec![Part { text, quoted: true }] })
}
