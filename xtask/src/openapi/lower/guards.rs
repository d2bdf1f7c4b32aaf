//! What must not be left in the lowered document: the generator would get each of these wrong without a word.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::openapi::{cut, reference};

/// Keywords that the generator carries.
const CARRIED: [&str; 13] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "default",
    "deprecated",
    "description",
    "enum",
    "format",
    "items",
    "minimum",
    "nullable",
    "oneOf",
    "type",
];

/// Adds every violated guard to `problems`.
pub(super) fn check(client: &Value, problems: &mut Vec<String>) {
    if let Err(error) = reference::reached(client, client) {
        problems.push(error.to_string());
    }
    for (name, _) in cut::schemas(client) {
        if is_only_itself(client, name) {
            problems.push(format!(
                "schema {name}: is nothing but a reference to itself"
            ));
        }
    }
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for (name, schema) in cut::schemas(client) {
        // The generator makes one type of two names that differ in case only.
        if let Some(other) = names.insert(name.to_lowercase(), name) {
            problems.push(format!("schemas {other} and {name} would become one type"));
        }
        if !name.starts_with(|first: char| first.is_ascii_uppercase())
            || !name.chars().all(|each| each.is_ascii_alphanumeric())
        {
            problems.push(format!("schema {name}: the name is not in PascalCase"));
        }
        variants(name, &schema["enum"], problems);
        for branch in schema["oneOf"].as_array().into_iter().flatten() {
            members(branch, name, problems);
        }
        members(schema, name, problems);
    }
    for (key, operation) in cut::operations(client) {
        let parameters = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|parameter| &parameter["schema"]);
        let content = |carrier: &'_ Value| {
            carrier["content"]["application/json"]
                .get("schema")
                .cloned()
        };
        let responses = operation["responses"]
            .as_object()
            .into_iter()
            .flat_map(|responses| responses.values());
        let bodies = responses
            .chain(operation.get("requestBody"))
            .filter_map(content);
        for schema in parameters.cloned().chain(bodies) {
            inline(&schema, &key.to_string(), problems);
        }
    }
}

/// Whether a component's references lead back to it without anything between them.
fn is_only_itself(client: &Value, name: &str) -> bool {
    let mut met = BTreeSet::from([name]);
    let mut schema = &client["components"]["schemas"][name];
    loop {
        let only = match schema["allOf"].as_array().map(Vec::as_slice) {
            Some([only]) => only,
            _ => schema,
        };
        let Some(next) = reference::schema_name(only) else {
            return false;
        };
        if !met.insert(next) {
            return next == name;
        }
        schema = &client["components"]["schemas"][next];
    }
}

/// The members of a component: the one place where an object may stand.
fn members(schema: &Value, place: &str, problems: &mut Vec<String>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        // The tag of a payload is the one inline enum that the generator reads as it should.
        if schema["properties"].get("data").is_none() || name != "event" {
            inline(property, &format!("{place}.{name}"), problems);
        }
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(keyword).filter(|inner| inner.is_object()) {
            inline(inner, &format!("{place}[]"), problems);
        }
    }
}

fn inline(schema: &Value, place: &str, problems: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else {
        problems.push(format!("{place}: no schema"));
        return;
    };
    for keyword in keywords
        .keys()
        .filter(|keyword| !CARRIED.contains(&keyword.as_str()))
    {
        problems.push(format!("{place}: `{keyword}` is left in an inline schema"));
    }
    if keywords.contains_key("enum") || keywords.contains_key("oneOf") {
        problems.push(format!("{place}: an unnamed type is left"));
    }
    if keywords.get("type").is_some_and(|kind| !kind.is_string()) {
        problems.push(format!("{place}: a list of types is left"));
    }
    members(schema, place, problems);
}

/// Enum values become variants: none, or two of one name, is a type that cannot be.
fn variants(place: &str, values: &Value, problems: &mut Vec<String>) {
    let Some(values) = values.as_array() else {
        return;
    };
    if values.is_empty() {
        problems.push(format!("schema {place}: an enum without values"));
    }
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for value in values {
        let Some(text) = value.as_str() else {
            problems.push(format!("schema {place}: an enum value that is no text"));
            continue;
        };
        let Some(variant) = variant(text).filter(|variant| variant != "Unknown") else {
            problems.push(format!("schema {place}: `{text}` cannot be a variant"));
            continue;
        };
        if let Some(other) = seen.insert(variant, text) {
            problems.push(format!(
                "schema {place}: `{other}` and `{text}` would become one variant"
            ));
        }
    }
}

/// The variant that the client makes of a value: its words, each with a capital, a leading number behind the first word.
fn variant(text: &str) -> Option<String> {
    let is_shouted = text.contains('_') && !text.contains(|each: char| each.is_ascii_lowercase());
    let text = if is_shouted {
        text.to_lowercase()
    } else {
        text.to_owned()
    };
    let words = text
        .split(|each: char| !each.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut words: Vec<_> = words
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect();
    let starts_with_digit = |word: &String| word.starts_with(|first: char| first.is_ascii_digit());
    if words.first().is_some_and(starts_with_digit) {
        if words.get(1).is_none_or(starts_with_digit) {
            return None;
        }
        words.swap(0, 1);
    }
    (!words.is_empty()).then(|| words.concat())
}
