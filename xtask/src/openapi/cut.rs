//! Cutting a document down to named operations and what they reach: structure only.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use super::{curation::OperationKey, reference};

/// The methods a path item can have.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// What says something to people and nothing to programs.
const PROSE: [&str; 7] = ["description", "summary", "title", "example", "examples", "externalDocs", "x-codeSamples"];

/// Keeps `operations`, the components they reach, and of those the structure.
///
/// # Errors
/// Names every operation that the document lacks, and every reference that leads nowhere.
pub(crate) fn cut(document: &Value, operations: &[OperationKey]) -> Result<Value> {
    let missing: Vec<_> =
        operations.iter().filter(|key| find(document, key).is_none()).map(ToString::to_string).collect();
    if !missing.is_empty() {
        bail!("the document lacks {}", missing.join(", "));
    }
    let mut paths = Map::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let mut kept = Map::new();
        for (key, value) in item.as_object().into_iter().flatten() {
            let is_kept = operations.iter().any(|operation| operation.path == *path && operation.method == *key);
            if is_kept || key == "parameters" {
                kept.insert(key.clone(), structure(value));
            }
        }
        if kept.keys().any(|key| METHODS.contains(&key.as_str())) {
            paths.insert(path.clone(), kept.into());
        }
    }
    let mut upstream = json!({
        "openapi": document["openapi"],
        "info": { "title": "WorkOS", "version": document["info"]["version"] },
        "servers": document.get("servers").map_or(json!([]), structure),
        "security": document.get("security").cloned().unwrap_or(json!([])),
        "paths": paths,
        "components": structure(&document["components"]),
    });
    reference::prune(&mut upstream)?;
    Ok(upstream)
}

/// Every operation of a document with its key.
pub(crate) fn operations(document: &Value) -> impl Iterator<Item = (OperationKey, &Value)> {
    document["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().filter(|(key, _)| METHODS.contains(&key.as_str())).map(
            move |(method, operation)| (OperationKey { path: path.clone(), method: method.clone() }, operation),
        )
    })
}

/// Every component schema of a document with its name.
pub(crate) fn schemas(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document["components"]["schemas"].as_object().into_iter().flatten()
}

/// The operation under `key`.
pub(crate) fn find<'a>(document: &'a Value, key: &OperationKey) -> Option<&'a Value> {
    document["paths"].get(&key.path)?.get(&key.method)
}

/// A copy without prose. OpenAPI demands a description of every response, so those become empty.
fn structure(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let is_response = members.contains_key("description") && !members.contains_key("type") && is_response(members);
            let mut kept = Map::new();
            if is_response {
                kept.insert("description".to_owned(), "".into());
            }
            for (key, member) in members {
                match key.as_str() {
                    // Names of properties, schemas, … are not keywords: a property called `title` stays.
                    "properties" | "patternProperties" | "schemas" | "responses" | "headers" | "parameters" | "requestBodies" | "securitySchemes"
                        if member.is_object() =>
                    {
                        let named = member.as_object().into_iter().flatten();
                        kept.insert(key.clone(), named.map(|(name, value)| (name.clone(), structure(value))).collect());
                    }
                    "required" => drop(kept.insert(key.clone(), distinct(member))),
                    "enum" | "const" | "default" => drop(kept.insert(key.clone(), member.clone())),
                    prose if PROSE.contains(&prose) => {}
                    _ => drop(kept.insert(key.clone(), structure(member))),
                }
            }
            kept.into()
        }
        Value::Array(items) => items.iter().map(structure).collect(),
        other => other.clone(),
    }
}

/// A response is the one described object that has content, headers, links or nothing else at all.
fn is_response(members: &Map<String, Value>) -> bool {
    members.keys().all(|key| ["description", "content", "headers", "links"].contains(&key.as_str()))
}

/// WorkOS's document names some required members twice, which JSON Schema forbids.
fn distinct(required: &Value) -> Value {
    let mut seen = BTreeSet::new();
    match required {
        Value::Array(names) => names.iter().filter(|name| seen.insert(name.to_string())).cloned().collect(),
        flag => flag.clone(),
    }
}
