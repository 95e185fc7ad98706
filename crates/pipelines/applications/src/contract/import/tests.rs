use serde_json::{Value, json};

use super::super::{Category, pretty};
use super::*;
use crate::map::Program;
use crate::model::{Chain, Column, Counts, Key, OnRepeat, Origin, RowKind, Step, Table, Type, Within};

const CARD: &str = include_str!("../../../tests/fixtures/card.original.json");
const LENDING: &str = include_str!("../../../tests/fixtures/lending.original.json");

fn imported(json: &str) -> Imported {
    let imported = import(json, "test");
    assert_eq!(imported.problems, []);
    imported
}

fn contract(json: &str) -> Contract {
    imported(json).contract.expect("a contract")
}

fn table<'c>(contract: &'c Contract, name: &str) -> &'c Table {
    contract.tables.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("{name}"))
}

fn column<'c>(contract: &'c Contract, name: &str) -> &'c Column {
    let (of, name) = name.split_once('.').expect("table.column");
    table(contract, of).columns.iter().find(|column| column.name == name).unwrap_or_else(|| panic!("{name}"))
}

/// The card contract with something else in it.
fn changed(change: impl Fn(&mut Value)) -> Imported {
    let mut original: Value = serde_json::from_str(CARD).expect("JSON");
    change(&mut original);
    import(&original.to_string(), "test")
}

/// A mapping of the original.
fn mapping<'o>(original: &'o mut Value, table: &str, column: &str) -> &'o mut Value {
    let is_one = |mapping: &&mut Value| mapping["target_table"] == table && mapping["target_column"] == column;
    original["mappings"].as_array_mut().expect("mappings").iter_mut().find(is_one).unwrap_or_else(|| panic!("{table}.{column}"))
}

#[test]
fn app_301_both_examples_are_what_import_makes_of_contracts_of_old() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../examples/applications");
    for (original, name) in [(CARD, "card"), (LENDING, "lending")] {
        let contract = import(original, name).contract.expect("a contract");
        Program::compile(&contract).expect("a program");
        let path = format!("{examples}/{name}.contract.json");
        let text = pretty(&contract).expect("JSON");
        if std::env::var_os("ROWMILL_WRITE_CONTRACT_FILES").is_some() {
            std::fs::write(&path, &text).expect("written");
        }
        assert_eq!(std::fs::read_to_string(&path).expect("the example"), text, "{path}: run with ROWMILL_WRITE_CONTRACT_FILES=1");
    }
}

#[test]
fn app_302_tables_keep_their_order_keys_and_parents() {
    let card = contract(CARD);
    let names: Vec<&str> = card.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names[..3], ["app_base", "app_contact_base", "app_operational_cc"]);
    assert_eq!(names.len(), 12);
    for (name, key, parent, on_repeat) in [
        ("app_base", vec!["app_id"], None, OnRepeat::Fail),
        ("app_contact_base", vec!["con_id"], Some("app_base"), OnRepeat::KeepFirst),
        ("app_contact_address", vec!["con_id", "address_type_enum"], Some("app_contact_base"), OnRepeat::KeepFirst),
        ("app_pricing_cc", vec!["app_id"], Some("app_base"), OnRepeat::Fail),
        ("scores", vec!["app_id", "score_identifier"], Some("app_base"), OnRepeat::Update),
        ("app_historical_lookup", vec!["app_id", "name"], Some("app_base"), OnRepeat::Update),
    ] {
        let table = table(&card, name);
        assert_eq!((table.key.iter().map(String::as_str).collect::<Vec<_>>(), table.on_repeat), (key, on_repeat), "{name}");
        assert_eq!(table.parent.as_ref().map(|parent| parent.table.as_str()), parent, "{name}");
    }
    assert_eq!(column(&card, "app_contact_address.con_id").from, Some(Origin::Key(Key::Member)));
    assert_eq!(column(&card, "app_contact_base.app_id").from, Some(Origin::Key(Key::Document)));
    assert_eq!(table(&contract(LENDING), "app_collateral_rl").key, ["app_id", "collateral_type_enum", "sort_order"]);
}

#[test]
fn app_012_tables_come_in_the_order_of_their_own_contract_and_no_element_name_is_fixed() {
    for json in [CARD, LENDING] {
        let original: Value = serde_json::from_str(json).expect("JSON");
        let wanted = original["table_insertion_order"].as_array().expect("an order").iter().filter_map(Value::as_str);
        let contract = contract(json);
        let names: Vec<&str> = contract.tables.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, wanted.filter(|name| *name != "processing_log").collect::<Vec<_>>());
    }
    // What was looked for in elements of cards alone is looked for in those of the contract.
    let lending = changed_lending(|original| {
        mapping(original, "app_contact_base", "cell_phone")["mapping_type"] = json!(["curr_address_only", "numbers_only"]);
    });
    let phone = column(&lending, "app_contact_base.cell_phone").from.clone();
    assert!(matches!(phone, Some(Origin::PreferredChild(child)) if lending.groups["contact"].children[&child.child].element == "IL_contact_address"));
}

fn changed_lending(change: impl Fn(&mut Value)) -> Contract {
    let mut original: Value = serde_json::from_str(LENDING).expect("JSON");
    change(&mut original);
    contract(&original.to_string())
}

#[test]
fn app_303_filter_rules_become_a_group_with_children() {
    let card = contract(CARD);
    let group = &card.groups["contact"];
    assert_eq!((group.element.to_string().as_str(), group.anywhere), ("/Provenir/Request/CustData/application/contact", true));
    assert_eq!((group.role.attribute.as_str(), group.role.values.as_slice()), ("ac_role_tp_c", ["PR".to_owned(), "AUTHU".to_owned()].as_slice()));
    assert_eq!(group.children["address"].kind.values, ["CURR", "PREV"]);
    assert_eq!(group.children["employment"].element, "contact_employment");
    let row_if = table(&card, "app_contact_address").row_if.clone().expect("a condition");
    assert_eq!(row_if.columns, ["zip", "city", "street_name", "street_number", "state"]);
    assert_eq!(row_if.attributes, ["zip_code", "city", "street_name"]);
    assert_eq!(card.document.other_applications[0].to_string(), "/Provenir/Request/CustData/IL_application");
}

#[test]
fn app_304_every_mapping_type_has_its_words() {
    let (card, lending) = (contract(CARD), contract(LENDING));
    let origin = |column: &Column| column.from.clone().expect("an origin");
    let housing = column(&card, "app_operational_cc.housing_monthly_payment");
    assert!(matches!(origin(housing), Origin::LastValid(last) if last.role == "PR" && last.within == Some(Within::Child("address".into()))));
    let issued = column(&card, "app_operational_cc.auth_user_issue_card_flag");
    assert!(
        matches!(origin(issued), Origin::LastValid(last) if last.role == "AUTHU" && last.within == Some(Within::Element("app_prod_bcard".into())))
    );
    assert_eq!(issued.steps, [Step::Flag("char_to_bit".into())]);
    let phone = column(&card, "app_contact_base.home_phone");
    assert!(matches!(origin(phone), Origin::PreferredChild(child) if child.child == "address" && child.attribute == "home_phone"));
    assert_eq!(phone.steps, [Step::Digits]);
    assert!(
        matches!(origin(column(&card, "app_contact_base.esign_consent_flag")), Origin::Attribute(path) if path.element == Some(card.document.application.clone()))
    );
    assert!(matches!(origin(column(&card, "app_contact_base.first_name")), Origin::Attribute(path) if path.element.is_none()));
    let second = column(&lending, "app_operational_rl.housing_monthly_payment_sec");
    assert!(matches!(origin(second), Origin::LastValid(last) if last.role == "SEC"));
    let requested = column(&lending, "app_funding_checklist_rl.check_requested_by_user");
    assert!(matches!(origin(requested), Origin::Expression(Chain { otherwise: Some(path), .. }) if path.attribute == "chk_requested_by"));
    assert_eq!(requested.steps, [Step::Enum("officer_names".into())]);
    assert_eq!(column(&card, "app_base.receive_date").kind, Type::Timestamp);
    assert_eq!(column(&card, "app_transactional_cc.iovation_blackbox").kind, Type::Text { length: Some(-1) });
    assert_eq!(column(&card, "app_pricing_cc.card_intro_purchase_apr").kind, Type::Decimal { precision: 12, scale: 5 });
}

#[test]
fn app_305_row_types_become_pairs_and_slots() {
    let (card, lending) = (contract(CARD), contract(LENDING));
    let RowKind::Pairs { value, pairs } = &table(&card, "app_historical_lookup").rows else { panic!("pairs") };
    let recurring = pairs.iter().find(|pair| pair.set[0].value == "[recur_payment_credit_line]").expect("a pair");
    assert_eq!((value.as_str(), recurring.set[1].value.as_str(), recurring.when), ("value", "[app_prod_bcard]", Counts::Meaningful));
    let spouse = pairs.iter().find(|pair| pair.set[0].value == "[CPS_Spouse_Name]").expect("a pair");
    assert!(matches!(&spouse.from, Origin::LastValid(last) if last.earlier && last.within.is_none()));
    let RowKind::Pairs { pairs, .. } = &table(&card, "indicators").rows else { panic!("pairs") };
    assert_eq!((pairs[0].when, pairs[0].set[1].value.as_str()), (Counts::Truthy, "1"));
    let RowKind::Slots { number, slots } = &table(&lending, "app_collateral_rl").rows else { panic!("slots") };
    assert_eq!((number.as_str(), slots.len()), ("sort_order", 4));
    let counts = |name: &str| column(&lending, name).counts;
    assert_eq!(counts("app_collateral_rl.wholesale_value"), Some(Counts::Positive));
    assert_eq!(counts("app_collateral_rl.make"), Some(Counts::NotBlank));
    assert_eq!(counts("app_collateral_rl.used_flag"), Some(Counts::Never));
    assert_eq!(counts("app_collateral_rl.collateral_type_enum"), Some(Counts::Never));
    assert_eq!(column(&lending, "app_collateral_rl.model").default.as_deref(), Some("MISSING"));
    assert_eq!(column(&lending, "app_warranties_rl.mockbank_lienholder_flag").default.as_deref(), Some("0"));
    let RowKind::Slots { slots, .. } = &table(&lending, "app_policy_exceptions_rl").rows else { panic!("slots") };
    assert_eq!(slots.iter().map(|slot| slot.number).collect::<Vec<_>>(), [71, 72, 73]);
    assert_eq!(
        (counts("app_policy_exceptions_rl.reason_code"), counts("app_policy_exceptions_rl.notes")),
        (Some(Counts::Meaningful), Some(Counts::Never))
    );
}

#[test]
fn app_306_dictionaries_are_found_by_name_column_or_word() {
    let card = contract(CARD);
    assert_eq!(column(&card, "app_pricing_cc.decision_model_enum").steps, [Step::Enum("model_enum".into())]);
    assert!(card.enums["status_enum"].otherwise.is_some() && !card.enums["status_enum"].values.contains_key(""));
    let by_word = changed(|original| {
        let dictionary = original["enum_mappings"]["other_income_type_enum"].take();
        original["enum_mappings"].as_object_mut().expect("enums").remove("other_income_type_enum");
        original["enum_mappings"]["income_type_enum"] = dictionary;
    });
    let other = by_word.contract.expect("a contract");
    assert_eq!(column(&other, "app_contact_employment.other_income_type_enum").steps, [Step::Enum("income_type_enum".into())]);
}

#[test]
fn app_307_defaults_without_effect_are_left_out_and_said() {
    let imported = imported(CARD);
    let card = imported.contract.expect("a contract");
    assert_eq!(column(&card, "app_contact_address.city").default.as_deref(), Some("MISSING"));
    assert_eq!(column(&card, "app_contact_address.zip").default, None);
    assert_eq!(column(&card, "app_contact_base.ssn").default.as_deref(), Some("000000000"));
    let said = imported.notes.join("\n");
    assert!(said.contains("app_contact_address.zip") && said.contains("exclude_default_when_record_empty of"), "{said}");
    assert!(said.contains("the scale of decimals, is missing in 1 mappings"), "{said}");
}

#[test]
fn app_308_switches_are_those_that_the_contract_may_show() {
    let names = |imported: &Imported| imported.switches.iter().map(|switch| switch.name).collect::<Vec<_>>();
    let card = imported(CARD);
    assert!(names(&card).contains(&"lengthMinusOneChops") && card.contract.expect("a contract").compat.length_minus_one_chops);
    let lending = imported(LENDING);
    assert!(!names(&lending).contains(&"lengthMinusOneChops"), "{:?}", names(&lending));
    assert!(lending.switches.iter().any(|switch| switch.name == "expressions" && switch.why.starts_with("30 calculated")));
    let compat = serde_json::to_value(lending.contract.expect("a contract").compat).expect("JSON");
    let on: Vec<&str> = compat.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(on, names(&imported(LENDING)));
}

#[test]
fn app_309_everything_that_keeps_a_contract_from_being_imported_is_said_at_once() {
    let imported = changed(|original| {
        original["element_filtering"]["filter_rules"].as_array_mut().expect("rules").remove(1);
        original["relationships"][0].as_object_mut().expect("a relationship").remove("foreign_key_column");
        original["table_insertion_order"].as_array_mut().expect("the order").retain(|name| name != "app_solicited_cc");
        original["enum_mappings"].as_object_mut().expect("enums").remove("model_enum");
        mapping(original, "app_base", "ip_address")["data_type"] = json!("text");
        mapping(original, "app_base", "booked_date")["target_column"] = json!("decision_date");
        mapping(original, "app_contact_base", "ssn")["mapping_type"] = json!("numbers_onyl");
    });
    assert_eq!(imported.contract, None);
    let said: Vec<String> = imported.problems.iter().map(ToString::to_string).collect();
    for part in [
        "no filter rule for address",
        "foreign_key_column is missing",
        "app_solicited_cc has no place in table_insertion_order",
        "no dictionary model_enum",
        "the type text is not known",
        "app_base.decision_date is mapped twice",
        "mapping type numbers_onyl is not known",
    ] {
        assert!(said.iter().any(|problem| problem.contains(part)), "{part}: {said:#?}");
    }
    assert!(imported.problems.iter().all(|problem| !problem.fix.is_empty() && !problem.example.is_empty()), "{said:#?}");
}

#[test]
fn app_309_a_file_that_is_no_contract_of_old_is_refused_with_its_reasons() {
    assert_eq!(import("{", "test").problems[0].category, Category::Syntax);
    let problems = import("{}", "test").problems;
    for place in ["/xml_application_path", "/table_insertion_order", "/element_filtering", "/relationships", "/mappings"] {
        assert!(problems.iter().any(|problem| problem.place == place), "{place}: {problems:#?}");
    }
    assert!(import(&format!("\u{feff}{CARD}"), "test").contract.is_some(), "a byte-order mark");
}
