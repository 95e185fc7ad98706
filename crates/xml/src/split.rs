//! One file with many documents.

mod marks;

use std::io::Read;
use std::ops::Range;

use rowmill_core::{Code, Error, Result};

use crate::chars::is_space;
use crate::window::Window;
use marks::Mark;

/// Which elements of a file are documents. Names are without their prefixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Documents {
    /// Each element that is inside no other: documents one after another.
    Roots,
    /// Each child of the element of this name.
    Inside(String),
    /// Each element of this name, wherever it is. One that is not closed before the next begins ends there, so that a damaged document
    /// spoils itself alone.
    Named(String),
}

/// A part of the file that is a document, or should be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes in the file (in what it decompresses to), half-open. An XML declaration before the element belongs to it.
    pub range: Range<u64>,
    /// Whether it is all of a document as far as tags of its name tell; what is no document at all is not.
    pub is_whole: bool,
}

/// Finds the documents of a file, in memory that depends on no size but that of the one document that is asked for.
///
/// Only tags of the documents' own name are looked at, so that a fault inside of a document stays inside. Whether a piece is well-formed is
/// for [`scan`](crate::scan) to say: text and end tags between documents are a piece of their own, and a document type belongs to the
/// document behind it, so that nothing is lost in silence.
pub struct Splitter<R> {
    window: Window<R>,
    documents: Documents,
    is_inside: bool,
    is_started: bool,
    /// Where the piece at hand begins, once something of it was seen.
    begin: Option<u64>,
    /// Whether the piece at hand is what has no place between documents.
    is_stray: bool,
    /// Most bytes to keep of a piece.
    keep: usize,
}

impl<R: Read> Splitter<R> {
    /// From where the reader stands.
    pub fn new(reader: R, documents: Documents) -> Self {
        Self { window: Window::new(reader), documents, is_inside: false, is_started: false, begin: None, is_stray: false, keep: 0 }
    }

    /// The place of the next document; `None` where there is none.
    ///
    /// # Errors
    /// Where the file cannot be read or decompressed, or is UTF-16.
    pub fn next_range(&mut self) -> Result<Option<Piece>> {
        self.keep = 0;
        self.next_piece()
    }

    /// The next document with its bytes, of which at most `most` are kept: it was too large where its range is longer than `out`.
    ///
    /// # Errors
    /// As [`next_range`](Self::next_range).
    pub fn next_document(&mut self, most: usize, out: &mut Vec<u8>) -> Result<Option<Piece>> {
        out.clear();
        // The buffer that is given is used, so that a long file takes no more than its largest document.
        self.window.kept(out);
        out.clear();
        self.keep = most;
        let piece = self.next_piece()?;
        self.window.kept(out);
        Ok(piece)
    }

    fn next_piece(&mut self) -> Result<Option<Piece>> {
        self.refuse_utf_16()?;
        loop {
            self.outside()?;
            match self.mark()? {
                Mark::None => return Ok(self.last()),
                Mark::Declaration if self.is_stray => return Ok(Some(self.piece(false))),
                Mark::Start(name) if self.is_stray && self.is_document(&name) => return Ok(Some(self.piece(false))),
                Mark::Declaration => {
                    self.begin();
                    self.window.find_past(b"?>")?;
                }
                Mark::Aside(end) => {
                    self.window.find_past(end)?;
                }
                Mark::Other => {
                    self.begin();
                    self.window.pass(1);
                    self.window.find(b'<')?;
                }
                Mark::End(name) => self.end_outside(&name)?,
                Mark::Start(name) if self.is_document(&name) => {
                    self.begin();
                    return self.document(&name).map(Some);
                }
                Mark::Start(name) => {
                    self.forget();
                    let is_empty = self.tag_end()?;
                    self.is_inside |= !is_empty && matches!(&self.documents, Documents::Inside(wrapper) if local(&name) == wrapper.as_bytes());
                }
            }
        }
    }

    /// What is between documents: white space is passed over, other text begins a piece.
    fn outside(&mut self) -> Result<()> {
        loop {
            let bytes = self.window.peek(3)?;
            let blank = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { bytes.iter().take_while(|byte| is_space(**byte)).count() };
            if blank == 0 {
                break;
            }
            self.window.pass(blank);
        }
        if self.window.peek(1)?.first().is_some_and(|byte| *byte != b'<') {
            self.stray();
            self.window.find(b'<')?;
        }
        Ok(())
    }

    /// An end tag outside of documents: of the wrapper, of something else, or of nothing.
    fn end_outside(&mut self, name: &[u8]) -> Result<()> {
        match &self.documents {
            Documents::Roots => self.stray(),
            Documents::Inside(wrapper) if local(name) != wrapper.as_bytes() => self.stray(),
            _ => {
                self.is_inside = false;
                self.forget();
            }
        }
        self.tag_end().map(drop)
    }

    /// From the start tag of a document behind its end tag.
    fn document(&mut self, name: &[u8]) -> Result<Piece> {
        let mut open = usize::from(!self.tag_end()?);
        while open > 0 {
            self.window.find(b'<')?;
            match self.mark_of(name)? {
                Mark::None | Mark::Declaration => return Ok(self.piece(false)),
                Mark::Aside(end) => {
                    self.window.find_past(end)?;
                }
                Mark::Start(_) if matches!(self.documents, Documents::Named(_)) => return Ok(self.piece(false)),
                Mark::Start(_) => open += usize::from(!self.tag_end()?),
                Mark::End(end) if end != name => return Ok(self.piece(false)),
                Mark::End(_) => {
                    self.tag_end()?;
                    open -= 1;
                }
                Mark::Other => self.window.pass(1),
            }
        }
        Ok(self.piece(true))
    }

    fn is_document(&self, name: &[u8]) -> bool {
        match &self.documents {
            Documents::Roots => true,
            Documents::Inside(_) => self.is_inside,
            Documents::Named(wanted) => local(name) == wanted.as_bytes(),
        }
    }

    fn is_wrapper(&self, name: &[u8]) -> bool {
        matches!(&self.documents, Documents::Inside(wrapper) if local(name) == wrapper.as_bytes())
    }

    fn begin(&mut self) {
        if self.begin.is_none() {
            self.begin = Some(self.window.place());
            self.window.keep(self.keep);
        }
    }

    fn stray(&mut self) {
        self.begin();
        self.is_stray = true;
    }

    fn forget(&mut self) {
        self.begin = None;
        self.is_stray = false;
        self.window.keep(0);
    }

    fn piece(&mut self, is_whole: bool) -> Piece {
        let end = self.window.place();
        self.is_stray = false;
        Piece { range: self.begin.take().unwrap_or(end)..end, is_whole }
    }

    /// What is left at the end of the file: a piece where the file is nothing but documents.
    fn last(&mut self) -> Option<Piece> {
        let is_piece = self.begin.is_some() && self.documents == Documents::Roots;
        if !is_piece {
            self.forget();
        }
        is_piece.then(|| self.piece(false))
    }

    fn refuse_utf_16(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.is_started, true) {
            return Ok(());
        }
        match self.window.peek(2)? {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..] => {
                Err(Error::new(Code::InputFormat, "a file of many documents is UTF-16, of which only files of one document are read")
                    .help("Convert the file to UTF-8."))
            }
            _ => Ok(()),
        }
    }
}

/// The name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    memchr::memchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}
