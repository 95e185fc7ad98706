//! Parts, samples and past states of tables of Oracle, taken out.

use crate::lex::Kind;
use crate::rewrites::Pass;

impl Pass<'_> {
    /// Parts, samples and past states of a table of Oracle are the table.
    pub fn part_or_past(&mut self, at: usize) {
        let named = matches!(self.tokens[at - 1].kind, Kind::Word | Kind::Quoted) || self.sign(at - 1, b')');
        if !named {
            return;
        }
        if self.is(at, &["partition", "subpartition"]) {
            let open = at + 1 + usize::from(self.is(at + 1, &["for"]));
            if self.sign(open, b'(') && !self.is(at - 1, &["over", "by"]) {
                self.cut(at, self.behind(open));
            }
        } else if self.is(at, &["sample"]) {
            let open = at + 1 + usize::from(self.is(at + 1, &["block"]));
            if self.sign(open, b'(') {
                let behind = self.behind(open);
                let seeded = self.is(behind, &["seed"]) && self.sign(behind + 1, b'(');
                self.cut(at, if seeded { self.behind(behind + 1) } else { behind });
            }
        } else if self.is(at, &["as"]) && self.is(at + 1, &["of"]) && self.is(at + 2, &["scn", "timestamp", "period"]) {
            let from = if self.is(at + 2, &["period"]) { at + 5 } else { at + 3 };
            self.cut(at, self.expression(from));
        } else if self.is(at, &["versions"]) && self.is(at + 1, &["between"]) {
            let and = self.expression(at + 3);
            if self.is(and, &["and"]) {
                self.cut(at, self.expression(and + 1));
            }
        }
    }

    /// The place behind an expression: operands with operators between.
    fn expression(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            if self.is(at, &["interval", "timestamp", "date"]) && self.tokens.get(at + 1).is_some_and(|t| t.kind == Kind::Text) {
                let units = self.is(at, &["interval"]);
                at += 1;
                while units && self.is(at + 1, &["year", "month", "day", "hour", "minute", "second", "to"]) {
                    at += 1;
                }
            }
            while self.sign(at + 1, b'.') {
                at += 2;
            }
            at = if self.sign(at, b'(') { self.behind(at) } else { at + 1 };
            if self.sign(at, b'(') {
                at = self.behind(at);
            }
            if !self.tokens.get(at).is_some_and(|t| matches!(t.kind, Kind::Sign(b'+' | b'-' | b'*' | b'/' | b'|'))) {
                return at.min(self.tokens.len());
            }
            at += 1 + usize::from(self.sign(at, b'|') && self.sign(at + 1, b'|'));
        }
    }
}
