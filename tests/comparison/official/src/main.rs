//! Makes a portal link.

use std::env::var;
use std::error::Error;

use workos::admin_portal::GenerateLinkParams;
use workos::{Client, GenerateLink, GenerateLinkIntent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Client::builder().api_key(var("WORKOS_API_KEY")?);
    if let Ok(url) = var("WORKOS_BASE_URL") {
        builder = builder.base_url(url);
    }
    let client = builder.try_build()?;
    let link = client
        .admin_portal()
        .generate_link(GenerateLinkParams::new(GenerateLink {
            return_url: None,
            success_url: None,
            organization: "org_test_idp".to_owned(),
            external_user_id: None,
            intent: Some(GenerateLinkIntent::SSO),
            it_contact_emails: None,
        }))
        .await?;
    println!("{}", link.link.expose());
    Ok(())
}
