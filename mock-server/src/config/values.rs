//! How single values are written, in the file, in a flag and in a control call alike.

use std::net::SocketAddr;

use jiff::{SignedDuration, Timestamp};
use url::{Host, Url};

use crate::domain::duration::LONGEST;
pub(crate) use crate::domain::duration::{DURATION, NoDuration, duration};
use crate::domain::webhook_settings::{RetryPreset, RetrySchedule};

/// What an instant looks like, for messages.
pub(crate) const INSTANT: &str = r#"an instant such as "2026-01-31T09:30:00Z""#;
/// What an address to listen on looks like, for messages.
pub(crate) const LISTEN: &str = r#"an address with a port, such as "127.0.0.1:4100""#;
/// What a public address looks like, for messages.
pub(crate) const ORIGIN: &str =
    r#"an http or https address without a path, such as "https://portal.example.test""#;

/// A duration that something can live for.
pub(crate) fn lifetime(text: &str) -> Result<SignedDuration, String> {
    let lifetime = duration(text).map_err(|error| match error {
        NoDuration::Malformed => format!("expected {DURATION}"),
        NoDuration::OutOfRange => EXPECTED_LIFETIME.to_owned(),
    })?;
    check_lifetime(lifetime)?;
    Ok(lifetime)
}

const EXPECTED_LIFETIME: &str = "expected a duration longer than zero and no longer than 3650 days";

pub(crate) fn check_lifetime(lifetime: SignedDuration) -> Result<(), String> {
    if lifetime <= SignedDuration::ZERO || lifetime > LONGEST {
        return Err(EXPECTED_LIFETIME.to_owned());
    }
    Ok(())
}

/// The most retries that can be configured, each after a wait.
pub(crate) const MOST_RETRIES: usize = 100;
/// The longest that a receiver of webhooks can be given for an answer: it keeps a connection open.
pub(crate) const LONGEST_TIMEOUT: SignedDuration = SignedDuration::from_mins(10);
/// The longest that events can be kept from lists. `WorkOS` speaks of seconds.
pub(crate) const LONGEST_LAG: SignedDuration = SignedDuration::from_hours(1);

pub(crate) fn check_timeout(timeout: SignedDuration) -> Result<(), String> {
    if timeout <= SignedDuration::ZERO || timeout > LONGEST_TIMEOUT {
        return Err(
            "expected a duration longer than zero and no longer than 10 minutes".to_owned(),
        );
    }
    Ok(())
}

pub(crate) fn check_lag(lag: SignedDuration) -> Result<(), String> {
    if lag.is_negative() || lag > LONGEST_LAG {
        return Err("expected a duration from zero to 1 hour".to_owned());
    }
    Ok(())
}

/// Reads a duration of any length and sign.
pub(crate) fn any_duration(text: &str) -> Result<SignedDuration, String> {
    duration(text).map_err(|error| match error {
        NoDuration::Malformed => format!("expected {DURATION}"),
        NoDuration::OutOfRange => "expected a duration that can be counted".to_owned(),
    })
}

/// Reads when to try again: the name of a schedule, or waits that are separated by commas.
pub(crate) fn retries(text: &str) -> Result<RetrySchedule, String> {
    let preset = match text {
        "off" => RetryPreset::Off,
        "staging" => RetryPreset::Staging,
        "production" => RetryPreset::Production,
        waits => {
            let waits = waits.split(',').map(|wait| lifetime(wait.trim()));
            let waits: Result<Vec<_>, _> = waits.collect();
            let expected = "staging, production, off or waits such as 10s,1m";
            return waits
                .map(RetrySchedule::Custom)
                .map_err(|why| format!("expected {expected}: {why}"));
        }
    };
    Ok(RetrySchedule::Preset(preset))
}

/// Reads an RFC 3339 instant, with any offset.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("expected {INSTANT}"))
}

/// Reads an address to listen on; `localhost` stands for `127.0.0.1`.
pub(crate) fn listen(text: &str) -> Result<SocketAddr, String> {
    let expected = || format!("expected {LISTEN}");
    match text.strip_prefix("localhost:") {
        Some(port) => port
            .parse()
            .map(|port| SocketAddr::from(([127, 0, 0, 1], port)))
            .map_err(|_| expected()),
        None => text.parse().map_err(|_| expected()),
    }
}

/// Reads an http or https address without path, query, fragment or credentials.
pub(crate) fn origin(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| format!("expected {ORIGIN}"))?;
    check_origin(&url)?;
    Ok(url)
}

pub(crate) fn check_origin(url: &Url) -> Result<(), String> {
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if plain {
        check_web_address(url)
    } else {
        Err(())
    }
    .map_err(|()| format!("expected {ORIGIN}"))
}

/// Whether `text` is a host as it stands in an address: a name or an IP address, without a port.
pub(crate) fn check_host(text: &str) -> Result<(), String> {
    match Host::parse(text) {
        Ok(host) if host != Host::Domain(String::new()) => Ok(()),
        _ => Err(r#"expected a host without a port, such as "idp.example.test""#.to_owned()),
    }
}

/// Whether a browser can be sent to `url`: absolute, http or https, with a host and without credentials.
pub(crate) fn check_web_address(url: &Url) -> Result<(), ()> {
    let web = matches!(url.scheme(), "http" | "https");
    let host = url.host().is_some_and(|host| host != Host::Domain(""));
    if web && host && url.username().is_empty() && url.password().is_none() {
        Ok(())
    } else {
        Err(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_positive_and_bounded() {
        assert!(lifetime("PT0S").is_err());
        assert!(lifetime("-PT5M").is_err());
        for text in ["P3651D", "P99999999D"] {
            assert_eq!(lifetime(text), Err(EXPECTED_LIFETIME.to_owned()), "{text}");
        }
        assert_eq!(lifetime("P3650D"), Ok(LONGEST));
    }

    #[test]
    fn instants_carry_an_offset() {
        assert_eq!(
            instant("2026-01-31T10:30:00+01:00"),
            instant("2026-01-31T09:30:00Z")
        );
        assert!(instant("2026-01-31").is_err());
        assert!(instant("2026-01-31T09:30:00").is_err());
    }

    #[test]
    fn localhost_is_the_loopback_address() {
        assert_eq!(
            listen("localhost:0"),
            Ok(SocketAddr::from(([127, 0, 0, 1], 0)))
        );
        assert_eq!(listen("[::1]:4100").map(|address| address.port()), Ok(4100));
        for text in [
            "4100",
            "localhost",
            "127.0.0.1",
            "127.0.0.1:99999",
            "example.com:80",
        ] {
            assert!(listen(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_an_address_without_more() {
        for text in ["idp.example.test", "IDP", "192.0.2.1", "[::1]"] {
            assert_eq!(check_host(text), Ok(()), "{text}");
        }
        for text in [
            "",
            "a.test:80",
            "https://a.test",
            "a.test/x",
            "a b",
            "u@a.test",
        ] {
            assert!(check_host(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_public_address_is_an_origin() {
        assert!(origin("https://portal.example.test").is_ok());
        assert!(origin("http://192.0.2.1:8080/").is_ok());
        for text in [
            "portal.example.test",
            "ftp://a.test",
            "https://a.test/mock",
            "https://u:p@a.test",
            "https://a.test?x=1",
        ] {
            assert!(origin(text).is_err(), "{text}");
        }
    }
}
