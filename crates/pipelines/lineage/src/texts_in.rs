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
    if matches!(dialect, Dialect::Spark | Dialect::Databricks | Dialect::Hive) && range.contains("${") {
        return with_quoted_variables(text, tokens, from, to);
    }
    if dialect == Dialect::Clickhouse {
        return without_global(text, tokens, from, to);
    }
    if first.is(text, "insert") && tokens[from..to.min(from + 4)].iter().any(|t| t.is(text, "directory")) {
        let query = (from..to).find(|&at| tokens[at].is_any(text, &["select", "with", "from"]))?;
        return Some(text[tokens[query].start..tokens[to - 1].end].to_owned());
    }
    if inside && dialect == Dialect::Oracle && range.contains(":") {
        let named = without_into(text, tokens, from, to).filter(|_| first.is_any(text, &["select", "with"])).unwrap_or_else(|| range.to_owned());
        return Some(without_colons(&named));
    }
    let into_session = || dialect == Dialect::Mysql && tokens[from..to].windows(2).any(|w| w[0].is(text, "into") && w[1].text(text).starts_with('@'));
    if first.is_any(text, &["select", "with"]) && (inside && dialect != Dialect::Tsql || into_session()) {
        return without_into(text, tokens, from, to);
    }
    None
}

/// `${name}` of Spark and Hive, as a name that is quoted; in strings it stays.
fn with_quoted_variables(text: &str, tokens: &[Token], from: usize, to: usize) -> Option<String> {
    let mut out = String::new();
    let mut done = tokens[from].start;
    let is_part = |t: &Token| t.kind == Kind::Word || t.kind == Kind::Number || t.sign(b'{') || t.sign(b'}') || t.sign(b':');
    let mut at = from;
    while at + 1 < to {
        let begins = tokens[at].kind == Kind::Word && tokens[at].text(text).ends_with('$') && tokens[at + 1].sign(b'{');
        if !begins {
            at += 1;
            continue;
        }
        // What touches it is of the same name.
        let touching = (at + 1..to).take_while(|&i| tokens[i].start == tokens[i - 1].end && is_part(&tokens[i])).count();
        let end = at + touching;
        out.push_str(&text[done..tokens[at].start]);
        out.push_str(&format!("`{}`", &text[tokens[at].start..tokens[end].end]));
        done = tokens[end].end;
        at = end + 1;
    }
    if out.is_empty() {
        return None;
    }
    out.push_str(&text[done..tokens[to - 1].end.max(done)]);
    Some(out)
}

/// `GLOBAL JOIN` and `GLOBAL IN` of ClickHouse say where work is done.
fn without_global(text: &str, tokens: &[Token], from: usize, to: usize) -> Option<String> {
    let base = tokens[from].start;
    let mut out: Option<Vec<u8>> = None;
    for at in from + 1..to.saturating_sub(1) {
        const NEXT: &[&str] = &["any", "all", "inner", "left", "right", "full", "cross", "join", "asof", "semi", "anti", "in", "not"];
        if tokens[at].is(text, "global") && tokens[at + 1].is_any(text, NEXT) {
            let out = out.get_or_insert_with(|| text.as_bytes()[base..tokens[to - 1].end].to_vec());
            out[tokens[at].start - base..tokens[at].end - base].fill(b' ');
        }
    }
    out.and_then(|bytes| String::from_utf8(bytes).ok())
}

/// `:new.a` and `:old.a` of a trigger, without the colon.
fn without_colons(text: &str) -> String {
    let mut out = text.as_bytes().to_vec();
    for at in memchr::memchr_iter(b':', text.as_bytes()) {
        let row = text.get(at + 1..at + 5).is_some_and(|t| t.eq_ignore_ascii_case("new.") || t.eq_ignore_ascii_case("old."));
        if row {
            out[at] = b' ';
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// What stands in comments such as `/*!50001 … */` is read by servers of that version, so it is read here. Places stay as they are.
pub(crate) fn with_versioned(text: &str) -> String {
    let mut out = text.as_bytes().to_vec();
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&out[at..], b"/*!") {
        let start = at + found;
        let quotes = memchr::memchr_iter(b'\'', &out[at..start]).count();
        let digits = out[start + 3..].iter().take_while(|b| b.is_ascii_digit()).count();
        let Some(end) = memchr::memmem::find(&out[start..], b"*/") else { break };
        at = start + end + 2;
        // Inside a string it is no comment.
        if quotes.is_multiple_of(2) {
            out[start..start + 3 + digits].fill(b' ');
            out[at - 2..at].fill(b' ');
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
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
