//! The control API's own OpenAPI document, made of its routes and of the types that they take and answer.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::answer::ErrorBody;
use super::route::{Group, Route, Success};
use super::{CONTROL_TOKEN, ENVIRONMENT, groups};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| of(&groups()));

/// The document, made once.
pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

const ABOUT: &str = "What a test does with the mock beyond what an app does: its clock, its environments, what is \
delivered, what goes wrong. A call is about the environment whose API key it carries. Without a key it is about the one \
that WorkOS-Mock-Environment names, or about the one that the server started with. A call that cannot be followed changes nothing and says why, member by member.";

/// The refusals that every operation has, and those of every operation with a body, under the names of their components.
const REFUSALS: [(&str, u16, &str); 7] = [
    ("MalformedJson", 400, "The body is not JSON."),
    (
        "Unauthorized",
        401,
        "The key opens nothing, or the control token is missing.",
    ),
    (
        "Forbidden",
        403,
        "The key may not do this, the control token is wrong, or the call comes from a page of another origin or under a name that \
         is not this server's.",
    ),
    ("TooSlow", 408, "The body did not come in time."),
    ("TooLarge", 413, "The body is too large."),
    ("NotJson", 415, "The body is not declared as JSON."),
    (
        "Invalid",
        422,
        "What the call says cannot be accepted; every reason is named.",
    ),
];
/// Those of them that only a body can bring about.
const OF_BODIES: [u16; 4] = [400, 408, 413, 415];

fn of(groups: &[Group]) -> Value {
    let mut schemas = Schemas::new();
    let error = schemas.answers.subschema_for::<ErrorBody>();
    let mut paths = Map::new();
    for group in groups {
        for route in &group.routes {
            let operation = operation(group, route, &error, &mut schemas);
            let path = paths.entry(route.path).or_insert_with(|| json!({}));
            path[route.method.as_str().to_ascii_lowercase()] = operation;
        }
    }
    let tags = groups
        .iter()
        .map(|group| json!({ "name": group.name, "description": group.description }));
    let responses: Map<String, Value> = REFUSALS
        .iter()
        .map(|(name, _, description)| ((*name).to_owned(), refusal(description, &error)))
        .collect();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "workos-portal-mock: control API",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "http://127.0.0.1:4100" }],
        "security": [{}, { "apiKey": [] }, { "controlToken": [] }, { "apiKey": [], "controlToken": [] }],
        "tags": tags.collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas.definitions(),
            "parameters": {
                "Environment": {
                    "name": ENVIRONMENT.as_str(),
                    "in": "header",
                    "description": "The environment that a call is about that carries no key, by its id. With a key it can only be the \
                                    key's own.",
                    "schema": { "type": "string" },
                },
            },
            "responses": responses,
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
    });
    tidy(&mut document);
    document
}

/// What is taken and what is answered are read in two ways: a member that may be left out of a call is always in an answer.
struct Schemas {
    calls: SchemaGenerator,
    answers: SchemaGenerator,
}

impl Schemas {
    fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        Self {
            calls: settings.clone().into_generator(),
            answers: settings.for_serialize().into_generator(),
        }
    }

    /// Every schema by its name.
    ///
    /// # Panics
    /// When two types of one name differ, which is seen as soon as any call comes.
    fn definitions(mut self) -> Map<String, Value> {
        let mut all = self.calls.take_definitions(true);
        for (name, schema) in self.answers.take_definitions(true) {
            let taken = all.insert(name.clone(), schema.clone());
            assert!(
                taken.is_none_or(|taken| taken == schema),
                "{name} is taken and answered in two forms"
            );
        }
        all.sort_keys();
        all
    }
}

fn operation(group: &Group, route: &Route, error: &Schema, schemas: &mut Schemas) -> Value {
    let mut operation = json!({
        "operationId": route.id,
        "tags": [group.name],
        "summary": route.summary,
    });
    if !route.description.is_empty() {
        operation["description"] = route.description.into();
    }
    let mut parameters = path_parameters(route);
    if let Some(query) = route.query {
        parameters.extend(query_parameters(&query(&mut schemas.calls), &schemas.calls));
    }
    parameters.push(json!({ "$ref": "#/components/parameters/Environment" }));
    operation["parameters"] = parameters.into();
    if let Some(body) = route.body {
        let schema = body(&mut schemas.calls);
        let members = &resolved(&schema, &schemas.calls)["required"];
        let required = route.needs_body || members.is_array();
        let mut content = json!({ "schema": schema });
        if !route.examples.is_empty() {
            content["examples"] = examples(route).into();
        }
        operation["requestBody"] = json!({
            "required": required,
            "content": { "application/json": content },
        });
    }
    operation["responses"] = responses(route, error, &mut schemas.answers);
    operation
}

/// # Panics
/// When an example is no JSON, which a test sees.
fn examples(route: &Route) -> Map<String, Value> {
    let examples = route.examples.iter().enumerate();
    examples
        .map(|(index, (what, body))| {
            let value: Value = serde_json::from_str(body).expect("an example is JSON");
            let example = json!({ "summary": what, "value": value });
            (format!("example{}", index + 1), example)
        })
        .collect()
}

fn responses(route: &Route, error: &Schema, generator: &mut SchemaGenerator) -> Value {
    let Success {
        status,
        description,
        body,
    } = &route.success;
    let mut success = json!({ "description": description });
    if let Some((media_type, body)) = body {
        success["content"][*media_type] = json!({ "schema": body(generator) });
    }
    let mut responses = vec![(*status, success)];
    responses.extend(
        route
            .empty
            .map(|description| (204, json!({ "description": description }))),
    );
    for (name, status, _) in REFUSALS {
        if route.body.is_some() || !OF_BODIES.contains(&status) {
            let reference = format!("#/components/responses/{name}");
            responses.push((status, json!({ "$ref": reference })));
        }
    }
    for (status, description) in &route.refuses {
        responses.push((*status, refusal(description, error)));
    }
    responses.sort_by_key(|(status, _)| *status);
    let named = responses
        .into_iter()
        .map(|(status, response)| (status.to_string(), response));
    Value::Object(named.collect())
}

fn refusal(description: &str, error: &Schema) -> Value {
    json!({
        "description": description,
        "content": { "application/json": { "schema": error } },
    })
}

/// What stands in braces in a path.
fn path_parameters(route: &Route) -> Vec<Value> {
    let names = route.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?;
        name.strip_suffix('}')
    });
    names
        .map(|name| {
            let mut described = route.names.iter();
            let described = described.find_map(|(known, what)| (*known == name).then_some(*what));
            json!({
                "name": name,
                "in": "path",
                "required": true,
                "description": described.unwrap_or("What it is about, by its id."),
                "schema": { "type": "string" },
            })
        })
        .collect()
}

/// The members of an object as parameters of a query.
fn query_parameters(schema: &Schema, generator: &SchemaGenerator) -> Vec<Value> {
    let schema = resolved(schema, generator);
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
            // What is left out of a query is nothing; there is no way to write null.
            if let Some(kinds) = schema["type"].as_array() {
                let mut kinds = kinds.iter().filter(|kind| *kind != "null");
                if let (Some(only), None) = (kinds.next(), kinds.next()) {
                    schema["type"] = only.clone();
                }
            }
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

/// What a schema refers to, if it refers to one that is defined.
fn resolved<'s>(schema: &'s Schema, generator: &'s SchemaGenerator) -> &'s Value {
    let schema = schema.as_value();
    let name = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next());
    name.and_then(|name| generator.definitions().get(name))
        .unwrap_or(schema)
}

/// Takes out what is Rust's and says nothing to others: sizes of integers, nothing as a usual value, marks and line breaks of
/// documentation.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, member| match name.as_str() {
                "format" => !member
                    .as_str()
                    .is_some_and(|format| format.starts_with("uint")),
                "default" => !member.is_null(),
                _ => true,
            });
            if let Some(Value::String(description)) = members.get_mut("description") {
                *description = description.replace('\n', " ").replace("`WorkOS`", "WorkOS");
            }
            members.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}
