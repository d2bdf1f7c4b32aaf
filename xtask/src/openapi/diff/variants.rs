//! Unions: which branch of one is which of the other.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    rules::{Direction, Effect, Kind},
    schemas::Comparison,
    shape::{Shape, referred},
};

/// Compares the branches of two unions: those with the same tag, name, text or type are the same branch.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    before: &[&'a Value],
    after: &[&'a Value],
    place: &str,
) {
    let tags = tags(comparison, before, after);
    let is_tagged = !tags.is_empty();
    let tag = |document, branch| tag(document, branch, &tags);
    let (ours, theirs) = (comparison.ours, comparison.theirs);
    let mut left: Vec<_> = before.to_vec();
    let mut new: Vec<_> = after.to_vec();
    let mut pairs = Vec::new();
    let mut pair_up = |same: &dyn Fn(&'a Value, &'a Value) -> bool| {
        left.retain(|before| {
            let Some(position) = new.iter().position(|after| same(before, after)) else {
                return true;
            };
            pairs.push((*before, new.remove(position)));
            false
        });
    };
    pair_up(&|before, after| {
        let value = tag(ours, before);
        value.is_some() && value == tag(theirs, after)
    });
    if !is_tagged {
        pair_up(&|before, after| referred(before).is_some() && referred(before) == referred(after));
        pair_up(&|before, after| before == after);
        pair_up(&|before, after| {
            let (was, is) = (Shape::of(ours, before), Shape::of(theirs, after));
            was.types.is_some() && was.types == is.types
        });
    }
    let name = |document, branch: &'a Value| {
        let name = referred(branch).map(|(name, _)| name.to_owned());
        tag(document, branch)
            .map(str::to_owned)
            .or(name)
            .unwrap_or_else(|| kind(document, branch))
    };
    let names = |document, branches: &[&'a Value]| -> Vec<_> {
        branches
            .iter()
            .map(|branch| name(document, branch))
            .collect()
    };
    // A list of tags is as open as a list of values: a reader keeps what it does not know.
    let added = if is_tagged && comparison.direction == Direction::Response {
        Effect::Neutral
    } else {
        Effect::Widens
    };
    if !left.is_empty() {
        let gone = json!(names(ours, &left));
        comparison.note(
            place,
            Kind::VariantsRemoved,
            Effect::Narrows,
            gone,
            Value::Null,
        );
    }
    if !new.is_empty() {
        let new = json!(names(theirs, &new));
        comparison.note(place, Kind::VariantsAdded, added, Value::Null, new);
    }
    for (before, after) in pairs {
        let place = format!("{place}({})", name(ours, before));
        comparison.schemas(before, after, &place);
    }
}

/// The members that tell branches apart: constant in each branch, and different in all.
fn tags<'a>(
    comparison: &Comparison<'a>,
    before: &[&'a Value],
    after: &[&'a Value],
) -> BTreeSet<&'a str> {
    let of = |document: &'a Value, branches: &[&'a Value]| -> BTreeSet<&'a str> {
        let Some((first, rest)) = branches.split_first() else {
            return BTreeSet::new();
        };
        let names = Shape::of(document, first).members.into_keys();
        names
            .filter(|name| {
                let mut seen = BTreeSet::new();
                std::iter::once(first).chain(rest).all(|branch| {
                    constant(document, branch, name).is_some_and(|value| seen.insert(value))
                })
            })
            .collect()
    };
    let theirs = of(comparison.theirs, after);
    of(comparison.ours, before)
        .into_iter()
        .filter(|name| theirs.contains(name))
        .collect()
}

fn tag<'a>(document: &'a Value, branch: &'a Value, tags: &BTreeSet<&str>) -> Option<&'a str> {
    constant(document, branch, tags.first()?)
}

/// The one text that the member `name` of a branch can be.
fn constant<'a>(document: &'a Value, branch: &'a Value, name: &str) -> Option<&'a str> {
    let member = *Shape::of(document, branch).members.get(name)?;
    match Shape::of(document, member).values?.as_slice() {
        [Value::String(value)] => Some(value),
        _ => None,
    }
}

/// What a branch without a name is called.
fn kind(document: &Value, branch: &Value) -> String {
    let types = Shape::of(document, branch).types.unwrap_or_default();
    if types.is_empty() {
        "any".to_owned()
    } else {
        types.into_iter().collect::<Vec<_>>().join(" or ")
    }
}
