//! The settings of connections, and which of them go together.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Error;
use super::certificate::{MAX_ENCRYPTION_CERTIFICATES, X509};
use super::connection_error::ConnectionError;
use super::connection_type::{ConnectionType, Protocol};
use super::error::{Rule, Violation};
use super::x509::is_private_key;

/// The settings of a connection. Secrets are not among them: nothing here signs in at a real identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Settings {
    Saml(Box<SamlSettings>),
    Oidc(Box<OidcSettings>),
    /// The protocol has none.
    None,
}

impl Settings {
    /// Those of a connection that has none of its own yet.
    pub(crate) fn blank(kind: ConnectionType) -> Self {
        match kind.protocol() {
            Protocol::Saml => Self::Saml(Box::default()),
            Protocol::Oidc => Self::Oidc(Box::default()),
            Protocol::Other => Self::None,
        }
    }
}

/// The settings of a SAML connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SamlSettings {
    /// Where the identity provider's values are read from, if they are.
    pub(crate) idp_metadata_url: Option<String>,
    pub(crate) idp_entity_id: Option<String>,
    pub(crate) idp_sso_url: Option<String>,
    /// Another than the one that is made up.
    pub(crate) acs_url: Option<String>,
    /// Another than the external key.
    pub(crate) sp_entity_id: Option<String>,
}

/// The settings of an OIDC connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OidcSettings {
    pub(crate) discovery_endpoint: Option<String>,
    /// The issuer that the discovery document names, if it was read.
    pub(crate) issuer: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) pkce: bool,
    pub(crate) authentication: TokenAuthentication,
    pub(crate) id_token_signature_algorithm: Option<String>,
    pub(crate) fetch_user_info: Option<bool>,
}

impl Default for OidcSettings {
    fn default() -> Self {
        Self {
            discovery_endpoint: None,
            issuer: None,
            client_id: None,
            redirect_uri: None,
            pkce: true,
            authentication: TokenAuthentication::default(),
            id_token_signature_algorithm: None,
            fetch_user_info: None,
        }
    }
}

/// How the token endpoint is authenticated to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenAuthentication {
    /// By a secret in the body.
    ClientSecretPost,
    /// By a secret in the header.
    #[default]
    ClientSecretBasic,
    /// By a signature.
    PrivateKeyJwt,
}

/// A private key with its certificate, both PEM.
#[derive(Deserialize)]
pub(crate) struct KeyPair {
    key: String,
    cert: String,
}

/// Settings of a SAML connection that is to be made.
#[derive(Default, Deserialize)]
pub(crate) struct NewSaml {
    idp_metadata_url: Option<String>,
    idp_entity_id: Option<String>,
    idp_sso_url: Option<String>,
    idp_signing_certs: Option<Vec<String>>,
    acs_url: Option<String>,
    sp_entity_id: Option<String>,
    sp_signing_key_pair: Option<KeyPair>,
    sp_encryption_key_pairs: Option<Vec<KeyPair>>,
}

/// Settings of an OIDC connection that is to be made.
#[derive(Deserialize)]
pub(crate) struct NewOidc {
    discovery_endpoint: String,
    client_id: String,
    client_secret: Option<String>,
    redirect_uri: Option<String>,
    pkce: Option<bool>,
    token_authentication_method: Option<TokenAuthentication>,
    jwt_signing_key_pair: Option<KeyPair>,
    id_token_signature_algorithm: Option<String>,
    fetch_user_info: Option<bool>,
}

/// The settings of a connection that is to be made.
pub(crate) enum NewSettings {
    Saml(Box<NewSaml>),
    Oidc(Box<NewOidc>),
}

/// The certificates that a new connection is to have.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct GivenCertificates {
    /// Those of the identity provider; `None` when they are read from its metadata.
    pub(crate) idp_signing: Option<Vec<X509>>,
    /// `None` when one is to be made.
    pub(crate) sp_signing: Option<X509>,
    /// `None` when one is to be made.
    pub(crate) sp_encryption: Option<Vec<X509>>,
}

impl NewSettings {
    /// The settings and the type of a connection that a request describes.
    ///
    /// # Errors
    /// The type is not one that can be made, or the options are missing, too many or those of another protocol.
    pub(crate) fn choose(
        connection_type: Option<ConnectionType>,
        saml: Option<NewSaml>,
        oidc: Option<NewOidc>,
    ) -> Result<(ConnectionType, Self), ConnectionError> {
        let protocol = connection_type.map(ConnectionType::protocol);
        if let (Some(connection_type), Some(Protocol::Other)) = (connection_type, protocol) {
            return Err(ConnectionError::TypeNotSupported(connection_type));
        }
        match (saml, oidc, connection_type) {
            (Some(_), Some(_), _) => Err(ConnectionError::BothOptions),
            (Some(_), None, Some(kind)) if kind.protocol() == Protocol::Oidc => {
                Err(ConnectionError::TypeConflict(kind))
            }
            (None, Some(_), Some(kind)) if kind.protocol() == Protocol::Saml => {
                Err(ConnectionError::TypeConflict(kind))
            }
            (Some(saml), None, kind) => Ok((
                kind.unwrap_or(ConnectionType::GenericSAML),
                Self::Saml(Box::new(saml)),
            )),
            (None, Some(oidc), kind) => Ok((
                kind.unwrap_or(ConnectionType::GenericOIDC),
                Self::Oidc(Box::new(oidc)),
            )),
            (None, None, Some(kind)) if kind.protocol() == Protocol::Saml => {
                Err(ConnectionError::SamlRequired(kind))
            }
            (None, None, Some(kind)) => Err(ConnectionError::OidcRequired(kind)),
            (None, None, None) => Err(ConnectionError::NothingGiven),
        }
    }

    /// The settings that stay, and the certificates that come with them.
    ///
    /// # Errors
    /// The settings do not make a connection together, or a certificate or a key cannot be read.
    pub(crate) fn check(self, now: Timestamp) -> Result<(Settings, GivenCertificates), Error> {
        match self {
            Self::Saml(saml) => saml.check(now),
            Self::Oidc(oidc) => oidc.check(now),
        }
    }
}

impl NewSaml {
    fn check(self, now: Timestamp) -> Result<(Settings, GivenCertificates), Error> {
        let certs = self.idp_signing_certs.unwrap_or_default();
        let by_value =
            self.idp_entity_id.is_some() || self.idp_sso_url.is_some() || !certs.is_empty();
        if self.idp_metadata_url.is_some() {
            if by_value {
                return Err(ConnectionError::AmbiguousSaml.into());
            }
        } else if self.idp_sso_url.is_none() || certs.is_empty() {
            return Err(ConnectionError::IncompleteSaml.into());
        }
        let encryption_pairs = self.sp_encryption_key_pairs;
        if let Some(pairs) = &encryption_pairs
            && pairs.len() > MAX_ENCRYPTION_CERTIFICATES
        {
            let message = format!(
                "A connection has at most {MAX_ENCRYPTION_CERTIFICATES} encryption certificates."
            );
            let field = "saml_options.sp_encryption_key_pairs";
            return Err(Violation::new(field, Rule::Value, message).into());
        }
        let read_each = |texts: Vec<String>| -> Result<Vec<X509>, Error> {
            let fields = (0..).map(|index| format!("saml_options.idp_signing_certs.{index}"));
            let read = |(text, field): (String, _)| read(&text, field, now);
            texts.into_iter().zip(fields).map(read).collect()
        };
        let given = GivenCertificates {
            idp_signing: match &self.idp_metadata_url {
                Some(_) => None,
                None => Some(read_each(certs)?),
            },
            sp_signing: self
                .sp_signing_key_pair
                .map(|pair| pair.read("saml_options.sp_signing_key_pair", now))
                .transpose()?,
            sp_encryption: encryption_pairs
                .map(|pairs| {
                    let read = |(index, pair): (usize, KeyPair)| {
                        pair.read(
                            &format!("saml_options.sp_encryption_key_pairs.{index}"),
                            now,
                        )
                    };
                    pairs.into_iter().enumerate().map(read).collect()
                })
                .transpose()?,
        };
        let settings = SamlSettings {
            idp_metadata_url: self.idp_metadata_url,
            idp_entity_id: self.idp_entity_id,
            idp_sso_url: self.idp_sso_url,
            acs_url: self.acs_url,
            sp_entity_id: self.sp_entity_id,
        };
        Ok((Settings::Saml(Box::new(settings)), given))
    }
}

impl NewOidc {
    fn check(self, now: Timestamp) -> Result<(Settings, GivenCertificates), Error> {
        check_discovery(&self.discovery_endpoint)?;
        let authentication = self.token_authentication_method.unwrap_or_default();
        let by_key = authentication == TokenAuthentication::PrivateKeyJwt;
        match (by_key, self.client_secret) {
            (true, Some(_)) => return Err(ConnectionError::SecretNotAccepted.into()),
            (false, None) => return Err(ConnectionError::SecretRequired.into()),
            _ => {}
        }
        if let Some(pair) = self.jwt_signing_key_pair {
            if !by_key {
                return Err(ConnectionError::KeyPairNotAccepted.into());
            }
            pair.read("oidc_options.jwt_signing_key_pair", now)?;
        }
        let settings = OidcSettings {
            discovery_endpoint: Some(self.discovery_endpoint),
            issuer: None,
            client_id: Some(self.client_id),
            redirect_uri: self.redirect_uri,
            pkce: self.pkce.unwrap_or(true),
            authentication,
            id_token_signature_algorithm: self.id_token_signature_algorithm,
            fetch_user_info: self.fetch_user_info,
        };
        Ok((
            Settings::Oidc(Box::new(settings)),
            GivenCertificates::default(),
        ))
    }
}

impl KeyPair {
    /// The certificate of the pair. The key is looked at and forgotten.
    fn read(self, field: &str, now: Timestamp) -> Result<X509, Error> {
        if !is_private_key(&self.key) {
            let message = format!("{field}.key must be a PEM-encoded private key.");
            return Err(Violation::new(format!("{field}.key"), Rule::Format, message).into());
        }
        read(&self.cert, format!("{field}.cert"), now)
    }
}

fn read(text: &str, field: String, now: Timestamp) -> Result<X509, Error> {
    X509::read(text, now).map_err(|bad| ConnectionError::Certificate(field, bad).into())
}

pub(super) fn check_discovery(url: &str) -> Result<(), ConnectionError> {
    let scheme = url.split(':').next().unwrap_or_default();
    if scheme.eq_ignore_ascii_case("https") {
        Ok(())
    } else {
        Err(ConnectionError::DiscoveryNotHttps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_give_the_type_or_go_with_it() {
        let saml = || Some(NewSaml::default());
        let chosen = |kind, saml| NewSettings::choose(kind, saml, None).map(|(kind, _)| kind);
        assert_eq!(chosen(None, saml()), Ok(ConnectionType::GenericSAML));
        let okta = Some(ConnectionType::OktaSAML);
        assert_eq!(chosen(okta, saml()), Ok(ConnectionType::OktaSAML));
        assert_eq!(chosen(None, None), Err(ConnectionError::NothingGiven));
        for (kind, saml, error) in [
            (
                ConnectionType::OktaOIDC,
                saml(),
                ConnectionError::TypeConflict(ConnectionType::OktaOIDC),
            ),
            (
                ConnectionType::OktaOIDC,
                None,
                ConnectionError::OidcRequired(ConnectionType::OktaOIDC),
            ),
            (
                ConnectionType::OktaSAML,
                None,
                ConnectionError::SamlRequired(ConnectionType::OktaSAML),
            ),
            (
                ConnectionType::MagicLink,
                saml(),
                ConnectionError::TypeNotSupported(ConnectionType::MagicLink),
            ),
        ] {
            assert_eq!(chosen(Some(kind), saml), Err(error));
        }
    }

    #[test]
    fn metadata_leaves_the_certificates_to_be_made() {
        let saml = NewSaml {
            idp_metadata_url: Some("https://idp.example/m".into()),
            sp_entity_id: Some("me".into()),
            ..NewSaml::default()
        };
        let (settings, given) = saml.check(Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(given, GivenCertificates::default());
        let expected = SamlSettings {
            idp_metadata_url: Some("https://idp.example/m".into()),
            sp_entity_id: Some("me".into()),
            ..SamlSettings::default()
        };
        assert_eq!(settings, Settings::Saml(Box::new(expected)));
    }

    #[test]
    fn only_https_leads_to_a_discovery_document() {
        for url in ["https://idp.example", "HTTPS://idp.example/x"] {
            assert_eq!(check_discovery(url), Ok(()));
        }
        for url in ["http://idp.example", "httpsx://idp.example", "ftp:x", ""] {
            assert_eq!(
                check_discovery(url),
                Err(ConnectionError::DiscoveryNotHttps)
            );
        }
    }
}
