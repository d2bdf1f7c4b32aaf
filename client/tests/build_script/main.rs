//! What the build script refuses, and what it makes of names.

use std::collections::BTreeSet;

use serde_json::{Value, json};

#[path = "../../build/builders.rs"]
mod builders;
#[path = "../../build/choices.rs"]
mod choices;
#[path = "../../build/enums.rs"]
mod enums;
#[path = "../../build/ids.rs"]
mod ids;
#[path = "../../build/lists.rs"]
mod lists;
#[path = "../../build/operations.rs"]
mod operations;
mod pruning;
#[path = "../../build/replacements.rs"]
mod replacements;
#[path = "../../build/setters.rs"]
mod setters;
mod setting;
mod stamp;
mod streams;
#[path = "../../build/surface.rs"]
mod surface;

fn check(types: &str) -> Result<(), String> {
    let file = syn::parse_str(&format!("pub mod types {{ {types} }}")).unwrap();
    surface::check(&file, &BTreeSet::from(["SamlState"]))
}

fn document(schemas: &Value) -> Value {
    let mut document = json!({ "components": { "schemas": schemas } });
    document["components"]["schemas"]["EventPayload"] =
        json!({ "oneOf": [{ "properties": { "event": { "enum": ["a.b"] } } }] });
    document
}

fn source(schemas: &Value) -> Result<String, String> {
    enums::source(&document(schemas))
}

#[test]
fn sound_types_pass() {
    check("pub struct A { pub x: u8 } pub enum B { One(A), Two } pub enum Variants { Variant }")
        .unwrap();
}

#[test]
fn what_is_silently_wrong_is_refused() {
    for (types, refusal) in [
        ("pub enum A {}", "enum A has no values"),
        (
            "pub enum A { Variant0(u8) }",
            "enum A has the unnamed variant Variant0",
        ),
        (
            "pub enum AVariant0 { B }",
            "AVariant0 stands for an inline schema without a name",
        ),
        (
            "pub struct ASubtype1 { b: u8 }",
            "ASubtype1 stands for an inline schema without a name",
        ),
        (
            "pub struct A { subtype_0: u8 }",
            "A flattens the branches of an anyOf",
        ),
        (
            "#[serde(default, deny_unknown_fields)] pub struct A {}",
            "A refuses unknown fields",
        ),
        ("pub struct A; pub struct A;", "two types are called A"),
        (
            "pub struct FooBar; pub struct Foobar;",
            "two types are called Foobar",
        ),
        (
            "pub enum SAMLState { A }",
            "SAMLState was generated, though a type of our own replaces it",
        ),
    ] {
        assert_eq!(check(types).unwrap_err(), refusal, "{types}");
    }
    let nothing = syn::parse_str("").unwrap();
    assert!(
        surface::check(&nothing, &BTreeSet::new())
            .unwrap_err()
            .contains("no module")
    );
}

#[test]
fn the_generated_constructors_are_closed() {
    let mut file = syn::parse_quote! {
        impl Client {
            pub fn new() -> Self { Self }
            pub fn new_with_client() -> Self { Self }
        }
    };
    surface::seal(&mut file).unwrap();
    let sealed: syn::File = syn::parse_quote! {
        impl Client {
            pub(crate) fn new_with_client() -> Self { Self }
        }
    };
    assert_eq!(file, sealed);
    assert!(surface::seal(&mut syn::parse_str("impl Other {}").unwrap()).is_err());
    assert!(surface::seal(&mut syn::parse_str("impl Client {}").unwrap()).is_err());
}

#[test]
fn variants_are_named_for_their_values() {
    for (value, variant) in [
        ("sso", "Sso"),
        ("dsync.user.created", "DsyncUserCreated"),
        ("azure scim v2.0", "AzureScimV20"),
        ("GoogleOAuth", "GoogleOAuth"),
        ("ADFSSAML", "ADFSSAML"),
        ("AWS_KMS", "AwsKms"),
        ("1_MONTH", "Month1"),
        ("10_YEARS", "Years10"),
    ] {
        assert_eq!(enums::variant(value).as_deref(), Some(variant));
    }
    for value in ["", "--", "1", "1_2"] {
        assert_eq!(enums::variant(value), None, "{value:?}");
    }
}

#[test]
fn enums_are_declared_with_their_prose() {
    let source =
        source(&json!({ "A": { "enum": ["b", "c d"], "description": "Says \"a\"." } })).unwrap();
    assert_eq!(
        source,
        "open_enum! {\n#[doc = \" Says \\\"a\\\".\"]\nA {\nB = \"b\",\nCD = \"c d\",\n}\n}\n\
         pub(crate) const PAYLOAD_EVENTS: &[&str] = &[\"a.b\"];\n"
    );
}

#[test]
fn enums_that_cannot_be_told_apart_are_refused() {
    for (values, refusal) in [
        (json!([]), "enum A has no values"),
        (json!(["a", null]), "enum A: a value is not a string"),
        (
            json!(["a.b_c", "a_b.c"]),
            r#"enum A: "a.b_c" and "a_b.c" give one variant"#,
        ),
        (
            json!(["unknown"]),
            r#"enum A: "unknown" collides with the variant Unknown"#,
        ),
        (json!(["-"]), r#"enum A: no variant for "-""#),
    ] {
        assert_eq!(
            source(&json!({ "A": { "enum": values } })).unwrap_err(),
            refusal
        );
    }
    assert!(
        enums::source(&json!({}))
            .unwrap_err()
            .contains("EventPayload is missing")
    );
}

#[test]
fn components_are_replaced_by_their_kind() {
    let schemas = json!({
        "CommaSeparated": { "type": "string" }, "Plain": { "type": "object" }, "State": { "enum": ["a"] },
        "NullableMetadata": { "type": "object", "additionalProperties": { "type": "string" }, "nullable": true },
        "NullableState": { "allOf": [{ "$ref": "#/components/schemas/State" }], "nullable": true },
    });
    let replacements = replacements::of(&document(&schemas)).unwrap();
    let replacements: Vec<_> = replacements
        .iter()
        .map(|(name, path)| (name.as_str(), path.as_str()))
        .collect();
    assert_eq!(
        replacements,
        [
            ("CommaSeparated", "crate::CommaSeparated"),
            (
                "NullableMetadata",
                "crate::Nullable<::std::collections::BTreeMap<::std::string::String, ::std::string::String>>"
            ),
            ("NullableState", "crate::Nullable<crate::types::State>"),
            ("State", "crate::types::State"),
        ]
    );
    let odd = document(&json!({ "NullableOdd": { "nullable": true } }));
    assert!(
        replacements::of(&odd)
            .unwrap_err()
            .starts_with("NullableOdd: no Rust type")
    );
}

#[test]
fn simple_schemas_have_a_rust_type() {
    for (schema, rust_type) in [
        (
            json!({ "type": "string", "format": "date-time" }),
            "::chrono::DateTime<::chrono::Utc>",
        ),
        (json!({ "type": "boolean" }), "bool"),
        (json!({ "type": "integer", "format": "uint32" }), "u32"),
        (json!({ "type": "integer" }), "i64"),
        (json!({ "type": "number" }), "f64"),
        (
            json!({ "type": "array", "items": { "type": "string" } }),
            "::std::vec::Vec<::std::string::String>",
        ),
    ] {
        assert_eq!(replacements::rust_type(&schema).as_deref(), Some(rust_type));
    }
}

#[test]
fn operations_that_take_an_idempotency_key_are_listed() {
    let document = json!({"paths": {"/a": {
        "parameters": [{"in": "path", "name": "id"}],
        "get": {"operationId": "get_a", "parameters": [{"in": "query", "name": "idempotency-key"}]},
        "post": {"operationId": "create_a", "parameters": [{"in": "header", "name": "Idempotency-Key"}]},
        "put": {"operationId": "update_a"},
    }}});
    assert_eq!(
        operations::source(&document),
        "pub(crate) const TAKE_IDEMPOTENCY_KEY: &[&str] = &[\"create_a\"];\n"
    );
}

#[test]
fn every_operation_has_the_one_error() {
    let source = "Result<(), Error<types::ApiError>>\nResult<u8, Error<types::ApiError>>";
    assert_eq!(
        surface::with_one_error(source).unwrap(),
        "Result<(), Error>\nResult<u8, Error>"
    );
    assert_eq!(
        surface::with_one_error("Error").unwrap_err(),
        "no operation has the declared error"
    );
    let other = format!("{source}\nError<types::Other>");
    assert_eq!(
        surface::with_one_error(&other).unwrap_err(),
        "line 3 of the generated code has another error"
    );
}

#[test]
fn the_places_of_enums_are_listed() {
    let colour = json!({"$ref": "#/components/schemas/Colour"});
    let document = json!({
        "paths": {"/a": {"post": {
            "operationId": "paint",
            "parameters": [
                {"in": "query", "name": "colour", "schema": {"allOf": [colour]}},
                {"in": "query", "name": "size", "schema": {"type": "string"}},
            ],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}},
        }}},
        "components": {"schemas": {
            "Colour": {"enum": ["red"]},
            "Body": {"properties": {
                "parts": {"items": {"properties": {"colour": colour}}}, "by_name": {"additionalProperties": colour},
                "free": {"additionalProperties": true},
            }},
        }},
    });
    let source = choices::source(&document).unwrap();
    for place in [
        r#"("paint", &["#,
        r#"query: true, path: &["colour"]"#,
        r#"query: false, path: &["parts", "[]", "colour"]"#,
        r#"query: false, path: &["by_name", "{}"]"#,
        "crate::types::Colour::Unknown(_)",
    ] {
        assert!(source.contains(place), "{place}\n{source}");
    }
    assert_eq!(source.matches("Choice {").count(), 3);

    let mut endless = document;
    endless["components"]["schemas"]["Body"] =
        json!({"properties": {"child": {"$ref": "#/components/schemas/Body"}}});
    assert!(
        choices::source(&endless)
            .unwrap_err()
            .starts_with("paint: the body has no end")
    );
}

/// A document that has every id that there is a type for, in a schema; with one schema more.
fn identified(schema: &Value) -> Value {
    let prefixes = [
        "als_",
        "audit_log_export_",
        "conn_",
        "directory_",
        "directory_group_",
        "directory_token_",
        "directory_user_",
        "event_",
        "it_contact_",
        "org_",
        "org_domain_",
        "we_",
    ];
    let properties = prefixes.map(|prefix| {
        let property = json!({"type": "string", "description": format!("Id of it (`{prefix}…`).")});
        (format!("{prefix}id"), property)
    });
    let all: serde_json::Map<_, _> = properties.into_iter().collect();
    json!({
        "paths": {"/a/{id}": {"get": {"operationId": "get_a", "parameters": [
            {"in": "path", "name": "id", "description": "Id of it (`conn_…`).", "schema": {"$ref": "#/components/schemas/PathSegment"}},
            {"in": "path", "name": "name", "description": "Unlike (`conn_…`).", "schema": {"type": "string"}},
        ]}}},
        "components": {"schemas": {"All": {"properties": all}, "A": schema}},
    })
}

#[test]
fn ids_are_told_by_their_descriptions() {
    let mut document = identified(&json!({"properties": {
        "organization": {"type": "string", "nullable": true, "description": "Whose (`org_…`) it is."},
        "external_id": {"type": "string", "description": "Yours."},
        "client_id": {"type": "string", "description": "At the provider (`client_…`)."},
        "name": {"type": "string", "description": "Such as (`org_…`)."},
        "count_id": {"type": "integer", "description": "No text (`org_…`)."},
    }}));
    let before = document["components"]["schemas"]["A"]["properties"].clone();
    ids::mark(&mut document).unwrap();
    let schemas = &document["components"]["schemas"];
    let organization = json!([{"$ref": "#/components/schemas/OrganizationId"}]);
    let after = &schemas["A"]["properties"];
    assert_eq!(
        after["organization"],
        json!({"allOf": organization, "nullable": true, "description": "Whose (`org_…`) it is."})
    );
    for left in ["external_id", "client_id", "name", "count_id"] {
        assert_eq!(after[left], before[left]);
    }
    assert_eq!(schemas["ConnectionId"], json!({"type": "string"}));
    let parameters = &document["paths"]["/a/{id}"]["get"]["parameters"];
    assert_eq!(
        parameters[0]["schema"]["$ref"],
        "#/components/schemas/ConnectionId"
    );
    assert_eq!(parameters[1]["schema"]["type"], "string");
    assert_eq!(
        replacements::of(&document).unwrap()["OrganizationId"],
        "crate::OrganizationId"
    );
}

#[test]
fn a_type_of_id_that_nothing_has_is_refused() {
    let mut document = identified(&json!({}));
    let all = document
        .pointer_mut("/components/schemas/All/properties")
        .unwrap();
    all.as_object_mut().unwrap().remove("we_id");
    assert_eq!(
        ids::mark(&mut document).unwrap_err(),
        "nothing has these ids: [\"WebhookEndpointId\"]"
    );
    assert_eq!(
        document["components"]["schemas"].get("OrganizationId"),
        None
    );
}
