//! A text to units of work: split, parsed, procedures opened, positions noted.

use crate::bodies::leaves;
use crate::calls;
use crate::dialects::{Choice, Dialect, candidates};
use crate::extract::{Options, Prepared};
use crate::inputs::{is_model, kept_as, template};
use crate::lex::{Kind, Token, lex};
use crate::model::{Coverage, Definition, Flags, ObjectKind, Problem};
use crate::names::Name;
use crate::objects::{self, Body, Routine};
use crate::parse::parse;
use crate::places::Places;
use crate::reader::inside_quotes;
use crate::rescue::rescue;
use crate::split::split;
use crate::units::{Unit, Work};

use crate::variables::Variables;
use crate::words::{bears_lineage, malformed, tables_of};
use std::sync::Arc;

/// Splits and parses a text as the dialect that was chosen, or as the one that leaves the fewest problems.
pub(crate) fn units(text: &str, options: &Options, model: Option<&str>) -> Prepared {
    let model = model.filter(|_| is_model(text));
    let mut prepared = expanded(text, options, model);
    if let Some(model) = model {
        prepared.make_model(model, kept_as(text));
    }
    prepared
}

fn expanded(text: &str, options: &Options, model: Option<&str>) -> Prepared {
    let expanded = template(text, model);
    let (text, templated) = (expanded.0.as_ref(), expanded.1);
    if options.dialect == Choice::Named(Dialect::Mysql) && text.contains("/*!") {
        return as_dialect(&crate::texts_in::with_versioned(text), Dialect::Mysql, options, templated);
    }
    match options.dialect {
        Choice::Named(dialect) => as_dialect(text, dialect, options, templated),
        Choice::Auto => {
            let mut best: Option<Prepared> = None;
            for dialect in candidates(text) {
                let prepared = as_dialect(text, dialect, options, templated);
                if prepared.problems.is_empty() {
                    return prepared;
                }
                if best.as_ref().is_none_or(|b| prepared.problems.len() < b.problems.len()) {
                    best = Some(prepared);
                }
            }
            best.unwrap_or_else(|| as_dialect(text, crate::dialects::DEFAULT, options, templated))
        }
    }
}

fn as_dialect(text: &str, dialect: Dialect, options: &Options, templated: bool) -> Prepared {
    let lexed = lex(text, dialect);
    let prepared = Prepared {
        dialect,
        options: options.clone(),
        units: Vec::new(),
        problems: Vec::new(),
        coverage: Coverage::default(),
        temporaries: Default::default(),
    };
    let mut file = File { places: Places::new(text), dialect, out: prepared, templated, depth: 0, variables: None };
    if let Some((at, what)) = lexed.unterminated {
        file.problem(text, None, at, format!("this {what} is never closed"));
    }
    let pieces = split(text, &lexed, dialect);
    let script = crate::variables::script_variables(text, &lexed, &pieces, dialect);
    for piece in pieces {
        if piece.routine {
            file.routine(text, &lexed.tokens, piece.from, piece.to);
        } else if piece.unknown {
            let statement = Some(file.out.units.len());
            file.problem(text, statement, lexed.tokens[piece.from].start, "this begins no statement that is known".to_owned());
        } else {
            file.variables.clone_from(&script);
            file.statement(text, &lexed.tokens, piece.from, piece.to, None);
            file.variables = None;
        }
    }
    file.out.note_temporaries();
    file.out
}

/// A file while it is cut.
pub(crate) struct File {
    pub places: Places,
    pub dialect: Dialect,
    pub out: Prepared,
    templated: bool,
    pub depth: usize,
    pub variables: Option<Arc<Variables>>,
}

impl File {
    pub(crate) fn problem(&mut self, text: &str, statement: Option<usize>, at: usize, message: String) {
        let (line, column) = self.places.of(text, at);
        self.out.problems.push(Problem { statement, line, column, message });
    }

    pub(crate) fn unit(&mut self, text: &str, at: usize, within: Option<&str>, work: Work, word: &'static str) -> &mut Unit {
        let (line, column) = self.places.of(text, at);
        let index = self.out.units.len();
        let flags = Flags { templated: self.templated, dynamic: matches!(work, Work::Dynamic), ..Flags::default() };
        self.out.units.push(Unit {
            index,
            line,
            column,
            at: if self.depth > 0 { 0 } else { at },
            word,
            parser: "rowmill",
            within: within.map(str::to_owned),
            work,
            calls: Vec::new(),
            text: String::new(),
            flags,
            into_is_variable: within.is_some() && self.dialect != Dialect::Tsql,
            may_make_temporary: false,
            temporary: false,
            variables: self.variables.clone(),
        });
        &mut self.out.units[index]
    }

    pub(crate) fn canonical(&self, name: &Name) -> String {
        name.canonical(self.dialect, self.out.options.default_schema.as_deref()).0
    }

    fn routine(&mut self, text: &str, tokens: &[Token], from: usize, to: usize) {
        self.routine_of(text, tokens, from, to, None);
    }

    /// A routine, or a member of the package that is named, with what that declares.
    pub(crate) fn routine_of(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, package: Option<(&Name, &Variables)>) {
        self.out.coverage.bearing += 1;
        let Some(mut routine) = objects::routine(text, tokens, from, to, self.dialect) else {
            let statement = Some(self.out.units.len());
            return self.problem(text, statement, tokens[from].start, "the name of this routine cannot be read".to_owned());
        };
        self.out.coverage.structured += 1;
        if let Some((package, _)) = package {
            routine.name.parts.splice(0..0, package.parts.iter().cloned());
        }
        let definition = self.defined(&routine);
        let (name, trigger_of) = (definition.name.clone(), definition.of.clone().filter(|_| routine.word == "trigger"));
        let unit = self.unit(text, tokens[from].start, Some(&name), Work::Define(definition), word_of(routine.word));
        unit.calls = std::mem::take(&mut routine.calls);
        let mut variables = match routine.body {
            // Declarations may stand between the head and the first statement.
            Body::Tokens(..) if routine.word != "package" => Variables::read(text, &tokens[from..to], self.dialect),
            _ => Variables::default(),
        };
        let arguments = routine.properties.iter().find(|(k, _)| k == "arguments").map_or("", |(_, v)| v);
        variables.of_routine(&routine.name.last(self.dialect), arguments, self.dialect);
        variables.trigger_of = trigger_of;
        if let Some((_, around)) = package {
            variables.add(around.clone());
        }
        if let Body::Tokens(body, _) = routine.body
            && let Some(at) = (from..body).find(|&at| tokens[at].is(text, "returns"))
        {
            self.table_variable(text, tokens, at + 1, body, Some(&name));
        }
        match routine.body {
            Body::Tokens(from, to) if routine.word == "package" => self.package(text, tokens, from, to, &routine.name),
            Body::Tokens(from, to) => {
                self.variables = Some(Arc::new(variables)).filter(|v| !v.is_empty());
                self.body(text, tokens, from, to, Some(&name));
            }
            Body::Text(start, end) => self.text_body(text, start, end, Some(&name), variables),
            Body::Nothing => {}
        }
        self.variables = None;
    }

    fn defined(&self, routine: &Routine) -> Definition {
        let of = routine.of.as_ref().map(|n| self.canonical(n));
        let (kind, name, properties) = (routine.kind, self.canonical(&routine.name), routine.properties.clone());
        Definition { kind, name, columns: Vec::new(), of, properties, references: Vec::new() }
    }

    pub(crate) fn body(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, name: Option<&str>) {
        for (from, to) in leaves(text, tokens, from, to, self.dialect) {
            self.statement(text, tokens, from, to, name);
        }
    }

    /// A body inside quotes: its tokens are cut anew and keep their places in the file.
    pub(crate) fn text_body(&mut self, text: &str, start: usize, end: usize, name: Option<&str>, mut variables: Variables) {
        let Some(inner) = text.get(start..end) else { return };
        // A quote that is doubled there is one quote here; a space before it keeps every place.
        let single = text.as_bytes().get(start.wrapping_sub(1)) == Some(&b'\'') && inner.contains("''");
        let unescaped = single.then(|| [&text[..start], &inner.replace("''", " '"), &text[end..]].concat());
        let text = unescaped.as_deref().unwrap_or(text);
        let mut lexed = lex(&text[start..end], self.dialect);
        for token in &mut lexed.tokens {
            token.start += start;
            token.end += start;
        }
        variables.add(Variables::read(text, &lexed.tokens, self.dialect));
        self.variables = Some(Arc::new(variables)).filter(|v| !v.is_empty());
        let count = lexed.tokens.len();
        self.body(text, &lexed.tokens, 0, count, name);
    }

    pub(crate) fn statement(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, within: Option<&str>) {
        let (first, start) = (&tokens[from], tokens[from].start);
        let range = &text[start..tokens[to - 1].end];
        if first.is_any(text, &["exec", "execute", "call"]) {
            return self.call(text, tokens, from, to, within);
        }
        if let Some((name, of)) = first.is(text, "create").then(|| calls::synonym(text, tokens, from, to)).flatten() {
            let definition = Definition {
                kind: ObjectKind::Synonym,
                name: self.canonical(&name),
                columns: vec![],
                of: Some(self.canonical(&of)),
                properties: vec![],
                references: vec![],
            };
            self.unit(text, start, within, Work::Define(definition), "create_synonym");
            return;
        }
        if first.is(text, "alter") && tokens[..to].get(from + 1).is_some_and(|t| t.is(text, "table")) {
            return self.alter_table(text, tokens, from, to, within);
        }
        if first.is(text, "do") {
            let quoted = tokens[from..to].iter().find(|t| matches!(t.kind, Kind::Dollar | Kind::Text));
            if let Some((start, end)) = quoted.map(|t| inside_quotes(text, t)) {
                self.text_body(text, start, end, within, Variables::default());
            }
            return;
        }
        if let Some(inner) = calls::scheduled(text, tokens, from, to) {
            return self.body(text, tokens, inner, to, within);
        }
        if let Some(name) = calls::bare_call(text, tokens, from, to, self.dialect) {
            self.unit(text, start, within, Work::Call(name), "call");
            return;
        }
        if first.is(text, "declare") || first.is(text, "prepare") {
            return self.declared(text, tokens, from, to, within);
        }
        if self.moved(text, tokens, from, to, within) || !bears_lineage(text, tokens, from, to) {
            return;
        }
        let range = crate::texts_in::prepared(text, tokens, from, to, self.dialect, within.is_some()).unwrap_or_else(|| range.to_owned());
        let range = crate::rewrites::rewritten(&range, text, &tokens[from..to], self.dialect).unwrap_or(range);
        self.parse(text, start, range, within, tokens, from, to);
    }

    #[allow(clippy::too_many_arguments)]
    fn parse(&mut self, text: &str, start: usize, range: String, within: Option<&str>, tokens: &[Token], from: usize, to: usize) {
        self.out.coverage.bearing += 1;
        if let Some((at, message)) = malformed(text, tokens, from, to, self.dialect) {
            let statement = Some(self.out.units.len());
            return self.problem(text, statement, tokens[at].start, message);
        }
        let parsed = parse(&range, self.dialect).or_else(|failure| {
            let rewritten = (range != text[start..tokens[to - 1].end]).then(|| lex(&range, self.dialect).tokens);
            let again = rewritten.and_then(|tokens| rescue(&range, &tokens, 0, tokens.len(), self.dialect));
            again.or_else(|| rescue(text, tokens, from, to, self.dialect)).ok_or(failure)
        });
        match parsed {
            Ok(parsed) => {
                self.out.coverage.structured += 1;
                let temporary = range.contains('#') || range.contains('@');
                let of_session = crate::locals::is_of_session(text, &tokens[from..to], self.dialect);
                for one in parsed {
                    let unit = self.unit(text, start, within, Work::Parsed(one.statement), "");
                    unit.parser = one.parser;
                    unit.may_make_temporary = temporary;
                    unit.temporary = of_session;
                    unit.text.clone_from(&range);
                }
                self.beside(text, tokens, from, to, within);
            }
            Err(failure) => {
                let index = self.out.units.len();
                let written = &text[start..tokens[to - 1].end];
                let at = offset_of(written, failure.line, failure.column).map_or(start, |o| (start + o).min(text.len()));
                if self.templated {
                    let names = tables_of(text, tokens, from, to);
                    self.unit(text, start, within, Work::Tables(names), "templated");
                }
                self.problem(text, Some(index), at, failure.message);
            }
        }
    }
}

/// The byte of a line and column, both from 1, the column in characters; the end of the line where it is shorter.
fn offset_of(text: &str, line: usize, column: usize) -> Option<usize> {
    let start = if line <= 1 { 0 } else { memchr::memchr_iter(b'\n', text.as_bytes()).nth(line - 2)? + 1 };
    let rest = text.get(start..)?;
    let rest = rest.split_once('\n').map_or(rest, |(line, _)| line);
    Some(start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(i, _)| i))
}

fn word_of(routine: &str) -> &'static str {
    match routine {
        "procedure" => "create_procedure",
        "function" => "create_function",
        "trigger" => "create_trigger",
        _ => "create_package",
    }
}
