use super::*;

#[test]
fn a_contract_is_written_as_it_was_read() {
    let text = include_str!("../../tests/fixtures/small.json");
    let contract: Contract = serde_json::from_str(text).expect("the small contract");
    let written = serde_json::to_string(&contract).expect("written");
    assert_eq!(serde_json::from_str::<Contract>(&written).expect("read again"), contract);
    assert_eq!(contract.tables.len(), 6);
}

#[test]
fn a_word_that_yaml_reads_as_nothing_is_taken_for_itself() {
    for (text, on_error) in [
        (r#"{"name": "a", "type": "int"}"#, OnError::Fail),
        (r#"{"name": "a", "type": "int", "onError": null}"#, OnError::Null),
        (r#"{"name": "a", "type": "int", "onError": "null"}"#, OnError::Null),
        (r#"{"name": "a", "type": "int", "onError": "nullIfUnreadable"}"#, OnError::NullIfUnreadable),
    ] {
        assert_eq!(serde_json::from_str::<Column>(text).expect(text).on_error, on_error, "{text}");
    }
}

#[test]
fn unknown_fields_and_bad_paths_are_refused() {
    for (text, said) in [
        (r#"{"name": "a", "type": "int", "colour": 1}"#, "unknown field `colour`"),
        (r#"{"name": "a", "type": "integer"}"#, "is not a type"),
        (r#"{"name": "a", "type": "int", "from": "Root/@a"}"#, "is not a path of an attribute"),
        (r#"{"name": "a", "type": "int", "from": {"lastvalid": {}}}"#, "unknown variant `lastvalid`"),
        (r#"{"name": "a", "type": "int", "from": {"expression": {"text": "1", "else": 2}}}"#, "unknown field `else`"),
        (r#"{"name": "a", "type": "decimal(4,5)"}"#, "not more behind the point"),
    ] {
        let error = serde_json::from_str::<Column>(text).expect_err(text).to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
}
