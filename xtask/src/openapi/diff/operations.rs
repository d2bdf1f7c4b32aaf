//! Comparing an operation: parameters, bodies, statuses.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    Found,
    rules::{Direction, Effect, Kind},
    schemas::{ANY, Comparison},
    shape::resolved,
};
use crate::openapi::{curation::OperationKey, cut};

/// The place of a difference that concerns an operation as a whole.
pub(super) const WHOLE: &str = "operation";

const JSON: &str = "application/json";

/// Compares one operation of two documents, either of which may lack it.
pub(super) fn compare<'a>(ours: &'a Value, theirs: &'a Value, key: &OperationKey) -> Found<'a> {
    let mut request = Comparison::new(ours, theirs, Direction::Request);
    let mut response = Comparison::new(ours, theirs, Direction::Response);
    // Its own name keeps a whole operation from being merged with others: it gets a line of its own.
    match (cut::find(ours, key), cut::find(theirs, key)) {
        (Some(before), Some(after)) => {
            deprecated(&mut request, before, after, WHOLE);
            shared(&mut request, before, after);
            parameters(&mut request, before, after, key);
            request_body(&mut request, before, after);
            responses(&mut response, before, after);
        }
        (Some(_), None) => request.removed(WHOLE, json!(key.to_string())),
        (None, _) => request.added(WHOLE, json!(key.to_string()), false),
    }
    let mut found = request.found;
    found.differences.extend(response.found.differences);
    found.reached.extend(response.found.reached);
    found
}

/// What a document says once for every operation, unless an operation says otherwise.
fn shared(comparison: &mut Comparison<'_>, before: &Value, after: &Value) {
    let (ours, theirs) = (comparison.ours, comparison.theirs);
    for (member, kind) in [("servers", Kind::Servers), ("security", Kind::Security)] {
        let was = before.get(member).unwrap_or(&ours[member]);
        let is = after.get(member).unwrap_or(&theirs[member]);
        if was != is {
            comparison.note(member, kind, Effect::Replaces, was.clone(), is.clone());
        }
    }
}

fn parameters<'a>(
    comparison: &mut Comparison<'a>,
    before: &'a Value,
    after: &'a Value,
    key: &OperationKey,
) {
    let before = named(comparison.ours, before, key);
    let after = named(comparison.theirs, after, key);
    let tell = |parameter| json!({ "required": required(parameter), "schema": schema(parameter) });
    for place in names(&before, &after) {
        match (before.get(place), after.get(place)) {
            (Some(was), Some(is)) => {
                comparison.required(required(was), required(is), place);
                let (writing, written) = (serialization(was), serialization(is));
                if writing != written {
                    let kind = Kind::Serialization;
                    comparison.note(place, kind, Effect::Replaces, writing, written);
                }
                deprecated(comparison, was, is, place);
                comparison.schemas(schema(was), schema(is), place);
            }
            (Some(was), None) => comparison.removed(place, tell(was)),
            (None, Some(is)) => comparison.added(place, tell(is), required(is)),
            (None, None) => {}
        }
    }
}

/// The parameters of an operation, those of its path included, by where they stand and their name.
fn named<'a>(
    document: &'a Value,
    operation: &'a Value,
    key: &OperationKey,
) -> BTreeMap<String, &'a Value> {
    let of_path = &document["paths"][&key.path]["parameters"];
    [of_path, &operation["parameters"]]
        .into_iter()
        .filter_map(Value::as_array)
        .flatten()
        .map(|parameter| {
            let parameter = resolved(document, parameter);
            let place = parameter["in"].as_str().unwrap_or_default();
            let name = parameter["name"].as_str().unwrap_or_default();
            match place {
                "header" => (format!("{place} {}", name.to_ascii_lowercase()), parameter),
                _ => (format!("{place} {name}"), parameter),
            }
        })
        .collect()
}

/// How a parameter is written, its defaults filled in.
fn serialization(parameter: &Value) -> Value {
    let default = match parameter["in"].as_str() {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let style = parameter["style"].as_str().unwrap_or(default);
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    let content: Vec<_> = media_types(parameter).collect();
    json!({ "style": style, "explode": explode, "content": content })
}

fn request_body<'a>(comparison: &mut Comparison<'a>, before: &'a Value, after: &'a Value) {
    let place = "request";
    let before = before.get("requestBody");
    let after = after.get("requestBody");
    match (
        before.map(|body| resolved(comparison.ours, body)),
        after.map(|body| resolved(comparison.theirs, body)),
    ) {
        (Some(was), Some(is)) => {
            comparison.required(required(was), required(is), place);
            contents(comparison, was, is, place);
        }
        (Some(_), None) => comparison.removed(place, Value::Null),
        (None, Some(is)) => comparison.added(place, Value::Null, required(is)),
        (None, None) => {}
    }
}

/// Compares the bodies of a request or a response by media type.
fn contents<'a>(comparison: &mut Comparison<'a>, before: &'a Value, after: &'a Value, place: &str) {
    let all: BTreeSet<_> = media_types(before).chain(media_types(after)).collect();
    for media_type in all {
        let (was, is) = (
            before["content"].get(media_type),
            after["content"].get(media_type),
        );
        match (was, is) {
            (Some(was), Some(is)) if media_type == JSON => {
                comparison.schemas(schema(was), schema(is), place);
            }
            (Some(was), Some(is)) => {
                comparison.schemas(schema(was), schema(is), &format!("{place} {media_type}"));
            }
            (Some(_), None) => comparison.removed(&format!("{place} {media_type}"), Value::Null),
            (None, _) => comparison.added(&format!("{place} {media_type}"), Value::Null, false),
        }
    }
}

fn responses<'a>(comparison: &mut Comparison<'a>, before: &'a Value, after: &'a Value) {
    let by_status = |document: &'a Value, operation: &'a Value| -> BTreeMap<String, &'a Value> {
        let responses = operation["responses"].as_object().into_iter().flatten();
        responses
            .map(|(status, response)| (status.clone(), resolved(document, response)))
            .collect()
    };
    let before = by_status(comparison.ours, before);
    let after = by_status(comparison.theirs, after);
    let is_success = |status: &str| status.starts_with('2');
    for status in names(&before, &after) {
        let place = format!("response {status}");
        match (before.get(status), after.get(status)) {
            (Some(was), Some(is)) => {
                contents(comparison, was, is, &place);
                headers(comparison, was, is, &place);
            }
            (Some(_), None) if is_success(status) => comparison.removed(&place, Value::Null),
            // Who handles a refusal that is no longer made loses nothing.
            (Some(_), None) => {
                let effect = Effect::Neutral;
                comparison.note(&place, Kind::Removed, effect, Value::Null, Value::Null);
            }
            (None, is) => {
                // A reader of successes can read one more of a body it knows, and has to expect any refusal.
                let body = is.and_then(|is| is.get("content"));
                let is_known = before
                    .iter()
                    .any(|(known, was)| is_success(known) && was.get("content") == body);
                let effect = if is_success(status) && !is_known {
                    Effect::Widens
                } else {
                    Effect::Neutral
                };
                comparison.note(&place, Kind::Added, effect, Value::Null, Value::Null);
            }
        }
    }
}

fn headers<'a>(comparison: &mut Comparison<'a>, before: &'a Value, after: &'a Value, place: &str) {
    let by_name = |document: &'a Value, response: &'a Value| -> BTreeMap<String, &'a Value> {
        let headers = response["headers"].as_object().into_iter().flatten();
        headers
            .map(|(name, header)| (name.to_ascii_lowercase(), resolved(document, header)))
            .collect()
    };
    let before = by_name(comparison.ours, before);
    let after = by_name(comparison.theirs, after);
    let tell = |header| json!({ "required": required(header), "schema": schema(header) });
    for name in names(&before, &after) {
        let place = format!("{place} header {name}");
        match (before.get(name), after.get(name)) {
            (Some(was), Some(is)) => {
                comparison.required(required(was), required(is), &place);
                comparison.schemas(schema(was), schema(is), &place);
            }
            (Some(was), None) => comparison.removed(&place, tell(was)),
            (None, Some(is)) => comparison.added(&place, tell(is), required(is)),
            (None, None) => {}
        }
    }
}

fn deprecated(comparison: &mut Comparison<'_>, before: &Value, after: &Value, place: &str) {
    let (before, after) = (before.get("deprecated"), after.get("deprecated"));
    comparison.keyword("deprecated", before, after, place);
}

/// The names that occur on either side.
fn names<'m, T>(
    before: &'m BTreeMap<String, T>,
    after: &'m BTreeMap<String, T>,
) -> BTreeSet<&'m String> {
    before.keys().chain(after.keys()).collect()
}

fn required(carrier: &Value) -> bool {
    carrier["required"] == true
}

/// The schema of a parameter, header or media type; without one, anything goes.
fn schema(carrier: &Value) -> &Value {
    let content = || {
        carrier["content"]
            .as_object()?
            .values()
            .next()?
            .get("schema")
    };
    carrier.get("schema").or_else(content).unwrap_or(&ANY)
}

fn media_types(carrier: &Value) -> impl Iterator<Item = &String> {
    let content = carrier["content"].as_object();
    content.into_iter().flat_map(|content| content.keys())
}
