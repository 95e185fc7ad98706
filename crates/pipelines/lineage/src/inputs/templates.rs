//! Models of dbt as they are written: `ref` and `source` become names, settings go, other macros mark the statement.

use std::borrow::Cow;

/// The text without templates, and whether macros were left whose text is not known. Lines keep their numbers. `this` is the model, where it is known.
pub(crate) fn template<'t>(text: &'t str, model: Option<&str>) -> (Cow<'t, str>, bool) {
    if memchr::memmem::find(text.as_bytes(), b"{{").is_none() && memchr::memmem::find(text.as_bytes(), b"{%").is_none() {
        return (Cow::Borrowed(text), false);
    }
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
        if close == "}}" {
            let (replacement, unknown) = expression(inner, model);
            out.push_str(&replacement);
            templated |= unknown;
        } else if close == "%}" {
            templated |= !is_setting(inner);
        }
        out.extend(rest[at..at + end].bytes().filter(|&b| b == b'\n').map(|_| '\n'));
        rest = &rest[at + end + 2..];
    }
    out.push_str(rest);
    (Cow::Owned(out), templated)
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
    matches!(word, "set" | "endif" | "config" | "endset" | "do") || word == "if" && inner.contains("is_incremental")
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
