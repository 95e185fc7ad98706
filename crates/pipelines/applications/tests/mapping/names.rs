//! What names in expressions stand for, in both dialects.

use crate::common::{contract, map};
use rowmill_applications::map::Program;
use serde_json::{Value, json};

fn changes(text: &str, compat: bool) -> Vec<(&'static str, Value)> {
    let column = json!({"name": "x", "type": "text", "from": {"expression": {"text": text}}});
    vec![("/tables/0/columns/-", column), ("/compat", json!({"expressions": compat}))]
}

/// The value of an expression that gives back one attribute.
fn named(name: &str, compat: bool, request: &str) -> String {
    let text = format!("CASE WHEN {name} IS NOT NULL THEN {name} END");
    let mapped = map(&contract(&changes(&text, compat)), &format!("<Library><Request ID='7'>{request}</Request></Library>"));
    assert_eq!(mapped.reason(), "");
    mapped.cell("loan", "x")
}

#[test]
fn app_060_a_bare_name_is_an_attribute_of_the_application_element() {
    let request = "<Data note='no'><loan note='yes'/></Data><Late><other note='late'/></Late>";
    assert_eq!(named("note", false, request), "yes");
    assert_eq!(named("Note", false, request), "null");
}

#[test]
fn app_061_a_qualified_name_is_an_attribute_of_the_only_path_that_ends_so() {
    assert_eq!(named("terms.desk", false, "<Data><loan><terms desk='a'/></loan></Data>"), "a");
    let unknown = Program::compile(&contract(&changes("nowhere.x", false))).expect_err("no such path").to_string();
    assert!(unknown.contains("no path of the contract ends in nowhere"), "{unknown}");
}

#[test]
fn app_062_in_the_dialect_of_old_a_bare_name_is_that_of_the_path_that_came_last() {
    let request = "<Data><loan note='first'/></Data><Late><other Note='late'/></Late>";
    assert_eq!(named("note", true, request), "late");
    // A path keeps its place among the others, however often it comes.
    let again = "<a note='a1'/><b note='b'/><a note='a2'/><Data><loan/></Data>";
    assert_eq!(named("note", true, again), "b");
    // Only the last element of a path counts, also where it has not the attribute.
    let lost = "<a note='a'/><b note='b'/><b/><Data><loan/></Data>";
    assert_eq!(named("note", true, lost), "a");
}

#[test]
fn app_063_in_the_dialect_of_old_the_first_kept_main_member_goes_before_everything() {
    let request = "<Data><loan note='no'><person person_id='1' role='GUEST' first_name='a' note='guest'/>
        <person person_id='2' role='MAIN' first_name='b' NOTE='main'/></loan></Data><Late note='late'/>";
    assert_eq!(named("note", true, request), "main");
    assert_eq!(named("person.note", true, request), "main");
    assert_eq!(named("loan.NOTE", true, request), "no");
}

#[test]
fn app_064_in_rows_of_members_names_are_the_elements_own() {
    let column = |text: &str| json!({"name": "x", "type": "text", "from": {"expression": {"text": text}}});
    for compat in [false, true] {
        let text = "CASE WHEN note = 'a' THEN 'own' END";
        let changed = contract(&[("/tables/1/columns/-", column(text)), ("/compat", json!({"expressions": compat}))]);
        let mapped = map(
            &changed,
            "<Library><Request ID='7'><Data><loan note='no'><person person_id='1' role='MAIN' first_name='x' note='a'/></loan></Data></Request></Library>",
        );
        assert_eq!(mapped.cell("person", "x"), "own");
    }
}

#[test]
fn paths_of_earlier_documents_do_not_matter_to_later_ones() {
    use rowmill_applications::map::{Options, Scratch, SourceId};
    let program = Program::compile(&contract(&changes("CASE WHEN note IS NOT NULL THEN note END", true))).expect("compiles");
    let mut scratch = Scratch::new(Options::default());
    for (inside, expected) in [("<a note='a'/><b note='b'/>", "b"), ("<b note='b'/><a note='a'/>", "a"), ("<a note='c'/>", "c")] {
        let mut rows = program.rows();
        let text = format!("<Library><Request ID='7'>{inside}<Data><loan/></Data></Request></Library>");
        program.map(&mut scratch, &SourceId::default(), text.as_bytes(), &mut rows).expect("mapped");
        let loan = rows.finish().expect("batches").remove(0).1;
        let column = loan.column_by_name("x").expect("x");
        assert_eq!(arrow_array::cast::AsArray::as_string::<i64>(column).value(0), expected);
    }
}
