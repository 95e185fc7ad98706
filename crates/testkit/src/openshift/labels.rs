//! Label texts to maps.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::rules::Rules;

/// A map of labels; a value may be NULL.
pub type Labels = BTreeMap<String, Option<String>>;

/// The key that names a virtual machine.
const MACHINE_KEY: &str = "vm_kubevirt_io_name";

/// The keys that are kept: the enabled ones and the machine key, or none at all where none is enabled.
pub(super) fn kept_keys(enabled: &[String], rules: &Rules) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = enabled.iter().cloned().collect();
    if !keys.is_empty() || rules.machine_key_always {
        keys.insert(MACHINE_KEY.into());
    }
    keys
}

/// Parses a label text and keeps the kept keys. NULL and JSON null are `None`, or `{}` where a rule says so.
pub(super) fn filtered(text: Option<&str>, keys: &BTreeSet<String>, rules: &Rules) -> Result<Option<Labels>, String> {
    let empty = rules.null_labels_are_empty.then(Labels::new);
    let Some(text) = text else { return Ok(empty) };
    if rules.blank_labels_are_empty && text.trim().is_empty() {
        return Ok(Some(Labels::new()));
    }
    match parsed(text) {
        Ok(None) => Ok(empty),
        Ok(Some(labels)) => Ok(Some(labels.into_iter().filter(|(key, _)| keys.contains(key)).collect())),
        Err(_) if rules.malformed_labels_are_empty => Ok(Some(Labels::new())),
        Err(why) => Err(format!("labels {text:?}: {why}")),
    }
}

fn parsed(text: &str) -> Result<Option<Labels>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Null) => Ok(None),
        Ok(Value::Object(object)) => object.into_iter().map(|(key, value)| Ok((key, value_text(value)?))).collect::<Result<_, _>>().map(Some),
        Ok(_) => Err("not an object".into()),
        Err(error) => Err(error.to_string()),
    }
}

fn value_text(value: Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => match number.as_f64() {
            Some(double) if number.is_f64() => Ok(Some(double_text(double))),
            _ => Ok(Some(number.to_string())),
        },
        Value::Array(_) | Value::Object(_) => Err("a value is an array or an object".into()),
    }
}

/// A double as Trino prints it: `1.5` is `1.5E0`, `1000` is `1.0E3`.
fn double_text(double: f64) -> String {
    let text = format!("{double:E}");
    if text.contains('.') { text } else { text.replace('E', ".0E") }
}

/// The label sets that a row of this partner is combined with: those of its day, or one empty set.
pub(super) fn partners(sets: &LabelSets, day: i32, name: Option<&str>, rules: &Rules) -> Vec<Labels> {
    let members = name.and_then(|name| sets.get(&(day, name.to_owned())));
    let Some(members) = members else { return vec![Labels::new()] };
    let members: Vec<Labels> = members.iter().map(|member| member.clone().unwrap_or_default()).collect();
    if !rules.one_label_set {
        return members;
    }
    let mut union = Labels::new();
    for (key, value) in members.into_iter().flatten() {
        let slot = union.entry(key).or_default();
        *slot = slot.take().max(value);
    }
    vec![union]
}

/// Distinct label sets by day and name.
pub(super) type LabelSets = BTreeMap<(i32, String), BTreeSet<Option<Labels>>>;

/// Later maps overwrite earlier ones.
pub(super) fn merged(maps: &[&Labels]) -> Labels {
    maps.iter().flat_map(|map| map.iter()).map(|(key, value)| (key.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_texts() {
        let labels = parsed(r#"{"a":1,"b":1.5,"c":1e3,"d":true,"e":null,"f":"x","a":2,"g":0.00001}"#).expect("labels").expect("an object");
        let texts: Vec<Option<&str>> = labels.values().map(Option::as_deref).collect();
        assert_eq!(texts, [Some("2"), Some("1.5E0"), Some("1.0E3"), Some("true"), None, Some("x"), Some("1.0E-5")]);
    }

    #[test]
    fn what_is_no_flat_object_is_refused() {
        for text in ["", "[]", "5", "\"x\"", "{", r#"{"a":{}}"#, r#"{"a":[1]}"#, "{} {}"] {
            assert!(parsed(text).is_err(), "{text}");
        }
        assert_eq!(parsed("null"), Ok(None));
    }
}
