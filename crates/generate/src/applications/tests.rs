use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::*;

fn spec(out: PathBuf, more: serde_json::Value) -> ApplicationsSpec {
    let mut settings = json!({"out": out, "documents": 60});
    if let (Some(settings), Some(more)) = (settings.as_object_mut(), more.as_object()) {
        settings.extend(more.clone());
    }
    serde_json::from_value(settings).unwrap()
}

fn made(more: serde_json::Value) -> Vec<Document> {
    let spec = spec("nowhere".into(), more);
    let made = Applications::new(&spec).unwrap();
    (0..spec.documents).map(|number| made.document(number)).collect()
}

/// The document as text, where it is one.
fn text(document: &Document) -> String {
    let bytes = document.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&document.bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Attributes of elements of this name.
fn attributes(tree: &roxmltree::Document<'_>, name: &str) -> Vec<BTreeMap<String, String>> {
    let of = |node: roxmltree::Node<'_, '_>| node.attributes().map(|attribute| (attribute.name().to_owned(), attribute.value().to_owned())).collect();
    tree.descendants().filter(|node| node.tag_name().name() == name).map(of).collect()
}

#[test]
fn documents_are_well_formed_and_have_one_number_and_their_contacts() {
    for (product, prefix, kind) in [("card", "", "address_tp_c"), ("lending", "IL_", "address_type_code")] {
        let mut people = BTreeSet::new();
        for document in made(json!({"product": product, "documents": 200, "medianBytes": 20_000})) {
            let text = text(&document);
            let tree = roxmltree::Document::parse(&text).unwrap();
            assert_eq!(attributes(&tree, "Request")[0]["ID"], document.id.unwrap().to_string());
            assert_eq!(document.id, Some(document.source));
            let contacts = attributes(&tree, &format!("{prefix}contact"));
            assert!(contacts.iter().all(|contact| people.insert(contact["con_id"].clone())), "contacts are unique");
            assert_eq!(contacts[0]["ac_role_tp_c"], "PR");
            assert!(contacts.iter().all(|contact| contact["ssn"].starts_with("666") && !contact["first_name"].is_empty()));
            if contacts.iter().all(|contact| contact["ac_role_tp_c"] != "SEC" || product == "lending") {
                assert_eq!(document.rows[0], contacts.len() as u64);
                let addresses = attributes(&tree, &format!("{prefix}contact_address"));
                let counted = addresses.iter().filter(|address| ["CURR", "PREV"].contains(&address[kind].as_str())).count();
                assert_eq!(document.rows[1], counted as u64);
            }
        }
        assert!(people.len() > 200, "{product}: some have two");
    }
}

#[test]
fn full_documents_have_the_sizes_and_shares_of_real_ones() {
    let documents = made(json!({"documents": 400}));
    let mut sizes: Vec<usize> = documents.iter().map(|document| document.bytes.len()).collect();
    sizes.sort_unstable();
    let median = sizes[200];
    assert!((120_000..180_000).contains(&median), "{median}");
    assert!(sizes[0] < 30_000 && sizes[399] > 600_000 && sizes[399] < 2_100_000, "{} to {}", sizes[0], sizes[399]);
    let (mut all, mut reports, mut attributes, mut empty, mut marks) = (0, 0, 0, 0, 0);
    for document in &documents {
        let text = text(document);
        let (from, to) = (text.find("<Reports>").unwrap(), text.find("</Journals>").unwrap());
        all += text.len();
        reports += to - from;
        attributes += text.matches("=\"").count();
        empty += text.matches("=\"\"").count();
        marks += usize::from(document.bytes.starts_with(b"\xEF\xBB\xBF"));
    }
    assert!((85..=91).contains(&(reports * 100 / all)), "{}", reports * 100 / all);
    assert!((53..=74).contains(&(empty * 100 / attributes)), "{}", empty * 100 / attributes);
    assert!(marks > 370 && marks < 400, "{marks}");
}

#[test]
fn staged_documents_have_what_is_read_and_nothing_else() {
    for document in made(json!({"shape": "staged"})) {
        let text = text(&document);
        assert!(!text.contains("<Reports>") && text.contains("<CustData>") && text.len() < 20_000, "{}", text.len());
    }
}

#[test]
fn staged_documents_stay_well_formed_whatever_their_values_are_and_lose_nothing_of_the_root() {
    for product in ["card", "lending"] {
        let settings = json!({"product": product, "shape": "staged", "documents": 40, "faults": 1.0, "faultKinds": ["doubleEscaped"]});
        for document in made(settings) {
            let text = text(&document);
            let tree = roxmltree::Document::parse(&text).unwrap();
            assert!(text.contains("&amp;"), "values have something to escape");
            let root: Vec<&str> = tree.root_element().attributes().map(|attribute| attribute.name()).collect();
            assert!(
                product == "card" || ["appone_trans_id", "dt_app_id", "dt_dealer_id", "ipaddress"].iter().all(|name| root.contains(name)),
                "{root:?}"
            );
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_document_alone_and_another_one_another() {
    let first = made(json!({"documents": 30}));
    let made = |seed: u64| Applications::new(&spec("nowhere".into(), json!({"seed": seed}))).unwrap().document(29).bytes;
    assert_eq!(made(1), first[29].bytes);
    assert_ne!(made(2), first[29].bytes);
}

#[test]
fn every_fault_is_made_and_is_what_it_is_called() {
    for product in ["card", "lending"] {
        for fault in Fault::ALL {
            let documents = made(json!({"product": product, "shape": "staged", "documents": 12, "faults": 1.0, "faultKinds": [fault]}));
            for document in documents.iter().skip(1) {
                assert_eq!(document.fault, Some(fault));
                let text = text(document);
                let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
                let tree = if fault == Fault::TooDeep { Ok(None) } else { roxmltree::Document::parse_with_options(&text, options).map(Some) };
                let is_broken = matches!(fault, Fault::Malformed | Fault::Truncated | Fault::Blank);
                assert!(fault == Fault::DocumentType || tree.is_err() == is_broken, "{fault:?} {product}: {:?}", tree.map(drop));
                for (name, value) in fault.values().iter().filter(|_| !fault.is_fatal()) {
                    assert!(!text.contains(&format!(" {name}=\"")) || text.contains(&format!(" {name}=\"{value}\"")), "{fault:?} {name}");
                }
            }
            let changed = documents
                .iter()
                .filter(|document| fault.values().iter().any(|(name, value)| text(document).contains(&format!(" {name}=\"{value}\""))));
            assert!(fault.values().is_empty() || changed.count() > 0, "{fault:?} {product}");
        }
    }
}

#[test]
fn faults_of_contacts_tell_how_many_rows_are_left() {
    let rows = |fault: &str| made(json!({"faults": 1.0, "faultKinds": [fault], "documents": 2}))[1].rows;
    assert_eq!(rows("noContact"), [0, 0, 0]);
    assert_eq!(rows("roleCase")[0], rows("missingRequired")[0]);
    assert_eq!(rows("twoPrimaries")[0], 2);
    assert_eq!(rows("duplicateContact")[0], 1);
    let id = |fault: &str| made(json!({"faults": 1.0, "faultKinds": [fault], "documents": 3}))[2].id;
    assert_eq!((id("duplicateId"), id("badId")), (Some(1_000_001), None));
}

#[test]
fn files_one_file_an_archive_and_gzip_hold_the_same_documents() {
    use std::io::{Cursor, Read};

    let folder = tempfile::tempdir().unwrap();
    let expected = made(json!({"shape": "staged", "documents": 1_002}));
    for format in ["files", "one", "zip", "gz"] {
        let out = folder.path().join(format);
        let totals = applications(&spec(out.clone(), json!({"shape": "staged", "documents": 1_002, "format": format}))).unwrap();
        assert_eq!((totals.documents, totals.items.len()), (1_002, 1_002));
        assert_eq!(totals.files, if format == "files" { 1_002 } else { 1 });
        let all = expected.iter().flat_map(|document| [document.bytes.as_slice(), b"\n"].concat()).collect::<Vec<u8>>();
        match format {
            "files" => expected
                .iter()
                .zip(&totals.items)
                .for_each(|(document, item)| assert_eq!(std::fs::read(out.join(&item.name)).unwrap(), document.bytes)),
            "one" => assert!(std::fs::read(out.join("applications.xml")).unwrap() == all),
            "gz" => {
                let mut bytes = Vec::new();
                flate2::read::GzDecoder::new(std::fs::File::open(out.join("applications.xml.gz")).unwrap()).read_to_end(&mut bytes).unwrap();
                assert!(bytes == all);
            }
            _ => {
                let mut archive = Cursor::new(std::fs::read(out.join("applications.zip")).unwrap());
                let members = rowmill_xml::zip_members(&mut archive).unwrap();
                assert_eq!((members.len(), members[1_001].name.as_str()), (1_002, "0001/1001001.xml"));
                let mut bytes = Vec::new();
                for (member, document) in members.iter().zip(&expected) {
                    rowmill_xml::read_member(&mut archive, member, 1 << 20, &mut bytes).unwrap();
                    assert_eq!(bytes, document.bytes);
                }
            }
        }
    }
    let read = std::fs::read_to_string(folder.path().join("zip/totals.json")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&read).unwrap()["items"][0]["name"], "0000/1000000.xml");
}

#[test]
fn settings_out_of_range_and_folders_with_documents_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |more: serde_json::Value| applications(&spec(folder.path().join("a"), more)).unwrap_err();
    assert_eq!(refused(json!({"documents": 0})).place().column.as_deref(), Some("documents"));
    assert_eq!(refused(json!({"faults": 1.5})).place().column.as_deref(), Some("faults"));
    assert_eq!(refused(json!({"start": 1_000_000_000})).code(), Code::PlanInvalid);
    applications(&spec(folder.path().join("a"), json!({"documents": 1}))).unwrap();
    assert_eq!(refused(json!({})).code(), Code::SinkFileFailed);
}

#[test]
fn one_file_of_faulty_documents_still_gives_every_sound_one() {
    use rowmill_xml::{Documents, Splitter};

    let folder = tempfile::tempdir().unwrap();
    let more = json!({"shape": "staged", "documents": 400, "faults": 0.5, "format": "one"});
    applications(&spec(folder.path().to_owned(), more.clone())).unwrap();
    let file = std::fs::File::open(folder.path().join("applications.xml")).unwrap();
    let mut splitter = Splitter::new(file, Documents::Named("Provenir".to_owned()));
    let (mut found, mut bytes) = (BTreeSet::new(), Vec::new());
    while splitter.next_document(8 << 20, &mut bytes).unwrap().is_some() {
        found.insert(bytes.clone());
    }
    for document in made(more).iter().filter(|document| !document.fault.is_some_and(Fault::is_fatal)) {
        let sound = document.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&document.bytes);
        assert!(found.contains(sound), "{} {:?}", document.source, document.fault);
    }
}
