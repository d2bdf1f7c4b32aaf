use serde_json::json;

use super::*;

#[test]
fn branches_of_a_union_are_found_again() {
    let tagged = |tags: &[&str]| {
        let branch = |tag: &&str| object(json!({ "event": { "const": tag } }), &["event"]);
        json!({ "oneOf": tags.iter().map(branch).collect::<Vec<_>>() })
    };
    differ(
        tagged(&["a", "b"]),
        tagged(&["c", "b", "a"]),
        "",
        "variants added: c",
        FINE,
        FINE,
    );
    differ(
        tagged(&["a", "b"]),
        tagged(&["b"]),
        "",
        "variants removed: a",
        BREAKS,
        FINE,
    );
    let of = |types: &[&str]| json!({ "anyOf": types.iter().map(|kind| json!({ "type": kind })).collect::<Vec<_>>() });
    differ(
        of(&["string", "number"]),
        of(&["number", "string", "boolean"]),
        "",
        "variants added: boolean",
        FINE,
        BREAKS,
    );
    differ(
        json!({ "type": "string" }),
        of(&["string", "number"]),
        "",
        "variants added: number",
        FINE,
        BREAKS,
    );
    differ(
        of(&["string", "number"]),
        json!({ "type": "string" }),
        "",
        "variants removed: number",
        BREAKS,
        FINE,
    );
    let nullable = json!({ "type": ["string", "null"] });
    let union =
        json!({ "anyOf": [{ "type": "string" }, { "type": "number" }, { "type": "null" }] });
    differ(nullable, union, "", "variants added: number", FINE, BREAKS);
}

#[test]
fn what_several_branches_share_is_one_change() {
    let branches = |kind: &str| {
        let branch = |tag: &str| {
            object(
                json!({ "event": { "const": tag }, "data": { "type": kind } }),
                &["event"],
            )
        };
        json!({ "oneOf": [branch("a"), branch("b"), branch("c"), branch("d")] })
    };
    let changes = operation(
        &response(&branches("string")),
        &response(&branches("number")),
    );
    assert_eq!(
        changes,
        [line(
            "response 200(a, b, c, d).data",
            "type string → number",
            BREAKS
        )]
    );
    assert_eq!(
        report::short("response 200(a, b, c, d).data"),
        "response 200(a, b and 2 more).data"
    );
}

#[test]
fn the_same_meaning_in_other_words_is_no_difference() {
    for (before, after) in [
        (
            json!({ "type": "string", "const": "a" }),
            json!({ "enum": ["a"] }),
        ),
        (
            json!({ "type": "string" }),
            json!({ "allOf": [{ "type": "string" }] }),
        ),
        (
            json!({ "type": ["null", "string"] }),
            json!({ "oneOf": [{ "type": "null" }, { "type": "string" }] }),
        ),
        (
            json!({ "type": "object" }),
            json!({ "type": "object", "additionalProperties": {}, "title": "T", "x-own": 1 }),
        ),
        (
            json!({ "type": "string", "deprecated": false }),
            json!({ "type": "string", "description": "New words." }),
        ),
        (
            object(json!({ "a": {}, "b": {} }), &["a", "b"]),
            json!({ "allOf": [object(json!({ "b": {} }), &["b"]), object(json!({ "a": {} }), &["a"])] }),
        ),
        (
            json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] }),
            json!({ "anyOf": [{ "type": ["string", "null"] }] }),
        ),
    ] {
        assert_eq!(operation(&request(&before), &request(&after)), []);
        assert_eq!(operation(&response(&after), &response(&before)), []);
    }
}
