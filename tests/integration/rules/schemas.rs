//! Values that satisfy a schema of the contract, and values that break each of its keywords.

use contract_tests::judge::PORTAL;
use serde_json::{Map, Value, json};

/// A schema with its references resolved, and a `null` alternative among its types.
pub(super) fn resolved(schema: &Value) -> Value {
    let mut schema = schema.clone();
    while let Some(reference) = schema["$ref"].as_str() {
        let target = PORTAL
            .root()
            .pointer(&reference[1..])
            .expect("a target")
            .clone();
        let own = schema.as_object_mut().expect("an object");
        own.remove("$ref");
        let mut all = target;
        all.as_object_mut().expect("an object").extend(own.clone());
        schema = all;
    }
    let branches = schema["anyOf"].as_array().cloned().unwrap_or_default();
    let is_null = |branch: &&Value| branch["type"] == "null";
    // Alternatives of several kinds, such as text or a number, are broken by a value of another kind.
    if let [only] = branches
        .iter()
        .filter(|branch| !is_null(branch))
        .collect::<Vec<_>>()
        .as_slice()
    {
        let mut only = resolved(only);
        if branches.iter().any(|branch| is_null(&branch)) {
            let kinds: Vec<String> = types(&only)
                .into_iter()
                .chain(["null".to_owned()])
                .collect();
            only["type"] = json!(kinds);
        }
        return only;
    }
    schema
}

pub(super) fn types(schema: &Value) -> Vec<String> {
    match &schema["type"] {
        Value::String(one) => vec![one.clone()],
        Value::Array(several) => several
            .iter()
            .map(|one| one.as_str().expect("a type").to_owned())
            .collect(),
        _ => {
            let branches = schema["anyOf"].as_array().into_iter().flatten();
            branches.flat_map(types).collect()
        }
    }
}

/// A value that satisfies a schema, with every member that it declares.
pub(super) fn sample(schema: &Value) -> Value {
    let schema = resolved(schema);
    if let Some(options) = schema["enum"].as_array() {
        return options[0].clone();
    }
    match types(&schema).first().map(String::as_str) {
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("array") => json!([sample(&schema["items"])]),
        Some("object") => {
            let mut members = Map::new();
            for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                members.insert(name.clone(), sample(member));
            }
            if let Some(other) = others(&schema) {
                members.insert("key".to_owned(), sample(&other));
            }
            Value::Object(members)
        }
        _ => json!(text(&schema)),
    }
}

fn text(schema: &Value) -> &'static str {
    let is_domain = schema["maxLength"] == 253;
    match schema["format"].as_str() {
        Some("email") => "it@acme.example",
        Some("uri") => "https://app.example/x",
        Some("date-time") => "2026-01-01T00:00:00.000Z",
        None | Some("password") if is_domain => "acme.example",
        None | Some("password") => "text",
        Some(other) => panic!("nothing here has the format {other}"),
    }
}

/// The schema of members that are not declared by name.
pub(super) fn others(schema: &Value) -> Option<Value> {
    let patterns = schema["patternProperties"].as_object();
    let by_pattern = patterns.and_then(|patterns| patterns.values().next());
    let other = by_pattern.or_else(|| schema.get("additionalProperties"))?;
    other.is_object().then(|| other.clone())
}

/// What breaks each keyword of a schema, with the name of the rule.
pub(super) fn broken(schema: &Value) -> Vec<(&'static str, Value)> {
    let mut found: Vec<(&'static str, Value)> = Vec::new();
    let accepted = types(schema);
    let accepts = |kind: &str| accepted.iter().any(|accepted| accepted == kind);
    for (keyword, limit) in schema.as_object().expect("an object") {
        let number = || limit.as_i64().expect("a number");
        let count = || usize::try_from(number()).expect("a count");
        match keyword.as_str() {
            "type" | "anyOf" => {
                let others = [
                    ("string", json!("x")),
                    ("integer", json!(5)),
                    ("boolean", json!(true)),
                    ("array", json!([])),
                    ("object", json!({})),
                    ("null", Value::Null),
                ];
                let fits = |kind: &str| accepts(kind) || kind == "integer" && accepts("number");
                let wrong = others.into_iter().filter(|(kind, _)| !fits(kind));
                found.extend(wrong.map(|(_, value)| ("invalid_type", value)));
                if accepts("integer") {
                    found.push(("invalid_type", json!(1.5)));
                }
                for branch in schema["anyOf"].as_array().into_iter().flatten() {
                    let of_branch = broken(branch).into_iter();
                    found.extend(of_branch.filter(|(rule, _)| *rule != "invalid_type"));
                }
            }
            "enum" if accepts("integer") => found.push(("invalid_value", json!(-7))),
            "enum" => found.push(("invalid_value", json!("no such value"))),
            "minLength" => found.push(("too_short", json!(""))),
            "maxLength" if schema["pattern"].is_string() && count() == 253 => {
                let labels = vec!["a".repeat(63); 4].join(".");
                found.push(("too_long", json!(labels)));
            }
            "maxLength" => found.push(("too_long", json!("a".repeat(count() + 1)))),
            "pattern" => found.push(("invalid_format", json!(mismatch(limit)))),
            "format" => match limit.as_str() {
                Some("email") => found.push(("invalid_email", json!("nobody"))),
                Some("uri") => found.push(("invalid_format", json!("https://app.example/a b"))),
                Some("date-time") => {
                    for text in [
                        "yesterday",
                        "2026-01-01",
                        "2026-02-30T00:00:00.000Z",
                        "10000-01-01T00:00:00.000Z",
                    ] {
                        found.push(("invalid_format", json!(text)));
                    }
                }
                other => assert_eq!(other, Some("password"), "a format that nothing here breaks"),
            },
            "minItems" => found.push(("too_few", json!([]))),
            "maxItems" => {
                let items = vec![sample(&schema["items"]); count() + 1];
                found.push(("too_many", json!(items)));
            }
            "minimum" => {
                found.push(("out_of_range", json!(number() - 1)));
                found.push(("out_of_range", json!(-1e300)));
            }
            "maximum" => {
                found.push(("out_of_range", json!(number() + 1)));
                found.push(("out_of_range", json!(1e300)));
                found.push(("out_of_range", json!(u64::MAX)));
            }
            "maxProperties" => {
                let value = sample(&others(schema).expect("members"));
                let members: Map<String, Value> = (0..=count())
                    .map(|number| (format!("key{number}"), value.clone()))
                    .collect();
                found.push(("too_many", Value::Object(members)));
            }
            "propertyNames" => {
                let longest = limit["maxLength"].as_u64().expect("a length");
                let name = "k".repeat(usize::try_from(longest).expect("a length") + 1);
                found.push(("too_long", json!({name: "text"})));
            }
            // `required`, and what an object has in it, are broken where the members are.
            "required"
            | "properties"
            | "items"
            | "additionalProperties"
            | "patternProperties"
            | "description"
            | "title"
            | "default"
            | "deprecated"
            | "x-clears-on-null"
            | "x-legacy"
            | "x-alias-of"
            | "x-violation"
            | "x-violation-code" => {}
            other => panic!("nothing here breaks {other}"),
        }
    }
    found
}

/// A text that does not match, and breaks no other rule of a member with this pattern.
fn mismatch(pattern: &Value) -> &'static str {
    match pattern.as_str().expect("a pattern") {
        r"^[\x00-\x7F]+$" => "é",
        "^[Hh][Tt][Tt][Pp][Ss]://" => "http://app.example/",
        url if url.starts_with("^[Hh][Tt][Tt][Pp][Ss]?://") => "ftp://app.example/",
        _ => "no match",
    }
}
