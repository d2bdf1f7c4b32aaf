//! Holds back values of enums that this version does not know, before a request is sent.

use reqwest::Request;
use serde_json::Value;

use crate::operations::CHOICES;

/// The most that is shown of a value, in characters.
const MAX_SHOWN: usize = 60;

/// A place of a request that has one of a set of values.
pub(crate) struct Choice {
    /// Whether it is in the query; otherwise it is in the body.
    pub(crate) query: bool,
    /// Names of members; `[]` is every item of a list, `{}` every member of a map.
    pub(crate) path: &'static [&'static str],
    pub(crate) is_known: fn(&str) -> bool,
}

/// Refuses a request that has a value that this version does not know.
///
/// # Errors
/// Says which argument it is.
pub(crate) fn check(operation: &str, request: &Request) -> Result<(), String> {
    let Some((_, choices)) = CHOICES.iter().find(|(name, _)| *name == operation) else {
        return Ok(());
    };
    for (name, value) in request.url().query_pairs() {
        let unknown = |choice: &&Choice| {
            choice.query && choice.path == [&*name] && !(choice.is_known)(&value)
        };
        if choices.iter().any(|choice| unknown(&choice)) {
            return Err(refusal(&name, &value));
        }
    }
    let body = request.body().and_then(reqwest::Body::as_bytes);
    if choices.iter().all(|choice| choice.query) || body.is_none() {
        return Ok(());
    }
    let Ok(body) = serde_json::from_slice(body.unwrap_or_default()) else {
        return Ok(());
    };
    let of_body = choices.iter().filter(|choice| !choice.query);
    for choice in of_body {
        if let Some(value) = unknown_in(&body, choice.path, choice.is_known) {
            return Err(refusal(&choice.path.join(".").replace(".[]", "[]"), value));
        }
    }
    Ok(())
}

/// The first value at `path` that is not known.
fn unknown_in<'a>(value: &'a Value, path: &[&str], is_known: fn(&str) -> bool) -> Option<&'a str> {
    let Some((step, rest)) = path.split_first() else {
        return value.as_str().filter(|value| !is_known(value));
    };
    match (*step, value) {
        ("[]", Value::Array(items)) => items
            .iter()
            .find_map(|item| unknown_in(item, rest, is_known)),
        ("{}", Value::Object(members)) => members
            .values()
            .find_map(|member| unknown_in(member, rest, is_known)),
        (name, Value::Object(members)) => unknown_in(members.get(name)?, rest, is_known),
        _ => None,
    }
}

fn refusal(place: &str, value: &str) -> String {
    let shown: String = value.chars().take(MAX_SHOWN).collect();
    format!(
        "{place}: {shown:?} is no value that this version knows; `allow_unknown_values` lets it be sent"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_looked_for_wherever_they_stand() {
        let is_known: fn(&str) -> bool = |value| value == "a";
        let body = json!({"one": "b", "many": ["a", "c", "d"], "map": {"x": {"y": "e"}}, "null": null, "no": 3});
        for (path, found) in [
            (&["one"][..], Some("b")),
            (&["many", "[]"], Some("c")),
            (&["map", "{}", "y"], Some("e")),
            (&["map", "x", "y"], Some("e")),
            (&["null"], None),
            (&["no"], None),
            (&["missing", "y"], None),
            (&["one", "[]"], None),
        ] {
            assert_eq!(unknown_in(&body, path, is_known), found, "{path:?}");
        }
    }

    #[test]
    fn a_refusal_is_short() {
        assert!(refusal("a", &"é".repeat(10_000)).len() < 250);
    }
}
