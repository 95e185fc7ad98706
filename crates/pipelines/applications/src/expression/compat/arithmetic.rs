//! Arithmetic of the dialect of old: doubles, texts that are no numbers as 0.

use super::super::References;
use super::super::lexer::{Token, tokens};
use crate::values::is_blank;

/// An expression of numbers, as steps of a calculator that puts what it has on a pile.
#[derive(Clone, Debug)]
pub(in super::super) struct Sum {
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Reference(usize),
    Number(f64),
    Negative,
    Operator(Operator),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Plus,
    Minus,
    Times,
    Divided,
    DividedDown,
    Power,
}

/// Reads arithmetic; `None` for anything else.
pub(super) fn read(text: &str, references: &mut References) -> Option<Sum> {
    let tokens = tokens(text).ok()?;
    let mut reader = Reader { tokens: &tokens, at: 0, depth: 0, steps: Vec::new(), references };
    reader.sum()?;
    (reader.tokens[reader.at].1 == Token::End).then_some(Sum { steps: reader.steps })
}

impl Sum {
    /// The value; `None` where an operand is blank or missing, or something is divided by zero.
    pub(super) fn value<'t>(&self, text: &dyn Fn(usize) -> Option<&'t str>) -> Option<f64> {
        let mut pile: Vec<f64> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let value = match step {
                Step::Reference(number) => of_text(text(*number)?)?,
                Step::Number(number) => *number,
                Step::Negative => -pile.pop()?,
                Step::Operator(operator) => {
                    let right = pile.pop()?;
                    operator.of(pile.pop()?, right)?
                }
            };
            pile.push(value);
        }
        pile.pop().filter(|value| value.is_finite())
    }
}

fn of_text(text: &str) -> Option<f64> {
    let text = text.trim();
    (!is_blank(text)).then(|| text.parse().ok().filter(|number: &f64| number.is_finite()).unwrap_or(0.0))
}

impl Operator {
    fn of(self, left: f64, right: f64) -> Option<f64> {
        match self {
            Self::Plus => Some(left + right),
            Self::Minus => Some(left - right),
            Self::Times => Some(left * right),
            Self::Divided => (right != 0.0).then(|| left / right),
            Self::DividedDown => (right != 0.0).then(|| (left / right).floor()),
            Self::Power => Some(left.powf(right)),
        }
    }
}

/// Brackets inside one another.
const DEEPEST: usize = 64;

struct Reader<'t, 'r> {
    tokens: &'t [(usize, Token)],
    at: usize,
    depth: usize,
    steps: Vec<Step>,
    references: &'r mut References,
}

impl Reader<'_, '_> {
    fn take(&mut self, signs: &[(&str, Operator)]) -> Option<Operator> {
        let Token::Sign(found) = &self.tokens[self.at].1 else { return None };
        let operator = signs.iter().find(|(sign, _)| sign == found)?.1;
        self.at += 1;
        Some(operator)
    }

    fn sum(&mut self) -> Option<()> {
        self.product()?;
        while let Some(operator) = self.take(&[("+", Operator::Plus), ("-", Operator::Minus)]) {
            self.product()?;
            self.steps.push(Step::Operator(operator));
        }
        Some(())
    }

    fn product(&mut self) -> Option<()> {
        self.power()?;
        while let Some(operator) = self.take(&[("*", Operator::Times), ("/", Operator::Divided), ("//", Operator::DividedDown)]) {
            self.power()?;
            self.steps.push(Step::Operator(operator));
        }
        Some(())
    }

    fn power(&mut self) -> Option<()> {
        let mut is_negative = false;
        while let Some(sign) = self.take(&[("-", Operator::Minus), ("+", Operator::Plus)]) {
            is_negative ^= sign == Operator::Minus;
        }
        self.primary()?;
        if self.take(&[("**", Operator::Power)]).is_some() {
            self.deeper(Self::power)?;
            self.steps.push(Step::Operator(Operator::Power));
        }
        if is_negative {
            self.steps.push(Step::Negative);
        }
        Some(())
    }

    fn primary(&mut self) -> Option<()> {
        let token = self.tokens[self.at].1.clone();
        self.at += 1;
        match token {
            Token::Number(number) => self.steps.push(Step::Number(number.to_double())),
            Token::Word(word) => {
                let (element, attribute) = super::name(&word)?;
                let number = self.references.number(element, attribute);
                self.steps.push(Step::Reference(number));
            }
            Token::Sign("(") => {
                self.deeper(Self::sum)?;
                let closes = self.tokens[self.at].1 == Token::Sign(")");
                self.at += 1;
                return closes.then_some(());
            }
            _ => return None,
        }
        Some(())
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Option<()>) -> Option<()> {
        self.depth += 1;
        let done = (self.depth <= DEEPEST).then(|| read(self)).flatten();
        self.depth -= 1;
        done
    }
}
