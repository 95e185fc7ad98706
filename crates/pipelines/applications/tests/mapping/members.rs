//! Members of groups and their children: which become rows, and which attribute is the last valid one.

use crate::common::{Mapped, contract, document, map};
use rowmill_applications::map::Status;
use serde_json::{Value, json};

fn people(changes: &[(&str, Value)], people: &str) -> Mapped {
    let mapped = map(&contract(changes), &document("", &format!("<loan>{people}</loan>")));
    assert_eq!(mapped.outcome.status, Status::Mapped, "{:?}", mapped.outcome);
    mapped
}

/// The switch of the other filter.
fn loose() -> (&'static str, Value) {
    ("/compat", json!({"childFilterIgnoresCase": true}))
}

#[test]
fn app_020_a_member_needs_an_id_a_known_role_and_something_to_say() {
    let mapped = people(
        &[],
        "<person person_id='1' role='MAIN' last_name='A'/><person role='MAIN' last_name='B'/><person person_id='3' role='main' last_name='C'/>
         <person person_id='4' role='GUEST' last_name=' '/><person person_id='5' last_name='E'/><person person_id=' 6 ' role='GUEST' born='1990-01-01'/>",
    );
    assert_eq!(mapped.column("person", "person_id"), ["1", "6"]);
    assert!(mapped.has_issue("has no id") && mapped.has_issue("has no role") && mapped.has_issue("has an unknown role"), "{:?}", mapped.issues());
}

#[test]
fn app_021_of_members_with_one_id_the_better_role_is_kept_and_among_equals_the_last() {
    let mapped = people(
        &[],
        "<person person_id='1' role='GUEST' first_name='a'/><person person_id='2' role='GUEST' first_name='b'/>
         <person person_id='1' role='MAIN' first_name='c'/><person person_id='1' role='MAIN' first_name='d'/>
         <person person_id='1' role='GUEST' first_name='e'/>",
    );
    assert_eq!(mapped.column("person", "person_id"), ["1", "2"]);
    assert_eq!(mapped.column("person", "first_name"), ["d", "b"]);
    assert!(mapped.has_issue("3 of 5 person elements have an id that came before"), "{:?}", mapped.issues());
}

#[test]
fn members_are_found_anywhere_or_at_their_path_only() {
    let inside = "<other><person person_id='1' role='MAIN' first_name='a'/></other>";
    assert_eq!(people(&[], inside).rows("person"), 1);
    assert_eq!(people(&[("/groups/person/anywhere", json!(false))], inside).rows("person"), 0);
}

#[test]
fn app_022_a_document_without_members_has_rows_of_its_own_and_a_warning() {
    let mapped = people(&[], "<terms fee='1'/>");
    assert_eq!((mapped.rows("loan"), mapped.rows("person"), mapped.rows("address")), (1, 0, 0));
    assert!(mapped.has_issue("NoMembers: the document has no person"), "{:?}", mapped.issues());
}

#[test]
fn app_023_main_members_that_are_missing_incomplete_or_several_are_noticed() {
    let guest = people(&[], "<person person_id='1' role='GUEST' first_name='a'/>");
    assert!(guest.has_issue("NoMainMember"), "{:?}", guest.issues());
    let two = people(&[], "<person person_id='1' role='MAIN' first_name='a'/><person person_id='2' role='MAIN' first_name='b'/>");
    assert!(two.has_issue("2 person elements have the first role") && two.has_issue("IncompleteMember"), "{:?}", two.issues());
}

#[test]
fn app_024_of_two_children_of_one_type_the_first_becomes_a_row() {
    let mapped = people(
        &[],
        "<person person_id='1' role='MAIN' first_name='a'><address kind='CURR' city='one'/><address kind='PREV' city='two'/>
         <address kind='CURR' city='three'/></person>",
    );
    assert_eq!(mapped.column("address", "city"), ["one", "two"]);
    assert!(mapped.has_issue("RowLeftOut"), "{:?}", mapped.issues());
}

#[test]
fn app_025_a_role_in_another_case_has_no_row_in_either_filter() {
    let person = "<person person_id='1' role='main' first_name='a'><address kind='CURR' city='one'/></person>";
    for changes in [vec![], vec![loose()]] {
        let mapped = people(&changes, person);
        assert_eq!((mapped.rows("person"), mapped.rows("address")), (0, 0));
    }
}

#[test]
fn app_026_the_filter_of_old_takes_children_without_case_and_of_members_that_lost() {
    let person = "<person person_id='1' role='GUEST' first_name='a'><address kind='prev' city='one'/></person>
        <person person_id='1' role='MAIN' first_name='b'><address kind='curr' city='two'/></person>";
    assert_eq!(people(&[], person).rows("address"), 0);
    let mapped = people(&[loose()], person);
    assert_eq!(mapped.column("person", "first_name"), ["b"]);
    assert_eq!(mapped.column("address", "city"), ["one", "two"]);
}

#[test]
fn app_027_the_filter_of_old_takes_members_at_their_path_only_and_the_last_of_the_same() {
    let elsewhere = "<x><person person_id='1' role='MAIN' first_name='a'><address kind='CURR' city='one'/></person></x>";
    let mapped = people(&[loose()], elsewhere);
    assert_eq!((mapped.rows("person"), mapped.rows("address")), (1, 0));
    assert!(mapped.has_issue("NoChildMembers"), "{:?}", mapped.issues());
    let twice = "<person person_id='1' role='MAIN' first_name='a'><address kind='CURR' city='one'/></person>
        <person person_id='2' role='MAIN' first_name='x'><address kind='CURR' city='two'/></person>
        <person person_id='1' role='MAIN' first_name=''><address kind='CURR' city='three'/></person>";
    let mapped = people(&[loose()], twice);
    assert_eq!(mapped.column("address", "city"), ["three", "two"]);
    assert_eq!(mapped.column("person", "first_name"), ["a", "x"]);
}

#[test]
fn app_028_an_id_with_blanks_around_it_has_no_child_rows_in_the_filter_of_old() {
    let person = "<person person_id=' 1' role='MAIN' first_name='a'><address kind='CURR' city='one'/></person>";
    assert_eq!(people(&[], person).rows("address"), 1);
    let mapped = people(&[loose()], person);
    assert_eq!((mapped.rows("person"), mapped.rows("address")), (1, 0));
}

#[test]
fn app_029_a_child_row_needs_one_of_its_columns_or_attributes_and_a_default_is_enough() {
    let blank = "<person person_id='1' role='MAIN' first_name='a'><address kind='CURR' city=' ' street='x'/></person>";
    assert_eq!(people(&[], blank).rows("address"), 0);
    let by_source = "<person person_id='1' role='MAIN' first_name='a'><address kind='CURR' zip_code='1'/></person>";
    assert_eq!(people(&[], by_source).rows("address"), 1);
    let with_default = people(&[("/tables/2/columns/2/default", json!("MISSING"))], blank);
    assert_eq!(with_default.column("address", "city"), ["MISSING"]);
}

#[test]
fn app_030_a_child_without_a_type_is_left_out_and_counted() {
    let mapped = people(&[], "<person person_id='1' role='MAIN' first_name='a'><address city='one'/><address kind='X' city='two'/></person>");
    assert_eq!(mapped.rows("address"), 0);
    assert!(mapped.has_issue("1 address elements without a type"), "{:?}", mapped.issues());
}

const TWO: &str = "<person person_id='1' role='MAIN' first_name='a' card='one'><address kind='CURR' rent='1'/></person>
    <person person_id='2' role='MAIN' first_name='b' card=' '><address kind='PREV' rent='5'/><address kind='CURR' rent=''/>
      <address kind='CURR' rent='7'/><address kind='CURR' rent='8'/><line limit='1'/><line limit='2'/></person>
    <person person_id='3' role='GUEST' first_name='c' card='three'><address kind='PREV' rent='4'/><line limit='9'/></person>
    <person role='MAIN' first_name='d' card='four'/>";

fn last(from: Value) -> String {
    people(&[("/tables/0/columns/-", json!({"name": "x", "type": "text", "from": {"lastValid": from}}))], TWO).cell("loan", "x")
}

#[test]
fn app_031_the_last_valid_member_is_the_last_of_its_role_with_an_id() {
    assert_eq!(last(json!({"group": "person", "role": "MAIN", "attribute": "first_name"})), "b");
    assert_eq!(last(json!({"group": "person", "role": "GUEST", "attribute": "card"})), "three");
    assert_eq!(last(json!({"group": "person", "role": "MAIN", "attribute": "card"})), "null");
    assert_eq!(last(json!({"group": "person", "role": "MAIN", "attribute": "card", "earlier": true})), "one");
}

#[test]
fn app_032_within_it_the_first_preferred_child_that_has_the_attribute_counts() {
    let rent = |role| last(json!({"group": "person", "role": role, "attribute": "rent", "within": {"child": "address"}}));
    assert_eq!(rent("MAIN"), "7");
    // No child of the preferred type: all are asked.
    assert_eq!(rent("GUEST"), "4");
}

#[test]
fn app_033_within_it_the_last_element_of_a_name_counts() {
    let limit = |role| last(json!({"group": "person", "role": role, "attribute": "limit", "within": {"element": "line"}}));
    assert_eq!((limit("MAIN"), limit("GUEST")), ("2".into(), "9".into()));
}

#[test]
fn app_034_a_member_takes_attributes_of_its_last_preferred_child() {
    let mapped = people(
        &[],
        "<person person_id='1' role='MAIN' first_name='a'><address kind='CURR' phone='1'/><address kind='CURR' phone='2'/>
         <address kind='PREV' phone='3'/></person><person person_id='2' role='GUEST' first_name='b'><address kind='PREV' phone='4'/></person>",
    );
    assert_eq!(mapped.column("person", "phone"), ["2", "null"]);
}

#[test]
fn a_member_row_takes_attributes_of_the_document_by_their_path() {
    let column = json!({"name": "renewed", "type": "text", "from": "/Library/Request/Data/loan/@renewed"});
    let changed = contract(&[("/tables/1/columns/-", column)]);
    let mapped = map(&changed, &document("", "<loan renewed='Y'><person person_id='1' role='MAIN' first_name='a'/></loan>"));
    assert_eq!(mapped.cell("person", "renewed"), "Y");
}

#[test]
fn the_place_of_a_fault_in_a_member_is_its_whole_path() {
    let person = "<loan>\n<person person_id='1' role='MAIN' first_name='a' born='never'/></loan>";
    let place = map(&contract(&[]), &document("", person)).outcome.place.expect("a place");
    assert_eq!((place.path.as_deref(), place.attribute.as_deref()), (Some("/Library/Request/Data/loan/person"), Some("born")));
    assert_eq!(place.line, Some(2));
    let child = json!({"name": "x", "type": "int", "from": "@x"});
    let person = "<loan><person person_id='1' role='MAIN' first_name='a'><address kind='CURR' city='b' x='y'/></person></loan>";
    let place = map(&contract(&[("/tables/2/columns/-", child)]), &document("", person)).outcome.place.expect("a place");
    assert_eq!(place.path.as_deref(), Some("/Library/Request/Data/loan/person/address"));
    let id = "<loan><person person_id='one' role='MAIN' first_name='a'/></loan>";
    let mapped = map(&contract(&[]), &document("", id));
    assert!(mapped.reason().contains("person.person_id is a key") && mapped.reason().contains("masked"), "{}", mapped.reason());
    let place = mapped.outcome.place.expect("a place");
    assert_eq!((place.line, place.attribute.as_deref()), (Some(1), Some("person_id")));
}
