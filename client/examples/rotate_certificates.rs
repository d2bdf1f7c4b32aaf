//! The certificate of a customer's identity provider is replaced, without an hour in which nobody can sign in: the new one
//! goes beside the old one first, and the old one goes when the identity provider has changed over.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! export WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100
//! cargo run -p workos-portal --example take_over_connection
//! cargo run -p workos-portal --example rotate_certificates
//! cargo run -p workos-portal --example rotate_certificates -- finish
//! ```
//!
//! The first makes a connection. This is about the first SAML connection that there is; `-- begin conn_01… new.pem` and
//! `-- finish conn_01… new.pem` name another, and another certificate.

use std::error::Error;
use std::io::{self, Write};
use std::{env, fs};

use workos_portal::types::SamlIdpSigningCertificate;
use workos_portal::{Client, ConnectionId, codes};

/// What the identity provider signs with from now on, as the customer has sent it.
pub(crate) const NEXT: &str = include_str!("certificates/idp-next.pem");

/// Accepts what the new certificate signs, too.
pub(crate) async fn begin(
    client: &Client,
    connection: &ConnectionId,
    new: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let certificates = client.list_saml_idp_signing_certificates().id(connection);
    let certificates = certificates.send().await?;
    if certificates.data.iter().any(|known| is(known, new)) {
        writeln!(out, "the new certificate is there already")?;
        return Ok(());
    }
    let call = client
        .create_saml_idp_signing_certificate()
        .id(connection)
        .body_map(|body| body.value(new));
    match call.send().await {
        Ok(added) => {
            let until = added.not_after.map(|until| until.date_naive().to_string());
            let until = until.as_deref().unwrap_or("an unknown day");
            writeln!(out, "beside the old one there is one until {until}")?;
            Ok(())
        }
        Err(error) if error.has_code(codes::INVALID_CERTIFICATE) => {
            Err("this is no certificate in PEM".into())
        }
        Err(error) if error.has_code(codes::CERTIFICATE_EXPIRED) => {
            Err("this certificate has expired".into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Accepts nothing but what the new certificate signs.
pub(crate) async fn finish(
    client: &Client,
    connection: &ConnectionId,
    new: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let certificates = client.list_saml_idp_signing_certificates().id(connection);
    let certificates = certificates.send().await?;
    let (kept, old): (Vec<_>, Vec<_>) = certificates.data.iter().partition(|known| is(known, new));
    if kept.is_empty() {
        return Err("the new certificate is not there yet".into());
    }
    for certificate in &old {
        client
            .delete_saml_idp_signing_certificate()
            .id(connection)
            .certificate_id(certificate.id.as_str())
            .send()
            .await?;
    }
    writeln!(out, "{} removed, the new one stays", old.len())?;
    Ok(())
}

/// Whether it is this one, wherever its lines end.
fn is(known: &SamlIdpSigningCertificate, pem: &str) -> bool {
    let one_line = |pem: &str| pem.split_whitespace().collect::<String>();
    one_line(&known.value) == one_line(pem)
}

/// The first SAML connection that there is.
async fn any(client: &Client) -> Result<ConnectionId, Box<dyn Error>> {
    let mut connections = client.list_connections().stream();
    while let Some(connection) = connections.next().await.transpose()? {
        if connection.connection_type.as_str().ends_with("SAML") {
            return Ok(connection.id);
        }
    }
    Err("there is no SAML connection; the example take_over_connection makes one".into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let mut arguments = env::args().skip(1);
    let what = arguments.next();
    let connection = match arguments.next() {
        Some(id) => id.parse()?,
        None => any(&client).await?,
    };
    let new = arguments.next().map(fs::read_to_string).transpose()?;
    let new = new.as_deref().unwrap_or(NEXT);
    match what.as_deref() {
        Some("finish") => finish(&client, &connection, new, &mut io::stdout()).await,
        _ => begin(&client, &connection, new, &mut io::stdout()).await,
    }
}
