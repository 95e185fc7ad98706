//! Made-up values, to see whether both dialects make the same of an expression.

use crate::expression::{Dialect, Evaluated, Expression, Reference, differs};

/// Values for which the dialects do not agree.
pub(super) struct Difference {
    /// The values, in words.
    pub(super) values: String,
    pub(super) compat: Evaluated,
    pub(super) strict: Evaluated,
}

/// Combinations of values that are tried at most.
const MOST: usize = 4096;

/// The first of many made-up combinations that gives another value in the other dialect.
///
/// What is added or multiplied is a number; other attributes are missing, blank, numbers, dates, and the texts that the expression names. So
/// what is found is not that a text is no number, which is true of most expressions.
pub(super) fn first_difference(text: &str) -> Option<Difference> {
    let names = names(text)?;
    let choices: Vec<Vec<Option<String>>> = names.iter().map(|name| values(text, name)).collect();
    let combinations = choices.iter().fold(1_usize, |all, some| all.saturating_mul(some.len()));
    let step = combinations.div_ceil(MOST).max(1);
    (0..combinations).step_by(step | 1).find_map(|number| {
        let picked = pick(&choices, number);
        // The other dialect may write the same name in capitals.
        let find = |wanted: &Reference| picked[names.iter().position(|name| name.eq_ignore_ascii_case(&wanted.attribute))?];
        let (compat, strict) = differs(text, &find)?;
        (!is_near(&compat, &strict)).then(|| Difference { values: in_words(&names, &picked), compat, strict })
    })
}

/// Names of the attributes that an expression asks for, whatever element they are of.
fn names(text: &str) -> Option<Vec<String>> {
    let expression = Expression::parse(text, Dialect::Strict).ok()?;
    let mut names: Vec<String> = Vec::new();
    for reference in expression.references() {
        if !names.iter().any(|name| name.eq_ignore_ascii_case(&reference.attribute)) {
            names.push(reference.attribute.clone());
        }
    }
    Some(names)
}

/// Whether two numbers are the same to nine digits: doubles and decimals differ beyond.
pub(super) fn is_near(compat: &Evaluated, strict: &Evaluated) -> bool {
    let number = |evaluated: &Evaluated| match evaluated {
        Evaluated::Number(number) => number.to_string().parse::<f64>().ok(),
        _ => None,
    };
    number(compat).zip(number(strict)).is_some_and(|(compat, strict)| (compat - strict).abs() <= 1e-9 * strict.abs())
}

/// The combination with a number: its digits choose, reference by reference.
fn pick(choices: &[Vec<Option<String>>], number: usize) -> Vec<Option<&str>> {
    let mut rest = number;
    choices
        .iter()
        .map(|some| {
            let at = rest % some.len();
            rest /= some.len();
            some[at].as_deref()
        })
        .collect()
}

fn values(text: &str, name: &str) -> Vec<Option<String>> {
    let numbers = ["3", "100", "0", "-5"].map(|number| Some(number.to_owned()));
    let name = name.to_lowercase();
    if name.contains("date") || is_date(text, &name) {
        return [Some("2024-01-15"), Some("1/15/2024"), None].map(|date| date.map(str::to_owned)).to_vec();
    }
    let mut values: Vec<Option<String>> = numbers.to_vec();
    if !is_calculated_with(text, &name) {
        let literals = text.split('\'').skip(1).step_by(2).filter(|literal| !literal.is_empty());
        values.extend(literals.map(|literal| Some(literal.replace('%', "x"))));
        values.extend([Some(String::new()), None]);
    }
    values
}

/// Whether the attribute is the last argument of DATEADD, or that of DATE.
fn is_date(text: &str, name: &str) -> bool {
    let bare: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let dated = bare.split("dateadd(").skip(1).any(|rest| rest.split(')').next().is_some_and(|inside| inside.ends_with(name)));
    dated || bare.contains(&format!("date({name})"))
}

/// Whether a sign of arithmetic stands beside the name, or it is the number of days of DATEADD.
fn is_calculated_with(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let is_sign = |c: Option<char>| c.is_some_and(|c| matches!(c, '+' | '-' | '*' | '/'));
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(&name).any(|(at, name)| {
        let (before, behind) = (&text[..at], &text[at + name.len()..]);
        let is_whole = !before.ends_with(is_name) && !behind.starts_with(is_name);
        let days = before.trim_end().ends_with(',') && behind.trim_start().starts_with(',');
        is_whole && (days || is_sign(before.trim_end().chars().next_back()) || is_sign(behind.trim_start().chars().next()))
    })
}

fn in_words(names: &[String], picked: &[Option<&str>]) -> String {
    let one = |(name, value): (&String, &Option<&str>)| match value {
        Some(value) => format!("{name} is '{value}'"),
        None => format!("{name} is missing"),
    };
    if names.is_empty() {
        return "nothing is asked".to_owned();
    }
    names.iter().zip(picked).map(one).collect::<Vec<_>>().join(" and ")
}
