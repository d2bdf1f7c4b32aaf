//! The values of an `OpenID` Connect provider.

use super::providers;
use crate::domain::Error;
use crate::domain::connection::Connection;
use crate::domain::connection_settings::{OidcSettings, Settings, TokenAuthentication};
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Field, Kind};
use crate::service::setup::{Fetched, Given, Page};

pub(super) fn page(connection: &Connection) -> Page {
    let name = providers::name(connection.connection_type);
    let mut page = Page::new(
        format!("What {name} says of itself"),
        "Copy these from the app that you have added there.",
        "Save and continue",
    );
    let present = settings(connection);
    let slug = providers::slug(connection.connection_type);
    let mut secret = Field::new("client_secret", "Client secret", Kind::Secret)
        .hint("Looked at and forgotten: nobody signs in at a real provider here.")
        .sample("sample-client-secret");
    if connection.state.is_set_up() || present.authentication == TokenAuthentication::PrivateKeyJwt
    {
        secret = secret
            .optional()
            .hint("Leave it empty to keep the one that is in use.");
        secret.sample.clear();
    }
    page.fields = vec![
        Field::new("client_id", "Client ID", Kind::Text)
            .current(present.client_id)
            .sample("sample-client-id"),
        secret,
        Field::new("discovery_endpoint", "Discovery endpoint", Kind::Url)
            .hint("Ends in /.well-known/openid-configuration. Read at once where it is on this machine or on a host that the server may dial; else taken as given.")
            .current(present.discovery_endpoint)
            .sample(format!("https://{slug}.example/.well-known/openid-configuration")),
    ];
    page
}

/// The settings that the answers make.
pub(super) fn read(connection: &Connection, given: &Given<'_>) -> Result<OidcSettings, Error> {
    let text = |name| given.answers.text(name).map(ToOwned::to_owned);
    let endpoint = text("discovery_endpoint").unwrap_or_default();
    let issuer = match given.fetched {
        Some(Fetched::Text(document)) => Some(issuer(document)?),
        Some(Fetched::Failed(why)) => {
            return Err(wrong(format!(
                "The discovery endpoint cannot be used: {why}."
            )));
        }
        None | Some(Fetched::NotDialled) if endpoint.starts_with("https:") => None,
        None | Some(Fetched::NotDialled) => {
            let message = "The discovery endpoint has to begin with https://, unless this server can read it.";
            return Err(wrong(message.to_owned()));
        }
    };
    Ok(OidcSettings {
        discovery_endpoint: Some(endpoint),
        issuer,
        client_id: text("client_id"),
        ..settings(connection)
    })
}

fn settings(connection: &Connection) -> OidcSettings {
    match &connection.settings {
        Settings::Oidc(settings) => OidcSettings::clone(settings),
        Settings::Saml(_) | Settings::None => OidcSettings::default(),
    }
}

/// The issuer that a discovery document names.
fn issuer(document: &str) -> Result<String, Error> {
    let document: serde_json::Value = serde_json::from_str(document)
        .map_err(|_| wrong("What stands at the discovery endpoint is not JSON.".to_owned()))?;
    let address = |name: &str| {
        let text = document.get(name).and_then(serde_json::Value::as_str);
        let url = text.and_then(|text| url::Url::parse(text).ok());
        let is_web = url.is_some_and(|url| matches!(url.scheme(), "http" | "https"));
        text.filter(|_| is_web).ok_or_else(|| {
            wrong(format!(
                "What stands at the discovery endpoint is no discovery document: its {name} is no address."
            ))
        })
    };
    address("authorization_endpoint")?;
    address("issuer").map(ToOwned::to_owned)
}

fn wrong(message: String) -> Error {
    Violation::new("discovery_endpoint", Rule::Value, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discovery_document_names_its_issuer_and_where_people_sign_in() {
        let good = r#"{"issuer":"https://idp.example","authorization_endpoint":"https://idp.example/a","x":1}"#;
        assert_eq!(issuer(good).unwrap(), "https://idp.example");
        for (text, part) in [
            ("<html>", "not JSON"),
            ("[]", "authorization_endpoint"),
            (
                r#"{"issuer":"https://idp.example"}"#,
                "authorization_endpoint",
            ),
            (r#"{"authorization_endpoint":"https://a.test"}"#, "issuer"),
            (
                r#"{"authorization_endpoint":"https://a.test","issuer":5}"#,
                "issuer",
            ),
            (
                r#"{"authorization_endpoint":"javascript:x","issuer":"https://a.test"}"#,
                "authorization_endpoint",
            ),
        ] {
            let Err(Error::Invalid(violations)) = issuer(text) else {
                panic!("{text}")
            };
            assert_eq!(violations[0].field, "discovery_endpoint");
            assert!(violations[0].message.contains(part), "{violations:?}");
        }
    }
}
