//! Parts of a contract of old, one by one.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::super::places::{item, member};
use super::super::super::problem::{Category, Problem};
use super::super::mapping_type::types;
use super::{FilterRule, Mapping, Relationship};
use crate::model::{ElementPath, EnumValue};

/// Reads the parts of a contract, and keeps what is wrong with them.
pub(super) struct Reader<'p> {
    pub(super) problems: &'p mut Vec<Problem>,
}

impl Reader<'_> {
    fn report(&mut self, place: &str, message: impl Into<String>, fix: &str, example: &str) {
        self.problems.push(Problem::new(Category::Structure, place, message, fix, example));
    }

    pub(super) fn required(&mut self, fields: &Map<String, Value>, place: &str, name: &str, example: &str) -> Option<String> {
        let found = text(fields, name);
        if found.is_none() {
            self.report(&member(place, name), format!("{name} is missing"), "Add it", example);
        }
        found
    }

    pub(super) fn path(&mut self, text: &str, place: &str) -> Option<ElementPath> {
        let path = text.trim().trim_end_matches('/').parse();
        path.map_err(|error: String| self.report(place, error, "Write it from the root on", "/Provenir/Request")).ok()
    }

    fn list<'v>(&mut self, fields: &'v Map<String, Value>, place: &str, name: &str, example: &str) -> &'v [Value] {
        match fields.get(name) {
            Some(Value::Array(items)) => items,
            _ => {
                self.report(&member(place, name), format!("{name} is no list"), "Add the list", example);
                &[]
            }
        }
    }

    pub(super) fn order(&mut self, fields: &Map<String, Value>) -> Vec<String> {
        let example = r#"["app_base", "app_contact_base", "processing_log"]"#;
        let order = self.list(fields, "", "table_insertion_order", example);
        order.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub(super) fn rules(&mut self, fields: &Map<String, Value>) -> Vec<FilterRule> {
        const PLACE: &str = "/element_filtering";
        let example = r#"{"filter_rules": [{"element_type": "contact", …}]}"#;
        let Some(filtering) = fields.get("element_filtering").and_then(Value::as_object) else {
            self.report(PLACE, "element_filtering is missing", "Add the rules for contacts and addresses", example);
            return Vec::new();
        };
        let rules = self.list(filtering, PLACE, "filter_rules", example).iter().enumerate();
        rules.filter_map(|(at, rule)| self.rule(rule, &item("/element_filtering/filter_rules", at))).collect()
    }

    fn rule(&mut self, rule: &Value, place: &str) -> Option<FilterRule> {
        let Some(fields) = rule.as_object() else {
            self.report(place, "a filter rule is an object", "Write its fields between braces", r#"{"element_type": "contact", …}"#);
            return None;
        };
        let kind = self.required(fields, place, "element_type", "contact")?;
        let child = self.required(fields, place, "xml_child_path", "/Provenir/Request/CustData/application/contact")?;
        let whole = match (child.starts_with('/'), text(fields, "xml_parent_path")) {
            (false, Some(parent)) => format!("{}/{}", parent.trim_end_matches('/'), child.trim_start_matches("./")),
            _ => child,
        };
        let element = self.path(&whole, &member(place, "xml_child_path"))?;
        let attributes = fields.get("required_attributes").and_then(Value::as_object);
        let mut lists = Vec::new();
        let mut required = Vec::new();
        for (name, value) in attributes.into_iter().flatten() {
            match value {
                Value::Array(values) => lists.push((name.clone(), values.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())),
                Value::Bool(false) => {}
                _ => required.push((name.clone(), Vec::new())),
            }
        }
        if lists.is_empty() {
            let example = r#"{"con_id": true, "ac_role_tp_c": ["PR", "AUTHU"]}"#;
            self.report(&member(place, "required_attributes"), "no attribute has a list of values", "Give the type attribute its values", example);
            return None;
        }
        let typed = lists.remove(0);
        required.extend(lists);
        Some(FilterRule { place: place.to_owned(), kind, element, typed, required })
    }

    pub(super) fn relationships(&mut self, fields: &Map<String, Value>) -> Vec<Relationship> {
        let example = r#"[{"parent_table": "app_base", "child_table": "app_contact_base", "foreign_key_column": "app_id"}]"#;
        let list = self.list(fields, "", "relationships", example).iter().enumerate();
        let relationships = list.filter_map(|(at, relationship)| {
            let (place, fields) = (item("/relationships", at), relationship.as_object()?);
            let child = self.required(fields, &place, "child_table", "app_contact_base");
            let column = self.required(fields, &place, "foreign_key_column", "app_id");
            let path = text(fields, "xml_child_path");
            let element = path.and_then(|path| path.trim_end_matches('/').rsplit('/').next().map(str::to_owned));
            Some(Relationship { parent: text(fields, "parent_table"), child: child?, column: column?, element })
        });
        relationships.collect()
    }

    pub(super) fn mappings(&mut self, fields: &Map<String, Value>) -> Vec<Mapping> {
        let list = self.list(fields, "", "mappings", r#"[{"xml_path": "/Provenir/Request", "xml_attribute": "ID", …}]"#).iter().enumerate();
        list.filter_map(|(at, mapping)| {
            let place = item("/mappings", at);
            match mapping.as_object() {
                Some(fields) => self.mapping(fields, place),
                None => {
                    self.report(
                        &place,
                        "a mapping is an object",
                        "Write its fields between braces",
                        r#"{"xml_path": "/Provenir/Request", "xml_attribute": "ID", …}"#,
                    );
                    None
                }
            }
        })
        .collect()
    }

    fn mapping(&mut self, fields: &Map<String, Value>, place: String) -> Option<Mapping> {
        let table = self.required(fields, &place, "target_table", "app_base");
        let path = text(fields, "xml_path").and_then(|path| self.path(&path, &member(&place, "xml_path")));
        let mapping = Mapping {
            path,
            attribute: text(fields, "xml_attribute").unwrap_or_default(),
            column: text(fields, "target_column").unwrap_or_default(),
            data_type: text(fields, "data_type").unwrap_or_else(|| "string".to_owned()).to_lowercase(),
            data_length: fields.get("data_length").and_then(whole),
            types: types(fields.get("mapping_type")),
            default: text(fields, "default_value"),
            not_null: fields.get("nullable").and_then(truth) == Some(false),
            expression: text(fields, "expression"),
            enum_name: text(fields, "enum_name"),
            has_dead_field: fields.contains_key("exclude_default_when_record_empty"),
            table: table?,
            place,
        };
        let is_calculated = mapping.has("calculated_field");
        if is_calculated && mapping.expression.is_none() {
            self.report(&member(&mapping.place, "expression"), "a calculated field has no expression", "Add it", "months + years * 12");
        } else if !is_calculated && (mapping.path.is_none() || mapping.attribute.is_empty()) {
            self.report(
                &mapping.place,
                "xml_path or xml_attribute is missing",
                "Say where the value comes from",
                r#"{"xml_path": "/Provenir/Request", "xml_attribute": "ID"}"#,
            );
            return None;
        }
        if mapping.column.is_empty() && mapping.row_type().is_none() {
            self.report(&member(&mapping.place, "target_column"), "target_column is missing", "Add it", "app_id");
            return None;
        }
        Some(mapping)
    }

    pub(super) fn enums(&mut self, fields: &Map<String, Value>) -> BTreeMap<String, BTreeMap<String, EnumValue>> {
        let dictionaries = fields.get("enum_mappings").and_then(Value::as_object).into_iter().flatten();
        let mut enums = BTreeMap::new();
        for (name, values) in dictionaries {
            let place = member("/enum_mappings", name);
            let mut entries = BTreeMap::new();
            for (key, value) in values.as_object().into_iter().flatten() {
                match serde_json::from_value(value.clone()) {
                    Ok(value) => {
                        entries.insert(key.clone(), value);
                    }
                    Err(_) => self.report(&member(&place, key), "the value is neither a whole number nor a text", "Write one of these", "1"),
                }
            }
            enums.insert(name.clone(), entries);
        }
        enums
    }

    pub(super) fn bits(&mut self, fields: &Map<String, Value>, name: &str) -> BTreeMap<String, u8> {
        let place = member("/bit_conversions", name);
        let conversions = fields.get("bit_conversions").and_then(|all| all.get(name)).and_then(Value::as_object);
        let mut bits = BTreeMap::new();
        for (key, value) in conversions.into_iter().flatten() {
            match whole(value) {
                Some(bit @ 0..=1) => {
                    bits.insert(key.clone(), bit as u8);
                }
                _ => self.report(&member(&place, key), "a bit is 0 or 1", "Write 0 or 1", "1"),
            }
        }
        bits
    }
}

/// A field as text; nothing where it is missing, null or blank.
pub(super) fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    let text = match fields.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => u8::from(*flag).to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn truth(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.trim().to_lowercase().parse().ok())
}
