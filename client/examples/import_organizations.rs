//! The app's customers become organizations, found by the app's own numbers: as often as it runs, each is there once.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example import_organizations
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::{Client, Nullable};

/// A row of the app's table.
pub(crate) struct Customer {
    pub(crate) number: &'static str,
    pub(crate) name: &'static str,
    pub(crate) plan: &'static str,
}

/// What the numbers of this app begin with, so that it leaves others alone.
const OURS: &str = "example-";

pub(crate) const CUSTOMERS: [Customer; 2] = [
    Customer {
        number: "example-1",
        name: "Northwind Traders",
        plan: "enterprise",
    },
    Customer {
        number: "example-2",
        name: "Fabrikam",
        plan: "team",
    },
];

pub(crate) async fn run(
    client: &Client,
    customers: &[Customer],
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    for customer in customers {
        let what = import(client, customer).await?;
        writeln!(out, "{} {}: {what}", customer.number, customer.name)?;
    }

    // Who is no customer any more loses the number, and may have it again one day.
    let mut organizations = client.list_organizations().stream();
    while let Some(organization) = organizations.next().await {
        let organization = organization?;
        let gone = |number: &&String| {
            number.starts_with(OURS) && customers.iter().all(|customer| customer.number != **number)
        };
        if let Some(number) = organization.external_id.as_ref().filter(gone) {
            client
                .update_organization()
                .id(&organization.id)
                .body_map(|body| body.external_id(Nullable::Null))
                .send()
                .await?;
            writeln!(out, "{number} {}: number freed", organization.name)?;
        }
    }
    Ok(())
}

async fn import(
    client: &Client,
    customer: &Customer,
) -> Result<&'static str, workos_portal::Error> {
    let metadata = BTreeMap::from([("plan".to_owned(), customer.plan.to_owned())]);
    let known = client
        .get_organization_by_external_id()
        .external_id(customer.number)
        .send()
        .await;
    match known {
        Ok(known) if known.name == customer.name && known.metadata == metadata => Ok("as it was"),
        Ok(known) => {
            client
                .update_organization()
                .id(&known.id)
                .body_map(|body| body.name(customer.name).metadata(Nullable::Value(metadata)))
                .send()
                .await?;
            Ok("updated")
        }
        Err(workos_portal::Error::NotFound(_)) => {
            client
                .create_organization()
                .body_map(|body| {
                    body.name(customer.name)
                        .external_id(customer.number)
                        .metadata(metadata)
                })
                .send()
                .await?;
            Ok("created")
        }
        Err(error) => Err(error),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&Client::from_env()?, &CUSTOMERS, &mut io::stdout()).await
}
