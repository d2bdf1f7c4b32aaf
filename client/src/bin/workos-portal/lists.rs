//! `organizations` and `providers`.

use std::io::{self, Write as _};

use workos_portal::types::Organization;

use crate::Failure;
use crate::api::Api;
use crate::explain::explain;
use crate::output::Output;

/// The most that the API gives on a page.
const PAGE: u32 = 100;

/// Lists organizations.
#[derive(Debug, clap::Args)]
pub(crate) struct Organizations {
    /// Those whose name or domain has this in it.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// At most so many, the newest first.
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
}

impl Organizations {
    pub(crate) async fn run(&self, api: &Api, out: &mut Output) -> Result<(), Failure> {
        let client = api.client()?;
        let mut call = client.list_organizations().limit(self.limit.min(PAGE));
        if let Some(text) = &self.search {
            call = call.search(text);
        }
        let mut stream = call.stream();
        let mut organizations: Vec<Organization> = Vec::new();
        let mut more = false;
        while let Some(organization) = stream.next().await {
            let organization =
                organization.map_err(|error| Failure::Told(explain(&error, api.base_url())))?;
            if organizations.len() as u64 == u64::from(self.limit) {
                more = true;
                break;
            }
            organizations.push(organization);
        }
        Self::print(out, &organizations)?;
        if more {
            // On standard error: what a program reads is the list alone.
            let _ = writeln!(
                io::stderr(),
                "There are more than these {}: a higher --limit shows them, --search finds some.",
                self.limit
            );
        }
        Ok(())
    }

    fn print(out: &mut Output, organizations: &[Organization]) -> io::Result<()> {
        if out.json {
            return out.json(&organizations);
        }
        let rows: Vec<[String; 3]> = organizations
            .iter()
            .map(|organization| {
                let domains = organization.domains.iter();
                let domains: Vec<&str> = domains.map(|domain| domain.domain.as_str()).collect();
                [
                    organization.id.to_string(),
                    organization.name.clone(),
                    domains.join(", "),
                ]
            })
            .collect();
        if rows.is_empty() && out.terminal {
            return out.line("There are no organizations.");
        }
        out.table(["ID", "NAME", "DOMAINS"], &rows)
    }
}

/// Lists the portal's identity providers.
pub(crate) async fn providers(api: &Api, out: &mut Output) -> Result<(), Failure> {
    let answer = api.client()?.list_portal_providers().send().await;
    let providers = answer
        .map_err(|error| Failure::Told(explain(&error, api.base_url())))?
        .into_inner();
    if out.json {
        return Ok(out.json(&providers)?);
    }
    let rows: Vec<[String; 2]> = providers
        .iter()
        .map(|provider| [provider.provider.to_string(), provider.name.clone()])
        .collect();
    Ok(out.table(["PROVIDER", "NAME"], &rows)?)
}
