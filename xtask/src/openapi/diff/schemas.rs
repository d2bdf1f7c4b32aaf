//! Comparing two schemas, place by place.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    Found, Pair,
    rules::{Difference, Direction, Effect, Kind, breaks},
    shape::{Shape, referred},
    variants,
};

/// What the place of a component starts with.
pub(super) const PREFIX: &str = "schema ";

/// A schema that says nothing, for a member that is required but not described.
pub(super) static ANY: Value = Value::Bool(true);

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

    /// Compares two branches of unions. Where one of them is a whole schema, null is none of the branch's business.
    pub(super) fn branches(
        &mut self,
        before: &'a Value,
        after: &'a Value,
        is_whole: bool,
        place: &str,
    ) {
        match (referred(before), referred(after)) {
            _ if !is_whole => self.schemas(before, after, place),
            (Some((ours, _)), Some((theirs, _))) => {
                self.found.reached.insert((ours, theirs, self.direction));
            }
            _ => self.once(before, after, |this| {
                let was = Shape::of(this.ours, before);
                let is = Shape::of(this.theirs, after);
                this.meanings(&was, &is, (before, after), place);
            }),
        }
    }

    fn contents(&mut self, before: &'a Value, after: &'a Value, place: &str) {
        self.once(before, after, |this| this.shapes(before, after, place));
    }

    /// Compares unless the very same comparison is under way.
    fn once(&mut self, before: &'a Value, after: &'a Value, compare: impl FnOnce(&mut Self)) {
        let known = |(one, other): &(&Value, &Value)| {
            std::ptr::eq(*one, before) && std::ptr::eq(*other, after)
        };
        if !self.trail.iter().any(known) {
            self.trail.push((before, after));
            compare(self);
            self.trail.pop();
        }
    }

    fn shapes(&mut self, before: &'a Value, after: &'a Value, place: &str) {
        let was = Shape::of(self.ours, before);
        let is = Shape::of(self.theirs, after);
        if !was.is_any() && !is.is_any() {
            self.null(was.nullable, is.nullable, place);
        }
        self.meanings(&was, &is, (before, after), place);
    }

    /// Compares two schemas without their null, one or both of which may be a union.
    fn meanings(
        &mut self,
        was: &Shape<'a>,
        is: &Shape<'a>,
        (before, after): (&'a Value, &'a Value),
        place: &str,
    ) {
        match (was.variants.as_slice(), is.variants.as_slice()) {
            ([], []) => {}
            ([], _) if was.is_any() => {
                return self.note(
                    place,
                    Kind::Type,
                    Effect::Narrows,
                    Value::Null,
                    json!(is.variants),
                );
            }
            (_, []) if is.is_any() => {
                return self.note(
                    place,
                    Kind::Type,
                    Effect::Widens,
                    json!(was.variants),
                    Value::Null,
                );
            }
            ([], branches) => return variants::compare(self, &[before], branches, place),
            (branches, []) => return variants::compare(self, branches, &[after], place),
            (ours, theirs) => variants::compare(self, ours, theirs, place),
        }
        if !self.types(was, is, place) {
            return;
        }
        self.values(was, is, place);
        let keywords: BTreeSet<_> = was.keywords.keys().chain(is.keywords.keys()).collect();
        for keyword in keywords {
            let (before, after) = (was.keywords.get(keyword), is.keywords.get(keyword));
            self.keyword(keyword, before.copied(), after.copied(), place);
        }
        self.object(was, is, place);
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
    pub(super) fn keyword(
        &mut self,
        keyword: &str,
        before: Option<&Value>,
        after: Option<&Value>,
        place: &str,
    ) {
        // A flag that is off is as if it were not there.
        let is_on = |value: &&Value| keyword == "default" || **value != false;
        let (before, after) = (before.filter(is_on), after.filter(is_on));
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

    /// Notes that something is gone: nothing can be sent there, and nothing comes.
    pub(super) fn removed(&mut self, place: &str, before: Value) {
        self.note(place, Kind::Removed, Effect::Replaces, before, Value::Null);
    }

    /// Notes that there is something new, which a request may have to have.
    pub(super) fn added(&mut self, place: &str, after: Value, is_required: bool) {
        let effect = if is_required {
            Effect::Narrows
        } else {
            Effect::Neutral
        };
        self.note(place, Kind::Added, effect, Value::Null, after);
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
