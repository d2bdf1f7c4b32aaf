//! When a new version of the app goes live, its webhook endpoint becomes what that version wants: made, changed or left
//! alone, and what earlier versions had is removed.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example webhook_endpoints
//! ```
//!
//! The endpoint is one of an app at `http://localhost:3000`; `-- https://app.example.com` names another. The example
//! `axum_app` has the handler.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::Client;
use workos_portal::types::{WebhookEndpoint, WebhookEndpointStatus, WebhookEventType};
use workos_portal::webhook::Verifier;

/// Where this version takes webhooks, and where earlier ones did.
const PATH: &str = "/webhooks/workos";
const EARLIER: [&str; 1] = ["/hooks"];

const EVENTS: [WebhookEventType; 5] = [
    WebhookEventType::ConnectionActivated,
    WebhookEventType::ConnectionDeactivated,
    WebhookEventType::ConnectionDeleted,
    WebhookEventType::DsyncActivated,
    WebhookEventType::DsyncDeleted,
];

/// Returns what the app verifies its webhooks with.
pub(crate) async fn run(
    client: &Client,
    origin: &str,
    out: &mut impl Write,
) -> Result<Verifier, Box<dyn Error>> {
    let url = format!("{origin}{PATH}");
    let endpoints = client.list_webhook_endpoints().stream().all().await?;
    let known = endpoints.iter().find(|known| known.endpoint_url == url);
    // An endpoint keeps its secret; it is in no log and in no repository.
    let secret = match known {
        None => {
            let made = client
                .create_webhook_endpoint()
                .body_map(|body| body.endpoint_url(&url).events(EVENTS.to_vec()))
                .send()
                .await?;
            writeln!(out, "{url}: made")?;
            made.secret.clone()
        }
        Some(known) if is_as_wanted(known) => {
            writeln!(out, "{url}: as it was")?;
            known.secret.clone()
        }
        Some(known) => {
            client
                .update_webhook_endpoint()
                .id(&known.id)
                .body_map(|body| {
                    body.events(EVENTS.to_vec())
                        .status(WebhookEndpointStatus::Enabled)
                })
                .send()
                .await?;
            writeln!(out, "{url}: changed")?;
            known.secret.clone()
        }
    };

    let earlier = EARLIER.map(|path| format!("{origin}{path}"));
    for old in endpoints {
        if earlier.contains(&old.endpoint_url) {
            client.delete_webhook_endpoint().id(&old.id).send().await?;
            writeln!(out, "{}: removed", old.endpoint_url)?;
        }
    }
    Ok(Verifier::new(secret)?)
}

fn is_as_wanted(endpoint: &WebhookEndpoint) -> bool {
    let known: BTreeSet<&str> = endpoint.events.iter().map(String::as_str).collect();
    let wanted: BTreeSet<&str> = EVENTS.iter().map(WebhookEventType::as_str).collect();
    known == wanted && endpoint.status == WebhookEndpointStatus::Enabled
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let origin = env::args().nth(1);
    let origin = origin.as_deref().unwrap_or("http://localhost:3000");
    // An app hands it to its router, as `axum_app` does.
    let _verifier = run(&Client::from_env()?, origin, &mut io::stdout()).await?;
    Ok(())
}
