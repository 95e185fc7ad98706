//! From the text of a contract to a contract, or to everything that is wrong with it.

use rowmill_core::Error;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::places::{item, member, nearest};
use super::problem::{Category, Problem};
use super::references::references;
use crate::map::Program;
use crate::model::{Column, Contract};

/// A contract that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The contract, where there is no problem.
    pub contract: Option<Contract>,
    /// All that keeps it from being used.
    pub problems: Vec<Problem>,
}

/// Reads a contract from JSON, and answers everything that is wrong with it: first all that is not of its form, and where the form is right, all
/// that does not go together.
pub fn check(json: &str) -> Checked {
    let value = match serde_json::from_str::<Value>(json.trim_start_matches('\u{feff}')) {
        Ok(value) => value,
        Err(error) => return refused(vec![syntax(&error)]),
    };
    let mut problems = structure(&value);
    if !problems.is_empty() {
        return refused(problems);
    }
    let contract = match serde_json::from_value::<Contract>(value) {
        Ok(contract) => contract,
        // Its parts are sound, so this is one that is missing or unknown between them.
        Err(error) => return refused(vec![malformed("", &error.to_string())]),
    };
    problems = references(&contract);
    if problems.is_empty() {
        // What is left is what only a whole program shows: names in expressions, and codes that are of no use for their column.
        problems.extend(Program::compile(&contract).err().map(|error| uncompiled(&contract, &error)));
    }
    if problems.is_empty() { Checked { contract: Some(contract), problems } } else { refused(problems) }
}

fn refused(problems: Vec<Problem>) -> Checked {
    Checked { contract: None, problems }
}

fn uncompiled(contract: &Contract, error: &Error) -> Problem {
    let said = error.place().column.as_deref().unwrap_or("");
    let fix = error.help_text().unwrap_or("See the reference of contracts");
    Problem::new(Category::Reference, &pointer(contract, said), format!("{said}: {}", error.message()), fix, "")
}

/// The pointer to a place that is written `tables.name.column.…`.
fn pointer(contract: &Contract, said: &str) -> String {
    let mut parts = said.split('.');
    if parts.next() != Some("tables") {
        return String::new();
    }
    let table = parts.next().and_then(|name| contract.tables.iter().position(|table| table.name == name));
    let Some(table) = table else { return "/tables".to_owned() };
    let column = parts.next().and_then(|name| contract.tables[table].columns.iter().position(|column| column.name == name));
    let place = item("/tables", table);
    column.map_or(place.clone(), |column| item(&member(&place, "columns"), column))
}

fn syntax(error: &serde_json::Error) -> Problem {
    let message = format!("line {}, column {}: {error}", error.line(), error.column());
    Problem::new(Category::Syntax, "", message, "Write the contract as JSON or YAML", "")
}

/// Problems of form, part by part, so that one does not hide another.
fn structure(value: &Value) -> Vec<Problem> {
    let Some(contract) = value.as_object() else {
        return vec![Problem::new(
            Category::Structure,
            "",
            "a contract is an object",
            "Write its fields between braces",
            r#"{"version": 1, "name": "cards", …}"#,
        )];
    };
    let mut problems = Vec::new();
    let parts: [(&str, Shape); 6] = [
        ("document", Shape::One(is::<crate::model::Document>)),
        ("source", Shape::One(is::<crate::model::SourceTable>)),
        ("target", Shape::One(is::<crate::model::Target>)),
        ("compat", Shape::One(is::<crate::model::Compat>)),
        ("enums", Shape::Named(is::<crate::model::Enum>)),
        ("flags", Shape::Named(is::<crate::model::Flag>)),
    ];
    for (name, shape) in parts {
        let Some(part) = contract.get(name) else { continue };
        shape.look(part, &member("", name), &mut problems);
    }
    if let Some(groups) = contract.get("groups") {
        Shape::Named(is::<crate::model::Group>).look(groups, "/groups", &mut problems);
    }
    tables(contract, &mut problems);
    if problems.is_empty() {
        // What is left are the fields of the contract itself.
        let mut bare = contract.clone();
        bare.insert("tables".into(), Value::Array(Vec::new()));
        problems.extend(is::<Contract>(&Value::Object(bare)).map(|error| malformed("", &error)));
    }
    problems
}

/// What a part of a contract is.
enum Shape {
    One(fn(&Value) -> Option<String>),
    /// An object whose members are alike.
    Named(fn(&Value) -> Option<String>),
}

impl Shape {
    fn look(&self, value: &Value, place: &str, problems: &mut Vec<Problem>) {
        match (self, value) {
            (Self::One(is), value) => problems.extend(is(value).map(|error| malformed(place, &error))),
            (Self::Named(is), Value::Object(members)) => {
                for (name, value) in members {
                    problems.extend(is(value).map(|error| malformed(&member(place, name), &error)));
                }
            }
            (Self::Named(_), _) => problems.push(malformed(place, "invalid type: expected an object")),
        }
    }
}

fn tables(contract: &Map<String, Value>, problems: &mut Vec<Problem>) {
    let Some(Value::Array(tables)) = contract.get("tables") else {
        problems.push(Problem::new(
            Category::Structure,
            "/tables",
            "a contract has a list of tables",
            "List them, parents before their children",
            r#"[{"name": "loan", "key": ["loan_id"], "rows": {"document": {}}, "columns": […]}]"#,
        ));
        return;
    };
    for (at, table) in tables.iter().enumerate() {
        let place = item("/tables", at);
        let Some(fields) = table.as_object() else {
            problems.push(malformed(&place, "invalid type: expected an object"));
            continue;
        };
        if let Some(Value::Array(columns)) = fields.get("columns") {
            for (column, value) in columns.iter().enumerate() {
                let place = item(&member(&place, "columns"), column);
                problems.extend(is::<Column>(value).map(|error| malformed(&place, &error)));
            }
        }
        let mut bare = fields.clone();
        if fields.get("columns").is_some_and(Value::is_array) {
            bare.insert("columns".into(), Value::Array(Vec::new()));
        }
        problems.extend(is::<crate::model::Table>(&Value::Object(bare)).map(|error| malformed(&place, &error)));
    }
}

/// What keeps a value from being one of the type.
fn is<T: DeserializeOwned>(value: &Value) -> Option<String> {
    serde_json::from_value::<T>(value.clone()).err().map(|error| error.to_string())
}

/// A field that is missing, unknown or of the wrong kind, in the words of whoever read it.
fn malformed(place: &str, error: &str) -> Problem {
    let quoted: Vec<&str> = error.split('`').skip(1).step_by(2).collect();
    let fix = match quoted.as_slice() {
        [unknown, known @ ..] if error.starts_with("unknown ") => match nearest(unknown, known.iter().copied()) {
            Some(near) => format!("Did you mean {near}?"),
            None if known.is_empty() => "Take it out".to_owned(),
            None => format!("Known are {}", known.join(", ")),
        },
        [missing, ..] if error.starts_with("missing field") => format!("Add {missing}"),
        _ => "See the reference of contracts".to_owned(),
    };
    Problem::new(Category::Structure, place, error, fix, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = include_str!("../../tests/fixtures/small.json");

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
    }

    #[test]
    fn what_only_a_program_shows_is_a_problem_too() {
        let names = with("/tables/0/columns/5/from/expression/text", "nowhere.months".into()).problems;
        assert!(names[0].place == "/tables/0/columns/5" && names[0].message.contains("nowhere"), "{names:?}");
        let codes = with("/enums/status/values/OPEN", "open".into()).problems;
        assert!(codes[0].place == "/tables/0/columns/2" && codes[0].message.contains("not a number"), "{codes:?}");
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
}
