//! Values of columns: steps, defaults, nulls and rows that are left out.

use crate::common::{Mapped, all_quirks, contract, document, map, map_with};
use rowmill_applications::map::{Options, SourceId, Stage, Status};
use serde_json::{Value, json};

/// One more column of the loan, of an attribute `x` of the loan.
fn loan_with(column: Value, x: &str, more: &[(&str, Value)]) -> Mapped {
    let mut column = column;
    column["name"] = json!("x");
    if column.get("from").is_none() {
        column["from"] = json!("/Library/Request/Data/loan/@x");
    }
    let mut changes = vec![("/tables/0/columns/-", column)];
    changes.extend_from_slice(more);
    map(&contract(&changes), &document("", &format!("<loan {x}/>")))
}

fn value(column: Value, x: &str) -> String {
    let mapped = loan_with(column, x, &[]);
    assert_eq!(mapped.outcome.status, Status::Mapped, "{:?}", mapped.outcome);
    mapped.cell("loan", "x")
}

fn compat_value(column: Value, x: &str) -> String {
    loan_with(column, x, &[("/compat", all_quirks())]).cell("loan", "x")
}

#[test]
fn app_040_digits_keep_leading_zeros_and_lose_them_in_contracts_of_old() {
    let column = json!({"type": "text(9)", "steps": ["digits"]});
    assert_eq!(value(column.clone(), "x='012-34-5678'"), "012345678");
    assert_eq!(compat_value(column.clone(), "x='012-34-5678'"), "12345678");
    assert_eq!(value(column, "x='none'"), "null");
}

#[test]
fn app_041_whole_numbers_without_steps_keep_sign_and_thousands_and_lose_them_in_contracts_of_old() {
    let column = json!({"type": "int"});
    assert_eq!(value(column.clone(), "x='-7'"), "-7");
    assert_eq!(compat_value(column.clone(), "x='-7'"), "7");
    assert_eq!(compat_value(column, "x='1,234'"), "1");
}

#[test]
fn app_042_a_text_that_is_not_in_the_dictionary_fails_unless_there_is_a_value_for_it() {
    let column = |name| json!({"type": "smallint", "steps": [{"enum": name}]});
    assert_eq!(value(column("role"), "x=' guest '"), "2");
    assert_eq!(value(column("role"), "x=''"), "null");
    assert_eq!((value(column("status"), "x='?'"), value(column("status"), "")), ("9".into(), "9".into()));
    let mapped = loan_with(column("role"), "x='other'", &[]);
    assert_eq!(mapped.outcome.stage, Some(Stage::Mapping));
    assert!(mapped.reason().contains("loan.x (smallint): the text is not in the dictionary role"), "{}", mapped.reason());
    let place = mapped.outcome.place.expect("a place");
    assert_eq!((place.path.as_deref(), place.attribute.as_deref()), (Some("/Library/Request/Data/loan"), Some("x")));
}

#[test]
fn app_043_an_unknown_code_in_a_lenient_column_is_null_or_its_default() {
    let column = json!({"type": "smallint", "steps": [{"enum": "role"}], "onError": "null", "default": "2"});
    assert_eq!(value(column.clone(), "x='other'"), "null");
    let mut needed = column;
    needed["nullable"] = json!(false);
    assert_eq!(value(needed, "x='other'"), "2");
}

#[test]
fn app_044_flags_are_looked_up_as_they_are_and_then_folded_and_blanks_have_a_value() {
    let column = json!({"type": "bit", "steps": [{"flag": "yes"}]});
    assert_eq!(["x='Y'", "x='y'", "x='?'", "x=''", ""].map(|x| value(column.clone(), x)), ["1", "1", "0", "0", "0"]);
}

#[test]
fn app_045_nothing_ends_a_chain_but_a_dictionary_of_codes_is_asked_even_then() {
    assert_eq!(value(json!({"type": "bit", "steps": ["digits", {"flag": "yes"}]}), "x='none'"), "null");
    assert_eq!(value(json!({"type": "smallint", "steps": ["digits", {"enum": "status"}]}), "x='none'"), "9");
}

#[test]
fn app_046_now_stands_in_for_a_blank() {
    let column = json!({"type": "timestamp", "steps": ["nowIfBlank"]});
    assert_eq!(value(column.clone(), "x='2024-01-02'"), "2024-01-02 00:00:00");
    let changed = contract(&[("/tables/0/columns/-", {
        let mut column = column;
        (column["name"], column["from"]) = (json!("x"), json!("/Library/Request/Data/loan/@x"));
        column
    })]);
    let options = Options { now: 1_700_000_000_000_000, ..Options::default() };
    let mapped = map_with(&changed, document("", "<loan/>").as_bytes(), &SourceId::default(), options);
    assert_eq!(mapped.cell("loan", "x"), "2023-11-14 22:13:20");
}

#[test]
fn app_047_a_default_stands_in_for_a_blank_in_nullable_columns_too() {
    let column = json!({"type": "text(10)", "default": "NONE"});
    assert_eq!((value(column.clone(), "x=' '"), value(column.clone(), ""), value(column, "x='a'")), ("NONE".into(), "NONE".into(), "a".into()));
}

#[test]
fn app_048_a_missing_value_fails_the_document_and_is_left_for_the_database_in_contracts_of_old() {
    let column = json!({"type": "int", "nullable": false});
    let mapped = loan_with(column.clone(), "", &[]);
    assert!(mapped.reason().contains("loan.x must have a value and there is none (/Library/Request/Data/loan/@x)"), "{}", mapped.reason());
    let swallowed = loan_with(column, "", &[("/compat", json!({"missingNotNullSwallowed": true}))]);
    assert_eq!((swallowed.outcome.status, swallowed.cell("loan", "x")), (Status::Mapped, "null".into()));
}

#[test]
fn app_049_a_row_of_keys_nulls_and_defaults_alone_is_left_out_but_flags_say_something() {
    let table = |column: Value| {
        json!({"name": "extra", "key": ["loan_id"], "rows": {"document": {}}, "columns": [
            {"name": "loan_id", "type": "int", "from": {"key": "document"}, "nullable": false}, column]})
    };
    let rows = |column: Value, keep: bool| {
        let mut table = table(column);
        table["keepEmpty"] = json!(keep);
        map(&contract(&[("/tables/-", table)]), &document("", "<loan/>")).rows("extra")
    };
    let defaulted = json!({"name": "y", "type": "text", "from": "/Library/Request/Data/loan/@y", "default": "x"});
    let flag = json!({"name": "y", "type": "bit", "from": "/Library/Request/Data/loan/@y", "steps": [{"flag": "yes"}]});
    let needed = json!({"name": "y", "type": "int", "from": "/Library/Request/Data/loan/@y", "nullable": false});
    assert_eq!((rows(defaulted.clone(), false), rows(defaulted, true), rows(flag, false), rows(needed, false)), (0, 1, 1, 0));
}

#[test]
fn app_050_null_and_none_are_texts_in_columns_and_nothing_in_pairs() {
    assert_eq!(value(json!({"type": "text"}), "x='null'"), "null");
    let mapped = map(&contract(&[]), &document("", "<loan><terms desk='None'/><scores first='null'/></loan>"));
    assert_eq!(mapped.rows("history"), 0);
    assert_eq!(loan_with(json!({"type": "text"}), "x='None'", &[]).cell("loan", "x"), "None");
}

#[test]
fn app_051_a_pair_counts_when_it_converts_is_truthy_or_means_something() {
    let pair = |when: &str, from: &str| json!({"from": format!("/Library/Request/Data/loan/@{from}"), "when": when, "set": [{"column": "name", "value": from}]});
    let pairs = json!([
        pair("truthy", "a"),
        pair("truthy", "b"),
        pair("meaningful", "c"),
        pair("notBlank", "d"),
        pair("positive", "e"),
        pair("positive", "f")
    ]);
    let mapped = map(&contract(&[("/tables/5/rows/pairs/pairs", pairs)]), &document("", "<loan a='YES' b='2' c='null' d='null' e='0.0' f='0.01'/>"));
    assert_eq!(mapped.column("history", "name"), ["a", "d", "f"]);
    let constant = json!([{"from": "/Library/Request/Data/loan/@a", "when": "truthy", "set": [{"column": "name", "value": "A"}, {"column": "value", "value": "1"}]}]);
    let mapped = map(&contract(&[("/tables/5/rows/pairs/pairs", constant)]), &document("", "<loan a='t'/>"));
    assert_eq!((mapped.cell("history", "name"), mapped.cell("history", "value")), ("A".into(), "1".into()));
    let mapped = map(&contract(&[]), &document("", "<loan><scores first='12' second='x'/></loan>"));
    assert_eq!(mapped.column("score", "score"), ["12"]);
}

#[test]
fn app_052_of_pairs_with_one_key_the_later_overwrites() {
    let pair = |from: &str| json!({"from": format!("/Library/Request/Data/loan/@{from}"), "when": "meaningful", "set": [{"column": "name", "value": "same"}, {"column": "source", "value": from}]});
    let mapped = map(&contract(&[("/tables/5/rows/pairs/pairs", json!([pair("a"), pair("b")]))]), &document("", "<loan a='1' b='2'/>"));
    assert_eq!((mapped.cell("history", "value"), mapped.cell("history", "source")), ("2".into(), "b".into()));
}

#[test]
fn app_052_history_is_told_apart_by_its_name_alone_whatever_its_source() {
    let pair = |element: &str| {
        let set = json!([{"column": "name", "value": "[desk]"}, {"column": "source", "value": format!("[{element}]")}]);
        json!({"from": format!("/Library/Request/Data/{element}/@desk"), "when": "meaningful", "set": set})
    };
    let changed = contract(&[("/tables/5/rows/pairs/pairs", json!([pair("loan"), pair("loan/terms")]))]);
    let mapped = map(&changed, &document("", "<loan desk='first'><terms desk='second'/></loan>"));
    assert_eq!((mapped.cell("history", "value"), mapped.cell("history", "source")), ("second".into(), "[loan/terms]".into()));
    // Where the later one says nothing the earlier one stays.
    let mapped = map(&changed, &document("", "<loan desk='first'><terms desk='None'/></loan>"));
    assert_eq!((mapped.cell("history", "value"), mapped.cell("history", "source")), ("first".into(), "[loan]".into()));
}

#[test]
fn app_100_a_blank_attribute_and_a_missing_one_are_both_null_in_columns_of_every_type() {
    for kind in ["text", "text(5)", "smallint", "int", "bigint", "decimal(12,2)", "bit", "date", "timestamp", "double"] {
        for x in ["", "x=''", "x='  '"] {
            assert_eq!(value(json!({"type": kind}), x), "null", "{kind} {x:?}");
        }
    }
}

#[test]
fn app_053_a_slot_is_a_row_when_one_of_its_columns_counts() {
    let mapped = map(&contract(&[]), &document("", "<loan><items title1=' ' worth1='0' title2='' worth2='0.5' notes='n'/></loan>"));
    assert_eq!(mapped.column("item", "position"), ["2"]);
    assert_eq!(
        (mapped.cell("item", "title"), mapped.cell("item", "worth"), mapped.cell("item", "notes")),
        ("MISSING".into(), "0.50".into(), "n".into())
    );
}

#[test]
fn app_054_a_repeated_key_fails_the_document_where_nothing_else_was_said() {
    let person =
        "<loan><person person_id='1' role='MAIN' first_name='a'><address kind='CURR' city='x'/><address kind='CURR' city='y'/></person></loan>";
    let mapped = map(&contract(&[("/tables/2/onRepeat", json!("fail"))]), &document("", person));
    assert!(mapped.reason().contains("address has a row with this key already"), "{}", mapped.reason());
    assert_eq!(mapped.outcome.place.and_then(|place| place.line), Some(1));
}

#[test]
fn app_055_what_an_expression_gives_skips_the_steps_and_nothing_takes_the_attribute() {
    let from = |text: &str| json!({"expression": {"text": text, "otherwise": "/Library/Request/Data/loan/@x"}});
    let column = |text: &str| json!({"type": "smallint", "steps": [{"enum": "role"}], "from": from(text)});
    assert_eq!(value(column("CASE WHEN x = 'A' THEN 5 END"), "x='A'"), "5");
    assert_eq!(value(column("CASE WHEN x = 'A' THEN 5 END"), "x='GUEST'"), "2");
}

#[test]
fn app_056_decimals_are_exact_and_too_large_a_number_fails() {
    let column = json!({"type": "decimal(20,2)"});
    assert_eq!(value(column, "x='12345678901234567.89'"), "12345678901234567.89");
    let mapped = loan_with(json!({"type": "tinyint"}), "x='256'", &[]);
    assert_eq!(mapped.outcome.status, Status::Failed);
}
