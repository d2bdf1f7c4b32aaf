//! Connections: how the people of an organization sign in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::certificate::Certificate;
use super::connection_settings::Settings;
use super::connection_type::ConnectionType;
use super::domain_name::DomainName;
use super::error::Violation;
use super::ids::{ConnectionDomainId, ConnectionId, OrganizationId};

/// A connection between an organization and its identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "the fields have the names that WorkOS gives them"
)]
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    pub(crate) organization_id: OrganizationId,
    /// Names the connection outside the API: 16 letters and digits.
    pub(crate) external_key: String,
    /// The app's own id of it; one connection of an organization has it.
    pub(crate) external_id: Option<String>,
    pub(crate) connection_type: ConnectionType,
    pub(crate) name: String,
    pub(crate) state: ConnectionState,
    pub(crate) domains: Vec<ConnectionDomain>,
    pub(crate) settings: Settings,
    pub(crate) attribute_maps: AttributeMaps,
    /// Whether the identity provider is said to know this side's values, as far as a setup in the portal is concerned.
    pub(crate) is_provider_told: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// A domain whose people sign in through a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionDomain {
    pub(crate) id: ConnectionDomainId,
    pub(crate) name: DomainName,
}

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// No provider is chosen yet; the type is `Pending`.
    RequiresType,
    /// The setup is incomplete.
    Draft,
    /// Set up, and nobody has signed in through it yet.
    Validating,
    /// Someone has signed in through it.
    Active,
    /// It can sign nobody in.
    Inactive,
    /// It is being taken away.
    Deleting,
}

impl ConnectionState {
    /// The older and coarser form: linked while people can sign in, which recordings show for `active` and not for
    /// `inactive`. A connection that waits for its first sign-in is told from a linked one, so it is unlinked.
    pub(crate) fn is_linked(self) -> bool {
        self == Self::Active
    }

    /// Whether the setup is complete.
    pub(crate) fn is_set_up(self) -> bool {
        !matches!(self, Self::RequiresType | Self::Draft)
    }
}

/// Which attributes of the identity provider fill the fields of a profile, where that differs from the type's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AttributeMaps {
    /// By the field's name; without a source, the field stays empty.
    pub(crate) standard: BTreeMap<String, Option<String>>,
    /// By the attribute's name.
    pub(crate) custom: BTreeMap<String, String>,
}

/// Changes to [`AttributeMaps`], key by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AttributeMapChanges {
    pub(crate) standard: BTreeMap<String, Option<String>>,
    /// Without a source, the attribute is mapped no more.
    pub(crate) custom: BTreeMap<String, Option<String>>,
}

impl AttributeMaps {
    pub(crate) fn merge(&mut self, changes: AttributeMapChanges) {
        self.standard.extend(changes.standard);
        for (name, source) in changes.custom {
            match source {
                Some(source) => self.custom.insert(name, source),
                None => self.custom.remove(&name),
            };
        }
    }
}

/// What happened to a connection, with the connection as it was then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionEvent {
    Activated(Arc<Connection>),
    Deactivated(Arc<Connection>),
    /// With the state that it had until then.
    Deleted(Arc<Connection>),
    /// One of its certificates expires in so many days, or has expired when they are not above zero.
    CertificateRenewalRequired {
        certificate: Arc<Certificate>,
        days: i64,
    },
    /// This certificate was put in the place of another.
    CertificateRenewed(Arc<Certificate>),
}

impl ConnectionEvent {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Activated(_) => "connection.activated",
            Self::Deactivated(_) => "connection.deactivated",
            Self::Deleted(_) => "connection.deleted",
            Self::CertificateRenewalRequired { .. } => {
                "connection.saml_certificate_renewal_required"
            }
            Self::CertificateRenewed(_) => "connection.saml_certificate_renewed",
        }
    }

    pub(crate) fn organization_id(&self) -> &OrganizationId {
        match self {
            Self::Activated(connection)
            | Self::Deactivated(connection)
            | Self::Deleted(connection) => &connection.organization_id,
            Self::CertificateRenewalRequired { certificate, .. }
            | Self::CertificateRenewed(certificate) => &certificate.organization_id,
        }
    }
}

impl Connection {
    /// The connection after someone has signed in through it; nothing when nobody can, or when someone has before.
    pub(crate) fn activated(&self, now: Timestamp) -> Option<Self> {
        match self.state {
            ConnectionState::Validating | ConnectionState::Inactive => {
                Some(self.with_state(ConnectionState::Active, now))
            }
            ConnectionState::RequiresType
            | ConnectionState::Draft
            | ConnectionState::Active
            | ConnectionState::Deleting => None,
        }
    }

    /// The connection after it has stopped signing people in; nothing when it has not done so.
    pub(crate) fn deactivated(&self, now: Timestamp) -> Option<Self> {
        (self.state == ConnectionState::Active)
            .then(|| self.with_state(ConnectionState::Inactive, now))
    }

    /// The connection as a setup in the portal begins it: of this type, without settings. Nothing when somebody has signed
    /// in through it, or it is going away.
    pub(crate) fn begun_anew(&self, kind: ConnectionType, now: Timestamp) -> Option<Self> {
        let can_begin = matches!(
            self.state,
            ConnectionState::RequiresType | ConnectionState::Draft | ConnectionState::Validating
        );
        can_begin.then(|| Self {
            connection_type: kind,
            state: ConnectionState::Draft,
            settings: Settings::blank(kind),
            is_provider_told: false,
            updated_at: now,
            ..self.clone()
        })
    }

    /// The connection with the settings of its identity provider. One that was a draft waits for its first sign-in then.
    pub(crate) fn configured(&self, settings: Settings, now: Timestamp) -> Self {
        let state = match self.state {
            ConnectionState::RequiresType | ConnectionState::Draft => ConnectionState::Validating,
            state => state,
        };
        if self.settings == settings && self.state == state && self.is_provider_told {
            return self.clone();
        }
        Self {
            state,
            settings,
            is_provider_told: true,
            updated_at: now,
            ..self.clone()
        }
    }

    fn with_state(&self, state: ConnectionState, now: Timestamp) -> Self {
        Self {
            state,
            updated_at: now,
            ..self.clone()
        }
    }

    /// What tells of its end. Events know no connection without a provider, so the end of one is not told.
    pub(crate) fn deletion(self: Arc<Self>) -> Option<ConnectionEvent> {
        let told = self.connection_type != ConnectionType::Pending
            && self.state != ConnectionState::RequiresType;
        told.then_some(ConnectionEvent::Deleted(self))
    }
}

/// Reads names of domains; one name once.
///
/// # Errors
/// Every name that is none, with its place in `domains`.
pub(crate) fn read_domains(texts: &[String]) -> Result<Vec<DomainName>, Vec<Violation>> {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    let mut violations = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match DomainName::parse(text) {
            Ok(name) => {
                if seen.insert(name.clone()) {
                    names.push(name);
                }
            }
            Err(error) => {
                violations.push(Violation::not_a_domain(format!("domains.{index}"), error));
            }
        }
    }
    if violations.is_empty() {
        Ok(names)
    } else {
        Err(violations)
    }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn connection(state: ConnectionState) -> Connection {
        Connection {
            id: ConnectionId::new(Ulid(1)),
            organization_id: OrganizationId::test(),
            external_key: "key".into(),
            external_id: None,
            connection_type: ConnectionType::OktaSAML,
            name: "Acme".into(),
            state,
            domains: Vec::new(),
            settings: Settings::None,
            attribute_maps: AttributeMaps::default(),
            is_provider_told: false,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_some_states_lead_on() {
        use ConnectionState::{Active, Deleting, Draft, Inactive, RequiresType, Validating};
        let now = Timestamp::from_second(5).unwrap();
        for (state, activated, deactivated) in [
            (RequiresType, None, None),
            (Draft, None, None),
            (Validating, Some(Active), None),
            (Active, None, Some(Inactive)),
            (Inactive, Some(Active), None),
            (Deleting, None, None),
        ] {
            let told = |after: Option<Connection>| {
                after.map(|after| {
                    assert_eq!(after.updated_at, now);
                    assert_eq!(after.created_at, Timestamp::UNIX_EPOCH);
                    after.state
                })
            };
            assert_eq!(
                told(connection(state).activated(now)),
                activated,
                "{state:?}"
            );
            assert_eq!(
                told(connection(state).deactivated(now)),
                deactivated,
                "{state:?}"
            );
            assert_eq!(state.is_linked(), state == Active);
        }
    }

    #[test]
    fn a_setup_begins_anew_until_somebody_has_signed_in() {
        use ConnectionState::{Active, Deleting, Draft, Inactive, RequiresType, Validating};
        let now = Timestamp::from_second(5).unwrap();
        for (state, begins) in [
            (RequiresType, true),
            (Draft, true),
            (Validating, true),
            (Active, false),
            (Inactive, false),
            (Deleting, false),
        ] {
            let begun = connection(state).begun_anew(ConnectionType::OktaOIDC, now);
            assert_eq!(begun.is_some(), begins, "{state:?}");
            if let Some(begun) = begun {
                assert_eq!((begun.state, begun.updated_at), (Draft, now));
                assert_eq!(begun.settings, Settings::Oidc(Box::default()));
            }
        }
    }

    #[test]
    fn a_draft_with_settings_waits_for_its_first_sign_in() {
        use ConnectionState::{Active, Draft, Inactive, Validating};
        let now = Timestamp::from_second(5).unwrap();
        for (state, after) in [
            (Draft, Validating),
            (Validating, Validating),
            (Active, Active),
            (Inactive, Inactive),
        ] {
            let settings = Settings::Saml(Box::default());
            let configured = connection(state).configured(settings.clone(), now);
            assert_eq!((configured.state, configured.updated_at), (after, now));
            // The same once more changes nothing.
            let later = Timestamp::from_second(9).unwrap();
            assert_eq!(configured.configured(settings, later), configured);
        }
    }

    #[test]
    fn the_end_of_a_connection_without_a_provider_is_not_told() {
        let pending = Connection {
            connection_type: ConnectionType::Pending,
            ..connection(ConnectionState::RequiresType)
        };
        assert_eq!(Arc::new(pending).deletion(), None);
        let draft = Arc::new(connection(ConnectionState::Draft));
        let told = Arc::clone(&draft).deletion().unwrap();
        assert_eq!(told, ConnectionEvent::Deleted(draft));
    }

    #[test]
    fn attribute_maps_change_key_by_key() {
        let map = |pairs: &[(&str, Option<&str>)]| -> BTreeMap<String, Option<String>> {
            let own = |(name, source): &(&str, Option<&str>)| {
                ((*name).to_owned(), source.map(ToOwned::to_owned))
            };
            pairs.iter().map(own).collect()
        };
        let mut maps = AttributeMaps::default();
        maps.merge(AttributeMapChanges {
            standard: map(&[("email", Some("mail")), ("name", Some("cn"))]),
            custom: map(&[("floor", Some("floor")), ("desk", Some("desk"))]),
        });
        maps.merge(AttributeMapChanges {
            standard: map(&[("name", None)]),
            custom: map(&[("floor", None), ("room", None), ("desk", Some("d"))]),
        });
        assert_eq!(
            maps.standard,
            map(&[("email", Some("mail")), ("name", None)])
        );
        assert_eq!(maps.custom, BTreeMap::from([("desk".into(), "d".into())]));
    }
}
