//! Comparing an operation: parameters, bodies, statuses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    Found,
    rules::{Direction, Effect, Kind},
    schemas::Comparison,
    shape::resolved,
};
use crate::openapi::{curation::OperationKey, cut};

/// The place of a difference that concerns an operation as a whole.
pub(super) const WHOLE: &str = "operation";

/// A body without a schema may be anything.
static ANY: Value = Value::Bool(true);
const JSON: &str = "application/json";

/// Compares one operation of two documents, either of which may lack it.
pub(super) fn compare<'a>(ours: &'a Value, theirs: &'a Value, key: &OperationKey) -> Found<'a> {
    let mut request = Comparison::new(ours, theirs, Direction::Request);
    let (before, after) = match (cut::find(ours, key), cut::find(theirs, key)) {
        (Some(before), Some(after)) => (before, after),
        (Some(_), None) => {
            request.note(
                WHOLE,
                Kind::Removed,
                Effect::Replaces,
                json!(key.to_string()),
                Value::Null,
            );
            return request.found;
        }
        (None, _) => {
            request.note(
                WHOLE,
                Kind::Added,
                Effect::Neutral,
                Value::Null,
                json!(key.to_string()),
            );
            return request.found;
        }
    };
    let flag = |operation: &Value| json!(operation["deprecated"] == true);
    if flag(before) != flag(after) {
        request.note(
            WHOLE,
            Kind::Deprecated,
            Effect::Neutral,
            flag(before),
            flag(after),
        );
    }
    around(&mut request, before, after);
    parameters(&mut request, before, after, key);
    request_body(
        &mut request,
        before.get("requestBody"),
        after.get("requestBody"),
    );
    let mut response = Comparison::new(ours, theirs, Direction::Response);
    responses(&mut response, before, after);
    let mut found = request.found;
    found.differences.extend(response.found.differences);
    found.reached.extend(response.found.reached);
    found
}

/// What the document says once for every operation, unless an operation says otherwise.
fn around(comparison: &mut Comparison<'_>, before: &Value, after: &Value) {
    let (ours, theirs) = (comparison.ours, comparison.theirs);
    for (member, kind) in [("servers", Kind::Servers), ("security", Kind::Security)] {
        let was = before.get(member).unwrap_or(&ours[member]);
        let is = after.get(member).unwrap_or(&theirs[member]);
        if was != is {
            comparison.note(member, kind, Effect::Replaces, was.clone(), is.clone());
        }
    }
}

/// The parameters of an operation, those of its path included, by where they stand and their name.
fn named<'a>(
    document: &'a Value,
    operation: &'a Value,
    key: &OperationKey,
) -> BTreeMap<String, &'a Value> {
    let shared = &document["paths"][&key.path]["parameters"];
    let all = [shared, &operation["parameters"]]
        .into_iter()
        .filter_map(Value::as_array)
        .flatten();
    all.map(|parameter| {
        let parameter = resolved(document, parameter);
        let place = parameter["in"].as_str().unwrap_or_default();
        let name = parameter["name"].as_str().unwrap_or_default();
        let name = if place == "header" {
            name.to_ascii_lowercase()
        } else {
            name.to_owned()
        };
        (format!("{place} {name}"), parameter)
    })
    .collect()
}

fn parameters<'a>(
    comparison: &mut Comparison<'a>,
    before: &'a Value,
    after: &'a Value,
    key: &OperationKey,
) {
    let (ours, theirs) = (comparison.ours, comparison.theirs);
    let (before, after) = (named(ours, before, key), named(theirs, after, key));
    for place in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let is_required = |parameter: &Value| parameter["required"] == true;
        let tell = |parameter: &Value| json!({ "required": is_required(parameter), "schema": schema(parameter) });
        match (before.get(place), after.get(place)) {
            (Some(was), None) => comparison.note(
                place,
                Kind::Removed,
                Effect::Replaces,
                tell(was),
                Value::Null,
            ),
            (None, Some(is)) => {
                let effect = if is_required(is) {
                    Effect::Narrows
                } else {
                    Effect::Neutral
                };
                comparison.note(place, Kind::Added, effect, Value::Null, tell(is));
            }
            (Some(was), Some(is)) => {
                comparison.required(is_required(was), is_required(is), place);
                let (writing, written) = (serialization(was), serialization(is));
                if writing != written {
                    comparison.note(
                        place,
                        Kind::Serialization,
                        Effect::Replaces,
                        writing,
                        written,
                    );
                }
                let (was_old, is_old) = (was["deprecated"] == true, is["deprecated"] == true);
                if was_old != is_old {
                    comparison.note(
                        place,
                        Kind::Deprecated,
                        Effect::Neutral,
                        json!(was_old),
                        json!(is_old),
                    );
                }
                comparison.schemas(schema(was), schema(is), place);
            }
            (None, None) => {}
        }
    }
}

/// How a parameter is written, its defaults filled in.
fn serialization(parameter: &Value) -> Value {
    let default = if matches!(parameter["in"].as_str(), Some("query" | "cookie")) {
        "form"
    } else {
        "simple"
    };
    let style = parameter["style"].as_str().unwrap_or(default);
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    let content: Vec<_> = parameter["content"]
        .as_object()
        .into_iter()
        .flat_map(|content| content.keys())
        .collect();
    json!({ "style": style, "explode": explode, "content": content })
}

/// The schema of a parameter, header or media type.
fn schema(carrier: &Value) -> &Value {
    carrier.get("schema").unwrap_or(&ANY)
}

fn request_body<'a>(
    comparison: &mut Comparison<'a>,
    before: Option<&'a Value>,
    after: Option<&'a Value>,
) {
    let before = before.map(|body| resolved(comparison.ours, body));
    let after = after.map(|body| resolved(comparison.theirs, body));
    let is_required = |body: &Value| body["required"] == true;
    match (before, after) {
        (Some(was), None) => {
            comparison.note(
                "request",
                Kind::Removed,
                Effect::Replaces,
                json!({ "required": is_required(was) }),
                Value::Null,
            );
        }
        (None, Some(is)) => {
            let effect = if is_required(is) {
                Effect::Narrows
            } else {
                Effect::Neutral
            };
            comparison.note(
                "request",
                Kind::Added,
                effect,
                Value::Null,
                json!({ "required": is_required(is) }),
            );
        }
        (Some(was), Some(is)) => {
            comparison.required(is_required(was), is_required(is), "request");
            contents(comparison, was, is, "request", Effect::Neutral);
        }
        (None, None) => {}
    }
}

/// Compares bodies by media type. `added` is what a further media type does.
fn contents<'a>(
    comparison: &mut Comparison<'a>,
    before: &'a Value,
    after: &'a Value,
    place: &str,
    added: Effect,
) {
    let (before, after) = (&before["content"], &after["content"]);
    let media_types = |content: &'a Value| {
        content
            .as_object()
            .into_iter()
            .flat_map(|content| content.keys())
    };
    for media_type in media_types(before)
        .chain(media_types(after))
        .collect::<BTreeSet<_>>()
    {
        let place = if media_type == JSON {
            place.to_owned()
        } else {
            format!("{place} ({media_type})")
        };
        match (before.get(media_type), after.get(media_type)) {
            (Some(was), Some(is)) => comparison.schemas(schema(was), schema(is), &place),
            (Some(_), None) => {
                let place = format!("{place} body");
                comparison.note(
                    &place,
                    Kind::Removed,
                    Effect::Replaces,
                    json!(media_type),
                    Value::Null,
                );
            }
            (None, _) => {
                let place = format!("{place} body");
                comparison.note(&place, Kind::Added, added, Value::Null, json!(media_type));
            }
        }
    }
}

fn responses<'a>(comparison: &mut Comparison<'a>, before: &'a Value, after: &'a Value) {
    let (ours, theirs) = (comparison.ours, comparison.theirs);
    let by_status = |document: &'a Value, operation: &'a Value| -> BTreeMap<&'a str, &'a Value> {
        let responses = operation["responses"].as_object().into_iter().flatten();
        responses
            .map(|(status, response)| (status.as_str(), resolved(document, response)))
            .collect()
    };
    let (before, after) = (by_status(ours, before), by_status(theirs, after));
    let is_success = |status: &str| status.starts_with('2');
    for status in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let place = format!("response {status}");
        match (before.get(status), after.get(status)) {
            (Some(_), None) => {
                // Who handles a refusal that is no longer made loses nothing.
                let effect = if is_success(status) {
                    Effect::Replaces
                } else {
                    Effect::Narrows
                };
                comparison.note(&place, Kind::Removed, effect, json!(status), Value::Null);
            }
            (None, Some(is)) => {
                // A reader of successes can read one more of a body it knows, and has to expect any refusal.
                let is_known = before.iter().any(|(known, was)| {
                    is_success(known) && was.get("content") == is.get("content")
                });
                let effect = if is_success(status) && !is_known {
                    Effect::Widens
                } else {
                    Effect::Neutral
                };
                comparison.note(&place, Kind::Added, effect, Value::Null, json!(status));
            }
            (Some(was), Some(is)) => {
                contents(comparison, was, is, &place, Effect::Neutral);
                headers(comparison, was, is, &place);
            }
            (None, None) => {}
        }
    }
}

fn headers<'a>(comparison: &mut Comparison<'a>, before: &'a Value, after: &'a Value, place: &str) {
    let (ours, theirs) = (comparison.ours, comparison.theirs);
    let by_name = |document: &'a Value, response: &'a Value| -> BTreeMap<String, &'a Value> {
        let headers = response["headers"].as_object().into_iter().flatten();
        headers
            .map(|(name, header)| (name.to_ascii_lowercase(), resolved(document, header)))
            .collect()
    };
    let (before, after) = (by_name(ours, before), by_name(theirs, after));
    for name in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let place = format!("{place} header {name}");
        let is_required = |header: &Value| header["required"] == true;
        match (before.get(name), after.get(name)) {
            (Some(was), Some(is)) => {
                comparison.required(is_required(was), is_required(is), &place);
                comparison.schemas(schema(was), schema(is), &place);
            }
            (Some(was), None) => comparison.note(
                &place,
                Kind::Removed,
                Effect::Replaces,
                schema(was).clone(),
                Value::Null,
            ),
            (None, Some(is)) => comparison.note(
                &place,
                Kind::Added,
                Effect::Neutral,
                Value::Null,
                schema(is).clone(),
            ),
            (None, None) => {}
        }
    }
}
