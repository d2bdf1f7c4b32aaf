//! Types of connections: an identity provider with a protocol.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// How a connection signs people in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Saml,
    Oidc,
    /// What the API has no settings for: OAuth, magic links, no provider yet.
    Other,
}

macro_rules! connection_types {
    ($($protocol:ident: $($(#[$attribute:meta])* $name:ident)+;)+) => {
        /// A type of connection. Each has the name that `WorkOS` gives it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum ConnectionType {
            $($(#[doc = concat!("`", stringify!($name), "`.")] $(#[$attribute])* $name,)+)+
        }

        impl ConnectionType {
            /// Every type.
            pub(crate) const ALL: &[Self] = &[$($(Self::$name,)+)+];

            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $($(Self::$name => stringify!($name),)+)+
                }
            }

            /// The type of this name.
            pub(crate) fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }

            pub(crate) fn protocol(self) -> Protocol {
                match self {
                    $($(Self::$name)|+ => Protocol::$protocol,)+
                }
            }
        }
    };
}

connection_types! {
    Saml:
        ADFSSAML Auth0SAML AzureSAML CasSAML ClassLinkSAML CloudflareSAML CyberArkSAML DuoSAML GenericSAML GoogleSAML
        JumpCloudSAML KeycloakSAML LastPassSAML MiniOrangeSAML NetIqSAML OktaSAML OneLoginSAML OracleSAML
        PingFederateSAML PingOneSAML RipplingSAML SalesforceSAML ShibbolethGenericSAML ShibbolethSAML SimpleSamlPhpSAML
        VMwareSAML;
    Oidc: AdpOidc CleverOIDC EntraIdOIDC GenericOIDC GoogleOIDC LoginGovOidc OktaOIDC;
    Other:
        /// No provider is chosen yet.
        Pending
        AppleOAuth Auth0Migration BitbucketOAuth DiscordOAuth
        /// Its filter had another spelling once.
        #[serde(alias = "GithubOAuth")]
        GitHubOAuth
        GitLabOAuth GoogleOAuth GrokOAuth IntuitOAuth LinkedInOAuth MagicLink MicrosoftOAuth SalesforceOAuth SlackOAuth
        TestIdp VercelMarketplaceOAuth VercelOAuth XOAuth XeroOAuth;
}

impl JsonSchema for ConnectionType {
    fn schema_name() -> Cow<'static, str> {
        "ConnectionType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = Self::ALL.iter().map(|one| one.as_str()).collect();
        json_schema!({
            "type": "string",
            "enum": names,
            "description": "A type of connection, by the name that WorkOS gives it.",
        })
    }
}

impl fmt::Display for ConnectionType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn they_are_those_of_the_document() {
        let document: Value = serde_json::from_str(include_str!("../../portal.json")).unwrap();
        let types = &document["components"]["schemas"]["Connection"]["properties"]["connection_type"]
            ["enum"];
        let expected: BTreeSet<_> = types
            .as_array()
            .unwrap()
            .iter()
            .map(Value::to_string)
            .collect();
        let known = ConnectionType::ALL
            .iter()
            .map(|one| json!(one).to_string())
            .collect();
        assert_eq!(expected, known);
        for one in ConnectionType::ALL {
            assert_eq!(json!(one), one.as_str());
            assert_eq!(
                serde_json::from_value::<ConnectionType>(json!(one.as_str())).unwrap(),
                *one
            );
        }
    }

    #[test]
    fn the_protocol_is_the_one_of_the_name() {
        for one in ConnectionType::ALL {
            let name = one.as_str().to_lowercase();
            let expected = if name.ends_with("saml") {
                Protocol::Saml
            } else if name.ends_with("oidc") {
                Protocol::Oidc
            } else {
                Protocol::Other
            };
            assert_eq!(one.protocol(), expected, "{one}");
        }
        let old: ConnectionType = serde_json::from_value(json!("GithubOAuth")).unwrap();
        assert_eq!(old, ConnectionType::GitHubOAuth);
    }
}
