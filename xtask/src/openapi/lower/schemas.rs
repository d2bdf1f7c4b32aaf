//! Schemas: from JSON Schema 2020-12 to the dialect of OpenAPI 3.0.

use serde_json::{Map, Value, json};

use super::{Lowering, Usage, to};
use crate::openapi::reference;

/// Keywords that a rule reads.
const READ: [&str; 17] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "default",
    "deprecated",
    "description",
    "enum",
    "format",
    "items",
    "oneOf",
    "patternProperties",
    "properties",
    "required",
    "title",
    "type",
];

/// Limits that the server enforces. A client that knew them would refuse a page for one long value.
const LIMITS: [&str; 11] = [
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "pattern",
    "propertyNames",
    "uniqueItems",
];

impl Lowering<'_> {
    /// Lowers a schema where it stands. An inline object, enum or union becomes a component named by its `title`.
    pub(super) fn schema(&mut self, schema: &Value, usage: Usage, place: &str) -> Value {
        let Some(members) = schema.as_object() else {
            self.problem(
                place,
                "`true` and `false` cannot be expressed as a schema here",
            );
            return json!({});
        };
        for keyword in members.keys() {
            if !READ.contains(&keyword.as_str())
                && !LIMITS.contains(&keyword.as_str())
                && !keyword.starts_with("x-")
            {
                self.problem(place, &format!("unknown keyword `{keyword}`"));
            }
        }
        let (core, nullable) = without_null(schema);
        for keyword in ["allOf", "anyOf", "oneOf"] {
            if core[keyword].as_array().is_some_and(Vec::is_empty) {
                self.problem(
                    place,
                    &format!("`{keyword}` of nothing cannot be expressed"),
                );
                return json!({});
            }
        }
        let mut lowered = self.shape(&core, usage, place);
        if let Some(name) = reference::schema_name(&lowered).map(str::to_owned) {
            // A reference's siblings would be lost without a word.
            if nullable || core.get("description").is_some() {
                lowered = json!({ "allOf": [to(&name)] });
            }
        }
        if nullable {
            lowered["nullable"] = true.into();
        }
        for member in ["description", "deprecated"] {
            if let Some(value) = core
                .get(member)
                .filter(|_| reference::schema_name(&lowered).is_none())
            {
                lowered[member] = value.clone();
            }
        }
        lowered
    }

    fn shape(&mut self, core: &Value, usage: Usage, place: &str) -> Value {
        if let Some(name) = reference::schema_name(core) {
            return self.component(name, usage);
        }
        if let Some(branches) = core["allOf"].as_array() {
            return self.merged(core, branches, usage, place);
        }
        if let Some(branches) = core["oneOf"]
            .as_array()
            .or_else(|| core["anyOf"].as_array())
        {
            return self.union(core, branches, usage, place);
        }
        if let Some(value) = core.get("const") {
            if !value.is_string() {
                self.problem(place, "a constant that is no text cannot be expressed");
            }
            return json!({ "type": "string", "default": value });
        }
        if let Some(values) = core["enum"].as_array().filter(|_| core["type"] == "string") {
            let lowered =
                json!({ "type": "string", "enum": values, "description": core["description"] });
            return self.named(core, lowered, place);
        }
        match core["type"].as_str() {
            Some("object")
                if core["properties"]
                    .as_object()
                    .is_some_and(|properties| !properties.is_empty()) =>
            {
                let others = core["additionalProperties"]
                    .as_object()
                    .is_some_and(|values| !values.is_empty());
                if others || core.get("patternProperties").is_some() {
                    self.problem(
                        place,
                        "members with and without names in one object cannot be expressed",
                    );
                }
                let lowered = self.object(core, usage, place);
                self.named(core, lowered, place)
            }
            Some("object") => self.map(core, usage, place),
            Some("array") => {
                json!({ "type": "array", "items": self.schema(&core["items"], usage, &format!("{place}[]")) })
            }
            // What the contract marks as a secret is a type of its own, which does not print.
            Some("string") if core["format"] == "password" => to("SecretString"),
            Some("string") if core["format"] == "date-time" => {
                json!({ "type": "string", "format": "date-time" })
            }
            Some(scalar @ ("string" | "boolean" | "integer" | "number")) => {
                json!({ "type": scalar })
            }
            _ => {
                self.problem(place, "a schema without a type cannot be expressed");
                json!({})
            }
        }
    }

    pub(super) fn object(&mut self, core: &Value, usage: Usage, place: &str) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (name, property) in core["properties"].as_object().into_iter().flatten() {
            // What only old clients send is something a server accepts, not something a client offers.
            if property["x-legacy"] == true {
                continue;
            }
            let place = format!("{place}.{name}");
            let is_required = core["required"]
                .as_array()
                .is_some_and(|required| required.iter().any(|member| member == name));
            let mut lowered = self.schema(property, usage, &place);
            match usage {
                Usage::Request if !is_required => {
                    lowered = self.optional_in_request(property, lowered, &place);
                }
                Usage::Request => required.push(name.clone()),
                // Absent and null are one to a reader, and a constant says nothing: neither may fail a page.
                Usage::Response
                    if is_required
                        && lowered.get("nullable").is_none()
                        && lowered.get("default").is_none() =>
                {
                    required.push(name.clone());
                }
                Usage::Response => {}
            }
            properties.insert(name.clone(), lowered);
        }
        let mut lowered = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            lowered["required"] = required.into();
        }
        lowered
    }

    /// An object without members of its own: any JSON, or values of one kind.
    fn map(&mut self, core: &Value, usage: Usage, place: &str) -> Value {
        let patterns = core["patternProperties"].as_object();
        let values = match (
            core.get("additionalProperties"),
            patterns.map(|patterns| patterns.values().collect::<Vec<_>>()),
        ) {
            (Some(Value::Bool(false)), Some(values)) if values.len() == 1 => values[0],
            (None | Some(Value::Bool(true)), None) => {
                return json!({ "type": "object", "additionalProperties": true });
            }
            (Some(Value::Object(any)), None) if any.is_empty() => {
                return json!({ "type": "object", "additionalProperties": true });
            }
            (Some(values @ Value::Object(_)), None) => values,
            _ => {
                self.problem(
                    place,
                    "several patterns for member names cannot be expressed",
                );
                return json!({});
            }
        };
        json!({ "type": "object", "additionalProperties": self.schema(values, usage, &format!("{place}{{}}")) })
    }

    /// `allOf`: one branch is that branch, several objects are one object.
    fn merged(&mut self, core: &Value, branches: &[Value], usage: Usage, place: &str) -> Value {
        if let [only] = branches {
            return self.shape(&without_null(only).0, usage, place);
        }
        let known = self.joining.len();
        let mut merged = json!({ "type": "object", "properties": {}, "required": [] });
        for branch in branches {
            if let Some(name) = reference::schema_name(branch) {
                // Its members would be joined with it again, and theirs, without an end.
                if self.joining[..known].iter().any(|joined| joined == name) {
                    self.problem(place, &format!("`{name}` is joined with itself by `allOf`"));
                    self.joining.truncate(known);
                    return json!({});
                }
                self.joining.push(name.to_owned());
            }
            let branch = self.resolve(branch).clone();
            let (Some(properties), None) = (branch["properties"].as_object(), branch.get("oneOf"))
            else {
                self.problem(place, "only objects can be joined by `allOf`");
                continue;
            };
            for (name, property) in properties {
                merged["properties"][name] = property.clone();
            }
            if let (Some(all), Some(required)) = (
                merged["required"].as_array_mut(),
                branch["required"].as_array(),
            ) {
                all.extend_from_slice(required);
            }
        }
        let lowered = self.object(&merged, usage, place);
        self.joining.truncate(known);
        self.named(core, lowered, place)
    }

    /// `oneOf` and `anyOf` of scalars become an untagged enum; anything else would be read as the first that fits.
    fn union(&mut self, core: &Value, branches: &[Value], usage: Usage, place: &str) -> Value {
        if let [only] = branches {
            return self.shape(&without_null(only).0, usage, place);
        }
        let mut kinds = Vec::new();
        for branch in branches {
            match branch["type"].as_str() {
                Some(kind @ ("string" | "number" | "boolean")) if !kinds.contains(&kind) => {
                    kinds.push(kind);
                }
                _ => self.problem(place, "a union of anything but scalars cannot be expressed"),
            }
        }
        let lowered = json!({ "oneOf": kinds.iter().map(|kind| json!({ "type": kind })).collect::<Vec<_>>() });
        self.named(core, lowered, place)
    }

    /// Hoists an inline type. A component stands under its own name already.
    fn named(&mut self, core: &Value, mut lowered: Value, place: &str) -> Value {
        if place.starts_with("schema ") && !place.contains(['.', '[', '{']) {
            return lowered;
        }
        let Some(title) = core["title"].as_str() else {
            self.problem(place, "an inline type needs a `title` to be named by");
            return json!({});
        };
        lowered["description"] = core["description"].clone();
        if lowered["description"].is_null() {
            self.problem(place, "an inline type needs a description");
        }
        self.define(title, lowered, place);
        to(title)
    }
}

/// The schema without its null, and whether it had one: as a type, an enum value or a branch.
pub(super) fn without_null(schema: &Value) -> (Value, bool) {
    let mut core = schema.clone();
    let mut nullable = false;
    let Some(members) = core.as_object_mut() else {
        return (core, false);
    };
    if let Some(Value::Array(types)) = members.get_mut("type") {
        let all = types.len();
        types.retain(|kind| kind != "null");
        nullable |= types.len() < all;
        if let [only] = types.as_slice() {
            let only = only.clone();
            members.insert("type".to_owned(), only);
        }
    }
    for keyword in ["enum", "oneOf", "anyOf"] {
        if let Some(Value::Array(values)) = members.get_mut(keyword) {
            let all = values.len();
            values.retain(|value| !value.is_null() && value["type"] != "null");
            nullable |= values.len() < all;
        }
    }
    // What an only branch may be, the whole may be.
    for keyword in ["allOf", "oneOf", "anyOf"] {
        if let Some([only]) = members
            .get(keyword)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            nullable |= without_null(only).1;
        }
    }
    (core, nullable)
}
