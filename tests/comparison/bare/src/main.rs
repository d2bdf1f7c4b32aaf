//! Makes portal links with reqwest alone, and says how long one takes.

use std::error::Error;
use std::time::Instant;

use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct GenerateLink<'a> {
    organization: &'a str,
    intent: &'a str,
}

#[derive(Deserialize)]
struct PortalLink {
    link: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let calls: u32 = std::env::args().nth(1).ok_or("how many?")?.parse()?;
    let key = std::env::var("WORKOS_API_KEY")?;
    let url = format!("{}/portal/generate_link", std::env::var("WORKOS_BASE_URL")?);
    let client = reqwest::Client::new();
    let begun = Instant::now();
    let mut made = 0;
    for _ in 0..calls {
        let body = GenerateLink {
            organization: "org_test_idp",
            intent: "sso",
        };
        let call = client.post(&url).bearer_auth(&key).json(&body);
        let answer = call.send().await?.error_for_status()?;
        made += usize::from(!answer.json::<PortalLink>().await?.link.is_empty());
    }
    println!("{} {made}", begun.elapsed().as_nanos());
    Ok(())
}
