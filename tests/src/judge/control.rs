//! Answers of the mock's own API, the calls under `/_mock`, held against `control.json`.

use serde_json::Value;

use super::{
    Exchange,
    content::Content,
    contract::{CONTROL, Operation, Strictness},
};

/// What holds for an answer of the mock's own API: a success is what its document says, closed; a refusal is one that it
/// declares, in its envelope.
pub(super) fn of_operation(
    exchange: &Exchange<'_>,
    operation: &Operation,
    violations: &mut Vec<String>,
) {
    let Some(answer) = CONTROL.answer(operation, exchange.status) else {
        violations.push(format!(
            "control.json: {} does not declare {}",
            operation.id, exchange.status
        ));
        return;
    };
    let strictness = if exchange.status < 300 {
        Strictness::Closed
    } else {
        Strictness::Open
    };
    let content = Content::read_control(exchange, violations);
    violations.extend(content.violations(&answer, strictness));
}

/// What holds for an answer under `/_mock` where there is no operation.
pub(super) fn without_operation(
    exchange: &Exchange<'_>,
    expected: &[u16],
    violations: &mut Vec<String>,
) {
    let (method, path, status) = (exchange.method, exchange.path, exchange.status);
    if !expected.contains(&status) {
        violations.push(format!(
            "control.json: there is no {method} {path} to answer {status}"
        ));
    }
    let content = Content::read_control(exchange, violations);
    let message = content.json().map(|body| &body["message"]);
    if exchange.method != "HEAD" && !message.is_some_and(Value::is_string) {
        violations.push("a refusal has no message".to_owned());
    }
}
