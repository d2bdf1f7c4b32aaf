//! What every request handler has at hand.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, header};
use tokio::sync::{Semaphore, watch};

use crate::config::Secret;
use crate::control::Hosts;
use crate::dial::Dialing;
use crate::domain::permissions::KeyPermissions;
use crate::environment::{Environment, Environments};

/// What every request handler has at hand. Clones are cheap and the same.
#[derive(Clone, Debug)]
pub(crate) struct AppState {
    /// The environments and the keys to them.
    pub(crate) environments: Arc<Environments>,
    /// Where a browser reaches this server, without a slash at the end. Links begin with it, whatever `Host` a request
    /// names.
    pub(crate) public_url: Arc<str>,
    /// What control calls have to show on a shared server.
    pub(crate) control_token: Option<Secret>,
    /// Under which names control calls are answered.
    pub(crate) hosts: Hosts,
    /// Where this server dials out to.
    pub(crate) dialing: Dialing,
    /// How long a request may take to send its body, in real time.
    pub(crate) body_timeout: Duration,
    /// One place for each of those who may watch an environment at one time.
    pub(crate) watchers: Arc<Semaphore>,
    /// Whether the server is stopping, which ends answers that have no end of their own.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl AppState {
    /// The API key that a request carries, with the environment that it opens and what it may be used for; nothing when it carries none, several,
    /// or one that opens nothing.
    pub(crate) fn authenticate<'h>(
        &self,
        headers: &'h HeaderMap,
    ) -> Option<(Arc<Environment>, KeyPermissions, &'h str)> {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let (only, None) = (values.next()?, values.next()) else {
            return None;
        };
        let (scheme, key) = only.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (environment, permissions) = self.environments.by_key(key)?;
        Some((environment, permissions, key))
    }
}
