//! A contract that names what it knows.

use super::*;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    json!({ "paths": { "/things": { "post": {
        "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "integer" } }],
        "requestBody": { "content": { "application/json": { "schema": {
            "type": "object",
            "properties": {
                "state": { "type": "string", "enum": ["open", "closed"] },
                "wait": { "type": "string", "format": "duration", "x-duration": { "above": "PT0S", "to": "PT1M" } },
                "people": { "anyOf": [
                    { "type": "integer", "minimum": 0, "maximum": 9 },
                    { "type": "array", "items": { "type": "string", "x-expected": "a name" } },
                ] },
                "limits": { "anyOf": [
                    { "oneOf": [{ "type": "string", "const": "off" }, { "type": "string", "const": "usual" }] },
                    { "type": "object", "properties": { "all": { "type": "integer" } }, "additionalProperties": false },
                ] },
                "empty": { "type": "object", "properties": {}, "additionalProperties": false },
            },
            "additionalProperties": false,
        } } } },
    } } } })
});

fn told(query: &str, body: Value, names: bool) -> Vec<String> {
    let contract = Contract::new(&DOCUMENT).refusing_unknown_parameters();
    let contract = if names {
        contract.naming_what_is_known()
    } else {
        contract
    };
    let plan = contract.plan("POST", "/things").expect("a plan");
    let result = plan.check(no_path(), Some(query), &HeaderMap::new(), Some(body));
    lines(result)
}

#[test]
fn what_there_is_is_named() {
    for (body, expected) in [
        (
            json!({ "stat": 1 }),
            "stat body_unknown: stat is no member: there are state, wait, people, limits, empty. Did you mean state?",
        ),
        (
            json!({ "empty": { "a": 1 } }),
            "empty.a empty_unknown: empty.a is no member: there are none.",
        ),
        (
            json!({ "limits": { "some": 1 } }),
            "limits.some limits_unknown: limits.some is no member: there is only all.",
        ),
        (
            json!({ "state": "opened" }),
            "state state_invalid_value: state must be one of open, closed. Did you mean open?",
        ),
        (
            json!({ "state": 5 }),
            "state state_invalid_type: state must be one of open, closed.",
        ),
        (
            json!({ "wait": 5 }),
            "wait wait_invalid_type: wait must be a duration such as \"PT5M\" or \"5 minutes\".",
        ),
        (
            json!({ "wait": "soon" }),
            "wait wait_invalid_format: wait must be a duration such as \"PT5M\" or \"5 minutes\".",
        ),
        (
            json!({ "wait": "2 minutes" }),
            "wait wait_out_of_range: wait must be longer than zero and at most 1m.",
        ),
        (
            json!({ "people": "all" }),
            "people people_invalid_type: people must be an integer between 0 and 9 or a list.",
        ),
        (
            json!({ "people": 10 }),
            "people people_out_of_range: people must be between 0 and 9.",
        ),
        (
            json!({ "people": ["Ada", 5] }),
            "people.1 people_invalid_type: people.1 must be a name.",
        ),
        (
            json!({ "limits": "of" }),
            "limits limits_invalid_value: limits must be off, usual or an object.",
        ),
        (
            json!({ "limits": 5 }),
            "limits limits_invalid_type: limits must be off, usual or an object.",
        ),
        (
            json!({ "limits": { "all": "x" } }),
            "limits.all limits_all_invalid_type: limits.all must be an integer.",
        ),
    ] {
        assert_eq!(told("", body, true), [expected]);
    }
    assert_eq!(
        told("limits=1", json!({}), true),
        ["limits query_unknown: limits is no parameter: there is only limit. Did you mean limit?"]
    );
}

#[test]
fn a_contract_that_does_not_name_it_says_as_little_as_before() {
    for (body, expected) in [
        (
            json!({ "stat": 1 }),
            "stat body_unknown: stat is not accepted here.",
        ),
        (
            json!({ "state": 5 }),
            "state state_invalid_type: state must be a string.",
        ),
        (
            json!({ "limits": "of" }),
            "limits limits_invalid_value: limits has none of the accepted forms.",
        ),
    ] {
        assert_eq!(told("", body, false), [expected]);
    }
}
