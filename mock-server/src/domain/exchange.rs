//! Exchanges: a request that an environment got, and what it answered. And what a test expects of them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::ids::{ExchangeId, FaultId};

/// A request and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) id: ExchangeId,
    /// What the environment's clock showed when the request came.
    pub(crate) at: Timestamp,
    /// The operation of the API, if it was one.
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: Box<str>,
    pub(crate) path: Box<str>,
    pub(crate) query: Option<Box<str>>,
    pub(crate) request: Message,
    pub(crate) status: u16,
    pub(crate) response: Message,
    /// How long the answer took, in real time.
    pub(crate) took: Duration,
    /// What was accepted although it is of the past, one sentence each.
    pub(crate) warnings: Vec<String>,
    /// The fault that fired, if one did.
    pub(crate) fault: Option<FaultId>,
}

/// Headers and a body.
#[derive(Clone, Default)]
pub(crate) struct Message {
    /// Names in lower case, in the order in which they came.
    pub(crate) headers: Vec<(Box<str>, Box<str>)>,
    /// The beginning of the body.
    pub(crate) body: Box<[u8]>,
    /// How long the whole body was.
    pub(crate) length: u64,
}

// A message has keys and tokens in it.
impl std::fmt::Debug for Message {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Message")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl Message {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(known, _)| &**known == name)
            .map(|(_, value)| &**value)
    }

    /// The body as JSON, if that is what it is and all of it is there.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// What a request is expected to be. What is left out may be anything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expectation {
    pub(crate) operation: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) status: Option<u16>,
    /// Every member that is given has to be in the body, with this value.
    pub(crate) body: Option<Value>,
}

/// How a request differs from what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// What differs: `status`, `path`, or a dotted path into the body.
    pub(crate) field: String,
    pub(crate) expected: Value,
    /// What is there; nothing where it is missing.
    pub(crate) found: Option<Value>,
}

impl Expectation {
    /// Everything in which a request differs.
    pub(crate) fn differences(&self, exchange: &Exchange) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut text = |field: &str, expected: &Option<String>, found: Option<&str>| {
            if let Some(expected) = expected
                && Some(expected.as_str()) != found
            {
                differences.push(Difference {
                    field: field.to_owned(),
                    expected: expected.as_str().into(),
                    found: found.map(Value::from),
                });
            }
        };
        text("operation", &self.operation, exchange.operation);
        text("method", &self.method, Some(&exchange.method));
        text("path", &self.path, Some(&exchange.path));
        if let Some(status) = self.status
            && status != exchange.status
        {
            differences.push(Difference {
                field: "status".to_owned(),
                expected: status.into(),
                found: Some(exchange.status.into()),
            });
        }
        if let Some(expected) = &self.body {
            let found = exchange.request.json();
            compare("body", expected, found.as_ref(), &mut differences);
        }
        differences
    }
}

/// Compares what is expected with what is there. Objects may have more members, lists are the same element by element.
fn compare(field: &str, expected: &Value, found: Option<&Value>, into: &mut Vec<Difference>) {
    match (expected, found) {
        (Value::Object(expected), Some(Value::Object(found))) => {
            for (name, expected) in expected {
                compare(&format!("{field}.{name}"), expected, found.get(name), into);
            }
        }
        (Value::Array(expected), Some(Value::Array(found))) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(&format!("{field}.{index}"), expected, Some(found), into);
            }
        }
        // What is to be `null` may be left out.
        (Value::Null, None) => {}
        (expected, found) if Some(expected) == found => {}
        (expected, found) => into.push(Difference {
            field: field.to_owned(),
            expected: expected.clone(),
            found: found.cloned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use ulid::Ulid;

    use super::*;

    fn exchange(body: &Value) -> Exchange {
        Exchange {
            id: ExchangeId::new(Ulid(1)),
            at: Timestamp::UNIX_EPOCH,
            operation: Some("generate_portal_link"),
            method: "POST".into(),
            path: "/portal/generate_link".into(),
            query: None,
            request: Message {
                body: body.to_string().into_bytes().into(),
                ..Message::default()
            },
            status: 201,
            response: Message::default(),
            took: Duration::ZERO,
            warnings: Vec::new(),
            fault: None,
        }
    }

    fn fields(expectation: &Expectation, body: &Value) -> Vec<String> {
        let differences = expectation.differences(&exchange(body)).into_iter();
        differences.map(|difference| difference.field).collect()
    }

    #[test]
    fn what_is_expected_may_be_a_part() {
        let expected = |body: Value| Expectation {
            body: Some(body),
            ..Expectation::default()
        };
        let body = json!({"organization": "org_1", "intent": "sso", "list": [1, {"a": 1, "b": 2}]});
        for part in [
            json!({}),
            json!({"intent": "sso"}),
            json!({"list": [1, {"a": 1}]}),
            json!({"return_url": null}),
        ] {
            assert_eq!(fields(&expected(part), &body), [""; 0]);
        }
        for (part, field) in [
            (json!({"intent": "dsync"}), "body.intent"),
            (json!({"return_url": "x"}), "body.return_url"),
            (json!({"list": [1]}), "body.list"),
            (json!({"list": [1, {"a": 2}]}), "body.list.1.a"),
            (json!([]), "body"),
        ] {
            assert_eq!(fields(&expected(part), &body), [field]);
        }
    }

    #[test]
    fn everything_that_differs_is_told() {
        let expectation = Expectation {
            operation: Some("revoke_portal_link".into()),
            method: Some("DELETE".into()),
            path: Some("/".into()),
            status: Some(204),
            body: Some(json!({"a": 1})),
        };
        let all = ["operation", "method", "path", "status", "body.a"];
        assert_eq!(fields(&expectation, &json!({})), all);
    }
}
