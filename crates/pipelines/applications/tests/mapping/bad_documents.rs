//! What is said of each kind of bad document: which one it is, where, and what to do.

use rowmill_applications::map::{Options, SourceId, Stage, Status};
use rowmill_xml::{Fallback, Limits};
use serde_json::{Value, json};

use crate::common::{Mapped, contract, document, map, map_with};

const LOAN: &str = "/Library/Request/Data/loan";
const PERSON: &str = "<person person_id='1' role='MAIN' first_name='Testina'/>";

/// A column that must have something, and a dictionary without a word for the rest.
fn demanding() -> Vec<(&'static str, Value)> {
    let column = json!({"name": "branch", "type": "text(8)", "from": "/Library/Request/Data/loan/@branch", "nullable": false});
    let code = json!({"name": "rank", "type": "smallint", "from": "/Library/Request/Data/loan/@rank", "steps": [{"enum": "role"}]});
    vec![("/tables/0/columns/-", column), ("/tables/0/columns/-", code)]
}

/// Says where a document is bad, and what to do about it.
fn says(mapped: &Mapped, stage: Stage, path: &str, attribute: Option<&str>, message: &str) {
    let reason = mapped.reason();
    assert_eq!((mapped.outcome.status, mapped.outcome.stage, mapped.outcome.rows), (Status::Failed, Some(stage), 0), "{message}: {reason}");
    assert_eq!(mapped.outcome.document_id, Some(7), "{reason}");
    let place = mapped.outcome.place.clone().expect("a place");
    assert_eq!((place.path.as_deref(), place.attribute.as_deref()), (Some(path), attribute), "{reason}");
    let whole = attribute.map_or(path.to_owned(), |attribute| format!("{path}/@{attribute}"));
    assert!(reason.contains(&whole) && reason.contains(message), "{reason}");
    assert!(reason.contains(". Mend the ") || reason.contains(". Choose "), "{reason}");
    assert!(!reason.contains("Testina"), "{reason}");
}

fn damaged(text: &str) -> Mapped {
    map(&contract(&[]), text)
}

#[test]
fn app_003_a_malformed_document_says_where_and_in_which_element() {
    let unclosed = format!("<loan><terms fee='1'>{PERSON}</loan>");
    says(&damaged(&document("", &unclosed)), Stage::Parsing, &format!("{LOAN}/terms"), None, "an end tag that does not fit");
    let quote = document("", "<loan received='2024-01-01' renewed=Y/>");
    says(&damaged(&quote), Stage::Parsing, LOAN, Some("renewed"), "an attribute without a value in quotes");
    let entity = document("", "<loan><terms fee='1' desk='Front &amp Sons'/></loan>");
    says(&damaged(&entity), Stage::Parsing, &format!("{LOAN}/terms"), Some("desk"), "an entity that is not known");
    let less = document("", "<loan><person person_id='1' first_name='<Testina'/></loan>");
    says(&damaged(&less), Stage::Parsing, &format!("{LOAN}/person"), Some("first_name"), "a `<` in the value");
}

#[test]
fn app_003_names_that_the_contract_does_not_have_are_not_told() {
    let text = document("", "<loan><note>call <Testina Mockford> back</note></loan>");
    let mapped = damaged(&text);
    says(&mapped, Stage::Parsing, LOAN, None, "an attribute without a value");
    assert!(!mapped.reason().contains("note") && !mapped.reason().contains("Mockford"), "{}", mapped.reason());
}

#[test]
fn app_003_a_truncated_document_says_in_which_element_it_ends() {
    let text = document("", &format!("<loan><terms fee='1'/>{PERSON}</loan>"));
    let mapped = damaged(&text[..text.find("first_name").expect("a name") + 14]);
    says(&mapped, Stage::Parsing, &format!("{LOAN}/person"), Some("first_name"), "the document ends too early");
    let child = document("", "<loan><person person_id='1'><address kind='CURR' city='<");
    says(&damaged(&child), Stage::Parsing, &format!("{LOAN}/person/address"), Some("city"), "a `<` in the value");
}

#[test]
fn app_003_bytes_that_are_no_text_say_where_and_in_which_element() {
    let options = || Options { fallback: Fallback::Refuse, ..Options::default() };
    let (before, after) = ("\n<Library><Request ID='7'><Data><loan>\n<terms desk='R", "'/></loan></Data></Request></Library>");
    let utf_8 = [before.as_bytes(), b"\xE9n\xE9", after.as_bytes()].concat();
    let mapped = map_with(&contract(&[]), &utf_8, &SourceId::default(), options());
    says(&mapped, Stage::Parsing, &format!("{LOAN}/terms"), Some("desk"), "no text in the document's encoding (line 3, column 15)");
    let mut utf_16: Vec<u8> = format!("\u{FEFF}{before}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    utf_16.extend([0x00, 0xD8, 0x20, 0x00]);
    let mapped = map_with(&contract(&[]), &utf_16, &SourceId::default(), options());
    says(&mapped, Stage::Parsing, &format!("{LOAN}/terms"), Some("desk"), "no text in the document's encoding (line 3, column 15)");
}

#[test]
fn app_002_a_document_with_another_root_or_of_another_kind_says_which_was_wanted() {
    let mapped = damaged("<Museum><Request ID='7'/></Museum>");
    let place = mapped.outcome.place.clone().expect("a place");
    assert_eq!((place.path.as_deref(), mapped.outcome.document_id), (Some("/Library"), None), "no contract says where its id is");
    assert!(mapped.reason().contains("the root element is not Library (/Library). Choose the contract"), "{}", mapped.reason());
    says(&damaged(&document("", "<sale/>")), Stage::Validation, "/Library/Request/Data/sale", None, "of another kind");
    says(&damaged(&document("", "<other/>")), Stage::Validation, LOAN, None, "the document has no");
}

#[test]
fn app_048_a_missing_value_says_which_column_and_which_attribute() {
    let contract = contract(&demanding());
    for loan in ["<loan/>", "<loan branch=' '/>"] {
        says(&map(&contract, &document("", loan)), Stage::Mapping, LOAN, Some("branch"), "loan.branch must have a value and there is none");
    }
}

#[test]
fn app_042_a_wrong_code_says_which_dictionary_and_which_attribute() {
    let mapped = map(&contract(&demanding()), &document("", "<loan branch='N' rank='CHIEF'/>"));
    says(&mapped, Stage::Mapping, LOAN, Some("rank"), "the text is not in the dictionary role");
    assert!(!mapped.reason().contains("CHIEF"), "{}", mapped.reason());
}

/// A document of the small contract with something before its application element.
fn with(inside: &str) -> String {
    format!("<Library>\n<Request ID='7'>\n<Data>{inside}<loan/></Data></Request></Library>")
}

fn limited(text: &str, limits: Limits) -> Mapped {
    map_with(&contract(&[]), text.as_bytes(), &SourceId::default(), Options { limits, ..Options::default() })
}

#[test]
fn app_003_what_is_too_large_says_so_with_line_and_column_whatever_it_is() {
    let attributes: String = (0..5_000).map(|at| format!(" a{at}=''")).collect();
    for (inside, message, column) in [
        ("<d>".repeat(1_000_000), "too many elements inside one another", 766),
        (format!("<long text='{}'/>", "x".repeat(2 << 20)), "too long a value of an attribute", 19),
        (format!("<many{attributes}/>"), "too many attributes of one element", 35_767),
        ("<e/>".repeat(1_000_001), "too many elements", 3_999_995),
        (format!("<long>{}</long>", "x".repeat(9 << 20)), "too long a text", 13),
    ] {
        let mapped = damaged(&with(&inside));
        says(&mapped, Stage::Parsing, "/Library/Request/Data", None, message);
        let place = mapped.outcome.place.expect("a place");
        assert_eq!((place.line, place.column), (Some(3), Some(column)), "{message}");
    }
    let small = Limits { document_bytes: 1 << 10, ..Limits::default() };
    let mapped = limited(&with(&"<e/>".repeat(1 << 10)), small);
    assert!(mapped.reason().contains("too many bytes (line 3, column "), "{}", mapped.reason());
}

#[test]
fn app_003_entities_of_entities_are_not_read_at_all() {
    let laughs: String = (1..10).map(|at| format!("<!ENTITY e{at} \"{}\">", format!("&e{};", at - 1).repeat(10))).collect();
    let text = format!("<?xml version='1.0'?>\n<!DOCTYPE Library [<!ENTITY e0 'ha'>{laughs}]>\n<Library><Request ID='&e9;'/></Library>");
    let mapped = damaged(&text);
    assert_eq!(
        mapped.reason(),
        "a document type definition, which is not read (line 2, column 1). Mend the document, or have its source write it again"
    );
    let undeclared = damaged(&document("Status='&e9;'", "<loan/>"));
    assert!(undeclared.reason().contains("an entity that is not known (line 1, column "), "{}", undeclared.reason());
    assert!(undeclared.reason().contains(" in /Library/Request/@Status"), "{}", undeclared.reason());
}
