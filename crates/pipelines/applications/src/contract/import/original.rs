//! The form that contracts had before: what of it is read, and what is wrong with it.

mod reader;

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::problem::{Category, Problem};
use super::mapping_type::MappingType;
use crate::model::{ElementPath, EnumValue};
use reader::{Reader, text};

/// A contract of old.
#[derive(Debug)]
pub(super) struct Original {
    pub(super) root: String,
    pub(super) application: ElementPath,
    pub(super) source_table: Option<String>,
    pub(super) source_column: Option<String>,
    pub(super) source_application_table: Option<String>,
    pub(super) target_schema: Option<String>,
    pub(super) order: Vec<String>,
    pub(super) rules: Vec<FilterRule>,
    pub(super) relationships: Vec<Relationship>,
    pub(super) mappings: Vec<Mapping>,
    pub(super) enums: BTreeMap<String, BTreeMap<String, EnumValue>>,
    pub(super) char_to_bit: BTreeMap<String, u8>,
    pub(super) boolean_to_bit: BTreeMap<String, u8>,
}

/// A rule that says which elements count.
#[derive(Debug)]
pub(super) struct FilterRule {
    pub(super) place: String,
    pub(super) kind: String,
    /// Path of the element.
    pub(super) element: ElementPath,
    /// The attribute whose values are a list, and the list.
    pub(super) typed: (String, Vec<String>),
    /// Other attributes, each with the values it may have; none for any.
    pub(super) required: Vec<(String, Vec<String>)>,
}

/// A table that hangs off another.
#[derive(Debug)]
pub(super) struct Relationship {
    pub(super) parent: Option<String>,
    pub(super) child: String,
    pub(super) column: String,
    /// Last name of the element's path, where it is given.
    pub(super) element: Option<String>,
}

/// Where one column comes from.
#[derive(Debug)]
pub(super) struct Mapping {
    pub(super) place: String,
    pub(super) path: Option<ElementPath>,
    pub(super) attribute: String,
    pub(super) table: String,
    pub(super) column: String,
    pub(super) data_type: String,
    pub(super) data_length: Option<i64>,
    pub(super) types: Vec<MappingType>,
    pub(super) default: Option<String>,
    pub(super) not_null: bool,
    pub(super) expression: Option<String>,
    pub(super) enum_name: Option<String>,
    /// Whether it has a field that never had an effect.
    pub(super) has_dead_field: bool,
}

impl Mapping {
    pub(super) fn has(&self, name: &str) -> bool {
        self.types.iter().any(|of| of.name == name)
    }

    /// The mapping type that makes rows of its own, where it has one.
    pub(super) fn row_type(&self) -> Option<&MappingType> {
        self.types.iter().find(|of| super::entries::ROW_TYPES.contains(&of.name.as_str()))
    }
}

/// Reads a contract of old; all that is wrong with it is added to `problems`, and then there may be none.
pub(super) fn read(json: &str, problems: &mut Vec<Problem>) -> Option<Original> {
    let value = match serde_json::from_str::<Value>(json.trim_start_matches('\u{feff}')) {
        Ok(value) => value,
        Err(error) => {
            let message = format!("line {}, column {}: {error}", error.line(), error.column());
            problems.push(Problem::new(
                Category::Syntax,
                "",
                message,
                "Write the contract as JSON or YAML",
                r#"{"xml_root_element": "Provenir", …}"#,
            ));
            return None;
        }
    };
    let Some(fields) = value.as_object() else {
        problems.push(Problem::new(
            Category::Structure,
            "",
            "a contract is an object",
            "Write its fields between braces",
            r#"{"xml_root_element": "Provenir", …}"#,
        ));
        return None;
    };
    let mut reader = Reader { problems };
    let application = reader.required(fields, "", "xml_application_path", "/Provenir/Request/CustData/application");
    let application = application.and_then(|path| reader.path(&path, "/xml_application_path"));
    let root = text(fields, "xml_root_element");
    let original = Original {
        root: root.or_else(|| application.as_ref()?.0.first().cloned()).unwrap_or_default(),
        application: application.clone().unwrap_or(ElementPath(Vec::new())),
        source_table: text(fields, "source_table"),
        source_column: text(fields, "source_column"),
        source_application_table: text(fields, "source_application_table"),
        target_schema: text(fields, "target_schema"),
        order: reader.order(fields),
        rules: reader.rules(fields),
        relationships: reader.relationships(fields),
        mappings: reader.mappings(fields),
        enums: reader.enums(fields),
        char_to_bit: reader.bits(fields, "char_to_bit"),
        boolean_to_bit: reader.bits(fields, "boolean_to_bit"),
    };
    application.map(|_| original)
}
