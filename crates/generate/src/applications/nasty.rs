//! What faults do to the text of a document, and its bytes.

use super::draw::Draw;
use super::fault::Fault;

/// Levels of the document that is too deep, and characters of the value that is too long.
const LEVELS: usize = 100_000;
const LONG: usize = 2_000_000;

/// The text with the fault that it is to have.
pub(super) fn spoiled(text: String, fault: Option<Fault>, draw: &mut Draw) -> String {
    match fault {
        Some(Fault::Malformed) => malformed(&text, draw),
        Some(Fault::Truncated) => {
            let mut end = text.len() / 4 + draw.below(text.len() as u64 / 2) as usize;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text[..end].to_owned()
        }
        Some(Fault::WrongRoot) => text.replace("Provenir", "Mocked"),
        Some(Fault::DocumentType) => format!("{}{}", multiplying(), text.replacen("server=\"mock\"", "server=\"&e;\"", 1)),
        Some(Fault::TooDeep) => text.replacen("</CustData>", &format!("{}{}</CustData>", "<d>".repeat(LEVELS), "</d>".repeat(LEVELS)), 1),
        Some(Fault::LongValue) => text.replacen("<CustData>", &format!("<CustData><long text=\"{}\"/>", "x".repeat(LONG)), 1),
        Some(Fault::Blank) => draw.pick(&["", " ", "\r\n \t"]).to_owned(),
        Some(Fault::Windows1252) => text.replacen("LastUpdatedBy=\"", "LastUpdatedBy=\"Ren\u{E9} ", 1),
        _ => text,
    }
}

fn malformed(text: &str, draw: &mut Draw) -> String {
    match draw.below(5) {
        0 => text.replacen("</CustData>", "", 1),
        1 => text.replacen("Status=\"", "Status=", 1),
        2 => text.replacen("LastUpdatedBy=\"", "LastUpdatedBy=\"Mock & Sons ", 1),
        3 => text.replacen("Process=\"", "Process=\"&nosuch; ", 1),
        _ => text.replacen("<CustData>", "<CustData Mock=\"1\" Mock=\"2\">", 1),
    }
}

/// Entities of entities: ten of ten of ten of ten.
fn multiplying() -> String {
    let mut out = String::from("<!DOCTYPE Provenir [<!ENTITY a \"mockmockmo\">");
    for (name, of) in [("b", "&a;"), ("c", "&b;"), ("d", "&c;"), ("e", "&d;")] {
        out.push_str(&format!("<!ENTITY {name} \"{}\">", of.repeat(10)));
    }
    out + "]>"
}

/// The bytes of the text: most documents begin with a byte order mark, and a few say that they are windows-1252.
pub(super) fn encoded(text: String, fault: Option<Fault>, draw: &mut Draw) -> Vec<u8> {
    let is_declared = draw.percent(1);
    match fault {
        Some(Fault::Windows1252) => windows_1252(&text),
        Some(Fault::DocumentType | Fault::Blank) => text.into_bytes(),
        _ if is_declared => windows_1252(&format!("<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n{text}")),
        _ if draw.percent(98) => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        _ => text.into_bytes(),
    }
}

/// The few characters that documents have and windows-1252 has elsewhere.
fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '\u{2019}' => 0x92,
        '\u{201C}' => 0x93,
        '\u{201D}' => 0x94,
        c => u8::try_from(u32::from(c)).unwrap_or(b'?'),
    };
    text.chars().map(byte).collect()
}
