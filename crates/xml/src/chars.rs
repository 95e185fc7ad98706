//! Which characters may be where (XML 1.0, fifth edition, productions 2, 3, 4 and 4a).

/// Whether a name may go on with this byte: ASCII by the table, and any byte of a longer character, which is looked at afterwards.
const NAME_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric() || matches!(b, b':' | b'_' | b'-' | b'.') || b >= 0x80;
        byte += 1;
    }
    table
};

/// Where the name that begins at `from` ends.
#[inline(always)]
pub(crate) fn name_end(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < text.len() && NAME_BYTES[text[at] as usize] {
        at += 1;
    }
    at
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
