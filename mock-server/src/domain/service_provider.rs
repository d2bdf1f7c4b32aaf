//! What an identity provider has to know of this side of a connection.

use super::connection::Connection;
use super::connection_settings::Settings;
use super::ids::{EnvironmentId, Id as _};

/// Where an identity provider finds this side of a connection, and what it calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceProvider {
    /// The connection's external key, unless its settings name another.
    pub(crate) entity_id: String,
    /// Where responses are sent, unless the settings name another address.
    pub(crate) acs_url: String,
    /// Where the metadata of this side is served.
    pub(crate) metadata_url: String,
    /// Where `OpenID` Connect leads back to, unless the settings name another address.
    pub(crate) redirect_uri: String,
}

impl ServiceProvider {
    /// This side of `connection` on a server that is reached at `public_url`, without a slash at the end. External keys of
    /// two environments can be the same, so the addresses name the environment too.
    pub(crate) fn of(
        connection: &Connection,
        environment: &EnvironmentId,
        public_url: &str,
    ) -> Self {
        let key = &connection.external_key;
        let root = |protocol| format!("{public_url}/sso/{protocol}/{}/{key}", environment.as_str());
        let (saml, oidc) = match &connection.settings {
            Settings::Saml(saml) => (Some(saml), None),
            Settings::Oidc(oidc) => (None, Some(oidc)),
            Settings::None => (None, None),
        };
        Self {
            entity_id: saml
                .and_then(|saml| saml.sp_entity_id.clone())
                .unwrap_or_else(|| key.clone()),
            acs_url: saml
                .and_then(|saml| saml.acs_url.clone())
                .unwrap_or_else(|| format!("{}/acs", root("saml"))),
            metadata_url: format!("{}/metadata", root("saml")),
            redirect_uri: oidc
                .and_then(|oidc| oidc.redirect_uri.clone())
                .unwrap_or_else(|| format!("{}/callback", root("oidc"))),
        }
    }
}
