//! Documents of files that have many, of gzip files and of zip archives.

#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Read, Write};

use proptest::prelude::*;
use rowmill_core::Code;
use rowmill_xml::{Documents, Splitter, gunzip, read_all, read_member, zip_members};

/// A reader that gives a few bytes at a time.
struct Slow<'a>(&'a [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(buffer.len()).min(self.0.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn pieces(text: &str, documents: &Documents) -> Vec<(String, bool)> {
    let mut splitter = Splitter::new(text.as_bytes(), documents.clone());
    let mut ranges = Vec::new();
    while let Some(piece) = splitter.next_range().unwrap() {
        ranges.push(piece);
    }
    for step in [1, 7] {
        let mut splitter = Splitter::new(Slow(text.as_bytes(), step), documents.clone());
        let mut bytes = Vec::new();
        for piece in &ranges {
            assert_eq!(splitter.next_document(usize::MAX, &mut bytes).unwrap().as_ref(), Some(piece));
            assert_eq!(bytes, &text.as_bytes()[piece.range.start as usize..piece.range.end as usize]);
        }
        assert_eq!(splitter.next_document(usize::MAX, &mut bytes).unwrap(), None);
    }
    ranges.into_iter().map(|piece| (text[piece.range.start as usize..piece.range.end as usize].to_owned(), piece.is_whole)).collect()
}

fn whole(texts: &[&str]) -> Vec<(String, bool)> {
    texts.iter().map(|text| ((*text).to_owned(), true)).collect()
}

#[test]
fn documents_one_after_another_are_found_with_their_declarations() {
    let first = "<?xml version='1.0'?>\n<!-- <a> --><a b='>' c=\"/>\"><a/><![CDATA[</a>]]><!-- </a> --><aa></aa></a >";
    let text = format!("\u{FEFF}{first}\n\u{FEFF}<b/>\n<?other?><c>text</c>\n");
    assert_eq!(pieces(&text, &Documents::Roots), whole(&[first, "<b/>", "<c>text</c>"]));
    assert_eq!(pieces(" \n", &Documents::Roots), []);
    assert_eq!(pieces("", &Documents::Roots), []);
}

#[test]
fn documents_inside_a_wrapper_are_its_children() {
    let text = "<?xml version='1.0'?><x:all n='1'><a><all/></a><b/>\n<a>1</a></x:all>\n<a>not inside</a>";
    assert_eq!(pieces(text, &Documents::Inside("all".into())), whole(&["<a><all/></a>", "<b/>", "<a>1</a>"]));
    assert_eq!(pieces("<all><a>1</all>", &Documents::Inside("all".into())), [("<a>1".into(), false)]);
    assert_eq!(pieces("<all/><a/>", &Documents::Inside("all".into())), []);
}

#[test]
fn documents_of_a_name_are_found_anywhere_and_a_damaged_one_spoils_itself_alone() {
    let text = "<all>5<row><a>1</a></row><row><a><b></row><row><x:a c='<'></x:a><a>2</a></row></all>";
    assert_eq!(
        pieces(text, &Documents::Named("a".into())),
        [("<a>1</a>".into(), true), ("<a><b></row><row><x:a c='<'></x:a>".into(), false), ("<a>2</a>".into(), true),]
    );
    let cut = "<a><b c='<a>1</a><a>2</a>";
    assert_eq!(pieces(cut, &Documents::Named("a".into())), [("<a><b c='".into(), false), ("<a>1</a>".into(), true), ("<a>2</a>".into(), true)]);
}

#[test]
fn what_is_no_document_is_a_piece_of_its_own_and_a_document_type_goes_with_its_document() {
    assert_eq!(
        pieces("<a>1</a></a>lost <b/> <!DOCTYPE c [<!ENTITY d 'e'>]><c/>end", &Documents::Roots),
        [
            ("<a>1</a>".into(), true),
            ("</a>lost ".into(), false),
            ("<b/>".into(), true),
            ("<!DOCTYPE c [<!ENTITY d 'e'>]><c/>".into(), true),
            ("end".into(), false),
        ]
    );
    let cut = "<?xml version='1.0'?><a><b><?xml version='1.0'?><a/>";
    assert_eq!(pieces(cut, &Documents::Roots), [("<?xml version='1.0'?><a><b>".into(), false), ("<?xml version='1.0'?><a/>".into(), true)]);
}

#[test]
fn of_a_document_that_is_too_large_no_more_than_asked_for_is_kept() {
    let text = format!("<a>{}</a><a/>", "x".repeat(1_000_000));
    let mut splitter = Splitter::new(text.as_bytes(), Documents::Roots);
    let mut bytes = Vec::new();
    let piece = splitter.next_document(100, &mut bytes).unwrap().unwrap();
    assert_eq!((piece.range, bytes.len()), (0..1_000_007, 100));
    assert_eq!(splitter.next_document(100, &mut bytes).unwrap().unwrap().range, 1_000_007..1_000_011);
    assert_eq!(bytes, b"<a/>");
}

#[test]
fn a_file_of_many_documents_in_utf_16_is_refused() {
    let error = Splitter::new(&b"\xFF\xFE<\0a\0"[..], Documents::Roots).next_range().unwrap_err();
    assert_eq!(error.code(), Code::InputFormat);
}

#[test]
fn gzip_files_are_read_to_their_end_and_refused_where_they_are_cut_or_grow_too_large() {
    let pack = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let (mut out, packed) = (Vec::new(), [pack("<a/>"), pack("<b/>")].concat());
    read_all(gunzip(packed.as_slice()), 8, &mut out).unwrap();
    assert_eq!(out, b"<a/><b/>");
    assert_eq!(read_all(gunzip(packed.as_slice()), 7, &mut out).unwrap_err().code(), Code::InputFormat);
    assert_eq!(read_all(gunzip(&packed[..packed.len() - 4]), 100, &mut out).unwrap_err().code(), Code::InputTruncated);
    assert_eq!(read_all(gunzip(&b"nothing of gzip"[..]), 100, &mut out).unwrap_err().code(), Code::InputFormat);
    let mut splitter = Splitter::new(gunzip(packed.as_slice()), Documents::Roots);
    assert_eq!(splitter.next_range().unwrap().unwrap().range, 0..4);
    assert_eq!(splitter.next_range().unwrap().unwrap().range, 4..8);
}

/// Written by another program: a stored member, a deflated one, a folder, and a name that is not ASCII.
const ARCHIVE: &[u8] = include_bytes!("data/archive.zip");

#[test]
fn members_of_an_archive_are_listed_and_read() {
    let mut archive = Cursor::new(ARCHIVE);
    let members = zip_members(&mut archive).unwrap();
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["stored.xml", "folder/deflated.xml", "n\u{E4}me.xml"]);
    let mut out = Vec::new();
    for (member, text) in members.iter().zip(["<stored/>".to_owned(), "<deflated/>".repeat(50), "<name/>".to_owned()]) {
        read_member(&mut archive, member, 550, &mut out).unwrap();
        assert_eq!(out, text.as_bytes());
    }
    assert_eq!(read_member(&mut archive, &members[1], 549, &mut out).unwrap_err().code(), Code::InputFormat);
}

#[test]
fn archives_that_are_damaged_or_encrypted_are_refused() {
    let mut out = Vec::new();
    let mut archive = Cursor::new(ARCHIVE);
    let mut member = zip_members(&mut archive).unwrap().remove(1);
    member.is_encrypted = true;
    assert!(read_member(&mut archive, &member, 1000, &mut out).unwrap_err().message().contains("encrypted"));
    member = zip_members(&mut archive).unwrap().remove(1);
    member.crc ^= 1;
    assert!(read_member(&mut archive, &member, 1000, &mut out).unwrap_err().message().contains("damaged"));
    for length in 0..ARCHIVE.len() {
        assert_eq!(zip_members(&mut Cursor::new(&ARCHIVE[..length])).unwrap_err().code(), Code::InputFormat, "{length}");
    }
}

/// A piece of markup, whole or not.
fn markup() -> impl Strategy<Value = String> {
    const PARTS: [&str; 16] = [
        "<a>",
        "</a>",
        "<a/>",
        "<b c='>'>",
        "</b>",
        "<!-- <a> -->",
        "<![CDATA[</a>]]>",
        "<?x?>",
        "<?xml ?>",
        "text",
        " ",
        "<",
        "<!--",
        "'",
        "<all>",
        "</all>",
    ];
    prop::collection::vec(prop::sample::select(&PARTS[..]), 0..20).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn pieces_do_not_depend_on_how_the_file_is_read_and_follow_one_another(text in markup(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3)) {
        for documents in [Documents::Roots, Documents::Inside("all".into()), Documents::Named("a".into())] {
            let found = pieces(&text, &documents);
            prop_assert!(found.iter().all(|(text, _)| !text.is_empty()));
        }
        let mut archive = ARCHIVE.to_vec();
        for (at, byte) in damage {
            let at = at.index(archive.len());
            archive[at] = byte;
        }
        let mut archive = Cursor::new(archive);
        let mut out = Vec::new();
        for member in zip_members(&mut archive).unwrap_or_default() {
            let _ = read_member(&mut archive, &member, 1000, &mut out);
        }
    }
}

/// A gigabyte of one attribute, made as it is read; counts the bytes that were asked for.
struct Gigabyte {
    said: std::io::Chain<std::io::Chain<&'static [u8], std::io::Take<std::io::Repeat>>, &'static [u8]>,
    read: u64,
}

impl Gigabyte {
    fn new() -> Self {
        let long = std::io::repeat(b'x').take(1 << 30);
        Self { said: (&b"<a b='"[..]).chain(long).chain(&b"'/><a/>"[..]), read: 0 }
    }
}

impl Read for Gigabyte {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = self.said.read(into)?;
        self.read += length as u64;
        Ok(length)
    }
}

#[test]
fn a_gigabyte_of_one_attribute_is_refused_once_it_is_too_large_and_never_held() {
    const MOST: usize = 1 << 20;
    let (mut source, mut out) = (Gigabyte::new(), Vec::new());
    let error = read_all(&mut source, MOST, &mut out).unwrap_err();
    assert!(error.code() == Code::InputFormat && error.message().contains("larger than 1048576 bytes") && error.help_text().is_some(), "{error}");
    assert!(source.read <= MOST as u64 + 1 && out.is_empty(), "{} bytes were read", source.read);
    // In a file of many documents it spoils itself alone.
    let mut splitter = Splitter::new(Gigabyte::new(), Documents::Roots);
    let piece = splitter.next_document(MOST, &mut out).unwrap().unwrap();
    assert_eq!((piece.range.end, out.len()), ((1 << 30) + 9, MOST));
    assert!(out.capacity() <= 2 * MOST, "{} bytes are held", out.capacity());
    splitter.next_document(MOST, &mut out).unwrap().unwrap();
    assert_eq!(out, b"<a/>");
}
