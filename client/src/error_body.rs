//! Makes one shape of the many in which the API and what stands before it report errors.

use reqwest::StatusCode;
use serde_json::{Map, Value, json};

use crate::Secret;

const TEXTS: [&str; 5] = ["message", "code", "error", "error_description", "entity_id"];
const DETAIL_TEXTS: [&str; 4] = ["field", "code", "message", "instancePath"];

/// What stands where a key stood.
const STRUCK_OUT: &str = "[redacted]";

/// The longest plain text that is taken for a message, in characters.
const MAX_PLAIN_TEXT: usize = 300;

/// What the body of an error says, as a JSON object that `ApiError` can always hold.
///
/// A body that says nothing readable gets a message that says what it was. The API key is struck out
/// wherever the body repeats it.
pub(crate) fn normalise(
    status: StatusCode,
    content_type: Option<&str>,
    body: &[u8],
    api_key: &Secret,
) -> Value {
    let mut error = match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => members,
        Ok(Value::String(message)) => message_only(message),
        Ok(value @ Value::Array(_)) => text(&value).map(message_only).unwrap_or_default(),
        Ok(_) => Map::new(),
        Err(_) => plain_text(content_type, body)
            .map(message_only)
            .unwrap_or_default(),
    };
    let mut lenient = Map::new();
    for name in TEXTS {
        if let Some(text) = error.get(name).and_then(text) {
            lenient.insert(name.to_owned(), text.into());
        }
    }
    if let Some(seconds) = error
        .get("retry_after_seconds")
        .filter(|seconds| seconds.is_number())
    {
        lenient.insert("retry_after_seconds".to_owned(), seconds.clone());
    }
    let details: Vec<Value> = match error.remove("errors") {
        Some(Value::Array(details)) => details.into_iter().filter_map(detail).collect(),
        Some(other) => detail(other).into_iter().collect(),
        None => Vec::new(),
    };
    if !details.is_empty() {
        lenient.insert("errors".to_owned(), details.into());
    }
    if !["message", "error", "error_description"]
        .iter()
        .any(|name| lenient.contains_key(*name))
    {
        lenient.insert("message".to_owned(), description(status, body).into());
    }
    let mut error = Value::Object(lenient);
    if !api_key.expose().is_empty() {
        redact(&mut error, api_key.expose());
    }
    error
}

/// The body without the API key, should it repeat it.
pub(crate) fn strike_out(mut body: Vec<u8>, api_key: &Secret) -> Vec<u8> {
    let key = api_key.expose().as_bytes();
    if key.is_empty() {
        return body;
    }
    let mut start = 0;
    while let Some(found) = body[start..]
        .windows(key.len())
        .position(|part| part == key)
    {
        let found = start + found;
        body.splice(found..found + key.len(), STRUCK_OUT.bytes());
        start = found + STRUCK_OUT.len();
    }
    body
}

fn message_only(message: String) -> Map<String, Value> {
    Map::from_iter([("message".to_owned(), message.into())])
}

/// One of `errors`; some are bare texts.
fn detail(detail: Value) -> Option<Value> {
    match detail {
        Value::Object(members) => {
            let texts = DETAIL_TEXTS
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), text(members.get(*name)?)?.into())));
            Some(Value::Object(texts.collect()))
        }
        other => text(&other).map(|message| json!({ "message": message })),
    }
}

/// A text, or the texts of a list in one; other values as JSON.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(text).collect();
            (!items.is_empty()).then(|| items.join("; "))
        }
        other => Some(other.to_string()),
    }
}

fn plain_text(content_type: Option<&str>, body: &[u8]) -> Option<String> {
    let text = str::from_utf8(body).ok()?.trim();
    let plain = content_type.is_none_or(|content_type| content_type.starts_with("text/plain"));
    let readable = !text.is_empty() && !text.starts_with('<') && !text.contains(char::is_control);
    (plain && readable && text.chars().count() <= MAX_PLAIN_TEXT).then(|| text.to_owned())
}

fn description(status: StatusCode, body: &[u8]) -> String {
    let reason = status.canonical_reason().unwrap_or("error");
    if body.is_empty() {
        format!("{reason} (the answer has no readable body)")
    } else {
        format!(
            "{reason} (the answer's body of {} bytes has no message)",
            body.len()
        )
    }
}

/// Strikes the API key out of every text.
fn redact(value: &mut Value, api_key: &str) {
    match value {
        Value::String(text) if text.contains(api_key) => {
            *text = text.replace(api_key, STRUCK_OUT);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, api_key)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| redact(member, api_key)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(body: impl AsRef<[u8]>) -> Value {
        normalise(
            StatusCode::BAD_GATEWAY,
            None,
            body.as_ref(),
            &Secret::from("sk_test_1"),
        )
    }

    #[test]
    fn the_apis_own_shapes_are_kept() {
        let body = json!({
            "message": "Validation failed", "code": "invalid", "entity_id": "org_1", "retry_after_seconds": 1.5,
            "errors": [{ "field": "a", "code": "b", "message": "c", "instancePath": "/d" }],
        });
        assert_eq!(normalised(body.to_string()), body);
    }

    #[test]
    fn texts_in_other_types_become_texts() {
        assert_eq!(
            normalised(r#"{"message":["a","b"],"error":"Bad Request"}"#),
            json!({ "message": "a; b", "error": "Bad Request" })
        );
        assert_eq!(
            normalised(r#"{"message":"m","code":42,"extra":{}}"#),
            json!({ "message": "m", "code": "42" })
        );
        assert_eq!(
            normalised(r#"{"message":"m","errors":["x",{"field":3},null]}"#),
            json!({ "message": "m", "errors": [{ "message": "x" }, { "field": "3" }] })
        );
        assert_eq!(
            normalised(r#"{"message":"m","errors":{"code":"x"}}"#),
            json!({ "message": "m", "errors": [{ "code": "x" }] })
        );
    }

    #[test]
    fn a_body_that_is_no_object_is_the_message() {
        assert_eq!(
            normalised(r#""Ratelimited""#),
            json!({ "message": "Ratelimited" })
        );
        assert_eq!(
            normalised("upstream connect error\n"),
            json!({ "message": "upstream connect error" })
        );
    }

    #[test]
    fn a_body_without_a_message_is_described() {
        for body in [
            "",
            "null",
            "7",
            "[]",
            "{}",
            "<html>sk</html>",
            "\"\"",
            "{\"message\":null}",
            "a\u{7}b",
        ] {
            let message = normalised(body)["message"].as_str().unwrap().to_owned();
            assert!(
                message.starts_with("Bad Gateway (the answer"),
                "{body}: {message}"
            );
        }
        assert!(
            normalised([0xff, 0xfe])["message"]
                .as_str()
                .unwrap()
                .contains("2 bytes")
        );
    }

    #[test]
    fn the_key_is_struck_out() {
        for key in ["sk_test_1", r#"sk_"\"#] {
            let text = format!("Invalid API key {key}.");
            let body =
                json!({ "message": text, "errors": [{ "message": text }, text] }).to_string();
            let error = normalise(
                StatusCode::UNAUTHORIZED,
                None,
                body.as_bytes(),
                &Secret::from(key),
            );
            let struck = json!({ "message": "Invalid API key [redacted]." });
            let errors = json!([struck, struck]);
            assert_eq!(
                (&error["message"], &error["errors"]),
                (&struck["message"], &errors)
            );
        }
    }

    #[test]
    fn a_key_that_is_part_of_a_members_name_spoils_nothing() {
        let body = normalise(
            StatusCode::UNAUTHORIZED,
            None,
            br#"{"message":"Nope"}"#,
            &Secret::from("e"),
        );
        assert_eq!(body, json!({"message": "Nop[redacted]"}));
    }

    #[test]
    fn the_key_is_struck_out_of_the_raw_body_too() {
        for (body, left) in [
            ("", ""),
            ("sk_test_1", "[redacted]"),
            ("a sk_test_1 b sk_test_1", "a [redacted] b [redacted]"),
            ("sk_test_sk_test_1", "sk_test_[redacted]"),
            ("sk_test_", "sk_test_"),
        ] {
            let struck = strike_out(body.into(), &Secret::from("sk_test_1"));
            assert_eq!(String::from_utf8(struck).unwrap(), left);
        }
        assert_eq!(strike_out(vec![0, 255], &Secret::from("")), [0, 255]);
    }
}
