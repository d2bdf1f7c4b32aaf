//! The certificates on the app's side of a SAML connection are made anew before they end: the one that requests are signed
//! with, and those that answers are encrypted for. The customer enters the new ones at the identity provider.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! export WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100
//! cargo run -p workos-portal --example take_over_connection
//! cargo run -p workos-portal --example renew_own_certificates
//! ```
//!
//! The first makes a connection. Certificates that end within 30 days are made anew, or within so many: `-- 10000`.

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use workos_portal::types::Connection;
use workos_portal::{Client, ConnectionId};

/// Makes anew what ends before `horizon`, of the connections whose ids the app has kept.
pub(crate) async fn run(
    client: &Client,
    connections: &[ConnectionId],
    horizon: DateTime<Utc>,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    for id in connections {
        match client.get_connection().id(id).send().await {
            Ok(connection) if is_saml(&connection) => {
                writeln!(out, "{} ({id})", connection.name)?;
                signing(client, id, horizon, out).await?;
                encryption(client, id, horizon, out).await?;
            }
            Ok(connection) => writeln!(out, "{} ({id}) is not SAML", connection.name)?,
            Err(workos_portal::Error::NotFound(_)) => writeln!(out, "{id} is gone")?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn is_saml(connection: &Connection) -> bool {
    connection.connection_type.as_str().ends_with("SAML")
}

/// There is one at most, so the old one goes before the new one comes.
async fn signing(
    client: &Client,
    connection: &ConnectionId,
    horizon: DateTime<Utc>,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let known = client.get_saml_sp_signing_certificate().id(connection);
    match known.send().await {
        Ok(known) if known.not_after.is_none_or(|end| end >= horizon) => {
            writeln!(out, "  signing: good {}", until(known.not_after))?;
            return Ok(());
        }
        Ok(known) => {
            client
                .delete_saml_sp_signing_certificate()
                .id(connection)
                .certificate_id(known.id.as_str())
                .send()
                .await?;
        }
        // This app signs all its requests, so it was interrupted here.
        Err(workos_portal::Error::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let made = client.create_saml_sp_signing_certificate().id(connection);
    let made = made.send().await?;
    writeln!(out, "  signing: new, good {}", until(made.not_after))?;
    Ok(())
}

/// There may be several, so the new one comes before the old one goes.
async fn encryption(
    client: &Client,
    connection: &ConnectionId,
    horizon: DateTime<Utc>,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let known = client.list_saml_sp_encryption_certificates().id(connection);
    for certificate in &known.send().await?.data {
        if certificate.not_after.is_none_or(|end| end >= horizon) {
            writeln!(out, "  encryption: good {}", until(certificate.not_after))?;
            continue;
        }
        let made = client
            .create_saml_sp_encryption_certificate()
            .id(connection);
        let made = made.send().await?;
        client
            .delete_saml_sp_encryption_certificate()
            .id(connection)
            .certificate_id(certificate.id.as_str())
            .send()
            .await?;
        writeln!(out, "  encryption: new, good {}", until(made.not_after))?;
    }
    Ok(())
}

fn until(end: Option<DateTime<Utc>>) -> String {
    end.map_or_else(
        || "for ever".to_owned(),
        |end| format!("until {}", end.date_naive()),
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program asks the system for the time"
)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let days = env::args().nth(1).map(|days| days.parse()).transpose()?;
    let horizon = TimeDelta::try_days(days.unwrap_or(30))
        .and_then(|days| DateTime::<Utc>::from(SystemTime::now()).checked_add_signed(days))
        .ok_or("too many days")?;
    let client = Client::from_env()?;
    let connections = client.list_connections().stream().all().await?;
    let ids: Vec<ConnectionId> = connections.into_iter().map(|c| c.id).collect();
    run(&client, &ids, horizon, &mut io::stdout()).await
}
