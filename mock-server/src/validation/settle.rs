//! What becomes of values that the document accepts in more than one form.

use serde_json::{Map, Value};

use super::{
    path::Step,
    plan::Plan,
    schema,
    violation::{Rule, Violation},
};

/// The most warnings that one request gives rise to.
const MAX_WARNINGS: usize = 20;

/// Turns integers that are written as floats (`5.0`, which JSON Schema calls an integer) into integers, and refuses those that
/// need more than 64 bits, so that a handler can read every integer.
pub(super) fn numbers<'p>(plan: &'p Plan, request: &mut Value) -> Vec<Violation<'p>> {
    let mut walk = Numbers {
        plan,
        steps: Vec::new(),
        violations: Vec::new(),
    };
    walk.enter(&[&plan.root], request);
    walk.violations
}

struct Numbers<'p> {
    plan: &'p Plan,
    steps: Vec<Step>,
    violations: Vec<Violation<'p>>,
}

impl<'p> Numbers<'p> {
    fn enter(&mut self, schemas: &[&'p Value], value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members.iter_mut().filter(|(_, member)| concerns(member)) {
                    let schema = schema::property(schemas, name)
                        .map(|(_, schema)| schema)
                        .or_else(|| schema::other_members(schemas));
                    if let Some(schema) = schema {
                        self.steps.push(Step::member(name));
                        self.enter(&schema::expand(self.plan.document, schema), member);
                        self.steps.pop();
                    }
                }
            }
            Value::Array(items) => {
                let Some(schema) = schema::items(schemas) else {
                    return;
                };
                let schemas = schema::expand(self.plan.document, schema);
                for (index, item) in items.iter_mut().enumerate() {
                    if concerns(item) {
                        self.steps.push(Step::Item(index));
                        self.enter(&schemas, item);
                        self.steps.pop();
                    }
                }
            }
            Value::Number(_) => self.number(schemas, value),
            _ => {}
        }
    }

    fn number(&mut self, schemas: &[&Value], value: &mut Value) {
        if !schema::allows(schemas, "integer") || schema::allows(schemas, "number") {
            return;
        }
        let Some(float) = value.as_f64().filter(|float| float.fract() == 0.0) else {
            return;
        };
        // Floats from 2^63 on lie outside; below it, those without a fraction convert without loss.
        if value.is_f64() && float.abs() < 9_223_372_036_854_775_808.0 {
            #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
            let integer = float as i64;
            *value = integer.into();
            return;
        }
        // Where the document sets a limit, the validator says so, and better.
        let limit = if float > 0.0 { "maximum" } else { "minimum" };
        let limited = schemas.iter().any(|schema| schema[limit].is_i64());
        if value.as_i64().is_none() && !limited && self.violations.len() < super::MAX_VIOLATIONS {
            let message = "must be an integer of at most 64 bits";
            let violation = Violation::plain(self.plan, &self.steps, Rule::OutOfRange, message);
            self.violations.push(violation);
        }
    }
}

/// Whether [`Numbers`] has anything to do with `value`: most values are passed over without a look at their schema.
fn concerns(value: &Value) -> bool {
    match value {
        Value::Array(_) | Value::Object(_) => true,
        Value::Number(number) => !number.is_i64(),
        _ => false,
    }
}

/// Gives old names their new ones, drops a `null` that means the same as leaving the member out, and says what is outdated.
/// The request has been validated.
pub(super) fn members(plan: &Plan, request: &mut Value) -> Vec<String> {
    let mut warnings = Vec::new();
    enter(plan.document, &[&plan.root], request, &mut warnings);
    warnings
}

fn enter(document: &Value, schemas: &[&Value], value: &mut Value, warnings: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            rename(document, schemas, members, warnings);
            members.retain(|name, member| match schema::property(schemas, name) {
                Some((_, schema)) if member.is_null() => {
                    let own = schema::expand(document, schema);
                    schema::requires(schemas, name) || schema::marked(&own, "x-clears-on-null")
                }
                _ => true,
            });
            for (name, member) in members
                .iter_mut()
                .filter(|(_, member)| is_container(member))
            {
                let schema = schema::property(schemas, name)
                    .map(|(_, schema)| schema)
                    .or_else(|| schema::other_members(schemas));
                if let Some(schema) = schema {
                    enter(
                        document,
                        &schema::expand(document, schema),
                        member,
                        warnings,
                    );
                }
            }
        }
        Value::Array(items) => {
            if let Some(schema) = schema::items(schemas) {
                let schemas = schema::expand(document, schema);
                for item in items.iter_mut().filter(|item| is_container(item)) {
                    enter(document, &schemas, item, warnings);
                }
            }
        }
        _ => {}
    }
}

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

fn rename(
    document: &Value,
    schemas: &[&Value],
    members: &mut Map<String, Value>,
    warnings: &mut Vec<String>,
) {
    for (name, schema) in schema::properties(schemas) {
        if !members.contains_key(name) {
            continue;
        }
        if let Some(new) = schema["x-alias-of"].as_str() {
            let value = members.shift_remove(name).unwrap_or_default();
            if value.is_null() {
                continue;
            }
            warn(warnings, format!("{name} is an old name; use {new}."));
            let taken = members.get(new).is_some_and(|value| !value.is_null());
            if !taken {
                members.insert(new.to_owned(), value);
            }
        } else if schema::marked(&schema::expand(document, schema), "deprecated")
            && !members[name].is_null()
        {
            warn(warnings, format!("{name} is deprecated."));
        }
    }
}

fn warn(warnings: &mut Vec<String>, warning: String) {
    if warnings.len() < MAX_WARNINGS && !warnings.contains(&warning) {
        warnings.push(warning);
    }
}
