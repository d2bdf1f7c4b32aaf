//! The body of an answer, and how it is held against what is declared.

use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use super::{
    Exchange,
    contract::{Declared, Strictness},
    undeclared::Body,
};

/// The one type that a JSON answer of the API has.
const JSON: &str = "application/json; charset=utf-8";

/// A body, read by its type.
pub(super) struct Content {
    media_type: Option<String>,
    body: Option<Value>,
    /// An answer to HEAD says what it would have said, and says it nowhere.
    unsaid: bool,
}

impl Content {
    pub(super) fn read(exchange: &Exchange<'_>, violations: &mut Vec<String>) -> Self {
        Self::read_as(&[JSON], exchange, violations)
    }

    /// The body of an answer of the control API, which says its type in either way.
    pub(super) fn read_control(exchange: &Exchange<'_>, violations: &mut Vec<String>) -> Self {
        Self::read_as(&[JSON, "application/json"], exchange, violations)
    }

    fn read_as(json: &[&str], exchange: &Exchange<'_>, violations: &mut Vec<String>) -> Self {
        let types: Vec<_> = exchange
            .headers
            .get_all(CONTENT_TYPE)
            .iter()
            .map(|value| value.to_str().unwrap_or_default())
            .collect();
        if types.len() > 1 {
            violations.push(format!("several content types: {types:?}"));
        }
        let media_type = types
            .first()
            .and_then(|value| value.split(';').next())
            .map(|essence| essence.trim().to_owned());
        let unsaid = exchange.method == "HEAD";
        let body = match media_type.as_deref() {
            _ if unsaid => None,
            Some("application/json") => {
                if !types.iter().all(|given| json.contains(given)) {
                    violations.push(format!("Content-Type: {types:?} instead of {JSON}"));
                }
                let body = serde_json::from_slice(exchange.body)
                    .inspect_err(|error| violations.push(format!("the body is no JSON: {error}")));
                body.ok()
            }
            _ if exchange.body.is_empty() => None,
            _ => Some(Value::from(String::from_utf8_lossy(exchange.body))),
        };
        Self {
            media_type,
            body,
            unsaid,
        }
    }

    pub(super) fn json(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    pub(super) fn is(&self, expected: Body) -> bool {
        let media_type = if matches!(expected, Body::Text(_)) {
            "text/plain"
        } else {
            "application/json"
        };
        self.media_type.as_deref() == Some(media_type)
            && (self.unsaid || self.json().is_some_and(|body| expected.is(body)))
    }

    /// What is wrong with it as the body of `answer`.
    pub(super) fn violations(&self, answer: &Declared<'_>, strictness: Strictness) -> Vec<String> {
        let declared = answer.media_types();
        match (&self.media_type, declared.as_slice()) {
            (None, []) if self.body.is_none() => Vec::new(),
            (Some(given), declared) if declared.contains(&given.as_str()) => match &self.body {
                Some(body) => answer.violations(given, strictness, body),
                None if self.unsaid => Vec::new(),
                None => vec!["the body is empty".to_owned()],
            },
            (given, declared) => vec![format!(
                "the body is of type {given:?}, declared is {declared:?}"
            )],
        }
    }
}
