//! Every rule that the contract states about a request, broken one at a time, in every operation. The requests are derived from
//! `portal.json`: a rule that is new there is broken here, and a keyword that nobody knows how to break fails.

mod cases;
mod schemas;

use contract_tests::{
    Reply,
    judge::{Operation, PORTAL},
};
use insta::assert_snapshot;
use serde_json::json;

use self::cases::{Case, Expected, Request, cases};
use crate::world::World;

/// Checks an answer against what the contract says about the rule; gives what it said, in one line.
fn told(operation: &Operation, case: &Case, reply: &Reply) -> String {
    let declared = &PORTAL.root()["paths"][operation.path.as_str()]
        [operation.method.to_lowercase().as_str()]["x-violations"];
    let body = reply.json();
    let line = match &case.expected {
        Expected::Special(special) => {
            assert_eq!(json!(reply.status), special["status"], "{reply}");
            let all = json!({"message": special["message"], "code": special["code"]});
            assert_eq!(body, all, "{reply}");
            format!("{}: {}", all["code"], all["message"])
        }
        Expected::Error(_) if declared["shape"] == "messages" => {
            assert_eq!(json!(reply.status), declared["status"], "{reply}");
            let message = body["message"][0].as_str().expect("a sentence");
            assert_eq!(
                body,
                json!({"message": [message], "error": "Bad Request"}),
                "{reply}"
            );
            assert_sentence(message, case);
            format!("{message:?}")
        }
        Expected::Error(code) => {
            assert_eq!(reply.status, 422, "{reply}");
            let message = body["errors"][0]["message"].as_str().expect("a sentence");
            let error = json!({"field": case.field, "code": code, "message": message});
            let all = json!({"message": "Validation failed", "code": "invalid_request_parameters", "errors": [error]});
            assert_eq!(body, all, "{reply}");
            assert_sentence(message, case);
            format!("{code:?}: {message:?}")
        }
    };
    format!("{} {}: {} {line}", case.field, case.rule, reply.status)
}

#[track_caller]
fn assert_sentence(message: &str, case: &Case) {
    let subject = match case.field.as_str() {
        "body" => "The body",
        field => field,
    };
    assert!(
        message.starts_with(&format!("{subject} "))
            || message.starts_with(&format!("Each value of {subject} ")),
        "{message} is not about {subject}"
    );
    assert!(message.ends_with(['.', '?']), "{message}");
}

#[tokio::test]
async fn every_rule_of_the_contract() {
    let world = World::start().await;
    let before = world.everything().await;
    let mut lines = Vec::new();
    for operation in PORTAL.operations() {
        let (method, path) = (operation.method.as_str(), world.path(operation));
        let mut of_operation: Vec<String> = Vec::new();
        for case in cases(operation) {
            let reply = match &case.request {
                Request::Query(query) => world.server.call(method, &format!("{path}?{query}")),
                Request::Body(body) => {
                    assert!(!PORTAL.accepts(operation, body), "{body} breaks nothing");
                    world.server.call(method, &path).json(body)
                }
            };
            let line = told(operation, &case, &reply.send().await);
            if !of_operation.contains(&line) {
                of_operation.push(line);
            }
        }
        if of_operation.is_empty() {
            continue;
        }
        lines.push(format!("{method} {}", operation.path));
        lines.extend(of_operation.into_iter().map(|line| format!("  {line}")));
        assert_eq!(
            world.everything().await,
            before,
            "{method} {path} has changed something"
        );
    }
    assert_snapshot!(lines.join("\n"));
}
