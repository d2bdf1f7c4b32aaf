//! Ids: a prefix that names the kind, and a ULID.

use std::fmt;

use ulid::Ulid;

/// An id of a kind of its own.
pub(crate) trait Id {
    /// What the id of this kind starts with, with the underscore.
    const PREFIX: &'static str;

    /// The id as it is written.
    fn as_str(&self) -> &str;

    /// The id that `text` is, if it is one of this kind.
    fn parse(text: &str) -> Option<Self>
    where
        Self: Sized;
}

/// The ULID in `text`, if it is a well-formed id with this prefix: 26 upper-case digits of Crockford's base 32.
pub(crate) fn ulid_of(prefix: &str, text: &str) -> Option<Ulid> {
    let digits = text.strip_prefix(prefix)?;
    let ulid = Ulid::from_string(digits).ok()?;
    let mut buffer = [0; ulid::ULID_LEN];
    // Decoding forgives lower case and look-alikes; one object has one id.
    (ulid.array_to_str(&mut buffer) == digits).then_some(ulid)
}

/// The parts one after the other, and zeros behind them. Ids are many, so each is kept in place and not on the heap.
fn filled<const N: usize>(parts: &[&str]) -> [u8; N] {
    let mut bytes = parts.iter().flat_map(|part| part.bytes());
    std::array::from_fn(|_| bytes.next().unwrap_or(0))
}

/// What comes before the zeros.
fn text(bytes: &[u8]) -> &str {
    let length = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    str::from_utf8(&bytes[..length]).unwrap_or_default()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name([u8; $prefix.len() + ulid::ULID_LEN]);

        impl $name {
            /// A fresh id.
            pub(crate) fn new(ulid: Ulid) -> Self {
                let mut buffer = [0; ulid::ULID_LEN];
                Self(filled(&[$prefix, ulid.array_to_str(&mut buffer)]))
            }
        }

        impl Id for $name {
            const PREFIX: &'static str = $prefix;

            fn as_str(&self) -> &str {
                text(&self.0)
            }

            fn parse(text: &str) -> Option<Self> {
                ulid_of($prefix, text).map(Self::new)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    )+};
}

ids! {
    /// An environment: what an API key opens.
    EnvironmentId = "environment_";
    /// An API key.
    ApiKeyId = "api_key_";
    /// An organization.
    OrganizationId = "org_";
    /// A domain of an organization.
    OrganizationDomainId = "org_domain_";
    /// An event.
    EventId = "event_";
    /// A fault that a test has asked for.
    FaultId = "fault_";
    /// An IT contact of an organization.
    ItContactId = "it_contact_";
    /// An action of the audit logs.
    AuditLogActionId = "ala_";
    /// A version of an action's schema.
    AuditLogSchemaId = "als_";
    /// An event in an audit log.
    AuditLogEventId = "audit_log_event_";
    /// An export of an audit log.
    AuditLogExportId = "audit_log_export_";
    /// An address to download an export from; `WorkOS` never shows one.
    AuditLogDownloadId = "audit_log_download_";
    /// What is set for an organization's audit log; `WorkOS` never shows one.
    AuditLogSettingsId = "audit_log_settings_";
    /// A connection.
    ConnectionId = "conn_";
    /// A domain of a connection.
    ConnectionDomainId = "conn_domain_";
    /// A certificate of a connection. `WorkOS` shows none in its documents; this is a prefix of ours.
    CertificateId = "conn_cert_";
    /// A mail to an IT contact; `WorkOS` sends it instead.
    MailId = "mail_";
    /// A sign-in through a connection; `WorkOS` never shows one.
    SignInId = "sign_in_";
    /// A directory.
    DirectoryId = "directory_";
    /// A user of a directory.
    DirectoryUserId = "directory_user_";
    /// A group of a directory.
    DirectoryGroupId = "directory_group_";
    /// A bearer token of a directory.
    DirectoryTokenId = "directory_token_";
    /// How a directory is set up; `WorkOS` never shows one.
    DirectorySetupId = "directory_setup_";
    /// A key of an organization's own; `WorkOS` never shows one.
    ByokKeyId = "byok_key_";
    /// A portal link; `WorkOS` never shows one.
    PortalLinkId = "portal_link_";
    /// A portal session; `WorkOS` never shows one.
    PortalSessionId = "portal_session_";
    /// A log stream.
    LogStreamId = "als_";
    /// An event on its way to the destination of a log stream; `WorkOS` never shows one.
    LogStreamDeliveryId = "log_stream_delivery_";
    /// An event on its way to a webhook endpoint; `WorkOS` never shows one.
    DeliveryId = "delivery_";
    /// A webhook endpoint.
    WebhookEndpointId = "we_";
}

impl OrganizationId {
    /// The id of the organization that every staging environment of `WorkOS` starts with.
    pub(crate) const TEST: &'static str = "org_test_idp";

    /// The id that `text` is, if it is one; that of the test organization is, too.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == Self::TEST {
            Some(Self::test())
        } else {
            <Self as Id>::parse(text)
        }
    }

    /// The id of the test organization, the one id that carries no ULID.
    pub(crate) fn test() -> Self {
        Self(filled(&[Self::TEST]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    use super::*;

    proptest! {
        #![proptest_config(Config {
            rng_seed: RngSeed::Fixed(1),
            failure_persistence: None,
            ..Config::default()
        })]

        #[test]
        fn every_ulid_makes_an_id_that_reads_back(number: u128) {
            let id = OrganizationDomainId::new(Ulid(number));
            let read = OrganizationDomainId::parse(id.as_str());
            prop_assert_eq!(read.as_ref(), Some(&id));
            prop_assert_eq!(ulid_of("org_domain_", id.as_str()), Some(Ulid(number)));
            prop_assert_eq!(OrganizationId::parse(id.as_str()), None);
        }

        #[test]
        fn what_reads_as_an_id_is_written_like_that(
            text in prop_oneof![any::<String>(), "org_[0-9A-Za-z]{26}", "org_[0-7][0-9A-TV-Z]{25}"],
        ) {
            if let Some(id) = OrganizationId::parse(&text) {
                prop_assert_eq!(id.as_str(), text);
            }
        }
    }

    #[test]
    fn an_id_reads_back() {
        let ulid = Ulid::from_parts(1_700_000_000_000, 42);
        let id = OrganizationId::new(ulid);
        assert_eq!(ulid_of(OrganizationId::PREFIX, id.as_str()), Some(ulid));
        assert_eq!(format!("{id}"), format!("{id:?}"));
    }

    #[test]
    fn what_is_no_id_of_the_kind_has_no_ulid() {
        let good = "01J0000000000000000000000A";
        assert!(ulid_of("org_", &format!("org_{good}")).is_some());
        for text in [
            "",
            "org_",
            "org_test_idp",
            good,
            "conn_01J0000000000000000000000A",
            "org_01j0000000000000000000000a",
            "org_01J000000000000000000000OA",
            "org_01J0000000000000000000000AA",
            "org_81J0000000000000000000000A",
            "org_domain_01J0000000000000000000000A",
        ] {
            assert_eq!(ulid_of("org_", text), None, "{text}");
        }
    }
}
