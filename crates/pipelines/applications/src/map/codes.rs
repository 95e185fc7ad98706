//! Dictionaries of codes and of flags, with their values converted to the type of a column.

use hashbrown::HashMap;

use crate::model::Fold;
use crate::values::Value;

/// A dictionary for one column.
#[derive(Debug)]
pub(super) struct Codes {
    /// What the contract calls it.
    pub(super) name: Box<str>,
    exact: HashMap<Box<str>, Value>,
    /// Values by folded key; the first key of those that fold to one.
    folded: HashMap<Box<str>, Value>,
    otherwise: Option<Value>,
    fold: Fold,
}

/// What a dictionary says of a text.
pub(super) enum Found<'a> {
    Value(&'a Value),
    Blank,
    Unknown,
}

impl Codes {
    /// A dictionary whose keys are compared as they are, and then folded.
    pub(super) fn new(name: &str, values: Vec<(&str, Value)>, otherwise: Option<Value>, fold: Fold) -> Self {
        let mut codes = Self { name: name.into(), exact: HashMap::new(), folded: HashMap::new(), otherwise, fold };
        for (key, value) in values {
            // A flag's text is folded and its key is not; a code's key is folded, too.
            if fold == Fold::Lower {
                codes.folded.entry(key.to_lowercase().into()).or_insert_with(|| value.clone());
            }
            codes.exact.insert(key.into(), value);
        }
        codes
    }

    /// Looks a text up; null is looked up as an empty text.
    pub(super) fn find(&self, text: Option<&str>) -> Found<'_> {
        let key = text.unwrap_or("").trim();
        if let Some(value) = self.exact.get(key).or_else(|| self.find_folded(key)).or(self.otherwise.as_ref()) {
            return Found::Value(value);
        }
        if key.is_empty() { Found::Blank } else { Found::Unknown }
    }

    fn find_folded(&self, key: &str) -> Option<&Value> {
        match self.fold {
            Fold::None => None,
            Fold::Upper => self.exact.get(key.to_uppercase().as_str()),
            Fold::Lower => self.folded.get(key.to_lowercase().as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(codes: &Codes, text: &str) -> Option<Value> {
        match codes.find(Some(text)) {
            Found::Value(value) => Some(value.clone()),
            Found::Blank | Found::Unknown => None,
        }
    }

    #[test]
    fn a_code_is_looked_up_as_it_is_and_then_without_case() {
        let codes = Codes::new("a", vec![("Ab", Value::Integer(1)), ("AB", Value::Integer(2))], None, Fold::Lower);
        assert_eq!(found(&codes, " AB "), Some(Value::Integer(2)));
        assert_eq!(found(&codes, "ab"), Some(Value::Integer(1)));
        assert!(matches!(codes.find(Some("x")), Found::Unknown));
        assert!(matches!(codes.find(None), Found::Blank));
    }

    #[test]
    fn an_upper_flag_finds_upper_keys_only() {
        let flag = Codes::new("a", vec![("Y", Value::Integer(1)), ("n", Value::Integer(1))], Some(Value::Integer(0)), Fold::Upper);
        assert_eq!(found(&flag, "y"), Some(Value::Integer(1)));
        assert_eq!(found(&flag, "N"), Some(Value::Integer(0)));
        assert_eq!(found(&flag, ""), Some(Value::Integer(0)));
    }
}
