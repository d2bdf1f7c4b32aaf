//! What the JSON Schema of a configuration says about one place in it: which keys it has, what is expected there, whether it
//! holds a secret. Messages are made from this, never from a parser's own wording, which may repeat a secret.

use schemars::JsonSchema;
use serde_json::Value;

use super::values;

/// A schema and a position in it.
#[derive(Clone, Copy)]
pub(super) struct Outline<'s> {
    root: &'s Value,
    here: &'s Value,
}

/// The schema of `T` as JSON.
pub(super) fn schema_of<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

impl<'s> Outline<'s> {
    pub(super) fn new(root: &'s Value) -> Self {
        Self { root, here: root }
    }

    fn at(self, here: &'s Value) -> Self {
        Self { here, ..self }
    }

    /// This place and, below `$ref` and the branches of a choice, everything it may be.
    fn alternatives(self) -> Vec<Self> {
        let mut found = vec![self];
        if let Some(pointer) = self.here.get("$ref").and_then(Value::as_str)
            && let Some(target) = self.root.pointer(pointer.trim_start_matches('#'))
        {
            found.extend(self.at(target).alternatives());
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            for branch in self
                .here
                .get(choice)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                found.extend(self.at(branch).alternatives());
            }
        }
        found
    }

    /// The keys that a table at this place may have.
    pub(super) fn keys(self) -> Vec<(&'s str, Self)> {
        self.alternatives()
            .into_iter()
            .filter_map(|place| Some((place, place.here.get("properties")?.as_object()?)))
            .flat_map(|(place, keys)| {
                keys.iter()
                    .map(move |(key, schema)| (key.as_str(), place.at(schema)))
            })
            .collect()
    }

    /// The keys that a table at this place must have.
    pub(super) fn required(self) -> Vec<&'s str> {
        self.alternatives()
            .into_iter()
            .filter_map(|place| place.here.get("required")?.as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// Whether keys beyond [`Outline::keys`] mean something here.
    pub(super) fn is_open(self) -> bool {
        !self
            .alternatives()
            .iter()
            .any(|place| place.here.get("properties").is_some())
            || self.alternatives().iter().any(|place| {
                place
                    .here
                    .get("additionalProperties")
                    .is_some_and(Value::is_object)
            })
    }

    /// The place of `key` in a table here.
    pub(super) fn key(self, key: &str) -> Option<Self> {
        let known = self.keys().into_iter();
        let mut known = known.filter_map(|(name, place)| (name == key).then_some(place));
        known.next().or_else(|| self.other_key())
    }

    /// The place of a key that a table here may have besides those with a meaning of their own.
    fn other_key(self) -> Option<Self> {
        self.alternatives().into_iter().find_map(|place| {
            let others = place.here.get("additionalProperties")?;
            others.is_object().then(|| place.at(others))
        })
    }

    /// The words that a value here may be, if it is one of many.
    pub(super) fn many_words(self) -> Option<Vec<&'s str>> {
        const FEW: usize = 12;
        let places = self.alternatives();
        let listed = places
            .iter()
            .filter_map(|place| place.here.get("enum")?.as_array());
        let words: Vec<_> = listed.flatten().filter_map(Value::as_str).collect();
        (words.len() > FEW).then_some(words)
    }

    /// The place of an element of a list here.
    pub(super) fn element(self) -> Option<Self> {
        self.alternatives()
            .into_iter()
            .find_map(|place| place.here.get("items").map(|items| place.at(items)))
    }

    /// Whether a value here is, or contains, a secret, so that no message may repeat it.
    pub(super) fn is_secret(self) -> bool {
        self.alternatives().iter().any(|place| {
            place
                .here
                .get("format")
                .is_some_and(|format| format == "password")
        }) || self.element().is_some_and(Self::is_secret)
            || self.keys().into_iter().any(|(_, place)| place.is_secret())
    }

    /// What is expected here, as the end of the sentence "expected …".
    pub(super) fn expected(self) -> String {
        let places = self.alternatives();
        if let Some(text) = places
            .iter()
            .find_map(|place| place.here.get("x-expected")?.as_str())
        {
            return text.to_owned();
        }
        let formats = places
            .iter()
            .filter_map(|place| place.here.get("format")?.as_str());
        let mut described = formats.filter_map(|format| match format {
            "password" => Some("a string of visible ASCII characters"),
            "duration" => Some(values::DURATION),
            "date-time" => Some(values::INSTANT),
            "uri" => Some("an absolute http or https address without credentials"),
            _ => None,
        });
        if let Some(text) = described.next_back() {
            return text.to_owned();
        }
        let constants: Vec<String> = places
            .iter()
            .flat_map(|place| {
                let listed = place
                    .here
                    .get("enum")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten();
                listed.chain(place.here.get("const"))
            })
            .filter(|value| !value.is_null())
            .map(ToString::to_string)
            .collect();
        let types: Vec<&str> = places
            .iter()
            .filter_map(|place| place.here.get("type"))
            .flat_map(|kind| {
                kind.as_array()
                    .map_or_else(|| vec![kind], |kinds| kinds.iter().collect())
            })
            .filter_map(Value::as_str)
            .collect();
        let minimum = places
            .iter()
            .any(|place| place.here.get("minimum").is_some());
        let described: Vec<String> = ["object", "array", "boolean", "integer", "number", "string"]
            .into_iter()
            .filter(|kind| types.contains(kind) && (*kind != "string" || constants.is_empty()))
            .map(|kind| match kind {
                "object" => "a table".to_owned(),
                "array" => "a list".to_owned(),
                "boolean" => "true or false".to_owned(),
                "integer" if minimum => "a whole number, not negative".to_owned(),
                "integer" => "a whole number".to_owned(),
                "number" => "a number".to_owned(),
                _ => "a string".to_owned(),
            })
            .collect();
        let all: Vec<String> = constants.into_iter().chain(described).collect();
        match all.as_slice() {
            [] => "another value".to_owned(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }

    /// Every dotted path below this place, for suggestions.
    pub(super) fn paths(self) -> Vec<String> {
        let mut found = Vec::new();
        for (key, place) in self.keys() {
            found.push(key.to_owned());
            found.extend(
                place
                    .paths()
                    .into_iter()
                    .map(|below| format!("{key}.{below}")),
            );
            if let Some(element) = place.element() {
                found.extend(
                    element
                        .paths()
                        .into_iter()
                        .map(|below| format!("{key}.{below}")),
                );
            }
        }
        found
    }
}
