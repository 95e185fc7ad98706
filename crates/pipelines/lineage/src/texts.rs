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
