//! The form of contracts for editors (JSON Schema) and for people (tables).

mod forms;

use serde_json::{Map, Value, json};

use forms::{FORMS, Field, Form, Shape};

/// The JSON Schema (2020-12) of a contract.
pub fn schema() -> Value {
    let definitions: Map<String, Value> = FORMS.iter().map(|form| (form.name.to_owned(), of_form(form))).collect();
    json!({
        "$comment": "Generated from crates/pipelines/applications/src/contract/schema. Do not edit.",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rowmill contract",
        "$ref": "#/$defs/contract",
        "$defs": definitions,
    })
}

fn of_form(form: &Form) -> Value {
    let property = |field: &Field| {
        let mut property = of_shape(&field.shape);
        property["description"] = field.about.into();
        (field.name.to_owned(), property)
    };
    let properties: Map<String, Value> = form.fields.iter().map(property).collect();
    let mut object = json!({ "description": form.about, "type": "object", "properties": properties, "additionalProperties": false });
    if form.is_choice {
        object["minProperties"] = 1.into();
        object["maxProperties"] = 1.into();
    } else {
        let needed: Vec<&str> = form.fields.iter().filter(|field| field.without.is_none()).map(|field| field.name).collect();
        if !needed.is_empty() {
            object["required"] = json!(needed);
        }
    }
    object
}

fn of_shape(shape: &Shape) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Bit => json!({ "enum": [0, 1] }),
        Shape::YesNo => json!({ "type": "boolean" }),
        Shape::One => json!({ "const": 1 }),
        Shape::Element => json!({ "type": "string", "pattern": "^(/[^/@\\s<>=\"'&]+)+$" }),
        Shape::Attribute => json!({ "type": "string", "pattern": "^((/[^/@\\s<>=\"'&]+)+/)?@[^/@\\s<>=\"'&]+$" }),
        Shape::Type => json!({
            "type": "string",
            "pattern": "^(text|text\\s*\\(\\s*(-1|[1-9][0-9]*)\\s*\\)|smallint|tinyint|int|bigint|decimal\\s*\\([0-9\\s]+,[0-9\\s]+\\)|bit|date|timestamp|double)$",
        }),
        Shape::Form(name) => json!({ "$ref": format!("#/$defs/{name}") }),
        // Without quotes YAML reads the word `null` as nothing.
        Shape::Words(words) if words.contains(&"null") => json!({ "enum": words.iter().copied().map(Some).chain([None]).collect::<Vec<_>>() }),
        Shape::Words(words) => json!({ "enum": words }),
        Shape::List(of) => json!({ "type": "array", "items": of_shape(of) }),
        Shape::Named(of) => json!({ "type": "object", "additionalProperties": of_shape(of) }),
        Shape::AnyOf(shapes) => json!({ "anyOf": shapes.iter().map(of_shape).collect::<Vec<_>>() }),
    }
}

/// Tables of every field, in Markdown, for the documentation.
pub fn reference() -> String {
    let mut text = String::new();
    for form in FORMS.iter().filter(|form| !form.fields.is_empty()) {
        text.push_str(&format!("### {}\n\n{}\n\n| field | value | without it | what |\n| --- | --- | --- | --- |\n", form.name, form.about));
        for field in form.fields {
            let without = match field.without {
                None if form.is_choice => "",
                None => "*needed*",
                Some(without) => without,
            };
            text.push_str(&format!("| `{}` | {} | {without} | {} |\n", field.name, in_words(&field.shape), field.about));
        }
        text.push('\n');
    }
    text
}

fn in_words(shape: &Shape) -> String {
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Integer => "whole number".to_owned(),
        Shape::Bit => "0 or 1".to_owned(),
        Shape::YesNo => "true or false".to_owned(),
        Shape::One => "1".to_owned(),
        Shape::Element => "path of an element".to_owned(),
        Shape::Attribute => "path of an attribute".to_owned(),
        Shape::Type => "type".to_owned(),
        Shape::Form(name) => format!("[{name}](#{})", name.to_lowercase()),
        Shape::Words(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Shape::List(of) => format!("list: {}", in_words(of)),
        Shape::Named(of) => format!("by name: {}", in_words(of)),
        Shape::AnyOf(shapes) => shapes.iter().map(in_words).collect::<Vec<_>>().join(" or "),
    }
}

#[cfg(test)]
mod tests;
