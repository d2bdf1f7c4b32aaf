//! The identity providers that an app can offer in a picker of its own.

/// An identity provider, as a type of connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Provider {
    /// The connection type, as `WorkOS` names it.
    pub(crate) connection_type: &'static str,
    /// What a person calls it.
    pub(crate) name: &'static str,
    /// What its icon is filed under; several providers may share one.
    pub(crate) slug: &'static str,
}

const fn provider(
    connection_type: &'static str,
    name: &'static str,
    slug: &'static str,
) -> Provider {
    Provider {
        connection_type,
        name,
        slug,
    }
}

/// Every provider in the order of the list: OAuth with Google and Microsoft first, then SAML and `OpenID` Connect.
/// Names and slugs of the latter are those of `WorkOS`'s integration guides and of its icon server.
pub(crate) const PROVIDERS: &[Provider] = &[
    provider("GoogleOAuth", "Google OAuth", "google"),
    provider("MicrosoftOAuth", "Microsoft OAuth", "microsoft"),
    provider("AppleOAuth", "Apple OAuth", "apple"),
    provider("BitbucketOAuth", "Bitbucket OAuth", "bitbucket"),
    provider("DiscordOAuth", "Discord OAuth", "discord"),
    provider("GitHubOAuth", "GitHub OAuth", "github"),
    provider("GitLabOAuth", "GitLab OAuth", "gitlab"),
    provider("GrokOAuth", "Grok OAuth", "grok"),
    provider("IntuitOAuth", "Intuit OAuth", "intuit"),
    provider("LinkedInOAuth", "LinkedIn OAuth", "linkedin"),
    provider("SalesforceOAuth", "Salesforce OAuth", "salesforce"),
    provider("SlackOAuth", "Slack OAuth", "slack"),
    provider(
        "VercelMarketplaceOAuth",
        "Vercel Marketplace OAuth",
        "vercel",
    ),
    provider("VercelOAuth", "Vercel OAuth", "vercel"),
    provider("XOAuth", "X OAuth", "x"),
    provider("XeroOAuth", "Xero OAuth", "xero"),
    provider("ADFSSAML", "Microsoft AD FS SAML", "ad-fs"),
    provider("AdpOidc", "ADP OpenID Connect", "adp"),
    provider("Auth0SAML", "Auth0", "auth0"),
    provider("AzureSAML", "Entra ID SAML (formerly Azure AD)", "azure"),
    provider("EntraIdOIDC", "Entra ID OIDC (formerly Azure AD)", "azure"),
    provider("CasSAML", "CAS SAML", "cas"),
    provider("ClassLinkSAML", "ClassLink", "classlink"),
    provider("CleverOIDC", "Clever OIDC", "clever"),
    provider("CloudflareSAML", "Cloudflare", "cloudflare"),
    provider("CyberArkSAML", "CyberArk SAML", "cyberark"),
    provider("DuoSAML", "Duo", "duo"),
    provider("GenericOIDC", "OpenID Connect", "generic-oidc"),
    provider("GenericSAML", "SAML", "generic-saml"),
    provider("GoogleSAML", "Google SAML", "google-cloud"),
    provider("GoogleOIDC", "Google OIDC", "google"),
    provider("JumpCloudSAML", "JumpCloud SAML", "jumpcloud"),
    provider("KeycloakSAML", "Keycloak", "keycloak"),
    provider("LastPassSAML", "LastPass", "lastpass"),
    provider("LoginGovOidc", "Login.gov OpenID Connect", "login-gov"),
    provider("MiniOrangeSAML", "miniOrange", "miniorange"),
    provider("NetIqSAML", "NetIQ", "net-iq"),
    provider("OktaSAML", "Okta SAML", "okta"),
    provider("OktaOIDC", "Okta OIDC", "okta"),
    provider("OneLoginSAML", "OneLogin SAML", "onelogin"),
    provider("OracleSAML", "Oracle SAML", "oracle"),
    provider("PingFederateSAML", "PingFederate SAML", "ping-identity"),
    provider("PingOneSAML", "PingOne SAML", "ping-identity"),
    provider("RipplingSAML", "Rippling SAML", "rippling"),
    provider("SalesforceSAML", "Salesforce SAML", "salesforce"),
    provider(
        "ShibbolethGenericSAML",
        "Shibboleth Generic SAML",
        "shibboleth",
    ),
    provider(
        "ShibbolethSAML",
        "Shibboleth Unsolicited SAML",
        "shibboleth",
    ),
    provider("SimpleSamlPhpSAML", "SimpleSAMLphp", "simple-saml-php"),
    provider("VMwareSAML", "VMware", "vmware"),
    provider("TestIdp", "Test Identity Provider", "test-idp"),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn google_and_microsoft_lead_and_oauth_comes_first() {
        assert_eq!(PROVIDERS[0].connection_type, "GoogleOAuth");
        assert_eq!(PROVIDERS[1].connection_type, "MicrosoftOAuth");
        assert!(PROVIDERS.is_sorted_by_key(|one| !one.connection_type.ends_with("OAuth")));
    }

    #[test]
    fn every_provider_is_listed_once_with_a_slug_that_can_stand_in_a_path() {
        let types: HashSet<_> = PROVIDERS.iter().map(|one| one.connection_type).collect();
        assert_eq!(types.len(), PROVIDERS.len());
        for one in PROVIDERS {
            assert!(!one.name.is_empty());
            assert!(
                one.slug
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
        }
    }
}
