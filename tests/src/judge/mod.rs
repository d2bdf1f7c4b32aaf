//! The judge: holds every answer against WorkOS's own document and against the contract of this project.
//!
//! A success has to satisfy both, closed at every object. An error has to satisfy WorkOS's schema for its status, which says
//! little, and to match the contract exactly. What only the contract has is judged by the contract. What WorkOS sends without
//! declaring it is on the list [`UNDECLARED`].

mod closed;
mod content;
mod contract;
mod control;
mod undeclared;

#[cfg(test)]
mod tests;

use reqwest::header::{ALLOW, CONTENT_TYPE, HeaderMap};
use serde_json::Value;

use self::{content::Content, contract::Strictness};
pub use self::{
    contract::{CONTROL, Document, Operation, PORTAL, UPSTREAM},
    undeclared::{Body, Operations, UNDECLARED, Undeclared, takes_body},
};

/// One answer, and the request that it answers.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The request's method.
    pub method: &'a str,
    /// The request's path, as it was sent, without the query.
    pub path: &'a str,
    /// The answer's status.
    pub status: u16,
    /// The answer's headers.
    pub headers: &'a HeaderMap,
    /// The answer's body.
    pub body: &'a [u8],
}

/// What the judge found.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The operation that answered, where one did.
    pub operation: Option<&'static Operation>,
    /// The answer's status.
    pub status: u16,
    /// The entry that allows what WorkOS does not declare.
    pub excuse: Option<&'static Undeclared>,
    /// What is wrong; nothing, in a good answer.
    pub violations: Vec<String>,
}

/// Whose answer it is.
enum Subject {
    Operation(&'static Operation),
    /// A path of the API, asked with a method that it does not have; these are the ones it has.
    NoMethod(Vec<&'static str>),
    NoPath,
    /// A call of the mock's own API.
    Control(&'static Operation),
    /// A path of the mock's own API, asked with a method that it does not have.
    NoControlMethod(Vec<&'static str>),
    /// A path under `/_mock` that is none.
    NoControlPath,
    /// A page, an icon or the health check: not part of WorkOS's API.
    Elsewhere,
}

/// Paths that are not part of WorkOS's API.
const ELSEWHERE: [&str; 9] = [
    "/_mock",
    "/health",
    "/portal/launch",
    "/portal/sessions",
    "/portal/assets",
    "/provider-icons",
    "/favicon.ico",
    "/exports",
    "/sso/saml",
];

/// The types of what is not part of the API.
const TYPES_ELSEWHERE: [&str; 9] = [
    "text/html; charset=utf-8",
    "text/css; charset=utf-8",
    "text/javascript; charset=utf-8",
    "text/event-stream",
    "text/csv; charset=utf-8",
    "image/svg+xml",
    "application/samlmetadata+xml",
    "application/json",
    "application/json; charset=utf-8",
];

/// Judges an answer of a server whose API keys are `secrets`.
#[must_use]
pub fn judge(exchange: &Exchange<'_>, secrets: &[String]) -> Verdict {
    let mut verdict = Verdict {
        status: exchange.status,
        ..Verdict::default()
    };
    always(exchange, secrets, &mut verdict.violations);
    match subject(exchange) {
        Subject::Operation(operation) if is_injected(exchange) => {
            verdict.operation = Some(operation);
            api(exchange, &mut verdict.violations);
            injected(exchange, operation, &mut verdict.violations);
        }
        Subject::Operation(operation) => {
            verdict.operation = Some(operation);
            api(exchange, &mut verdict.violations);
            of_operation(exchange, operation, &mut verdict);
        }
        Subject::NoMethod(methods) => {
            api(exchange, &mut verdict.violations);
            without_operation(exchange, Operations::NoMethod, &mut verdict);
            allow(exchange.headers, &methods, &mut verdict.violations);
        }
        Subject::NoPath => {
            api(exchange, &mut verdict.violations);
            without_operation(exchange, Operations::NoPath, &mut verdict);
        }
        Subject::Control(operation) => {
            elsewhere(exchange, &mut verdict.violations);
            control::of_operation(exchange, operation, &mut verdict.violations);
        }
        Subject::NoControlMethod(methods) => {
            elsewhere(exchange, &mut verdict.violations);
            let expected = [401, 403, 405];
            control::without_operation(exchange, &expected, &mut verdict.violations);
            if exchange.status == 405 {
                allow(exchange.headers, &methods, &mut verdict.violations);
            }
        }
        Subject::NoControlPath => {
            elsewhere(exchange, &mut verdict.violations);
            control::without_operation(exchange, &[401, 403, 404], &mut verdict.violations);
        }
        Subject::Elsewhere => elsewhere(exchange, &mut verdict.violations),
    }
    verdict
}

fn subject(exchange: &Exchange<'_>) -> Subject {
    let matching = PORTAL.matching(exchange.path);
    let method = if exchange.method == "HEAD" {
        "GET"
    } else {
        exchange.method
    };
    if let Some(operation) = matching.iter().find(|operation| operation.method == method) {
        return Subject::Operation(operation);
    }
    let elsewhere = |prefix: &str| {
        let rest = exchange.path.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
    };
    let methods = |matching: &[&'static Operation]| {
        let methods = matching.iter().map(|operation| operation.method.as_str());
        methods.collect()
    };
    if !matching.is_empty() {
        return Subject::NoMethod(methods(&matching));
    }
    if elsewhere("/_mock") {
        let matching = CONTROL.matching(exchange.path);
        let asked = matching.iter().find(|operation| operation.method == method);
        return match asked {
            Some(operation) => Subject::Control(operation),
            None if matching.is_empty() => Subject::NoControlPath,
            None => Subject::NoControlMethod(methods(&matching)),
        };
    }
    if ELSEWHERE.iter().any(|prefix| elsewhere(prefix)) {
        Subject::Elsewhere
    } else {
        Subject::NoPath
    }
}

/// What holds for every answer of the server.
fn always(exchange: &Exchange<'_>, secrets: &[String], violations: &mut Vec<String>) {
    let Exchange {
        status,
        headers,
        body,
        ..
    } = *exchange;
    if status >= 500 && !is_injected(exchange) {
        violations.push(format!("{status}: no request may make the server fail"));
    }
    let contains = |text: &[u8], secret: &String| {
        text.windows(secret.len())
            .any(|window| window == secret.as_bytes())
    };
    for secret in secrets {
        if contains(body, secret)
            || headers
                .values()
                .any(|value| contains(value.as_bytes(), secret))
        {
            violations.push("an API key is in the answer".to_owned());
        }
    }
    if exchange.method == "HEAD" && !body.is_empty() {
        violations.push("an answer to HEAD has a body".to_owned());
    }
}

/// What holds for every answer of the API.
fn api(exchange: &Exchange<'_>, violations: &mut Vec<String>) {
    for name in exchange
        .headers
        .keys()
        .filter(|name| name.as_str().starts_with("access-control-"))
    {
        violations.push(format!(
            "{name}: a secret key has no place in a browser, so there are no CORS headers"
        ));
    }
    let ids: Vec<_> = exchange.headers.get_all("x-request-id").iter().collect();
    let [id] = ids.as_slice() else {
        violations.push(format!("{} headers X-Request-Id instead of one", ids.len()));
        return;
    };
    if !id.to_str().is_ok_and(is_random_uuid) {
        violations.push(format!("X-Request-Id: {id:?} is no UUID of version 4"));
    }
}

/// Whether a test has asked for this answer.
fn is_injected(exchange: &Exchange<'_>) -> bool {
    exchange.headers.contains_key("workos-mock-fault")
}

/// What holds for an answer that a test has asked for, declared or not: every SDK can read it as an error of WorkOS's.
fn injected(exchange: &Exchange<'_>, operation: &Operation, violations: &mut Vec<String>) {
    let content = Content::read(exchange, violations);
    let message = content.json().map(|body| &body["message"]);
    let bare = operation.id == "list_directory_users" && exchange.status == 429;
    let readable = if bare {
        content.json().is_some_and(|body| body == "Ratelimited")
    } else {
        message.is_some_and(Value::is_string)
    };
    if !readable {
        violations.push("an injected fault has no body that an SDK can read".to_owned());
    }
    if exchange.status < 400 {
        violations.push("a fault is no success".to_owned());
    }
    if exchange.status == 429 && !exchange.headers.contains_key("retry-after") {
        violations.push("a 429 does not say when to try again".to_owned());
    }
}

/// What holds for every answer that is not the API's: it is ours, not the framework's.
fn elsewhere(exchange: &Exchange<'_>, violations: &mut Vec<String>) {
    let content_type = exchange
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !exchange.body.is_empty()
        && !content_type.is_some_and(|given| TYPES_ELSEWHERE.contains(&given))
    {
        violations.push(format!(
            "Content-Type: {content_type:?} is none that the server gives"
        ));
    }
}

/// Whether `text` is a UUID of version 4, written in lower case.
fn is_random_uuid(text: &str) -> bool {
    let of_its_kind = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        14 => byte == b'4',
        19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    text.len() == 36 && text.bytes().enumerate().all(of_its_kind)
}

fn of_operation(exchange: &Exchange<'_>, operation: &'static Operation, verdict: &mut Verdict) {
    let status = exchange.status;
    let content = Content::read(exchange, &mut verdict.violations);
    let success = (200..300).contains(&status);
    if let Some(operation) = UPSTREAM.operation(&operation.method, &operation.path) {
        let strictness = if success {
            Strictness::Closed
        } else {
            Strictness::Open
        };
        let undeclared = match UPSTREAM.answer(operation, status) {
            Some(answer) => content.violations(&answer, strictness),
            None => vec![format!(
                "WorkOS: {} {} does not declare {status}",
                operation.method, operation.path
            )],
        };
        excuse(
            undeclared,
            &content,
            |entry| entry.is_given_by_upstream(operation),
            verdict,
        );
    }
    let Some(answer) = PORTAL.answer(operation, status) else {
        verdict.violations.push(format!(
            "portal.json: {} does not declare {status}",
            operation.id
        ));
        return;
    };
    verdict
        .violations
        .extend(content.violations(&answer, Strictness::Closed));
    for (name, validator) in answer.headers() {
        let value = exchange
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok());
        let valid = value.is_some_and(|value| {
            let number = value
                .parse::<u64>()
                .ok()
                .filter(|number| number.to_string() == value);
            validator.is_valid(&number.map_or_else(|| Value::from(value), Value::from))
        });
        if !valid {
            verdict
                .violations
                .push(format!("portal.json: the header {name} is {value:?}"));
        }
    }
}

fn without_operation(exchange: &Exchange<'_>, operations: Operations, verdict: &mut Verdict) {
    let content = Content::read(exchange, &mut verdict.violations);
    let undeclared = vec![format!(
        "{} {} is answered {}",
        exchange.method, exchange.path, exchange.status
    )];
    excuse(
        undeclared,
        &content,
        |entry| entry.operations == operations,
        verdict,
    );
}

/// Puts what WorkOS does not declare among the violations, unless an entry of the list allows it.
fn excuse(
    undeclared: Vec<String>,
    content: &Content,
    applies: impl Fn(&Undeclared) -> bool,
    verdict: &mut Verdict,
) {
    if undeclared.is_empty() {
        return;
    }
    let mut entries = UNDECLARED
        .iter()
        .filter(|entry| entry.status == verdict.status && applies(entry));
    match entries.find(|entry| content.is(entry.body)) {
        Some(entry) => verdict.excuse = Some(entry),
        None => verdict.violations.extend(undeclared),
    }
}

fn allow(headers: &HeaderMap, methods: &[&str], violations: &mut Vec<String>) {
    let named: Vec<&str> = headers
        .get(ALLOW)
        .and_then(|value| value.to_str().ok())
        .map(|value| value.split(',').map(str::trim).collect())
        .unwrap_or_default();
    let wanted =
        |method: &&str| methods.contains(method) || (*method == "HEAD" && methods.contains(&"GET"));
    if !methods.iter().all(|method| named.contains(method)) || !named.iter().all(wanted) {
        violations.push(format!(
            "Allow names {named:?}, and the path has {methods:?}"
        ));
    }
}

/// What is wrong with an event, as webhooks bring it: it has to be one that `GET /events` could list, by WorkOS's document and
/// by the contract.
///
/// # Panics
/// When a document has no such list.
#[must_use]
pub fn event_violations(event: &Value) -> Vec<String> {
    let list =
        serde_json::json!({"object": "list", "data": [event], "list_metadata": {"after": null}});
    let of = |document: &'static Document| {
        let operation = document.operation("GET", "/events").expect("events");
        let answer = document.answer(operation, 200).expect("a list of events");
        answer.violations("application/json", Strictness::Closed, &list)
    };
    [of(&UPSTREAM), of(&PORTAL)].concat()
}
