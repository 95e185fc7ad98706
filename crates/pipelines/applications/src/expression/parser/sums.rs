//! Sums, products, powers, and what they are made of.

use super::super::ast::{Arithmetic, Node};
use super::super::lexer::Token;
use super::{DEEPEST, MOST_OPERATIONS, Parsed, Parser};

impl Parser<'_> {
    pub(super) fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Token::Sign("+") => Arithmetic::Plus,
                Token::Sign("-") => Arithmetic::Minus,
                _ => return Ok(left),
            };
            self.at += 1;
            left = self.operation(operator, left, Self::product)?;
        }
    }

    fn operation(&mut self, operator: Arithmetic, left: Node, right: fn(&mut Self) -> Parsed) -> Parsed {
        self.operations += 1;
        if self.operations > MOST_OPERATIONS {
            return Err(self.unexpected(&format!("no more than {MOST_OPERATIONS} operations")));
        }
        Ok(Node::Arithmetic { operator, left: Box::new(left), right: Box::new(right(self)?) })
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.power()?;
        loop {
            let operator = match self.peek() {
                Token::Sign("*") => Arithmetic::Times,
                Token::Sign("/") => Arithmetic::Divided,
                Token::Sign("//") => Arithmetic::DividedDown,
                Token::Sign("%") => Arithmetic::Remainder,
                _ => return Ok(left),
            };
            self.at += 1;
            left = self.operation(operator, left, Self::power)?;
        }
    }

    fn power(&mut self) -> Parsed {
        let mut is_negative = false;
        while let Token::Sign(sign @ ("-" | "+")) = self.peek() {
            is_negative ^= *sign == "-";
            self.at += 1;
        }
        let base = self.primary()?;
        let node = if self.take_sign("**") {
            self.depth += 1;
            let right = if self.depth > DEEPEST { Err(self.unexpected("fewer powers of powers")) } else { self.power() };
            self.depth -= 1;
            Node::Arithmetic { operator: Arithmetic::Power, left: Box::new(base), right: Box::new(right?) }
        } else {
            base
        };
        Ok(if is_negative { Node::Negative(Box::new(node)) } else { node })
    }

    fn primary(&mut self) -> Parsed {
        let token = self.peek().clone();
        match token {
            Token::Number(number) => {
                self.at += 1;
                Ok(Node::Number(number))
            }
            Token::Text(text) => {
                self.at += 1;
                Ok(Node::Text(text))
            }
            Token::Sign("(") => {
                self.at += 1;
                let node = self.or()?;
                self.must_sign(")")?;
                Ok(node)
            }
            Token::Word(word) => self.word(&word),
            _ => Err(self.unexpected("a value")),
        }
    }
}
