//! One pass over a document.

use crate::attribute::{Attribute, Names};
use crate::chars::{forbidden, is_name, is_space, name_end};
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
pub(crate) type Fault = (Kind, usize);

pub(crate) struct Scanner<'a, 'l> {
    pub(crate) text: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) limits: &'l Limits,
    pub(crate) at: usize,
    /// Names of open elements, as they are written.
    pub(crate) open: Vec<&'a [u8]>,
    /// Number of open elements outside and with the one whose inside is skipped; more than there ever are where none is.
    pub(crate) skipped_from: usize,
    pub(crate) elements: u64,
    pub(crate) attributes: Vec<Attribute<'a>>,
    pub(crate) names: Names,
    /// Prefixes that open elements declare, each with the number of elements open there.
    pub(crate) prefixes: Vec<(usize, &'a str)>,
    /// Prefixes that the element at hand uses for attributes, with their place.
    pub(crate) used: Vec<(&'a str, usize)>,
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
            let end = self.find(self.at, b"?>")?;
            if !is_declaration(&self.text[self.at + 5..end - 2]) {
                return Err((Kind::Instruction, self.at));
            }
            self.at = end;
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
        self.spaces();
        if self.bytes.get(self.at) == Some(&b'<') && self.at - from <= self.limits.text_bytes {
            if self.at > from && self.open.len() < self.skipped_from {
                handler.text(&self.text[from..self.at]);
            }
            return Ok(());
        }
        let length = memchr::memchr(b'<', &self.bytes[self.at..]).ok_or((Kind::Truncated, self.bytes.len()))?;
        let end = self.at + length;
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

    pub(crate) fn check_entities(&self, from: usize, end: usize) -> Result<(), Fault> {
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
    pub(crate) fn spaces(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| is_space(*byte)) {
            self.at += 1;
        }
    }

    fn begins(&self, with: &str) -> bool {
        self.bytes[self.at..].starts_with(with.as_bytes())
    }

    /// Behind the next place of these bytes.
    pub(crate) fn find(&self, from: usize, wanted: &[u8]) -> Result<usize, Fault> {
        let rest = self.bytes.get(from..).unwrap_or_default();
        memchr::memmem::find(rest, wanted).map(|at| from + at + wanted.len()).ok_or((Kind::Truncated, self.bytes.len()))
    }
}

/// Whether this is what an XML declaration says: a version 1, perhaps an encoding, perhaps whether it stands alone, in this order.
fn is_declaration(said: &str) -> bool {
    let mut rest = said;
    let mut take = |name: &str, is_good: fn(&str) -> bool| {
        let found = said_of(rest, name);
        let is_found = found.is_some();
        let is_good = found.is_none_or(|(value, behind)| {
            rest = behind;
            is_good(value)
        });
        (is_found, is_good)
    };
    let version =
        take("version", |value| value.strip_prefix("1.").is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit())));
    let is_label = |value: &str| value.starts_with(|c: char| c.is_ascii_alphabetic()) && !value.contains(|c: char| c.is_ascii_whitespace());
    let others = take("encoding", is_label).1 && take("standalone", |value| matches!(value, "yes" | "no")).1;
    version == (true, true) && others && rest.bytes().all(is_space)
}

/// The value that follows white space, this name and `=`, and what is behind it.
fn said_of<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let white = |c: char| c.is_ascii_whitespace();
    let rest = text.strip_prefix(white)?.trim_start_matches(white).strip_prefix(name)?;
    let rest = rest.trim_start_matches(white).strip_prefix('=')?.trim_start_matches(white);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split_once(quote)
}
