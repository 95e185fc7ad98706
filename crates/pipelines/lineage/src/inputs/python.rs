//! Python sources: classes, functions, imports, and tables that strings seem to name. The last is a heuristic, and its edges say so.

use super::Input;
use super::python_text::{Logical, logical_lines, split_outside};
use crate::graph::{Edge, Id, Node, node_id};
use crate::names::Name;

/// What a Python source defines, imports, and seems to read and write.
pub fn python(path: &str, text: &str) -> Input {
    let mut out = Input { nodes: vec![Node::file(path)], ..Input::default() };
    let file = out.nodes[0].id;
    let source = logical_lines(text);
    for (at, line) in source.lines.iter().enumerate() {
        let docstring = source.lines.get(at + 1).and_then(|next| next.docstring(&source.strings));
        definition(line, docstring, path, file, &mut out);
    }
    // A string that stands alone is said to people.
    let alone: Vec<usize> = source.lines.iter().filter_map(Logical::lone_string).collect();
    for string in source.strings.iter().enumerate().filter(|(place, _)| !alone.contains(place)).map(|(_, string)| string) {
        for (word, name) in tables(string) {
            guess(&mut out, file, if word == "from" || word == "join" { "READS_FROM" } else { "WRITES_TO" }, &name, &format!("{word} {name}"));
        }
    }
    for line in &source.lines {
        for name in readers(line, &source.strings) {
            guess(&mut out, file, "READS_FROM", &name, &format!("table(\"{name}\")"));
        }
    }
    out
}

fn guess(out: &mut Input, file: Id, kind: &'static str, name: &str, evidence: &str) {
    let id = node_id(&["data_asset", name]);
    out.nodes.push(Node::new(id, "DataAsset", name));
    out.edges.push(Edge::guessed(file, kind, id, evidence));
}

fn definition(line: &Logical, docstring: Option<String>, path: &str, file: Id, out: &mut Input) {
    let code = line.code.trim_start();
    let word = |rest: &str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned();
    let with_docstring = |node: Node| if let Some(text) = &docstring { node.with("docstring", text) } else { node };
    if let Some(rest) = code.strip_prefix("class ") {
        let name = word(rest);
        let id = node_id(&["class", &name, path]);
        out.edges.push(Edge::parsed(file, "DEFINES", id));
        let mut node = with_docstring(Node::new(id, "Class", &name));
        let bases: Vec<String> = arguments(rest).iter().filter(|b| b.chars().all(|c| c.is_alphanumeric() || "_.".contains(c))).cloned().collect();
        if !bases.is_empty() {
            node = node.with("bases", &serde_json::json!(bases).to_string());
        }
        out.nodes.push(node);
    } else if let Some(rest) = code.strip_prefix("def ").or_else(|| code.strip_prefix("async def ")) {
        let name = word(rest);
        let id = node_id(&["function", &name, path]);
        let names: Vec<String> = arguments(rest).iter().map(|a| word(a.trim_start_matches('*'))).filter(|a| !a.is_empty()).collect();
        out.edges.push(Edge::parsed(file, "DEFINES", id));
        out.nodes.push(with_docstring(Node::new(id, "Function", &name).with("args", &serde_json::json!(names).to_string())));
    } else if let Some(rest) = code.strip_prefix("import ") {
        rest.split(',').for_each(|m| import(m.split_whitespace().next().unwrap_or_default(), file, out));
    } else if let Some((module, names)) = code.strip_prefix("from ").and_then(|r| r.split_once(" import ")) {
        let names = names.trim().trim_start_matches('(').trim_end_matches(')');
        let module = module.trim();
        let dotted = |name: &str| if module.ends_with('.') { format!("{module}{name}") } else { format!("{module}.{name}") };
        names.split(',').filter_map(|n| n.split_whitespace().next()).for_each(|n| import(&dotted(n), file, out));
    }
}

/// The parts of the parenthesis behind a name, without what they default to.
fn arguments(rest: &str) -> Vec<String> {
    let Some((_, inner)) = rest.split_once('(') else { return Vec::new() };
    let mut depth = 1i32;
    let end = inner.char_indices().find(|(_, c)| {
        depth += i32::from(matches!(c, '(' | '[' | '{')) - i32::from(matches!(c, ')' | ']' | '}'));
        depth == 0
    });
    let inner = &inner[..end.map_or(inner.len(), |(at, _)| at)];
    let parts = split_outside(inner, ',').into_iter().map(|p| p.trim().to_owned());
    // A slash and a star alone only say how arguments are passed.
    parts.filter(|p| !p.is_empty() && p != "/" && p != "*").collect()
}

fn import(module: &str, file: Id, out: &mut Input) {
    if module.is_empty() {
        return;
    }
    let id = node_id(&["module", module]);
    out.edges.push(Edge::parsed(file, "IMPORTS", id));
    out.nodes.push(Node::new(id, "Module", module));
}

/// Names after FROM, JOIN, INTO and UPDATE, where the string looks like SQL at all.
fn tables(string: &str) -> Vec<(&'static str, String)> {
    let lower = string.to_ascii_lowercase();
    let words: Vec<&str> = string.split_whitespace().collect();
    let has = |word: &str| lower.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == word);
    if !(has("select") && has("from") || has("update") && has("set") || has("insert") || has("delete") || has("merge")) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let before = |at: usize, steps: usize| at.checked_sub(steps).map(|i| words[i].to_ascii_lowercase()).unwrap_or_default();
    for (at, word) in words.iter().enumerate() {
        let verb = match before(at, 1).as_str() {
            "from" if before(at, 2) == "delete" => "delete from",
            "from" => "from",
            "join" => "join",
            "into" => "insert into",
            // `ON DUPLICATE KEY UPDATE a` and `FOR UPDATE` change no table of that name.
            "update" if !matches!(before(at, 2).as_str(), "key" | "do" | "for") => "update",
            _ => continue,
        };
        let name = word.split('(').next().unwrap_or_default().trim_end_matches([',', ';', ')']);
        let shape = name.chars().all(|c| c.is_alphanumeric() || "_.[]\"`#$-".contains(c))
            && name.chars().next().is_some_and(|c| c.is_alphabetic() || "_[\"`#".contains(c));
        if shape && !name.eq_ignore_ascii_case("select") && !name.eq_ignore_ascii_case("set") {
            let parts = Name::parse(name).parts;
            out.push((verb, parts.into_iter().map(|p| p.text).collect::<Vec<_>>().join(".")));
        }
    }
    out
}

/// `.table("x")` and `.read_table("x")` of data frames.
fn readers(line: &Logical, strings: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    for call in [".table(", ".read_table("] {
        for (at, _) in line.code.match_indices(call) {
            out.extend(Logical::string_at(line.code[at + call.len()..].trim_start(), strings));
        }
    }
    out
}
