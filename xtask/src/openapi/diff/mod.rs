//! What a newer document would change for our operations.
//!
//! Both documents are cut to our operations first, so nothing else is compared. A component is compared once, wherever
//! it is used; the operations that reach it stand beside the difference. [`rules`] decides what breaks.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::Value;

mod objects;
mod operations;
mod report;
mod rules;
mod schemas;
mod shape;
#[cfg(test)]
mod tests;
mod variants;

use super::{
    curation::OperationKey,
    cut::{self, cut},
};
use rules::{Difference, Direction, Kind};

/// One difference, wherever it shows.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Change {
    /// Whether a program written against our document may fail on it.
    breaking: bool,
    #[serde(serialize_with = "as_text")]
    operations: BTreeSet<OperationKey>,
    /// Where: a part of the operations (`response 200.data[].state`) or a component (`schema Connection.state`).
    place: String,
    #[serde(rename = "change")]
    kind: Kind,
    /// What our document has there, `null` for nothing.
    before: Value,
    /// What the newer one has there, `null` for nothing.
    after: Value,
}

/// A component of ours and its counterpart, which is the same name unless it was renamed.
type Pair<'a> = (&'a str, &'a str, Direction);

/// The comparison of one schema: its own differences and the components it leads to.
#[derive(Default)]
struct Found<'a> {
    differences: Vec<Difference>,
    reached: BTreeSet<Pair<'a>>,
}

/// Compares our cut document with a whole newer one, from the point of view of a program that uses ours.
///
/// # Errors
/// Names a reference in the newer document that leads nowhere.
pub(crate) fn changes(
    ours: &Value,
    theirs: &Value,
    operations: &[OperationKey],
) -> Result<Vec<Change>> {
    let mut kept: Vec<_> = operations
        .iter()
        .filter(|key| cut::find(theirs, key).is_some())
        .cloned()
        .collect();
    kept.extend(new_under_our_tags(ours, theirs, operations));
    let newer = cut(theirs, &kept).context("the newer document")?;
    let mut changes = BTreeMap::new();
    let mut components = BTreeMap::new();
    let keys: BTreeSet<_> = cut::operations(ours)
        .chain(cut::operations(&newer))
        .map(|(key, _)| key)
        .collect();
    for key in keys {
        let mut found = operations::compare(ours, &newer, &key);
        for pair in closure(ours, &newer, &found.reached, &mut components) {
            found
                .differences
                .extend_from_slice(&components[&pair].differences);
        }
        for difference in found.differences {
            merge(&mut changes, difference, &key);
        }
    }
    let mut changes = join_branches(changes.into_values());
    changes.sort_by(|one, other| order(one).cmp(&order(other)));
    Ok(changes)
}

/// Prints the changes for people.
pub(crate) fn print(changes: &[Change], out: &mut dyn Write) -> Result<()> {
    report::print(changes, out)
}

/// Operations that we would want to take, going by the tags of those we have.
fn new_under_our_tags(
    ours: &Value,
    theirs: &Value,
    operations: &[OperationKey],
) -> Vec<OperationKey> {
    let tags = |operation: &Value| -> Vec<Value> {
        let tags = operation["tags"].as_array();
        tags.into_iter().flatten().cloned().collect()
    };
    let kept: Vec<_> = cut::operations(ours)
        .flat_map(|(_, operation)| tags(operation))
        .collect();
    cut::operations(theirs)
        .filter(|(key, operation)| {
            !operations.contains(key) && tags(operation).iter().any(|tag| kept.contains(tag))
        })
        .map(|(key, _)| key)
        .collect()
}

/// Every component that is reached from `start`, each compared when it is first met.
fn closure<'a>(
    ours: &'a Value,
    newer: &'a Value,
    start: &BTreeSet<Pair<'a>>,
    components: &mut BTreeMap<Pair<'a>, Found<'a>>,
) -> BTreeSet<Pair<'a>> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<_> = start.iter().copied().collect();
    while let Some(pair) = waiting.pop() {
        if reached.insert(pair) {
            let found = components
                .entry(pair)
                .or_insert_with(|| schemas::component(ours, newer, pair));
            waiting.extend(found.reached.iter().copied());
        }
    }
    reached
}

/// What makes two differences one: the same thing happens at the same place.
type Key = (String, Kind, String, String);

/// Adds a difference, or an operation to the same difference elsewhere.
fn merge(changes: &mut BTreeMap<Key, Change>, difference: Difference, key: &OperationKey) {
    let Difference {
        breaking,
        place,
        kind,
        before,
        after,
    } = difference;
    let same = (place.clone(), kind, before.to_string(), after.to_string());
    let operations = BTreeSet::new();
    let change = changes.entry(same).or_insert(Change {
        breaking,
        operations,
        place,
        kind,
        before,
        after,
    });
    change.breaking |= breaking;
    change.operations.insert(key.clone());
}

/// Makes one of changes that differ in nothing but the branch of a union they are in: what several events share.
fn join_branches(changes: impl Iterator<Item = Change>) -> Vec<Change> {
    let mut joined: Vec<(Change, Vec<String>)> = Vec::new();
    let mut known = BTreeMap::new();
    for change in changes {
        let (before, rest) = change.place.split_once('(').unwrap_or((&change.place, ""));
        let (branch, after) = rest.split_once(')').unwrap_or(("", rest));
        let key = (
            (
                before.to_owned(),
                after.to_owned(),
                !branch.is_empty(),
                change.breaking,
            ),
            (
                change.kind,
                change.before.to_string(),
                change.after.to_string(),
                change.operations.clone(),
            ),
        );
        let branch = branch.to_owned();
        let at = *known.entry(key).or_insert(joined.len());
        match joined.get_mut(at) {
            Some((_, branches)) => branches.push(branch),
            None => joined.push((change, vec![branch])),
        }
    }
    let name = |(mut change, branches): (Change, Vec<String>)| {
        if branches.len() > 1 {
            change.place = change.place.replacen(
                &format!("({})", branches[0]),
                &format!("({})", branches.join(", ")),
                1,
            );
        }
        change
    };
    joined.into_iter().map(name).collect()
}

/// Breaking first; then by operation, whole operations before their parts.
fn order(change: &Change) -> impl Ord {
    (
        !change.breaking,
        change.place != operations::WHOLE,
        change.place.starts_with(schemas::PREFIX),
        change.operations.clone(),
        change.place.clone(),
        change.kind,
    )
}

fn as_text<S: serde::Serializer>(
    keys: &BTreeSet<OperationKey>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(keys.iter().map(ToString::to_string))
}
