use serde_json::{Value, json};

use super::super::{Category, check};

const SMALL: &str = include_str!("../../../tests/fixtures/small.json");

/// What is wrong with the small contract once something in it is changed.
fn changed(change: impl Fn(&mut Value)) -> Vec<(Category, String, String)> {
    let mut contract: Value = serde_json::from_str(SMALL).expect("JSON");
    change(&mut contract);
    check(&contract.to_string()).problems.into_iter().map(|problem| (problem.category, problem.place.clone(), problem.to_string())).collect()
}

#[test]
fn what_does_not_go_together_is_named_with_its_place_and_what_to_do() {
    use Category::{Expression, Key, Reference, Structure, Value as OfValue};
    type Change = fn(&mut Value);
    let changes: Vec<(Change, Category, &str, &str)> = vec![
        (|c| c["version"] = json!(2), Structure, "/version", "version 2"),
        (|c| c["document"]["id"] = json!([]), Structure, "/document/id", "no attribute holds the id"),
        (|c| c["document"]["application"] = json!("/Other/loan"), Reference, "/document/application", "root element Library"),
        (|c| c["groups"]["person"]["role"]["values"] = json!(["MAIN", "MAIN", "GUEST"]), Reference, "/groups/person/role/values", "two values MAIN"),
        (|c| c["groups"]["person"]["require"] = json!([{"attribute": "role"}]), Structure, "/groups/person/require", "old contracts"),
        (|c| c["flags"]["yes"]["values"]["X"] = json!(2), OfValue, "/flags/yes/values/X", "0 or 1"),
        (|c| c["tables"][0]["key"] = json!(["loan"]), Reference, "/tables/0/key", "has no column loan"),
        (|c| c["tables"][0]["columns"][0]["nullable"] = json!(true), Key, "/tables/0/key", "takes null"),
        (|c| c["tables"][1]["parent"]["table"] = json!("address"), Key, "/tables/1/parent", "no table address comes before"),
        (|c| c["tables"][1]["columns"][1]["type"] = json!("bigint"), Key, "/tables/1/parent", "loan_id is bigint and loan.loan_id is int"),
        (|c| c["tables"][1]["name"] = json!("processing_log"), Reference, "/tables", "two tables processing_log"),
        (|c| c["tables"][0]["columns"][2]["steps"] = json!([{"enum": "stat"}]), Reference, "/tables/0/columns/2/steps/0", "no enum stat"),
        (
            |c| c["tables"][0]["columns"][2]["steps"] = json!([{"enum": "status"}, "digits"]),
            Structure,
            "/tables/0/columns/2/steps/1",
            "always the last",
        ),
        (|c| c["tables"][0]["columns"][1]["default"] = json!("soon"), OfValue, "/tables/0/columns/1/default", "not a date"),
        (|c| c["tables"][0]["columns"][1]["from"] = json!("@received"), Structure, "/tables/0/columns/1/from", "row's own element"),
        (
            |c| c["tables"][0]["columns"][5]["from"]["expression"]["text"] = json!("1 +"),
            Expression,
            "/tables/0/columns/5/from/expression/text",
            "the end",
        ),
        (
            |c| c["tables"][0]["columns"][6]["from"]["lastValid"]["role"] = json!("BOSS"),
            Reference,
            "/tables/0/columns/6/from/lastValid",
            "Roles are MAIN, GUEST",
        ),
        (|c| c["tables"][0]["columns"][0]["from"] = json!({"key": "member"}), Structure, "/tables/0/columns/0/from", "of no member"),
        (|c| c["tables"][2]["rows"]["child"]["child"] = json!("addres"), Reference, "/tables/2/rows", "Did you mean address?"),
        (|c| c["tables"][2]["rowIf"]["columns"] = json!(["town"]), Reference, "/tables/2/rowIf/columns", "no column town"),
        (|c| c["tables"][3]["rows"]["slots"]["slots"][1]["number"] = json!(1), Reference, "/tables/3/rows/slots/slots", "two slots 1"),
        (
            |c| c["tables"][4]["rows"]["pairs"]["pairs"][0]["set"][0]["value"] = json!("one"),
            OfValue,
            "/tables/4/rows/pairs/pairs/0/set/0/value",
            "not a number",
        ),
        (
            |c| c["tables"][4]["columns"][1].as_object_mut().unwrap().extend([("counts".to_owned(), json!("never"))]),
            Structure,
            "/tables/4/columns/1/counts",
            "columns of slots",
        ),
        (|c| c["tables"][5]["columns"][2]["name"] = json!("origin"), Structure, "/tables/5/columns/2", "nothing says where"),
        (|c| c["tables"][5]["columns"][2]["name"] = json!("document"), Reference, "/tables/5/columns", "a column of our own"),
    ];
    for (change, category, place, said) in changes {
        let problems = changed(change);
        let found = problems.iter().any(|(of, at, text)| *of == category && at == place && text.contains(said));
        assert!(found, "{category:?} {place} {said}: {problems:#?}");
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let problems = changed(|contract| {
        contract["tables"][0]["columns"][1]["default"] = json!("soon");
        contract["tables"][1]["parent"]["table"] = json!("nobody");
        contract["tables"][2]["columns"][3]["steps"] = json!([{"flag": "none"}]);
    });
    assert_eq!(problems.len(), 3, "{problems:#?}");
}
