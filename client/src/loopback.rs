//! Addresses of this machine.

use std::net::{Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// Whether a URL leads to this machine, as far as its host says so.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let v6 = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    if let Some(address) = v6 {
        return address.parse().is_ok_and(|ip: Ipv6Addr| ip.is_loopback());
    }
    if let Ok(ip) = host.parse::<Ipv4Addr>() {
        return ip.is_loopback();
    }
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_many_names() {
        for (url, is) in [
            ("http://localhost:4100", true),
            ("http://LOCALHOST", true),
            ("http://app.localhost", true),
            ("http://127.8.0.1", true),
            ("http://[::1]:1", true),
            ("http://[::2]", false),
            ("http://128.0.0.1", false),
            ("http://localhost.example", false),
            ("https://api.workos.com", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), is, "{url}");
        }
    }
}
