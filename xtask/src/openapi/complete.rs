//! What `portal.json` owes its readers: every name ours, every part described.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::Value;

use super::{cut, reference};

/// Checks that the document is whole.
///
/// # Errors
/// Names every place that lacks a description or a name, or whose name is used twice.
pub(crate) fn check(portal: &Value) -> Result<()> {
    let mut missing = Vec::new();
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    reference::reached(portal, portal)?;
    for (key, operation) in cut::operations(portal) {
        let place = key.to_string();
        for member in ["summary", "description"] {
            demand(operation, member, &place, &mut missing);
        }
        match operation["operationId"].as_str().filter(|id| is_snake_case(id)) {
            Some(id) => {
                if let Some(other) = ids.insert(id, place.clone()) {
                    missing.push(format!("{place}: operationId `{id}` is also that of {other}"));
                }
            }
            None => missing.push(format!("{place}: operationId is not in snake_case")),
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = resolved(portal, parameter);
            let place = format!("{place}, parameter `{}`", parameter["name"].as_str().unwrap_or_default());
            demand(parameter, "description", &place, &mut missing);
            properties(&parameter["schema"], &place, &mut missing);
        }
        bodies(portal, &operation["requestBody"], &format!("{place}, request body"), &mut missing);
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let response = resolved(portal, response);
            let place = format!("{place}, response {status}");
            demand(response, "description", &place, &mut missing);
            bodies(portal, response, &place, &mut missing);
        }
    }
    for (name, schema) in cut::schemas(portal) {
        let place = format!("schema {name}");
        if ["Dto", "Json"].iter().any(|suffix| name.ends_with(suffix)) {
            missing.push(format!("{place}: the name has an internal suffix; rename it in curation.toml"));
        }
        demand(schema, "description", &place, &mut missing);
        properties(schema, &place, &mut missing);
    }
    if !missing.is_empty() {
        bail!("{}", missing.join("\n"));
    }
    Ok(())
}

fn demand(value: &Value, member: &str, place: &str, missing: &mut Vec<String>) {
    if value[member].as_str().is_none_or(|text| text.trim().is_empty()) {
        missing.push(format!("{place}: no {member}"));
    }
}

fn bodies(portal: &Value, carrier: &Value, place: &str, missing: &mut Vec<String>) {
    for content in resolved(portal, carrier)["content"].as_object().into_iter().flat_map(|content| content.values()) {
        properties(&content["schema"], place, missing);
    }
}

/// Every property at any depth needs a description, unless it is nothing but a reference to a described schema.
fn properties(schema: &Value, place: &str, missing: &mut Vec<String>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}.{name}");
        if reference::schema_name(property).is_none() || property.as_object().is_some_and(|members| members.len() > 1) {
            demand(property, "description", &place, missing);
        }
        properties(property, &place, missing);
    }
    for (keyword, member) in schema.as_object().into_iter().flatten() {
        match keyword.as_str() {
            "items" | "additionalProperties" => properties(member, &format!("{place}[]"), missing),
            "allOf" | "oneOf" | "anyOf" => {
                member.as_array().into_iter().flatten().for_each(|branch| properties(branch, place, missing));
            }
            _ => {}
        }
    }
}

fn resolved<'a>(portal: &'a Value, value: &'a Value) -> &'a Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|target| portal.pointer(target.trim_start_matches('#')));
    target.unwrap_or(value)
}

fn is_snake_case(id: &str) -> bool {
    id.contains('_') && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
