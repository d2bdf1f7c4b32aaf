//! JSON Schemas that an app gives for metadata: bounded, compiled, and told of in the words of the validator that `WorkOS`
//! uses, AJV.

use std::fmt;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{Draft, PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value, json};

/// How many schemas and members the metadata schemas of one action's version may have together, each reference counted as
/// what it refers to. So checking an event takes a bounded time.
const MAX_NODES: usize = 5_000;
/// How many patterns they may have together.
const MAX_PATTERNS: usize = 32;
/// How deeply a schema may be nested, references followed.
const MAX_DEPTH: usize = 32;
/// How many bytes a pattern may take when it is compiled.
const PATTERN_BYTES: usize = 1 << 20;

/// What may still be spent on the metadata schemas of one version.
#[derive(Debug)]
pub(crate) struct Budget {
    nodes: usize,
    patterns: usize,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self {
            nodes: MAX_NODES,
            patterns: MAX_PATTERNS,
        }
    }
}

/// A JSON Schema for metadata.
pub(crate) struct MetadataSchema {
    schema: Value,
    validator: Validator,
}

impl MetadataSchema {
    /// Compiles a schema. Without a `$schema` it is read as draft 7, which is AJV's default.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence: it is no JSON Schema, too large, or refers to something outside itself.
    pub(crate) fn compile(schema: Value, budget: &mut Budget) -> Result<Self, String> {
        Walk {
            root: &schema,
            budget,
            followed: Vec::new(),
        }
        .walk(&schema, 0)?;
        let mut options = jsonschema::options().offline();
        if schema.get("$schema").is_none() {
            options = options.with_draft(Draft::Draft7);
        }
        let validator = options
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            // Linear in the length of what it reads, whatever that is.
            .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_BYTES))
            .build(&schema)
            .map_err(|error| format!("is not a valid JSON Schema: {}", bounded(&error)))?;
        Ok(Self { schema, validator })
    }

    /// The schema as it was given.
    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    /// What keeps `metadata` from fitting, at most `limit` mismatches. Metadata that is left out counts as empty. `instance` and
    /// `schema` are where it lies in the event and this schema in the event's.
    pub(crate) fn check(
        &self,
        metadata: Option<&Map<String, Value>>,
        instance: &str,
        schema: &str,
        limit: usize,
    ) -> Vec<Mismatch> {
        let metadata = Value::Object(metadata.cloned().unwrap_or_default());
        if self.validator.is_valid(&metadata) {
            return Vec::new();
        }
        let errors = self.validator.iter_errors(&metadata).take(limit);
        let mut found: Vec<_> = errors
            .flat_map(|error| Mismatch::of(&error, instance, schema))
            .collect();
        found.truncate(limit);
        found
    }
}

impl PartialEq for MetadataSchema {
    fn eq(&self, other: &Self) -> bool {
        self.schema == other.schema
    }
}

impl fmt::Debug for MetadataSchema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.schema, formatter)
    }
}

/// The error without the schema that it may repeat at length.
fn bounded(error: &ValidationError<'_>) -> String {
    const LONGEST: usize = 200;
    let text = error.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Goes once through a schema with its references followed, before it is compiled.
struct Walk<'s, 'b> {
    root: &'s Value,
    budget: &'b mut Budget,
    /// The references that lead to where it is.
    followed: Vec<&'s str>,
}

/// Members that give a schema another name or base, which would make a reference mean something else.
const NAMES: [&str; 7] = [
    "$id",
    "id",
    "$anchor",
    "$dynamicAnchor",
    "$recursiveAnchor",
    "$dynamicRef",
    "$recursiveRef",
];

impl<'s> Walk<'s, '_> {
    fn walk(&mut self, value: &'s Value, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("is nested more deeply than {MAX_DEPTH} levels"));
        }
        self.budget.nodes = self
            .budget
            .nodes
            .checked_sub(1)
            .ok_or("is too large, with the other schemas of the action")?;
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.walk(item, depth + 1)),
            Value::Object(members) => members
                .iter()
                .try_for_each(|(name, member)| self.member(name, member, depth)),
            _ => Ok(()),
        }
    }

    fn member(&mut self, name: &'s str, member: &'s Value, depth: usize) -> Result<(), String> {
        match (name, member) {
            ("$ref", Value::String(reference)) => self.follow(reference, depth),
            ("pattern", Value::String(_)) => self.pattern(1),
            ("patternProperties", Value::Object(patterns)) => {
                self.pattern(patterns.len())?;
                self.walk(member, depth + 1)
            }
            (name, Value::String(_) | Value::Bool(_)) if NAMES.contains(&name) => {
                Err(format!("has {name}, which is not accepted here"))
            }
            _ => self.walk(member, depth + 1),
        }
    }

    fn pattern(&mut self, count: usize) -> Result<(), String> {
        let left = self.budget.patterns.checked_sub(count);
        self.budget.patterns = left.ok_or(format!("has more than {MAX_PATTERNS} patterns"))?;
        Ok(())
    }

    fn follow(&mut self, reference: &'s str, depth: usize) -> Result<(), String> {
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| self.root.pointer(pointer))
            .ok_or("refers to something that is not in it: only `#/…` is followed")?;
        if self.followed.contains(&reference) {
            return Err("refers to itself".to_owned());
        }
        self.followed.push(reference);
        self.walk(target, depth + 1)?;
        self.followed.pop();
        Ok(())
    }
}

/// One place in an event that does not fit its schema, as AJV tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// A JSON Pointer into the event.
    pub(crate) instance_path: String,
    /// A JSON Pointer into the event's schema, after a `#`.
    pub(crate) schema_path: String,
    pub(crate) keyword: String,
    /// What the rule demands.
    pub(crate) params: Option<Value>,
    pub(crate) message: String,
}

impl Mismatch {
    /// AJV tells of each unexpected member by itself.
    fn of(error: &ValidationError<'_>, instance: &str, schema: &str) -> Vec<Self> {
        let mismatch = |(params, message): (Option<Value>, String)| Self {
            instance_path: format!("{instance}{}", error.instance_path()),
            schema_path: format!("{schema}{}", error.schema_path()),
            keyword: error.kind().keyword().to_owned(),
            params,
            message,
        };
        let each = |unexpected: &[String], param: &str, what: &str| {
            unexpected
                .iter()
                .map(|name| {
                    mismatch((
                        Some(json!({ param: name })),
                        format!("must NOT have {what} properties"),
                    ))
                })
                .collect()
        };
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                each(unexpected, "additionalProperty", "additional")
            }
            Kind::UnevaluatedProperties { unexpected } => {
                each(unexpected, "unevaluatedProperty", "unevaluated")
            }
            kind => vec![mismatch(told(kind))],
        }
    }
}

/// What a rule demands, by the names that AJV has for it, and the same for people.
fn told(kind: &Kind) -> (Option<Value>, String) {
    let compared = |comparison: &str, limit: &Value| {
        (
            Some(json!({ "comparison": comparison, "limit": limit })),
            format!("must be {comparison} {limit}"),
        )
    };
    let counted = |limit: u64, rule: String| (Some(json!({ "limit": limit })), rule);
    match kind {
        Kind::Type { kind } => {
            let names: Vec<String> = match kind {
                TypeKind::Single(one) => vec![one.to_string()],
                TypeKind::Multiple(several) => several.iter().map(|one| one.to_string()).collect(),
            };
            let text = names.join(",");
            let types = match names.as_slice() {
                [one] => json!(one),
                several => json!(several),
            };
            (Some(json!({ "type": types })), format!("must be {text}"))
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let message = format!("must have required property '{name}'");
            (Some(json!({ "missingProperty": name })), message)
        }
        Kind::Enum { options } => (
            Some(json!({ "allowedValues": **options })),
            "must be equal to one of the allowed values".to_owned(),
        ),
        Kind::Constant { expected_value } => (
            Some(json!({ "allowedValue": **expected_value })),
            "must be equal to constant".to_owned(),
        ),
        Kind::Pattern { pattern } => (
            Some(json!({ "pattern": pattern })),
            format!("must match pattern \"{pattern}\""),
        ),
        Kind::Format { format } => (
            Some(json!({ "format": format })),
            format!("must match format \"{format}\""),
        ),
        Kind::MinLength { limit } => counted(
            *limit,
            format!("must NOT have fewer than {limit} characters"),
        ),
        Kind::MaxLength { limit } => counted(
            *limit,
            format!("must NOT have more than {limit} characters"),
        ),
        Kind::MinProperties { limit } => counted(
            *limit,
            format!("must NOT have fewer than {limit} properties"),
        ),
        Kind::MaxProperties { limit } => counted(
            *limit,
            format!("must NOT have more than {limit} properties"),
        ),
        Kind::Minimum { limit } => compared(">=", limit),
        Kind::Maximum { limit } => compared("<=", limit),
        Kind::ExclusiveMinimum { limit } => compared(">", limit),
        Kind::ExclusiveMaximum { limit } => compared("<", limit),
        Kind::MultipleOf { multiple_of } => (
            Some(json!({ "multipleOf": multiple_of })),
            format!("must be multiple of {multiple_of}"),
        ),
        Kind::AnyOf { .. } => (None, "must match a schema in anyOf".to_owned()),
        Kind::OneOfNotValid { .. } | Kind::OneOfMultipleValid { .. } => {
            (None, "must match exactly one schema in oneOf".to_owned())
        }
        Kind::Not { .. } => (None, "must NOT be valid".to_owned()),
        Kind::PropertyNames { .. } => (None, "property name must be valid".to_owned()),
        Kind::FalseSchema => (None, "boolean schema is false".to_owned()),
        kind => (
            None,
            format!("must pass \"{}\" keyword validation", kind.keyword()),
        ),
    }
}

#[cfg(test)]
mod tests;
