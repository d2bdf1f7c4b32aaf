//! Bounds what an unacceptable request costs.
//!
//! The validator reports every violation at once, and a body of a megabyte has room for half a million. So violations are
//! looked for in a copy that keeps only the first thousand list items and undeclared members.

use std::{borrow::Cow, collections::HashSet};

use serde_json::{Map, Value};

/// Items and undeclared members that are looked at for violations.
pub(super) const BUDGET: usize = 1000;

/// Names that schemas of the document declare or require. A copy keeps them, or it would lack what the request has.
pub(super) type Declared = HashSet<&'static str>;

pub(super) fn declared(document: &'static Value) -> Declared {
    let mut names = HashSet::new();
    gather(document, &mut names);
    names
}

fn gather(value: &'static Value, names: &mut Declared) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("properties", Value::Object(properties)) => {
                        names.extend(properties.keys().map(String::as_str));
                    }
                    ("required", Value::Array(required)) => {
                        names.extend(required.iter().filter_map(Value::as_str));
                    }
                    _ => {}
                }
                gather(member, names);
            }
        }
        _ => {}
    }
}

/// The request itself while it is small, or a copy of its beginning.
pub(super) fn bounded<'r>(
    request: &'r Value,
    declared: impl FnOnce() -> &'r Declared,
) -> Cow<'r, Value> {
    if nodes(request, BUDGET) <= BUDGET {
        return Cow::Borrowed(request);
    }
    let mut left = BUDGET;
    Cow::Owned(copy(request, declared(), &mut left))
}

/// The values in `value`, counted until there are more than `enough`.
fn nodes(value: &Value, enough: usize) -> usize {
    let mut count = 1;
    let mut add = |child| {
        if count <= enough {
            count += nodes(child, enough - count);
        }
        count <= enough
    };
    match value {
        Value::Array(items) => _ = items.iter().all(&mut add),
        Value::Object(members) => _ = members.values().all(add),
        _ => {}
    }
    count
}

fn copy(value: &Value, declared: &Declared, left: &mut usize) -> Value {
    match value {
        Value::Array(items) => {
            let mut kept = Vec::new();
            for item in items {
                // The first item stays, so that no list becomes empty.
                if *left == 0 && !kept.is_empty() {
                    break;
                }
                *left = left.saturating_sub(1);
                kept.push(copy(item, declared, left));
            }
            Value::Array(kept)
        }
        Value::Object(members) => {
            let mut kept = Map::new();
            for (name, member) in members {
                if !declared.contains(name.as_str()) {
                    if *left == 0 {
                        continue;
                    }
                    *left -= 1;
                }
                kept.insert(name.clone(), copy(member, declared, left));
            }
            Value::Object(kept)
        }
        _ => value.clone(),
    }
}
