use serde_json::{Value, json};

use super::super::{check, import};
use super::*;

const SMALL: &str = include_str!("../../../tests/fixtures/small.json");

fn small(change: impl Fn(&mut Value)) -> Vec<Warning> {
    let mut contract: Value = serde_json::from_str(SMALL).expect("JSON");
    change(&mut contract);
    let checked = check(&contract.to_string());
    lint(&checked.contract.unwrap_or_else(|| panic!("{:?}", checked.problems)))
}

fn of_kind(warnings: &[Warning], kind: WarningKind) -> Vec<(&str, &str)> {
    warnings.iter().filter(|warning| warning.kind == kind).map(|warning| (warning.place.as_str(), warning.message.as_str())).collect()
}

/// The small contract with this expression in it, in a dialect.
fn expression(text: &str, compat: bool) -> Vec<Warning> {
    small(|contract| {
        contract["compat"]["expressions"] = compat.into();
        contract["tables"][0]["columns"][5]["from"]["expression"]["text"] = text.into();
    })
}

#[test]
fn app_340_a_contract_without_traps_has_no_warnings() {
    assert_eq!(small(|_| {}), []);
}

#[test]
fn app_341_quirks_that_are_on_are_named() {
    let warnings = small(|contract| contract["compat"]["unescapeTwice"] = true.into());
    assert_eq!(of_kind(&warnings, WarningKind::Compat), [("/compat/unescapeTwice", "the quirk unescapeTwice of old contracts is on")]);
}

#[test]
fn app_342_numbers_that_lose_zeros_are_named() {
    let warnings = small(|contract| {
        contract["compat"]["digitsAsInt"] = true.into();
        contract["tables"][1]["columns"].as_array_mut().expect("columns").push(json!({ "name": "ssn", "type": "int", "from": "@ssn" }));
    });
    let places: Vec<&str> = of_kind(&warnings, WarningKind::LeadingZeros).into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, ["/tables/1/columns/6/steps", "/tables/1/columns/7/type", "/tables/2/columns/3/steps"]);
}

#[test]
fn app_343_a_default_that_makes_blank_rows_is_named() {
    let warnings = small(|contract| contract["tables"][2]["columns"][2]["default"] = "MISSING".into());
    let found = of_kind(&warnings, WarningKind::BlankRow);
    assert_eq!((found.len(), found[0].0, found[0].1.contains("\"MISSING\"")), (1, "/tables/2/columns/2/default", true), "{found:?}");
}

#[test]
fn app_344_history_keys_that_repeat_are_named() {
    let warnings = small(|contract| {
        let pairs = contract["tables"][5]["rows"]["pairs"]["pairs"].as_array_mut().expect("pairs");
        let mut other = pairs[0].clone();
        other["set"][1]["value"] = "[other]".into();
        pairs.push(other);
    });
    let found = of_kind(&warnings, WarningKind::RepeatedKey);
    assert!(found.len() == 1 && found[0].0 == "/tables/5/rows/pairs/pairs/1" && found[0].1.contains("overwrites"), "{found:?}");
}

#[test]
fn app_345_expressions_that_differ_between_dialects_are_shown_with_values() {
    for (text, says) in [
        ("CASE WHEN score >= 700 THEN 1 ELSE 0 END", "is 1 where score is '3', and in the strict dialect 0"),
        ("CASE WHEN a = 'x' AND b = 'y' THEN 1 END", "is null where a is 'x' and b is 'y', and in the strict dialect 1"),
        ("CASE WHEN open_date > DATE('2020-01-01') THEN 1 END", "where open_date is '1/15/2024', and in the strict dialect 1"),
    ] {
        let warnings = expression(text, true);
        let found = of_kind(&warnings, WarningKind::Dialect);
        assert!(found.len() == 1 && found[0].1.contains(says), "{text}: {found:?}");
    }
    for same in ["a + b * 12", "CASE WHEN a = 'x' THEN 'y' ELSE 'z' END", "CASE WHEN a IS NOT EMPTY THEN 'y' END", "a / 12"] {
        assert_eq!(of_kind(&expression(same, true), WarningKind::Dialect), Vec::<(&str, &str)>::new(), "{same}");
    }
    assert_eq!(expression("CASE WHEN score >= 700 THEN 1 ELSE 0 END", false), [], "a strict contract");
    let found = expression("CASE WHEN THEN", true);
    assert!(of_kind(&found, WarningKind::Dialect)[0].1.contains("does not take"), "{found:?}");
}

#[test]
fn app_346_a_salary_that_is_divided_and_multiplied_by_twelve_is_named() {
    let both = "CASE WHEN basis = 'YEAR' THEN pay / 12 WHEN basis = 'MONTH' THEN pay * 12 END";
    assert_eq!(of_kind(&expression(both, false), WarningKind::Twelve).len(), 1);
    assert_eq!(of_kind(&expression("pay / 12 + pay * 120", false), WarningKind::Twelve), []);
}

#[test]
fn app_347_bits_without_flags_and_slots_without_reasons_are_named() {
    let warnings = small(|contract| {
        contract["tables"][0]["columns"][3].as_object_mut().expect("a column").remove("steps");
        contract["tables"][3]["columns"][2]["counts"] = "never".into();
        contract["tables"][3]["columns"][3]["counts"] = "never".into();
    });
    assert_eq!(of_kind(&warnings, WarningKind::BareBit).len(), 1);
    assert_eq!(of_kind(&warnings, WarningKind::IdleSlot).len(), 2);
}

#[test]
fn app_348_traps_of_imported_contracts_are_found() {
    let card = include_str!("../../../tests/fixtures/card.original.json");
    let contract = import(card, "card").contract.expect("a contract");
    let warnings = lint(&contract);
    for kind in [WarningKind::Compat, WarningKind::LeadingZeros, WarningKind::BlankRow, WarningKind::Twelve] {
        assert!(!of_kind(&warnings, kind).is_empty(), "{kind:?}");
    }
    let dialects = of_kind(&warnings, WarningKind::Dialect);
    assert!(dialects.iter().any(|(_, message)| message.contains("regb_start_date is '1/15/2024'")), "{dialects:#?}");
    assert_eq!(dialects.len(), 1, "{dialects:#?}");
}

#[test]
fn app_349_expressions_that_differ_on_given_documents_are_counted_without_their_values() {
    let mut contract: Value = serde_json::from_str(SMALL).expect("JSON");
    contract["compat"]["expressions"] = true.into();
    contract["tables"][0]["columns"][5]["from"]["expression"]["text"] = "CASE WHEN terms.months >= 12 THEN 1 ELSE 0 END".into();
    let by_member = json!({ "name": "adult", "type": "int", "from": { "expression": { "text": "CASE WHEN age > 17 THEN 1 ELSE 0 END" } } });
    contract["tables"][1]["columns"].as_array_mut().expect("columns").push(by_member);
    let contract = check(&contract.to_string()).contract.expect("a sound contract");
    let person = |id: u32, age: &str| format!("<person person_id='{id}' role='MAIN' born='2000-01-01' age='{age}'/>");
    let document = |months: &str, people: &str| {
        format!("<Library><Request ID='1'><Data><loan><terms months='{months}'/>{people}</loan></Data></Request></Library>")
    };
    let found = |reveal: bool| {
        let mut differ = Differ::new(&contract, reveal).expect("a differ");
        differ.push("one.xml", document("24", &person(1, "40")).as_bytes()).expect("mapped");
        differ.push("two.xml", document("3", &(person(2, "5") + &person(3, "6") + &person(4, "70"))).as_bytes()).expect("mapped");
        differ.push("three.xml", b"<Library").expect("refused");
        differ.finish()
    };
    let differences = found(false);
    assert_eq!(differences.len(), 2, "{differences:#?}");
    assert_eq!((differences[0].rows, differences[0].of, differences[0].document.as_str(), &differences[0].example), (1, 2, "two.xml", &None));
    assert_eq!((differences[1].rows, differences[1].of, differences[1].place.as_str()), (2, 4, "/tables/1/columns/7/from/expression/text"));
    assert_eq!(found(true)[0].example.as_deref(), Some("1, and in the strict dialect 0"));
}
