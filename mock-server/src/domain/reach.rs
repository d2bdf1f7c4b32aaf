//! What a server may dial: the machine it runs on, and the hosts that its configuration names.

use std::collections::BTreeSet;
use std::sync::Arc;

use url::{Host, Url};

/// Which addresses may be dialled. Clones are cheap and the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach(Arc<BTreeSet<String>>);

impl Reach {
    /// This machine and `hosts`, which are names or addresses without a port.
    pub(crate) fn new(hosts: &[String]) -> Self {
        let spelled =
            |host: &String| Host::parse(host).map_or(host.clone(), |host| host.to_string());
        Self(Arc::new(hosts.iter().map(spelled).collect()))
    }

    /// Whether this address may be dialled.
    pub(crate) fn includes(&self, url: &Url) -> bool {
        if !matches!(url.scheme(), "http" | "https") {
            return false;
        }
        let is_here = match url.host() {
            None => return false,
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
        };
        is_here || url.host_str().is_some_and(|host| self.0.contains(host))
    }

    /// The same of an address as text.
    pub(crate) fn includes_text(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|url| self.includes(&url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_the_hosts_that_are_named_are_dialled() {
        let hosts = [
            "idp.example",
            "IDP.Other.example",
            "192.0.2.7",
            "[2001:db8::1]",
        ];
        let reach = Reach::new(&hosts.map(ToOwned::to_owned));
        for (address, included) in [
            ("http://localhost:8080/x", true),
            ("http://LOCALHOST/x", true),
            ("https://127.0.0.1/", true),
            ("http://127.1.2.3:9/", true),
            ("http://0x7f.1/", true),
            ("http://[::1]:80/", true),
            ("https://idp.example/metadata", true),
            ("https://IDP.example:8443/", true),
            ("http://idp.other.example/", true),
            ("http://192.0.2.7/", true),
            ("http://[2001:db8:0::1]/", true),
            ("https://www.idp.example/", false),
            ("https://idp.example.evil.test/", false),
            ("http://localhost.evil.test/", false),
            ("http://evil.localhost/", false),
            ("http://0.0.0.0/", false),
            ("http://10.0.0.1/", false),
            ("http://169.254.169.254/latest", false),
            ("http://[::ffff:10.0.0.1]/", false),
            ("ftp://localhost/", false),
            ("file:///etc/passwd", false),
            ("no address", false),
        ] {
            assert_eq!(reach.includes_text(address), included, "{address}");
        }
    }
}
