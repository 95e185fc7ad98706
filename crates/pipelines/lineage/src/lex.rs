//! Words, names, strings and signs of a SQL text, with their places. Comments are skipped; nothing here recurses.

use crate::dialects::Dialect;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word: keyword or name without quotes.
    Word,
    /// A name in quotes, brackets or backticks.
    Quoted,
    /// A string.
    Text,
    /// A string between dollar tags.
    Dollar,
    /// A number.
    Number,
    /// One sign.
    Sign(u8),
}

/// One token: its kind and its bytes, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// The tokens of a text, and what was opened in it and never closed.
#[derive(Debug, Clone, Default)]
pub struct Lexed {
    /// In the order of the text.
    pub tokens: Vec<Token>,
    /// What is unterminated and where it begins.
    pub unterminated: Option<(usize, &'static str)>,
}

impl Token {
    /// Its text.
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        &source[self.start..self.end]
    }

    /// True for a word that equals `word`, whatever its case.
    pub fn is(&self, source: &str, word: &str) -> bool {
        self.kind == Kind::Word && self.text(source).eq_ignore_ascii_case(word)
    }

    /// True for a word that is one of `words`, whatever its case.
    pub fn is_any(&self, source: &str, words: &[&str]) -> bool {
        self.kind == Kind::Word && words.iter().any(|w| self.text(source).eq_ignore_ascii_case(w))
    }

    /// True for this sign.
    pub fn sign(&self, sign: u8) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// Cuts a text into tokens by the rules of a dialect. What is unterminated reaches to the end of the text.
pub fn lex(source: &str, dialect: Dialect) -> Lexed {
    let mut lexer = Lexer { bytes: source.as_bytes(), at: 0, dialect, out: Lexed::default(), copies: false };
    while lexer.at < lexer.bytes.len() {
        lexer.step();
    }
    lexer.out
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
    out: Lexed,
    /// A `COPY … FROM stdin` of PostgreSQL is open: its rows follow the semicolon.
    copies: bool,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn step(&mut self) {
        let byte = self.bytes[self.at];
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => self.at += 1,
            b'-' if self.peek(1) == b'-' => self.dashes(),
            b'\\' if self.dialect == Dialect::Postgres && (self.peek(1) == b'g' || self.begins_line()) => self.client_command(),
            b'#' if self.dialect.hash_comments() => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'\'' => self.quoted(b'\'', Kind::Text),
            b'"' if self.dialect.double_quotes_are_strings() => self.quoted(b'"', Kind::Text),
            b'"' => self.quoted(b'"', Kind::Quoted),
            b'`' => self.quoted(b'`', Kind::Quoted),
            b'[' if self.dialect.bracket_names() => self.quoted(b']', Kind::Quoted),
            b'$' if self.dialect.dollar_quotes() && self.dollar() => {}
            b'q' | b'Q' if self.dialect == Dialect::Oracle && self.peek(1) == b'\'' => self.oracle_quote(),
            b'0'..=b'9' => self.number(),
            _ if is_word(byte) => self.word(),
            _ => self.sign(),
        }
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.out.tokens.push(Token { kind, start, end: self.at });
    }

    fn sign(&mut self) {
        let start = self.at;
        self.at += 1;
        self.push(Kind::Sign(self.bytes[start]), start);
        if self.copies && self.bytes[start] == b';' {
            self.copied_rows();
        }
    }

    /// Nothing but spaces stands before on the line: a command of psql.
    fn begins_line(&self) -> bool {
        let line = memchr::memrchr(b'\n', &self.bytes[..self.at]).map_or(0, |i| i + 1);
        self.bytes[line..self.at].iter().all(u8::is_ascii_whitespace)
    }

    /// Passes the rows that `COPY … FROM stdin` reads from the script, to the line that ends them.
    fn copied_rows(&mut self) {
        self.copies = false;
        if let Some(end) = memchr::memmem::find(&self.bytes[self.at..], b"\n\\.") {
            self.at += end + 3;
        }
    }

    /// A command of psql. Those that begin with a `g` send what stands before, as a semicolon does.
    fn client_command(&mut self) {
        let (start, sends) = (self.at, self.peek(1) == b'g');
        self.line_comment();
        if sends {
            self.push(Kind::Sign(b';'), start);
        }
    }

    /// A comment to the end of its line. One that parts the cells of a notebook ends a statement.
    fn dashes(&mut self) {
        let start = self.at;
        self.line_comment();
        if self.dialect == Dialect::Databricks && self.bytes[start..self.at].starts_with(b"-- COMMAND --") {
            self.push(Kind::Sign(b';'), start);
        }
    }

    fn line_comment(&mut self) {
        self.at += memchr::memchr(b'\n', &self.bytes[self.at..]).unwrap_or(self.bytes.len() - self.at);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0usize;
        while self.at < self.bytes.len() {
            match (self.bytes[self.at], self.peek(1)) {
                (b'/', b'*') if depth == 0 || self.dialect.nested_comments() => (depth, self.at) = (depth + 1, self.at + 2),
                (b'*', b'/') => (depth, self.at) = (depth - 1, self.at + 2),
                _ => self.at += 1,
            }
            if depth == 0 {
                return;
            }
        }
        self.at = self.bytes.len();
        self.unterminated(start, "comment");
    }

    fn unterminated(&mut self, start: usize, what: &'static str) {
        self.out.unterminated.get_or_insert((start, what));
    }

    fn quoted(&mut self, close: u8, kind: Kind) {
        let start = self.at;
        let before = start.checked_sub(1).map_or(0, |i| self.bytes[i]);
        // E'…' of PostgreSQL: the word before, without a space, makes the backslash an escape.
        let escapes = kind == Kind::Text && (self.dialect.backslash_escapes() || matches!(before, b'e' | b'E') && self.word_is_prefix(start));
        self.at += 1;
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            let doubled = byte == close && self.peek(1) == close;
            if doubled || (byte == b'\\' && escapes) {
                self.at += 2;
            } else if byte == close {
                self.at += 1;
                return self.push_text(kind, start);
            } else {
                self.at += 1;
            }
        }
        self.at = self.bytes.len();
        self.unterminated(start, if kind == Kind::Text { "string" } else { "quoted name" });
        self.push(kind, start);
    }

    /// A prefix such as the N of N'…' belongs to the string.
    fn push_text(&mut self, kind: Kind, start: usize) {
        if kind == Kind::Text && self.word_is_prefix(start) {
            self.out.tokens.pop();
        }
        self.push(kind, start);
    }

    fn word_is_prefix(&self, start: usize) -> bool {
        self.out
            .tokens
            .last()
            .is_some_and(|t| t.kind == Kind::Word && t.end == start && t.end - t.start == 1 && b"NnEeBbXxRrUu".contains(&self.bytes[t.start]))
    }

    fn oracle_quote(&mut self) {
        let start = self.at;
        let close = match self.peek(2) {
            b'[' => b']',
            b'(' => b')',
            b'{' => b'}',
            b'<' => b'>',
            other => other,
        };
        let found = memchr::memmem::find(&self.bytes[(self.at + 3).min(self.bytes.len())..], &[close, b'\'']);
        match found {
            Some(offset) => self.at += 3 + offset + 2,
            None => {
                self.at = self.bytes.len();
                self.unterminated(start, "string");
            }
        }
        self.push(Kind::Text, start);
    }

    /// Takes a string between dollar tags; false where the dollar begins none.
    fn dollar(&mut self) -> bool {
        let rest = &self.bytes[self.at + 1..];
        let tag = rest.iter().take_while(|&&b| b == b'_' || b.is_ascii_alphanumeric() || b >= 0x80).count();
        if rest.get(tag) != Some(&b'$') || rest.first().is_some_and(u8::is_ascii_digit) {
            return false;
        }
        let start = self.at;
        let mark = self.bytes[start..start + tag + 2].to_vec();
        match memchr::memmem::find(&self.bytes[start + mark.len()..], &mark) {
            Some(offset) => self.at = start + mark.len() + offset + mark.len(),
            None => {
                self.at = self.bytes.len();
                self.unterminated(start, "dollar-quoted string");
            }
        }
        self.push(Kind::Dollar, start);
        true
    }

    fn number(&mut self) {
        let start = self.at;
        while self.at < self.bytes.len() && (is_word(self.bytes[self.at]) || self.bytes[self.at] == b'.') {
            self.at += 1;
        }
        self.push(Kind::Number, start);
    }

    fn word(&mut self) {
        let start = self.at;
        while self.at < self.bytes.len() && is_word(self.bytes[self.at]) {
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        if self.dialect == Dialect::Postgres && word.len() == 5 && word.eq_ignore_ascii_case(b"stdin") {
            self.copies = self.out.tokens.last().is_some_and(|t| self.bytes[t.start..t.end].eq_ignore_ascii_case(b"from"));
        }
        self.push(Kind::Word, start);
    }
}

/// True for a byte of a word. `@`, `#` and `$` are of words too: variables, temporary tables, and names of Oracle.
fn is_word(byte: u8) -> bool {
    byte == b'_' || byte == b'@' || byte == b'#' || byte == b'$' || byte >= 0x80 || byte.is_ascii_alphanumeric()
}
