//! Procedures, functions, triggers, synonyms and calls: read from tokens, since no parser knows all of their forms.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token};
use crate::model::ObjectKind;
use crate::names::Name;
use crate::reader::{Reader, inside_quotes};

/// Where the body of a routine stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    /// Tokens of the file, half-open.
    Tokens(usize, usize),
    /// Bytes of the file inside a dollar-quoted or quoted string, half-open.
    Text(usize, usize),
    /// None that is SQL.
    Nothing,
}

/// The header of a routine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Routine {
    pub kind: ObjectKind,
    /// `procedure`, `function`, `trigger` or `package`.
    pub word: &'static str,
    pub name: Name,
    pub properties: Vec<(String, String)>,
    /// The table of a trigger.
    pub of: Option<Name>,
    /// The function that a trigger of PostgreSQL runs.
    pub calls: Vec<Name>,
    pub body: Body,
}

/// Reads the header of a routine that these tokens hold.
pub(crate) fn routine(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Routine> {
    const WORDS: &[(&str, &str)] = &[
        ("procedure", "procedure"),
        ("proc", "procedure"),
        ("function", "function"),
        ("trigger", "trigger"),
        ("package", "package"),
        ("type", "package"),
    ];
    let at = (from..to.min(from + 16)).find(|&i| WORDS.iter().any(|(w, _)| tokens[i].is(source, w)))?;
    let word = WORDS.iter().find(|(w, _)| tokens[at].is(source, w))?.1;
    let mut reader = Reader { source, tokens, at: at + 1, to };
    reader.take(&["body"]);
    while reader.take(&["if", "not", "exists"]) {}
    let name = reader.name();
    if name.is_empty() {
        return None;
    }
    let mut properties = Vec::new();
    let kind = if word == "trigger" { ObjectKind::Trigger } else { ObjectKind::FunctionOrProcedure };
    let (mut of, mut calls) = (None, Vec::new());
    if word == "trigger" {
        (of, calls) = trigger(&mut reader, &mut properties);
    } else if let Some(arguments) = reader.parenthesis() {
        properties.push(("arguments".to_owned(), arguments));
    } else if dialect == Dialect::Tsql {
        let start = reader.at;
        let end = body_word(&reader, start, dialect).unwrap_or(to);
        let text = reader.plain(start, end.min(to).max(start));
        properties.push(("arguments".to_owned(), text.trim_end().trim_end_matches("AS").trim_end().to_owned()));
    }
    let body = if calls.is_empty() { body(&reader, dialect) } else { Body::Nothing };
    Some(Routine { kind, word, name, properties, of, calls, body })
}

/// `ON t AFTER INSERT` of T-SQL, `AFTER INSERT OR UPDATE ON t … EXECUTE FUNCTION f()` of the others.
fn trigger(reader: &mut Reader, properties: &mut Vec<(String, String)>) -> (Option<Name>, Vec<Name>) {
    let (mut events, mut timing, mut of) = (Vec::new(), String::new(), None);
    while reader.at < reader.to {
        if reader.take(&["on"]) && of.is_none() {
            of = Some(reader.name());
            continue;
        }
        let at = reader.at;
        if reader.is(at, &["as", "begin", "when", "declare", "referencing"])
            || (of.is_some() && !events.is_empty() && reader.is(at, &["set", "call"]))
        {
            break;
        }
        if reader.is(at, &["execute"]) && reader.is(at + 1, &["function", "procedure"]) {
            reader.at += 2;
            let called = reader.name();
            finish(properties, timing, &events);
            return (of, vec![called]);
        }
        let each = reader.is(at, &["for"]) && reader.is(at + 1, &["each"]);
        if reader.is(at, &["before", "after", "instead", "for"]) && timing.is_empty() && !each {
            timing = if reader.is(at, &["instead"]) { "instead of".into() } else { reader.tokens[at].text(reader.source).to_ascii_lowercase() };
        } else if reader.is(at, &["insert", "update", "delete", "truncate"]) {
            // After FOR EACH ROW a verb is the body.
            if reader.is(at.saturating_sub(1), &["row"]) {
                break;
            }
            events.push(reader.tokens[at].text(reader.source).to_ascii_lowercase());
        }
        reader.at += 1;
    }
    finish(properties, timing, &events);
    // A condition may stand before the function that is run.
    let mut later = reader.at;
    while later + 1 < reader.to {
        if reader.is(later, &["execute"]) && reader.is(later + 1, &["function", "procedure"]) {
            reader.at = later + 2;
            return (of, vec![reader.name()]);
        }
        later += 1;
    }
    (of, Vec::new())
}

fn finish(properties: &mut Vec<(String, String)>, timing: String, events: &[String]) {
    properties.push(("timing".to_owned(), timing));
    properties.push(("events".to_owned(), events.join(",")));
}

/// The word before a body: `AS` or `IS`, but not the AS of an argument or of `EXECUTE AS`.
fn body_word(reader: &Reader, from: usize, dialect: Dialect) -> Option<usize> {
    let mut depth = 0i32;
    (from..reader.to).find(|&at| {
        let token = &reader.tokens[at];
        depth += i32::from(token.sign(b'(')) - i32::from(token.sign(b')'));
        let word = reader.is(at, &["as", "is"]);
        let argument = at > from && dialect == Dialect::Tsql && reader.tokens[at - 1].text(reader.source).starts_with('@');
        depth == 0 && word && !argument && !(at > 0 && reader.is(at - 1, &["execute", "exec"]))
    })
}

fn body(reader: &Reader, dialect: Dialect) -> Body {
    let foreign = (reader.at..reader.to).any(|at| {
        reader.is(at, &["language"])
            && reader.is(at + 1, &["python", "javascript", "java", "scala", "c", "internal", "js", "plpython3u", "plperl", "r"])
    });
    if foreign {
        return Body::Nothing;
    }
    // Where no AS stands before it, a body begins with its first verb.
    const VERBS: &[&str] = &["begin", "select", "insert", "update", "delete", "merge", "call", "declare"];
    let has_as = matches!(dialect, Dialect::Tsql | Dialect::Oracle);
    // Behind a verb AS comes before names, which may be in quotes of texts.
    let quoted = (reader.at..reader.to).take_while(|&at| !has_as && !reader.is(at, VERBS)).find(|&at| {
        let kind = reader.tokens[at].kind;
        kind == Kind::Dollar || (kind == Kind::Text && at > 0 && reader.is(at - 1, &["as"]))
    });
    if let Some(at) = quoted {
        let (start, end) = inside_quotes(reader.source, &reader.tokens[at]);
        return Body::Text(start, end);
    }
    let as_word = body_word(reader, reader.at, dialect);
    if let Some(at) = as_word.filter(|&at| has_as || !(reader.at..at).any(|i| reader.is(i, VERBS))) {
        return Body::Tokens(at + 1, reader.to);
    }
    let verb = (reader.at..reader.to).find(|&at| reader.is(at, VERBS) || reader.is(at, &["set", "with", "return", "if"]));
    verb.map_or(Body::Nothing, |at| Body::Tokens(at, reader.to))
}
