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
    strays(portal, "", &mut missing);
    for (key, operation) in cut::operations(portal) {
        let place = key.to_string();
        for member in ["summary", "description"] {
            demand(operation, member, &place, &mut missing);
        }
        match operation["operationId"]
            .as_str()
            .filter(|id| is_snake_case(id))
        {
            Some(id) => {
                if let Some(other) = ids.insert(id, place.clone()) {
                    missing.push(format!(
                        "{place}: operationId `{id}` is also that of {other}"
                    ));
                }
            }
            None => missing.push(format!("{place}: operationId is not in snake_case")),
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = resolved(portal, parameter);
            let place = format!(
                "{place}, parameter `{}`",
                parameter["name"].as_str().unwrap_or_default()
            );
            demand(parameter, "description", &place, &mut missing);
            properties(&parameter["schema"], &place, &mut missing);
        }
        if let Some(body) = operation.get("requestBody") {
            demand(
                resolved(portal, body),
                "description",
                &format!("{place}, request body"),
                &mut missing,
            );
        }
        bodies(
            portal,
            &operation["requestBody"],
            &format!("{place}, request body"),
            &mut missing,
        );
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
            missing.push(format!(
                "{place}: the name has an internal suffix; rename it in curation.toml"
            ));
        }
        demand(schema, "description", &place, &mut missing);
        properties(schema, &place, &mut missing);
    }
    if !missing.is_empty() {
        bail!("{}", missing.join("\n"));
    }
    Ok(())
}

/// A member without a value is a slip of YAML's punctuation: nothing in a document is null but values of schemas.
fn strays(value: &Value, place: &str, missing: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match key.as_str() {
                    "enum" | "const" | "default" => {}
                    _ if member.is_null() => missing.push(format!("{place}: `{key}` has no value")),
                    _ => strays(member, &format!("{place}/{key}"), missing),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| strays(item, place, missing)),
        _ => {}
    }
}

fn demand(value: &Value, member: &str, place: &str, missing: &mut Vec<String>) {
    if value[member]
        .as_str()
        .is_none_or(|text| text.trim().is_empty())
    {
        missing.push(format!("{place}: no {member}"));
    }
}

fn bodies(portal: &Value, carrier: &Value, place: &str, missing: &mut Vec<String>) {
    for content in resolved(portal, carrier)["content"]
        .as_object()
        .into_iter()
        .flat_map(|content| content.values())
    {
        properties(&content["schema"], place, missing);
    }
}

/// Every property at any depth needs a description, unless it is nothing but a reference to a described schema.
fn properties(schema: &Value, place: &str, missing: &mut Vec<String>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}.{name}");
        if reference::schema_name(property).is_none()
            || property
                .as_object()
                .is_some_and(|members| members.len() > 1)
        {
            demand(property, "description", &place, missing);
        }
        properties(property, &place, missing);
    }
    for (keyword, member) in schema.as_object().into_iter().flatten() {
        match keyword.as_str() {
            "items" | "additionalProperties" => properties(member, &format!("{place}[]"), missing),
            "allOf" | "oneOf" | "anyOf" => {
                member
                    .as_array()
                    .into_iter()
                    .flatten()
                    .for_each(|branch| properties(branch, place, missing));
            }
            _ => {}
        }
    }
}

fn resolved<'a>(portal: &'a Value, value: &'a Value) -> &'a Value {
    let target = value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|target| portal.pointer(target.trim_start_matches('#')));
    target.unwrap_or(value)
}

fn is_snake_case(id: &str) -> bool {
    id.contains('_')
        && id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole() -> Value {
        let body = |schema: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } });
        json!({
            "paths": { "/things": { "post": {
                "operationId": "make_thing",
                "summary": "s",
                "description": "d",
                "parameters": [{ "name": "p", "in": "query", "description": "d", "schema": { "type": "string" } }],
                "requestBody": { "description": "d", "content": body("Thing") },
                "responses": { "200": { "description": "d", "content": body("Thing") }, "404": { "$ref": "#/components/responses/Gone" } },
            } } },
            "components": {
                "schemas": { "Thing": {
                    "description": "d",
                    "properties": {
                        "list": { "description": "d", "items": { "properties": { "deep": { "description": "d" } } } },
                        "next": { "$ref": "#/components/schemas/Thing" },
                    },
                } },
                "responses": { "Gone": { "description": "d" } },
            },
        })
    }

    /// Puts `value` in the place of the member at `pointer`; null takes it away.
    fn put(portal: &mut Value, pointer: &str, value: Value) {
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        let parent = portal.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            parent.shift_remove(member).unwrap();
        } else {
            parent.insert(member.to_owned(), value);
        }
    }

    /// What is missing when the member at `pointer` is `value`, or not there when that is null.
    fn without(pointer: &str, value: Value) -> String {
        let mut portal = whole();
        put(&mut portal, pointer, value);
        check(&portal).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_document_passes() {
        check(&whole()).unwrap();
    }

    #[test]
    fn each_missing_part_is_named_by_its_place() {
        let post = "/paths/~1things/post";
        for (pointer, complaint) in [
            (format!("{post}/summary"), "POST /things: no summary"),
            (
                format!("{post}/description"),
                "POST /things: no description",
            ),
            (
                format!("{post}/parameters/0/description"),
                "POST /things, parameter `p`: no description",
            ),
            (
                format!("{post}/requestBody/description"),
                "POST /things, request body: no description",
            ),
            (
                format!("{post}/responses/200/description"),
                "POST /things, response 200: no description",
            ),
            (
                "/components/responses/Gone/description".to_owned(),
                "POST /things, response 404: no description",
            ),
            (
                "/components/schemas/Thing/description".to_owned(),
                "schema Thing: no description",
            ),
            (
                "/components/schemas/Thing/properties/list/description".to_owned(),
                "schema Thing.list: no description",
            ),
            (
                "/components/schemas/Thing/properties/list/items/properties/deep/description"
                    .to_owned(),
                "schema Thing.list[].deep: no description",
            ),
        ] {
            for nothing in [Value::Null, json!(" ")] {
                assert_eq!(without(&pointer, nothing), complaint);
            }
        }
    }

    #[test]
    fn a_reference_with_anything_beside_it_is_a_part_of_its_own() {
        let beside = json!({ "$ref": "#/components/schemas/Thing", "deprecated": true });
        assert_eq!(
            without("/components/schemas/Thing/properties/next", beside),
            "schema Thing.next: no description"
        );
    }

    #[test]
    fn names_are_ours() {
        let id = "/paths/~1things/post/operationId";
        for other in [
            Value::Null,
            json!("makeThing"),
            json!("make"),
            json!("Things_make"),
        ] {
            assert_eq!(
                without(id, other),
                "POST /things: operationId is not in snake_case"
            );
        }
        let mut twice = whole();
        twice["paths"]["/things"]["put"] = twice["paths"]["/things"]["post"].clone();
        let complaint = "PUT /things: operationId `make_thing` is also that of POST /things";
        assert_eq!(check(&twice).unwrap_err().to_string(), complaint);
        for name in ["ThingDto", "ThingJson"] {
            let complaint = format!(
                "schema {name}: the name has an internal suffix; rename it in curation.toml"
            );
            assert_eq!(
                without(
                    &format!("/components/schemas/{name}"),
                    json!({ "description": "d" })
                ),
                complaint
            );
        }
    }

    #[test]
    fn every_missing_part_is_named_at_once() {
        let mut portal = whole();
        put(
            &mut portal,
            "/components/schemas/Thing/description",
            Value::Null,
        );
        put(&mut portal, "/paths/~1things/post/summary", Value::Null);
        let complaints = "POST /things: no summary\nschema Thing: no description";
        assert_eq!(check(&portal).unwrap_err().to_string(), complaints);
    }

    #[test]
    fn a_member_without_a_value_is_a_slip() {
        let mut portal = whole();
        let thing = &mut portal["components"]["schemas"]["Thing"];
        thing["with a comma"] = Value::Null;
        thing["enum"] = json!([null]);
        assert_eq!(
            check(&portal).unwrap_err().to_string(),
            "/components/schemas/Thing: `with a comma` has no value"
        );
    }
}
