//! From the chain of mapping types to where a value comes from and the steps that follow.

use super::super::problem::{Category, Problem};
use super::filters::GROUP;
use super::mapping_type::MappingType;
use super::original::{Mapping, Original};
use crate::model::{AttributePath, Chain, Group, LastValid, Origin, PreferredChild, Step, Type, Within};

/// Children of contacts that `last_valid_pr_contact` and `authu_contact` knew by name.
const CARD: &str = "app_prod_bcard";
/// What columns of codes are called, for those that name no dictionary: the first that is in a column's name.
const WORDS: [&str; 11] = [
    "status",
    "process",
    "app_source",
    "contact_type",
    "address_type",
    "ownership_type",
    "employment_type",
    "income_type",
    "other_income_type",
    "population_assignment",
    "decision",
];
/// The dictionary of yes and no by letters.
pub(super) const LETTERS: &str = "char_to_bit";
/// The dictionary of yes and no by words.
pub(super) const BOOLEANS: &str = "boolean_to_bit";

/// Whose rows a mapping is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Document,
    Member,
    Child,
}

/// A mapping's chain in our words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Steps {
    pub(super) from: Origin,
    pub(super) steps: Vec<Step>,
}

/// What a mapping reads and does. The types that make rows of their own say nothing here.
pub(super) fn chain(original: &Original, group: Option<&Group>, mapping: &Mapping, owner: Owner, problems: &mut Vec<Problem>) -> Option<Steps> {
    let from = origin(original, group, mapping, owner, problems)?;
    let mut steps = Vec::new();
    for of in &mapping.types {
        match step(original, mapping, of) {
            Some(Ok(step)) if steps.last() != Some(&step) => steps.push(step),
            Some(Err(problem)) => problems.push(problem),
            _ => {}
        }
    }
    // A dictionary makes the value, and nothing after it did anything to it.
    if let Some(last) = steps.iter().position(|step| !matches!(step, Step::Digits)) {
        steps.truncate(last + 1);
    }
    Some(Steps { from, steps })
}

fn origin(original: &Original, group: Option<&Group>, mapping: &Mapping, owner: Owner, problems: &mut Vec<Problem>) -> Option<Origin> {
    let own = attribute(original, mapping, owner);
    if let Some(text) = mapping.expression.as_ref().filter(|_| mapping.has("calculated_field")) {
        let otherwise = own.filter(|_| mapping.has("enum") && !mapping.attribute.is_empty());
        return Some(Origin::Expression(Chain { text: text.clone(), otherwise }));
    }
    let special = ["last_valid_pr_contact", "last_valid_sec_contact", "authu_contact", "curr_address_only"];
    let Some(special) = special.into_iter().find(|name| mapping.has(name)) else { return own.map(Origin::Attribute) };
    let found = group.and_then(|group| of_group(group, mapping, special));
    if found.is_none() {
        let message = format!("{special} asks for contacts that the filter rules do not describe");
        let fix = "Add the rule, or the second role to its list";
        problems.push(Problem::new(Category::Reference, &format!("{}/mapping_type", mapping.place), message, fix, r#"["PR", "SEC"]"#));
    }
    found
}

/// What is read of contacts.
fn of_group(group: &Group, mapping: &Mapping, special: &str) -> Option<Origin> {
    let names = |element: &str| mapping.path.as_ref().is_some_and(|path| path.0.iter().any(|name| name == element));
    let child = |name: &str| group.children.get(name);
    if special == "curr_address_only" {
        child("address")?;
        return Some(Origin::PreferredChild(PreferredChild { child: "address".to_owned(), attribute: mapping.attribute.clone() }));
    }
    let role = group.role.values.get(usize::from(special != "last_valid_pr_contact"))?.clone();
    let is_address = child("address").is_some_and(|address| names(&address.element)) && special != "authu_contact";
    let within = match is_address {
        true => Some(Within::Child("address".to_owned())),
        false => (names(CARD) && special != "last_valid_sec_contact").then(|| Within::Element(CARD.to_owned())),
    };
    let earlier = special == "last_valid_pr_contact" && mapping.has("add_history") && within.is_none();
    Some(Origin::LastValid(LastValid { group: GROUP.to_owned(), role, attribute: mapping.attribute.clone(), within, earlier }))
}

/// The attribute itself: by its path for rows of the document, and in rows of contacts for what is the application's; else the row's own.
fn attribute(original: &Original, mapping: &Mapping, owner: Owner) -> Option<AttributePath> {
    if mapping.attribute.is_empty() {
        return None;
    }
    let element = match owner {
        Owner::Document => Some(mapping.path.clone()?),
        Owner::Member => mapping.path.clone().filter(|path| *path == original.application),
        Owner::Child => None,
    };
    Some(AttributePath { element, attribute: mapping.attribute.clone() })
}

fn step(original: &Original, mapping: &Mapping, of: &MappingType) -> Option<Result<Step, Problem>> {
    Some(Ok(match of.name.as_str() {
        "numbers_only" | "extract_numeric" => Step::Digits,
        "char_to_bit" => Step::Flag(LETTERS.to_owned()),
        "boolean_to_bit" => Step::Flag(BOOLEANS.to_owned()),
        "default_getutcdate_if_null" => Step::NowIfBlank,
        "enum" => match dictionary(original, mapping) {
            Some(name) => Step::Enum(name),
            None => return Some(Err(no_dictionary(mapping))),
        },
        "calculated_field" | "last_valid_pr_contact" | "last_valid_sec_contact" | "authu_contact" | "curr_address_only" => return None,
        "identity_insert" | "extract_date" => return None,
        name if super::entries::ROW_TYPES.contains(&name) => return None,
        name => {
            let message = format!("the mapping type {name} is not known");
            return Some(Err(Problem::new(Category::Structure, &format!("{}/mapping_type", mapping.place), message, "Take it out", "enum")));
        }
    }))
}

/// The dictionary of a mapping: the one it names, its column's, or that of the first word in its column's name.
fn dictionary(original: &Original, mapping: &Mapping) -> Option<String> {
    let is_known = |name: &String| original.enums.contains_key(name);
    if mapping.enum_name.is_some() {
        return mapping.enum_name.clone().filter(is_known);
    }
    let column = Some(mapping.column.clone()).filter(is_known);
    column.or_else(|| {
        let in_name = WORDS.into_iter().filter(|word| mapping.column.contains(word));
        in_name.flat_map(|word| [format!("{word}_enum"), word.to_owned()]).find(is_known)
    })
}

fn no_dictionary(mapping: &Mapping) -> Problem {
    let wanted = mapping.enum_name.as_deref().unwrap_or(&mapping.column);
    let message = format!("{}.{} has codes, and there is no dictionary {wanted}", mapping.table, mapping.column);
    let example = format!(r#""{wanted}": {{"A": 1, "": 0}}"#);
    Problem::new(Category::Reference, &format!("{}/enum_name", mapping.place), message, "Add it to enum_mappings", example)
}

/// The type of a column.
pub(super) fn kind(mapping: &Mapping, problems: &mut Vec<Problem>) -> Option<Type> {
    let length = mapping.data_length.and_then(|length| i32::try_from(length).ok()).filter(|length| *length == -1 || *length > 0);
    Some(match mapping.data_type.as_str() {
        "string" => Type::Text { length },
        "int" => Type::Int,
        "smallint" => Type::SmallInt,
        "tinyint" => Type::TinyInt,
        "bigint" => Type::BigInt,
        "decimal" => {
            let scale = mapping.data_length.and_then(|scale| u8::try_from(scale).ok()).filter(|scale| *scale <= 28).unwrap_or(2);
            Type::Decimal { precision: if scale > 10 { scale + 10 } else { 12 }, scale }
        }
        "bit" | "boolean" => Type::Bit,
        "date" => Type::Date,
        "datetime" | "smalldatetime" => Type::Timestamp,
        "float" => Type::Double,
        unknown => {
            let place = format!("{}/data_type", mapping.place);
            let fix = "Use string, int, smallint, tinyint, bigint, decimal, bit, date, datetime or float";
            problems.push(Problem::new(Category::Structure, &place, format!("the type {unknown} is not known"), fix, "string"));
            return None;
        }
    })
}
