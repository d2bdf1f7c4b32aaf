//! Whatever schema comes: it is lowered to what the generator can carry, or an error names the place.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};
use serde_json::Map;

use super::*;

/// Types without parts, each in a form that some document has.
fn leaf() -> impl Strategy<Value = Value> {
    select(vec![
        json!({ "type": "string" }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": "string", "format": "password" }),
        json!({ "type": "string", "minLength": 1, "maxLength": 5, "pattern": "^a" }),
        json!({ "type": "integer", "minimum": 1 }),
        json!({ "type": "number" }),
        json!({ "type": "boolean", "default": true }),
        json!({ "type": ["string", "null"] }),
        json!({ "type": ["string", "integer"] }),
        json!({ "type": "null" }),
        json!({ "const": "thing" }),
        json!({ "const": 1 }),
        json!({ "enum": ["a", "b", null], "type": ["string", "null"], "title": "Letter", "description": "D." }),
        json!({ "enum": ["b", "c"], "type": "string", "title": "Letter", "description": "D." }),
        json!({ "enum": [], "type": "string", "title": "Nothing", "description": "D." }),
        json!({ "enum": ["1", "-"], "type": "string", "title": "Odd", "description": "D." }),
        json!({ "enum": ["a"], "type": "string" }),
        json!({ "type": "object" }),
        json!({ "type": "object", "additionalProperties": true }),
        json!({ "$ref": "#/components/schemas/Thing" }),
        json!({ "$ref": "#/components/schemas/Other" }),
        json!({ "$ref": "#/components/schemas/Missing" }),
        json!({ "not": {} }),
        json!({}),
        json!(true),
        Value::Null,
    ])
}

/// Schemas, a few levels deep.
fn schema() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        let objects = (
            btree_map("[a-c]", inner.clone(), 0..4),
            vec(select(vec!["a", "b", "c"]), 0..3),
            proptest::option::of(select(vec!["Thing", "Part", "other"])),
        );
        let objects = objects.prop_map(|(properties, required, title)| {
            let properties: Map<_, _> = properties.into_iter().collect();
            let mut object = json!({ "type": "object", "properties": properties, "required": required, "description": "D." });
            if let Some(title) = title {
                object["title"] = title.into();
            }
            object
        });
        let keyword = select(vec!["oneOf", "anyOf", "allOf"]);
        let joined = (keyword, vec(inner.clone(), 0..3), any::<bool>());
        let joined = joined.prop_map(|(keyword, mut branches, nullable)| {
            if nullable {
                branches.push(json!({ "type": "null" }));
            }
            json!({ keyword: branches, "title": "Joined", "description": "D." })
        });
        prop_oneof![
            objects,
            joined,
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            inner.clone().prop_map(|values| json!({ "type": "object", "additionalProperties": values })),
            (inner, select(vec!["x-clears-on-null", "x-legacy", "deprecated"])).prop_map(
                |(mut schema, marker)| {
                    if let Some(members) = schema.as_object_mut() {
                        members.insert(marker.to_owned(), true.into());
                    }
                    schema
                }
            ),
        ]
    })
}

/// Whether every schema is of the dialect of OpenAPI 3.0.
fn is_lowered(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            let known = ["const", "anyOf", "patternProperties", "title", "not"];
            let is_3_1 = known.iter().any(|keyword| members.contains_key(*keyword));
            let has_list_of_types = members.get("type").is_some_and(Value::is_array);
            // Below `properties` the keys are names, not keywords; those that are made here are no keywords.
            !is_3_1 && !has_list_of_types && members.values().all(is_lowered)
        }
        Value::Array(items) => items.iter().all(is_lowered),
        _ => true,
    }
}

/// What a server may send: values of each kind, with members that the schemas name.
fn value() -> impl Strategy<Value = Value> {
    let leaf = select(vec![
        json!(null),
        json!("a"),
        json!("b"),
        json!("thing"),
        json!("1"),
        json!("2026-01-01T00:00:00Z"),
        json!(1),
        json!(2.5),
        json!(true),
    ]);
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map("[a-d]", inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// A schema of OpenAPI 3.0 as JSON Schema 2020-12, which says the same of null in another way.
fn raised(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            let mut raised: Map<_, _> = members
                .iter()
                .map(|(name, value)| (name.clone(), raised(value)))
                .collect();
            if raised.get("nullable") == Some(&json!(true)) {
                raised.remove("nullable");
                return json!({ "anyOf": [raised, { "type": "null" }] });
            }
            raised.into()
        }
        Value::Array(items) => items.iter().map(raised).collect(),
        other => other.clone(),
    }
}

/// Whether a value is a `Thing` of these components.
fn things(schemas: &Value) -> jsonschema::Validator {
    let thing =
        json!({ "$ref": "#/components/schemas/Thing", "components": { "schemas": schemas } });
    jsonschema::draft202012::new(&thing).unwrap()
}

proptest! {
    // The same cases in every run, so that a failure is one for everybody.
    #![proptest_config(Config {
        cases: 1_000,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn a_schema_is_lowered_or_an_error_names_the_place(
        thing in schema(),
        other in schema(),
        answered in any::<bool>(),
        values in vec(value(), 20),
    ) {
        let operation = if answered { answering } else { taking };
        let portal = document(operation(super::thing()), json!({ "Thing": thing, "Other": other }));
        match lower(&portal) {
            Ok(client) => {
                prop_assert!(is_lowered(&client["components"]["schemas"]), "{:#}", client);
                prop_assert!(is_lowered(&client["paths"]), "{:#}", client);
                // As the generator reads it; the rest of OpenAPI 3.0.3 is in its types.
                let read = serde_json::from_value::<openapiv3::OpenAPI>(client.clone());
                prop_assert!(read.is_ok(), "{:?} {:#}", read.err(), client);
                prop_assert_eq!(lower(&portal).ok(), Some(client.clone()));
                if answered {
                    let contract = things(&portal["components"]["schemas"]);
                    let lowered = things(&raised(&client["components"]["schemas"]));
                    for value in &values {
                        if contract.is_valid(value) {
                            prop_assert!(lowered.is_valid(value), "{} is lost: {:#}", value, client);
                        }
                    }
                }
            }
            Err(error) => {
                for line in error.to_string().lines() {
                    let place = line.split(": ").next().unwrap_or_default();
                    let names_a_place = ["schema", "POST /things", "`$ref`"]
                        .iter()
                        .any(|start| place.starts_with(start))
                        || place.contains(['.', '[']) && !place.contains(' ');
                    prop_assert!(names_a_place, "{}", line);
                }
            }
        }
    }
}
