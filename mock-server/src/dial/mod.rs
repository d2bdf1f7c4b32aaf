//! The one place that dials out. It reaches this machine and the hosts that the configuration allows; nothing else is asked
//! for, whatever an answer leads on to.
//!
//! How long it waits is about sockets, so that is real time, not an environment's.

mod post;
mod read;

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub(crate) use post::{Letter, post};
pub(crate) use read::read;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use crate::USER_AGENT;
use crate::domain::reach::Reach;

/// What dials out for this server. Clones are cheap and the same.
#[derive(Clone)]
pub(crate) struct Dialing {
    reach: Reach,
    /// How long a document that is read may take.
    patience: Duration,
    clients: Arc<Clients>,
}

/// Made when they are first needed: reading the certificates that the system trusts takes its time.
#[derive(Default)]
struct Clients {
    reading: OnceLock<Option<Client>>,
    posting: OnceLock<Option<Client>>,
}

impl fmt::Debug for Dialing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Dialing").field(&self.reach).finish()
    }
}

impl Dialing {
    /// Dials what is in reach.
    pub(crate) fn new(reach: Reach) -> Self {
        Self {
            reach,
            patience: read::TIMEOUT,
            clients: Arc::default(),
        }
    }
}

/// The client in `place`, made with these redirects.
fn client(place: &OnceLock<Option<Client>>, redirects: impl Fn() -> Policy) -> Option<&Client> {
    let client = place.get_or_init(|| {
        let client = with_what_is_trusted(|| builder().redirect(redirects()));
        client
            .inspect_err(|error| tracing::error!(%error, "this server cannot dial out"))
            .ok()
    });
    client.as_ref()
}

/// A client that trusts what the system trusts. Where that has no certificates, as in a bare container, it trusts nobody, which is
/// good enough for `http`.
pub(crate) fn with_what_is_trusted(builder: impl Fn() -> ClientBuilder) -> reqwest::Result<Client> {
    let trusting = builder().build();
    trusting.or_else(|_| builder().tls_certs_only([]).build())
}

fn builder() -> ClientBuilder {
    // Whatever the system takes `localhost` for, it is this machine here.
    let here = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
    ];
    Client::builder()
        .no_proxy()
        .referer(false)
        .resolve_to_addrs("localhost", &here)
        .user_agent(USER_AGENT)
}
