//! Values, as they are written between quotes. Whoever is named here cannot exist: numbers of persons, telephones, mail and network
//! addresses are of the ranges that are set apart for examples or never given out.

use std::fmt::Write;

use super::draw::Draw;
use super::kinds::Kind;

const FIRST: &[&str] = &["Testina", "Mocky", "Dummard", "Samplia", "Specimena", "Fakebert", "Placeholda", "Exemplar", "Nemo", "Ren\u{E9}mock"];
const LAST: &[&str] =
    &["Mockford", "Testerson", "Fakewell", "Specimen", "Placeholder", "Dummyfield", "O&apos;Mock", "Sampleworth", "M\u{FC}ckel-Mock"];
const STREETS: &[&str] = &["Nowhere Lane", "Example Street", "Mockingbird Mock Way", "Placeholder Road", "St. Test&apos;s Square"];
const CITIES: &[&str] = &["Mocktown", "Testville", "Sampleton", "Fakeborough", "Port Nowhere"];
const STATES: &[&str] = &["XA", "XB", "ZZ"];
const WORDS: &[&str] = &[
    "Mock &amp; Sons",
    "Example Works",
    "Tester&apos;s Supply",
    "Caf\u{E9} Specimen",
    "Nobody Ltd.",
    "Placeholder Group",
    "said nothing",
    "\u{201C}quoted\u{201D}",
    "Mock\u{2019}s Garage",
    "null",
];
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ23456789";

/// Writes a value of this kind; the kinds that may be blank are decided elsewhere.
pub(super) fn put(kind: Kind, draw: &mut Draw, out: &mut String) {
    match kind {
        Kind::Of(values) => out.push_str(draw.pick(values)),
        Kind::Blank => {}
        Kind::Flag => out.push_str(draw.pick(&["Y", "N"])),
        Kind::Date => put_date(draw, out),
        Kind::Birthday => put_day(draw, 1940, 2000, out),
        Kind::Money => put_decimal(draw, 9_000, out),
        Kind::Rate => put_decimal(draw, 40, out),
        Kind::Score => put_number(draw.from(300, 850), out),
        Kind::Small(most) => put_number(draw.below(most + 1), out),
        Kind::Year => put_number(draw.from(1990, 2024), out),
        Kind::Digits(count) => put_number(draw.from(10_u64.pow(count - 1), 10_u64.pow(count) - 1), out),
        // No bank has a number that begins so.
        Kind::Account(count) => put_padded(draw.below(10_u64.pow(count - 3)), count as usize, out),
        // 555-0100 to 555-0199 are for fiction.
        Kind::Phone => write(out, format_args!("{}55501{:02}", draw.from(201, 209), draw.below(100))),
        // The postal service gives out nothing above 99950.
        Kind::Zip => put_number(draw.from(99_960, 99_999), out),
        Kind::State => out.push_str(draw.pick(STATES)),
        Kind::City => out.push_str(draw.pick(CITIES)),
        Kind::Street => out.push_str(draw.pick(STREETS)),
        Kind::Email => write(out, format_args!("mock.{}@example.invalid", draw.below(1_000_000))),
        Kind::FirstName => out.push_str(draw.pick(FIRST)),
        Kind::LastName => out.push_str(draw.pick(LAST)),
        // 666 was never given out as the first three digits.
        Kind::Person => write(out, format_args!("666{:06}", draw.below(1_000_000))),
        Kind::Code(count) => put_code(draw, count, out),
        Kind::Letter => put_code(draw, 1, out),
        Kind::Words => out.push_str(draw.pick(WORDS)),
        // No number of a vehicle has an O.
        Kind::Vin => {
            out.push_str("MOCK");
            put_code(draw, 13, out);
        }
        // 192.0.2.0/24 is for documentation.
        Kind::Address => write(out, format_args!("192.0.2.{}", draw.below(256))),
        Kind::Blob => {
            let count = draw.from(120, 400) as u32;
            put_code(draw, count, out);
        }
    }
}

/// A text has room for all that is written.
pub(super) fn write(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(arguments);
}

pub(super) fn put_number(number: u64, out: &mut String) {
    out.push_str(itoa::Buffer::new().format(number));
}

fn put_padded(number: u64, digits: usize, out: &mut String) {
    write(out, format_args!("{number:0digits$}"));
}

fn put_decimal(draw: &mut Draw, end: u64, out: &mut String) {
    put_number(draw.below(end), out);
    let digits = draw.pick(&[0, 2, 2, 2, 3, 4, 6]);
    if digits > 0 {
        out.push('.');
        put_padded(draw.below(10_u64.pow(digits)), digits as usize, out);
    }
}

fn put_code(draw: &mut Draw, count: u32, out: &mut String) {
    for at in 0..count {
        // A code begins with a letter.
        let from = if at == 0 { 23 } else { LETTERS.len() as u64 };
        out.push(char::from(LETTERS[draw.below(from) as usize]));
    }
}

/// A day as Americans write it.
fn put_day(draw: &mut Draw, first: u64, last: u64, out: &mut String) {
    let (month, day, year) = (draw.from(1, 12), draw.from(1, 28), draw.from(first, last));
    write(out, format_args!("{month}/{day}/{year}"));
}

/// A day or an instant, in one of the three ways of the documents.
pub(super) fn put_date(draw: &mut Draw, out: &mut String) {
    let way = draw.below(3);
    if way == 1 {
        let (year, month, day) = (draw.from(2018, 2024), draw.from(1, 12), draw.from(1, 28));
        let (hour, minute, second, fraction) = (draw.below(24), draw.below(60), draw.below(60), draw.below(1000));
        return write(out, format_args!("{year}-{month}-{day} {hour}:{minute:02}:{second:02}.{fraction:03}"));
    }
    put_day(draw, 2018, 2024, out);
    if way == 2 {
        let (hour, minute, second) = (draw.from(1, 12), draw.below(60), draw.below(60));
        write(out, format_args!(" {hour}:{minute:02}:{second:02} {}", draw.pick(&["AM", "PM"])));
    }
}
