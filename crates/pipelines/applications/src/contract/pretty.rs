//! Contracts as text that people read: JSON, with a line for whatever fits one.

use serde::Serialize;
use serde_json::{Error, Value};

/// Characters of a line, as the linter of this repository has them.
const WIDTH: usize = 150;

/// A contract, or a part of one, as JSON with a line break at its end. What fits a line stays on it.
///
/// # Errors
/// Where the value has no form in JSON; those of contracts all have one.
pub fn pretty(value: &impl Serialize) -> Result<String, Error> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, Place { indent: 0, begin: 0, behind: 0 }, &mut text)?;
    text.push('\n');
    Ok(text)
}

/// Where a value is written.
#[derive(Clone, Copy)]
struct Place {
    /// Blanks before the line.
    indent: usize,
    /// Characters of the line before the value.
    begin: usize,
    /// Characters behind the value: a comma, or none.
    behind: usize,
}

fn write(value: &Value, place: Place, text: &mut String) -> Result<(), Error> {
    let line = one_line(value)?;
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            let named = |(name, value)| Ok((format!("{}: ", serde_json::to_string(name)?), value));
            members.iter().map(named).collect::<Result<_, Error>>()?
        }
        Value::Array(items) => items.iter().map(|item| (String::new(), item)).collect(),
        _ => Vec::new(),
    };
    if members.is_empty() || place.begin + line.chars().count() + place.behind <= WIDTH {
        text.push_str(&line);
        return Ok(());
    }
    let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    let indent = place.indent + 2;
    text.push(open);
    for (at, (name, value)) in members.iter().enumerate() {
        let behind = usize::from(at + 1 < members.len());
        text.push('\n');
        text.push_str(&" ".repeat(indent));
        text.push_str(name);
        write(value, Place { indent, begin: indent + name.chars().count(), behind }, text)?;
        text.push_str(if behind == 1 { "," } else { "" });
    }
    text.push('\n');
    text.push_str(&" ".repeat(place.indent));
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
