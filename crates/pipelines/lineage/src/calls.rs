//! Calls, synonyms and foreign keys: read from tokens, since no parser knows all of their forms.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token};
use crate::names::Name;
use crate::reader::Reader;

/// The body of `CREATE EVENT … DO` of MySQL and `CREATE TASK … AS` of Snowflake.
pub(crate) fn scheduled(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<usize> {
    if !tokens[from].is(source, "create") {
        return None;
    }
    let at = (from + 1..to.min(from + 10)).find(|&i| tokens[i].is_any(source, &["event", "task", "table", "view", "as", "index"]))?;
    let word: &[&str] = if tokens[at].is(source, "event") { &["do"] } else { &["as"] };
    if !tokens[at].is_any(source, &["event", "task"]) {
        return None;
    }
    (at..to).find(|&i| tokens[i].is_any(source, word)).map(|i| i + 1)
}

/// `p(1);` in a block of PL/SQL calls a procedure.
pub(crate) fn bare_call(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Name> {
    if dialect != Dialect::Oracle || !is_bare_call(source, tokens, from, to) {
        return None;
    }
    Some(Reader { source, tokens, at: from, to }.name())
}

/// True where a statement of PL/SQL is nothing but a name and its arguments.
pub(crate) fn is_bare_call(source: &str, tokens: &[Token], from: usize, to: usize) -> bool {
    const NONE: &[&str] = &[
        "null",
        "commit",
        "rollback",
        "return",
        "raise",
        "exit",
        "continue",
        "begin",
        "end",
        "if",
        "loop",
        "while",
        "for",
        "declare",
        "open",
        "close",
        "fetch",
        "goto",
        "savepoint",
        "pipe",
        "forall",
        "case",
        "else",
        "elsif",
        "exception",
        "when",
        "execute",
        "raise_application_error",
        "values",
        "select",
        "insert",
        "update",
        "delete",
        "merge",
        "member",
        "static",
        "map",
        "order",
        "constructor",
        "with",
        "create",
        "lock",
        "set",
        "pragma",
    ];
    if !matches!(tokens[from].kind, Kind::Word | Kind::Quoted) || tokens[from].is_any(source, NONE) {
        return false;
    }
    let system = ["dbms_", "utl_", "htp"].iter().any(|p| tokens[from].text(source).get(..p.len()).is_some_and(|t| t.eq_ignore_ascii_case(p)));
    let mut reader = Reader { source, tokens, at: from, to };
    reader.name();
    if reader.at < to && tokens[reader.at].sign(b'(') {
        reader.at = reader.behind_parenthesis();
    }
    !system && (reader.at >= to || tokens[reader.at].sign(b';'))
}

/// A call, as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Call {
    /// Of a procedure with this name.
    Named(Name),
    /// Of text that is known: its bytes in the file, without quotes.
    Literal(String),
    /// Of text that is not.
    Dynamic,
}

/// Reads `EXEC p`, `EXEC @r = p`, `CALL p()`, `EXEC ('…')`, `EXECUTE IMMEDIATE '…'`, `EXEC sp_executesql N'…'`.
pub(crate) fn call(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Call {
    let mut reader = Reader { source, tokens, at: from + 1, to };
    reader.take(&["immediate"]);
    let runs_text = reader.at > from + 1;
    if reader.at < to && reader.tokens[reader.at].text(source).starts_with('@') && reader.at + 1 < to && reader.tokens[reader.at + 1].sign(b'=') {
        reader.at += 2;
    }
    let parenthesis = reader.at < to && reader.tokens[reader.at].sign(b'(');
    if runs_text || parenthesis || (reader.at < to && matches!(reader.tokens[reader.at].kind, Kind::Text | Kind::Dollar)) {
        return literal(source, tokens, reader.at + usize::from(parenthesis), to);
    }
    let name = reader.name();
    if name.parts.last().is_some_and(|p| p.text.eq_ignore_ascii_case("sp_executesql")) {
        return literal(source, tokens, reader.at, to);
    }
    let variable = name.parts.last().is_none_or(|p| p.text.starts_with('@') || p.text.is_empty());
    let called = reader.at < to && reader.tokens[reader.at].sign(b'(');
    // Elsewhere EXECUTE runs a prepared statement, or the text that an expression gives; only CALL and EXEC name a procedure there.
    let names = matches!(dialect, Dialect::Tsql | Dialect::Oracle | Dialect::Generic);
    let bare = tokens[from].is(source, "execute") && (!names || !called && tokens[reader.at.min(to - 1)].is_any(source, &["using", "into"]));
    if variable || bare { Call::Dynamic } else { Call::Named(name) }
}

/// The text of a literal that stands alone; one that is glued together from parts is dynamic.
fn literal(source: &str, tokens: &[Token], at: usize, to: usize) -> Call {
    if at >= to || !matches!(tokens[at].kind, Kind::Text | Kind::Dollar) {
        return Call::Dynamic;
    }
    if tokens[..to].get(at + 1).is_some_and(|t| t.sign(b'+') || t.sign(b'|')) {
        return Call::Dynamic;
    }
    let text = tokens[at].text(source);
    if tokens[at].kind == Kind::Dollar {
        let tag = text[1..].find('$').map_or(1, |i| i + 2);
        return Call::Literal(text.get(tag..text.len() - tag).unwrap_or_default().to_owned());
    }
    let open = text.find('\'').map_or(0, |i| i + 1);
    Call::Literal(text.get(open..text.len().saturating_sub(1)).unwrap_or_default().replace("''", "'"))
}

/// `CREATE SYNONYM s FOR o`.
pub(crate) fn synonym(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<(Name, Name)> {
    let at = (from..to.min(from + 8)).find(|&i| tokens[i].is(source, "synonym"))?;
    let mut reader = Reader { source, tokens, at: at + 1, to };
    let name = reader.name();
    reader.take(&["for"]).then(|| (name, reader.name()))
}

/// The table of `ALTER TABLE t … REFERENCES o`, and the tables referred to.
pub(crate) fn foreign_keys(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<(Name, Vec<Name>)> {
    let at = (from..to.min(from + 3)).find(|&i| tokens[i].is(source, "table"))?;
    let mut reader = Reader { source, tokens, at: at + 1, to };
    while reader.take(&["if", "exists", "only"]) {}
    let name = reader.name();
    let mut all = Vec::new();
    while reader.at < to {
        if reader.take(&["references"]) {
            all.push(reader.name());
        } else {
            reader.at += 1;
        }
    }
    (!all.is_empty()).then_some((name, all))
}
