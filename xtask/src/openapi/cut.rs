//! Cutting a document down to named operations and what they reach: structure only.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use super::{curation::OperationKey, reference};

/// The methods a path item can have.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What says something to people and nothing to programs.
const PROSE: [&str; 7] = [
    "description",
    "summary",
    "title",
    "example",
    "examples",
    "externalDocs",
    "x-codeSamples",
];

/// Keeps `operations`, the components they reach, and of those the structure.
///
/// # Errors
/// Names every operation that the document lacks, and every reference that leads nowhere.
pub(crate) fn cut(document: &Value, operations: &[OperationKey]) -> Result<Value> {
    let missing: Vec<_> = operations
        .iter()
        .filter(|key| find(document, key).is_none())
        .map(ToString::to_string)
        .collect();
    if !missing.is_empty() {
        bail!("the document lacks {}", missing.join(", "));
    }
    let mut paths = Map::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let mut kept = Map::new();
        for (key, value) in item.as_object().into_iter().flatten() {
            let is_kept = operations
                .iter()
                .any(|operation| operation.path == *path && operation.method == *key);
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
        "components": document.get("components").map_or(json!({}), structure),
    });
    reference::prune(&mut upstream)?;
    Ok(upstream)
}

/// Every operation of a document with its key.
pub(crate) fn operations(document: &Value) -> impl Iterator<Item = (OperationKey, &Value)> {
    document["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            item.as_object()
                .into_iter()
                .flatten()
                .filter(|(key, _)| METHODS.contains(&key.as_str()))
                .map(move |(method, operation)| {
                    (
                        OperationKey {
                            path: path.clone(),
                            method: method.clone(),
                        },
                        operation,
                    )
                })
        })
}

/// Every component schema of a document with its name.
pub(crate) fn schemas(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
}

/// The operation under `key`.
pub(crate) fn find<'a>(document: &'a Value, key: &OperationKey) -> Option<&'a Value> {
    document["paths"].get(&key.path)?.get(&key.method)
}

/// A copy without prose. OpenAPI demands a description of every response, so those become empty.
fn structure(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let is_response = members.contains_key("description")
                && !members.contains_key("type")
                && is_response(members);
            let mut kept = Map::new();
            if is_response {
                kept.insert("description".to_owned(), "".into());
            }
            for (key, member) in members {
                match key.as_str() {
                    // Names of properties, schemas, … are not keywords: a property called `title` stays.
                    "properties" | "patternProperties" | "schemas" | "responses" | "headers"
                    | "parameters" | "requestBodies" | "securitySchemes"
                        if member.is_object() =>
                    {
                        let named = member.as_object().into_iter().flatten();
                        kept.insert(
                            key.clone(),
                            named
                                .map(|(name, value)| (name.clone(), structure(value)))
                                .collect(),
                        );
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
    members
        .keys()
        .all(|key| ["description", "content", "headers", "links"].contains(&key.as_str()))
}

/// WorkOS's document names some required members twice, which JSON Schema forbids.
fn distinct(required: &Value) -> Value {
    let mut seen = BTreeSet::new();
    match required {
        Value::Array(names) => names
            .iter()
            .filter(|name| seen.insert(name.to_string()))
            .cloned()
            .collect(),
        flag => flag.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> OperationKey {
        OperationKey::try_from(text.to_owned()).unwrap()
    }

    /// A member that a cut takes away, wherever it stands.
    fn prose() -> Map<String, Value> {
        PROSE
            .iter()
            .map(|name| ((*name).to_owned(), json!("words")))
            .collect()
    }

    fn with_prose(mut value: Value) -> Value {
        value.as_object_mut().unwrap().extend(prose());
        value
    }

    #[test]
    fn operations_that_are_not_named_and_what_only_they_reach_are_left_out() {
        let answer = |name: &str| {
            let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
            json!({ "responses": { "200": { "description": "", "content": { "application/json": { "schema": schema } } } } })
        };
        let document = json!({
            "openapi": "3.1.1",
            "info": { "title": "Theirs", "version": "1.0" },
            "paths": {
                "/a": { "get": answer("A"), "post": answer("B"), "parameters": [{ "name": "p", "in": "query" }] },
                "/b": { "get": answer("B") },
            },
            "components": {
                "schemas": {
                    "A": { "properties": { "c": { "$ref": "#/components/schemas/C" } } },
                    "B": {},
                    "C": { "properties": { "a": { "$ref": "#/components/schemas/A" } } },
                },
                "parameters": { "unused": { "name": "u", "in": "query" } },
                "securitySchemes": { "bearer": { "type": "http" } },
            },
        });
        let upstream = cut(&document, &[key("GET /a")]).unwrap();
        let path = json!({ "get": answer("A"), "parameters": [{ "name": "p", "in": "query" }] });
        assert_eq!(upstream["paths"], json!({ "/a": path }));
        assert_eq!(
            upstream["info"],
            json!({ "title": "WorkOS", "version": "1.0" })
        );
        let components = upstream["components"].as_object().unwrap();
        assert_eq!(
            components.keys().collect::<Vec<_>>(),
            ["schemas", "securitySchemes"]
        );
        assert_eq!(
            schemas(&upstream).map(|(name, _)| name).collect::<Vec<_>>(),
            ["A", "C"]
        );
    }

    #[test]
    fn prose_is_dropped_at_every_depth() {
        let schema = with_prose(json!({
            "type": "object",
            "properties": { "a": with_prose(json!({ "type": "array", "items": with_prose(json!({ "type": "string" })) })) },
        }));
        let parameter = with_prose(
            json!({ "name": "p", "in": "query", "schema": with_prose(json!({ "type": "string" })) }),
        );
        let content = json!({ "application/json": with_prose(json!({ "schema": schema })) });
        let operation = with_prose(json!({
            "operationId": "a",
            "parameters": [parameter],
            "responses": { "200": { "description": "words", "content": content } },
        }));
        let document = json!({ "openapi": "3.1.1", "info": with_prose(json!({ "version": "1" })), "paths": { "/a": { "get": operation } } });
        let upstream = cut(&document, &[key("GET /a")]).unwrap();
        assert!(!upstream.to_string().contains("words"), "{upstream:#}");
        let schema = json!({ "type": "object", "properties": { "a": { "type": "array", "items": { "type": "string" } } } });
        assert_eq!(
            upstream["paths"]["/a"]["get"],
            json!({
                "operationId": "a",
                "parameters": [{ "name": "p", "in": "query", "schema": { "type": "string" } }],
                "responses": { "200": { "description": "", "content": { "application/json": { "schema": schema } } } },
            })
        );
    }

    #[test]
    fn names_that_look_like_prose_are_kept() {
        let named: Map<_, _> = PROSE
            .iter()
            .map(|name| ((*name).to_owned(), json!({ "type": "string" })))
            .collect();
        let schema = json!({ "properties": named, "required": ["title", "description", "title"], "enum": [{ "title": "kept" }] });
        let kept = json!({ "properties": named, "required": ["title", "description"], "enum": [{ "title": "kept" }] });
        assert_eq!(structure(&schema), kept);
    }

    #[test]
    fn a_document_without_components_has_none() {
        let document = json!({ "openapi": "3.1.1", "info": {}, "paths": { "/a": { "get": {} } } });
        assert_eq!(
            cut(&document, &[key("GET /a")]).unwrap()["components"],
            json!({})
        );
    }

    #[test]
    fn every_missing_operation_is_named() {
        let document = json!({ "paths": { "/a": { "get": {} } } });
        let error = cut(
            &document,
            &[key("GET /a"), key("POST /a"), key("DELETE /b")],
        )
        .unwrap_err();
        assert_eq!(error.to_string(), "the document lacks POST /a, DELETE /b");
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_named() {
        let document = json!({ "paths": { "/a": { "get": { "x": { "$ref": "#/components/schemas/Gone" } } } } });
        let error = cut(&document, &[key("GET /a")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`$ref` #/components/schemas/Gone leads nowhere"
        );
    }
}
