//! Encodings of documents.

#![allow(clippy::unwrap_used)]

use rowmill_xml::{Fallback, XmlErrorKind, decode, unescape_html};

fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn marks_and_declarations_say_what_the_bytes_are() {
    let text = "<a b=\"\u{E9}\u{20AC}\"/>";
    let declared = "<?xml version=\"1.0\" encoding='windows-1252' ?><a b=\"\u{E9}\u{20AC}\"/>";
    let in_1252: Vec<u8> = declared.chars().map(|c| if c == '\u{20AC}' { 0x80 } else { u8::try_from(u32::from(c)).unwrap() }).collect();
    for (bytes, expected) in [
        (text.as_bytes().to_vec(), text),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), text),
        (utf_16(&format!("\u{FEFF}{text}"), u16::to_le_bytes), text),
        (utf_16(&format!("\u{FEFF}{text}"), u16::to_be_bytes), text),
        (utf_16(text, u16::to_le_bytes), text),
        (utf_16(text, u16::to_be_bytes), text),
        (in_1252, declared),
    ] {
        assert_eq!(decode(&bytes, Fallback::Refuse, &mut String::new()).unwrap(), expected);
    }
    let claims = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>";
    assert_eq!(decode(claims.as_bytes(), Fallback::Refuse, &mut String::new()).unwrap(), claims);
}

#[test]
fn bytes_that_are_no_text_are_refused_or_windows_1252() {
    let bytes = b"<a>\n<b c=\"caf\xE9 \x80\"/></a>";
    let error = decode(bytes, Fallback::Refuse, &mut String::new()).unwrap_err();
    assert_eq!((error.kind, error.offset, error.line, error.column), (XmlErrorKind::Encoding, 13, 2, 10));
    assert_eq!(decode(bytes, Fallback::Windows1252, &mut String::new()).unwrap(), "<a>\n<b c=\"caf\u{E9} \u{20AC}\"/></a>");
    let half = &utf_16("\u{FEFF}<a/>", u16::to_le_bytes)[..7];
    assert_eq!(decode(half, Fallback::Windows1252, &mut String::new()).unwrap_err().kind, XmlErrorKind::Encoding);
}

#[test]
fn a_second_unescaping_knows_names_of_html() {
    assert_eq!(unescape_html("a &lt;b&gt; &nbsp;&euro;&#65;&unknown; & &"), "a <b> \u{A0}\u{20AC}A&unknown; & &");
}
