//! A customer leaves: nobody signs in any more, no directory is synced any more, the organization goes.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! export WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100
//! cargo run -p workos-portal --example import_organizations
//! cargo run -p workos-portal --example offboard_customer
//! ```
//!
//! The first brings customers to say goodbye to. `-- NUMBER` names another than `example-2`.

use std::env;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::Client;

pub(crate) async fn run(
    client: &Client,
    number: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let customer = client.get_organization_by_external_id().external_id(number);
    let customer = match customer.send().await {
        Ok(customer) => customer,
        // It may have been run before, and have got this far.
        Err(workos_portal::Error::NotFound(_)) => {
            writeln!(out, "{number} is no customer, or not any more")?;
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };

    // The organization would take all of it along, but only when its turn comes; sign-in ends at once.
    let connections = client.list_connections().organization_id(&customer.id);
    for connection in connections.stream().all().await? {
        client.delete_connection().id(&connection.id).send().await?;
        writeln!(out, "nobody signs in through {} any more", connection.name)?;
    }
    let directories = client.list_directories().organization_id(&customer.id);
    for directory in directories.stream().all().await? {
        client.delete_directory().id(&directory.id).send().await?;
        writeln!(out, "{} is synced no more", directory.name)?;
    }

    client.delete_organization().id(&customer.id).send().await?;
    match client.get_organization().id(&customer.id).send().await {
        Ok(_) => writeln!(out, "{} will be gone in a while", customer.name)?,
        Err(error) if error.is_organization_not_found() => {
            writeln!(out, "{} is gone", customer.name)?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let number = env::args().nth(1);
    let number = number.as_deref().unwrap_or("example-2");
    run(&Client::from_env()?, number, &mut io::stdout()).await
}
