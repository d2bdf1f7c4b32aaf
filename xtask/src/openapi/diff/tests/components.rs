use serde_json::json;

use super::*;

fn two(schemas: Value) -> Value {
    let reading = response(&json!({ "$ref": "#/components/schemas/Thing" }));
    json!({
        "openapi": "3.1.0",
        "info": {},
        "paths": {
            "/things": { "get": reading },
            "/things/{id}": { "get": reading },
        },
        "components": { "schemas": schemas },
    })
}

fn compare(before: Value, after: Value) -> Vec<Change> {
    let keys = [key("GET /things"), key("GET /things/{id}")];
    changes(&cut(&two(before), &keys).unwrap(), &two(after), &keys).unwrap()
}

#[test]
fn a_component_is_told_once_with_everything_that_reaches_it() {
    let schemas = |kind: &str| {
        let part = json!({ "$ref": "#/components/schemas/Part" });
        let parts = json!({ "type": "array", "items": part });
        json!({
            "Thing": object(json!({ "part": part, "parts": parts }), &[]),
            "Part": object(json!({ "name": { "type": kind } }), &[]),
        })
    };
    let changes = compare(schemas("string"), schemas("integer"));
    assert_eq!(
        told(&changes),
        [line("schema Part.name", "type string → integer", BREAKS)]
    );
    assert_eq!(
        changes[0].operations,
        [key("GET /things"), key("GET /things/{id}")].into()
    );
}

#[test]
fn a_component_that_contains_itself_ends() {
    let schemas = |kind: &str| {
        let this = json!({ "$ref": "#/components/schemas/Thing" });
        let inline = object(json!({ "next": this }), &[]);
        json!({ "Thing": object(json!({ "id": { "type": kind }, "next": this, "inner": inline, "any": { "oneOf": [this, { "type": "null" }] } }), &[]) })
    };
    assert_eq!(compare(schemas("string"), schemas("string")), []);
    let changes = compare(schemas("string"), schemas("integer"));
    assert_eq!(
        told(&changes),
        [line("schema Thing.id", "type string → integer", BREAKS)]
    );
}

#[test]
fn loops_that_never_meet_at_a_reference_end() {
    let this = json!({ "$ref": "#/components/schemas/Thing" });
    let one = json!({ "Thing": object(json!({ "a": this }), &[]) });
    let two = json!({ "Thing": object(json!({ "a": object(json!({ "a": this }), &[]) }), &[]) });
    assert_eq!(compare(one.clone(), two.clone()), []);
    assert_eq!(compare(two, one), []);
    let itself = || json!({ "Thing": this });
    assert_eq!(compare(itself(), itself()), []);
    let union = || json!({ "Thing": { "type": "object", "oneOf": [this, { "type": "string" }] } });
    assert_eq!(compare(union(), union()), []);
    assert!(!compare(json!({ "Thing": { "type": "object" } }), union()).is_empty());
}

#[test]
fn a_renamed_component_is_the_same_component() {
    let schemas = |name: &str, kind: &str| {
        let target = format!("#/components/schemas/{name}");
        let mut schemas = json!({ "Thing": object(json!({ "part": { "$ref": target } }), &[]) });
        schemas[name] = object(json!({ "name": { "type": kind } }), &[]);
        schemas
    };
    assert_eq!(
        told(&compare(
            schemas("Old", "string"),
            schemas("New", "integer")
        )),
        [
            line("schema Old.name", "type string → integer", BREAKS),
            line("schema Old", "is called New now", FINE),
        ]
    );
}

#[test]
fn a_component_that_became_inline_is_the_same_schema() {
    let part = object(json!({ "name": { "type": "string" } }), &[]);
    let target = json!({ "$ref": "#/components/schemas/Part" });
    let referred = json!({ "Thing": object(json!({ "part": target }), &[]), "Part": part });
    let inline = json!({ "Thing": object(json!({ "part": part }), &[]) });
    assert_eq!(compare(referred.clone(), inline.clone()), []);
    assert_eq!(compare(inline, referred), []);
}

#[test]
fn null_beside_a_reference_is_told_at_the_reference() {
    let schemas = |part: Value| json!({ "Thing": object(json!({ "part": part }), &[]), "Part": { "type": "object" } });
    let plain = json!({ "$ref": "#/components/schemas/Part" });
    let nullable = json!({ "anyOf": [plain, { "type": "null" }] });
    assert_eq!(
        told(&compare(schemas(plain), schemas(nullable))),
        [line("schema Thing.part", "may be null now", BREAKS)]
    );
}
