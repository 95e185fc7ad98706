//! Packages of Oracle: their members are routines of their own.

use crate::lex::Token;
use crate::names::Name;
use crate::prepare::File;
use crate::split::members;
use crate::units::{Unit, Work};
use crate::variables::Variables;
use std::sync::Arc;

impl File {
    /// The members of a package are routines under its name; what stands beside them is run when the package is first used.
    pub(crate) fn package(&mut self, text: &str, tokens: &[Token], from: usize, to: usize, name: &Name) {
        let members = members(text, tokens, from, to);
        let before = self.out.units.len();
        let mut outside = Vec::new();
        let mut at = from;
        for &(start, end) in members.iter().chain([(to, to)].iter()) {
            outside.push((at, start));
            at = end;
        }
        let mut declared = Variables::default();
        for &(start, end) in &outside {
            declared.add(Variables::declared(text, &tokens[start..end], self.dialect));
        }
        for (start, end) in members {
            self.routine_of(text, tokens, start, end, Some((name, &declared)));
        }
        self.own_calls(before, name);
        let whole = self.canonical(name);
        self.variables = Some(Arc::new(declared)).filter(|v| !v.is_empty());
        for (start, end) in outside {
            self.body(text, tokens, start, end, Some(&whole));
        }
    }

    /// A member calls another by its own name alone.
    fn own_calls(&mut self, before: usize, package: &Name) {
        let made =
            |unit: &Unit| if let Work::Define(d) = &unit.work { Some(d.name.rsplit('.').next().unwrap_or_default().to_lowercase()) } else { None };
        let members: Vec<String> = self.out.units[before..].iter().filter_map(made).collect();
        for unit in &mut self.out.units[before..] {
            if let Work::Call(name) = &mut unit.work
                && name.parts.len() == 1
                && members.contains(&name.parts[0].text.to_lowercase())
            {
                name.parts.splice(0..0, package.parts.iter().cloned());
            }
        }
    }
}
