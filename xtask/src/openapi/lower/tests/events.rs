use serde_json::json;

use super::*;

fn variant(kind: &str, data: Value) -> Value {
    json!({
        "description": format!("When {kind}."),
        "type": "object",
        "properties": {
            "event": { "type": "string", "const": kind },
            "data": data,
            "context": { "$ref": "#/components/schemas/Context" },
        },
        "required": ["event", "data"],
    })
}

fn events(variants: Vec<Value>) -> Value {
    let base = json!({
        "type": "object",
        "properties": {
            "id": { "type": "string", "description": "The id." },
            "event": { "type": "string", "description": "The name." },
            "data": { "type": "object", "additionalProperties": {}, "description": "The data." },
            "context": { "type": "object", "additionalProperties": {}, "description": "The context." },
        },
        "required": ["id", "event", "data"],
    });
    let described = |name: &str| json!({ "type": "object", "description": name, "properties": { "id": { "type": "string" } } });
    let schemas = json!({
        "Event": { "description": "Something happened.", "allOf": [base, { "oneOf": variants }] },
        "Context": described("Where."),
        "User": described("Who."),
    });
    document(
        answering(json!({ "$ref": "#/components/schemas/Event" })),
        schemas,
    )
}

#[test]
fn an_envelope_stays_open_and_its_payloads_are_typed_beside_it() {
    let user = json!({ "$ref": "#/components/schemas/User" });
    let inline = json!({ "type": "object", "title": "Gone", "description": "What was.", "properties": { "id": { "type": "string" } } });
    let schemas = components(&events(vec![
        variant("user.made", user.clone()),
        variant("user.gone", inline),
    ]));
    assert_eq!(
        schemas["Event"],
        json!({
            "description": "Something happened.",
            "type": "object",
            "properties": {
                "id": { "type": "string", "description": "The id." },
                "event": { "allOf": [{ "$ref": "#/components/schemas/EventType" }], "description": "The name." },
                "data": { "type": "object", "additionalProperties": true, "description": "The data." },
                "context": { "allOf": [{ "$ref": "#/components/schemas/Context" }], "description": "The context." },
            },
            "required": ["id", "event", "data"],
        })
    );
    assert_eq!(
        schemas["EventType"]["enum"],
        json!(["user.made", "user.gone"])
    );
    let payload = |kind: &str, data: &str| {
        json!({
            "description": format!("When {kind}."),
            "type": "object",
            "properties": {
                "event": { "type": "string", "enum": [kind] },
                "data": { "$ref": format!("#/components/schemas/{data}") },
            },
            "required": ["event", "data"],
        })
    };
    assert_eq!(
        schemas["EventPayload"]["oneOf"],
        json!([payload("user.made", "User"), payload("user.gone", "Gone")])
    );
    assert_eq!(
        schemas["Gone"]["properties"],
        json!({ "id": { "type": "string" } })
    );
}

#[test]
fn data_without_a_name_is_named_in_the_complaint() {
    let portal = events(vec![variant(
        "user.made",
        json!({ "type": "object", "additionalProperties": {} }),
    )]);
    assert_eq!(
        complaints(&portal),
        ["Event, variant user.made: its data is no named object"]
    );
}

#[test]
fn a_union_that_is_no_list_of_events_is_not_taken_for_one() {
    let portal = events(vec![
        json!({ "type": "object", "properties": { "kind": { "type": "string" } } }),
    ]);
    assert_eq!(
        complaints(&portal),
        ["schema Event: only objects can be joined by `allOf`"]
    );
}
