//! A customer claims a domain: the app shows the DNS record that proves it, and later how far that is.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example organization_domains
//! ```
//!
//! It is about the organization that the mock starts with and `acme.example`; `-- org_01… acme.test` names others, and
//! `-- org_01… acme.test release` gives the domain up. With the id that it prints, this lets the record be found, so that
//! the domain is verified when it runs again:
//!
//! ```sh
//! curl http://127.0.0.1:4100/_mock/organization_domains/org_domain_01… \
//!   -H 'Content-Type: application/json' -d '{"state": "verified"}'
//! ```

use std::env;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::types::{OrganizationDomain, OrganizationDomainState};
use workos_portal::{Client, OrganizationDomainId, codes};

/// Begins to prove it, or goes on.
pub(crate) async fn claim(
    client: &Client,
    organization: &str,
    domain: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let call = client
        .create_organization_domain()
        .body_map(|body| body.organization_id(organization).domain(domain));
    match call.send().await {
        Ok(claimed) => show(&claimed, out)?,
        Err(error) if error.has_code(codes::DOMAIN_ALREADY_EXISTS) => {
            let id = find(client, organization, domain).await?.ok_or(error)?;
            look(client, &id, out).await?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Says how far a domain is whose id the app has kept.
pub(crate) async fn look(
    client: &Client,
    id: &OrganizationDomainId,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let domain = client.get_organization_domain().id(id).send().await?;
    match &domain.state {
        Some(OrganizationDomainState::Verified | OrganizationDomainState::LegacyVerified) => {
            writeln!(out, "{} is verified", domain.domain)?;
        }
        // The record was not there for thirty days, or another customer has proved the domain to be theirs.
        Some(OrganizationDomainState::Failed) => {
            writeln!(out, "{} could not be verified; once more", domain.domain)?;
            let again = client.verify_organization_domain().id(id).send().await?;
            show(&again, out)?;
        }
        _ => show(&domain, out)?,
    }
    Ok(())
}

pub(crate) async fn release(
    client: &Client,
    organization: &str,
    domain: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    if let Some(id) = find(client, organization, domain).await? {
        client.delete_organization_domain().id(&id).send().await?;
    }
    writeln!(out, "{domain} is not this customer's")?;
    Ok(())
}

/// The record that the customer puts into the domain's DNS.
fn show(domain: &OrganizationDomain, out: &mut impl Write) -> io::Result<()> {
    let (id, name) = (&domain.id, &domain.domain);
    let token = domain.verification_token.as_deref().unwrap_or_default();
    writeln!(out, "{name} ({id}) is looked for with this record:")?;
    writeln!(out, "{name}. TXT \"verification_token={token}\"")
}

async fn find(
    client: &Client,
    organization: &str,
    domain: &str,
) -> Result<Option<OrganizationDomainId>, workos_portal::Error> {
    let organization = client.get_organization().id(organization).send().await?;
    let mut domains = organization.domains.iter();
    Ok(domains
        .find(|known| known.domain == domain)
        .map(|known| known.id.clone()))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let mut arguments = env::args().skip(1);
    let organization = arguments.next();
    let organization = organization.as_deref().unwrap_or("org_test_idp");
    let domain = arguments.next();
    let domain = domain.as_deref().unwrap_or("acme.example");
    match arguments.next().as_deref() {
        Some("release") => release(&client, organization, domain, &mut io::stdout()).await,
        _ => claim(&client, organization, domain, &mut io::stdout()).await,
    }
}
