//! Bring your own key: the service that keeps it, the key, and whether it can be used.

mod keys;
mod names;

use std::sync::Arc;

use super::{
    Action, Alert, Cell, Copied, Fact, Flow, Given, Made, Next, Overview, Page, Position, Status,
    Step, Tone, Visit,
};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::byok_key::{ByokKey, KeyProvider, KeyState};
use crate::domain::form::{Choice, Field, Kind, Words};
use crate::domain::ids::Id as _;
use crate::service::byok_keys;

pub(super) struct BringYourOwnKey;

/// The steps on the rail, in order.
const STEPS: [(&str, &str); 3] = [
    ("provider", "Choose a service"),
    ("key", "Name the key"),
    ("validate", "Try it out"),
];

/// What confirms that a key goes.
const REMOVE: &str = "REMOVE KEY";

impl Flow for BringYourOwnKey {
    fn steps(&self, _visit: &Visit<'_>) -> Vec<Step> {
        STEPS.map(|(name, title)| Step::new(name, title)).to_vec()
    }

    fn position(&self, visit: &Visit<'_>) -> Position {
        match under_way(visit) {
            Some(key) if key.reference.is_none() => Position::At("key"),
            Some(_) => Position::At("validate"),
            None if in_use(visit).is_some() => Position::Done,
            None => Position::At("provider"),
        }
    }

    fn landing(&self, visit: &Visit<'_>) -> Position {
        if in_use(visit).is_some() {
            Position::Done
        } else {
            self.position(visit)
        }
    }

    fn is_reachable(&self, visit: &Visit<'_>, step: &str) -> bool {
        let key = under_way(visit);
        match step {
            // A key that is in use is replaced from the beginning.
            "provider" => true,
            "key" => key.is_some(),
            "validate" => key.is_some_and(|key| key.reference.is_some()),
            "discard" => key.is_some() && in_use(visit).is_some(),
            _ => in_use(visit).is_some(),
        }
    }

    fn can_finish(&self, visit: &Visit<'_>) -> bool {
        in_use(visit).is_some()
    }

    fn page(&self, visit: &Visit<'_>, step: &str, _about: &Answers) -> Option<Page> {
        if !self.is_reachable(visit, step) {
            return None;
        }
        match step {
            "provider" => Some(provider_page(visit)),
            "key" => under_way(visit).map(|key| key_page(&key)),
            "validate" => under_way(visit).map(|key| validate_page(&key)),
            "discard" => Some(Page::new(
                "Discard the new key",
                "The key that is in use stays as it is.",
                "Discard it",
            )),
            "remove" => Some(remove_page()),
            _ => None,
        }
    }

    fn overview(&self, visit: &Visit<'_>, _query: &Answers) -> Overview {
        let mut overview = Overview::new(
            "Your key",
            "What belongs to your organization is encrypted with a key that you keep.",
        );
        let Some(key) = in_use(visit) else {
            return overview;
        };
        overview.status = Some(Status::new(Tone::Good, "Verified"));
        overview.facts = vec![Fact::new("Service", Cell::text(key.provider.name()))];
        let facts = key.reference.as_ref().map(keys::facts).unwrap_or_default();
        overview.facts.extend(
            facts
                .iter()
                .map(|(label, value)| Fact::new(*label, Cell::code(*value))),
        );
        if let KeyState::Verified(at) = key.state {
            overview.facts.push(Fact::new("Verified", Cell::Moment(at)));
        }
        if let Some(new) = under_way(visit) {
            let step = match new.reference {
                None => "key",
                Some(_) => "validate",
            };
            overview.alert = Some(Alert::new(
                Tone::Warn,
                "Another key is on its way",
                "It takes the place of this one as soon as it could be used.",
            ));
            overview.actions = vec![
                Action::new(step, "Go on with the new key"),
                Action::new("discard", "Discard the new key"),
            ];
        } else {
            if key.updated_at >= visit.since {
                overview.alert = Some(Alert::new(
                    Tone::Good,
                    "Your key is in use",
                    "It was tried out, and could be used.",
                ));
            }
            overview.actions = vec![Action::new("provider", "Replace the key")];
        }
        overview
            .actions
            .push(Action::new("remove", "Remove the key").dangerous());
        overview
    }

    fn submit(&self, visit: &mut Visit<'_>, step: &str, given: &Given<'_>) -> Result<Next, Error> {
        let answers = given.answers;
        let key = under_way(visit);
        let organization = visit.organization().id.clone();
        let work = &mut visit.work;
        match (step, key) {
            ("provider", _) => {
                let named = answers.text("provider");
                let mut providers = KeyProvider::ALL.into_iter();
                if let Some(provider) = providers.find(|one| Some(one.as_str()) == named) {
                    byok_keys::begin(work, &organization, provider);
                }
                Ok(Next::Onward)
            }
            ("key", Some(key)) => {
                let reference = keys::read(key.provider, answers).map_err(Error::Invalid)?;
                byok_keys::point_at(work, &key, reference);
                Ok(Next::Onward)
            }
            ("validate", Some(key)) => {
                // Sent twice, the second is about a try that is over.
                if answers.text("attempt") != Some(attempt(&key).as_str()) {
                    return Ok(Next::Step("validate", Answers::default()));
                }
                let works = answers.text("outcome") == Some("success");
                byok_keys::try_out(work, &key, works);
                Ok(if works {
                    Next::Overview
                } else {
                    Next::Step("validate", Answers::default())
                })
            }
            ("discard", Some(key)) => {
                byok_keys::remove(work, &key);
                Ok(Next::Overview)
            }
            ("remove", _) => {
                byok_keys::delete_of(work, &organization);
                Ok(Next::Overview)
            }
            _ => Ok(Next::Overview),
        }
    }

    fn failure(&self, visit: &Visit<'_>, step: &str) -> Option<Answers> {
        let answers = Answers::default();
        let can_fail = step == "validate" && self.position(visit) != Position::Done;
        can_fail.then(|| answers.with("outcome", "failure"))
    }

    fn made(&self, visit: &Visit<'_>) -> Vec<Made> {
        let keys = [in_use(visit), under_way(visit)].into_iter().flatten();
        let made = keys.filter(|key| key.updated_at >= visit.since);
        made.map(Made::ByokKey).collect()
    }
}

fn in_use(visit: &Visit<'_>) -> Option<Arc<ByokKey>> {
    byok_keys::in_use(&visit.work, &visit.organization().id)
}

fn under_way(visit: &Visit<'_>) -> Option<Arc<ByokKey>> {
    byok_keys::under_way(&visit.work, &visit.organization().id)
}

/// Which try comes next.
fn attempt(key: &ByokKey) -> String {
    key.tries.to_string()
}

fn provider_page(visit: &Visit<'_>) -> Page {
    let mut page = Page::new(
        "Where do you keep your key?",
        "The key stays there. It encrypts the keys that encrypt what belongs to your organization.",
        "Continue",
    );
    let choice = |provider: KeyProvider| {
        Choice::new(provider.as_str(), provider.name()).note(match provider {
            KeyProvider::AwsKms => "A symmetric key in an account of yours.",
            KeyProvider::GcpKms => "A symmetric key in a project of yours.",
            KeyProvider::AzureKeyVault => "A key in a vault or a managed HSM of yours.",
        })
    };
    let choices = KeyProvider::ALL.map(choice).to_vec();
    let current = under_way(visit).map(|key| key.provider.as_str());
    page.fields = vec![
        Field::new("provider", "Service", Kind::Choice(choices))
            .current(current)
            .sample(KeyProvider::AwsKms.as_str()),
    ];
    page
}

fn key_page(key: &ByokKey) -> Page {
    let mut page = Page::new(
        format!("Your key at {}", key.provider.name()),
        "Let us use the key, and tell which one it is.",
        "Continue",
    );
    let guide: &[&'static str] = match key.provider {
        KeyProvider::AwsKms => &[
            "In AWS KMS, make a symmetric key for encrypting and decrypting.",
            "In IAM, make a role whose trust policy lets our account assume it with the external ID below.",
            "In the policy of the key, let the role use kms:Encrypt, kms:Decrypt and kms:DescribeKey.",
        ],
        KeyProvider::GcpKms => &[
            "In Cloud KMS, make a key ring and a symmetric key for encrypting and decrypting.",
            "Make a service account, and give it the role Cloud KMS CryptoKey Encrypter/Decrypter on the key.",
            "Let the principal below act as the service account: give it the role Workload Identity User.",
        ],
        KeyProvider::AzureKeyVault => &[
            "In Key Vault, make an RSA key that may wrap and unwrap keys.",
            "In Entra ID, register an application with the federated credential below.",
            "Give the application the role Key Vault Crypto Service Encryption User on the key.",
        ],
    };
    page.guide = guide.iter().map(|line| Words::Borrowed(*line)).collect();
    let organization = key.organization_id.as_str();
    page.copied = match key.provider {
        KeyProvider::AwsKms => vec![
            Copied::new("Account ID", keys::AWS_ACCOUNT),
            Copied::new("External ID", organization),
        ],
        KeyProvider::GcpKms => vec![Copied::new(
            "Principal",
            format!(
                "principal://iam.googleapis.com/projects/{}/locations/global/workloadIdentityPools/vault/subject/{organization}",
                keys::AWS_ACCOUNT
            ),
        )],
        KeyProvider::AzureKeyVault => vec![
            Copied::new("Issuer", "https://vault.example"),
            Copied::new("Subject", organization),
            Copied::new("Audience", "api://AzureADTokenExchange"),
        ],
    };
    page.fields = keys::fields(key);
    page
}

fn validate_page(key: &ByokKey) -> Page {
    let mut page = Page::new(
        "Try the key out",
        format!(
            "Something is encrypted and decrypted with your key at {}. Nothing of yours is.",
            key.provider.name()
        ),
        "Try it out",
    );
    if let KeyState::Failed(_) = key.state {
        page.alert = Some(Alert::new(
            Tone::Bad,
            "The key could not be used",
            "Look whether it is enabled and whether we may use it, correct what you entered if need be, and try again.",
        ));
    }
    let facts = key.reference.as_ref().map(keys::facts).unwrap_or_default();
    page.copied = facts
        .into_iter()
        .map(|(label, value)| Copied::new(label, value))
        .collect();
    page.fields = vec![
        Field::new("attempt", "Try", Kind::Hidden).value(attempt(key)),
        Field::new(
            "outcome",
            "What comes of it",
            Kind::Choice(vec![
                Choice::new("success", "The key can be used").note("It is in use from then on."),
                Choice::new("failure", "The key cannot be used")
                    .note("Access is denied, or the key is disabled."),
            ]),
        )
        .hint("This server calls no such service. Choose what is to come of it.")
        .value("success"),
    ];
    page
}

fn remove_page() -> Page {
    let mut page = Page::new(
        "Remove the key",
        "What was encrypted with it cannot be read any more unless it is encrypted anew. New things are encrypted without a key of yours.",
        "Remove the key",
    );
    page.is_dangerous = true;
    page.fields = vec![Field::confirmation(REMOVE)];
    page
}
