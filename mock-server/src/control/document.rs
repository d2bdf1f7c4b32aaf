//! The control API's own OpenAPI document, made of its routes and of the types that they take and answer.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::answer::ErrorBody;
use super::route::{Route, Success};
use super::{CONTROL_TOKEN, routes};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| of(&routes()));

/// The document, made once.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

const ABOUT: &str = "What a test does with the mock beyond what an app does: its clock, its environments, what is \
delivered, what goes wrong. A call is about the environment whose API key it carries, or about the one that the server \
started with when it carries none.";

fn of(routes: &[Route]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let error = generator.subschema_for::<ErrorBody>();
    let mut paths = Map::new();
    for route in routes {
        let operation = operation(route, &error, &mut generator);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "workos-portal-mock: control API",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "http://127.0.0.1:4100" }],
        "security": [{ "apiKey": [] }, {}],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of the environment that the call is about.",
                },
                "controlToken": {
                    "type": "apiKey",
                    "in": "header",
                    "name": CONTROL_TOKEN.as_str(),
                    "description": "On a server with a control token every call carries it.",
                },
            },
        },
    })
}

fn operation(route: &Route, error: &Schema, generator: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "operationId": route.id,
        "summary": route.summary,
    });
    if !route.description.is_empty() {
        operation["description"] = route.description.into();
    }
    let mut parameters = path_parameters(route.path);
    if let Some(query) = route.query {
        parameters.extend(query_parameters(&query(generator), generator));
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = route.body {
        operation["requestBody"] = json!({
            "content": { "application/json": { "schema": body(generator) } },
        });
    }
    operation["responses"] = responses(route, error, generator);
    operation
}

fn responses(route: &Route, error: &Schema, generator: &mut SchemaGenerator) -> Value {
    let Success {
        status,
        description,
        body,
    } = &route.success;
    let mut responses = Map::new();
    let mut success = json!({ "description": description });
    if let Some(body) = body {
        success["content"] = json!({ "application/json": { "schema": body(generator) } });
    }
    responses.insert(status.to_string(), success);
    let mut refusals = vec![
        (
            401,
            "The key opens nothing, or the control token is missing.",
        ),
        (
            403,
            "The key may not do this, the control token is wrong, or the call comes from a page of another origin or under a name that \
             is not this server's.",
        ),
    ];
    if route.body.is_some() {
        refusals.extend([
            (400, "The body is not JSON."),
            (408, "The body did not come in time."),
            (413, "The body is too large."),
            (415, "The body is not declared as JSON."),
        ]);
    }
    refusals.push((
        422,
        "What the call says cannot be accepted; every reason is named.",
    ));
    refusals.extend(route.refuses);
    refusals.sort_by_key(|(status, _)| *status);
    for (status, description) in refusals {
        let refusal = json!({
            "description": description,
            "content": { "application/json": { "schema": error } },
        });
        responses.insert(status.to_string(), refusal);
    }
    responses.into()
}

/// What stands in braces in a path.
fn path_parameters(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?;
        name.strip_suffix('}')
    });
    names
        .map(|name| {
            json!({
                "name": name,
                "in": "path",
                "required": true,
                "description": "What it is about, by its id.",
                "schema": { "type": "string" },
            })
        })
        .collect()
}

/// The members of an object as parameters of a query.
fn query_parameters(schema: &Schema, generator: &SchemaGenerator) -> Vec<Value> {
    let schema = schema.as_value();
    let name = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next());
    let schema = name
        .and_then(|name| generator.definitions().get(name))
        .unwrap_or(schema);
    let required = schema["required"].as_array();
    let is_required =
        |name: &str| required.is_some_and(|names| names.iter().any(|other| other == name));
    let members = schema["properties"].as_object().into_iter().flatten();
    members
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            let description = schema
                .as_object_mut()
                .and_then(|members| members.remove("description"));
            json!({
                "name": name,
                "in": "query",
                "required": is_required(name),
                "description": description,
                "schema": schema,
            })
        })
        .collect()
}
