//! Mapping types as contracts of old write them: `enum`, or `add_score(name)`, in a list or in a text.

use serde_json::Value;

/// One mapping type, with what is between its brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MappingType {
    pub(super) name: String,
    pub(super) argument: Option<String>,
}

/// Mapping types, from a list or from a text with commas outside brackets.
pub(super) fn types(value: Option<&Value>) -> Vec<MappingType> {
    let texts: Vec<&str> = match value {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    };
    let mut types = Vec::new();
    for text in texts {
        let mut depth = 0;
        let parts = text.split(|c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            c == ',' && depth == 0
        });
        types.extend(parts.map(str::trim).filter(|part| !part.is_empty()).map(one_type));
    }
    types
}

fn one_type(text: &str) -> MappingType {
    match text.split_once('(') {
        Some((name, rest)) => {
            let argument = rest.trim_end().trim_end_matches(')').trim().trim_matches(['\'', '"']);
            MappingType { name: name.trim().to_lowercase(), argument: Some(argument.to_owned()) }
        }
        None => MappingType { name: text.to_lowercase(), argument: None },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_and_a_text_with_commas_are_the_same() {
        let of = |name: &str, argument: Option<&str>| MappingType { name: name.to_owned(), argument: argument.map(str::to_owned) };
        let wanted = vec![of("last_valid_pr_contact", None), of("add_score", Some("a, b")), of("policy_exceptions", Some(""))];
        assert_eq!(types(Some(&json!("last_valid_pr_contact, Add_Score('a, b'),policy_exceptions()"))), wanted);
        assert_eq!(types(Some(&json!(["last_valid_pr_contact", "add_score(a, b)", " policy_exceptions() "]))), wanted);
        assert_eq!(types(None), []);
    }
}
