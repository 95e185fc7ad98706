//! From pieces to an expression of the strict dialect.
//!
//! ```text
//! or         = and { OR and }
//! and        = not { AND not }
//! not        = NOT not | test
//! test       = sum [ comparison sum | IS [NOT] NULL | IS [NOT] EMPTY | [NOT] LIKE 'pattern' | [NOT] IN (or, …) | [NOT] BETWEEN sum AND sum ]
//! sum        = product { + product | - product }
//! product    = power { * power | / power | // power | % power }
//! power      = - power | primary [ ** power ]
//! primary    = number | 'text' | NULL | name | CASE … END | DATE(or) | DATEADD(unit, or, or) | ( or )
//! ```

mod sums;
mod words;

use super::References;
use super::ast::{Comparison, Node, pattern};
use super::error::ExpressionError;
use super::lexer::{Token, tokens};

/// Expressions inside one another.
const DEEPEST: usize = 64;
/// Operations of an expression: they lie inside one another, the first innermost.
const MOST_OPERATIONS: usize = 500;
/// Characters of an expression.
const LONGEST: usize = 20_000;

/// Reads an expression.
pub(super) fn parse(text: &str, references: &mut References) -> Result<Node, ExpressionError> {
    if text.len() > LONGEST {
        return Err(ExpressionError {
            offset: 0,
            message: format!("the expression is longer than {LONGEST} bytes"),
            help: "Use an enum for long lists".into(),
        });
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, operations: 0, references };
    let node = parser.or()?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.unexpected("the end")),
    }
}

struct Parser<'r> {
    tokens: Vec<(usize, Token)>,
    at: usize,
    depth: usize,
    operations: usize,
    references: &'r mut References,
}

type Parsed = Result<Node, ExpressionError>;

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].1
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if found.eq_ignore_ascii_case(word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_there = self.is_word(word);
        self.at += usize::from(is_there);
        is_there
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let is_there = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.at += usize::from(is_there);
        is_there
    }

    fn must_word(&mut self, word: &str) -> Result<(), ExpressionError> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected(word)) }
    }

    fn must_sign(&mut self, sign: &str) -> Result<(), ExpressionError> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.unexpected(sign)) }
    }

    fn unexpected(&self, wanted: &str) -> ExpressionError {
        let found = match self.peek() {
            Token::Word(word) => word.clone(),
            Token::Text(text) => format!("'{text}'"),
            Token::Number(number) => number.to_string(),
            Token::Sign(sign) => (*sign).to_owned(),
            Token::End => "the end".to_owned(),
        };
        ExpressionError {
            offset: self.tokens[self.at].0,
            message: format!("{found} where {wanted} was expected"),
            help: "See the grammar of expressions".into(),
        }
    }

    fn or(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(ExpressionError {
                offset: self.tokens[self.at].0,
                message: format!("more than {DEEPEST} expressions inside one another"),
                help: "Write it flatter".into(),
            });
        }
        let mut parts = vec![self.and()?];
        while self.take_word("OR") {
            parts.push(self.and()?);
        }
        self.depth -= 1;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Node::Or(parts) })
    }

    fn and(&mut self) -> Parsed {
        let mut parts = vec![self.not()?];
        while self.take_word("AND") {
            parts.push(self.not()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Node::And(parts) })
    }

    fn not(&mut self) -> Parsed {
        let mut is_negated = false;
        while self.take_word("NOT") {
            is_negated = !is_negated;
        }
        let test = self.test()?;
        Ok(negated(test, is_negated))
    }

    fn test(&mut self) -> Parsed {
        let left = self.sum()?;
        if let Some(operator) = self.comparison() {
            return Ok(Node::Compare { operator, left: Box::new(left), right: Box::new(self.sum()?) });
        }
        if self.take_word("IS") {
            let is_negated = self.take_word("NOT");
            let test = if self.take_word("NULL") {
                Node::IsNull(Box::new(left))
            } else {
                self.must_word("EMPTY")?;
                Node::IsEmpty(Box::new(left))
            };
            return Ok(negated(test, is_negated));
        }
        let is_negated = self.take_word("NOT");
        let test = if self.take_word("LIKE") {
            self.like(left)?
        } else if self.take_word("IN") {
            self.list(left)?
        } else if self.take_word("BETWEEN") {
            let low = Box::new(self.sum()?);
            self.must_word("AND")?;
            Node::Between { value: Box::new(left), low, high: Box::new(self.sum()?) }
        } else if is_negated {
            return Err(self.unexpected("LIKE, IN or BETWEEN"));
        } else {
            return Ok(left);
        };
        Ok(negated(test, is_negated))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let operator = match self.peek() {
            Token::Sign("=" | "==") => Comparison::Equal,
            Token::Sign("!=" | "<>") => Comparison::Unequal,
            Token::Sign("<") => Comparison::Less,
            Token::Sign(">") => Comparison::Greater,
            Token::Sign("<=") => Comparison::LessOrEqual,
            Token::Sign(">=") => Comparison::GreaterOrEqual,
            _ => return None,
        };
        self.at += 1;
        Some(operator)
    }

    fn like(&mut self, text: Node) -> Parsed {
        match self.peek().clone() {
            Token::Text(wanted) => {
                self.at += 1;
                Ok(Node::Like { text: Box::new(text), pattern: pattern(&wanted) })
            }
            _ => Err(self.unexpected("a pattern between quotes")),
        }
    }

    fn list(&mut self, value: Node) -> Parsed {
        self.must_sign("(")?;
        let mut list = vec![self.sum()?];
        while self.take_sign(",") {
            list.push(self.sum()?);
        }
        self.must_sign(")")?;
        Ok(Node::In { value: Box::new(value), list })
    }
}

fn negated(node: Node, is_negated: bool) -> Node {
    if is_negated { Node::Not(Box::new(node)) } else { node }
}
