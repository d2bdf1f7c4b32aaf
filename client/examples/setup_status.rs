//! A settings page: how far a customer's setup is, and whether single sign-on is live.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example setup_status
//! ```
//!
//! It is about the organization that the mock starts with; `-- org_01…` names another. Run it again after these, which make
//! a link and do what an administrator would do behind it, and after the same with `dsync`:
//!
//! ```sh
//! cargo run -p workos-portal --example portal_links -- org_test_idp sso
//! curl http://127.0.0.1:4100/_mock/portal_links/complete \
//!   -H 'Content-Type: application/json' -d '{"organization": "org_test_idp", "intent": "sso"}'
//! ```

use std::env;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::Client;
use workos_portal::types::{ConnectionState, DirectoryState, OrganizationDomainState};

pub(crate) async fn run(
    client: &Client,
    organization: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let customer = match client.get_organization().id(organization).send().await {
        Ok(customer) => customer,
        Err(error) if error.is_organization_not_found() => {
            writeln!(out, "{organization} is no customer")?;
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    writeln!(out, "{}", customer.name)?;

    for domain in &customer.domains {
        let state = match &domain.state {
            Some(OrganizationDomainState::Verified | OrganizationDomainState::LegacyVerified) => {
                "verified"
            }
            Some(OrganizationDomainState::Failed) => "could not be verified",
            _ => "not verified yet",
        };
        writeln!(out, "  domain {}: {state}", domain.domain)?;
    }

    let connections = client.list_connections().organization_id(&customer.id);
    let connections = connections.stream().all().await?;
    if connections.is_empty() {
        writeln!(out, "  single sign-on: not set up")?;
    }
    for connection in connections {
        let state = match &connection.state {
            ConnectionState::Active => "live",
            ConnectionState::Validating => "waits for the first sign-in",
            ConnectionState::RequiresType | ConnectionState::Draft => "begun",
            // Switched off, being deleted, or something that this version of the client does not know.
            _ => "off",
        };
        let kind = connection.connection_type;
        writeln!(out, "  single sign-on with {kind}: {state}")?;
    }

    let directories = client.list_directories().organization_id(&customer.id);
    let directories = directories.stream().all().await?;
    if directories.is_empty() {
        writeln!(out, "  directory sync: not set up")?;
    }
    for directory in directories {
        let state = match &directory.state {
            DirectoryState::Linked | DirectoryState::Active => "live",
            DirectoryState::Validating => "begun",
            DirectoryState::InvalidCredentials => "stands still: the credentials are wrong",
            _ => "off",
        };
        writeln!(out, "  directory sync with {}: {state}", directory.type_)?;
    }

    let logs = client.get_audit_log_configuration().id(&customer.id);
    let logs = logs.send().await?;
    let days = logs.retention_period_in_days;
    match &logs.log_stream {
        Some(stream) => {
            let (kind, state) = (&stream.type_, &stream.state);
            writeln!(out, "  audit log: {days} days, to {kind} ({state})")?;
        }
        None => writeln!(out, "  audit log: {days} days")?,
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let organization = env::args().nth(1);
    let organization = organization.as_deref().unwrap_or("org_test_idp");
    run(&Client::from_env()?, organization, &mut io::stdout()).await
}
