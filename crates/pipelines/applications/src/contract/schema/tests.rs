use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;

use super::super::pretty;
use super::*;
use crate::model;

type Read = fn(Value) -> Result<(), String>;

fn read<T: DeserializeOwned>(value: Value) -> Result<(), String> {
    serde_json::from_value::<T>(value).map(drop).map_err(|error| error.to_string())
}

/// The types of the model, under the names of the forms; those that are written as variants with fields are read inside what holds them.
fn model_of(form: &str) -> Option<Read> {
    fn rows(kind: &'static str, value: Value) -> Result<(), String> {
        read::<model::RowKind>(json!({ kind: value }))
    }
    Some(match form {
        "contract" => read::<model::Contract>,
        "document" => read::<model::Document>,
        "source" => read::<model::SourceTable>,
        "join" => read::<model::Join>,
        "target" => read::<model::Target>,
        "codes" => read::<model::CodeTable>,
        "group" => read::<model::Group>,
        "role" => read::<model::Role>,
        "required" => read::<model::Required>,
        "child" => read::<model::ChildGroup>,
        "enum" => read::<model::Enum>,
        "flag" => read::<model::Flag>,
        "compat" => read::<model::Compat>,
        "table" => read::<model::Table>,
        "parent" => read::<model::Parent>,
        "rows" => read::<model::RowKind>,
        "groupRows" => |value| rows("group", value),
        "childRows" => |value| rows("child", value),
        "slots" => |value| rows("slots", value),
        "pairs" => |value| rows("pairs", value),
        "slot" => read::<model::Slot>,
        "cell" => read::<model::Cell>,
        "pair" => read::<model::Pair>,
        "constant" => read::<model::Constant>,
        "rowIf" => read::<model::RowCondition>,
        "column" => read::<model::Column>,
        "origin" => read::<model::Origin>,
        "expression" => read::<model::Chain>,
        "lastValid" => read::<model::LastValid>,
        "within" => read::<model::Within>,
        "preferredChild" => read::<model::PreferredChild>,
        _ => return None,
    })
}

/// The names between backquotes in the model's own words, but for the first.
fn names(error: &str) -> BTreeSet<String> {
    error.split('`').skip(1).step_by(2).skip(1).map(str::to_owned).collect()
}

fn file(path: &str) -> String {
    format!("{}/../../../{path}", env!("CARGO_MANIFEST_DIR"))
}

/// A file that is written from here, and must not differ.
fn is_written(path: &str, text: &str) {
    let path = file(path);
    if std::env::var_os("ROWMILL_WRITE_CONTRACT_FILES").is_some() {
        std::fs::write(&path, text).expect("written");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{path}: run with ROWMILL_WRITE_CONTRACT_FILES=1");
}

#[test]
fn app_320_the_schema_has_every_field_of_the_model_and_no_other() {
    for form in FORMS.iter().filter(|form| !matches!(form.name, "nothing" | "step")) {
        let read = model_of(form.name).unwrap_or_else(|| panic!("{}", form.name));
        let error = read(json!({ "noSuchField": 1 })).expect_err(form.name);
        let fields: BTreeSet<String> = form.fields.iter().map(|field| field.name.to_owned()).collect();
        assert_eq!(names(&error), fields, "{}: {error}", form.name);
    }
}

#[test]
fn app_320_words_of_the_schema_are_those_of_the_model() {
    for (field, read) in [
        ("fold", read::<model::Fold> as Read),
        ("onRepeat", read::<model::OnRepeat>),
        ("onError", read::<model::OnError>),
        ("counts", read::<model::Counts>),
        ("when", read::<model::Counts>),
        ("key", read::<model::Key>),
    ] {
        let shapes = FORMS.iter().flat_map(|form| form.fields).filter(|of| of.name == field);
        let words: Vec<BTreeSet<String>> = shapes
            .filter_map(|of| match &of.shape {
                Shape::Words(words) => Some(words.iter().map(|word| (*word).to_owned()).collect()),
                _ => None,
            })
            .collect();
        let known = names(&read(json!("noSuchWord")).expect_err(field));
        assert!(!words.is_empty() && words.iter().all(|words| *words == known), "{field}: {words:?} {known:?}");
    }
    let steps = names(&read::<model::Step>(json!("noSuchWord")).expect_err("a step"));
    assert_eq!(steps, ["digits", "enum", "flag", "nowIfBlank"].map(str::to_owned).into());
}

/// What every field may hold, for objects with nothing but what is needed.
fn example(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!("a"),
        Shape::Integer | Shape::One | Shape::Bit => json!(1),
        Shape::YesNo => json!(true),
        Shape::Element => json!("/a"),
        Shape::Attribute => json!("/a/@b"),
        Shape::Type => json!("decimal(12,2)"),
        Shape::Words(words) => json!(words[0]),
        Shape::List(of) => json!([example(of)]),
        Shape::Named(of) => json!({ "a": example(of) }),
        Shape::AnyOf(shapes) => example(&shapes[0]),
        Shape::Form(name) => filled(name, |field| field.without.is_none()),
    }
}

fn filled(name: &str, wanted: impl Fn(&Field) -> bool) -> Value {
    let form = FORMS.iter().find(|form| form.name == name).unwrap_or_else(|| panic!("{name}"));
    let fields = form.fields.iter().filter(|field| wanted(field));
    let fields = fields.take(if form.is_choice { 1 } else { usize::MAX });
    Value::Object(fields.map(|field| (field.name.to_owned(), example(&field.shape))).collect::<Map<_, _>>())
}

#[test]
fn app_321_needed_fields_are_those_without_which_the_model_does_not_read() {
    for form in FORMS.iter().filter(|form| !form.is_choice) {
        let Some(read) = model_of(form.name) else { continue };
        read(filled(form.name, |_| true)).unwrap_or_else(|error| panic!("{} with all: {error}", form.name));
        read(filled(form.name, |field| field.without.is_none())).unwrap_or_else(|error| panic!("{} with what is needed: {error}", form.name));
        for left_out in form.fields.iter().filter(|field| field.without.is_none()) {
            let error = read(filled(form.name, |field| field.name != left_out.name)).expect_err(left_out.name);
            assert!(error.contains(&format!("missing field `{}`", left_out.name)), "{error}");
        }
    }
}

#[test]
fn app_322_the_shipped_schema_and_the_reference_are_those_of_the_code() {
    is_written("ts/plan/contract.schema.json", &pretty(&schema()).expect("JSON"));
    let page = std::fs::read_to_string(file("docs/contract.md")).expect("the page");
    let (before, rest) = page.split_once("<!-- reference begins -->\n").expect("where it begins");
    let (_, after) = rest.split_once("<!-- reference ends -->").expect("where it ends");
    is_written("docs/contract.md", &format!("{before}<!-- reference begins -->\n{}<!-- reference ends -->{after}", reference()));
}

#[test]
fn every_reference_of_the_schema_is_defined() {
    let definitions: BTreeMap<&str, &Form> = FORMS.iter().map(|form| (form.name, form)).collect();
    let text = schema().to_string();
    for part in text.split("#/$defs/").skip(1) {
        let name = part.split('"').next().expect("a name");
        assert!(definitions.contains_key(name), "{name}");
    }
    assert_eq!(definitions.len(), FORMS.len());
}
