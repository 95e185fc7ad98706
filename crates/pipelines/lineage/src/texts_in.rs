//! Texts made ready for the parsers: what they stumble over and lineage does not need is taken out, places kept.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token};

/// The text of a statement as the parsers should see it, or `None` where it may stay as it is.
pub(crate) fn prepared(text: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect, inside: bool) -> Option<String> {
    let start = tokens[from].start;
    let range = &text[start..tokens[to - 1].end];
    let first = &tokens[from];
    if first.is(text, "perform") {
        return Some(format!("SELECT {}", &range[7..]));
    }
    if first.is(text, "alter") {
        return Some(format!("CREATE{}", &range[5..]));
    }
    if first.is(text, "insert") && range.len() > 8 * 1024 {
        return first_row(text, tokens, from, to);
    }
    if inside && dialect != Dialect::Tsql && first.is_any(text, &["select", "with"]) {
        return without_into(text, tokens, from, to);
    }
    None
}

/// An INSERT of many rows says no more than its first row.
fn first_row(text: &str, tokens: &[Token], from: usize, to: usize) -> Option<String> {
    let values = (from..to.min(from + 4000)).find(|&at| tokens[at].is_any(text, &["values", "select"]))?;
    if tokens[values].is(text, "select") {
        return None;
    }
    let mut depth = 0i32;
    for token in &tokens[values..to] {
        depth += i32::from(token.sign(b'(')) - i32::from(token.sign(b')'));
        if depth == 0 && token.sign(b')') {
            return Some(text[tokens[from].start..token.end].to_owned());
        }
    }
    None
}

/// `SELECT a INTO v FROM t` of a procedure fills a variable; without the INTO every parser reads it.
fn without_into(text: &str, tokens: &[Token], from: usize, to: usize) -> Option<String> {
    let mut depth = 0i32;
    let into = (from..to).find(|&at| {
        depth += i32::from(tokens[at].sign(b'(')) - i32::from(tokens[at].sign(b')'));
        depth == 0 && tokens[at].is(text, "into")
    })?;
    const ENDS: &[&str] = &["from", "where", "limit", "group", "order", "union", "for"];
    let end = (into + 1..to).find(|&at| tokens[at].kind == Kind::Word && tokens[at].is_any(text, ENDS)).unwrap_or(to);
    let bulk = into >= from + 2 && tokens[into - 1].is(text, "collect");
    let cut = if bulk { into - 2 } else { into };
    let base = tokens[from].start;
    let cut_end = tokens.get(end).filter(|_| end < to).map_or(tokens[to - 1].end, |t| t.start);
    let mut out = text[base..tokens[cut].start].to_owned();
    out.extend(text[tokens[cut].start..cut_end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
    out.push_str(&text[cut_end..tokens[to - 1].end]);
    Some(out)
}
