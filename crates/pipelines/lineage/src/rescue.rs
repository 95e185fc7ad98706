//! Statements that no parser reads as they stand, brought to forms that one does.

use crate::ddl;
use crate::dialects::Dialect;
use crate::lex::{Kind, Token, lex};
use crate::names::Name;
use crate::parse::{Parsed, parse};
use crate::reader::Reader;
use crate::reword::{left_out, reworded};
use crate::tree::{Body, Insert, Query, Source, Statement};

fn text_of<'a>(text: &'a str, tokens: &[Token], from: usize, to: usize) -> &'a str {
    if from >= to { "" } else { &text[tokens[from].start..tokens[to - 1].end] }
}

/// Parses a statement that was refused in another form; `None` where none is known.
pub(crate) fn rescue(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Vec<Parsed>> {
    let other = || {
        let whole = reworded(text, tokens, from, to, dialect)?;
        let by_head = || {
            let tokens = lex(&whole, dialect).tokens;
            tokens.first().filter(|t| t.is(&whole, "create")).and_then(|_| created(&whole, &tokens, 0, tokens.len(), dialect))
        };
        let mut parsed = parse(&whole, dialect).ok().or_else(by_head)?;
        for one in &mut parsed {
            if let Statement::Merge(merge) = &mut one.statement {
                let except = || left_out(text, tokens, from, to).iter().map(|name| Name::parse(name)).collect();
                merge.star = merge.star.as_ref().map(|_| except());
            }
        }
        Some(parsed)
    };
    in_another_form(text, tokens, from, to, dialect).or_else(other)
}

fn in_another_form(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Vec<Parsed>> {
    let first = &tokens[from];
    if first.is_any(text, &["create", "alter"]) {
        return created(text, tokens, from, to, dialect);
    }
    if first.is(text, "from") {
        return inserts_of_one_source(text, tokens, from, to, dialect);
    }
    if dialect == Dialect::Tsql && tokens[from..to].iter().any(|t| t.is_any(text, &["parse", "try_parse"])) {
        return with_casts(text, tokens, from, to, dialect);
    }
    let top = first.is_any(text, &["update", "delete", "insert"]) && tokens[..to].get(from + 1).is_some_and(|t| t.is(text, "top"));
    if top && dialect == Dialect::Tsql {
        return without_top(text, tokens, from, to, dialect);
    }
    None
}

/// A table or view whose head no parser knows: the head is read from tokens, the query by a parser.
fn created(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Vec<Parsed>> {
    let read = ddl::read(text, tokens, from, to)?;
    let mut create = read.create;
    let Some((start, end)) = read.query else {
        return Some(vec![Parsed { statement: Statement::Create(create), parser: "rowmill" }]);
    };
    let mut parsed = parse(text_of(text, tokens, start, end), dialect).ok()?;
    let last = parsed.pop()?;
    let Statement::Query(query) = last.statement else { return None };
    let recursive = tokens[from..to.min(from + 6)].iter().any(|t| t.is(text, "recursive"));
    create.query = Some(if recursive { of_itself(&create, query) } else { query });
    parsed.push(Parsed { statement: Statement::Create(create), parser: last.parser });
    Some(parsed)
}

/// `CREATE RECURSIVE VIEW r (n) AS q` is `CREATE VIEW r AS WITH RECURSIVE r (n) AS (q) SELECT n FROM r`.
fn of_itself(create: &crate::tree::Create, query: Query) -> Query {
    let name = crate::names::Name { parts: create.name.parts.last().cloned().into_iter().collect() };
    let columns: Vec<_> = create.columns.iter().map(|(n, _)| n.clone()).collect();
    let items = columns.iter().map(|n| crate::tree::Item { expr: crate::tree::Expr::Column(n.clone()), alias: None }).collect();
    let select = crate::tree::Select { ordinal: usize::MAX, items, from: vec![Source::table(name.clone())], ..Default::default() };
    Query { ctes: vec![crate::tree::Cte { name, columns, query, recursive: true }], body: Body::Select(Box::new(select)) }
}

/// `FROM s INSERT INTO a SELECT x INSERT INTO b SELECT y WHERE z` of Hive: an insert for each, all of one source.
fn inserts_of_one_source(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Vec<Parsed>> {
    let mut depth = 0i32;
    let mut starts = Vec::new();
    for at in from..to {
        depth += i32::from(tokens[at].sign(b'(')) - i32::from(tokens[at].sign(b')'));
        if depth == 0 && tokens[at].is(text, "insert") {
            starts.push(at);
        }
    }
    let source = text_of(text, tokens, from, *starts.first()?);
    let mut out = Vec::new();
    for (position, &start) in starts.iter().enumerate() {
        let end = starts.get(position + 1).copied().unwrap_or(to);
        let select = (start..end).find(|&i| tokens[i].is(text, "select"))?;
        let mut depth = 0i32;
        let clause = (select..end).find(|&i| {
            depth += i32::from(tokens[i].sign(b'(')) - i32::from(tokens[i].sign(b')'));
            depth == 0 && tokens[i].is_any(text, &["where", "group", "having", "order", "distribute", "cluster", "sort", "limit", "lateral"])
        });
        let clause = clause.unwrap_or(end);
        let source = if (select..clause).any(|i| tokens[i].is(text, "from")) { "" } else { source };
        let whole = format!("{} {source} {}", text_of(text, tokens, start, clause), text_of(text, tokens, clause, end));
        out.extend(parse(&whole, dialect).ok()?);
    }
    Some(out)
}

/// `PARSE(a AS date USING 'en-US')` casts.
fn with_casts(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Vec<Parsed>> {
    let mut out = String::new();
    let mut done = tokens[from].start;
    for at in from..to.saturating_sub(1) {
        let casts = tokens[at].is_any(text, &["parse", "try_parse"]) && tokens[at + 1].sign(b'(');
        let culture = tokens[at].is(text, "using") && tokens[at + 1].kind == Kind::Text;
        if casts || culture {
            out.push_str(&text[done..tokens[at].start]);
            out.push_str(if casts { "CAST" } else { "" });
            done = tokens[at + usize::from(culture)].end;
        }
    }
    out.push_str(&text[done..tokens[to - 1].end]);
    parse(&out, dialect).ok()
}

/// `UPDATE TOP (10) t SET …` changes the columns that `UPDATE t SET …` does.
fn without_top(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Vec<Parsed>> {
    let mut reader = Reader { source: text, tokens, at: from + 2, to };
    reader.at = if tokens.get(reader.at)?.sign(b'(') { reader.behind_parenthesis() } else { reader.at + 1 };
    reader.take(&["percent"]);
    let whole = format!("{} {}", tokens[from].text(text), text_of(text, tokens, reader.at, to));
    parse(&whole, dialect).ok()
}

/// `OUTPUT inserted.a INTO log (x)` of T-SQL, as an insert of its own: `inserted` and `deleted` are rows of the target.
pub(crate) fn output(text: &str, tokens: &[Token], from: usize, to: usize, target: &Source, dialect: Dialect) -> Option<Statement> {
    let mut depth = 0i32;
    let mut outside = |word: &'static [&'static str], from: usize| {
        (from..to).find(|&i| {
            depth += i32::from(tokens[i].sign(b'(')) - i32::from(tokens[i].sign(b')'));
            depth == 0 && tokens[i].is_any(text, word)
        })
    };
    let start = outside(&["output"], from)?;
    let into = outside(&["into"], start + 1)?;
    if (start..into).any(|i| tokens[i].is_any(text, &["from", "where", "values", "select", "set"])) {
        return None;
    }
    let mut reader = Reader { source: text, tokens, at: into + 1, to };
    let log = reader.name();
    let mut columns = Vec::new();
    if reader.at < to && tokens[reader.at].sign(b'(') {
        let close = reader.behind_parenthesis();
        let names = tokens[reader.at..close].iter().filter(|t| matches!(t.kind, Kind::Word | Kind::Quoted));
        columns = names.map(|t| crate::names::Name::parse(t.text(text))).collect();
    }
    let select = format!("SELECT {} FROM inserted, deleted", text_of(text, tokens, start + 1, into).replace("$action", "'action'"));
    let Statement::Query(mut query) = parse(&select, dialect).ok()?.pop()?.statement else { return None };
    if let Body::Select(select) = &mut query.body {
        select.ordinal = usize::MAX;
        for source in &mut select.from {
            let crate::tree::Rows::Table(alias) = &source.rows else { continue };
            *source = Source { alias: Some(alias.clone()), ..Source::of(target.rows.clone()) };
        }
    }
    let insert = Insert { target: log, alias: None, columns, query: Some(query), by_name: false, overwrite: false, assignments: Vec::new() };
    Some(Statement::Insert(insert))
}
