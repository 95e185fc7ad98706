//! Entities: the five of XML and characters by number; those of HTML for contracts that ask for them.

use std::borrow::Cow;

use crate::chars::is_allowed;

/// The character that `&…;` at the beginning of the text stands for, and the length of what is written; `None` where it is not known.
pub(crate) fn entity(text: &str) -> Option<(char, usize)> {
    // Nothing that is known is longer: a million has seven digits, and zeros before them are nobody's habit.
    const LONGEST: usize = 16;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let c = match &text[1..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        name => numbered(name).filter(|c| is_allowed(*c))?,
    };
    Some((c, end + 1))
}

/// The character of `#38` or `#x26`.
fn numbered(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |digits| (digits, 16));
    // A sign would be taken by the conversion.
    let code = digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, radix).ok())??;
    char::from_u32(code)
}

/// The text with its entities replaced; what is not known stays as it is written.
pub fn unescape(text: &str) -> Cow<'_, str> {
    replaced(text, entity)
}

/// The value of an attribute: entities replaced, and each tab and line end a blank (a carriage return with its line feed is one).
pub(crate) fn unescape_value(raw: &str) -> String {
    let blanks = raw.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
    unescape(&blanks).into_owned()
}

/// The text with the entities of HTML that documents are known to have replaced, as a reader of HTML would: `&amp;lt;` of a document is `&lt;`
/// once it is read, and `<` after this. What is not known stays as it is written.
pub fn unescape_html(text: &str) -> Cow<'_, str> {
    replaced(text, |text| entity(text).or_else(|| html(text)))
}

fn html(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(10).position(|byte| byte == b';')?;
    let c = HTML.iter().find(|(name, _)| *name == &text[1..end])?.1;
    Some((c, end + 1))
}

/// Names of HTML for characters of windows-1252 and for a few others.
const HTML: [(&str, char); 32] = [
    ("nbsp", '\u{A0}'),
    ("copy", '\u{A9}'),
    ("reg", '\u{AE}'),
    ("trade", '\u{2122}'),
    ("deg", '\u{B0}'),
    ("plusmn", '\u{B1}'),
    ("frac12", '\u{BD}'),
    ("frac14", '\u{BC}'),
    ("frac34", '\u{BE}'),
    ("sect", '\u{A7}'),
    ("para", '\u{B6}'),
    ("middot", '\u{B7}'),
    ("laquo", '\u{AB}'),
    ("raquo", '\u{BB}'),
    ("lsquo", '\u{2018}'),
    ("rsquo", '\u{2019}'),
    ("ldquo", '\u{201C}'),
    ("rdquo", '\u{201D}'),
    ("ndash", '\u{2013}'),
    ("mdash", '\u{2014}'),
    ("hellip", '\u{2026}'),
    ("bull", '\u{2022}'),
    ("euro", '\u{20AC}'),
    ("pound", '\u{A3}'),
    ("yen", '\u{A5}'),
    ("cent", '\u{A2}'),
    ("eacute", '\u{E9}'),
    ("egrave", '\u{E8}'),
    ("ntilde", '\u{F1}'),
    ("uuml", '\u{FC}'),
    ("ouml", '\u{F6}'),
    ("auml", '\u{E4}'),
];

fn replaced(text: &str, known: impl Fn(&str) -> Option<(char, usize)>) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, length) = known(rest).unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}
