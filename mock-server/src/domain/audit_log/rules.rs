//! What the events of an action have to be like.

use serde_json::{Value, json};

use super::entry::{Entry, Party};
use super::metadata::{Budget, MetadataSchema, Mismatch};
use crate::domain::error::{Rule, Violation};

/// How many mismatches are told of at most.
const MAX_MISMATCHES: usize = 100;

/// The rules as an app gives them: JSON Schemas for metadata, and kinds of targets.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RulesInput {
    pub(crate) actor: Option<Value>,
    pub(crate) targets: Vec<(String, Option<Value>)>,
    pub(crate) metadata: Option<Value>,
}

/// The rules, compiled.
#[derive(Debug, PartialEq)]
pub(crate) struct Rules {
    pub(crate) actor: Option<MetadataSchema>,
    pub(crate) targets: Vec<TargetRules>,
    pub(crate) metadata: Option<MetadataSchema>,
}

/// A kind of target that every event of the action has.
#[derive(Debug, PartialEq)]
pub(crate) struct TargetRules {
    pub(crate) kind: String,
    pub(crate) metadata: Option<MetadataSchema>,
}

impl Rules {
    /// Compiles the rules.
    ///
    /// # Errors
    /// Every metadata schema that cannot be accepted.
    pub(crate) fn compile(input: RulesInput) -> Result<Self, Vec<Violation>> {
        let mut budget = Budget::new();
        let mut violations = Vec::new();
        let mut compile = |field: String, schema: Option<Value>| {
            let compiled = MetadataSchema::compile(schema?, &mut budget);
            compiled
                .map_err(|problem| {
                    let message = format!("{field} {problem}.");
                    violations.push(Violation::new(field, Rule::Value, message));
                })
                .ok()
        };
        let actor = compile("actor.metadata".to_owned(), input.actor);
        let targets = input.targets.into_iter().enumerate();
        let targets = targets
            .map(|(index, (kind, schema))| TargetRules {
                kind,
                metadata: compile(format!("targets.{index}.metadata"), schema),
            })
            .collect();
        let metadata = compile("metadata".to_owned(), input.metadata);
        if violations.is_empty() {
            Ok(Self {
                actor,
                targets,
                metadata,
            })
        } else {
            Err(violations)
        }
    }

    /// What keeps an event from fitting. Each kind of target that the rules name has to be there, as the recorded refusals of
    /// `WorkOS` show (`#/properties/targets/allOf/0/contains/…`); targets of further kinds may be there too.
    ///
    /// # Errors
    /// Every mismatch, up to a hundred.
    pub(crate) fn check(&self, entry: &Entry) -> Result<(), Vec<Mismatch>> {
        let mut found = Vec::new();
        if let Some(schema) = &self.actor {
            found.extend(schema.check(
                entry.actor.metadata.as_ref(),
                "/actor/metadata",
                "#/properties/actor/properties/metadata",
                MAX_MISMATCHES,
            ));
        }
        for (index, rules) in self.targets.iter().enumerate() {
            if found.len() >= MAX_MISMATCHES {
                break;
            }
            rules.check(&entry.targets, index, &mut found);
        }
        if let Some(schema) = &self.metadata {
            let metadata = entry.metadata.as_ref();
            let limit = MAX_MISMATCHES.saturating_sub(found.len());
            found.extend(schema.check(metadata, "/metadata", "#/properties/metadata", limit));
        }
        found.truncate(MAX_MISMATCHES);
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

impl TargetRules {
    fn check(&self, targets: &[Party], index: usize, found: &mut Vec<Mismatch>) {
        let schema_path = format!("#/properties/targets/allOf/{index}/contains");
        let mut there = false;
        for (number, target) in targets.iter().enumerate() {
            if target.kind != self.kind {
                continue;
            }
            there = true;
            if let Some(schema) = &self.metadata
                && found.len() < MAX_MISMATCHES
            {
                let instance = format!("/targets/{number}/metadata");
                let path = format!("{schema_path}/properties/metadata");
                let limit = MAX_MISMATCHES.saturating_sub(found.len());
                found.extend(schema.check(target.metadata.as_ref(), &instance, &path, limit));
            }
        }
        if there {
            return;
        }
        // As AJV does it: each target that is of another kind, then that none is of this one.
        let others = 0..targets.len().min(MAX_MISMATCHES);
        found.extend(others.map(|number| Mismatch {
            instance_path: format!("/targets/{number}/type"),
            schema_path: format!("{schema_path}/properties/type/const"),
            keyword: "const".to_owned(),
            params: Some(json!({ "allowedValue": self.kind })),
            message: "must be equal to constant".to_owned(),
        }));
        found.push(Mismatch {
            instance_path: "/targets".to_owned(),
            schema_path,
            keyword: "contains".to_owned(),
            params: Some(json!({ "minContains": 1 })),
            message: "must contain at least 1 valid item(s)".to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(more: &Value) -> Entry {
        let mut entry = json!({
            "action": "user.signed_in",
            "occurred_at": "2026-01-01T00:00:00Z",
            "actor": { "id": "user_1", "type": "user" },
            "targets": [],
            "context": { "location": "1.1.1.1" },
        });
        let members = entry.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        serde_json::from_value(entry).unwrap()
    }

    fn places(rules: &Rules, more: &Value) -> Vec<(String, String)> {
        let found = rules.check(&entry(more)).err().unwrap_or_default();
        let place = |one: Mismatch| (one.instance_path, one.keyword);
        found.into_iter().map(place).collect()
    }

    #[test]
    fn every_kind_of_target_has_to_be_there() {
        let rules = Rules::compile(RulesInput {
            targets: vec![("team".into(), None), ("user".into(), None)],
            ..RulesInput::default()
        })
        .unwrap();
        let team = json!({ "id": "1", "type": "team" });
        let user = json!({ "id": "2", "type": "user" });
        let other = json!({ "id": "3", "type": "other" });
        assert_eq!(
            places(&rules, &json!({ "targets": [other, user, team, team] })),
            []
        );
        assert_eq!(
            places(&rules, &json!({ "targets": [team] })),
            [
                ("/targets/0/type".to_owned(), "const".to_owned()),
                ("/targets".to_owned(), "contains".to_owned()),
            ]
        );
        let none = places(&rules, &json!({}));
        assert_eq!(none.len(), 2);
    }

    #[test]
    fn metadata_is_held_against_the_schema_of_its_place() {
        let number = json!({ "properties": { "n": { "type": "number" } } });
        let rules = Rules::compile(RulesInput {
            actor: Some(number.clone()),
            targets: vec![("team".into(), Some(number.clone()))],
            metadata: Some(number),
        })
        .unwrap();
        let bad = json!({ "n": "x" });
        let event = json!({
            "actor": { "id": "1", "type": "user", "metadata": bad },
            "targets": [
                { "id": "1", "type": "team", "metadata": { "n": 1 } },
                { "id": "2", "type": "team", "metadata": bad },
                { "id": "3", "type": "other", "metadata": bad },
            ],
            "metadata": bad,
        });
        let places: Vec<_> = places(&rules, &event)
            .into_iter()
            .map(|one| one.0)
            .collect();
        assert_eq!(
            places,
            ["/actor/metadata/n", "/targets/1/metadata/n", "/metadata/n"]
        );
    }

    #[test]
    fn no_more_than_a_hundred_mismatches_are_told_of() {
        let targets = |count: usize, kind: &str| {
            let target = json!({ "id": "1", "type": kind, "metadata": { "n": 1 } });
            json!({ "targets": vec![target; count] })
        };
        let rules = Rules::compile(RulesInput {
            targets: vec![("team".into(), Some(json!({ "maxProperties": 0 })))],
            ..RulesInput::default()
        })
        .unwrap();
        assert_eq!(places(&rules, &targets(5_000, "team")).len(), 100);
        assert_eq!(places(&rules, &targets(5_000, "other")).len(), 100);
    }

    #[test]
    fn every_bad_schema_is_told_with_its_place() {
        let bad = || Some(json!({ "type": 5 }));
        let violations = Rules::compile(RulesInput {
            actor: bad(),
            targets: vec![("a".into(), None), ("b".into(), bad())],
            metadata: bad(),
        })
        .unwrap_err();
        let fields: Vec<_> = violations.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["actor.metadata", "targets.1.metadata", "metadata"]);
    }
}
