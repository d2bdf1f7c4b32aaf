//! Unions: which branch of one is which of the other.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    rules::{Direction, Effect, Kind},
    schemas::Comparison,
    shape::{Shape, referred},
};

/// Compares the branches of two unions: those with the same tag, name, text or type are the same branch.
///
/// A side that is no union is a union of one: its only branch is the schema itself.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    before: &[&'a Value],
    after: &[&'a Value],
    place: &str,
) {
    let is_whole = before.len() == 1 || after.len() == 1;
    let (ours, theirs) = (comparison.ours, comparison.theirs);
    let member = tag_member(ours, before, theirs, after);
    let tag = |document, branch| constant(document, branch, member?);
    let mut left = before.to_vec();
    let mut new = after.to_vec();
    let mut pairs = Vec::new();
    let mut pair_up = |is_same: &dyn Fn(&'a Value, &'a Value) -> bool| {
        left.retain(|before| {
            let position = new.iter().position(|after| is_same(before, after));
            pairs.extend(position.map(|position| (*before, new.remove(position))));
            position.is_none()
        });
    };
    pair_up(&|before, after| {
        let value = tag(ours, before);
        value.is_some() && value == tag(theirs, after)
    });
    if member.is_none() {
        pair_up(&|before, after| referred(before).is_some() && referred(before) == referred(after));
        pair_up(&|before, after| before == after);
        pair_up(&|before, after| {
            let (was, is) = (Shape::of(ours, before), Shape::of(theirs, after));
            was.types.is_some() && was.types == is.types
        });
    }
    let name = |document, branch: &'a Value| -> String {
        let name = tag(document, branch).or_else(|| Some(referred(branch)?.0));
        name.map_or_else(|| types(document, branch), str::to_owned)
    };
    if !left.is_empty() {
        let names: Vec<_> = left.iter().map(|branch| name(ours, branch)).collect();
        let kind = Kind::VariantsRemoved;
        comparison.note(place, kind, Effect::Narrows, json!(names), Value::Null);
    }
    if !new.is_empty() {
        let names: Vec<_> = new.iter().map(|branch| name(theirs, branch)).collect();
        // A list of tags is as open as a list of values: a reader keeps what it does not know.
        let is_open = new.iter().all(|branch| tag(theirs, branch).is_some());
        let effect = if is_open && comparison.direction == Direction::Response {
            Effect::Neutral
        } else {
            Effect::Widens
        };
        let kind = Kind::VariantsAdded;
        comparison.note(place, kind, effect, Value::Null, json!(names));
    }
    for (before, after) in pairs {
        let place = format!("{place}({})", name(ours, before));
        comparison.branches(before, after, is_whole, &place);
    }
}

/// The member that tells branches apart: in each of ours the one text it can be, no two the same.
fn tag_member<'a>(
    ours: &'a Value,
    before: &[&'a Value],
    theirs: &'a Value,
    after: &[&'a Value],
) -> Option<&'a str> {
    let names = Shape::of(ours, before.first()?).members.into_keys();
    let tells_apart = |document: &'a Value, branches: &[&'a Value], name: &str| {
        let tags: Vec<_> = branches
            .iter()
            .filter_map(|branch| constant(document, branch, name))
            .collect();
        let distinct: BTreeSet<_> = tags.iter().collect();
        (!tags.is_empty() && distinct.len() == tags.len()).then_some(tags.len())
    };
    names
        .into_iter()
        .filter(|name| tells_apart(theirs, after, name).is_some())
        .find(|name| tells_apart(ours, before, name) == Some(before.len()))
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
fn types(document: &Value, branch: &Value) -> String {
    match Shape::of(document, branch).types {
        Some(types) => Vec::from_iter(types).join(" or "),
        None => "any".to_owned(),
    }
}
