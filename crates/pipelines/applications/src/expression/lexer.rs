//! The text of an expression in pieces.

use super::error::ExpressionError;
use crate::values::Number;

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name or a keyword, as it is written.
    Word(String),
    Text(String),
    Number(Number),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

/// Signs, the longer ones first.
const SIGNS: [&str; 18] = ["**", "//", "<=", ">=", "<>", "!=", "==", "+", "-", "*", "/", "%", "=", "<", ">", "(", ")", ","];

/// The pieces with the number of characters before each. The last is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, ExpressionError> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let (token, end) = match c {
            '\'' => quoted(&chars, at)?,
            c if c.is_ascii_digit() || (c == '.' && chars.get(at + 1).is_some_and(char::is_ascii_digit)) => number(&chars, at)?,
            c if is_name_start(c) => {
                let end = end_of(&chars, at, |c| is_name_start(c) || c.is_ascii_digit() || c == '.');
                (Token::Word(chars[at..end].iter().collect()), end)
            }
            _ => sign(&chars, at)?,
        };
        tokens.push((at, token));
        at = end;
    }
    tokens.push((chars.len(), Token::End));
    Ok(tokens)
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn end_of(chars: &[char], from: usize, goes_on: impl Fn(char) -> bool) -> usize {
    chars[from..].iter().position(|c| !goes_on(*c)).map_or(chars.len(), |length| from + length)
}

/// A text between quotes, in which two quotes are one.
fn quoted(chars: &[char], from: usize) -> Result<(Token, usize), ExpressionError> {
    let mut text = String::new();
    let mut at = from + 1;
    loop {
        match (chars.get(at), chars.get(at + 1)) {
            (Some('\''), Some('\'')) => {
                text.push('\'');
                at += 2;
            }
            (Some('\''), _) => return Ok((Token::Text(text), at + 1)),
            (Some(c), _) => {
                text.push(*c);
                at += 1;
            }
            (None, _) => {
                return Err(ExpressionError {
                    offset: from,
                    message: "a text that does not end".into(),
                    help: "Put a quote ' behind it; a quote inside a text is written twice".into(),
                });
            }
        }
    }
}

fn number(chars: &[char], from: usize) -> Result<(Token, usize), ExpressionError> {
    let end = end_of(chars, from, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
    let text: String = chars[from..end].iter().collect();
    match Number::parse(&text) {
        Some(number) => Ok((Token::Number(number), end)),
        None => Err(ExpressionError {
            offset: from,
            message: format!("{text} is not a number"),
            help: "Write digits, and a point before a fraction; texts are between quotes '".into(),
        }),
    }
}

fn sign(chars: &[char], at: usize) -> Result<(Token, usize), ExpressionError> {
    let is_next = |sign: &&&str| sign.chars().enumerate().all(|(offset, c)| chars.get(at + offset) == Some(&c));
    match SIGNS.iter().find(is_next) {
        Some(sign) => Ok((Token::Sign(sign), at + sign.len())),
        None => {
            Err(ExpressionError { offset: at, message: format!("{} has no meaning here", chars[at]), help: format!("Signs are {}", SIGNS.join(" ")) })
        }
    }
}
