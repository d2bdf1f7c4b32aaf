//! Answers of the mock's own API.

use serde_json::{Value, json};

use super::{headers, judged, passed_with, refused_with};

#[test]
fn control_calls_are_held_against_their_own_document() {
    let clock = json!({"now": "2026-01-01T00:00:00.000000001Z", "frozen": true});
    let violations = |request: &str, status, body: &Value| judged(request, status, body).violations;
    let none = Vec::<String>::new();
    assert_eq!(violations("GET /_mock/clock", 200, &clock), none);
    assert_eq!(violations("HEAD /_mock/clock", 405, &json!(null)).len(), 2);

    let mut planted = clock.clone();
    planted["planted"] = json!(1);
    let told = violations("PATCH /_mock/clock", 200, &planted);
    assert!(
        told.len() == 1 && told[0].starts_with("control.json: the body: "),
        "{told:?}"
    );
    let told = violations("GET /_mock/clock", 201, &clock);
    assert_eq!(told, ["control.json: get_clock does not declare 201"]);

    let refusal = json!({"message": "Not Found"});
    assert_eq!(violations("GET /_mock/nothing", 404, &refusal), none);
    let told = violations("GET /_mock/nothing", 200, &refusal);
    assert_eq!(
        told,
        ["control.json: there is no GET /_mock/nothing to answer 200"]
    );
    assert_eq!(violations("GET /_mock/nothing", 404, &json!({})).len(), 1);
    let with = headers(&[("content-type", "application/json"), ("allow", "GET,PATCH")]);
    let body = refusal.to_string();
    passed_with("PUT /_mock/clock", 405, &with, body.as_bytes());
    let without = headers(&[("content-type", "application/json"), ("allow", "GET")]);
    refused_with("PUT /_mock/clock", 405, &without, body.as_bytes());
}
