//! Raw values to normalised ones, one kind at a time.

use serde_json::{Map, Number, Value};

use super::field::{Field, Kind};
use crate::day::{Day, parse_month};

/// Why a value was refused: at which path below the field (empty for the field itself), and what is allowed there.
pub(super) struct Refused {
    pub(super) below: String,
    pub(super) value: Value,
    pub(super) allowed: String,
}

impl Refused {
    fn here(value: &Value, kind: &Kind) -> Vec<Self> {
        vec![Self { below: String::new(), value: value.clone(), allowed: allowed(kind) }]
    }
}

/// What a kind allows, in words.
pub(super) fn allowed(kind: &Kind) -> String {
    match kind {
        Kind::Text => "a text that is not empty".into(),
        Kind::AnyText => "a text".into(),
        Kind::Flag => "true or false".into(),
        Kind::Integer { min, max } => format!("a whole number from {min} to {max}"),
        Kind::Number { min, max } => format!("a number from {min} to {max}"),
        Kind::Bytes { min } => format!("a number of bytes, such as 536870912, 512MiB or 2GB, of at least {min}"),
        Kind::Day => "a day of the form YYYY-MM-DD".into(),
        Kind::Month => "a month of the form YYYY-MM".into(),
        Kind::Uuid => "a UUID of the form 01234567-89ab-cdef-0123-456789abcdef".into(),
        Kind::Choice { of } => format!("one of {}", of.join(", ")),
        Kind::IntegerOrAuto { min, max } => format!("auto, or a whole number from {min} to {max}"),
        Kind::Integers { min, max } => format!("a list of whole numbers from {min} to {max}"),
        Kind::Texts => "a list of texts".into(),
        Kind::TextMap => "a map from names to texts or lists of texts".into(),
        Kind::Records { of } => {
            format!("a list of objects with {}", of.iter().map(|field| field.path).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Normalises one value, or says everything that is wrong with it.
pub(super) fn normalise(kind: &Kind, raw: &Value) -> Result<Value, Vec<Refused>> {
    let refused = || Refused::here(raw, kind);
    match kind {
        Kind::Text => text(raw).filter(|text| !text.is_empty()).map(Value::from).ok_or_else(refused),
        Kind::AnyText => text(raw).map(Value::from).ok_or_else(refused),
        Kind::Flag => flag(raw).map(Value::from).ok_or_else(refused),
        Kind::Integer { min, max } => integer(raw).filter(|number| (min..=max).contains(&number)).map(Value::from).ok_or_else(refused),
        Kind::Number { min, max } => {
            number(raw).filter(|number| (min..=max).contains(&number)).and_then(Number::from_f64).map(Value::Number).ok_or_else(refused)
        }
        Kind::Bytes { min } => bytes(raw).filter(|bytes| bytes >= min).map(Value::from).ok_or_else(refused),
        Kind::Day => raw.as_str().and_then(Day::parse).map(|day| Value::from(day.to_string())).ok_or_else(refused),
        Kind::Month => raw.as_str().filter(|text| parse_month(text).is_some()).map(Value::from).ok_or_else(refused),
        Kind::Uuid => raw.as_str().filter(|text| is_uuid(text)).map(Value::from).ok_or_else(refused),
        Kind::Choice { of } => raw.as_str().filter(|text| of.contains(text)).map(Value::from).ok_or_else(refused),
        Kind::IntegerOrAuto { .. } if raw == "auto" => Ok(raw.clone()),
        Kind::IntegerOrAuto { min, max } => integer(raw).filter(|number| (min..=max).contains(&number)).map(Value::from).ok_or_else(refused),
        Kind::Integers { min, max } => integers(raw, *min, *max).ok_or_else(refused),
        Kind::Texts => texts(raw).ok_or_else(refused),
        Kind::TextMap => text_map(raw).ok_or_else(refused),
        Kind::Records { of } => records(of, raw).unwrap_or_else(|| Err(refused())),
    }
}

/// Text as is; numbers and booleans as they are written, because YAML reads `schema: 123` as a number.
fn text(raw: &Value) -> Option<String> {
    match raw {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn flag(raw: &Value) -> Option<bool> {
    match raw {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn integer(raw: &Value) -> Option<i64> {
    match raw {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9e15).map(|float| float as i64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn number(raw: &Value) -> Option<f64> {
    match raw {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn bytes(raw: &Value) -> Option<u64> {
    let Value::String(text) = raw else { return integer(raw).and_then(|bytes| u64::try_from(bytes).ok()) };
    let text = text.trim();
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (count, unit) = text.split_at(digits);
    let scale: f64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1_048_576.0,
        "gib" => 1_073_741_824.0,
        "tib" => 1_099_511_627_776.0,
        _ => return None,
    };
    let bytes = count.parse::<f64>().ok()? * scale;
    (bytes.is_finite() && bytes < 9e15).then_some(bytes as u64)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn integers(raw: &Value, min: i64, max: i64) -> Option<Value> {
    let allowed = |item: &Value| integer(item).filter(|number| (min..=max).contains(number)).map(Value::from);
    match raw {
        Value::String(list) => list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(|item| allowed(&Value::from(item))).collect(),
        Value::Array(items) => items.iter().map(allowed).collect(),
        one => allowed(one).map(|one| Value::Array(vec![one])),
    }
}

fn texts(raw: &Value) -> Option<Value> {
    match raw {
        Value::String(list) => Some(list.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Value::from).collect()),
        Value::Array(items) => items.iter().map(|item| text(item).map(Value::from)).collect(),
        _ => None,
    }
}

fn text_map(raw: &Value) -> Option<Value> {
    let parsed;
    let map = match raw {
        Value::Object(map) => map,
        Value::String(json) => {
            parsed = serde_json::from_str::<Map<String, Value>>(json).ok()?;
            &parsed
        }
        _ => return None,
    };
    let entries = map.iter().map(|(name, value)| {
        let list = match value {
            Value::String(one) => Value::Array(vec![Value::from(one.as_str())]),
            list => texts(list)?,
        };
        Some((name.clone(), list))
    });
    entries.collect::<Option<Map<_, _>>>().map(Value::Object)
}

/// `None` where the value is no list at all.
fn records(fields: &[Field], raw: &Value) -> Option<Result<Value, Vec<Refused>>> {
    let parsed;
    let items = match raw {
        Value::Array(items) => items,
        Value::String(json) => {
            parsed = serde_json::from_str::<Vec<Value>>(json).ok()?;
            &parsed
        }
        _ => return None,
    };
    let mut refused = Vec::new();
    let mut done = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        match record(fields, item) {
            Ok(item) => done.push(item),
            Err(problems) => refused.extend(problems.into_iter().map(|problem| {
                let dot = if problem.below.is_empty() { "" } else { "." };
                Refused { below: format!("[{index}]{dot}{}", problem.below), ..problem }
            })),
        }
    }
    Some(if refused.is_empty() { Ok(Value::Array(done)) } else { Err(refused) })
}

fn record(fields: &[Field], item: &Value) -> Result<Value, Vec<Refused>> {
    let Some(given) = item.as_object() else { return Err(Refused::here(item, &Kind::Records { of: &[] })) };
    let mut refused = Vec::new();
    let mut done = Map::new();
    for (name, value) in given {
        if !fields.iter().any(|field| field.path == name) {
            let names = fields.iter().map(|field| field.path).collect::<Vec<_>>().join(", ");
            refused.push(Refused { below: name.clone(), value: value.clone(), allowed: format!("only {names}") });
        }
    }
    for field in fields {
        let value = given.get(field.path).unwrap_or(&Value::Null);
        if value.is_null() && !field.required {
            done.insert(field.path.into(), Value::Null);
            continue;
        }
        match normalise(&field.kind, value) {
            Ok(value) => {
                done.insert(field.path.into(), value);
            }
            Err(problems) => {
                refused.extend(problems.into_iter().map(|problem| Refused { below: field.path.into(), ..problem }));
            }
        }
    }
    if refused.is_empty() { Ok(Value::Object(done)) } else { Err(refused) }
}
