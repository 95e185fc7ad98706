//! The texts of the items of each SELECT, found among the tokens, since no parser keeps them.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token, lex};

/// The texts of every SELECT of a statement.
pub(crate) fn all_items(source: &str, dialect: Dialect) -> Vec<Vec<String>> {
    let lexed = lex(source, dialect);
    let selects = lexed.tokens.iter().enumerate().filter(|(_, t)| t.is(source, "select"));
    selects.map(|(at, _)| items(source, &lexed.tokens, at + 1)).collect()
}

fn items(source: &str, tokens: &[Token], from: usize) -> Vec<String> {
    const ENDS: &[&str] =
        &["from", "into", "where", "union", "except", "intersect", "group", "order", "limit", "having", "qualify", "window", "lateral", "bulk"];
    let mut out = Vec::new();
    let mut start = skip_modifiers(source, tokens, from);
    let mut depth = 0i32;
    let mut at = start;
    while at < tokens.len() {
        let token = &tokens[at];
        let field = at > 0 && tokens[at - 1].sign(b'.');
        if token.sign(b'(') || token.sign(b'[') {
            depth += 1;
        } else if token.sign(b')') || token.sign(b']') {
            depth -= 1;
        }
        if depth < 0 || (depth == 0 && (token.sign(b';') || (!field && token.is_any(source, ENDS)))) {
            break;
        }
        if depth == 0 && token.sign(b',') {
            out.push(text(source, &tokens[start..at]));
            start = at + 1;
        }
        at += 1;
    }
    if start < at {
        out.push(text(source, &tokens[start..at]));
    }
    out
}

fn skip_modifiers(source: &str, tokens: &[Token], from: usize) -> usize {
    let mut at = from;
    while at < tokens.len() {
        if tokens[at].is_any(source, &["distinct", "all"]) {
            at += 1;
        } else if tokens[at].is(source, "top") {
            at += 2;
            if at < tokens.len() && tokens[at - 1].sign(b'(') {
                at += 2;
            }
        } else {
            break;
        }
    }
    at
}

/// The text of some tokens, its alias cut off, every run of spaces one.
fn text(source: &str, tokens: &[Token]) -> String {
    let mut tokens = tokens;
    if let [rest @ .., before, last] = tokens {
        let named = matches!(last.kind, Kind::Word | Kind::Quoted | Kind::Text);
        let after_value = matches!(before.kind, Kind::Word | Kind::Quoted | Kind::Number | Kind::Text) || before.sign(b')');
        let end = last.is(source, "end") || before.is_any(source, &["and", "or", "not", "then", "else", "is", "like", "in", "between"]);
        if named && before.is(source, "as") {
            tokens = rest;
        } else if named && after_value && !end {
            tokens = &tokens[..tokens.len() - 1];
        }
    }
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return String::new() };
    source[first.start..last.end].split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The columns that SET clauses and inserts of MERGE set, in lower case, with the texts of their values, in their order.
pub(crate) fn assignments(source: &str, dialect: Dialect) -> Vec<(String, String)> {
    let tokens = lex(source, dialect).tokens;
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].is(source, "set") {
            at = set_clause(source, &tokens, at + 1, &mut out);
        } else if tokens[at].is(source, "insert") && tokens.get(at + 1).is_some_and(|t| t.sign(b'(')) {
            at = values(source, &tokens, at + 1, &mut out);
        } else {
            at += 1;
        }
    }
    out
}

/// `a = x, t.b = y` to the clause that follows.
fn set_clause(source: &str, tokens: &[Token], from: usize, out: &mut Vec<(String, String)>) -> usize {
    const ENDS: &[&str] = &["from", "where", "when", "output", "returning", "order", "limit", "delete"];
    let (mut start, mut depth, mut at) = (from, 0i32, from);
    loop {
        let ends = tokens.get(at).is_none_or(|t| depth == 0 && (t.sign(b';') || t.is_any(source, ENDS)));
        if ends || depth == 0 && tokens[at].sign(b',') {
            if let Some(equals) = (start..at).find(|&i| tokens[i].sign(b'=')).filter(|&i| i > start && i + 1 < at) {
                out.push((column(source, &tokens[equals - 1]), text(source, &tokens[equals + 1..at])));
            }
            start = at + 1;
        }
        if ends {
            return at;
        }
        depth += i32::from(tokens[at].sign(b'(')) - i32::from(tokens[at].sign(b')'));
        at += 1;
    }
}

/// `(a, b) VALUES (x, y)`
fn values(source: &str, tokens: &[Token], open: usize, out: &mut Vec<(String, String)>) -> usize {
    let (columns, behind) = list(source, tokens, open);
    if !tokens.get(behind).is_some_and(|t| t.is(source, "values")) || !tokens.get(behind + 1).is_some_and(|t| t.sign(b'(')) {
        return behind;
    }
    let (texts, behind) = list(source, tokens, behind + 1);
    out.extend(columns.into_iter().map(|c| c.trim_matches(['"', '`', '[', ']']).to_lowercase()).zip(texts));
    behind
}

/// The parts of a parenthesis, and the place behind it.
fn list(source: &str, tokens: &[Token], open: usize) -> (Vec<String>, usize) {
    let (mut out, mut start, mut depth) = (Vec::new(), open + 1, 0i32);
    for at in open..tokens.len() {
        depth += i32::from(tokens[at].sign(b'(')) - i32::from(tokens[at].sign(b')'));
        if depth == 0 || depth == 1 && tokens[at].sign(b',') {
            out.push(text(source, &tokens[start.min(at)..at]));
            start = at + 1;
        }
        if depth == 0 {
            return (out, at + 1);
        }
    }
    (out, tokens.len())
}

fn column(source: &str, token: &Token) -> String {
    token.text(source).trim_matches(['"', '`', '[', ']']).to_lowercase()
}
