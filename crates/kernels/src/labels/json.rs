//! A strict reader of flat JSON objects.
//!
//! It reads just what a label text may be: one object of scalars, or the literal `null`. A general parser would build values for
//! keys that nobody asked for; this one hands out slices of the text and builds a text only where there are escapes.

use std::borrow::Cow;

use crate::numeric::shortest_digits;

/// Why a text is no label text; the position is in bytes from 0.
#[derive(Debug, PartialEq)]
pub struct Malformed {
    /// In words.
    pub reason: &'static str,
    /// Byte where it shows.
    pub at: usize,
}

/// Reads the object, giving each member to `member` in the order of the text; `None` stands for a JSON null. Answers whether the
/// text was an object (`true`) or the literal `null` (`false`).
pub fn read_flat_object<'a>(text: &'a str, mut member: impl FnMut(Cow<'a, str>, Option<Cow<'a, str>>)) -> Result<bool, Malformed> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_space();
    if reader.literal("null") {
        reader.end()?;
        return Ok(false);
    }
    reader.expect(b'{', "expected an object")?;
    reader.skip_space();
    if !reader.take(b'}') {
        loop {
            reader.skip_space();
            reader.expect(b'"', "expected a key in quotes")?;
            let key = reader.string()?;
            reader.skip_space();
            reader.expect(b':', "expected a colon behind the key")?;
            reader.skip_space();
            let value = reader.scalar()?;
            member(key, value);
            reader.skip_space();
            if reader.take(b'}') {
                break;
            }
            reader.expect(b',', "expected a comma or a closing brace")?;
        }
    }
    reader.end()?;
    Ok(true)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    #[inline]
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, reason: &'static str) -> Result<(), Malformed> {
        if self.take(byte) { Ok(()) } else { self.fail(reason) }
    }

    fn literal(&mut self, word: &str) -> bool {
        let found = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn end(&mut self) -> Result<(), Malformed> {
        self.skip_space();
        if self.at == self.text.len() { Ok(()) } else { self.fail("there is more behind the value") }
    }

    fn fail<T>(&self, reason: &'static str) -> Result<T, Malformed> {
        Err(Malformed { reason, at: self.at })
    }

    fn scalar(&mut self) -> Result<Option<Cow<'a, str>>, Malformed> {
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                self.string().map(Some)
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(Some),
            Some(b't') if self.literal("true") => Ok(Some("true".into())),
            Some(b'f') if self.literal("false") => Ok(Some("false".into())),
            Some(b'n') if self.literal("null") => Ok(None),
            Some(b'{' | b'[') => self.fail("the value of a label is an object or an array"),
            _ => self.fail("expected a value"),
        }
    }

    /// The rest of a string whose opening quote was taken.
    fn string(&mut self) -> Result<Cow<'a, str>, Malformed> {
        let start = self.at;
        self.skip_plain();
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                Ok(Cow::Borrowed(&self.text[start..self.at - 1]))
            }
            Some(b'\\') => self.escaped_string(start).map(Cow::Owned),
            Some(_) => self.fail("a control character in a string"),
            None => self.fail("the text ends inside a string"),
        }
    }

    /// Goes to the next byte that is not simply part of a string: a quote, a backslash or a control character.
    #[inline]
    fn skip_plain(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(eight) = bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            let special = special_bytes(u64::from_le_bytes(*eight));
            if special != 0 {
                self.at += special.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        while !matches!(self.peek(), Some(b'"' | b'\\' | 0..0x20) | None) {
            self.at += 1;
        }
    }

    #[cold]
    fn escaped_string(&mut self, start: usize) -> Result<String, Malformed> {
        let mut out = String::from(&self.text[start..self.at]);
        loop {
            let plain = self.at;
            self.skip_plain();
            out.push_str(&self.text[plain..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                Some(_) => return self.fail("a control character in a string"),
                None => return self.fail("the text ends inside a string"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let unit = self.hex4()?;
                let low = (0xD800..0xDC00).contains(&unit).then(|| self.low_surrogate()).flatten();
                let code = low.map_or(unit, |low| 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                // Half a pair has no UTF-8 form; the original writes a question mark.
                char::from_u32(code).unwrap_or('?')
            }
            _ => {
                self.at -= 1;
                return self.fail("an unknown escape in a string");
            }
        })
    }

    fn hex4(&mut self) -> Result<u32, Malformed> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let code = digits.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.fail("expected four hexadecimal digits"),
        }
    }

    /// The second half of a surrogate pair, if it follows.
    fn low_surrogate(&mut self) -> Option<u32> {
        let before = self.at;
        if self.literal("\\u")
            && let Ok(low @ 0xDC00..0xE000) = self.hex4()
        {
            return Some(low);
        }
        self.at = before;
        None
    }

    fn number(&mut self) -> Result<Cow<'a, str>, Malformed> {
        let start = self.at;
        self.take(b'-');
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return self.fail("expected a digit"),
        }
        let mut whole = true;
        if self.take(b'.') {
            whole = false;
            self.some_digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            whole = false;
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.some_digits()?;
        }
        let text = &self.text[start..self.at];
        match whole {
            true if text == "-0" => Ok("0".into()),
            true => Ok(Cow::Borrowed(text)),
            false => Ok(Cow::Owned(scientific(text.parse().unwrap_or(f64::INFINITY)))),
        }
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        self.digits();
        if self.at == start { self.fail("expected a digit") } else { Ok(()) }
    }
}

/// The top bit of each byte that is a quote, a backslash or below 0x20. Bits above the lowest set one may be wrong, that one is right: a
/// borrow only travels upwards, from a byte that is one of them.
#[inline]
fn special_bytes(eight: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES << 7;
    let is_zero = |bytes: u64| bytes.wrapping_sub(ONES) & !bytes;
    let is_control = eight.wrapping_sub(ONES * 0x20) & !eight;
    (is_zero(eight ^ (ONES * u64::from(b'"'))) | is_zero(eight ^ (ONES * u64::from(b'\\'))) | is_control) & TOPS
}

/// A double as Trino turns it into text: one digit, a point, at least one more digit, and a decimal exponent.
fn scientific(value: f64) -> String {
    let Some((digits, exponent)) = value.is_finite().then(|| shortest_digits(value.abs())).flatten() else {
        return if value < 0.0 { "-Infinity".into() } else { "Infinity".into() };
    };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let text = digits.to_string();
    let trimmed = text.trim_end_matches('0');
    let (first, rest) = if trimmed.is_empty() { ("0", "0") } else { (&trimmed[..1], if trimmed.len() > 1 { &trimmed[1..] } else { "0" }) };
    let exponent = if digits == 0 { 0 } else { exponent + text.len() as i32 - 1 };
    format!("{sign}{first}.{rest}E{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, Option<String>)>, Malformed> {
        let mut members = Vec::new();
        read_flat_object(text, |key, value| members.push((key.into_owned(), value.map(Cow::into_owned))))?;
        Ok(members)
    }

    fn value(text: &str) -> Option<String> {
        read(&format!("{{\"k\": {text}}}")).expect(text).remove(0).1
    }

    #[test]
    fn scalars_become_text_as_trino_writes_them() {
        let cases = [
            ("\"a b\"", "a b"),
            ("true", "true"),
            ("false", "false"),
            ("1", "1"),
            ("-7", "-7"),
            ("-0", "0"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("1.5", "1.5E0"),
            ("1e3", "1.0E3"),
            ("0.0", "0.0E0"),
            ("-0.00125", "-1.25E-3"),
            ("100.0", "1.0E2"),
            ("1E+2", "1.0E2"),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(value("null"), None);
    }

    #[test]
    fn escapes_and_surrogates_are_read() {
        assert_eq!(value(r#""\u00e9\n\"\\\/\t""#).as_deref(), Some("é\n\"\\/\t"));
        assert_eq!(value(r#""a\uD83D\uDE00b""#).as_deref(), Some("a😀b"));
        assert_eq!(value(r#""\uD83Dx\uDE00""#).as_deref(), Some("?x?"));
        assert_eq!(value(r#""\uD83D\n""#).as_deref(), Some("?\n"));
    }

    #[test]
    fn a_special_byte_is_found_wherever_it_is() {
        for special in ['"', '\\', '\u{0}', '\u{1f}'] {
            for place in 0..40 {
                // A character above 0x7f and those next to the special ones must not look like them.
                let filler: String = "aé !#[]\u{7f}é".chars().cycle().take(place).collect();
                let text = format!("{filler}{special}{special}xyz\\");
                let mut reader = Reader { text: &text, at: 0 };
                reader.skip_plain();
                assert_eq!(reader.at, filler.len(), "{text:?}");
            }
        }
        let mut reader = Reader { text: "nothing at all to find here", at: 0 };
        reader.skip_plain();
        assert_eq!(reader.at, reader.text.len());
    }

    #[test]
    fn members_come_in_the_order_of_the_text() {
        assert_eq!(read(" { \"b\" : \"1\" , \"a\":\"2\",\"b\":null } ").expect("read").len(), 3);
        assert_eq!(read("{}").expect("read").len(), 0);
        assert_eq!(read_flat_object(" null ", |_, _| {}), Ok(false));
    }

    #[test]
    fn anything_else_is_malformed() {
        for text in [
            "",
            " ",
            "[]",
            "\"a\"",
            "1",
            "true",
            "nul",
            "null x",
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "{\"a\":1} x",
            "{\"a\":{}}",
            "{\"a\":[1]}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":.5}",
            "{\"a\":1e}",
            "{\"a\":+1}",
            "{\"a\":\"\u{1}\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12g4\"}",
            "{\"a\":\"",
            "{\"a\":\"\\",
            "{\"a\":tru}",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":NaN}",
            "\u{feff}{}",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
