//! `CREATE TABLE` and `CREATE VIEW` read from tokens, for forms that no parser knows: what matters is the name, the columns and the query.

use crate::lex::{Kind, Token};
use crate::names::Name;
use crate::reader::{Reader, behind};
use crate::tree::{Asset, Create};

/// What the tokens of a CREATE say, and the range of its query, half-open.
pub(crate) struct Read {
    pub create: Create,
    pub query: Option<(usize, usize)>,
}

/// Words with which a part of a column list begins that is no column.
const NO_COLUMN: &[&str] = &[
    "constraint",
    "primary",
    "foreign",
    "unique",
    "check",
    "key",
    "index",
    "exclude",
    "fulltext",
    "spatial",
    "period",
    "like",
    "projection",
    "supplemental",
];

/// Words with which a query begins.
const QUERY: &[&str] = &["select", "with", "values", "from", "table"];

/// Reads `CREATE … TABLE` and `CREATE … VIEW`; `None` for anything else, and where nothing is said of columns.
pub(crate) fn read(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<Read> {
    let at = (from..to.min(from + 16)).find(|&i| tokens[i].is_any(source, &["table", "view"]))?;
    let materialized = tokens[from..at].iter().any(|t| t.is(source, "materialized"));
    let asset = match (tokens[at].is(source, "view"), materialized) {
        (true, true) => Asset::MaterializedView,
        (true, false) => Asset::View,
        (false, _) => Asset::Table,
    };
    let mut reader = Reader { source, tokens, at: at + 1, to };
    while reader.take(&["if", "not", "exists"]) {}
    let name = reader.name();
    if name.is_empty() {
        return None;
    }
    let mut create = Create::named(asset, name);
    if reader.at < to && tokens[reader.at].sign(b'(') && !tokens.get(reader.at + 1).is_some_and(|t| t.is_any(source, QUERY)) {
        let close = reader.behind_parenthesis();
        columns(source, tokens, reader.at + 1, close - 1, &mut create);
        reader.at = close;
    }
    if let Some(by) = (reader.at..to).find(|&at| tokens[at].is(source, "partitioned") && tokens.get(at + 2).is_some_and(|t| t.sign(b'('))) {
        partitions(source, tokens, by + 2, &mut create);
    }
    let query = query(source, tokens, reader.at, to);
    let known = query.is_some() || !create.columns.is_empty();
    known.then_some(Read { create, query })
}

/// The table that a variable of T-SQL holds: `@t TABLE (…)`, from the variable on.
pub(crate) fn table_variable(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<Create> {
    let mut reader = Reader { source, tokens, at: from, to };
    let name = reader.name();
    reader.take(&["as"]);
    let is_table = name.is_temporary() && reader.take(&["table"]) && reader.at < to && tokens[reader.at].sign(b'(');
    let mut create = is_table.then(|| Create::named(Asset::Table, name))?;
    let open = reader.at;
    columns(source, tokens, open + 1, reader.behind_parenthesis() - 1, &mut create);
    Some(create)
}

/// The parts of a column list.
fn columns(source: &str, tokens: &[Token], from: usize, to: usize, create: &mut Create) {
    let mut start = from;
    let mut depth = 0i32;
    for at in from..=to {
        let ends = at == to || depth == 0 && tokens[at].sign(b',');
        if ends {
            column(source, tokens, start, at, create);
            start = at + 1;
        } else {
            depth += i32::from(tokens[at].sign(b'(') || tokens[at].sign(b'<')) - i32::from(tokens[at].sign(b')') || tokens[at].sign(b'>'));
        }
    }
}

/// Columns that only PARTITIONED BY declares, as Hive has them: those with a type.
fn partitions(source: &str, tokens: &[Token], open: usize, create: &mut Create) {
    let held = create.columns.len();
    columns(source, tokens, open + 1, behind(tokens, open) - 1, create);
    let typed = create.columns.split_off(held).into_iter().filter(|(_, of)| !of.is_empty() && !of.starts_with('('));
    create.columns.extend(typed);
}

fn column(source: &str, tokens: &[Token], from: usize, to: usize, create: &mut Create) {
    let Some(first) = tokens[from..to].first() else { return };
    let mut at = from;
    while at < to {
        if tokens[at].is(source, "references") {
            let mut reader = Reader { source, tokens, at: at + 1, to };
            create.references.push(reader.name());
        }
        at += 1;
    }
    if !matches!(first.kind, Kind::Word | Kind::Quoted | Kind::Text) || first.is_any(source, NO_COLUMN) && to - from > 1 {
        return;
    }
    let of = tokens[from + 1..to].first().map_or("", |t| t.text(source));
    create.columns.push((Name::parse(first.text(source)), of.to_owned()));
}

/// The query behind AS, without what a view says after it.
fn query(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<(usize, usize)> {
    let mut depth = 0i32;
    let mut start = None;
    for at in from..to {
        depth += i32::from(tokens[at].sign(b'(')) - i32::from(tokens[at].sign(b')'));
        let begins = at + 1 < to && (tokens[at + 1].is_any(source, QUERY) || tokens[at + 1].sign(b'('));
        if depth == 0 && tokens[at].is(source, "as") && begins {
            start = Some(at + 1);
            break;
        }
    }
    let start = start?;
    let ends = |at: usize| {
        tokens[at].is(source, "with")
            && at > start
            && tokens.get(at + 1).is_some_and(|t| t.is_any(source, &["no", "data", "read", "check", "cascaded", "local"]))
    };
    let end = (start..to).rev().take(8).find(|&at| ends(at)).unwrap_or(to);
    Some((start, end))
}
