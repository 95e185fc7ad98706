//! Which characters may be where (XML 1.0, fifth edition, productions 2, 3, 4 and 4a).

/// What a byte can be, as bits.
const NAME: u8 = 1;
const PLAIN: u8 = 2;

/// Whether a name may go on with a byte: ASCII by the table, and any byte of a longer character, which is looked at afterwards. And whether
/// it may be in the value of an attribute and stands for itself there, whichever quotes are around.
const CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if b.is_ascii_alphanumeric() || matches!(b, b':' | b'_' | b'-' | b'.') || b >= 0x80 {
            table[byte] |= NAME;
        }
        if b >= b' ' && !matches!(b, b'"' | b'\'' | b'<' | b'&') {
            table[byte] |= PLAIN;
        }
        byte += 1;
    }
    table
};

/// A bit for each of eight bytes that is not of the class.
///
/// Eight bytes are looked at without a branch between them: where a name or a value ends cannot be foreseen, and a loop that stops at some byte
/// would be wrong about it once for each.
#[inline(always)]
fn others<const CLASS: u8>(bytes: &[u8; 8]) -> u32 {
    let mut others = 0;
    for (place, byte) in bytes.iter().enumerate() {
        others |= u32::from(CLASSES[*byte as usize] & CLASS == 0) << place;
    }
    others
}

/// Where the bytes of a class end.
#[inline(always)]
fn class_end<const CLASS: u8>(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let others = others::<CLASS>(bytes);
        if others != 0 {
            return at + others.trailing_zeros() as usize;
        }
        at += 8;
    }
    while at < text.len() && CLASSES[text[at] as usize] & CLASS != 0 {
        at += 1;
    }
    at
}

/// Where the name that begins at `from` ends.
#[inline(always)]
pub(crate) fn name_end(text: &[u8], from: usize) -> usize {
    class_end::<NAME>(text, from)
}

/// Where what stands for itself in a value ends.
#[inline(always)]
pub(crate) fn plain_end(text: &[u8], from: usize) -> usize {
    class_end::<PLAIN>(text, from)
}

/// Where the name that begins at `from` ends, and whether it may be anything but a name of ASCII without a prefix.
#[inline(always)]
pub(crate) fn simple_name_end(text: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    let mut special = !text.get(from).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let others = others::<NAME>(bytes);
        let word = u64::from_le_bytes(*bytes);
        if others != 0 {
            let length = others.trailing_zeros();
            special |= special_bytes(word) & ((1 << (8 * length)) - 1) != 0;
            return (at + length as usize, special);
        }
        special |= special_bytes(word) != 0;
        at += 8;
    }
    (name_end(text, at), true)
}

/// A bit in each of eight bytes that is a colon or no ASCII; above the first of them there may be too many.
#[inline(always)]
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let colons = word ^ (ONES * b':' as u64);
    ((colons.wrapping_sub(ONES) & !colons) | word) & HIGH
}

/// Whether what [`name_end`] bounded is a name: it does not begin with a digit, and its longer characters are those of names.
#[inline(always)]
pub(crate) fn is_name(name: &str) -> bool {
    let Some(first) = name.as_bytes().first() else { return false };
    if first.is_ascii_digit() || matches!(first, b'-' | b'.') {
        return false;
    }
    name.is_ascii() || has_name_chars(name)
}

#[cold]
fn has_name_chars(name: &str) -> bool {
    name.chars().enumerate().all(|(at, c)| c.is_ascii() || begins_name(c) || (at > 0 && continues_name(c)))
}

fn begins_name(c: char) -> bool {
    matches!(c,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(c: char) -> bool {
    matches!(c, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether it is one of the four white characters of XML.
#[inline(always)]
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Place of the first character that no document may have.
pub(crate) fn forbidden(text: &str) -> Option<usize> {
    // All bytes are looked at without stopping, because such a loop is done many bytes at a time.
    let has_control = text.bytes().fold(false, |found, byte| found | (byte < 0x20 && byte != b'\t' && byte != b'\n' && byte != b'\r'));
    if has_control {
        return text.bytes().position(|byte| byte < 0x20 && !is_space(byte));
    }
    // U+FFFE and U+FFFF.
    memchr::memchr_iter(0xEF, text.as_bytes()).find(|at| matches!(text.as_bytes()[*at..], [0xEF, 0xBF, 0xBE | 0xBF, ..]))
}

/// Whether a character may be in a document.
pub(crate) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}
