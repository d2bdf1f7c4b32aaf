//! A customer signed in with SAML before the app came to WorkOS: the connection is taken over with the values that the app
//! has, so that nobody sets anything up again. When they change, it runs again.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example take_over_connection
//! ```
//!
//! It is about the organization that the mock starts with; `-- org_01…` names another.

use std::env;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::types::{
    Connection, ConnectionState, ConnectionType, CreateConnectionSamlOptions,
    UpdateConnectionSamlOptions,
};
use workos_portal::{Client, ConnectionId, StatusCode, codes};

/// A row of the app's own table of connections.
pub(crate) struct Legacy {
    /// The app's number for it, by which WorkOS knows it again.
    pub(crate) number: &'static str,
    pub(crate) name: &'static str,
    pub(crate) idp_entity_id: &'static str,
    pub(crate) idp_sso_url: &'static str,
    /// PEM.
    pub(crate) idp_certificate: &'static str,
}

pub(crate) const ACME: Legacy = Legacy {
    number: "saml-1",
    name: "Acme's Okta",
    idp_entity_id: "http://www.okta.com/exk1",
    idp_sso_url: "https://acme.okta.example/sso/saml",
    idp_certificate: include_str!("certificates/idp.pem"),
};

pub(crate) async fn run(
    client: &Client,
    organization: &str,
    legacy: &Legacy,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let options = CreateConnectionSamlOptions::builder()
        .idp_entity_id(legacy.idp_entity_id)
        .idp_sso_url(legacy.idp_sso_url)
        .idp_signing_certs([legacy.idp_certificate]);
    let call = client.create_connection().body_map(|body| {
        body.organization_id(organization)
            .connection_type(ConnectionType::OktaSAML)
            .name(legacy.name)
            .external_id(legacy.number)
            .saml_options(options)
    });
    let connection = match call.send().await {
        // With a number that is there already, WorkOS answers with the connection as it is.
        Ok(known) if known.status() == StatusCode::OK => {
            writeln!(out, "{} was there already", legacy.number)?;
            update(client, &known.id, legacy).await?
        }
        Ok(made) => made.into_inner(),
        Err(error) if error.has_code(codes::EXTERNAL_ID_ALREADY_IN_USE) => {
            return Err(format!("{} is of another type by now", legacy.number).into());
        }
        Err(error) => return Err(error.into()),
    };
    let (name, id) = (&connection.name, &connection.id);
    match connection.state {
        ConnectionState::Active => writeln!(out, "{name} ({id}) is live")?,
        ConnectionState::Validating => {
            writeln!(out, "{name} ({id}) goes live with the first sign-in")?;
        }
        other => writeln!(out, "{name} ({id}) is {other}")?,
    }
    Ok(())
}

/// What is not given stays as it is. Certificates have calls of their own: see the example `rotate_certificates`.
async fn update(
    client: &Client,
    connection: &ConnectionId,
    legacy: &Legacy,
) -> Result<Connection, workos_portal::Error> {
    let options = UpdateConnectionSamlOptions::builder()
        .idp_entity_id(legacy.idp_entity_id)
        .idp_sso_url(legacy.idp_sso_url);
    let call = client
        .update_connection()
        .id(connection)
        .body_map(|body| body.saml_options(options));
    Ok(call.send().await?.into_inner())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let organization = env::args().nth(1);
    let organization = organization.as_deref().unwrap_or("org_test_idp");
    run(&Client::from_env()?, organization, &ACME, &mut io::stdout()).await
}
