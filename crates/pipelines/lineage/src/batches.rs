//! A file to what its client sends at once: `GO`, `DELIMITER`, the slash and the commands of SQL*Plus.

use crate::dialects::Dialect;
use crate::lex::{Kind, Lexed, Token};

fn first_on_line(source: &str, token: &Token) -> bool {
    let before = &source.as_bytes()[..token.start];
    let line = memchr::memrchr(b'\n', before).map_or(0, |i| i + 1);
    before[line..].iter().all(|b| b.is_ascii_whitespace())
}

fn line_end(source: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &source.as_bytes()[at..]).map_or(source.len(), |i| at + i)
}

/// Ranges of tokens between lines that only the client reads, with the delimiter that rules there if it is not a semicolon.
pub(crate) fn batches(source: &str, lexed: &Lexed, dialect: Dialect) -> Vec<(usize, usize, Option<String>)> {
    let tokens = &lexed.tokens;
    let mut out = Vec::new();
    let (mut from, mut at) = (0, 0);
    let mut delimiter: Option<String> = None;
    while at < tokens.len() {
        let token = &tokens[at];
        let separator = match dialect {
            Dialect::Tsql => token.is(source, "go") && first_on_line(source, token) && is_go(source, tokens, at),
            Dialect::Mysql => token.is(source, "delimiter") && first_on_line(source, token),
            Dialect::Oracle => {
                let slash = token.sign(b'/') && first_on_line(source, token) && source[token.end..line_end(source, token.end)].trim().is_empty();
                slash || (at == from || tokens[at - 1].sign(b';')) && is_client_command(source, tokens, at)
            }
            _ => false,
        };
        if !separator {
            at += 1;
            continue;
        }
        out.push((from, at, delimiter.clone()));
        let end = line_end(source, token.start);
        if dialect == Dialect::Mysql {
            let mark = source[token.end..end].trim();
            delimiter = (mark != ";" && !mark.is_empty()).then(|| mark.to_owned());
        }
        at += tokens[at..].iter().take_while(|t| t.start < end).count();
        from = at;
    }
    out.push((from, tokens.len(), delimiter));
    out
}

/// A line that only SQL*Plus reads.
fn is_client_command(source: &str, tokens: &[Token], at: usize) -> bool {
    const SETTINGS: &[&str] = &[
        "arraysize",
        "autocommit",
        "autotrace",
        "colsep",
        "define",
        "echo",
        "escape",
        "feedback",
        "feed",
        "head",
        "heading",
        "linesize",
        "lines",
        "long",
        "newpage",
        "numwidth",
        "null",
        "pagesize",
        "pages",
        "scan",
        "serveroutput",
        "sqlblanklines",
        "sqlprompt",
        "sqlterminator",
        "tab",
        "term",
        "termout",
        "timing",
        "trimout",
        "trimspool",
        "verify",
        "ver",
        "wrap",
        "sqlformat",
        "concat",
        "errorlogging",
        "time",
    ];
    const COMMANDS: &[&str] = &[
        "prompt", "spool", "rem", "remark", "whenever", "column", "accept", "ttitle", "btitle", "define", "undefine", "host", "conn", "connect",
        "clear", "pause", "start",
    ];
    let token = &tokens[at];
    if !first_on_line(source, token) {
        return false;
    }
    let set = token.is(source, "set") && tokens.get(at + 1).is_some_and(|t| t.is_any(source, SETTINGS));
    set || token.is_any(source, COMMANDS) || token.kind == Kind::Word && token.text(source).starts_with('@')
}

/// `GO`, `GO 5`, `GO;` and nothing else on the line.
fn is_go(source: &str, tokens: &[Token], at: usize) -> bool {
    let end = line_end(source, tokens[at].start);
    let rest = tokens[at + 1..].iter().take_while(|t| t.start < end);
    rest.enumerate().all(|(i, t)| (i == 0 && t.kind == Kind::Number) || t.sign(b';'))
}
