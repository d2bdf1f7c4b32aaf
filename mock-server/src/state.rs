//! What every request handler has at hand.

use std::sync::Arc;
use std::time::Duration;

use crate::config::Secret;
use crate::environment::Environments;

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
    /// How long a request may take to send its body, in real time.
    pub(crate) body_timeout: Duration,
}
