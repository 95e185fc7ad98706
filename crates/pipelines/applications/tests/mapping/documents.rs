//! Which documents are taken, and what is said of the others.

use crate::common::{all_quirks, contract, document, map, map_with};
use rowmill_applications::map::{Options, SourceId, Stage, Status};
use serde_json::json;

#[test]
fn a_document_becomes_rows_of_every_table() {
    let data = "<loan received='2024-02-01' renewed='y'>
        <terms fee='12.345' months='3' years='1' desk='North'/>
        <person person_id='70' role='MAIN' first_name='Ada' born='1990-05-06'>
          <address kind='CURR' zip='02134' city='Utopia' rent='950.5' phone='555-0100'/>
          <address kind='PREV' zip='' city=' '/>
        </person>
        <items title1='Atlas' worth1='0' title2='' worth2='12' notes='both'/>
        <scores first='12' second='none'/>
      </loan>";
    let mapped = map(&contract(&[]), &document("Status='OPEN'", data));
    assert_eq!(mapped.outcome.status, Status::Mapped, "{:?}", mapped.outcome);
    assert_eq!(mapped.outcome.document_id, Some(7));
    let loan = |column| mapped.cell("loan", column);
    assert_eq!(
        [loan("loan_id"), loan("status"), loan("renewed"), loan("fee"), loan("months"), loan("rent")],
        ["7", "1", "1", "12.35", "15", "950.50"]
    );
    assert_eq!(mapped.cell("person", "phone"), "5550100");
    assert_eq!(mapped.column("address", "zip"), ["02134"]);
    assert_eq!(mapped.column("item", "position"), ["1", "2"]);
    assert_eq!(mapped.column("item", "title"), ["Atlas", "MISSING"]);
    assert_eq!(mapped.column("item", "notes"), ["both", "both"]);
    assert_eq!(mapped.column("history", "value"), ["North"]);
    assert_eq!(mapped.column("person", "document"), ["0"]);
}

#[test]
fn app_001_a_document_without_a_positive_whole_id_fails() {
    for (id, said) in
        [("", "has no id"), ("ID=' '", "has no id"), ("ID='x1'", "no positive whole number"), ("ID='0'", "no positive"), ("ID='-3'", "no positive")]
    {
        let mapped = map(&contract(&[]), &format!("<Library><Request {id}><Data><loan/></Data></Request></Library>"));
        assert_eq!(mapped.outcome.stage, Some(Stage::Validation), "{id}");
        assert!(mapped.reason().contains(said), "{id}: {}", mapped.reason());
        let place = mapped.outcome.place.as_ref().expect("a place");
        assert_eq!((place.path.as_deref(), place.attribute.as_deref()), (Some("/Library/Request"), Some("ID")));
        assert_eq!(mapped.outcome.rows, 0);
    }
    let second = map(&contract(&[]), "<Library><Request ID='' id='12'><Data><loan/></Data></Request></Library>");
    assert_eq!(second.outcome.document_id, Some(12));
}

#[test]
fn app_002_a_document_of_another_kind_fails_and_one_of_both_kinds_is_noticed() {
    let other = map(&contract(&[]), &document("", "<sale/>"));
    assert!(other.reason().contains("of another kind"), "{}", other.reason());
    let neither = map(&contract(&[]), &document("", "<gift/>"));
    assert!(neither.reason().contains("has no /Library/Request/Data/loan"), "{}", neither.reason());
    let both = map(&contract(&[]), &document("", "<loan/><sale/>"));
    assert_eq!(both.outcome.status, Status::Mapped);
    assert!(both.has_issue("OtherApplication"), "{:?}", both.issues());
    let root = map(&contract(&[]), "<library/>");
    assert!(root.reason().contains("the root element is not Library"), "{}", root.reason());
}

#[test]
fn app_003_a_damaged_document_fails_with_its_place_and_is_never_recovered() {
    let mapped = map(&contract(&[]), "<Library>\n<Request ID='7'><Data><loan fee='1'></Data></Request></Library>");
    assert_eq!((mapped.outcome.status, mapped.outcome.stage), (Status::Failed, Some(Stage::Parsing)));
    assert_eq!(mapped.outcome.place.as_ref().and_then(|place| place.line), Some(2));
    assert_eq!(mapped.outcome.document_id, Some(7));
    assert_eq!(mapped.outcome.rows, 0);
}

#[test]
fn app_004_a_document_under_another_id_fails_unless_the_contract_accepts_it() {
    let source = SourceId { ordinal: 3, id: Some(8), name: "row 8".to_owned() };
    let mapped = map_with(&contract(&[]), document("", "<loan/>").as_bytes(), &source, Options::default());
    assert!(mapped.reason().contains("has this document under 8"), "{}", mapped.reason());
    assert_eq!(mapped.outcome.ordinal, 3);
    let accepting = contract(&[("/compat", json!({"identityMismatchAccepted": true}))]);
    let mapped = map_with(&accepting, document("", "<loan/>").as_bytes(), &source, Options::default());
    assert_eq!(mapped.outcome.status, Status::Mapped);
    assert_eq!(mapped.column("loan", "document"), ["3"]);
}

#[test]
fn app_005_values_are_masked_in_reasons_and_issues_unless_they_are_asked_for() {
    let text = document("", "<loan><terms fee='4929-secret'/></loan>");
    let masked = map(&contract(&[]), &text);
    assert!(!masked.reason().contains("secret") && masked.reason().contains("11 characters, masked"), "{}", masked.reason());
    let place = masked.outcome.place.clone().expect("a place");
    assert_eq!((place.line, place.path.as_deref(), place.attribute.as_deref()), (Some(1), Some("/Library/Request/Data/loan/terms"), Some("fee")));
    let revealed = map_with(&contract(&[]), text.as_bytes(), &SourceId::default(), Options { reveal: true, ..Options::default() });
    assert!(revealed.reason().contains("4929-secret"), "{}", revealed.reason());
    let lenient = contract(&[("/tables/0/columns/4/onError", json!("null"))]);
    let noted = map(&lenient, &text);
    assert_eq!(noted.cell("loan", "fee"), "null");
    assert!(noted.has_issue("ValueLeftOut") && !noted.has_issue("secret"), "{:?}", noted.issues());
}

#[test]
fn app_006_rows_of_a_document_that_fails_are_never_seen() {
    let bad = document("", "<loan><person person_id='1' role='MAIN' first_name='A'/><scores first='1'/><items title1='x' worth1='many'/></loan>");
    let mapped = map(&contract(&[]), &bad);
    assert_eq!(mapped.outcome.status, Status::Failed);
    for table in ["loan", "person", "item", "score"] {
        assert_eq!(mapped.rows(table), 0, "{table}");
    }
}

#[test]
fn control_characters_and_a_byte_order_mark_before_a_document_do_no_harm() {
    for before in ["\u{FEFF}", "\u{1}\r\n ", "\u{FEFF}\u{2}\t"] {
        let mapped = map(&contract(&[]), &format!("{before}{}", document("", "<loan/>")));
        assert_eq!(mapped.outcome.status, Status::Mapped, "{:?}", mapped.outcome);
    }
}

#[test]
fn prefixes_of_namespaces_are_left_out() {
    let text = "<a:Library xmlns:a='u'><a:Request ID='7'><Data><loan><a:terms a:fee='2'/></loan></Data></a:Request></a:Library>";
    assert_eq!(map(&contract(&[]), text).cell("loan", "fee"), "2.00");
}

#[test]
fn app_009_of_elements_at_one_path_the_last_counts_and_is_noticed() {
    let mapped = map(&contract(&[]), &document("", "<loan><terms fee='1' desk='North'/><terms desk='South'/></loan>"));
    assert_eq!(mapped.cell("loan", "fee"), "null");
    assert_eq!(mapped.cell("history", "value"), "South");
    assert!(mapped.has_issue("/Library/Request/Data/loan/terms came more than once"), "{:?}", mapped.issues());
}

#[test]
fn app_010_attributes_by_path_are_unescaped_twice_where_the_contract_says_so_and_those_of_members_never() {
    let text = document("", "<loan><terms desk=' &amp;lt;x&amp;eacute; '/><person person_id='1' role='MAIN' first_name='&amp;lt;x'/></loan>");
    let strict = map(&contract(&[]), &text);
    assert_eq!((strict.cell("history", "value"), strict.cell("person", "first_name")), ("&lt;x&eacute;".into(), "&lt;x".into()));
    let compat = map(&contract(&[("/compat", all_quirks())]), &text);
    assert_eq!(compat.cell("person", "first_name"), "&lt;x");
    assert!(compat.cell("history", "value").starts_with("<x"), "{}", compat.cell("history", "value"));
}

#[test]
fn issues_of_a_document_are_at_most_fifty_and_a_count() {
    let people: String = (0..2000).map(|_| "<person role='MAIN'/>").collect();
    let mapped = map(&contract(&[]), &document("", &format!("<loan>{people}</loan>")));
    assert_eq!(mapped.outcome.issues.len(), 51);
    assert!(mapped.has_issue("More: and 19"), "{:?}", mapped.issues().last());
}
