//! Turns the document's enum components into `open_enum!` invocations.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

/// The source of every open enum, and the list of events that have a typed payload.
pub(crate) fn source(document: &Value) -> Result<String, String> {
    let mut source = String::new();
    for (name, schema) in components(document) {
        if schema.get("enum").is_some() {
            source.push_str(&open_enum(name, schema)?);
        }
    }
    let events = payload_events(document)?;
    let _ = writeln!(
        source,
        "pub(crate) const PAYLOAD_EVENTS: &[&str] = &{events:?};"
    );
    Ok(source)
}

/// The document's component schemas by name.
pub(crate) fn components(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
}

fn open_enum(name: &str, schema: &Value) -> Result<String, String> {
    let values = strings(&schema["enum"]).ok_or(format!("enum {name}: a value is not a string"))?;
    if values.is_empty() {
        return Err(format!("enum {name} has no values"));
    }
    let mut variants = BTreeMap::new();
    let mut source = String::from("open_enum! {\n");
    for line in schema["description"].as_str().unwrap_or_default().lines() {
        let _ = writeln!(source, "#[doc = {:?}]", format!(" {line}"));
    }
    let _ = writeln!(source, "{name} {{");
    for value in values {
        let variant = variant(value).ok_or(format!("enum {name}: no variant for {value:?}"))?;
        let _ = writeln!(source, "{variant} = {value:?},");
        if variant == "Unknown" {
            return Err(format!(
                "enum {name}: {value:?} collides with the variant Unknown"
            ));
        }
        if let Some(other) = variants.insert(variant, value) {
            return Err(format!(
                "enum {name}: {other:?} and {value:?} give one variant"
            ));
        }
    }
    source.push_str("}\n}\n");
    Ok(source)
}

/// The variant for a value as sent: words capitalised, and a leading number moved behind the first
/// word, since no Rust name starts with a digit (`1_MONTH` becomes `Month1`).
pub(crate) fn variant(value: &str) -> Option<String> {
    // A SHOUTED_NAME is lowered first; names such as `ADFSSAML` or `GoogleOAuth` keep their capitals.
    let shouted = value.contains('_') && !value.contains(|c: char| c.is_ascii_lowercase());
    let value = if shouted {
        value.to_lowercase()
    } else {
        value.to_owned()
    };
    let words = value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(capitalised).collect();
    if words.first()?.starts_with(|c: char| c.is_ascii_digit()) {
        if words.len() < 2 || words[1].starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        words.swap(0, 1);
    }
    Some(words.concat())
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

fn payload_events(document: &Value) -> Result<Vec<&str>, String> {
    let Some(schema) = document["components"]["schemas"].get("EventPayload") else {
        return Err("the component EventPayload is missing".into());
    };
    let branches = schema["oneOf"]
        .as_array()
        .ok_or("EventPayload is no oneOf")?;
    branches
        .iter()
        .map(
            |branch| match strings(&branch["properties"]["event"]["enum"]).as_deref() {
                Some([event]) => Ok(*event),
                _ => Err(format!(
                    "a branch of EventPayload does not name exactly one event: {branch}"
                )),
            },
        )
        .collect()
}

fn strings(values: &Value) -> Option<Vec<&str>> {
    values.as_array()?.iter().map(Value::as_str).collect()
}
