//! Procedures, functions, triggers, synonyms and calls: read from tokens, since no parser knows all of their forms.

use crate::dialects::Dialect;
use crate::lex::{Kind, Token};
use crate::model::ObjectKind;
use crate::names::Name;

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

/// A reader over some tokens of a file.
pub(crate) struct Reader<'a> {
    pub source: &'a str,
    pub tokens: &'a [Token],
    pub at: usize,
    pub to: usize,
}

impl Reader<'_> {
    fn is(&self, at: usize, words: &[&str]) -> bool {
        at < self.to && self.tokens[at].is_any(self.source, words)
    }

    /// Passes one of these words, where it stands here.
    pub fn take(&mut self, words: &[&str]) -> bool {
        let found = self.is(self.at, words);
        self.at += usize::from(found);
        found
    }

    /// The name that stands here; empty where none does.
    pub fn name(&mut self) -> Name {
        let start = self.at;
        let mut end = start;
        while end < self.to && matches!(self.tokens[end].kind, Kind::Word | Kind::Quoted | Kind::Text) {
            end += 1;
            if end >= self.to || !self.tokens[end].sign(b'.') {
                break;
            }
            while end < self.to && self.tokens[end].sign(b'.') {
                end += 1;
            }
        }
        self.at = end;
        if start == end { Name::default() } else { Name::parse(&self.source[self.tokens[start].start..self.tokens[end - 1].end]) }
    }

    /// The place behind the parenthesis that opens here.
    pub fn behind_parenthesis(&self) -> usize {
        let mut depth = 0i32;
        for at in self.at..self.to {
            depth += i32::from(self.tokens[at].sign(b'(')) - i32::from(self.tokens[at].sign(b')'));
            if depth == 0 {
                return at + 1;
            }
        }
        self.to
    }

    /// The text in parentheses that stands here.
    fn parenthesis(&mut self) -> Option<String> {
        if self.at >= self.to || !self.tokens[self.at].sign(b'(') {
            return None;
        }
        let open = self.at;
        self.at = self.behind_parenthesis();
        let inner = &self.source[self.tokens[open].end..self.tokens[self.at - 1].start.max(self.tokens[open].end)];
        Some(inner.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// Reads the header of a routine that these tokens hold.
pub(crate) fn routine(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Routine> {
    const WORDS: &[(&str, &str)] =
        &[("procedure", "procedure"), ("proc", "procedure"), ("function", "function"), ("trigger", "trigger"), ("package", "package")];
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
        let text = if end > start { &source[tokens[start].start..tokens[end.min(to) - 1].end.max(tokens[start].start)] } else { "" };
        properties.push((
            "arguments".to_owned(),
            text.trim_end_matches(|c: char| c.is_whitespace()).trim_end_matches("AS").split_whitespace().collect::<Vec<_>>().join(" "),
        ));
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
    let quoted = (reader.at..reader.to).find(|&at| {
        let kind = reader.tokens[at].kind;
        kind == Kind::Dollar || (kind == Kind::Text && at > 0 && reader.is(at - 1, &["as"]))
    });
    if let Some(at) = quoted {
        let (start, end) = inside_quotes(reader.source, &reader.tokens[at]);
        return Body::Text(start, end);
    }
    // Where no AS stands before it, a body begins with its first verb.
    const VERBS: &[&str] = &["begin", "select", "insert", "update", "delete", "merge", "call", "declare"];
    let as_word = body_word(reader, reader.at, dialect);
    let has_as = matches!(dialect, Dialect::Tsql | Dialect::Oracle);
    if let Some(at) = as_word.filter(|&at| has_as || !(reader.at..at).any(|i| reader.is(i, VERBS))) {
        return Body::Tokens(at + 1, reader.to);
    }
    let verb = (reader.at..reader.to).find(|&at| reader.is(at, VERBS) || reader.is(at, &["set", "with", "return", "if"]));
    verb.map_or(Body::Nothing, |at| Body::Tokens(at, reader.to))
}

/// The bytes inside the quotes of a string or a dollar-quoted text, half-open.
pub(crate) fn inside_quotes(source: &str, token: &Token) -> (usize, usize) {
    let text = token.text(source);
    let tag = if token.kind == Kind::Dollar { text[1..].find('$').map_or(1, |i| i + 2) } else { text.find('\'').map_or(1, |i| i + 1) };
    let close = if token.kind == Kind::Dollar { tag } else { 1 };
    let start = token.start + tag.min(text.len());
    (start, token.end.saturating_sub(close).max(start).min(token.end))
}

/// The body of `CREATE EVENT … DO` of MySQL and `CREATE TASK … AS` of Snowflake.
pub(crate) fn scheduled(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<usize> {
    if !tokens[from].is(source, "create") {
        return None;
    }
    let at = (from + 1..to.min(from + 10)).find(|&i| tokens[i].is_any(source, &["event", "task", "table", "view", "as", "index"]))?;
    let word: &[&str] = if tokens[at].is(source, "event") { &["do"] } else { &["as"] };
    if !tokens[at].is_any(source, &["event", "task"]) {
        return None;
    }
    (at..to).find(|&i| tokens[i].is_any(source, word)).map(|i| i + 1)
}

/// `p(1);` in a block of PL/SQL calls a procedure.
pub(crate) fn bare_call(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Option<Name> {
    if dialect != Dialect::Oracle || !is_bare_call(source, tokens, from, to) {
        return None;
    }
    Some(Reader { source, tokens, at: from, to }.name())
}

/// True where a statement of PL/SQL is nothing but a name and its arguments.
pub(crate) fn is_bare_call(source: &str, tokens: &[Token], from: usize, to: usize) -> bool {
    const NONE: &[&str] = &[
        "null",
        "commit",
        "rollback",
        "return",
        "raise",
        "exit",
        "continue",
        "begin",
        "end",
        "if",
        "loop",
        "while",
        "for",
        "declare",
        "open",
        "close",
        "fetch",
        "goto",
        "savepoint",
        "pipe",
        "forall",
        "case",
        "else",
        "elsif",
        "exception",
        "when",
        "execute",
        "raise_application_error",
        "values",
        "select",
        "insert",
        "update",
        "delete",
        "merge",
        "with",
        "create",
        "lock",
        "set",
        "pragma",
    ];
    if !matches!(tokens[from].kind, Kind::Word | Kind::Quoted) || tokens[from].is_any(source, NONE) {
        return false;
    }
    let system = ["dbms_", "utl_", "htp"].iter().any(|p| tokens[from].text(source).get(..p.len()).is_some_and(|t| t.eq_ignore_ascii_case(p)));
    let mut reader = Reader { source, tokens, at: from, to };
    reader.name();
    if reader.at < to && tokens[reader.at].sign(b'(') {
        reader.at = reader.behind_parenthesis();
    }
    !system && (reader.at >= to || tokens[reader.at].sign(b';'))
}

/// A call, as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Call {
    /// Of a procedure with this name.
    Named(Name),
    /// Of text that is known: its bytes in the file, without quotes.
    Literal(String),
    /// Of text that is not.
    Dynamic,
}

/// Reads `EXEC p`, `EXEC @r = p`, `CALL p()`, `EXEC ('…')`, `EXECUTE IMMEDIATE '…'`, `EXEC sp_executesql N'…'`.
pub(crate) fn call(source: &str, tokens: &[Token], from: usize, to: usize, dialect: Dialect) -> Call {
    let mut reader = Reader { source, tokens, at: from + 1, to };
    reader.take(&["immediate"]);
    let runs_text = reader.at > from + 1;
    if reader.at < to && reader.tokens[reader.at].text(source).starts_with('@') && reader.at + 1 < to && reader.tokens[reader.at + 1].sign(b'=') {
        reader.at += 2;
    }
    let parenthesis = reader.at < to && reader.tokens[reader.at].sign(b'(');
    if runs_text || parenthesis || (reader.at < to && matches!(reader.tokens[reader.at].kind, Kind::Text | Kind::Dollar)) {
        return literal(source, tokens, reader.at + usize::from(parenthesis), to);
    }
    let name = reader.name();
    if name.parts.last().is_some_and(|p| p.text.eq_ignore_ascii_case("sp_executesql")) {
        return literal(source, tokens, reader.at, to);
    }
    let variable = name.parts.last().is_none_or(|p| p.text.starts_with('@') || p.text.is_empty());
    let called = reader.at < to && reader.tokens[reader.at].sign(b'(');
    // Elsewhere EXECUTE runs a prepared statement, or the text that an expression gives; only CALL and EXEC name a procedure there.
    let names = matches!(dialect, Dialect::Tsql | Dialect::Oracle | Dialect::Generic);
    let bare = tokens[from].is(source, "execute") && (!names || !called && tokens[reader.at.min(to - 1)].is_any(source, &["using", "into"]));
    if variable || bare { Call::Dynamic } else { Call::Named(name) }
}

/// The text of a literal that stands alone; one that is glued together from parts is dynamic.
fn literal(source: &str, tokens: &[Token], at: usize, to: usize) -> Call {
    if at >= to || !matches!(tokens[at].kind, Kind::Text | Kind::Dollar) {
        return Call::Dynamic;
    }
    if tokens[..to].get(at + 1).is_some_and(|t| t.sign(b'+') || t.sign(b'|')) {
        return Call::Dynamic;
    }
    let text = tokens[at].text(source);
    if tokens[at].kind == Kind::Dollar {
        let tag = text[1..].find('$').map_or(1, |i| i + 2);
        return Call::Literal(text.get(tag..text.len() - tag).unwrap_or_default().to_owned());
    }
    let open = text.find('\'').map_or(0, |i| i + 1);
    Call::Literal(text.get(open..text.len().saturating_sub(1)).unwrap_or_default().replace("''", "'"))
}

/// `CREATE SYNONYM s FOR o`.
pub(crate) fn synonym(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<(Name, Name)> {
    let at = (from..to.min(from + 8)).find(|&i| tokens[i].is(source, "synonym"))?;
    let mut reader = Reader { source, tokens, at: at + 1, to };
    let name = reader.name();
    reader.take(&["for"]).then(|| (name, reader.name()))
}

/// The table of `ALTER TABLE t … REFERENCES o`, and the tables referred to.
pub(crate) fn foreign_keys(source: &str, tokens: &[Token], from: usize, to: usize) -> Option<(Name, Vec<Name>)> {
    let at = (from..to.min(from + 3)).find(|&i| tokens[i].is(source, "table"))?;
    let mut reader = Reader { source, tokens, at: at + 1, to };
    while reader.take(&["if", "exists", "only"]) {}
    let name = reader.name();
    let mut all = Vec::new();
    while reader.at < to {
        if reader.take(&["references"]) {
            all.push(reader.name());
        } else {
            reader.at += 1;
        }
    }
    (!all.is_empty()).then_some((name, all))
}
