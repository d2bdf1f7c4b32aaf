//! An admin page of the app: the directories of a customer, their groups, and page by page their people.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example directory_people
//! ```
//!
//! It is about the organization that the mock starts with; `-- org_01…` names another. For a directory, these make a link
//! and do what an administrator would do behind it:
//!
//! ```sh
//! cargo run -p workos-portal --example portal_links -- org_test_idp dsync
//! curl http://127.0.0.1:4100/_mock/portal_links/complete -H 'Content-Type: application/json' \
//!   -d '{"organization": "org_test_idp", "intent": "dsync", "answers": {"users": 25, "groups": 3}}'
//! ```

use std::env;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::types::{Directory, DirectoryUserState, DirectoryUserWithGroups};
use workos_portal::{Client, codes};

/// People on a page.
const PAGE: u32 = 10;

pub(crate) async fn run(
    client: &Client,
    organization: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let directories = client.list_directories().organization_id(organization);
    let directories = directories.stream().all().await?;
    if directories.is_empty() {
        writeln!(out, "{organization} has no directory")?;
    }
    for directory in &directories {
        writeln!(out, "{} ({})", directory.name, directory.type_)?;
        writeln!(out, "  {}", refresh(client, directory).await?)?;
        let mut groups = client
            .list_directory_groups()
            .directory(&directory.id)
            .stream();
        while let Some(group) = groups.next().await.transpose()? {
            let people = client.list_directory_users().group(&group.id);
            let people = people.stream().all().await?;
            writeln!(out, "  {}: {} people", group.name, people.len())?;
        }

        // The next page is asked for when this one is done with, so a directory may be as large as it likes.
        let people = client.list_directory_users().directory(&directory.id);
        let mut pages = people.limit(PAGE).pages();
        let mut number = 0;
        while let Some(page) = pages.next().await.transpose()? {
            number += 1;
            writeln!(out, "  page {number}")?;
            for person in &page.data {
                writeln!(out, "    {}", line(person))?;
            }
        }
    }
    Ok(())
}

/// Has the directory looked at anew, where that can be asked for.
async fn refresh(client: &Client, directory: &Directory) -> Result<String, workos_portal::Error> {
    let asked = client.sync_directory().id(&directory.id).send().await;
    match asked {
        Ok(sync) => Ok(format!("sync: {}", sync.status)),
        Err(error) if error.has_code(codes::DIRECTORY_SYNC_UNSUPPORTED) => {
            Ok("sync: comes by itself".to_owned())
        }
        Err(error) if error.has_code(codes::DIRECTORY_SYNC_IN_PROGRESS) => {
            Ok("sync: under way".to_owned())
        }
        Err(error) if error.has_code(codes::DIRECTORY_SYNC_RATE_LIMITED) => {
            Ok("sync: was a short time ago".to_owned())
        }
        Err(error) => Err(error),
    }
}

fn line(person: &DirectoryUserWithGroups) -> String {
    let name = person.name.as_deref().unwrap_or("(no name)");
    let email = person.email.as_deref().unwrap_or("(no address)");
    let left = match person.state {
        DirectoryUserState::Active => "",
        _ => " (left)",
    };
    let groups: Vec<&str> = person.groups.iter().map(|g| g.name.as_str()).collect();
    if groups.is_empty() {
        return format!("{name} <{email}>{left}");
    }
    format!("{name} <{email}>{left}: {}", groups.join(", "))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let organization = env::args().nth(1);
    let organization = organization.as_deref().unwrap_or("org_test_idp");
    run(&Client::from_env()?, organization, &mut io::stdout()).await
}
