//! The page: the document's groups, operations and types, in its order.

use std::collections::BTreeMap;

use askama::Template;
use serde_json::{Map, Value};

use super::types::{Member, Piece, Type, members, pieces, text};
use crate::html::assets::Frame;
use crate::welcome::quoted;

/// The page that describes the control API.
#[derive(Template)]
#[template(path = "control-docs.html")]
pub(super) struct Page {
    frame: Frame,
    about: String,
    /// The refusals that calls have in common.
    refusals: Vec<Answer>,
    groups: Vec<Group>,
    types: Vec<Type>,
}

/// Operations about one thing.
struct Group {
    name: String,
    /// What its heading is called in addresses.
    anchor: String,
    description: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    /// The parameters of its path and its query.
    parameters: Vec<Member>,
    /// Its body's members; nothing when it takes none.
    body: Option<Vec<Member>>,
    /// Its answers, but for the refusals that calls have in common.
    answers: Vec<Answer>,
    /// Calls with what they are examples of.
    calls: Vec<Example>,
}

struct Answer {
    status: String,
    description: String,
    pieces: Vec<Piece>,
}

struct Example {
    what: String,
    line: String,
}

impl Page {
    pub(super) fn new(document: &Value, public_url: &str) -> Self {
        let tags = document["tags"].as_array().into_iter().flatten();
        let groups = tags.map(|tag| Group::new(document, tag, public_url));
        let schemas = document["components"]["schemas"].as_object();
        let schemas = schemas.into_iter().flatten();
        Self {
            frame: Frame::new(),
            about: text(&document["info"]["description"]),
            refusals: refusals(document),
            groups: groups.collect(),
            types: schemas
                .map(|(name, schema)| Type::new(name, schema))
                .collect(),
        }
    }
}

impl Group {
    fn new(document: &Value, tag: &Value, public_url: &str) -> Self {
        let name = text(&tag["name"]);
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.map(move |(method, operation)| (path, method, operation))
        });
        let own = operations.filter(|(_, _, operation)| operation["tags"][0] == name.as_str());
        Self {
            anchor: name.replace(' ', "-"),
            description: text(&tag["description"]),
            operations: own
                .map(|(path, method, operation)| {
                    Operation::new(document, path, method, operation, public_url)
                })
                .collect(),
            name,
        }
    }
}

impl Operation {
    fn new(
        document: &Value,
        path: &str,
        method: &str,
        operation: &Value,
        public_url: &str,
    ) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let content = &operation["requestBody"]["content"]["application/json"];
        let body = content.get("schema");
        let responses = operation["responses"].as_object().into_iter().flatten();
        let method = method.to_ascii_uppercase();
        let examples = content["examples"].as_object();
        Self {
            id: text(&operation["operationId"]),
            summary: text(&operation["summary"]),
            description: text(&operation["description"]),
            parameters: parameters
                // What every call may carry is told once, above.
                .filter(|parameter| parameter["$ref"].is_null())
                .map(|parameter| Member {
                    name: text(&parameter["name"]),
                    pieces: pieces(&parameter["schema"]),
                    required: parameter["required"] == true,
                    description: text(&parameter["description"]),
                })
                .collect(),
            body: body.map(|schema| members(target(document, schema))),
            answers: responses
                .filter(|(_, response)| response["$ref"].is_null())
                .map(|(status, response)| Answer::new(document, status, response))
                .collect(),
            calls: calls(&method, &format!("{public_url}{path}"), examples),
            method,
            path: path.to_owned(),
        }
    }
}

impl Answer {
    fn new(document: &Value, status: &str, response: &Value) -> Self {
        let response = target(document, response);
        let content = response["content"].as_object().into_iter().flatten().next();
        let pieces = match content {
            Some((kind, content)) if kind == "application/json" => pieces(&content["schema"]),
            _ => Vec::new(),
        };
        Self {
            status: status.to_owned(),
            description: text(&response["description"]),
            pieces,
        }
    }
}

/// The refusals that stand apart in the document, each with its status.
fn refusals(document: &Value) -> Vec<Answer> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let responses = operations
        .flat_map(|(_, operation)| operation["responses"].as_object().into_iter().flatten())
        .filter(|(_, response)| response["$ref"].is_string());
    let by_status: BTreeMap<_, _> = responses.collect();
    by_status
        .into_iter()
        .map(|(status, response)| Answer::new(document, status, response))
        .collect()
}

/// What `value` refers to in the document, or itself.
fn target<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let reference = value["$ref"].as_str();
    reference
        .and_then(|reference| document.pointer(reference.trim_start_matches('#')))
        .unwrap_or(value)
}

/// Lines for a terminal: one for each example, or the one call that there is.
fn calls(method: &str, address: &str, examples: Option<&Map<String, Value>>) -> Vec<Example> {
    // What stands in braces is for the reader to fill in; the terminal does not know it, and says so.
    let address = address.replace('{', "$").replace('}', "");
    let line = |body: Option<&Value>| {
        let flag = match (method, body) {
            ("GET", _) | ("POST", Some(_)) => String::new(),
            _ => format!("-X {method} "),
        };
        let body = body.map(|body| {
            let body = quoted(&body.to_string());
            format!(" \\\n  -H 'Content-Type: application/json' \\\n  -d {body}")
        });
        format!("curl {flag}\"{address}\"{}", body.unwrap_or_default())
    };
    match examples {
        None => vec![Example {
            what: String::new(),
            line: line(None),
        }],
        Some(examples) => examples
            .values()
            .map(|example| Example {
                what: text(&example["summary"]),
                line: line(Some(&example["value"])),
            })
            .collect(),
    }
}
