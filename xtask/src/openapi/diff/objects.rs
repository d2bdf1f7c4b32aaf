//! Comparing what an object may hold.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    rules::{Direction, Effect, Kind},
    schemas::{ANY, Comparison},
    shape::{Others, Shape},
};

impl<'a> Comparison<'a> {
    pub(super) fn object(&mut self, was: &Shape<'a>, is: &Shape<'a>, place: &str) {
        self.members(was, is, place);
        self.other_members(was, is, place);
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
        let all: BTreeSet<_> = names(was).into_iter().chain(names(is)).collect();
        for name in all {
            let place = format!("{place}.{name}");
            let before = was.members.get(name).copied().unwrap_or(&ANY);
            let after = is.members.get(name).copied().unwrap_or(&ANY);
            let was_required = was.required.contains(name);
            let is_required = is.required.contains(name);
            let tell =
                |required: bool, schema: &Value| json!({ "required": required, "schema": schema });
            match (has(was, name), has(is, name)) {
                (true, true) => {
                    self.required(was_required, is_required, &place);
                    self.schemas(before, after, &place);
                }
                (true, false) => self.removed(&place, tell(was_required, before)),
                (false, _) => self.added(&place, tell(is_required, after), is_required),
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
