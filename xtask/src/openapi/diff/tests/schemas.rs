use serde_json::json;

use super::*;

#[test]
fn members_come_and_go() {
    let none = || object(json!({}), &[]);
    let optional = || object(json!({ "a": { "type": "string" } }), &[]);
    let required = || object(json!({ "a": { "type": "string" } }), &["a"]);
    differ(
        none(),
        optional(),
        ".a",
        "added, optional string",
        FINE,
        FINE,
    );
    differ(
        none(),
        required(),
        ".a",
        "added, required string",
        BREAKS,
        FINE,
    );
    differ(
        optional(),
        none(),
        ".a",
        "removed, optional string",
        BREAKS,
        BREAKS,
    );
    differ(
        required(),
        none(),
        ".a",
        "removed, required string",
        BREAKS,
        BREAKS,
    );
    differ(
        optional(),
        required(),
        ".a",
        "optional → required",
        BREAKS,
        FINE,
    );
    differ(
        required(),
        optional(),
        ".a",
        "required → optional",
        FINE,
        BREAKS,
    );
}

#[test]
fn members_are_told_at_any_depth() {
    let deep = |inner: Value| {
        let items = json!({ "type": "array", "items": object(json!({ "state": inner }), &[]) });
        object(json!({ "data": items }), &[])
    };
    let (before, after) = (json!({ "type": "string" }), json!({ "type": "integer" }));
    differ(
        deep(before),
        deep(after),
        ".data[].state",
        "type string → integer",
        BREAKS,
        BREAKS,
    );
}

#[test]
fn types_grow_shrink_and_change() {
    let of = |types: Value| json!({ "type": types });
    let both = || of(json!(["string", "integer"]));
    differ(
        of(json!("string")),
        both(),
        "",
        "type string → integer or string",
        FINE,
        BREAKS,
    );
    differ(
        both(),
        of(json!("string")),
        "",
        "type integer or string → string",
        BREAKS,
        FINE,
    );
    differ(
        of(json!("string")),
        of(json!("boolean")),
        "",
        "type string → boolean",
        BREAKS,
        BREAKS,
    );
    differ(
        of(json!("integer")),
        of(json!("number")),
        "",
        "type integer → number",
        FINE,
        BREAKS,
    );
    differ(
        of(json!("number")),
        of(json!("integer")),
        "",
        "type number → integer",
        BREAKS,
        FINE,
    );
    differ(
        of(json!("string")),
        json!({}),
        "",
        "type string → any",
        FINE,
        BREAKS,
    );
    differ(
        json!({}),
        of(json!("string")),
        "",
        "type any → string",
        BREAKS,
        FINE,
    );
}

#[test]
fn null_is_told_apart_from_types() {
    let text = || json!({ "type": "string" });
    for nullable in [
        json!({ "type": ["string", "null"] }),
        json!({ "anyOf": [{ "type": "string" }, { "type": "null" }] }),
        json!({ "type": "string", "nullable": true }),
    ] {
        differ(
            text(),
            nullable.clone(),
            "",
            "may be null now",
            FINE,
            BREAKS,
        );
        differ(nullable, text(), "", "is never null now", BREAKS, FINE);
    }
}

#[test]
fn values_are_an_open_list_in_responses() {
    let of = |values: Value| json!({ "type": "string", "enum": values });
    let any = || json!({ "type": "string" });
    differ(
        of(json!(["a"])),
        of(json!(["a", "b", "c"])),
        "",
        "values added: b, c",
        FINE,
        FINE,
    );
    differ(
        of(json!(["a", "b"])),
        of(json!(["b"])),
        "",
        "values removed: a",
        BREAKS,
        FINE,
    );
    differ(
        of(json!(["a"])),
        of(json!(["b"])),
        "",
        "a → b",
        BREAKS,
        BREAKS,
    );
    differ(
        of(json!(["a"])),
        any(),
        "",
        "only a → any value",
        FINE,
        FINE,
    );
    differ(
        any(),
        of(json!(["a"])),
        "",
        "any value → only a",
        BREAKS,
        FINE,
    );
    differ(
        json!({ "const": "a" }),
        json!({ "const": "b" }),
        "",
        "a → b",
        BREAKS,
        BREAKS,
    );
}

#[test]
fn formats_are_told() {
    let text = || json!({ "type": "string" });
    let date = || json!({ "type": "string", "format": "date-time" });
    let email = || json!({ "type": "string", "format": "email" });
    differ(text(), date(), "", "format none → date-time", BREAKS, FINE);
    differ(date(), text(), "", "format date-time → none", FINE, BREAKS);
    differ(
        date(),
        email(),
        "",
        "format date-time → email",
        BREAKS,
        BREAKS,
    );
}
