//! What there is at a place, for contracts that name it: the control API's. `WorkOS` does not.

use serde_json::Value;

use super::{message, schema};

/// Names that a sentence lists before it abbreviates.
const LISTED: usize = 24;

/// That `given` is none of `names`. `noun` is what they are: members, parameters.
pub(super) fn unknown(noun: &str, names: &[&str], given: &str) -> String {
    let there_are = match names {
        [] => "there are none".to_owned(),
        [only] => format!("there is only {only}"),
        few if few.len() <= LISTED => format!("there are {}", few.join(", ")),
        many => format!(
            "there are {}, … ({} in all)",
            many[..LISTED].join(", "),
            many.len()
        ),
    };
    let predicate = format!("is no {noun}: {there_are}");
    match message::nearest(names, &given.into()) {
        Some(nearest) => format!("{predicate}. Did you mean {nearest}?"),
        None => predicate,
    }
}

/// That `given` is no member of an object that `schemas` describe.
pub(super) fn unknown_member(schemas: &[&Value], given: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in schema::properties(schemas) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    unknown("member", &names, given)
}

/// What a value has to be that is in none of the forms that `schemas` describe; nothing when they do not say.
pub(super) fn expected(schemas: &[&Value], given: &Value) -> Option<String> {
    if let Some(expected) = own_words(schemas) {
        return Some(expected);
    }
    let mut options: Vec<Value> = Vec::new();
    for schema in schemas {
        let listed = schema["enum"].as_array().into_iter().flatten();
        for option in listed.chain(schema.get("const")) {
            if !option.is_null() && !options.contains(option) {
                options.push(option.clone());
            }
        }
    }
    let allows = |kind: &str| schema::allows(schemas, kind);
    let mut forms: Vec<String> = Vec::new();
    if options.is_empty() && allows("string") {
        let mut formats = schemas
            .iter()
            .filter_map(|schema| schema["format"].as_str());
        let described = formats.find_map(message::described);
        forms.push(described.unwrap_or("a string").to_owned());
    }
    if allows("boolean") {
        forms.push("true or false".to_owned());
    }
    if allows("number") {
        forms.push("a number".to_owned());
    } else if allows("integer") {
        forms.push(integer(schemas));
    }
    for (kind, form) in [("array", "a list"), ("object", "an object")] {
        if allows(kind) {
            forms.push(form.to_owned());
        }
    }
    match (options.as_slice(), forms.as_slice()) {
        ([], []) => None,
        (options, []) => Some(message::one_of(options, given, LISTED)),
        (options, _) => {
            let (words, rest) = message::listed(options, LISTED);
            let all: Vec<&str> = words
                .iter()
                .map(String::as_str)
                .chain(rest.as_deref())
                .chain(forms.iter().map(String::as_str))
                .collect();
            Some(format!("must be {}", message::or(&all)))
        }
    }
}

/// What a schema says in its own words about the values that it accepts.
pub(super) fn own_words(schemas: &[&Value]) -> Option<String> {
    let mut words = schemas
        .iter()
        .filter_map(|schema| schema["x-expected"].as_str());
    words.next().map(|words| format!("must be {words}"))
}

fn integer(schemas: &[&Value]) -> String {
    let limit = |keyword: &str| schemas.iter().find_map(|schema| schema.get(keyword));
    match (limit("minimum"), limit("maximum")) {
        (Some(least), Some(most)) => format!("an integer between {least} and {most}"),
        _ => "an integer".to_owned(),
    }
}
