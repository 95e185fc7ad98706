//! Tags: names, attributes, and what they have to do with one another.

use crate::attribute::Attribute;
use crate::chars::{is_name, is_space, name_end, plain_end, simple_name_end};
use crate::error::{Limit, XmlErrorKind as Kind};
use crate::scan::{Descend, Fault, Handler, Scanner};

impl<'a> Scanner<'a, '_> {
    #[inline(always)]
    pub(crate) fn end_tag(&mut self, handler: &mut impl Handler) -> Result<(), Fault> {
        let tag = self.at;
        let from = tag + 2;
        let name = self.open.last().copied().unwrap_or_default();
        let end = from + name.len();
        let is_same = self.bytes.get(from..end) == Some(name);
        self.at = end;
        if !is_same {
            return Err((if end > self.bytes.len() { Kind::Truncated } else { Kind::EndTag }, tag));
        }
        if self.bytes.get(end) != Some(&b'>') {
            self.spaces();
            match self.bytes.get(self.at) {
                Some(b'>') => {}
                Some(_) => return Err((Kind::EndTag, tag)),
                None => return Err((Kind::Truncated, self.bytes.len())),
            }
        }
        self.at += 1;
        self.close(handler);
        Ok(())
    }

    #[inline(always)]
    fn close(&mut self, handler: &mut impl Handler) {
        let depth = self.open.len();
        if !self.prefixes.is_empty() {
            self.prefixes.retain(|(declared_at, _)| *declared_at < depth);
        }
        if depth <= self.skipped_from {
            handler.close();
            self.skipped_from = usize::MAX;
        }
        self.open.pop();
    }

    #[inline(always)]
    pub(crate) fn start_tag(&mut self, handler: &mut impl Handler) -> Result<(), Fault> {
        let tag = self.at;
        let from = tag + 1;
        let (end, is_special) = simple_name_end(self.bytes, from);
        let name = &self.text[from..end];
        if is_special && !is_name(name) {
            return Err((if end == self.bytes.len() { Kind::Truncated } else { Kind::Tag }, tag));
        }
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err((Kind::TooLarge(Limit::Elements), tag));
        }
        if self.open.len() >= self.limits.depth {
            return Err((Kind::TooLarge(Limit::Depth), tag));
        }
        self.at = end;
        self.open.push(name.as_bytes());
        let is_empty = self.attributes()?;
        let local = if is_special || !self.used.is_empty() { self.resolve(name, from)? } else { name };
        // Deeper than the element that is skipped nobody is told of anything.
        if self.skipped_from == usize::MAX && handler.open(local, &self.attributes) == Descend::Skip {
            self.skipped_from = self.open.len();
        }
        if is_empty {
            self.close(handler);
        }
        Ok(())
    }

    /// Attributes up to the end of the tag; whether the element ends there too.
    #[inline(always)]
    fn attributes(&mut self) -> Result<bool, Fault> {
        self.attributes.clear();
        self.names.clear();
        self.used.clear();
        loop {
            let before = self.at;
            self.spaces();
            match self.bytes.get(self.at) {
                Some(b'>') => {
                    self.at += 1;
                    break self.checked(false);
                }
                Some(b'/') => {
                    let end = self.bytes.get(self.at + 1).ok_or((Kind::Truncated, self.bytes.len()))?;
                    if *end != b'>' {
                        return Err((Kind::Tag, self.at));
                    }
                    self.at += 2;
                    break self.checked(true);
                }
                Some(_) if before < self.at => self.attribute()?,
                Some(_) => return Err((Kind::Attribute, self.at)),
                None => return Err((Kind::Truncated, self.bytes.len())),
            }
        }
    }

    #[inline(always)]
    fn attribute(&mut self) -> Result<(), Fault> {
        let from = self.at;
        let (end, is_special) = simple_name_end(self.bytes, from);
        let name = &self.text[from..end];
        self.at = end;
        if is_special && !is_name(name) {
            return Err((if end == self.bytes.len() { Kind::Truncated } else { Kind::Name }, from));
        }
        if self.names.count() == self.limits.attributes {
            return Err((Kind::TooLarge(Limit::Attributes), from));
        }
        let quote = self.opening_quote()?;
        let (raw, is_plain) = self.value(quote)?;
        self.names.push(name.as_bytes());
        let colon = if is_special { memchr::memchr(b':', name.as_bytes()) } else { None };
        match colon {
            None if name != "xmlns" => self.attributes.push(Attribute { name, raw, is_plain }),
            None => {}
            Some(colon) => self.prefixed(name, colon, from, raw, is_plain)?,
        }
        Ok(())
    }

    #[cold]
    fn prefixed(&mut self, name: &'a str, colon: usize, at: usize, raw: &'a str, is_plain: bool) -> Result<(), Fault> {
        let (prefix, local) = (&name[..colon], &name[colon + 1..]);
        if prefix.is_empty() || !is_name(local) || local.contains(':') {
            return Err((Kind::Name, at));
        }
        if prefix == "xmlns" {
            self.prefixes.push((self.open.len(), local));
        } else {
            self.used.push((prefix, at));
            self.attributes.push(Attribute { name: local, raw, is_plain });
        }
        Ok(())
    }

    /// The name of the element without its prefix; all prefixes of its tag are declared.
    #[cold]
    fn resolve(&self, name: &'a str, at: usize) -> Result<&'a str, Fault> {
        let local = match name.split_once(':') {
            None => name,
            Some((prefix, local)) if !prefix.is_empty() && is_name(local) && !local.contains(':') => {
                self.must_be_declared(prefix, at)?;
                local
            }
            Some(_) => return Err((Kind::Name, at)),
        };
        self.used.iter().try_for_each(|(prefix, at)| self.must_be_declared(prefix, *at))?;
        Ok(local)
    }

    fn must_be_declared(&self, prefix: &str, at: usize) -> Result<(), Fault> {
        let is_declared = prefix == "xml" || self.prefixes.iter().any(|(_, declared)| *declared == prefix);
        if is_declared { Ok(()) } else { Err((Kind::Prefix, at)) }
    }

    /// Behind `=` and the quote; answers the quote.
    #[inline(always)]
    fn opening_quote(&mut self) -> Result<u8, Fault> {
        if let Some([b'=', quote @ (b'"' | b'\'')]) = self.bytes.get(self.at..self.at + 2) {
            self.at += 2;
            return Ok(*quote);
        }
        self.spaces();
        let equals = self.bytes.get(self.at).copied();
        self.at += usize::from(equals == Some(b'='));
        self.spaces();
        match (equals, self.bytes.get(self.at)) {
            (Some(b'='), Some(quote @ (b'"' | b'\''))) => {
                self.at += 1;
                Ok(*quote)
            }
            (None, _) | (Some(b'='), None) => Err((Kind::Truncated, self.bytes.len())),
            _ => Err((Kind::Attribute, self.at)),
        }
    }

    /// What is up to the quote, and whether it is the value as it stands.
    #[inline(always)]
    fn value(&mut self, quote: u8) -> Result<(&'a str, bool), Fault> {
        let from = self.at;
        let at = plain_end(self.bytes, from);
        if self.bytes.get(at) == Some(&quote) && at - from <= self.limits.attribute_bytes {
            self.at = at + 1;
            return Ok((&self.text[from..at], true));
        }
        self.long_value(from, at, quote)
    }

    /// As [`value`](Self::value), where nothing but ordinary characters is before `at`.
    #[inline(never)]
    fn long_value(&mut self, from: usize, at: usize, quote: u8) -> Result<(&'a str, bool), Fault> {
        let end = memchr::memchr(quote, &self.bytes[at..]).map(|length| at + length);
        let bound = end.unwrap_or(self.bytes.len());
        if bound - from > self.limits.attribute_bytes {
            return Err((Kind::TooLarge(Limit::AttributeBytes), from));
        }
        let rest = &self.bytes[at..bound];
        if let Some(less_than) = memchr::memchr(b'<', rest) {
            return Err((Kind::LessThan, at + less_than));
        }
        let end = end.ok_or((Kind::Truncated, self.bytes.len()))?;
        self.check_entities(at, end)?;
        self.at = end + 1;
        let is_plain = memchr::memchr(b'&', rest).is_none() && memchr::memchr3(b'\t', b'\n', b'\r', rest).is_none();
        Ok((&self.text[from..end], is_plain))
    }

    /// No two attributes of the tag have one name.
    #[inline(always)]
    fn checked(&mut self, is_empty: bool) -> Result<bool, Fault> {
        if self.names.may_repeat() {
            self.must_differ()?;
        }
        Ok(is_empty)
    }

    /// Reads the tag again, name by name: two looked the same.
    #[cold]
    fn must_differ(&self) -> Result<(), Fault> {
        let name = self.open.last().copied().unwrap_or_default();
        let mut at = name.as_ptr() as usize - self.bytes.as_ptr() as usize + name.len();
        let mut seen = std::collections::HashSet::new();
        while at < self.at {
            while at < self.at && !is_space(self.bytes[at]) {
                at += 1;
            }
            while at < self.at && is_space(self.bytes[at]) {
                at += 1;
            }
            let end = name_end(self.bytes, at);
            if end > at && !seen.insert(&self.bytes[at..end]) {
                return Err((Kind::DuplicateAttribute, at));
            }
            let Some(quote) = self.bytes[end..self.at].iter().position(|byte| matches!(byte, b'"' | b'\'')) else { break };
            let from = end + quote;
            let Some(length) = memchr::memchr(self.bytes[from], &self.bytes[from + 1..self.at]) else { break };
            at = from + 1 + length + 1;
        }
        Ok(())
    }
}
