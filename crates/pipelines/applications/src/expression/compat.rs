//! The dialect of contracts of old, as it was measured: what it gives, not what it seems to say.
//!
//! - A condition is cut at every ` AND `, or else at every ` OR `, wherever that stands, and is in capitals then. The parts are not cut again: an OR
//!   between ANDs is false, and in brackets true.
//! - A condition without either loses brackets around the whole of it. It is a left side, the first sign or word of comparison, and a right side.
//! - A side is a text between quotes, `DATE('…')`, or a name; anything else, a number too, is nothing: the empty text.
//! - Two sides are compared as dates where the right one is (year first; else it is false), as numbers where both are, else as texts.
//! - Arithmetic is that of doubles. A text that is no number is 0, a blank is null, and so is everything that has one; a name alone is arithmetic.
//! - What cannot be read, and what goes wrong, is null.

mod arithmetic;
mod condition;
mod like;

use arithmetic::Sum;
use condition::Condition;

use super::{Evaluated, EvaluationError, References};
use crate::values::calendar::date_text;
use crate::values::times::moment;
use crate::values::{Compat, is_blank};

/// An expression of old.
#[derive(Clone, Debug)]
pub(super) enum Program {
    /// CASE: the first branch whose condition holds; else what follows ELSE.
    Case(Vec<(Condition, Then)>, Option<Then>),
    /// Arithmetic.
    Sum(Sum),
    /// A text between quotes.
    Text(String),
    /// What cannot be read.
    Nothing,
}

/// What follows THEN or ELSE.
#[derive(Clone, Debug)]
pub(super) enum Then {
    Text(String),
    Reference(usize),
    /// Days after a date, as a text.
    Days(Sum, usize),
    Sum(Sum),
    Nothing,
}

/// Reads an expression; takes everything.
pub(super) fn read(text: &str, references: &mut References) -> Program {
    let text = text.trim();
    if let Some(inside) = between(text, "CASE", "END") {
        return case(inside, references).unwrap_or(Program::Nothing);
    }
    match literal(text) {
        Some(text) => Program::Text(text.to_owned()),
        None => arithmetic::read(text, references).map_or(Program::Nothing, Program::Sum),
    }
}

/// The value; `text` answers the text of each reference.
pub(super) fn evaluate<'t>(program: &Program, text: &dyn Fn(usize) -> Option<&'t str>) -> Evaluated {
    match program {
        Program::Case(branches, otherwise) => {
            let then = branches.iter().find(|(condition, _)| condition.holds(text)).map(|(_, then)| then).or(otherwise.as_ref());
            then.map_or(Evaluated::Null, |then| of_then(then, text))
        }
        Program::Sum(sum) => number(sum, text),
        Program::Text(text) => Evaluated::Text(text.clone()),
        Program::Nothing => Evaluated::Null,
    }
}

fn of_then<'t>(then: &Then, text: &dyn Fn(usize) -> Option<&'t str>) -> Evaluated {
    match then {
        Then::Text(text) => Evaluated::Text(text.clone()),
        Then::Reference(number) => match text(*number) {
            Some(text) if !is_blank(text) => Evaluated::Text(text.to_owned()),
            _ => Evaluated::Null,
        },
        Then::Days(days, date) => {
            let later = || {
                let days = days.value(text)?.trunc();
                let day = f64::from(iso_day(text(*date)?)?) + days;
                // Beyond these there is no date.
                (-719_162.0..=2_932_896.0).contains(&day).then(|| Evaluated::Text(date_text(day as i32)))
            };
            later().unwrap_or(Evaluated::Null)
        }
        Then::Sum(sum) => number(sum, text),
        Then::Nothing => Evaluated::Null,
    }
}

fn number<'t>(sum: &Sum, text: &dyn Fn(usize) -> Option<&'t str>) -> Evaluated {
    let Some(value) = sum.value(text) else { return Evaluated::Null };
    crate::values::Number::of_double(value).map_or(Evaluated::Error(EvaluationError::Overflow), Evaluated::Number)
}

/// WHEN … THEN … [WHEN …] [ELSE …].
fn case(text: &str, references: &mut References) -> Option<Program> {
    let mut branches = Vec::new();
    let mut rest = after(text, "WHEN")?;
    loop {
        let (condition, behind) = cut(rest, "THEN")?;
        let condition = Condition::read(condition, references);
        if let Some((then, more)) = cut(behind, "WHEN") {
            branches.push((condition, read_then(then, references)));
            rest = more;
            continue;
        }
        let (then, otherwise) = cut(behind, "ELSE").map_or((behind, None), |(then, otherwise)| (then, Some(otherwise)));
        branches.push((condition, read_then(then, references)));
        let otherwise = otherwise.map(|otherwise| read_then(otherwise, references));
        return Some(Program::Case(branches, otherwise));
    }
}

fn read_then(text: &str, references: &mut References) -> Then {
    let text = text.trim();
    if let Some(text) = literal(text) {
        return Then::Text(text.to_owned());
    }
    if let Some(arguments) = call(text, "DATEADD") {
        return date_add(arguments, references).unwrap_or(Then::Nothing);
    }
    match name(text) {
        Some((element, attribute)) => Then::Reference(references.number(element, attribute)),
        None => arithmetic::read(text, references).map_or(Then::Nothing, Then::Sum),
    }
}

/// `day, n, d`; other units were never understood.
fn date_add(arguments: &str, references: &mut References) -> Option<Then> {
    let mut parts = arguments.splitn(3, ',').map(str::trim);
    let (unit, days, date) = (parts.next()?, parts.next()?, parts.next()?);
    let date = call(date, "DATE").unwrap_or(date);
    let (element, attribute) = name(date.trim())?;
    let days = arithmetic::read(days, references)?;
    unit.eq_ignore_ascii_case("day").then(|| Then::Days(days, references.number(element, attribute)))
}

/// The day of a date with its year first, whatever time follows.
fn iso_day(text: &str) -> Option<i32> {
    let text = text.trim();
    (!text.contains('/')).then(|| moment(text, &Compat { dates_forgiving: true, ..Compat::default() }).ok())?.map(|moment| moment.day)
}

/// A text between quotes.
fn literal(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}

/// `attribute` or `element.attribute`.
fn name(text: &str) -> Option<(Option<&str>, &str)> {
    let is_name = |name: &str| {
        let mut chars = name.chars();
        chars.next().is_some_and(|c| c.is_alphabetic() || c == '_') && chars.all(|c| c.is_alphanumeric() || c == '_')
    };
    match text.split_once('.') {
        Some((element, attribute)) => (is_name(element) && is_name(attribute)).then_some((Some(element), attribute)),
        None => is_name(text).then_some((None, text)),
    }
}

/// What is between the brackets of a call.
fn call<'t>(text: &'t str, function: &str) -> Option<&'t str> {
    let head = text.get(..function.len())?;
    let rest = text[function.len()..].trim_start();
    head.eq_ignore_ascii_case(function).then(|| rest.strip_prefix('(')?.strip_suffix(')'))?
}

/// What is between two words, which begin and end the text.
fn between<'t>(text: &'t str, first: &str, last: &str) -> Option<&'t str> {
    let inside = after(text, first)?;
    let cut = inside.len().checked_sub(last.len())?;
    let end = inside.get(cut..)?;
    let is_word = inside[..cut].ends_with(|c: char| c.is_whitespace() || c == ')' || c == '\'');
    (end.eq_ignore_ascii_case(last) && is_word).then(|| &inside[..cut])
}

/// What follows a word that begins the text.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let text = text.trim_start();
    let head = text.get(..word.len())?;
    let rest = &text[word.len()..];
    (head.eq_ignore_ascii_case(word) && rest.starts_with(|c: char| c.is_whitespace() || c == '(')).then_some(rest)
}

/// Before and behind the first place of a word that is outside quotes.
fn cut<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let mut in_quotes = false;
    for (at, c) in text.char_indices() {
        in_quotes ^= c == '\'';
        let is_bounded = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.');
        if in_quotes || !text.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word)) {
            continue;
        }
        if is_bounded(text[..at].chars().next_back()) && is_bounded(text[at + word.len()..].chars().next()) {
            return Some((&text[..at], &text[at + word.len()..]));
        }
    }
    None
}

#[cfg(test)]
mod tests;
