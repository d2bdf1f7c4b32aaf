//! What is wrong with a configuration that its types allow.

use std::fmt;

use super::step::{self, Step};
use super::{Config, RetrySchedule, Secret, values};
use crate::domain::redirect::RedirectUrl;

/// A value that its type allows and its meaning does not.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Violation {
    /// Where it is, from the top.
    pub(crate) path: Vec<Step>,
    /// What was expected.
    pub(crate) message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "bad value for `{}`: {}",
            step::name(&self.path),
            self.message
        )
    }
}

impl Config {
    /// What the types cannot say.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut check = |path: &[Step], result: Result<(), String>| {
            if let Err(message) = result {
                found.push(Violation {
                    path: path.to_vec(),
                    message,
                });
            }
        };
        if let Some(url) = &self.public_url {
            check(&[Step::key("public_url")], values::check_origin(url));
        }
        check(&[Step::key("client_id")], visible(&self.client_id));
        check(
            &[Step::key("link_ttl")],
            values::check_lifetime(self.link_ttl),
        );
        check(
            &[Step::key("setup_link_ttl")],
            values::check_lifetime(self.setup_link_ttl),
        );
        check(
            &[Step::key("session_ttl")],
            values::check_lifetime(self.session_ttl),
        );
        if let Some(idle) = self.environment_idle_ttl {
            let path = [Step::key("environment_idle_ttl")];
            check(&path, values::check_lifetime(idle));
        }
        if let Some(token) = &self.control_token {
            check(&[Step::key("control_token")], sendable(token));
        }
        if self.keys.is_empty() {
            check(
                &[Step::key("keys")],
                Err("at least one key is needed".to_owned()),
            );
        }
        let others = [self.webhook_violations(), self.seed_violations()];
        for (path, message) in others.concat() {
            check(&path, Err(message));
        }
        let lag = values::check_lag(self.events_lag);
        check(&[Step::key("events_lag")], lag);
        for (index, key) in self.keys.iter().enumerate() {
            let path = [Step::key("keys"), Step::Index(index), Step::key("value")];
            check(&path, sendable(&key.value));
            if self.keys[..index]
                .iter()
                .any(|earlier| earlier.value == key.value)
            {
                check(&path, Err("this key is listed twice".to_owned()));
            }
        }
        for (index, host) in self.dial_hosts.iter().enumerate() {
            let path = [Step::key("dial_hosts"), Step::Index(index)];
            check(&path, values::check_host(host));
        }
        for (index, host) in self.allow_hosts.iter().enumerate() {
            let path = [Step::key("allow_hosts"), Step::Index(index)];
            check(&path, values::check_host(host));
        }
        let branding = [
            ("name", &self.branding.name, 80),
            ("logo_text", &self.branding.logo_text, 4),
        ];
        for (key, text, most) in branding {
            if let Some(text) = text
                && !(1..=most).contains(&text.trim().chars().count())
            {
                let path = [Step::key("branding"), Step::key(key)];
                check(&path, Err(format!("expected 1 to {most} characters")));
            }
        }
        let defaults = [
            ("return_url", &self.redirects.return_url),
            ("sso", &self.redirects.success_url.sso),
            ("dsync", &self.redirects.success_url.dsync),
            ("log_streams", &self.redirects.success_url.log_streams),
        ];
        for (key, address) in defaults {
            if let Some(address) = address
                && RedirectUrl::parse(address.as_str(), self.url_policy).is_err()
            {
                let group = if key == "return_url" {
                    Vec::new()
                } else {
                    vec![Step::key("success_url")]
                };
                let path = [vec![Step::key("redirects")], group, vec![Step::key(key)]].concat();
                check(
                    &path,
                    Err(
                        "expected an https address, because `url_policy` is \"production\""
                            .to_owned(),
                    ),
                );
            }
        }
        found
    }

    /// The same of the seed.
    fn seed_violations(&self) -> Vec<(Vec<Step>, String)> {
        let settings = self.settings();
        let found = self.seed.violations(&settings, self.test_organization);
        let placed = found.into_iter().map(|violation| {
            let below = Step::path(&violation.field);
            ([vec![Step::key("seed")], below].concat(), violation.message)
        });
        placed.collect()
    }

    /// The same of webhooks.
    fn webhook_violations(&self) -> Vec<(Vec<Step>, String)> {
        let path = |key| vec![Step::key("webhooks"), Step::key(key)];
        let mut found = Vec::new();
        if let Err(message) = values::check_timeout(self.webhooks.timeout) {
            found.push((path("timeout"), message));
        }
        if let RetrySchedule::Custom(waits) = &self.webhooks.retries {
            if waits.len() > values::MOST_RETRIES {
                let message = format!("expected at most {} waits", values::MOST_RETRIES);
                found.push((path("retries"), message));
            }
            for (index, wait) in waits.iter().enumerate() {
                if let Err(message) = values::check_lifetime(*wait) {
                    found.push((
                        [path("retries"), vec![Step::Index(index)]].concat(),
                        message,
                    ));
                }
            }
        }
        found
    }
}

fn sendable(secret: &Secret) -> Result<(), String> {
    visible(secret.expose())
}

/// Whether `text` can be sent in a header as it stands.
fn visible(text: &str) -> Result<(), String> {
    if (1..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err("expected 1 to 512 visible ASCII characters".to_owned())
    }
}
