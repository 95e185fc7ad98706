//! JSON texts as values: what `jsonb` finds equal is equal here.

use rowmill_core::{Code, Error, Result};
use serde_json::{Map, Number, Value};

/// Parses a text and puts it into the one form all equal values share: keys sorted by code point, the last of repeated keys,
/// whole numbers without point or exponent.
///
/// # Errors
/// `DATA_LABELS_INVALID` for a text that is not JSON.
pub fn canonical(text: &str) -> Result<Value> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        Error::new(Code::DataLabelsInvalid, format!("the text is not JSON: {error}"))
            .value(text)
            .help("Compare with a table whose jsonb columns were exported as JSON text.")
    })?;
    Ok(ordered(value))
}

fn ordered(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(ordered).collect()),
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().map(|(key, value)| (key, ordered(value))).collect();
            entries.sort_unstable_by(|left, right| left.0.cmp(&right.0));
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        Value::Number(number) => Value::Number(shortest(number)),
        other => other,
    }
}

/// `0.000` and `-0.0` become `0`, `1e2` becomes `100`; a double that is not whole is left alone.
fn shortest(number: Number) -> Number {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() <= EXACT => Number::from(value as i64),
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_text() {
        let pairs = [
            (r#"{"b":1,"a":{"d":[1.0, 2],"c":null}}"#, r#"{ "a": {"c":null,"d":[1,2e0]}, "b": 1.000 }"#),
            (r#"{"cpu": 0.0, "memory": -0.0}"#, r#"{"cpu":0.000000000,"memory":0}"#),
            (r#"{"a":"x","a":"y"}"#, r#"{"a":"y"}"#),
            (r#"{"a":"\u00e9"}"#, r#"{"a":"é"}"#),
        ];
        for (left, right) in pairs {
            assert_eq!(canonical(left).expect("JSON").to_string(), canonical(right).expect("JSON").to_string());
        }
        assert_ne!(canonical("1").expect("JSON").to_string(), canonical("\"1\"").expect("JSON").to_string());
        assert_ne!(canonical("0.1").expect("JSON").to_string(), canonical("0.2").expect("JSON").to_string());
    }

    #[test]
    fn what_is_not_json_is_an_error_that_shows_it() {
        let error = canonical("{a:1}").expect_err("not JSON");
        assert_eq!((error.code(), error.place().value.as_deref()), (Code::DataLabelsInvalid, Some("{a:1}")));
    }
}
