//! The journal as `/_mock` shows it: without keys, tokens and secrets. Ours.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use super::Time;
use crate::domain::exchange::{Difference, Exchange, Message};
use crate::domain::ids::Id as _;

/// What stands where a secret was.
const HIDDEN: &str = "[secret]";
/// What stands where a secret was that is another than was expected.
const OTHER_HIDDEN: &str = "[another secret]";
/// What the names of secrets have in them.
const SECRET: [&str; 7] = [
    "secret",
    "token",
    "password",
    "api_key",
    "apikey",
    "private_key",
    "credential",
];

/// A request and its answer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Request")]
pub(crate) struct ExchangeView {
    /// Always `request`.
    object: &'static str,
    /// Its id.
    id: String,
    /// What the environment's clock showed when it came.
    created_at: Time,
    /// The operation of the API; nothing for pages of the portal and for what the API does not have.
    operation: Option<&'static str>,
    /// The method.
    method: String,
    /// The path.
    path: String,
    /// The query, without tokens.
    pub(crate) query: Option<String>,
    /// What was asked.
    pub(crate) request: MessageView,
    /// The status that was answered.
    status: u16,
    /// What was answered.
    pub(crate) response: MessageView,
    /// How long the answer took, in real milliseconds.
    duration_ms: f64,
    /// What was accepted although it is of the past, one sentence each.
    warnings: Vec<String>,
    /// The fault that fired, if one did. Damage is not seen here: this is the answer as it was before.
    fault: Option<String>,
}

/// Headers and a body.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MessageView {
    /// By their names in lower case; several of one name are joined by a comma.
    headers: BTreeMap<String, String>,
    /// The body: JSON as it is, anything else as text; nothing where there was none, or where it was not kept.
    pub(crate) body: Option<Value>,
    /// How many bytes the whole body had.
    length: u64,
    /// Whether only the beginning of it was kept.
    truncated: bool,
}

/// How a request differs from what was expected.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Difference")]
pub(crate) struct DifferenceView {
    /// What differs: `status`, `path`, or a dotted path into the body.
    pub(crate) field: String,
    /// What was expected.
    pub(crate) expected: Value,
    /// What is there; nothing where it is missing.
    pub(crate) found: Option<Value>,
}

impl ExchangeView {
    pub(crate) fn new(exchange: &Exchange) -> Self {
        Self {
            object: "request",
            id: exchange.id.as_str().to_owned(),
            created_at: Time(exchange.at),
            operation: exchange.operation,
            method: exchange.method.to_string(),
            path: exchange.path.to_string(),
            query: exchange.query.as_deref().map(form),
            request: MessageView::new(&exchange.request),
            status: exchange.status,
            response: MessageView::new(&exchange.response),
            duration_ms: (exchange.took.as_secs_f64() * 1e6).round() / 1e3,
            warnings: exchange.warnings.clone(),
            fault: exchange.fault.as_ref().map(ToString::to_string),
        }
    }
}

impl MessageView {
    fn new(message: &Message) -> Self {
        let truncated = message.length > message.body.len() as u64;
        let kind = message.header("content-type").unwrap_or_default();
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &message.headers {
            let value = header(name, value);
            headers
                .entry(name.to_string())
                .and_modify(|values| *values = format!("{values}, {value}"))
                .or_insert_with(|| value.into_owned());
        }
        Self {
            headers,
            body: body(&message.body, kind, truncated),
            length: message.length,
            truncated,
        }
    }
}

impl DifferenceView {
    pub(crate) fn new(difference: &Difference) -> Self {
        let name = difference.field.rsplit('.').next().unwrap_or_default();
        let shown = |value: &Value| {
            let mut value = value.clone();
            hide_member(name, &mut value);
            value
        };
        let expected = shown(&difference.expected);
        let found = difference.found.as_ref().map(shown);
        Self {
            field: difference.field.clone(),
            // Two that look alike are different secrets.
            found: found.map(|found| {
                if found == expected {
                    OTHER_HIDDEN.into()
                } else {
                    found
                }
            }),
            expected,
        }
    }
}

fn header<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    match name {
        "authorization" => match value.split_once(' ') {
            Some((scheme, _)) => format!("{scheme} {HIDDEN}").into(),
            None => HIDDEN.into(),
        },
        "cookie" | "set-cookie" | "workos-mock-control-token" => HIDDEN.into(),
        "location" | "referer" => link(value),
        _ => value.into(),
    }
}

fn body(bytes: &[u8], kind: &str, truncated: bool) -> Option<Value> {
    if bytes.is_empty() {
        return None;
    }
    if let Ok(mut value) = serde_json::from_slice::<Value>(bytes) {
        hide(&mut value);
        return Some(value);
    }
    let text = String::from_utf8_lossy(bytes);
    if kind.starts_with("application/x-www-form-urlencoded") {
        return Some(form(&text).into());
    }
    // Of JSON that is cut, or is none, nobody knows where its secrets are.
    if truncated || kind.contains("json") {
        return None;
    }
    Some(text.into())
}

/// Whether what has this name is a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // What goes into the DNS is no secret.
    name != "verification_token" && SECRET.iter().any(|part| name.contains(part))
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                hide_member(name, member);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::String(text) => {
            if let Cow::Owned(hidden) = link(text) {
                *text = hidden;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn hide_member(name: &str, member: &mut Value) {
    if is_secret(name) && !member.is_null() {
        *member = HIDDEN.into();
    } else {
        hide(member);
    }
}

/// An address without the token in its query.
fn link(text: &str) -> Cow<'_, str> {
    let Some((before, query)) = text.split_once('?') else {
        return text.into();
    };
    if !query.contains("token=") {
        return text.into();
    }
    format!("{before}?{}", form(query)).into()
}

/// Pairs of a query or a form, without secrets.
fn form(text: &str) -> String {
    let mut written = String::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if !written.is_empty() {
            written.push('&');
        }
        let shown = if is_secret(&name) { HIDDEN } else { &value };
        written.push_str(&name);
        written.push('=');
        written.push_str(shown);
    }
    written
}
