//! Does one thing, named by the argument, and prints what came of it.

use std::error::Error;
use std::time::Instant;

use workos_portal::types::PortalIntent;
use workos_portal::{Client, Nullable};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().ok_or("what?")?;
    let client = Client::from_env()?;
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
            let update = client.update_organization().id("org_1");
            let update = update.body_map(|body| body.external_id(Nullable::Null));
            update.send().await?.id.to_string()
        }
        "get" => client
            .get_organization()
            .id("org_1")
            .send()
            .await?
            .name
            .clone(),
        "dots" => client
            .get_organization()
            .id("..")
            .send()
            .await?
            .name
            .clone(),
        "link" => link(client, PortalIntent::Sso).await?.len().to_string(),
        "banana" => link(client, "banana".into()).await?.len().to_string(),
        "debug" => {
            let body = client.generate_portal_link();
            let body = body.body_map(|body| body.organization("org_1").intent(PortalIntent::Sso));
            format!("{:?}", body.send().await?)
        }
        "list" => client
            .list_organizations()
            .stream()
            .all()
            .await?
            .len()
            .to_string(),
        "time" => {
            let calls: u32 = calls.ok_or("how many?")?.parse()?;
            let begun = Instant::now();
            let mut made = 0;
            for _ in 0..calls {
                made += usize::from(!link(client, PortalIntent::Sso).await?.is_empty());
            }
            format!("{} {made}", begun.elapsed().as_nanos())
        }
        _ => return Err("not known".into()),
    })
}

async fn link(client: &Client, intent: PortalIntent) -> Result<String, workos_portal::Error> {
    let call = client.generate_portal_link();
    let call = call.body_map(|body| body.organization("org_test_idp").intent(intent));
    Ok(call.send().await?.link.expose().to_owned())
}
