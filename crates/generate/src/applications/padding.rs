//! What no contract reads: reports of bureaus, journals, and the rest.

use super::draw::Draw;
use super::kinds::Kind;
use super::values::{put, put_date, write};

/// Reports that are made once and then copied: whole documents are made as fast as memory is.
const POOL: u64 = 96;

/// Draws of the pool are those of no document.
const NOBODY: u64 = u64::MAX;

/// Pieces of what no contract reads.
#[derive(Debug)]
pub(super) struct Padding {
    reports: Vec<String>,
}

impl Padding {
    pub(super) fn new(seed: u64) -> Self {
        let report = |number| {
            let mut draw = Draw::new(seed, NOBODY - number);
            let mut out = String::new();
            let levels = draw.from(2, 12);
            put_level(&mut draw, levels, &mut out);
            out
        };
        Self { reports: (0..POOL).map(report).collect() }
    }

    /// Adds reports, journals and the rest, about so many bytes of them.
    pub(super) fn put(&self, draw: &mut Draw, bytes: usize, out: &mut String) {
        let rest = out.len() + bytes;
        self.put_reports(draw, bytes / 100 * 85, out);
        put_journals(draw, bytes / 100 * 7, out);
        for name in ["Audits", "Rules", "Messages", "Documents", "Traces"] {
            put_rest(draw, name, rest.saturating_sub(out.len()).min(bytes / 60), out);
        }
    }

    fn put_reports(&self, draw: &mut Draw, bytes: usize, out: &mut String) {
        let end = out.len() + bytes;
        out.push_str("<Reports>");
        let mut number = 0;
        loop {
            let report = &self.reports[draw.below(POOL) as usize];
            if out.len() + report.len() > end + 500 {
                break;
            }
            number += 1;
            write(out, format_args!("<Report ID=\"{number}\" Source=\"BUREAU-OF-NOBODY-{}\" Error=\"\">{report}</Report>\n", draw.below(9)));
        }
        out.push_str("</Reports>");
    }
}

/// An element with attributes, and others in it.
fn put_level(draw: &mut Draw, levels: u64, out: &mut String) {
    const NAMES: &[&str] = &["section", "tradeline", "inquiry", "subject", "alert", "response", "product", "field"];
    let name = draw.pick(NAMES);
    write(out, format_args!("<{name}"));
    for at in 0..draw.from(2, 9) {
        write(out, format_args!(" {}{at}=\"", draw.pick(&["code", "amount", "date", "text", "kind"])));
        if draw.percent(37) {
            let kind = draw.pick(&[Kind::Code(3), Kind::Money, Kind::Date, Kind::Words, Kind::Flag, Kind::Small(999)]);
            put(kind, draw, out);
        }
        out.push('"');
    }
    if levels == 0 {
        return out.push_str("/>");
    }
    out.push('>');
    match draw.below(12) {
        0 => put(Kind::Words, draw, out),
        1 => out.push_str("<!-- nobody <said> this -->"),
        2 => out.push_str("<![CDATA[a < b && c > d]]>"),
        _ => {}
    }
    // One of the children goes on down, so that there are deep ones and not very many.
    for _ in 0..draw.below(3) {
        put_level(draw, 0, out);
    }
    put_level(draw, levels - 1, out);
    write(out, format_args!("</{name}>\n"));
}

fn put_journals(draw: &mut Draw, bytes: usize, out: &mut String) {
    let end = out.len() + bytes;
    out.push_str("<Journals>");
    let mut number = 0;
    while out.len() + 130 < end {
        number += 1;
        let kind = draw.pick(&["STATUS", "RULE", "CALL", "NOTE"]);
        write(out, format_args!("<Journal Type=\"{kind}\" ID=\"{number}\" Timestamp=\""));
        put_date(draw, out);
        write(out, format_args!("\" Status=\"{}\" UserID=\"mock{}\"/>\n", draw.pick(&["", "OK"]), draw.below(90)));
    }
    out.push_str("</Journals>");
}

fn put_rest(draw: &mut Draw, name: &str, bytes: usize, out: &mut String) {
    let end = out.len() + bytes;
    write(out, format_args!("<{name}>"));
    while out.len() + 150 < end {
        write(out, format_args!("<entry number=\"{}\" text=\"", draw.below(10_000)));
        put(Kind::Words, draw, out);
        out.push_str("\" note=\"\" kind=\"\"/>");
    }
    write(out, format_args!("</{name}>"));
}
