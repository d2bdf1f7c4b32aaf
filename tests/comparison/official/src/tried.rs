//! Does one thing, named by the argument, and prints what came of it.

use std::env::var;
use std::error::Error;
use std::time::Instant;

use futures_util::TryStreamExt;
use workos::admin_portal::GenerateLinkParams;
use workos::organizations::{ListOrganizationsParams, UpdateOrganizationParams};
use workos::{Client, GenerateLink, GenerateLinkIntent, PortalLinkResponse, UpdateOrganization};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().ok_or("what?")?;
    let builder = Client::builder().api_key(var("WORKOS_API_KEY")?);
    let client = builder.base_url(var("WORKOS_BASE_URL")?).try_build()?;
    match try_out(&client, &what, arguments.next()).await {
        Ok(said) => println!("{said}"),
        Err(error) => println!("error: {error}"),
    }
    Ok(())
}

async fn try_out(
    client: &Client,
    what: &str,
    calls: Option<String>,
) -> Result<String, Box<dyn Error>> {
    Ok(match what {
        "clear" => {
            // `None` is the nearest to nothing that the type has.
            #[expect(deprecated, reason = "there is no other way to make the body")]
            let body = UpdateOrganization {
                name: None,
                allow_profiles_outside_organization: None,
                domains: None,
                domain_data: None,
                stripe_customer_id: None,
                metadata: None,
                external_id: None,
            };
            let params = UpdateOrganizationParams::new(body);
            client
                .organizations()
                .update_organization("org_1", params)
                .await?
                .id
        }
        "get" => client.organizations().get_organization("org_1").await?.name,
        "dots" => client.organizations().get_organization("..").await?.name,
        "link" => link(client, GenerateLinkIntent::SSO)
            .await?
            .link
            .expose()
            .len()
            .to_string(),
        "banana" => link(client, "banana".into())
            .await?
            .link
            .expose()
            .len()
            .to_string(),
        "debug" => format!("{:?}", link(client, GenerateLinkIntent::SSO).await?),
        "list" => {
            let organizations = client.organizations();
            let all =
                organizations.list_organizations_auto_paging(ListOrganizationsParams::default());
            all.try_collect::<Vec<_>>().await?.len().to_string()
        }
        "time" => {
            let calls: u32 = calls.ok_or("how many?")?.parse()?;
            let begun = Instant::now();
            let mut made = 0;
            for _ in 0..calls {
                made += usize::from(
                    !link(client, GenerateLinkIntent::SSO)
                        .await?
                        .link
                        .expose()
                        .is_empty(),
                );
            }
            format!("{} {made}", begun.elapsed().as_nanos())
        }
        _ => return Err("not known".into()),
    })
}

async fn link(
    client: &Client,
    intent: GenerateLinkIntent,
) -> Result<PortalLinkResponse, workos::Error> {
    let body = GenerateLink {
        return_url: None,
        success_url: None,
        organization: "org_test_idp".to_owned(),
        external_user_id: None,
        intent: Some(intent),
        it_contact_emails: None,
    };
    client
        .admin_portal()
        .generate_link(GenerateLinkParams::new(body))
        .await
}
