//! The judge is tried before it judges.

mod control;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::{Exchange, Verdict, judge};

const ID: &str = "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b";

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (
            name.parse::<HeaderName>().expect("a name"),
            value.parse::<HeaderValue>().expect("a value"),
        )
    };
    pairs.iter().map(pair).collect()
}

fn judged(request: &str, status: u16, body: &Value) -> Verdict {
    let headers = headers(&[
        ("content-type", "application/json; charset=utf-8"),
        ("x-request-id", ID),
    ]);
    judged_with(request, status, &headers, body.to_string().as_bytes())
}

fn judged_with(request: &str, status: u16, headers: &HeaderMap, body: &[u8]) -> Verdict {
    let (method, path) = request.split_once(' ').expect("a method and a path");
    judge(
        &Exchange {
            method,
            path,
            status,
            headers,
            body,
        },
        &["sk_secret".to_owned()],
    )
}

#[track_caller]
fn passed_with(request: &str, status: u16, headers: &HeaderMap, body: &[u8]) {
    let verdict = judged_with(request, status, headers, body);
    assert_eq!(
        verdict.violations,
        Vec::<String>::new(),
        "{request} {status}"
    );
}

#[track_caller]
fn refused_with(request: &str, status: u16, headers: &HeaderMap, body: &[u8]) {
    let verdict = judged_with(request, status, headers, body);
    assert!(!verdict.violations.is_empty(), "{request} {status}");
}

fn domain() -> Value {
    json!({
        "object": "organization_domain", "id": "org_domain_1", "organization_id": "org_1", "domain": "example.com",
        "state": "verified", "verification_strategy": "manual",
        "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z",
    })
}

fn organization() -> Value {
    json!({
        "object": "organization", "id": "org_1", "name": "Example", "domains": [domain()], "metadata": {"tier": "gold"},
        "external_id": null, "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z",
    })
}

fn list() -> Value {
    json!({"object": "list", "data": [organization()], "list_metadata": {"before": null, "after": null}})
}

#[track_caller]
fn assert_refused(verdict: &Verdict, both: bool, why: &str) {
    let by = |name: &str| {
        verdict
            .violations
            .iter()
            .any(|violation| violation.starts_with(name) && violation.contains(why))
    };
    assert!(
        by("portal.json") && by("WorkOS") == both,
        "{why}: {:#?}",
        verdict.violations
    );
}

#[test]
fn a_good_answer_passes() {
    let verdict = judged("GET /organizations", 200, &list());
    assert_eq!(verdict.violations, Vec::<String>::new());
    assert_eq!(
        verdict.operation.expect("an operation").id,
        "list_organizations"
    );
    assert_eq!(
        judged("POST /organizations", 201, &organization()).violations,
        Vec::<String>::new()
    );
    assert_eq!(
        judged("GET /organizations/external_id/a%2Fb", 200, &organization()).violations,
        Vec::<String>::new()
    );
}

#[test]
fn a_member_more_is_refused_at_every_level() {
    for place in ["", "/list_metadata", "/data/0", "/data/0/domains/0"] {
        let mut body = list();
        let object = body
            .pointer_mut(place)
            .and_then(Value::as_object_mut)
            .expect("an object");
        object.insert("planted".to_owned(), json!(1));
        assert_refused(&judged("GET /organizations", 200, &body), true, "planted");
    }
}

#[test]
fn a_member_less_is_refused_at_every_level() {
    for (place, member) in [
        ("", "list_metadata"),
        ("/list_metadata", "after"),
        ("/data/0", "external_id"),
        ("/data/0/domains/0", "updated_at"),
    ] {
        let mut body = list();
        body.pointer_mut(place)
            .and_then(Value::as_object_mut)
            .expect("an object")
            .remove(member);
        assert_refused(&judged("GET /organizations", 200, &body), true, member);
    }
}

#[test]
fn closing_reaches_through_references_and_branches() {
    let event = json!({
        "object": "event", "id": "event_1", "event": "organization_domain.verified", "created_at": "2026-01-01T00:00:00.000Z",
        "data": {"object": "organization_domain", "id": "org_domain_1", "organization_id": "org_1", "domain": "example.com",
            "state": "verified", "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z"},
    });
    let list =
        |event: Value| json!({"object": "list", "data": [event], "list_metadata": {"after": null}});
    let good = judged("GET /events", 200, &list(event.clone()));
    assert_eq!(good.violations, Vec::<String>::new());
    for place in ["", "/data"] {
        let mut event = event.clone();
        event
            .pointer_mut(place)
            .and_then(Value::as_object_mut)
            .expect("an object")
            .insert("planted".to_owned(), json!(1));
        let verdict = judged("GET /events", 200, &list(event));
        assert!(!verdict.violations.is_empty(), "{place}");
    }
}

#[test]
fn what_is_open_by_declaration_stays_open() {
    let mut body = organization();
    body["metadata"] = json!({"any": "key"});
    assert_eq!(
        judged("GET /organizations/org_1", 200, &body).violations,
        Vec::<String>::new()
    );
    body["metadata"] = json!({"any": 1});
    assert_refused(
        &judged("GET /organizations/org_1", 200, &body),
        true,
        "metadata",
    );
}

#[test]
fn times_are_in_utc_with_milliseconds() {
    for time in [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.000000Z",
        "2026-01-01T00:00:00.000+00:00",
        "2026-13-01T00:00:00.000Z",
    ] {
        let mut body = organization();
        body["created_at"] = json!(time);
        assert_refused(
            &judged("GET /organizations/org_1", 200, &body),
            true,
            "created_at",
        );
    }
}

#[test]
fn a_status_has_to_be_declared() {
    assert_refused(
        &judged("POST /organizations", 200, &organization()),
        true,
        "does not declare 200",
    );
    assert_refused(
        &judged("GET /organizations", 409, &json!({"message": "No"})),
        true,
        "does not declare 409",
    );
    let verdict = judged("GET /portal/providers", 404, &json!({"message": "No"}));
    assert_refused(&verdict, false, "does not declare 404");
}

#[test]
fn an_error_satisfies_workos_and_matches_the_contract_exactly() {
    let error = json!({"field": "name", "code": "name_required", "message": "name is required."});
    let body = |error: &Value| json!({"message": "Validation failed", "code": "invalid_request_parameters", "errors": [error]});
    assert_eq!(
        judged("POST /organizations", 422, &body(&error)).violations,
        Vec::<String>::new()
    );
    let mut planted = error;
    planted["planted"] = json!(1);
    assert_refused(
        &judged("POST /organizations", 422, &body(&planted)),
        false,
        "planted",
    );
    assert_refused(
        &judged(
            "POST /organizations",
            422,
            &json!({"code": "x", "errors": []}),
        ),
        true,
        "message",
    );
    assert_refused(
        &judged(
            "POST /organizations",
            400,
            &json!({"message": "No", "code": "invented"}),
        ),
        true,
        "the body",
    );
}

#[test]
fn what_workos_does_not_declare_needs_its_entry() {
    let verdict = judged(
        "GET /organizations",
        401,
        &json!({"message": "Unauthorized"}),
    );
    assert_eq!(verdict.violations, Vec::<String>::new());
    assert_eq!(verdict.excuse.expect("an entry").status, 401);
    let other = judged("GET /organizations", 401, &json!({"message": "No"}));
    assert!(other.excuse.is_none() && !other.violations.is_empty());
}

#[test]
fn a_status_without_a_body_has_none() {
    let id = headers(&[("x-request-id", ID)]);
    let typed = headers(&[("x-request-id", ID), ("content-type", "text/plain")]);
    passed_with("POST /portal/revoke_link", 204, &id, b"");
    refused_with("POST /portal/revoke_link", 204, &id, b"x");
    refused_with("POST /portal/revoke_link", 204, &typed, b"");
    refused_with("GET /organizations", 200, &id, b"");
    passed_with("DELETE /organizations/org_1", 202, &typed, b"Accepted");
    refused_with("DELETE /organizations/org_1", 202, &typed, b"OK");
    refused_with("DELETE /organizations/org_1", 202, &id, b"");
}

#[test]
fn headers_are_judged_too() {
    let body = list().to_string();
    for (pairs, why) in [
        (
            &[("content-type", "application/json"), ("x-request-id", ID)][..],
            "Content-Type",
        ),
        (
            &[("content-type", "application/json; charset=utf-8")],
            "X-Request-Id",
        ),
        (
            &[
                ("content-type", "application/json; charset=utf-8"),
                ("x-request-id", &ID.replace("-4", "-1")),
            ],
            "version 4",
        ),
        (
            &[
                ("content-type", "application/json; charset=utf-8"),
                ("x-request-id", ID),
                ("access-control-allow-origin", "*"),
            ],
            "CORS",
        ),
        (
            &[
                ("content-type", "application/json; charset=utf-8"),
                ("x-request-id", ID),
                ("x-key", "sk_secret"),
            ],
            "API key",
        ),
    ] {
        let verdict = judged_with("GET /organizations", 200, &headers(pairs), body.as_bytes());
        assert!(
            verdict
                .violations
                .iter()
                .any(|violation| violation.contains(why)),
            "{why}: {:?}",
            verdict.violations
        );
    }
    let limited = json!({"message": "Rate limit exceeded.", "code": "rate_limit_exceeded"});
    let verdict = judged("GET /organizations", 429, &limited);
    assert!(
        verdict
            .violations
            .iter()
            .any(|violation| violation.contains("Retry-After")),
        "{:?}",
        verdict.violations
    );
}

#[test]
fn a_failure_or_a_leak_is_refused_wherever_it_is() {
    let page = headers(&[("content-type", "text/html; charset=utf-8")]);
    passed_with("GET /portal/launch", 410, &page, b"<p>");
    refused_with("GET /portal/launch", 500, &page, b"<p>");
    refused_with("GET /portal/launch", 410, &page, b"sk_secret");
    let text = headers(&[("content-type", "text/plain; charset=utf-8")]);
    let words = judged_with("GET /portal/sessions/x", 400, &text, b"Invalid URL");
    assert!(!words.violations.is_empty(), "a framework's own words");
    refused_with("GET /nowhere", 404, &page, b"<p>");
}

#[test]
fn a_405_names_what_is_allowed() {
    let body = json!({"message": "Method Not Allowed"}).to_string();
    let pairs = [
        ("content-type", "application/json; charset=utf-8"),
        ("x-request-id", ID),
    ];
    let with = |allow| headers(&[pairs[0], pairs[1], ("allow", allow)]);
    for (allow, good) in [
        ("GET, HEAD, POST", true),
        ("POST,GET", true),
        ("GET", false),
        ("GET, POST, PUT", false),
    ] {
        let verdict = judged_with("PATCH /organizations", 405, &with(allow), body.as_bytes());
        assert_eq!(
            verdict.violations.is_empty(),
            good,
            "{allow}: {:?}",
            verdict.violations
        );
    }
}
