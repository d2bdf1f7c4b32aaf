//! Makes a portal link.

use std::error::Error;

use workos_portal::Client;
use workos_portal::types::PortalIntent;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let link = client
        .generate_portal_link()
        .body_map(|body| body.organization("org_test_idp").intent(PortalIntent::Sso))
        .send()
        .await?;
    println!("{}", link.link.expose());
    Ok(())
}
