//! Webhook endpoints and audit log actions of a seed.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Sower, nearest};
use crate::domain::audit_log::rules::{Rules, RulesInput};
use crate::domain::audit_log::{AuditLogAction, AuditLogSchema};
use crate::domain::error::Rule;
use crate::domain::ids::{AuditLogActionId, AuditLogSchemaId, WebhookEndpointId};
use crate::domain::webhook_endpoint::{
    EndpointStatus, EndpointUrl, SECRET_LENGTH, SigningSecret, WebhookEndpoint, distinct,
};
use crate::domain::webhook_steering::Steering;
use crate::operation::EVENTS;
use crate::seed;

impl Sower<'_> {
    pub(super) fn webhook_endpoints(&mut self, given: &[seed::WebhookEndpoint]) {
        let mut urls = HashSet::new();
        for (index, one) in given.iter().enumerate() {
            let at = format!("webhook_endpoints.{index}");
            let id = self.id(&at, one.id.as_deref(), WebhookEndpointId::new);
            let field = format!("{at}.endpoint_url");
            let url = EndpointUrl::parse(&one.endpoint_url, self.ground.settings.url_policy);
            let url = match url {
                Ok(url) => {
                    if !urls.insert(url.canonical().to_owned()) {
                        let message = "another endpoint of the seed has this address";
                        self.refuse(field, Rule::Duplicate, message);
                    }
                    Some(url)
                }
                Err(error) => {
                    self.refuse(field, Rule::Value, format!("the address {error}"));
                    None
                }
            };
            for (number, event) in one.events.iter().enumerate() {
                if !EVENTS.contains(&event.as_str()) {
                    let nearest = nearest(EVENTS.into_iter(), event);
                    let message = format!("there is no event \"{event}\"{nearest}");
                    self.refuse(format!("{at}.events.{number}"), Rule::Value, message);
                }
            }
            let secret = self.secret(&at, one);
            let created_at = one.created_at.unwrap_or(self.at());
            let Some(url) = url else { continue };
            self.crop.endpoints.push(WebhookEndpoint {
                id,
                url,
                secret,
                status: match one.status {
                    seed::EndpointStatus::Enabled => EndpointStatus::Enabled,
                    seed::EndpointStatus::Disabled => EndpointStatus::Disabled,
                },
                events: distinct(one.events.clone()),
                steering: Steering::default(),
                created_at,
                updated_at: one.updated_at.unwrap_or(created_at),
            });
        }
    }

    fn secret(&mut self, at: &str, given: &seed::WebhookEndpoint) -> SigningSecret {
        let Some(secret) = &given.secret else {
            let random = self.ground.random.letters_and_digits(SECRET_LENGTH);
            return SigningSecret::new(&random);
        };
        let secret = secret.expose();
        let is_fit =
            (1..=512).contains(&secret.len()) && secret.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_fit {
            let message = "expected 1 to 512 visible ASCII characters";
            self.refuse(format!("{at}.secret"), Rule::Format, message);
        }
        SigningSecret::given(secret)
    }

    pub(super) fn audit_log_actions(&mut self, given: &[seed::AuditLogAction]) {
        let mut names = HashSet::new();
        for (index, one) in given.iter().enumerate() {
            let at = format!("audit_log_actions.{index}");
            if !names.insert(&one.name) || one.name.is_empty() {
                let message = "expected a name that no other action of the seed has";
                self.refuse(format!("{at}.name"), Rule::Duplicate, message);
            }
            let id = self.id(&at, one.id.as_deref(), AuditLogActionId::new);
            let created_at = one.created_at.unwrap_or(self.at());
            let mut newest = None;
            for (number, version) in one.versions.iter().enumerate() {
                let at = format!("{at}.versions.{number}");
                let schema_id = self.id(&at, version.id.as_deref(), AuditLogSchemaId::new);
                let Some(rules) = self.rules(&at, version) else {
                    continue;
                };
                let schema = AuditLogSchema {
                    id: schema_id,
                    action_id: id.clone(),
                    version: u32::try_from(number + 1).unwrap_or(u32::MAX),
                    rules: Arc::new(rules),
                    created_at: version.created_at.unwrap_or(created_at),
                };
                newest = Some(Arc::new(schema.clone()));
                self.crop.schemas.push(schema);
            }
            let Some(newest) = newest else {
                if one.versions.is_empty() {
                    let message = "expected at least one version";
                    self.refuse(format!("{at}.versions"), Rule::Required, message);
                }
                continue;
            };
            self.crop.actions.push(AuditLogAction {
                id,
                name: one.name.clone(),
                newest,
                created_at,
                updated_at: one.updated_at.unwrap_or(created_at),
            });
        }
    }

    fn rules(&mut self, at: &str, given: &seed::AuditLogVersion) -> Option<Rules> {
        if given.targets.is_empty() {
            let message = "expected at least one kind of target";
            self.refuse(format!("{at}.targets"), Rule::Required, message);
        }
        let schema = |schema: &Option<Map<String, Value>>| schema.clone().map(Value::Object);
        let targets = given.targets.iter();
        let rules = Rules::compile(RulesInput {
            actor: schema(&given.actor_metadata),
            targets: targets
                .map(|target| (target.kind.clone(), schema(&target.metadata)))
                .collect(),
            metadata: schema(&given.metadata),
        });
        let violations = match rules {
            Ok(rules) => return Some(rules),
            Err(violations) => violations,
        };
        for violation in violations {
            let field = violation.field.replace("actor.metadata", "actor_metadata");
            // The sentence begins with the place, which is told beside it.
            let said = violation.message.strip_prefix(&violation.field);
            let message = format!("it {}", said.unwrap_or(&violation.message).trim_start());
            self.refuse(format!("{at}.{field}"), violation.rule, message);
        }
        None
    }
}
