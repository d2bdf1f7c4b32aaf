//! Changes to the settings of connections.

use super::connection_error::ConnectionError;
use super::connection_settings::{
    OidcSettings, SamlSettings, Settings, TokenAuthentication, check_discovery,
};
use super::connection_type::ConnectionType;

/// A value that a change may set, or take away with `Some(None)`.
pub(crate) type Resettable = Option<Option<String>>;

/// Changed settings of a SAML connection.
#[derive(Default)]
pub(crate) struct SamlChanges {
    pub(crate) idp_metadata_url: Resettable,
    pub(crate) idp_entity_id: Option<String>,
    pub(crate) idp_sso_url: Option<String>,
    pub(crate) acs_url: Resettable,
    pub(crate) sp_entity_id: Resettable,
}

/// Changed settings of an OIDC connection.
#[derive(Default)]
pub(crate) struct OidcChanges {
    pub(crate) discovery_endpoint: Option<String>,
    pub(crate) client_id: Option<String>,
    /// Whether a secret is given; nothing needs the secret itself.
    pub(crate) has_client_secret: bool,
    pub(crate) redirect_uri: Resettable,
    pub(crate) pkce: Option<bool>,
    pub(crate) token_authentication_method: Option<TokenAuthentication>,
    pub(crate) id_token_signature_algorithm: Option<String>,
    pub(crate) fetch_user_info: Option<bool>,
}

fn set<T>(value: &mut T, change: Option<T>) {
    if let Some(change) = change {
        *value = change;
    }
}

impl Settings {
    /// Makes the changes.
    ///
    /// # Errors
    /// They are those of another protocol, or the settings no longer go together. Some may have been made then.
    pub(crate) fn change(
        &mut self,
        kind: ConnectionType,
        saml: Option<SamlChanges>,
        oidc: Option<OidcChanges>,
    ) -> Result<(), ConnectionError> {
        match (self, saml, oidc) {
            (_, Some(_), Some(_)) => Err(ConnectionError::BothOptions),
            (_, None, None) => Ok(()),
            (Self::Saml(settings), Some(changes), None) => settings.change(changes),
            (Self::Oidc(settings), None, Some(changes)) => settings.change(changes),
            _ => Err(ConnectionError::TypeConflict(kind)),
        }
    }
}

impl SamlSettings {
    fn change(&mut self, changes: SamlChanges) -> Result<(), ConnectionError> {
        let changes_url = changes
            .idp_metadata_url
            .as_ref()
            .is_some_and(|url| *url != self.idp_metadata_url);
        set(&mut self.idp_metadata_url, changes.idp_metadata_url);
        let by_value = changes.idp_entity_id.is_some() || changes.idp_sso_url.is_some();
        if self.idp_metadata_url.is_some() && by_value {
            return Err(ConnectionError::AmbiguousSaml);
        }
        if self.idp_metadata_url.is_some() && changes_url {
            // They were read at another address.
            (self.idp_entity_id, self.idp_sso_url) = (None, None);
        }
        set(&mut self.idp_entity_id, changes.idp_entity_id.map(Some));
        set(&mut self.idp_sso_url, changes.idp_sso_url.map(Some));
        set(&mut self.acs_url, changes.acs_url);
        set(&mut self.sp_entity_id, changes.sp_entity_id);
        Ok(())
    }
}

impl OidcSettings {
    fn change(&mut self, changes: OidcChanges) -> Result<(), ConnectionError> {
        if let Some(url) = &changes.discovery_endpoint {
            check_discovery(url)?;
        }
        let had_secret = self.authentication != TokenAuthentication::PrivateKeyJwt;
        set(
            &mut self.authentication,
            changes.token_authentication_method,
        );
        let wants_secret = self.authentication != TokenAuthentication::PrivateKeyJwt;
        match (wants_secret, changes.has_client_secret) {
            (false, true) => return Err(ConnectionError::SecretNotAccepted),
            (true, false) if !had_secret => return Err(ConnectionError::SecretRequired),
            _ => {}
        }
        if changes.discovery_endpoint.is_some()
            && changes.discovery_endpoint != self.discovery_endpoint
        {
            self.issuer = None;
        }
        set(
            &mut self.discovery_endpoint,
            changes.discovery_endpoint.map(Some),
        );
        set(&mut self.client_id, changes.client_id.map(Some));
        set(&mut self.redirect_uri, changes.redirect_uri);
        set(&mut self.pkce, changes.pkce);
        set(
            &mut self.id_token_signature_algorithm,
            changes.id_token_signature_algorithm.map(Some),
        );
        set(&mut self.fetch_user_info, changes.fetch_user_info.map(Some));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn what_is_given_changes_and_null_takes_away() {
        let mut settings = Settings::Saml(Box::new(SamlSettings {
            idp_metadata_url: Some(text("https://idp.example/metadata")),
            acs_url: Some(text("https://app.example/acs")),
            ..SamlSettings::default()
        }));
        let mut change = |changes| settings.change(ConnectionType::OktaSAML, Some(changes), None);
        let by_value = || SamlChanges {
            idp_sso_url: Some(text("https://idp.example/sso")),
            ..SamlChanges::default()
        };
        assert_eq!(change(by_value()), Err(ConnectionError::AmbiguousSaml));
        let forget = SamlChanges {
            idp_metadata_url: Some(None),
            acs_url: Some(None),
            sp_entity_id: Some(Some(text("me"))),
            ..by_value()
        };
        assert_eq!(change(forget), Ok(()));
        let expected = SamlSettings {
            idp_sso_url: Some(text("https://idp.example/sso")),
            sp_entity_id: Some(text("me")),
            ..SamlSettings::default()
        };
        assert_eq!(settings, Settings::Saml(Box::new(expected)));
    }

    #[test]
    fn a_secret_is_wanted_when_the_method_begins_to_use_one() {
        let mut settings = OidcSettings::default();
        let to = |method, has_client_secret| OidcChanges {
            token_authentication_method: method,
            has_client_secret,
            ..OidcChanges::default()
        };
        let by_key = Some(TokenAuthentication::PrivateKeyJwt);
        let by_post = Some(TokenAuthentication::ClientSecretPost);
        assert_eq!(settings.change(to(by_post, false)), Ok(()));
        assert_eq!(settings.change(to(None, true)), Ok(()));
        assert_eq!(
            settings.clone().change(to(by_key, true)),
            Err(ConnectionError::SecretNotAccepted)
        );
        assert_eq!(settings.change(to(by_key, false)), Ok(()));
        assert_eq!(
            settings.clone().change(to(None, true)),
            Err(ConnectionError::SecretNotAccepted)
        );
        assert_eq!(
            settings.clone().change(to(by_post, false)),
            Err(ConnectionError::SecretRequired)
        );
        assert_eq!(settings.change(to(by_post, true)), Ok(()));
        let plain = OidcChanges {
            discovery_endpoint: Some(text("http://idp.example")),
            ..OidcChanges::default()
        };
        assert_eq!(
            settings.change(plain),
            Err(ConnectionError::DiscoveryNotHttps)
        );
    }

    #[test]
    fn options_of_another_protocol_are_refused() {
        let kind = ConnectionType::GoogleOAuth;
        let mut settings = Settings::None;
        let (saml, oidc) = (
            || Some(SamlChanges::default()),
            || Some(OidcChanges::default()),
        );
        let conflict = Err(ConnectionError::TypeConflict(kind));
        assert_eq!(settings.change(kind, None, None), Ok(()));
        assert_eq!(settings.change(kind, saml(), None), conflict);
        assert_eq!(settings.change(kind, None, oidc()), conflict);
        assert_eq!(
            settings.change(kind, saml(), oidc()),
            Err(ConnectionError::BothOptions)
        );
        let mut settings = Settings::Saml(Box::default());
        assert_eq!(settings.change(kind, None, oidc()), conflict);
    }
}
