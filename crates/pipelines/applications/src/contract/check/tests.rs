use serde_json::Value;

use super::super::problem::Category;
use super::super::problem::Problem;
use super::*;

const SMALL: &str = include_str!("../../../tests/fixtures/small.json");

/// The small contract with something else at a place.
fn with(place: &str, value: Value) -> Checked {
    let mut contract: Value = serde_json::from_str(SMALL).expect("JSON");
    *contract.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value;
    check(&contract.to_string())
}

fn without(place: &str, field: &str) -> Checked {
    let mut contract: Value = serde_json::from_str(SMALL).expect("JSON");
    contract.pointer_mut(place).and_then(Value::as_object_mut).expect("an object").remove(field);
    check(&contract.to_string())
}

#[test]
fn a_sound_contract_has_no_problem() {
    let checked = check(SMALL);
    assert_eq!(checked.problems, []);
    assert_eq!(checked.contract.map(|contract| contract.tables.len()), Some(6));
}

#[test]
fn text_that_is_no_json_is_named_with_line_and_column() {
    let problems = check("{\n  \"version\": 1,,\n}").problems;
    assert_eq!((problems[0].category, problems[0].message.contains("line 2, column 16")), (Category::Syntax, true), "{problems:?}");
    assert_eq!(check("[]").problems[0].category, Category::Structure);
}

#[test]
fn every_fault_of_form_is_reported_at_its_place() {
    let mut contract: Value = serde_json::from_str(SMALL).expect("JSON");
    contract["tables"][0]["columns"][1]["nulable"] = false.into();
    contract["tables"][2]["columns"][0]["type"] = "integer".into();
    contract["tables"][3]["onRepeat"] = "sometimes".into();
    contract["enums"]["status"]["values"] = 3.into();
    contract["document"]["application"] = "loan".into();
    let problems = check(&contract.to_string()).problems;
    let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["/document", "/enums/status", "/tables/0/columns/1", "/tables/2/columns/0", "/tables/3"]);
    assert_eq!(problems[2].fix, "Did you mean nullable?");
    assert!(problems.iter().all(|problem| !problem.example.is_empty()), "{problems:#?}");
}

#[test]
fn a_fault_of_form_hides_nothing_of_the_parts_that_are_sound() {
    let mut contract: Value = serde_json::from_str(SMALL).expect("JSON");
    contract["tables"][0]["columns"][1]["nulable"] = false.into();
    contract["tables"][1]["columns"][5]["type"] = "day".into();
    contract["enums"]["status"]["values"] = 3.into();
    contract["tables"][0]["columns"][5]["from"]["expression"]["text"] = "nowhere.months".into();
    contract["tables"][2]["rowIf"]["columns"] = serde_json::json!(["zipp"]);
    let problems = check(&contract.to_string()).problems;
    let mut places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["/enums/status", "/tables/0/columns/1", "/tables/0/columns/5", "/tables/1/columns/5", "/tables/2/rowIf/columns"]);
}

#[test]
fn what_only_a_program_shows_is_a_problem_too() {
    let names = with("/tables/0/columns/5/from/expression/text", "nowhere.months".into()).problems;
    assert!(names[0].place == "/tables/0/columns/5" && names[0].message.contains("nowhere"), "{names:?}");
    let codes = with("/enums/status/values/OPEN", "open".into()).problems;
    assert!(codes[0].place == "/tables/0/columns/2" && codes[0].message.contains("not a number"), "{codes:?}");
}

#[test]
fn everything_that_only_a_program_shows_is_told_at_once_and_with_what_does_not_go_together() {
    let mut contract: Value = serde_json::from_str(SMALL).expect("JSON");
    contract["tables"][0]["columns"][5]["from"]["expression"]["text"] = "nowhere.months + terms.years".into();
    contract["enums"]["status"]["values"]["OPEN"] = "open".into();
    contract["enums"]["kind"]["values"]["PREV"] = 70_000.into();
    contract["tables"][1]["columns"][4]["from"] = serde_json::json!({"expression": {"text": "CASE WHEN elsewhere.x = 1 THEN 2 END"}});
    contract["tables"][3]["rows"]["slots"]["slots"][1]["cells"][0]["from"] = serde_json::json!({"expression": {"text": "other.title"}});
    contract["tables"][4]["rows"]["pairs"]["pairs"][1]["from"] = serde_json::json!({"expression": {"text": "other.score"}});
    contract["tables"][4]["key"] = serde_json::json!(["loan_id", "scoreid"]);
    let problems = check(&contract.to_string()).problems;
    let mut places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    places.sort_unstable();
    let wanted = [
        "/tables/0/columns/2",
        "/tables/0/columns/5",
        "/tables/1/columns/4",
        "/tables/2/columns/1",
        "/tables/3/rows/slots/slots/1",
        "/tables/4/key",
        "/tables/4/rows/pairs/pairs/1",
    ];
    assert_eq!(places, wanted, "{problems:#?}");
    let is_whole = |problem: &Problem| ![&problem.place, &problem.message, &problem.fix, &problem.example].iter().any(|text| text.is_empty());
    assert!(problems.iter().all(is_whole), "{problems:#?}");
}

#[test]
fn fields_of_the_contract_itself_are_checked_too() {
    for (checked, said) in [
        (without("", "version"), "missing field `version`"),
        (without("", "tables"), "a list of tables"),
        (without("", "document"), "missing field `document`"),
        (with("/name", 7.into()), "invalid type"),
    ] {
        assert!(checked.contract.is_none() && checked.problems[0].message.contains(said), "{said}: {:?}", checked.problems);
    }
}
