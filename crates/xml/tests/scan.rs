//! The scanner beside a parser that builds a tree, on documents and on what is nearly one.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use rowmill_xml::{Attribute, Descend, Handler, Limits, XmlErrorKind, scan, unescape};

/// What was told, as lines.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    skipped: Option<&'static str>,
}

impl Handler for Told {
    fn open(&mut self, name: &str, attributes: &[Attribute<'_>]) -> Descend {
        let attributes: Vec<String> = attributes.iter().map(|attribute| format!(" {}={:?}", attribute.name, attribute.value())).collect();
        self.lines.push(format!("<{name}{}", attributes.concat()));
        if self.skipped == Some(name) { Descend::Skip } else { Descend::Into }
    }

    fn close(&mut self) {
        self.lines.push(">".to_owned());
    }
}

fn told(text: &str, skipped: Option<&'static str>) -> Result<Vec<String>, XmlErrorKind> {
    let mut told = Told { lines: Vec::new(), skipped };
    scan(text, &Limits::default(), &mut told).map(|()| told.lines).map_err(|error| error.kind)
}

/// The same lines from a tree.
fn naive(text: &str) -> Option<Vec<String>> {
    fn walk(node: roxmltree::Node<'_, '_>, lines: &mut Vec<String>) {
        let attributes: Vec<String> = node.attributes().map(|attribute| format!(" {}={:?}", attribute.name(), attribute.value())).collect();
        lines.push(format!("<{}{}", node.tag_name().name(), attributes.concat()));
        node.children().filter(roxmltree::Node::is_element).for_each(|child| walk(child, lines));
        lines.push(">".to_owned());
    }
    let tree = roxmltree::Document::parse(text).ok()?;
    let mut lines = Vec::new();
    walk(tree.root_element(), &mut lines);
    Some(lines)
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-c]{1,2}", 1 => "[A-Za-z_][A-Za-z0-9_.-]{0,6}", 1 => Just("été".to_owned()), 1 => Just("xml:lang".to_owned())]
}

fn value() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => "[a-z0-9 ./:-]{0,12}",
        1 => Just("&amp;".to_owned()), 1 => Just("&#x41;".to_owned()), 1 => Just("&#233;".to_owned()), 1 => Just("&apos;".to_owned()),
        1 => Just("\u{20AC}".to_owned()), 1 => Just("\n\t".to_owned()), 1 => Just("[]>".to_owned()),
    ];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat())
}

fn element() -> impl Strategy<Value = String> {
    let attributes = || {
        prop::collection::vec((name(), value(), prop::sample::select(vec!["\"", "'"]), "[ \n]{1,2}"), 0..20).prop_map(|attributes| {
            let mut seen = std::collections::HashSet::new();
            let unique = attributes.into_iter().filter(|(name, ..)| seen.insert(name.clone()));
            unique.map(|(name, value, quote, space)| format!("{space}{name}={quote}{value}{quote}")).collect::<String>()
        })
    };
    let name = || name().prop_filter("a prefix", |name| !name.contains(':'));
    let leaf = (name(), attributes()).prop_map(|(name, attributes)| format!("<{name}{attributes}/>"));
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let between = prop_oneof![
            Just(String::new()),
            Just(" text &lt; more ".to_owned()),
            Just("<!-- a - comment -->".to_owned()),
            Just("<![CDATA[<a>]] >]]>".to_owned()),
            Just("<?target said?>".to_owned()),
        ];
        let children = prop::collection::vec((inner, between), 0..4);
        (name(), attributes(), children).prop_map(|(name, attributes, children)| {
            let inside: String = children.into_iter().map(|(child, between)| format!("{between}{child}{between}")).collect();
            format!("<{name}{attributes}>{inside}</{name} >")
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_document_is_told_as_its_tree_is(text in element(), declared in any::<bool>()) {
        let text = if declared { format!("<?xml version=\"1.0\"?>\n{text}\n<!-- end -->") } else { text };
        prop_assert_eq!(told(&text, None).ok(), naive(&text));
    }

    #[test]
    fn what_is_nearly_a_document_is_refused_where_a_tree_is(text in element(), at in any::<prop::sample::Index>(), with in "[<>&\"'=/ a;\\]!?-]{0,2}", cut in 0_usize..3) {
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let from = at.index(places.len());
        let to = places.get(from + cut).copied().unwrap_or(text.len());
        let text = format!("{}{with}{}", &text[..places[from]], &text[to..]);
        let error = scan(&text, &Limits::default(), &mut Told::default());
        // The tree takes names of instructions that are none.
        prop_assume!(!error.as_ref().is_err_and(|error| error.kind == XmlErrorKind::Instruction));
        prop_assert_eq!(told(&text, None).ok(), naive(&text), "{:?}: {}", error, text);
    }

    #[test]
    fn a_part_that_is_skipped_is_checked_all_the_same(text in element(), at in any::<prop::sample::Index>()) {
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let place = places[at.index(places.len())];
        let broken = format!("<a>{}{}</a>", &text[..place], &text[place..].replacen('>', "", 1));
        prop_assert_eq!(told(&broken, Some("a")).is_ok(), told(&broken, None).is_ok());
        prop_assert_eq!(told(&format!("<a>{text}</a>"), Some("a")), Ok(vec!["<a".to_owned(), ">".to_owned()]));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}", markup in "[<>/a&;\"'= !\\[\\]?x:-]{0,40}") {
        let _ = told(&text, None);
        let _ = told(&markup, None);
        let _ = unescape(&markup);
    }
}

#[test]
fn faults_are_named_with_their_place() {
    use XmlErrorKind::*;
    for (text, kind, line, column) in [
        ("", Empty, 1, 1),
        (" \n ", Empty, 2, 2),
        ("a", OutsideRoot, 1, 1),
        ("<a>", Truncated, 1, 4),
        ("<a", Truncated, 1, 3),
        ("<a b=\"", Truncated, 1, 7),
        ("<a>\n <b></a>", EndTag, 2, 5),
        ("<a></a><b/>", OutsideRoot, 1, 8),
        ("<a b=c/>", Attribute, 1, 6),
        ("<a b/>", Attribute, 1, 5),
        ("<a b='1'c='2'/>", Attribute, 1, 9),
        ("<a b='1' c='2' b='3'/>", DuplicateAttribute, 1, 16),
        ("<a b='<'/>", LessThan, 1, 7),
        ("<a b='&nbsp;'/>", Entity, 1, 7),
        ("<a>é &x</a>", Entity, 1, 6),
        ("<a b='&#0;'/>", Entity, 1, 7),
        ("<a>]]></a>", SectionEnd, 1, 4),
        ("<a><!-- -- --></a>", Comment, 1, 9),
        ("<a>\u{1}</a>", Character, 1, 4),
        ("<a>\u{FFFF}</a>", Character, 1, 4),
        ("<1/>", Tag, 1, 1),
        ("<a><?xml version='1.0'?></a>", Instruction, 1, 4),
        ("<?xml?><a/>", Instruction, 1, 1),
        ("<?xml encoding='utf-8'?><a/>", Instruction, 1, 1),
        ("<?xml version='2.0'?><a/>", Instruction, 1, 1),
        ("<?xml version='1.0' standalone='maybe'?><a/>", Instruction, 1, 1),
        ("<x:a/>", Prefix, 1, 2),
        ("<a x:b='1'/>", Prefix, 1, 4),
        ("<!DOCTYPE a [<!ENTITY b 'b'><!ENTITY c '&b;&b;'>]><a>&c;</a>", OutsideRoot, 1, 1),
    ] {
        let error = scan(text, &Limits::default(), &mut Told::default()).unwrap_err();
        let kind = if text.starts_with("<!DOCTYPE") { DocumentType } else { kind };
        assert_eq!((error.kind, error.line, error.column), (kind, line, column), "{text:?}: {error}");
    }
}

#[test]
fn declarations_say_what_they_may() {
    for declaration in [
        "version='1.0'",
        " version = \"1.1\" encoding='UTF-8'\n",
        "version='1.0' standalone='no'",
        "version='1.0' encoding='latin1' standalone=\"yes\" ",
    ] {
        assert_eq!(told(&format!("<?xml {declaration}?><a/>"), None), Ok(vec!["<a".to_owned(), ">".to_owned()]), "{declaration}");
    }
}

#[test]
fn prefixes_are_left_out_and_declarations_are_none_of_the_attributes() {
    let text = "<x:a xmlns:x='urn:x' xmlns='urn:d'><b x:c='1' d='2'/></x:a>";
    assert_eq!(told(text, None).unwrap(), ["<a", "<b c=\"1\" d=\"2\"", ">", ">"]);
    assert_eq!(told("<a><b xmlns:x='urn:x'/><x:c/></a>", None), Err(XmlErrorKind::Prefix));
}

#[test]
fn what_is_too_large_is_refused_before_it_is_looked_at() {
    use rowmill_xml::Limit;

    let limits = Limits { document_bytes: 100_000, depth: 100, elements: 1000, attributes: 5, attribute_bytes: 200, text_bytes: 300 };
    for (text, limit) in [
        (format!("<a>{}</a>", " ".repeat(100_000)), Limit::DocumentBytes),
        ("<a>".repeat(101), Limit::Depth),
        (format!("<a>{}</a>", "<b/>".repeat(1000)), Limit::Elements),
        (format!("<a {}/>", (0..6).map(|at| format!("a{at}='' ")).collect::<String>()), Limit::Attributes),
        (format!("<a b='{}'/>", "x".repeat(201)), Limit::AttributeBytes),
        (format!("<a b='{}", "x".repeat(201)), Limit::AttributeBytes),
        (format!("<a>{}</a>", "x".repeat(301)), Limit::TextBytes),
        (format!("<a><![CDATA[{}]]></a>", "x".repeat(301)), Limit::TextBytes),
    ] {
        assert_eq!(scan(&text, &limits, &mut Told::default()).unwrap_err().kind, XmlErrorKind::TooLarge(limit));
    }
}

#[test]
fn a_million_elements_inside_one_another_take_no_stack() {
    let deep = Limits { depth: 2_000_000, elements: 2_000_000, ..Limits::default() };
    let text = format!("{}{}", "<a>".repeat(1_000_000), "</a>".repeat(1_000_000));
    let mut told = Told { skipped: Some("a"), ..Told::default() };
    scan(&text, &deep, &mut told).unwrap();
    assert_eq!(told.lines.len(), 2);
    assert_eq!(scan(&text, &Limits::default(), &mut Told::default()).unwrap_err().offset, 256 * 3);
}
