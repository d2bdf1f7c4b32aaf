//! Which answer a set of violations gets, and in which order they stand.

use super::*;

fn special(result: Result<Input, Rejection>) -> (u16, String, String) {
    let rejection = result.expect_err("the request is refused");
    assert!(rejection.errors.is_empty());
    (rejection.status, rejection.code, rejection.message)
}

fn answer(status: u16, code: &str, message: &str) -> (u16, String, String) {
    (status, code.to_owned(), message.to_owned())
}

fn report(body: Value) -> Result<Input, Rejection> {
    test_plan("POST", "/reports").check(no_path(), None, &HeaderMap::new(), Some(body))
}

#[test]
fn a_field_can_set_the_answer_when_nothing_else_is_wrong() {
    let expected = answer(400, "invalid_metadata", "The metadata is not acceptable.");
    for metadata in [
        json!(5),
        json!({ "a": 1 }),
        json!({ "a": "123456" }),
        json!({ "toolong": "x" }),
        json!({ "a": "", "b": "", "c": "", "d": "" }),
        json!({ "a": 1, "b": "123456", "toolong": "x" }),
    ] {
        assert_eq!(special(put_with(json!({ "metadata": metadata }))), expected);
    }
}

#[test]
fn with_another_violation_every_field_is_listed() {
    refused(
        put_with(json!({ "name": "", "metadata": { "a": 1, "toolong": "x", "longer": "x" } })),
        &[
            "name name_too_short: name must not be empty.",
            "metadata metadata_too_long: metadata must have keys of at most 4 characters.",
            "metadata.a metadata_invalid_type: metadata.a must be a string.",
        ],
    );
}

#[test]
fn a_parameter_can_set_the_answer() {
    let plan = test_plan("GET", "/feed");
    let get = |query| plan.check(no_path(), query, &HeaderMap::new(), None);
    assert_eq!(
        special(get(None)),
        answer(400, "invalid_feed", "Name a topic.")
    );
    assert_eq!(
        special(get(Some("topic=a&topic=b"))),
        answer(400, "invalid_feed", "Name a topic.")
    );
    refused(
        get(Some("limit=11")),
        &[
            "limit limit_out_of_range: limit must be at most 10.",
            "topic topic_required: topic is required.",
        ],
    );
}

#[test]
fn the_innermost_common_answer_is_given() {
    let of_report = answer(400, "invalid_report", "The report is not acceptable.");
    let of_rows = answer(409, "bad_rows", "The rows are not acceptable.");
    assert_eq!(
        special(report(json!({ "title": "x", "rows": ["a"] }))),
        of_rows
    );
    assert_eq!(
        special(report(json!({ "title": 1, "rows": ["a"] }))),
        of_report
    );
    assert_eq!(
        special(report(json!({ "title": 1, "rows": [] }))),
        of_report
    );
    assert_eq!(special(report(json!({}))), of_report);
    assert_eq!(special(report(json!("x"))), of_report);
}

#[test]
fn an_operation_can_set_the_status_and_the_shape() {
    let body = json!({ "name": "", "contacts": 5 });
    let plan = test_plan("POST", "/letters");
    let rejection = plan
        .check(no_path(), None, &HeaderMap::new(), Some(body))
        .unwrap_err();
    assert_eq!((rejection.status, rejection.shape), (400, Shape::Messages));
    let told: Vec<_> = rejection.errors.iter().map(|one| &one.message).collect();
    assert_eq!(
        told,
        ["name must not be empty.", "contacts must be a list."]
    );
    let problem = CONTRACT.plan("POST", "/notes").err();
    assert_eq!(
        problem.as_deref(),
        Some("POST /notes: x-violations is none that is known")
    );
}

#[test]
fn the_order_is_the_documents_and_not_the_requests() {
    let one: Value = serde_json::from_str(
        r#"{"slug":1,"at":1,"parts":[{},{"label":1}],"contacts":[1,2],"kind":1,"name":1}"#,
    )
    .unwrap();
    let other: Value = serde_json::from_str(
        r#"{"kind":1,"name":1,"contacts":[1,2],"at":1,"slug":1,"parts":[{},{"label":1}]}"#,
    )
    .unwrap();
    let path = [("thingId", "x")];
    let plan = test_plan("PUT", "/things/{thingId}");
    let fields = |body| {
        let rejection = plan
            .check(&path, None, &HeaderMap::new(), Some(body))
            .unwrap_err();
        rejection
            .errors
            .into_iter()
            .map(|error| error.field)
            .collect::<Vec<_>>()
    };
    let expected = [
        "thingId",
        "name",
        "kind",
        "contacts.0",
        "contacts.1",
        "parts.0.label",
        "parts.1.label",
        "at",
        "slug",
    ];
    assert_eq!(fields(one), expected);
    assert_eq!(fields(other), expected);
}

#[test]
fn a_field_can_set_the_answer_for_some_rules_only() {
    let expected = answer(409, "bad_callback", "No such callback.");
    assert_eq!(
        special(put_with(json!({ "callback": "nowhere" }))),
        expected
    );
    refused(
        put_with(json!({ "callback": 5 })),
        &["callback callback_invalid_type: callback must be a string."],
    );
    // One rule that is not named, and the violations are listed.
    refused(
        put_with(json!({ "callback": "a".repeat(31) })),
        &[
            "callback callback_too_long: callback must have at most 30 characters.",
            "callback callback_invalid_format: callback must be an absolute URL, such as https://example.com/path.",
        ],
    );
}

#[test]
fn a_rule_can_have_a_code_of_its_own() {
    refused(
        put_with(json!({ "topics": ["a", "c", 5] })),
        &[
            "topics.1 unknown_topic: topics.1 must be one of a, b.",
            "topics.2 topics_invalid_type: topics.2 must be a string.",
        ],
    );
}
