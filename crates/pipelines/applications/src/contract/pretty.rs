//! Contracts as text that people read: JSON, with a line for whatever fits one.

use serde::Serialize;
use serde_json::{Error, Value};

/// Characters of a line.
const WIDTH: usize = 160;

/// A contract, or a part of one, as JSON with a line break at its end. What fits a line stays on it.
///
/// # Errors
/// Where the value has no form in JSON; those of contracts all have one.
pub fn pretty(value: &impl Serialize) -> Result<String, Error> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, 0, &mut text)?;
    text.push('\n');
    Ok(text)
}

fn write(value: &Value, indent: usize, text: &mut String) -> Result<(), Error> {
    let line = one_line(value)?;
    if line.chars().count() + indent <= WIDTH || !(value.is_object() || value.is_array()) {
        text.push_str(&line);
        return Ok(());
    }
    let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    text.push(open);
    let mut separator = "";
    let mut begin = |text: &mut String| {
        text.push_str(separator);
        text.push('\n');
        text.extend(std::iter::repeat_n(' ', indent + 2));
        separator = ",";
    };
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                begin(text);
                text.push_str(&serde_json::to_string(name)?);
                text.push_str(": ");
                write(value, indent + 2, text)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                begin(text);
                write(item, indent + 2, text)?;
            }
        }
        _ => {}
    }
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
    text.push(close);
    Ok(())
}

/// A value on one line, with a space after each comma and colon.
fn one_line(value: &Value) -> Result<String, Error> {
    let join = |parts: Vec<String>| parts.join(", ");
    Ok(match value {
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| Ok(format!("{}: {}", serde_json::to_string(name)?, one_line(value)?));
            let members = members.iter().map(member).collect::<Result<Vec<_>, Error>>()?;
            if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", join(members)) }
        }
        Value::Array(items) => format!("[{}]", join(items.iter().map(one_line).collect::<Result<_, _>>()?)),
        value => serde_json::to_string(value)?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_a_line_stays_on_it() {
        assert_eq!(pretty(&json!({"a": [1, "b"], "c": {}})).expect("text"), "{ \"a\": [1, \"b\"], \"c\": {} }\n");
        let long = pretty(&json!({"a": ["x".repeat(100), "y".repeat(100)], "b": 1})).expect("text");
        assert_eq!(long.lines().count(), 7, "{long}");
        assert_eq!(serde_json::from_str::<Value>(&long).expect("JSON")["b"], 1);
    }
}
