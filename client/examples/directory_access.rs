//! Somebody signs in whom the customer's directory has: is that person still in it, and an administrator by a group?
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example directory_access
//! ```
//!
//! It asks about everybody in the first directory that there is, with its first group for that of the administrators. For
//! a directory, these make a link and do what an administrator would do behind it:
//!
//! ```sh
//! cargo run -p workos-portal --example portal_links -- org_test_idp dsync
//! curl http://127.0.0.1:4100/_mock/portal_links/complete -H 'Content-Type: application/json' \
//!   -d '{"organization": "org_test_idp", "intent": "dsync", "answers": {"users": 5, "groups": 2}}'
//! ```

use std::error::Error;
use std::io::{self, Write};

use workos_portal::types::{DirectoryState, DirectoryUserState};
use workos_portal::{Client, DirectoryGroupId, DirectoryId, DirectoryUserId};

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Nothing,
    Member,
    Administrator,
}

/// What the customer has chosen in the app's settings.
pub(crate) struct Settings {
    pub(crate) directory: DirectoryId,
    /// Whoever is in it is an administrator.
    pub(crate) administrators: DirectoryGroupId,
}

/// Says how the settings stand, for whoever looks at them.
pub(crate) async fn describe(
    client: &Client,
    settings: &Settings,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let directory = client.get_directory().id(&settings.directory);
    let directory = match directory.send().await {
        Ok(directory) => directory,
        Err(workos_portal::Error::NotFound(_)) => {
            writeln!(out, "the directory is gone: nobody gets in by it")?;
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    if !matches!(
        directory.state,
        DirectoryState::Linked | DirectoryState::Active
    ) {
        writeln!(
            out,
            "{} stands still: people may be missing",
            directory.name
        )?;
    }
    let group = client.get_directory_group().id(&settings.administrators);
    match group.send().await {
        Ok(group) => writeln!(out, "administrators are in {}", group.name)?,
        Err(workos_portal::Error::NotFound(_)) => {
            writeln!(out, "the group of administrators is gone: choose another")?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// What the person may do whose id the app has kept.
pub(crate) async fn access(
    client: &Client,
    settings: &Settings,
    person: &DirectoryUserId,
) -> Result<Access, workos_portal::Error> {
    let person = match client.get_directory_user().id(person).send().await {
        Ok(person) => person,
        Err(workos_portal::Error::NotFound(_)) => return Ok(Access::Nothing),
        Err(error) => return Err(error),
    };
    // Somebody who has left may stay in the list, and a state that is not known here opens no door.
    if person.directory_id != settings.directory || person.state != DirectoryUserState::Active {
        return Ok(Access::Nothing);
    }
    let mut groups = person.groups.iter();
    Ok(if groups.any(|group| group.id == settings.administrators) {
        Access::Administrator
    } else {
        Access::Member
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client, out) = (Client::from_env()?, &mut io::stdout());
    let directory = client
        .list_directories()
        .stream()
        .next()
        .await
        .transpose()?;
    let Some(directory) = directory.map(|directory| directory.id) else {
        return Ok(writeln!(out, "there is no directory yet")?);
    };
    let groups = client.list_directory_groups().directory(&directory);
    let group = groups.stream().next().await.transpose()?;
    let administrators = group.ok_or("the directory has no group")?.id;
    let settings = Settings {
        directory,
        administrators,
    };

    describe(&client, &settings, out).await?;
    let people = client.list_directory_users().directory(&settings.directory);
    let mut people = people.stream();
    while let Some(person) = people.next().await.transpose()? {
        let access = access(&client, &settings, &person.id).await?;
        writeln!(out, "{}: {access:?}", person.name.unwrap_or_default())?;
    }
    Ok(())
}
