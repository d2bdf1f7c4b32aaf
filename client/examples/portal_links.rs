//! A support desk makes a portal link for a customer's administrator, and takes it back.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example portal_links
//! ```
//!
//! It is for the organization that the mock starts with, and for single sign-on; `-- org_01… dsync` names another
//! organization and another part of the portal, and `-- org_01… revoke` takes back what was made.

use std::env;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::Client;
use workos_portal::types::PortalIntent;

/// The administrator, as the app knows her. Links made for her can be taken back by this.
const ADMIN: &str = "user_ada";

pub(crate) async fn make(
    client: &Client,
    organization: &str,
    intent: PortalIntent,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let providers = client.list_portal_providers().send().await?;
    let names: Vec<&str> = providers.iter().map(|p| p.name.as_str()).take(3).collect();
    writeln!(
        out,
        "to choose from: {} and {} more",
        names.join(", "),
        providers.len().saturating_sub(names.len())
    )?;

    let call = client.generate_portal_link().body_map(|body| {
        body.organization(organization)
            .intent(intent)
            .external_user_id(ADMIN)
            .return_url("http://localhost:3000/settings")
    });
    match call.send().await {
        // Whoever has it first can change how everybody signs in, so it goes to the administrator alone.
        Ok(made) => writeln!(out, "good for five minutes: {}", made.link.expose())?,
        Err(error) if error.is_organization_not_found() => {
            writeln!(out, "{organization} is no customer")?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// For an administrator who has left, or a link that went to the wrong person. Setups that are under way end too.
pub(crate) async fn take_back(
    client: &Client,
    organization: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    client
        .revoke_portal_link()
        .body_map(|body| body.organization(organization).external_user_id(ADMIN))
        .send()
        .await?;
    writeln!(out, "no link that was made for {ADMIN} opens any more")?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let mut arguments = env::args().skip(1);
    let organization = arguments.next();
    let organization = organization.as_deref().unwrap_or("org_test_idp");
    match arguments.next().as_deref() {
        Some("revoke") => take_back(&client, organization, &mut io::stdout()).await,
        // A text that is no intent comes as far as the client, which refuses to send it.
        intent => {
            let intent = intent.map_or(PortalIntent::Sso, PortalIntent::from);
            make(&client, organization, intent, &mut io::stdout()).await
        }
    }
}
