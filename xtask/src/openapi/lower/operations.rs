//! Operations: one success body, one error body, parameters with types of their own.

use serde_json::{Map, Value, json};

use super::{Lowering, Usage, to};
use crate::openapi::cut;

impl Lowering<'_> {
    pub(super) fn paths(&mut self) -> Value {
        let portal = self.portal;
        let mut paths = Map::new();
        for (key, operation) in cut::operations(portal) {
            let place = key.to_string();
            let mut lowered = Map::new();
            for member in [
                "operationId",
                "summary",
                "description",
                "tags",
                "deprecated",
            ] {
                if let Some(value) = operation.get(member) {
                    lowered.insert(member.to_owned(), value.clone());
                }
            }
            let shared = portal["paths"][&key.path]["parameters"]
                .as_array()
                .into_iter()
                .flatten();
            let parameters: Vec<_> = shared
                .chain(operation["parameters"].as_array().into_iter().flatten())
                .map(|parameter| self.parameter(parameter, &place))
                .collect();
            if !parameters.is_empty() {
                lowered.insert("parameters".to_owned(), parameters.into());
            }
            if let Some(body) = operation.get("requestBody") {
                lowered.insert("requestBody".to_owned(), self.request_body(body, &place));
            }
            lowered.insert(
                "responses".to_owned(),
                self.responses(&operation["responses"], &place),
            );
            let item = paths.entry(key.path).or_insert_with(|| json!({}));
            item[key.method] = lowered.into();
        }
        paths.into()
    }

    /// progenitor ignores `explode` and passes `..` through, so comma-separated arrays and path segments become types
    /// that the client crate writes by hand.
    fn parameter(&mut self, parameter: &Value, place: &str) -> Value {
        let parameter = self.resolve(parameter).clone();
        let place = format!(
            "{place}, parameter `{}`",
            parameter["name"].as_str().unwrap_or_default()
        );
        let schema = &parameter["schema"];
        let lowered = match parameter["in"].as_str() {
            Some("path") => to("PathSegment"),
            Some("query") if schema["type"] == "array" => {
                if parameter["style"] != "form" || parameter["explode"] != false {
                    self.problem(
                        &place,
                        "an array that is not comma-separated cannot be expressed",
                    );
                }
                to("CommaSeparated")
            }
            // The generator would turn `minimum: 1` into a type that is a burden to make, and drop `maximum`.
            Some("query") if schema["type"] == "integer" => {
                json!({ "type": "integer", "format": "uint32", "minimum": 0 })
            }
            Some("query" | "header") => {
                let lowered = self.schema(schema, Usage::Request, &place);
                if lowered["type"] == "array" || lowered["type"] == "object" {
                    self.problem(&place, "a list or an object cannot be expressed here");
                }
                lowered
            }
            _ => {
                self.problem(
                    &place,
                    "only path, query and header parameters can be expressed",
                );
                json!({})
            }
        };
        let mut kept = json!({ "name": parameter["name"], "in": parameter["in"], "description": parameter["description"] });
        if parameter["required"] == true {
            kept["required"] = true.into();
        }
        if parameter["deprecated"] == true {
            kept["deprecated"] = true.into();
        }
        kept["schema"] = lowered;
        kept
    }

    /// The client always sends the body, also where a server could do without it.
    fn request_body(&mut self, body: &Value, place: &str) -> Value {
        let body = self.resolve(body).clone();
        let place = format!("{place}, request body");
        let schema = &body["content"]["application/json"]["schema"];
        if body["content"]
            .as_object()
            .is_none_or(|content| content.len() != 1)
            || schema.is_null()
        {
            self.problem(&place, "only a JSON body can be expressed");
        }
        let schema = self.schema(schema, Usage::Request, &place);
        json!({
            "description": body["description"],
            "required": true,
            "content": { "application/json": { "schema": schema } },
        })
    }

    /// The generator takes one body for every success and one for every error, and asserts without a name otherwise.
    fn responses(&mut self, responses: &Value, place: &str) -> Value {
        let mut success = Vec::new();
        let mut description = Value::Null;
        for (status, response) in responses.as_object().into_iter().flatten() {
            let response = self.resolve(response).clone();
            match status.as_bytes() {
                [b'2', ..] => {
                    let schema = &response["content"]["application/json"]["schema"];
                    let lowered = (!schema.is_null()).then(|| {
                        self.schema(
                            schema,
                            Usage::Response,
                            &format!("{place}, response {status}"),
                        )
                    });
                    if !success.contains(&lowered) {
                        success.push(lowered);
                    }
                    if description.is_null() {
                        description = response["description"].clone();
                    }
                }
                [b'4' | b'5', _, _] => {}
                _ => self.problem(place, &format!("status {status} cannot be expressed")),
            }
        }
        if success.len() != 1 {
            self.problem(
                place,
                &format!(
                    "{} different success bodies; one can be expressed",
                    success.len()
                ),
            );
        }
        let mut ok = json!({ "description": description });
        if let Some(Some(schema)) = success.pop() {
            ok["content"] = json!({ "application/json": { "schema": schema } });
        }
        let error = |description: &str| json!({ "description": description, "content": { "application/json": { "schema": to("ApiError") } } });
        json!({
            "2XX": ok,
            "4XX": error("WorkOS refused the request."),
            "5XX": error("WorkOS could not answer."),
        })
    }
}
