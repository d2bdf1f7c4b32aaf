//! What to do at each provider, as its admin pages call things.

use crate::domain::connection_type::ConnectionType::{
    self, ADFSSAML, AdpOidc, Auth0SAML, AzureSAML, CasSAML, ClassLinkSAML, CleverOIDC,
    CloudflareSAML, CyberArkSAML, DuoSAML, EntraIdOIDC, GenericOIDC, GenericSAML, GoogleOIDC,
    GoogleSAML, JumpCloudSAML, KeycloakSAML, LastPassSAML, LoginGovOidc, MiniOrangeSAML, NetIqSAML,
    OktaOIDC, OktaSAML, OneLoginSAML, OracleSAML, PingFederateSAML, PingOneSAML, RipplingSAML,
    SalesforceSAML, ShibbolethGenericSAML, ShibbolethSAML, SimpleSamlPhpSAML, VMwareSAML,
};

/// What to do, one thing after the other.
pub(super) type Guide = [&'static str; 3];

/// A guide for every type of connection that has settings.
pub(super) const GUIDES: &[(ConnectionType, Guide)] = &[
    (
        ADFSSAML,
        [
            "Open AD FS Management and add a relying party trust that is aware of claims.",
            "Let it read the SP metadata URL, or enter the ACS URL as the SAML 2.0 service and the SP entity ID as the identifier.",
            "Add claim rules for the e-mail address, first and last name. The metadata of AD FS is at /FederationMetadata/2007-06/FederationMetadata.xml on its host.",
        ],
    ),
    (
        AdpOidc,
        [
            "Open the ADP Marketplace partner console and register an app for end users.",
            "Enter the redirect URI as the app’s redirect URL.",
            "Keep the client ID and the client secret at hand, and ask ADP for the discovery endpoint of your region.",
        ],
    ),
    (
        Auth0SAML,
        [
            "Create a regular web application in Auth0, and turn on SAML2 Web App under its add-ons.",
            "Enter the ACS URL as the application callback URL, and the SP entity ID as the audience in the settings.",
            "The usage tab of the add-on offers the identity provider metadata.",
        ],
    ),
    (
        AzureSAML,
        [
            "Create an enterprise application in the Entra admin center that is not in the gallery, and choose SAML for single sign-on.",
            "Enter the SP entity ID as the identifier and the ACS URL as the reply URL, and assign the people who may sign in.",
            "Copy the app federation metadata URL from the section on SAML certificates.",
        ],
    ),
    (
        CasSAML,
        [
            "Add a SAML service to the service registry of your CAS server.",
            "Give it the SP entity ID as its service ID and the SP metadata URL as its metadata location.",
            "Release e-mail address, first and last name. The metadata of CAS is at /cas/idp/metadata on its host.",
        ],
    ),
    (
        ClassLinkSAML,
        [
            "Open the SAML console in ClassLink’s management console and add a new app.",
            "Enter the SP metadata URL, and map e-mail address, first and last name.",
            "Copy the address of the identity provider metadata that ClassLink shows for the app.",
        ],
    ),
    (
        CleverOIDC,
        [
            "Open your app in Clever’s developer dashboard.",
            "Add the redirect URI to the app’s redirect URLs.",
            "Copy the client ID and the client secret from the app’s settings.",
        ],
    ),
    (
        CloudflareSAML,
        [
            "Add a SaaS application in Cloudflare’s Zero Trust dashboard and choose SAML.",
            "Enter the SP entity ID as the entity ID and the ACS URL as the assertion consumer service URL, with the e-mail address as name ID.",
            "Copy the SSO endpoint, the entity ID and the public key that Cloudflare shows.",
        ],
    ),
    (
        CyberArkSAML,
        [
            "Add a custom SAML web app in CyberArk’s identity administration.",
            "Enter the SP metadata URL on the trust page, or the SP entity ID and the ACS URL by hand.",
            "Copy the metadata URL of the identity provider from the same page, and deploy the app.",
        ],
    ),
    (
        DuoSAML,
        [
            "Protect an application of the type Generic SAML Service Provider in the Duo admin panel.",
            "Enter the SP entity ID as the entity ID and the ACS URL as the assertion consumer service URL.",
            "Copy the metadata URL from the top of the application’s page.",
        ],
    ),
    (
        EntraIdOIDC,
        [
            "Register an application in the Entra admin center.",
            "Add the redirect URI as one of the type Web, and make a client secret.",
            "The overview has the client ID; the endpoints list has the discovery document of your tenant.",
        ],
    ),
    (
        GenericOIDC,
        [
            "Register a confidential web client at your OpenID Connect provider.",
            "Allow the authorization code flow with the redirect URI, and the scopes openid, profile and email.",
            "Note its client ID, its client secret and the provider’s discovery endpoint.",
        ],
    ),
    (
        GenericSAML,
        [
            "Add a SAML 2.0 app at your identity provider.",
            "Enter the ACS URL and the SP entity ID, or let the provider read the SP metadata URL.",
            "Send e-mail address, first and last name as attributes, and look for the provider’s metadata.",
        ],
    ),
    (
        GoogleOIDC,
        [
            "Create an OAuth client of the type web application in the Google Cloud console.",
            "Add the redirect URI to the authorized redirect URIs.",
            "Copy the client ID and the client secret. The discovery endpoint is at accounts.google.com.",
        ],
    ),
    (
        GoogleSAML,
        [
            "Add a custom SAML app under web and mobile apps in the Google admin console.",
            "Enter the ACS URL and the SP entity ID on the page of the service provider’s details, and map e-mail address, first and last name.",
            "Download the metadata on the page of Google’s details, and turn the app on for your people.",
        ],
    ),
    (
        JumpCloudSAML,
        [
            "Add a custom SAML app under SSO applications in the JumpCloud admin portal.",
            "Enter the SP entity ID and the ACS URL, and map e-mail address, first and last name.",
            "Activate the app, assign it to a user group, and copy or export its metadata.",
        ],
    ),
    (
        KeycloakSAML,
        [
            "Add a client of the type SAML to your realm in the Keycloak admin console.",
            "Enter the SP entity ID as the client ID and the ACS URL as a valid redirect URI and as the master SAML processing URL.",
            "The realm’s settings link to the SAML 2.0 identity provider metadata.",
        ],
    ),
    (
        LastPassSAML,
        [
            "Add an app under SSO apps in the LastPass admin console.",
            "Enter the ACS URL, and the SP entity ID among the advanced settings.",
            "Copy the entity ID, the SSO endpoint and the certificate, or download the metadata.",
        ],
    ),
    (
        LoginGovOidc,
        [
            "Create an app of the type OpenID Connect in the partner portal of Login.gov.",
            "Enter the redirect URI, and the issuer that you want the app to have as its client ID.",
            "Note the issuer and the discovery endpoint of the environment that you use.",
        ],
    ),
    (
        MiniOrangeSAML,
        [
            "Add a custom SAML app in the miniOrange dashboard.",
            "Enter the SP entity ID and the ACS URL, or import the SP metadata URL.",
            "Open the app’s metadata page and copy the metadata URL.",
        ],
    ),
    (
        NetIqSAML,
        [
            "Add a SAML 2.0 service provider to the identity server in NetIQ Access Manager.",
            "Use the SP metadata URL as the source of its metadata, and choose the attributes to send.",
            "Update the identity server. Its metadata is at /nidp/saml2/metadata on its host.",
        ],
    ),
    (
        OktaOIDC,
        [
            "Create an app integration of the type OIDC web application in the Okta admin console.",
            "Enter the redirect URI as a sign-in redirect URI, and assign people or groups.",
            "Copy the client ID and the client secret. The discovery endpoint is on your Okta domain.",
        ],
    ),
    (
        OktaSAML,
        [
            "Create an app integration of the type SAML 2.0 in the Okta admin console.",
            "Enter the ACS URL as the single sign-on URL and the SP entity ID as the audience URI, and add e-mail address, first and last name as attributes.",
            "Assign people or groups, and copy the metadata URL from the sign-on tab.",
        ],
    ),
    (
        OneLoginSAML,
        [
            "Add the SAML custom connector for advanced use to the applications in OneLogin.",
            "Enter the SP entity ID as the audience, and the ACS URL as the consumer URL and its validator.",
            "Copy the issuer URL from the SSO tab: the metadata is behind it.",
        ],
    ),
    (
        OracleSAML,
        [
            "Add a SAML application to the identity domain in the Oracle Cloud console.",
            "Enter the SP entity ID as the entity ID and the ACS URL as the assertion consumer URL.",
            "Activate the application, assign people, and download the identity provider metadata.",
        ],
    ),
    (
        PingFederateSAML,
        [
            "Create a browser SSO connection to a service provider in PingFederate.",
            "Import the metadata from the SP metadata URL, and fulfil the attributes e-mail address, first and last name.",
            "Activate the connection, and export the metadata of your server.",
        ],
    ),
    (
        PingOneSAML,
        [
            "Add an application of the type SAML in the PingOne console.",
            "Import the SP metadata URL, or enter the ACS URL and the SP entity ID by hand.",
            "Turn the application on, and copy the identity provider metadata URL from its configuration.",
        ],
    ),
    (
        RipplingSAML,
        [
            "Create a custom app with single sign-on in Rippling’s IT management.",
            "Enter the ACS URL and the SP entity ID in the settings of SSO.",
            "Download the identity provider metadata that Rippling shows.",
        ],
    ),
    (
        SalesforceSAML,
        [
            "Turn on the identity provider in Salesforce’s setup, and create a connected app with SAML.",
            "Enter the SP entity ID as the entity ID and the ACS URL, and allow it for a profile.",
            "Copy the metadata discovery endpoint from the app’s SAML login information.",
        ],
    ),
    (
        ShibbolethGenericSAML,
        [
            "Add a metadata provider to your Shibboleth identity provider’s metadata-providers.xml.",
            "Let it read the SP metadata URL, and release e-mail address, first and last name to the SP entity ID.",
            "Restart the identity provider. Its metadata is at /idp/shibboleth on its host.",
        ],
    ),
    (
        ShibbolethSAML,
        [
            "Add a metadata provider to your Shibboleth identity provider’s metadata-providers.xml.",
            "Let it read the SP metadata URL, and allow unsolicited responses to the SP entity ID.",
            "Restart the identity provider. Its metadata is at /idp/shibboleth on its host.",
        ],
    ),
    (
        SimpleSamlPhpSAML,
        [
            "Open the metadata converter of SimpleSAMLphp and paste what is at the SP metadata URL.",
            "Put the result into metadata/saml20-sp-remote.php, and send e-mail address, first and last name.",
            "Copy the address of the SAML 2.0 IdP metadata from the federation page.",
        ],
    ),
    (
        VMwareSAML,
        [
            "Add a SaaS application of the type SAML 2.0 in Workspace ONE Access.",
            "Use the SP metadata URL as its configuration, and map e-mail address, first and last name.",
            "Copy the identity provider metadata from the settings of SAML metadata.",
        ],
    ),
];
