//! One pass over a document.

use crate::attribute::{Attribute, Names};
use crate::chars::{forbidden, is_name, is_space, name_end, plain_end, simple_name_end};
use crate::entities::entity;
use crate::error::{Limit, XmlError, XmlErrorKind as Kind};
use crate::limits::Limits;

/// What becomes of what is inside an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Descend {
    /// It is told of.
    Into,
    /// It is checked, and nobody is told of it.
    Skip,
}

/// Who is told of a document. An error may come after any number of calls: what was told of before it is no document.
pub trait Handler {
    /// An element begins. Names are without their prefixes, and declarations of prefixes are left out.
    fn open(&mut self, name: &str, attributes: &[Attribute<'_>]) -> Descend;

    /// The element ends that began last and did not end; also one whose inside was skipped.
    fn close(&mut self);

    /// A run of text inside an element, as it is written; a CDATA section is a run of its own, and `raw` is then what it says.
    fn text(&mut self, raw: &str) {
        let _ = raw;
    }
}

/// Goes through a document, tells `handler` of it, and checks all of it: also what the handler skips.
///
/// The text is a whole document without a byte order mark; white space around it does no harm. Nesting takes no stack.
///
/// # Errors
/// The first fault, with its place. Well-formedness is that of XML 1.0 (fifth edition) with namespaces, without document types.
pub fn scan(text: &str, limits: &Limits, handler: &mut impl Handler) -> Result<(), XmlError> {
    let mut scanner = Scanner::new(text, limits);
    scanner.run(handler).map_err(|(kind, offset)| XmlError::at(kind, text, offset))
}

/// A fault and its place.
type Fault = (Kind, usize);

struct Scanner<'a, 'l> {
    text: &'a str,
    bytes: &'a [u8],
    limits: &'l Limits,
    at: usize,
    /// Names of open elements, as they are written.
    open: Vec<&'a [u8]>,
    /// Number of open elements outside and with the one whose inside is skipped; more than there ever are where none is.
    skipped_from: usize,
    elements: u64,
    attributes: Vec<Attribute<'a>>,
    names: Names,
    /// Prefixes that open elements declare, each with the number of elements open there.
    prefixes: Vec<(usize, &'a str)>,
    /// Prefixes that the element at hand uses for attributes, with their place.
    used: Vec<(&'a str, usize)>,
}

impl<'a, 'l> Scanner<'a, 'l> {
    fn new(text: &'a str, limits: &'l Limits) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            limits,
            at: 0,
            open: Vec::with_capacity(32),
            skipped_from: usize::MAX,
            elements: 0,
            attributes: Vec::with_capacity(64),
            names: Names::default(),
            prefixes: Vec::new(),
            used: Vec::new(),
        }
    }

    fn run(&mut self, handler: &mut impl Handler) -> Result<(), Fault> {
        if self.bytes.len() > self.limits.document_bytes {
            return Err((Kind::TooLarge(Limit::DocumentBytes), self.limits.document_bytes));
        }
        if let Some(at) = forbidden(self.text) {
            return Err((Kind::Character, at));
        }
        self.prolog()?;
        self.markup(handler)?;
        while !self.open.is_empty() {
            self.text_run(handler)?;
            self.markup(handler)?;
        }
        self.epilog()
    }

    /// What is before the root element; stops at its `<`.
    fn prolog(&mut self) -> Result<(), Fault> {
        self.spaces();
        if self.at == self.bytes.len() {
            return Err((Kind::Empty, self.at));
        }
        if self.begins("<?xml") && self.bytes.get(self.at + 5).is_some_and(|byte| is_space(*byte)) {
            self.at = self.find(self.at, b"?>")?;
        }
        self.misc()?;
        match self.bytes.get(self.at) {
            Some(b'<') => Ok(()),
            Some(_) => Err((Kind::OutsideRoot, self.at)),
            None => Err((Kind::Truncated, self.at)),
        }
    }

    fn epilog(&mut self) -> Result<(), Fault> {
        self.misc()?;
        if self.at < self.bytes.len() { Err((Kind::OutsideRoot, self.at)) } else { Ok(()) }
    }

    /// White space, comments and processing instructions.
    fn misc(&mut self) -> Result<(), Fault> {
        loop {
            self.spaces();
            if self.begins("<!--") {
                self.comment()?;
            } else if self.begins("<?") {
                self.instruction()?;
            } else {
                return Ok(());
            }
        }
    }

    /// Text up to the next `<`.
    #[inline(always)]
    fn text_run(&mut self, handler: &mut impl Handler) -> Result<(), Fault> {
        let from = self.at;
        let end = match self.bytes.get(from) {
            Some(b'<') => return Ok(()),
            _ => memchr::memchr(b'<', &self.bytes[from..]).map(|length| from + length).ok_or((Kind::Truncated, self.bytes.len()))?,
        };
        self.at = end;
        if end - from > self.limits.text_bytes {
            return Err((Kind::TooLarge(Limit::TextBytes), from));
        }
        let run = &self.bytes[from..end];
        // The two things that text may have and must not: looked for only where a byte of theirs is.
        if let Some(first) = memchr::memchr2(b'&', b']', run) {
            self.check_text(from, from + first, end)?;
        }
        if self.open.len() < self.skipped_from {
            handler.text(&self.text[from..end]);
        }
        Ok(())
    }

    #[cold]
    fn check_text(&self, from: usize, first: usize, end: usize) -> Result<(), Fault> {
        if let Some(at) = memchr::memmem::find(&self.bytes[from..end], b"]]>") {
            return Err((Kind::SectionEnd, from + at));
        }
        self.check_entities(first, end)
    }

    fn check_entities(&self, from: usize, end: usize) -> Result<(), Fault> {
        for at in memchr::memchr_iter(b'&', &self.bytes[from..end]) {
            entity(&self.text[from + at..end]).ok_or((Kind::Entity, from + at))?;
        }
        Ok(())
    }

    /// What begins with the `<` at hand.
    #[inline(always)]
    fn markup(&mut self, handler: &mut impl Handler) -> Result<(), Fault> {
        match self.bytes.get(self.at + 1) {
            Some(b'/') => self.end_tag(handler),
            Some(b'!') => self.declaration(handler),
            Some(b'?') => self.instruction(),
            Some(_) => self.start_tag(handler),
            None => Err((Kind::Truncated, self.bytes.len())),
        }
    }

    #[cold]
    fn declaration(&mut self, handler: &mut impl Handler) -> Result<(), Fault> {
        if self.begins("<!--") {
            return self.comment();
        }
        if self.begins("<![CDATA[") && !self.open.is_empty() {
            let from = self.at + 9;
            self.at = self.find(from, b"]]>")?;
            let said = &self.text[from..self.at - 3];
            if said.len() > self.limits.text_bytes {
                return Err((Kind::TooLarge(Limit::TextBytes), from));
            }
            if self.open.len() < self.skipped_from {
                handler.text(said);
            }
            return Ok(());
        }
        let kind = if self.begins("<!DOCTYPE") { Kind::DocumentType } else { Kind::Tag };
        Err((kind, self.at))
    }

    fn comment(&mut self) -> Result<(), Fault> {
        let from = self.at + 4;
        let end = self.find(from, b"--")?;
        if self.bytes.get(end) != Some(&b'>') {
            return Err((if end < self.bytes.len() { Kind::Comment } else { Kind::Truncated }, end - 2));
        }
        self.at = end + 1;
        Ok(())
    }

    #[cold]
    fn instruction(&mut self) -> Result<(), Fault> {
        let from = self.at + 2;
        let end = name_end(self.bytes, from);
        let name = &self.text[from..end];
        let is_bounded = self.bytes.get(end).is_some_and(|byte| is_space(*byte)) || self.bytes[end..].starts_with(b"?>");
        if !is_name(name) || name.contains(':') || name.eq_ignore_ascii_case("xml") || !is_bounded {
            let kind = if end == self.bytes.len() { Kind::Truncated } else { Kind::Instruction };
            return Err((kind, self.at));
        }
        self.at = self.find(end, b"?>")?;
        Ok(())
    }

    #[inline(always)]
    fn end_tag(&mut self, handler: &mut impl Handler) -> Result<(), Fault> {
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
    fn start_tag(&mut self, handler: &mut impl Handler) -> Result<(), Fault> {
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

    #[inline(always)]
    fn spaces(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| is_space(*byte)) {
            self.at += 1;
        }
    }

    fn begins(&self, with: &str) -> bool {
        self.bytes[self.at..].starts_with(with.as_bytes())
    }

    /// Behind the next place of these bytes.
    fn find(&self, from: usize, wanted: &[u8]) -> Result<usize, Fault> {
        let rest = self.bytes.get(from..).unwrap_or_default();
        memchr::memmem::find(rest, wanted).map(|at| from + at + wanted.len()).ok_or((Kind::Truncated, self.bytes.len()))
    }
}
