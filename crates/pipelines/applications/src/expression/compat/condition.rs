//! Conditions of the dialect of old.

use super::super::References;
use super::super::ast::Comparison;
use super::like::Pattern;
use super::{call, iso_day, literal, name};
use crate::values::is_blank;

type Texts<'t, 'f> = &'f dyn Fn(usize) -> Option<&'t str>;

/// A condition as it was cut.
#[derive(Clone, Debug)]
pub(in super::super) enum Condition {
    All(Vec<Test>),
    Any(Vec<Test>),
    One(Test),
}

/// A part of a condition.
#[derive(Clone, Debug)]
pub(in super::super) enum Test {
    Compare(Side, Comparison, Side),
    IsNull(Side),
    IsNotNull(Side),
    IsEmpty(Side),
    IsNotEmpty(Side),
    Like(Side, Pattern),
    /// Brackets around an OR beside an AND.
    Always,
    /// No sign or word of comparison, or an OR beside an AND.
    Never,
}

/// A side of a comparison.
#[derive(Clone, Debug)]
pub(in super::super) enum Side {
    Reference(usize),
    Text(String),
    Date(i32),
    /// Something else, which is the empty text.
    Nothing,
}

impl Condition {
    /// Reads a condition; takes everything.
    pub(in super::super) fn read(text: &str, references: &mut References) -> Self {
        let text = text.trim();
        let capitals = text.to_uppercase();
        for (word, make) in [(" AND ", Self::All as fn(Vec<Test>) -> Self), (" OR ", Self::Any)] {
            if capitals.contains(word) {
                return make(capitals.split(word).map(|part| Test::part(part.trim(), references)).collect());
            }
        }
        let bare = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
        Self::One(Test::read(bare.trim(), references))
    }

    /// Whether it holds.
    pub(super) fn holds(&self, text: Texts<'_, '_>) -> bool {
        match self {
            Self::All(tests) => tests.iter().all(|test| test.holds(text)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(text)),
            Self::One(test) => test.holds(text),
        }
    }
}

/// Signs of comparison, the longer ones first.
const SIGNS: [(&str, Comparison); 6] = [
    (">=", Comparison::GreaterOrEqual),
    ("<=", Comparison::LessOrEqual),
    ("!=", Comparison::Unequal),
    ("=", Comparison::Equal),
    (">", Comparison::Greater),
    ("<", Comparison::Less),
];

impl Test {
    /// A part between ANDs or ORs. An OR in it was never looked at: without brackets it made the part false, with them true.
    fn part(text: &str, references: &mut References) -> Self {
        let is_outside_quotes = |(at, _): (usize, &str)| text[..at].matches('\'').count().is_multiple_of(2);
        if !text.match_indices(" OR ").any(is_outside_quotes) {
            return Self::read(text, references);
        }
        if text.starts_with('(') && text.ends_with(')') { Self::Always } else { Self::Never }
    }

    fn read(text: &str, references: &mut References) -> Self {
        type Make = fn(Side) -> Test;
        let capitals = text.to_ascii_uppercase();
        let words: [(&str, Make); 4] =
            [(" IS NOT NULL", Self::IsNotNull), (" IS NULL", Self::IsNull), (" IS NOT EMPTY", Self::IsNotEmpty), (" IS EMPTY", Self::IsEmpty)];
        if let Some((word, make)) = words.iter().find(|(word, _)| capitals.ends_with(word)) {
            return make(Side::read(&text[..text.len() - word.len()], references));
        }
        if let Some(at) = capitals.find(" LIKE ") {
            let wanted = text[at + " LIKE ".len()..].trim();
            let left = Side::read(&text[..at], references);
            return literal(wanted).and_then(Pattern::read).map_or(Self::Never, |pattern| Self::Like(left, pattern));
        }
        let sign_at = |at: usize| SIGNS.iter().find(|(sign, _)| text[at..].starts_with(sign)).map(|(sign, operator)| (at, *sign, *operator));
        match text.char_indices().find_map(|(at, _)| sign_at(at)) {
            Some((at, sign, operator)) => {
                let (left, right) = (Side::read(&text[..at], references), Side::read(&text[at + sign.len()..], references));
                Self::Compare(left, operator, right)
            }
            None => Self::Never,
        }
    }

    fn holds(&self, text: Texts<'_, '_>) -> bool {
        let is_empty = |side: &Side| side.text(text).is_none_or(is_blank);
        match self {
            Self::Compare(left, operator, right) => compare(left, *operator, right, text),
            Self::IsNull(side) => side.text(text).is_none_or(str::is_empty),
            Self::IsNotNull(side) => !side.text(text).is_none_or(str::is_empty),
            Self::IsEmpty(side) => is_empty(side),
            Self::IsNotEmpty(side) => !is_empty(side),
            Self::Like(side, pattern) => pattern.is_like(side.text(text).unwrap_or("")),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

impl Side {
    fn read(text: &str, references: &mut References) -> Self {
        let text = text.trim();
        if let Some(text) = literal(text) {
            return Self::Text(text.to_owned());
        }
        if let Some(date) = call(text, "DATE").and_then(|argument| literal(argument.trim())) {
            return iso_day(date).map_or(Self::Nothing, Self::Date);
        }
        name(text).map_or(Self::Nothing, |(element, attribute)| Self::Reference(references.number(element, attribute)))
    }

    /// The text; nothing for what is no text.
    fn text<'s, 't: 's>(&'s self, text: Texts<'t, '_>) -> Option<&'s str> {
        match self {
            Self::Reference(number) => text(*number),
            Self::Text(text) => Some(text),
            Self::Date(_) | Self::Nothing => None,
        }
    }
}

fn compare(left: &Side, operator: Comparison, right: &Side, text: Texts<'_, '_>) -> bool {
    let (first, second) = (left.text(text).unwrap_or(""), right.text(text).unwrap_or(""));
    let wanted = match right {
        Side::Date(day) => Some(*day),
        Side::Text(date) => iso_day(date),
        Side::Reference(_) | Side::Nothing => None,
    };
    if let Some(wanted) = wanted {
        return iso_day(first).is_some_and(|day| operator.holds(day.cmp(&wanted)));
    }
    // As arithmetic reads them: with an exponent, and never with commas.
    let order = match (first.trim().parse::<f64>(), second.trim().parse::<f64>()) {
        (Ok(left), Ok(right)) => left.partial_cmp(&right),
        _ => Some(first.cmp(second)),
    };
    order.map_or(operator == Comparison::Unequal, |order| operator.holds(order))
}
