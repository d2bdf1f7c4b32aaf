use serde_json::json;

use super::*;

#[test]
fn limits_break_requests_only() {
    let of = |keyword: &str, value: i64| json!({ "type": "string", keyword: value });
    let none = || json!({ "type": "string" });
    differ(
        of("maxLength", 9),
        of("maxLength", 8),
        "",
        "maxLength 9 → 8",
        BREAKS,
        FINE,
    );
    differ(
        of("maxLength", 8),
        of("maxLength", 9),
        "",
        "maxLength 8 → 9",
        FINE,
        FINE,
    );
    differ(
        of("minimum", 1),
        of("minimum", 2),
        "",
        "minimum 1 → 2",
        BREAKS,
        FINE,
    );
    differ(
        of("minimum", 2),
        of("minimum", 1),
        "",
        "minimum 2 → 1",
        FINE,
        FINE,
    );
    differ(
        none(),
        of("maxItems", 20),
        "",
        "maxItems none → 20",
        BREAKS,
        FINE,
    );
    differ(
        of("exclusiveMaximum", 20),
        none(),
        "",
        "exclusiveMaximum 20 → none",
        FINE,
        FINE,
    );
    let pattern = |text: &str| json!({ "type": "string", "pattern": text });
    differ(
        pattern("a"),
        pattern("b"),
        "",
        "pattern a → b",
        BREAKS,
        FINE,
    );
    differ(
        json!({ "type": "array" }),
        json!({ "type": "array", "uniqueItems": true }),
        "",
        "uniqueItems none → true",
        BREAKS,
        FINE,
    );
}

#[test]
fn defaults_and_deprecation_never_break() {
    let of = |keyword: &str, value: Value| json!({ "type": "boolean", keyword: value });
    let none = || json!({ "type": "boolean" });
    differ(
        none(),
        of("default", json!(false)),
        "",
        "default none → false",
        FINE,
        FINE,
    );
    differ(
        none(),
        of("deprecated", json!(true)),
        "",
        "is deprecated now",
        FINE,
        FINE,
    );
    differ(
        of("deprecated", json!(true)),
        none(),
        "",
        "is no longer deprecated",
        FINE,
        FINE,
    );
}

#[test]
fn an_unknown_keyword_is_taken_for_breaking() {
    let before = json!({ "type": "string" });
    let after = json!({ "type": "string", "contentEncoding": "base64" });
    differ(
        before,
        after,
        "",
        "contentEncoding none → base64",
        BREAKS,
        BREAKS,
    );
}

#[test]
fn objects_as_maps_are_compared() {
    let of = |others: Value| json!({ "type": "object", "additionalProperties": others });
    let text = |limit: i64| json!({ "type": "string", "maxLength": limit });
    differ(
        of(text(9)),
        of(text(8)),
        "{}",
        "maxLength 9 → 8",
        BREAKS,
        FINE,
    );
    differ(
        of(json!(true)),
        of(json!(false)),
        "",
        "members without a name: true → false",
        BREAKS,
        FINE,
    );
    differ(
        of(json!(false)),
        of(json!(true)),
        "",
        "members without a name: false → true",
        FINE,
        FINE,
    );
    let names = |limit: i64| json!({ "type": "object", "propertyNames": { "maxLength": limit } });
    differ(
        names(40),
        names(20),
        "{name}",
        "maxLength 40 → 20",
        BREAKS,
        FINE,
    );
    let patterns =
        |limit: i64| json!({ "type": "object", "patternProperties": { "^a$": text(limit) } });
    differ(
        patterns(9),
        patterns(8),
        "{}",
        "maxLength 9 → 8",
        BREAKS,
        FINE,
    );
    let other = json!({ "type": "object", "patternProperties": { "^b$": text(9) } });
    let sentence = r#"members without a name: {"^a$":{"type":"string","maxLength":9}} → {"^b$":{"type":"string","maxLength":9}}"#;
    differ(patterns(9), other, "", sentence, BREAKS, BREAKS);
}
