//! Python sources: classes, functions, imports, and tables that strings seem to name. A heuristic, and its edges say so.

use super::Input;
use crate::graph::{Edge, Id, Node, node_id};
use crate::names::Name;

/// What a Python source defines, imports, and seems to read and write.
pub fn python(path: &str, text: &str) -> Input {
    let mut out = Input { nodes: vec![Node::file(path)], ..Input::default() };
    let file = out.nodes[0].id;
    let (code, strings) = apart(text);
    for line in code.lines() {
        definition(line, path, file, &mut out);
    }
    for string in &strings {
        for (word, name) in tables(string) {
            let id = node_id(&["data_asset", &name]);
            out.nodes.push(Node::new(id, "DataAsset", &name));
            let kind = if word == "from" || word == "join" { "READS_FROM" } else { "WRITES_TO" };
            out.edges.push(Edge::guessed(file, kind, id, &format!("{word} {name}")));
        }
    }
    for name in readers(text, &code) {
        let id = node_id(&["data_asset", &name]);
        out.nodes.push(Node::new(id, "DataAsset", &name));
        out.edges.push(Edge::guessed(file, "READS_FROM", id, &format!("table(\"{name}\")")));
    }
    out
}

fn definition(line: &str, path: &str, file: Id, out: &mut Input) {
    let line = line.trim_start();
    let word = |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    if let Some(rest) = line.strip_prefix("class ") {
        let name = word(rest);
        let id = node_id(&["class", &name, path]);
        out.edges.push(Edge::parsed(file, "DEFINES", id));
        out.nodes.push(Node::new(id, "Class", &name));
    } else if let Some(rest) = line.strip_prefix("def ").or_else(|| line.strip_prefix("async def ")) {
        let name = word(rest);
        let id = node_id(&["function", &name, path]);
        let arguments = rest.split_once('(').map_or("", |(_, a)| a.split(')').next().unwrap_or_default());
        let names: Vec<String> = arguments.split(',').map(|a| word(a.trim().trim_start_matches('*'))).filter(|a| !a.is_empty()).collect();
        out.edges.push(Edge::parsed(file, "DEFINES", id));
        out.nodes.push(Node::new(id, "Function", &name).with("args", &serde_json::json!(names).to_string()));
    } else if let Some(rest) = line.strip_prefix("import ") {
        rest.split(',').for_each(|m| import(m.split_whitespace().next().unwrap_or_default(), file, out));
    } else if let Some((module, names)) = line.strip_prefix("from ").and_then(|r| r.split_once(" import ")) {
        let names = names.trim().trim_start_matches('(').trim_end_matches(')');
        names.split(',').filter_map(|n| n.split_whitespace().next()).for_each(|n| import(&format!("{}.{n}", module.trim()), file, out));
    }
}

fn import(module: &str, file: Id, out: &mut Input) {
    if module.is_empty() {
        return;
    }
    let id = node_id(&["module", module]);
    out.edges.push(Edge::parsed(file, "IMPORTS", id));
    out.nodes.push(Node::new(id, "Module", module));
}

/// The code without its strings and comments, and the strings.
fn apart(text: &str) -> (String, Vec<String>) {
    let (mut code, mut strings) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '"', '#']) {
        code.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('#') {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            continue;
        }
        let quote = &rest[..1];
        let triple = quote.repeat(3);
        let mark = if rest.starts_with(&triple) { triple.as_str() } else { quote };
        let end = closing(&rest[mark.len()..], mark);
        strings.push(rest[mark.len()..mark.len() + end].to_owned());
        code.push_str("''");
        rest = rest.get(mark.len() + end + mark.len()..).unwrap_or("");
    }
    code.push_str(rest);
    (code, strings)
}

fn closing(text: &str, mark: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find(mark) {
        let slashes = text[..from + at].bytes().rev().take_while(|&b| b == b'\\').count();
        if slashes % 2 == 0 {
            return from + at;
        }
        from += at + mark.len();
    }
    text.len()
}

/// Names after FROM, JOIN, INSERT INTO and UPDATE, where the string looks like SQL at all.
fn tables(string: &str) -> Vec<(&'static str, String)> {
    let lower = string.to_ascii_lowercase();
    let words: Vec<&str> = string.split_whitespace().collect();
    let sql = ["select ", "insert into ", "update ", "delete from ", "merge into "].iter().any(|w| lower.contains(w)) || lower.starts_with("select");
    if !sql {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map(|i| words[i].to_ascii_lowercase()).unwrap_or_default();
        let verb = match before.as_str() {
            "from" => "from",
            "join" => "join",
            "into" => "insert into",
            "update" => "update",
            _ => continue,
        };
        let name = word.trim_end_matches([',', ';', ')']);
        let shape = name.chars().all(|c| c.is_alphanumeric() || "_.[]\"`#$-".contains(c))
            && name.chars().next().is_some_and(|c| c.is_alphabetic() || "_[\"`".contains(c));
        if shape && !name.eq_ignore_ascii_case("select") {
            let parts = Name::parse(name).parts;
            out.push((verb, parts.into_iter().map(|p| p.text).collect::<Vec<_>>().join(".")));
        }
    }
    out
}

/// `.table("x")` and `.read_table("x")` of data frames.
fn readers(text: &str, _code: &str) -> Vec<String> {
    let mut out = Vec::new();
    for call in [".table(", ".read_table("] {
        let mut rest = text;
        while let Some(at) = rest.find(call) {
            rest = &rest[at + call.len()..];
            let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
            if let Some(name) = quote.and_then(|q| rest[1..].split(q).next()) {
                out.push(name.to_owned());
            }
        }
    }
    out
}
