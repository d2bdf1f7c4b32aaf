//! Under which names `/_mock` answers. A web site whose name leads to this machine comes under its own name, and is refused.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};

/// Names besides those of the loopback interface.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts(Arc<[String]>);

/// What names the host cannot be read.
#[derive(Debug)]
pub(super) struct Unreadable;

impl Hosts {
    /// These hosts, each a name or an address without a port.
    pub(crate) fn new<'h>(hosts: impl IntoIterator<Item = &'h str>) -> Self {
        Self(hosts.into_iter().map(plain).collect())
    }

    /// Whether a host, with or without a port, is this server's.
    pub(super) fn are_named_by(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else {
            return false;
        };
        if authority.as_str().contains('@') {
            return false;
        }
        let host = plain(authority.host());
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host.strip_suffix(".localhost").is_some()
            || address
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
            || self.0.contains(&host)
    }
}

/// The host that a request names. One that names none is not a browser's.
///
/// # Errors
/// It names several, or what is no text.
pub(super) fn named<'r>(
    uri: &'r Uri,
    headers: &'r HeaderMap,
) -> Result<Option<&'r str>, Unreadable> {
    if let Some(authority) = uri.authority() {
        return Ok(Some(authority.as_str()));
    }
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => Ok(None),
        (Some(host), None) => host.to_str().map(Some).map_err(|_| Unreadable),
        (Some(_), Some(_)) => Err(Unreadable),
    }
}

/// A host in lower case and without the dot that may end it.
fn plain(host: &str) -> String {
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_what_is_allowed_have_names() {
        let hosts = Hosts::new(["mock", "Portal.Example.test", "192.0.2.1", "[2001:db8::1]"]);
        for own in [
            "localhost",
            "LOCALHOST:4100",
            "localhost.:80",
            "portal.localhost:4100",
            "127.0.0.1:4100",
            "127.9.9.9",
            "[::1]:4100",
            "mock:4100",
            "MOCK.",
            "portal.example.test",
            "192.0.2.1:1",
            "[2001:db8::1]:4100",
        ] {
            assert!(hosts.are_named_by(own), "{own}");
        }
        for other in [
            "",
            "evil.example",
            "evil.example:4100",
            "localhost.evil.example",
            "notlocalhost",
            "127.0.0.1.evil.example",
            "192.0.2.2",
            "0.0.0.0",
            "[::]",
            "evil.example@localhost",
            "localhost@evil.example",
            "mock.evil.example",
            "a b",
        ] {
            assert!(!hosts.are_named_by(other), "{other}");
        }
    }
}
