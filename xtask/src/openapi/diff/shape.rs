//! What a schema says, however it says it: `const` is a list of one value, `allOf` is one object, a `null` branch is a
//! nullable schema.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::openapi::reference;

/// Keywords without meaning for what is sent.
const SILENT: [&str; 8] = [
    "$comment",
    "$defs",
    "$ref",
    "description",
    "example",
    "examples",
    "nullable",
    "title",
];

/// A schema's meaning, `null` set apart.
#[derive(Debug, Default)]
pub(super) struct Shape<'a> {
    /// The types besides null; `None` for any.
    pub(super) types: Option<BTreeSet<&'a str>>,
    pub(super) nullable: bool,
    /// The only values besides null; `None` for any.
    pub(super) values: Option<Vec<&'a Value>>,
    pub(super) members: BTreeMap<&'a str, &'a Value>,
    pub(super) required: BTreeSet<&'a str>,
    pub(super) items: Option<&'a Value>,
    pub(super) others: Others<'a>,
    /// What members whose names match a pattern must be.
    pub(super) patterns: BTreeMap<&'a str, &'a Value>,
    /// What the names of members must be.
    pub(super) names: Option<&'a Value>,
    /// The branches of a union, without null.
    pub(super) variants: Vec<&'a Value>,
    /// Everything else: format, limits, default, …
    pub(super) keywords: BTreeMap<&'a str, &'a Value>,
}

/// Members of an object that have no name in the schema.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Others<'a> {
    /// Anything goes.
    #[default]
    Open,
    /// Nothing but the named ones.
    Closed,
    /// What each must be.
    Of(&'a Value),
}

impl<'a> Shape<'a> {
    pub(super) fn of(document: &'a Value, schema: &'a Value) -> Self {
        let mut shape = Self::default();
        shape.read(document, schema, &mut Vec::new());
        shape
    }

    /// Whether the schema says nothing about type, values or branches, so that null is as good as anything.
    pub(super) fn is_any(&self) -> bool {
        self.types.is_none() && self.values.is_none() && self.variants.is_empty()
    }

    fn read(&mut self, document: &'a Value, schema: &'a Value, entered: &mut Vec<&'a str>) {
        let target = schema.get("$ref").and_then(Value::as_str);
        if let Some(target) = target.filter(|target| !entered.contains(target)) {
            entered.push(target);
            self.read(document, resolved(document, schema), entered);
        }
        if *schema == false {
            self.types = Some(BTreeSet::new());
        }
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            match (keyword.as_str(), value) {
                ("type", _) => self.read_types(value),
                ("const", value) => self.read_values(std::slice::from_ref(value)),
                ("enum", Value::Array(values)) => self.read_values(values),
                ("properties", Value::Object(members)) => self
                    .members
                    .extend(members.iter().map(|(name, member)| (name.as_str(), member))),
                ("required", Value::Array(names)) => {
                    self.required.extend(names.iter().filter_map(Value::as_str));
                }
                ("items", items) => self.items = Some(items),
                ("additionalProperties", Value::Bool(false)) => self.others = Others::Closed,
                ("additionalProperties", Value::Object(schema)) if !schema.is_empty() => {
                    self.others = Others::Of(value);
                }
                ("patternProperties", Value::Object(members)) => self
                    .patterns
                    .extend(members.iter().map(|(name, member)| (name.as_str(), member))),
                ("propertyNames", names) => self.names = Some(names),
                ("allOf", Value::Array(branches)) => {
                    for branch in branches {
                        self.read(document, branch, entered);
                    }
                }
                ("oneOf" | "anyOf", Value::Array(branches)) => {
                    let present: Vec<_> =
                        branches.iter().filter(|branch| !is_null(branch)).collect();
                    self.nullable |= present.len() < branches.len();
                    if let [only] = present.as_slice() {
                        self.read(document, only, entered);
                    } else {
                        self.variants.extend(present);
                    }
                }
                // What is open or off is as if it were not there.
                ("additionalProperties", _) => {}
                (flag, Value::Bool(false)) if flag != "default" => {}
                (silent, _) if SILENT.contains(&silent) || silent.starts_with("x-") => {
                    self.nullable |= silent == "nullable" && *value == true;
                }
                (other, _) => drop(self.keywords.insert(other, value)),
            }
        }
    }

    fn read_types(&mut self, value: &'a Value) {
        let all: BTreeSet<_> = match value {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        self.nullable |= all.contains("null");
        self.types = Some(all.into_iter().filter(|kind| *kind != "null").collect());
    }

    fn read_values(&mut self, values: &'a [Value]) {
        self.nullable |= values.iter().any(Value::is_null);
        self.values = Some(values.iter().filter(|value| !value.is_null()).collect());
    }
}

/// The component that a schema is nothing but a reference to, and whether null may stand in its place.
pub(super) fn referred(schema: &Value) -> Option<(&str, bool)> {
    let members = schema.as_object()?;
    let mut telling = members.iter().filter(|(keyword, _)| {
        !["default", "deprecated"].contains(&keyword.as_str())
            && (*keyword == "$ref" || !SILENT.contains(&keyword.as_str()))
            && !keyword.starts_with("x-")
    });
    let (keyword, value) = telling.next()?;
    if telling.next().is_some() {
        return None;
    }
    match (keyword.as_str(), value) {
        ("$ref", _) => Some((reference::schema_name(schema)?, false)),
        ("allOf", Value::Array(branches)) if branches.len() == 1 => referred(&branches[0]),
        ("oneOf" | "anyOf", Value::Array(branches)) => {
            let mut present = branches.iter().filter(|branch| !is_null(branch));
            let (name, nullable) = referred(present.next()?)?;
            let has_null = present.clone().count() + 1 < branches.len();
            present
                .next()
                .is_none()
                .then_some((name, nullable || has_null))
        }
        _ => None,
    }
}

/// What a `$ref` leads to, or the value itself.
pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value.get("$ref").and_then(Value::as_str);
    target
        .and_then(|target| document.pointer(target.trim_start_matches('#')))
        .unwrap_or(value)
}

fn is_null(branch: &Value) -> bool {
    branch["type"] == "null" || branch.get("const").is_some_and(Value::is_null)
}
