//! The providers of directories: what a person calls them, how they are reached, and what to do there.

use crate::domain::directory::DirectoryType;
use crate::domain::form::Choice;

/// A provider of directories.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) kind: DirectoryType,
    /// What a person calls it.
    pub(super) name: &'static str,
    /// What its icon is filed under, if it has one.
    icon: Option<&'static str>,
    pub(super) way: Way,
    /// What to do at the provider, one thing after the other.
    pub(super) guide: &'static [&'static str],
}

/// How a provider is reached, or reaches us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It sends what changes, to an endpoint of ours and with a token of ours.
    Scim,
    /// A key of its API.
    ApiKey,
    /// A key of its API, and the customer's subdomain.
    ApiKeyAndSubdomain,
    /// A service user with a token.
    ServiceUser,
    /// A client of its API.
    Client,
    /// An account of a customer that the provider knows by an id.
    Account,
    /// An administrator consents.
    Consent,
    /// Two reports, and an account that may read them.
    Reports,
    /// It uploads files, and shows that it may by a key of its own.
    Files,
}

const fn provider(
    kind: DirectoryType,
    name: &'static str,
    icon: Option<&'static str>,
    way: Way,
    guide: &'static [&'static str],
) -> Provider {
    Provider {
        kind,
        name,
        icon,
        way,
        guide,
    }
}

/// The providers to choose from, by name. Names and icons are those of `WorkOS`'s integration guides; `s3` has none.
pub(super) const PROVIDERS: &[Provider] = &[
    provider(
        DirectoryType::PeopleHr,
        "Access People HR",
        Some("access-people-hr"),
        Way::ApiKey,
        &[
            "In Access People HR, open Settings and then API.",
            "Add a key for the application “Employee” that may read all details of employees.",
            "Enter the key below.",
        ],
    ),
    provider(
        DirectoryType::BambooHr,
        "BambooHR",
        Some("bamboo-hr"),
        Way::ApiKeyAndSubdomain,
        &[
            "In BambooHR, open the menu under your name and choose API Keys.",
            "Add a key and give it a name that tells what it is for.",
            "Enter the key, and the part of your BambooHR address before “.bamboohr.com”.",
        ],
    ),
    provider(
        DirectoryType::BreatheHr,
        "Breathe HR",
        Some("breathe-hr"),
        Way::ApiKey,
        &[
            "In Breathe HR, open Settings, then Integrations and API setup.",
            "Switch the API on and copy the production key.",
            "Enter the key below.",
        ],
    ),
    provider(
        DirectoryType::CezanneHr,
        "Cezanne HR",
        Some("cezanne-hr"),
        Way::Client,
        &[
            "Ask the support of Cezanne HR for an API application.",
            "Enter the client ID and the client secret that they send you.",
        ],
    ),
    provider(
        DirectoryType::CyberArkScim,
        "CyberArk SCIM",
        Some("cyberark"),
        Way::Scim,
        &[
            "In the CyberArk Admin Portal, open the web app and go to Provisioning.",
            "Enable provisioning and choose a bearer token for the authorization.",
            "Enter the endpoint and the token below, and verify them.",
        ],
    ),
    provider(
        DirectoryType::AzureScim,
        "Entra ID SCIM (formerly Azure AD)",
        Some("azure"),
        Way::Scim,
        &[
            "In the Entra admin center, open the enterprise application and go to Provisioning.",
            "Set the provisioning mode to Automatic.",
            "Enter the endpoint as the tenant URL and the token as the secret token, and test the connection.",
        ],
    ),
    provider(
        DirectoryType::FourthHr,
        "Fourth",
        Some("fourth"),
        Way::Account,
        &[
            "Find the ID of your organization at Fourth.",
            "Make an account that may read employees.",
            "Enter the ID and the account below.",
        ],
    ),
    provider(
        DirectoryType::GoogleWorkspace,
        "Google Workspace",
        Some("google-cloud"),
        Way::Consent,
        &[
            "Have an administrator of your Google Workspace at hand.",
            "Enter the administrator’s address, and consent to reading users and groups.",
        ],
    ),
    provider(
        DirectoryType::Hibob,
        "HiBob",
        Some("hibob"),
        Way::ServiceUser,
        &[
            "In HiBob, open Settings, then Integrations and Service Users.",
            "Add a service user and let it read the data of people.",
            "Enter the ID and the token of the service user.",
        ],
    ),
    provider(
        DirectoryType::JumpCloudScim,
        "JumpCloud SCIM",
        Some("jumpcloud"),
        Way::Scim,
        &[
            "In the JumpCloud Admin Portal, open the application and go to Identity Management.",
            "Choose SCIM 2.0, and enter the endpoint as the base URL and the token as the token key.",
            "Test the connection and activate it.",
        ],
    ),
    provider(
        DirectoryType::OktaScim,
        "Okta SCIM",
        Some("okta"),
        Way::Scim,
        &[
            "In the Okta Admin Console, open the app and go to Provisioning.",
            "Choose the HTTP header for the authentication, and enter the endpoint as the base URL and the token as the bearer token.",
            "Test the credentials, and switch on that users are created, updated and deactivated.",
            "Assign people and push groups.",
        ],
    ),
    provider(
        DirectoryType::OneLoginScim,
        "OneLogin SCIM",
        Some("onelogin"),
        Way::Scim,
        &[
            "In OneLogin, open the application and go to Configuration.",
            "Enter the endpoint as the SCIM base URL and the token as the SCIM bearer token.",
            "Enable the API connection, and enable provisioning.",
        ],
    ),
    provider(
        DirectoryType::Personio,
        "Personio",
        Some("personio"),
        Way::Client,
        &[
            "In Personio, open Settings, then Integrations and API credentials.",
            "Generate credentials that may read employees.",
            "Enter the client ID and the client secret.",
        ],
    ),
    provider(
        DirectoryType::PingFederateScim,
        "PingFederate SCIM",
        Some("ping-identity"),
        Way::Scim,
        &[
            "In PingFederate, open the SP connection and go to Outbound Provisioning.",
            "Enter the endpoint as the SCIM URL, and the token as the access token.",
            "Choose what is provisioned, and activate the channel.",
        ],
    ),
    provider(
        DirectoryType::RipplingScim,
        "Rippling SCIM",
        Some("rippling"),
        Way::Scim,
        &[
            "In Rippling, open the app and go to Settings.",
            "Enter the endpoint as the SCIM base URL and the token as the bearer token.",
            "Choose who is provisioned.",
        ],
    ),
    provider(
        DirectoryType::SailPointScim,
        "SailPoint SCIM",
        Some("sailpoint"),
        Way::Scim,
        &[
            "In SailPoint, add a SCIM 2.0 source.",
            "Enter the endpoint as the host URL and the token as the API token.",
            "Test the connection, and add the source to a provisioning policy.",
        ],
    ),
    provider(
        DirectoryType::GenericScim,
        "SCIM",
        None,
        Way::Scim,
        &[
            "Open the settings for provisioning at your identity provider.",
            "Enter the endpoint as the SCIM 2.0 base URL and the token as the bearer token.",
            "Switch provisioning on for the people and groups that are to come.",
        ],
    ),
    provider(
        DirectoryType::Sftp,
        "SFTP",
        None,
        Way::Files,
        &[
            "Make a pair of SSH keys where the files come from.",
            "Enter the public key below. The private key stays with you.",
            "Upload a file of users and a file of groups to the host below, again and again.",
        ],
    ),
    provider(
        DirectoryType::Workday,
        "Workday",
        Some("workday"),
        Way::Reports,
        &[
            "In Workday, make an integration system user who may read the reports.",
            "Make a custom report of workers and one of groups, and enable both as web services.",
            "Copy the JSON address of each report, and enter both with the account of the integration system user.",
        ],
    ),
    provider(
        DirectoryType::SftpWorkday,
        "Workday (SFTP)",
        Some("workday"),
        Way::Files,
        &[
            "In Workday, make an integration that writes users and groups to files.",
            "Let it sign in with an SSH key, and enter the public key below.",
            "Have it upload the files to the host below on a schedule.",
        ],
    ),
];

/// The provider of a type of directory; there is none for `s3`, which has no guide.
pub(super) fn of(kind: DirectoryType) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|one| one.kind == kind)
}

/// The provider with this name in the API.
pub(super) fn parse(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|one| one.kind.as_str() == name)
}

/// What a person calls the provider of a type of directory.
pub(super) fn name(kind: DirectoryType) -> &'static str {
    of(kind).map_or("S3", |provider| provider.name)
}

/// The providers to choose from.
pub(super) fn choices() -> Vec<Choice> {
    let choice = |provider: &Provider| {
        let choice = Choice::new(provider.kind.as_str(), provider.name);
        match provider.icon {
            Some(icon) => choice.icon(icon),
            None => choice,
        }
    };
    PROVIDERS.iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_but_one_is_a_provider_once_and_in_the_order_of_names() {
        for kind in DirectoryType::ALL {
            let found = PROVIDERS.iter().filter(|one| one.kind == kind).count();
            assert_eq!(found, usize::from(kind != DirectoryType::S3), "{kind:?}");
        }
        assert!(PROVIDERS.is_sorted_by_key(|one| one.name.to_lowercase()));
    }

    #[test]
    fn a_provider_sends_by_scim_if_its_type_says_so() {
        for provider in PROVIDERS {
            assert_eq!(provider.way == Way::Scim, provider.kind.is_scim());
            assert!(!provider.guide.is_empty());
        }
    }
}
