//! Comparing two schemas, place by place.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Found, Pair,
    rules::{Difference, Direction, Effect, Kind, breaks},
    shape::{Others, Shape, referred},
    variants,
};

/// What the place of a component starts with.
pub(super) const PREFIX: &str = "schema ";

/// A schema that says nothing, for a member that is required but not described.
static ANY: Value = Value::Bool(true);

/// One comparison: two documents, and the way what is compared travels.
pub(super) struct Comparison<'a> {
    pub(super) ours: &'a Value,
    pub(super) theirs: &'a Value,
    pub(super) direction: Direction,
    pub(super) found: Found<'a>,
    /// The pairs of schemas being compared, outermost first: a schema that contains itself ends here.
    trail: Vec<(&'a Value, &'a Value)>,
}

/// Compares a component with its counterpart.
pub(super) fn component<'a>(ours: &'a Value, theirs: &'a Value, pair: Pair<'a>) -> Found<'a> {
    let (name, counterpart, direction) = pair;
    let place = format!("{PREFIX}{name}");
    let mut comparison = Comparison::new(ours, theirs, direction);
    if name != counterpart {
        comparison.note(
            &place,
            Kind::Renamed,
            Effect::Neutral,
            json!(name),
            json!(counterpart),
        );
    }
    let schema = |document: &'a Value, name: &str| &document["components"]["schemas"][name];
    comparison.contents(schema(ours, name), schema(theirs, counterpart), &place);
    comparison.found
}

impl<'a> Comparison<'a> {
    pub(super) fn new(ours: &'a Value, theirs: &'a Value, direction: Direction) -> Self {
        Self {
            ours,
            theirs,
            direction,
            found: Found::default(),
            trail: Vec::new(),
        }
    }

    pub(super) fn note(
        &mut self,
        place: &str,
        kind: Kind,
        effect: Effect,
        before: Value,
        after: Value,
    ) {
        self.found.differences.push(Difference {
            breaking: breaks(kind, effect, self.direction),
            place: place.to_owned(),
            kind,
            before,
            after,
        });
    }

    /// Compares two schemas where they stand: two references lead to a comparison of components.
    pub(super) fn schemas(&mut self, before: &'a Value, after: &'a Value, place: &str) {
        match (referred(before), referred(after)) {
            (Some((ours, was_nullable)), Some((theirs, is_nullable))) => {
                self.null(was_nullable, is_nullable, place);
                for keyword in ["default", "deprecated"] {
                    self.keyword(keyword, before.get(keyword), after.get(keyword), place);
                }
                self.found.reached.insert((ours, theirs, self.direction));
            }
            _ => self.contents(before, after, place),
        }
    }

    fn contents(&mut self, before: &'a Value, after: &'a Value, place: &str) {
        let known = |(one, other): &(&Value, &Value)| {
            std::ptr::eq(*one, before) && std::ptr::eq(*other, after)
        };
        if self.trail.iter().any(known) {
            return;
        }
        self.trail.push((before, after));
        self.shapes(before, after, place);
        self.trail.pop();
    }

    fn shapes(&mut self, before: &'a Value, after: &'a Value, place: &str) {
        let was = Shape::of(self.ours, before);
        let is = Shape::of(self.theirs, after);
        if !was.is_any() && !is.is_any() {
            self.null(was.nullable, is.nullable, place);
        }
        match (was.variants.as_slice(), is.variants.as_slice()) {
            ([], []) => {}
            ([], branches) => return variants::compare(self, &[before], branches, place),
            (branches, []) => return variants::compare(self, branches, &[after], place),
            (ours, theirs) => variants::compare(self, ours, theirs, place),
        }
        if !self.types(&was, &is, place) {
            return;
        }
        self.values(&was, &is, place);
        let keywords: BTreeSet<_> = was.keywords.keys().chain(is.keywords.keys()).collect();
        for keyword in keywords {
            let (before, after) = (was.keywords.get(keyword), is.keywords.get(keyword));
            self.keyword(keyword, before.copied(), after.copied(), place);
        }
        self.members(&was, &is, place);
        self.other_members(&was, &is, place);
        if was.items.is_some() || is.items.is_some() {
            let (before, after) = (was.items.unwrap_or(&ANY), is.items.unwrap_or(&ANY));
            self.schemas(before, after, &format!("{place}[]"));
        }
    }

    fn null(&mut self, was_nullable: bool, is_nullable: bool, place: &str) {
        let (kind, effect) = match (was_nullable, is_nullable) {
            (false, true) => (Kind::NullAllowed, Effect::Widens),
            (true, false) => (Kind::NullForbidden, Effect::Narrows),
            _ => return,
        };
        self.note(place, kind, effect, json!(was_nullable), json!(is_nullable));
    }

    /// Compares the types; `false` if they have nothing in common, so that nothing else is worth comparing.
    fn types(&mut self, was: &Shape<'_>, is: &Shape<'_>, place: &str) -> bool {
        let effect = match (&was.types, &is.types) {
            (before, after) if before == after => return true,
            // A list of values says its type without naming it.
            (None, Some(_)) if was.values.is_some() => return true,
            (Some(_), None) if is.values.is_some() => return true,
            (None, _) => Effect::Narrows,
            (_, None) => Effect::Widens,
            (Some(before), Some(after)) => {
                let covered = |few: &BTreeSet<&str>, many: &BTreeSet<&str>| {
                    few.iter().all(|kind| {
                        many.contains(kind) || *kind == "integer" && many.contains("number")
                    })
                };
                match (covered(before, after), covered(after, before)) {
                    (true, _) => Effect::Widens,
                    (_, true) => Effect::Narrows,
                    _ => Effect::Replaces,
                }
            }
        };
        self.note(place, Kind::Type, effect, json!(was.types), json!(is.types));
        effect != Effect::Replaces
    }

    fn values(&mut self, was: &Shape<'_>, is: &Shape<'_>, place: &str) {
        let (before, after) = match (&was.values, &is.values) {
            (None, None) => return,
            (None, Some(values)) => {
                let effect = Effect::Narrows;
                return self.note(
                    place,
                    Kind::ValuesListed,
                    effect,
                    Value::Null,
                    json!(values),
                );
            }
            (Some(values), None) => {
                let effect = Effect::Widens;
                return self.note(
                    place,
                    Kind::ValuesOpened,
                    effect,
                    json!(values),
                    Value::Null,
                );
            }
            (Some(before), Some(after)) => (before, after),
        };
        let without = |all: &[&Value], known: &[&Value]| -> Vec<Value> {
            let left = all.iter().filter(|value| !known.contains(value));
            left.map(|value| (*value).clone()).collect()
        };
        let (removed, added) = (without(before, after), without(after, before));
        if removed.len() == before.len() && !added.is_empty() {
            let effect = Effect::Replaces;
            return self.note(
                place,
                Kind::ValuesReplaced,
                effect,
                json!(removed),
                json!(added),
            );
        }
        if !removed.is_empty() {
            let effect = Effect::Narrows;
            self.note(
                place,
                Kind::ValuesRemoved,
                effect,
                json!(removed),
                Value::Null,
            );
        }
        if !added.is_empty() {
            self.note(
                place,
                Kind::ValuesAdded,
                Effect::Widens,
                Value::Null,
                json!(added),
            );
        }
    }

    /// Compares one of the keywords that stand for themselves.
    fn keyword(
        &mut self,
        keyword: &str,
        before: Option<&Value>,
        after: Option<&Value>,
        place: &str,
    ) {
        if before == after {
            return;
        }
        let constraint = Effect::of_constraint(before, after);
        let (kind, effect) = match keyword {
            "default" => (Kind::Default, Effect::Neutral),
            "deprecated" => (Kind::Deprecated, Effect::Neutral),
            "format" => (Kind::Format, constraint),
            "multipleOf" | "pattern" | "uniqueItems" => (Kind::Limit, constraint),
            upper if upper.starts_with("max") || upper == "exclusiveMaximum" => (
                Kind::Limit,
                moved(before, after, constraint, |was, is| was < is),
            ),
            lower if lower.starts_with("min") || lower == "exclusiveMinimum" => (
                Kind::Limit,
                moved(before, after, constraint, |was, is| was > is),
            ),
            _ => (Kind::Keyword, Effect::Replaces),
        };
        // A limit does not say by its value which of several it is.
        let tell = |value: Option<&Value>| match kind {
            Kind::Limit | Kind::Keyword => {
                value.map_or(Value::Null, |value| json!({ keyword: value }))
            }
            _ => value.cloned().unwrap_or(Value::Null),
        };
        self.note(place, kind, effect, tell(before), tell(after));
    }

    fn members(&mut self, was: &Shape<'a>, is: &Shape<'a>, place: &str) {
        let names = |shape: &Shape<'a>| -> Vec<&'a str> {
            shape
                .members
                .keys()
                .chain(&shape.required)
                .copied()
                .collect()
        };
        let has = |shape: &Shape<'a>, name: &str| {
            shape.members.contains_key(name) || shape.required.contains(name)
        };
        for name in names(was)
            .into_iter()
            .chain(names(is))
            .collect::<BTreeSet<_>>()
        {
            let place = format!("{place}.{name}");
            let before = was.members.get(name).copied().unwrap_or(&ANY);
            let after = is.members.get(name).copied().unwrap_or(&ANY);
            let (was_required, is_required) =
                (was.required.contains(name), is.required.contains(name));
            match (has(was, name), has(is, name)) {
                (false, _) if is_required => {
                    let after = json!({ "required": true, "schema": after });
                    self.note(&place, Kind::Added, Effect::Narrows, Value::Null, after);
                }
                (false, _) => {
                    let after = json!({ "required": false, "schema": after });
                    self.note(&place, Kind::Added, Effect::Neutral, Value::Null, after);
                }
                (_, false) => {
                    let before = json!({ "required": was_required, "schema": before });
                    self.note(&place, Kind::Removed, Effect::Replaces, before, Value::Null);
                }
                (true, true) => {
                    self.required(was_required, is_required, &place);
                    self.schemas(before, after, &place);
                }
            }
        }
    }

    pub(super) fn required(&mut self, was_required: bool, is_required: bool, place: &str) {
        let (kind, effect) = match (was_required, is_required) {
            (false, true) => (Kind::BecameRequired, Effect::Narrows),
            (true, false) => (Kind::BecameOptional, Effect::Widens),
            _ => return,
        };
        self.note(place, kind, effect, json!(was_required), json!(is_required));
    }

    fn other_members(&mut self, was: &Shape<'a>, is: &Shape<'a>, place: &str) {
        let tell = |others: Others<'_>| match others {
            Others::Open => json!(true),
            Others::Closed => json!(false),
            Others::Of(schema) => schema.clone(),
        };
        let effect = match (was.others, is.others) {
            (Others::Of(before), Others::Of(after)) => {
                self.schemas(before, after, &format!("{place}{{}}"));
                None
            }
            (before, after) if before == after => None,
            // Members that a reader does not know are skipped, whatever they are.
            (Others::Closed, _) if self.direction == Direction::Response => Some(Effect::Neutral),
            (Others::Closed, _) | (_, Others::Open) => Some(Effect::Widens),
            (Others::Open, _) | (_, Others::Closed) => Some(Effect::Narrows),
        };
        if let Some(effect) = effect {
            self.note(
                place,
                Kind::OtherMembers,
                effect,
                tell(was.others),
                tell(is.others),
            );
        }
        if was.patterns.keys().ne(is.patterns.keys()) {
            let (before, after) = (json!(was.patterns), json!(is.patterns));
            self.note(place, Kind::OtherMembers, Effect::Replaces, before, after);
        }
        for (pattern, before) in &was.patterns {
            if let Some(after) = is.patterns.get(pattern) {
                self.schemas(before, after, &format!("{place}{{}}"));
            }
        }
        if was.names.is_some() || is.names.is_some() {
            let (before, after) = (was.names.unwrap_or(&ANY), is.names.unwrap_or(&ANY));
            self.schemas(before, after, &format!("{place}{{name}}"));
        }
    }
}

/// The effect of a number that says where values end: `grows` tells whether a move lets more through.
fn moved(
    before: Option<&Value>,
    after: Option<&Value>,
    otherwise: Effect,
    grows: fn(f64, f64) -> bool,
) -> Effect {
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    match number(before).zip(number(after)) {
        Some((was, is)) if grows(was, is) => Effect::Widens,
        Some(_) => Effect::Narrows,
        None => otherwise,
    }
}
