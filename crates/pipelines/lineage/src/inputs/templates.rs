//! Models of dbt as they are written: `ref` and `source` become names, settings go, other macros mark the statement.

use std::borrow::Cow;

/// The text without templates, and whether macros were left whose text is not known. Lines keep their numbers. `this` is the model, where it is known.
pub(crate) fn template<'t>(text: &'t str, model: Option<&str>) -> (Cow<'t, str>, bool) {
    if memchr::memmem::find(text.as_bytes(), b"{{").is_none() && memchr::memmem::find(text.as_bytes(), b"{%").is_none() {
        return (Cow::Borrowed(text), false);
    }
    // Templates that say what is text and what a list bind everything else as a value.
    let binds = ["sqlsafe", "inclause"].iter().any(|filter| memchr::memmem::find(text.as_bytes(), filter.as_bytes()).is_some());
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut templated) = (text, false);
    while let Some(at) = rest.find('{') {
        let close = match rest.as_bytes().get(at + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                out.push_str(&rest[..at + 1]);
                rest = &rest[at + 1..];
                continue;
            }
        };
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find(close) else {
            // A brace that is never closed is no template.
            out.push_str(&rest[at..]);
            rest = "";
            break;
        };
        let inner = rest[at + 2..at + end].trim_matches(['-', ' ', '\n', '\t', '\r']);
        if close == "}}" && is_data(&out, inner) {
            out.push_str(&rest[at..at + 2]);
            rest = &rest[at + 2..];
            continue;
        }
        // Of two branches the first is read: both together are no statement.
        let end = if close == "%}" && is_other_branch(inner) { at_end_of_branches(rest, at).unwrap_or(at + end) - at } else { end };
        if close == "}}" {
            let place = place_of(&out, &rest[at + end + 2..], inner);
            let (replacement, unknown) = placed(place, inner).unwrap_or_else(|| expression(inner, model));
            out.push_str(&replacement);
            let is_bound = binds && !inner.contains('(') && (place != Place::Value || !is_safe(inner));
            templated |= unknown && !is_bound;
        } else if close == "%}" {
            let is_bound = binds && inner.starts_with("if ") && !inner.contains('(');
            templated |= !is_bound && !is_setting(inner);
        }
        out.extend(rest[at..at + end].bytes().filter(|&b| b == b'\n').map(|_| '\n'));
        rest = &rest[at + end + 2..];
    }
    out.push_str(rest);
    (Cow::Owned(out), templated)
}

/// `'{{1,2},{3,4}}'` is an array in a string.
fn is_data(before: &str, inner: &str) -> bool {
    inner.contains(['{', '}']) || before.ends_with('\'') && inner.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '"')
}

fn is_other_branch(inner: &str) -> bool {
    matches!(inner.split_whitespace().next(), Some("else" | "elif"))
}

/// Where the `endif` begins its last two bytes that ends the branches of which one begins at `from`; `None` where there is none.
fn at_end_of_branches(text: &str, from: usize) -> Option<usize> {
    let (mut depth, mut at) = (0usize, from + 2);
    while let Some(open) = text[at..].find("{%").map(|i| at + i) {
        let close = open + text[open..].find("%}")?;
        let inner = text[open + 2..close].trim_matches(['-', ' ', '\n', '\t', '\r']);
        match inner.split_whitespace().next() {
            Some("if") => depth += 1,
            Some("endif") if depth == 0 => return Some(close),
            Some("endif") => depth -= 1,
            _ => {}
        }
        at = close + 2;
    }
    None
}

/// What a placeholder stands for, by what is around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A name, or a part of one.
    Name,
    /// The list behind IN.
    List,
    /// The elements behind ARRAY.
    Array,
    /// Anything else.
    Value,
}

fn place_of(before: &str, after: &str, inner: &str) -> Place {
    let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let trimmed = before.trim_end();
    let word = &trimmed[trimmed.rfind(|c| !is_part(c)).map_or(0, |i| i + trimmed[i..].chars().next().map_or(1, char::len_utf8))..];
    let is = |words: &[&str]| words.iter().any(|w| word.eq_ignore_ascii_case(w));
    let touches = before.ends_with(|c| c == '.' || is_part(c)) || after.starts_with(is_part) || after.starts_with('.') || after.starts_with("{{");
    if is(&["array"]) && !after.starts_with('.') {
        Place::Array
    } else if is(&["in"]) && !touches {
        Place::List
    } else if touches || is(&["join", "into", "update", "table"]) || is_safe(inner) && is(&["from"]) {
        Place::Name
    } else {
        Place::Value
    }
}

/// True for text that is put in as it is.
fn is_safe(inner: &str) -> bool {
    inner.split('|').skip(1).any(|filter| matches!(filter.trim(), "sqlsafe" | "identifier"))
}

/// A placeholder that is no value: a name is called as its variable is. Whose name is not plain stays as it is.
fn placed(place: Place, inner: &str) -> Option<(String, bool)> {
    match place {
        Place::Value => None,
        Place::List => (!inner.contains('(')).then(|| ("(NULL)".to_owned(), true)),
        Place::Array => (!inner.contains('(')).then(|| ("[NULL]".to_owned(), true)),
        Place::Name => {
            let path = inner.split('|').next().unwrap_or_default().trim();
            let name = path.rsplit('.').next().unwrap_or_default();
            let is_plain =
                name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic()) && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
            (is_plain && !path.starts_with("this")).then(|| (name.to_owned(), true))
        }
    }
}

fn expression(inner: &str, model: Option<&str>) -> (String, bool) {
    let (function, arguments) = match inner.split_once('(') {
        Some((function, arguments)) => (function.trim(), arguments),
        None => (inner, ""),
    };
    let strings = strings(arguments);
    match (function, strings.as_slice()) {
        ("ref", [.., model]) => (model.clone(), false),
        ("source", [source, table, ..]) => (format!("{source}.{table}"), false),
        ("config" | "set" | "log", _) => (String::new(), false),
        ("var" | "env_var", _) => ("NULL".to_owned(), false),
        ("this" | "this.name", _) => (model.unwrap_or("this_model").to_owned(), false),
        ("is_incremental" | "adapter.quote", _) => ("TRUE".to_owned(), false),
        _ => ("NULL".to_owned(), true),
    }
}

/// `{% if is_incremental() %}` and the like change conditions, not where columns come from.
fn is_setting(inner: &str) -> bool {
    let word = inner.split_whitespace().next().unwrap_or_default();
    matches!(word, "set" | "endif" | "else" | "elif" | "config" | "endset" | "do") || word == "if" && inner.contains("is_incremental")
}

fn strings(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '"']) {
        let quote = rest.as_bytes()[at] as char;
        let Some(end) = rest[at + 1..].find(quote) else { break };
        out.push(rest[at + 1..at + 1 + end].to_owned());
        rest = &rest[at + end + 2..];
    }
    out
}
