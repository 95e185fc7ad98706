//! What begins with a word: names, CASE and functions.

use super::super::ast::{Node, Unit};
use super::super::lexer::Token;
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn word(&mut self, word: &str) -> Parsed {
        let is_call = matches!(self.tokens.get(self.at + 1), Some((_, Token::Sign("("))));
        match word.to_ascii_uppercase().as_str() {
            "CASE" => self.case(),
            "NULL" => {
                self.at += 1;
                Ok(Node::Null)
            }
            "DATE" if is_call => {
                self.at += 2;
                let value = Box::new(self.or()?);
                self.must_sign(")")?;
                Ok(Node::Date(value))
            }
            "DATEADD" if is_call => self.date_add(),
            "WHEN" | "THEN" | "ELSE" | "END" | "AND" | "OR" | "NOT" | "IS" | "LIKE" | "IN" | "BETWEEN" | "EMPTY" => Err(self.unexpected("a value")),
            _ if is_call => Err(self.unexpected("a value: functions are DATE and DATEADD")),
            _ => self.reference(word),
        }
    }

    fn reference(&mut self, word: &str) -> Parsed {
        let (element, attribute) = match word.split_once('.') {
            None => (None, word),
            Some((element, attribute)) if !element.is_empty() && !attribute.is_empty() && !attribute.contains('.') => (Some(element), attribute),
            Some(_) => return Err(self.unexpected("attribute, or element.attribute,")),
        };
        self.at += 1;
        Ok(Node::Reference(self.references.number(element, attribute)))
    }

    fn case(&mut self) -> Parsed {
        self.must_word("CASE")?;
        let mut branches = Vec::new();
        while self.take_word("WHEN") {
            let condition = self.or()?;
            self.must_word("THEN")?;
            branches.push((condition, self.or()?));
        }
        if branches.is_empty() {
            return Err(self.unexpected("WHEN"));
        }
        let otherwise = Box::new(if self.take_word("ELSE") { self.or()? } else { Node::Null });
        self.must_word("END")?;
        Ok(Node::Case { branches, otherwise })
    }

    fn date_add(&mut self) -> Parsed {
        self.at += 2;
        let Token::Word(name) = self.peek().clone() else { return Err(self.unexpected("year, month, day, hour, minute or second")) };
        const SECOND: i64 = 1_000_000;
        let unit = match name.to_ascii_lowercase().as_str() {
            "year" => Unit::Years,
            "month" => Unit::Months,
            "week" => Unit::Micros(7 * 86_400 * SECOND),
            "day" => Unit::Micros(86_400 * SECOND),
            "hour" => Unit::Micros(3600 * SECOND),
            "minute" => Unit::Micros(60 * SECOND),
            "second" => Unit::Micros(SECOND),
            _ => return Err(self.unexpected("year, month, week, day, hour, minute or second")),
        };
        self.at += 1;
        self.must_sign(",")?;
        let count = Box::new(self.or()?);
        self.must_sign(",")?;
        let date = Box::new(self.or()?);
        self.must_sign(")")?;
        Ok(Node::DateAdd { unit, count, date })
    }
}
