//! The pages of a directory's setup, and those that change it afterwards.

use super::providers::{self, Way};
use super::{Known, MOST_GROUPS, coming_groups, credentials};
use crate::domain::directory::{Directory, DirectoryState};
use crate::domain::form::{Choice, Field, Kind, Words};
use crate::domain::ids::Id as _;
use crate::service::directory_setups;
use crate::service::setup::{Alert, Copied, Page, Tone, Visit};

/// More people than this are not made up by a page.
const MOST_SAMPLE_USERS: u32 = 1_000;
/// More groups than this are not made up by a page.
const MOST_SAMPLE_GROUPS: u32 = 100;

/// What confirms that a directory goes.
const RESET: &str = "DELETE DIRECTORY";

/// How the provider of a directory is reached.
pub(super) fn way(directory: &Directory) -> Way {
    // There is no guide for S3; files are what it would have.
    providers::of(directory.kind).map_or(Way::Files, |provider| provider.way)
}

pub(super) fn provider(known: Option<&Known>) -> Page {
    let mut page = Page::new(
        "Where are your people?",
        "Choose the system that knows who works for you. Your users and groups come from there.",
        "Continue",
    );
    let current = known.map(|known| known.directory.kind.as_str());
    page.fields = vec![
        Field::new(
            "provider",
            "Provider",
            Kind::Providers(providers::choices()),
        )
        .current(current)
        .sample("okta scim v2.0"),
    ];
    page
}

pub(super) fn credentials(visit: &Visit<'_>, known: &Known) -> Page {
    let directory = &known.directory;
    let name = providers::name(directory.kind);
    let way = way(directory);
    let lead = match way {
        Way::Scim => "Your provider sends users and groups to this endpoint, and shows this token.",
        Way::Files => "Files of users and groups are uploaded to this host, with a key of yours.",
        _ => "Users and groups are read with what you enter here. Secrets are not shown again.",
    };
    let mut page = Page::new(format!("Connect {name}"), lead, "Continue");
    let guide = providers::of(directory.kind).map_or(&[][..], |provider| provider.guide);
    page.guide = guide.iter().map(|line| Words::Borrowed(*line)).collect();
    page.copied = match way {
        Way::Scim => scim(visit, known),
        Way::Files => vec![
            Copied::new("Host", format!("sftp.{}", host(visit))),
            Copied::new("Port", "22"),
            Copied::new("User name", &*directory.external_key),
        ],
        _ => Vec::new(),
    };
    if directory.state == DirectoryState::InvalidCredentials {
        page.alert = Some(Alert::new(
            Tone::Bad,
            format!("{name} refuses these credentials"),
            "Look whether they are complete and still good, and try again.",
        ));
    }
    page.fields = credentials::fields(way, known.setup.as_deref());
    let size = known.size();
    page.fields.extend([
        Field::new(
            "users",
            "How many users the provider has",
            Kind::Number {
                least: 0,
                most: MOST_SAMPLE_USERS,
            },
        )
        .hint("This server makes them up.")
        .value(size.users.to_string()),
        Field::new(
            "groups",
            "How many groups the provider has",
            Kind::Number {
                least: 0,
                most: MOST_SAMPLE_GROUPS,
            },
        )
        .value(size.groups.to_string()),
        Field::new(
            "outcome",
            "What comes of the first contact",
            Kind::Choice(vec![
                Choice::new("valid", "The provider is connected").note("The setup goes on."),
                Choice::new("invalid_credentials", "The credentials are refused")
                    .note("The directory waits for other ones."),
            ]),
        )
        .hint("This server has no contact with any provider. Choose what is to come of it.")
        .value("valid"),
    ]);
    page
}

/// Where this server is reached, without a port.
fn host(visit: &Visit<'_>) -> String {
    let url = url::Url::parse(visit.public_url).ok();
    let host = url.as_ref().and_then(url::Url::host_str);
    host.unwrap_or("localhost").to_owned()
}

fn scim(visit: &Visit<'_>, known: &Known) -> Vec<Copied> {
    let endpoint = Copied::new("Endpoint", endpoint(visit, &known.directory));
    std::iter::once(endpoint).chain(bearer(known)).collect()
}

/// Where a provider would send to.
pub(super) fn endpoint(visit: &Visit<'_>, directory: &Directory) -> String {
    format!("{}/scim/v2.0/{}", visit.public_url, directory.external_key)
}

/// The token, as long as it is shown.
fn bearer(known: &Known) -> Option<Copied> {
    let token = known.setup.as_ref()?.token.as_ref()?;
    Some(match &token.shown {
        Some(shown) => Copied::new("Bearer token", shown.expose())
            .note("Copy it now. It is shown until you continue, and never again."),
        None => Copied::new("Bearer token", format!("…{}", token.suffix)).note(
            "It was shown before and cannot be shown again, but replaced when all is set up.",
        ),
    })
}

pub(super) fn groups(known: &Known) -> Page {
    let mut page = Page::new(
        "Which groups are to come?",
        "Every user comes. Of the groups, only those that you choose here.",
        "Continue",
    );
    let names = coming_groups(known);
    if names.is_empty() {
        page.lead = "The provider has no groups. Every user comes.".into();
        return page;
    }
    let chosen = known.setup.as_ref();
    let chosen = chosen.and_then(|setup| setup.chosen_groups.clone());
    let choices = names
        .iter()
        .map(|name| Choice::new(name.clone(), name.clone()));
    let mut field = Field::new("synced_groups", "Groups", Kind::Many(choices.collect())).optional();
    field.value = chosen.unwrap_or(names);
    page.fields = vec![field];
    page
}

pub(super) fn sync(known: &Known) -> Page {
    let size = known.size();
    let setup = known.setup.as_ref();
    let chosen = setup.and_then(|setup| setup.chosen_groups.as_ref().map(Vec::len));
    let groups = chosen.unwrap_or(size.groups);
    let count = |count: usize, one: &str, many: &str| {
        let what = if count == 1 { one } else { many };
        format!("{count} {what}")
    };
    Page::new(
        "Everything is ready",
        format!(
            "The first sync brings {} and {} from {}.",
            count(size.users, "user", "users"),
            count(groups, "group", "groups"),
            providers::name(known.directory.kind),
        ),
        "Sync now",
    )
}

pub(super) fn edit_groups(visit: &Visit<'_>, known: &Known) -> Option<Page> {
    let groups = directory_setups::groups(&visit.work, &known.directory, MOST_GROUPS)?;
    let mut page = Page::new(
        "Which groups are synced?",
        "A group that you leave out goes. Its users stay. One that you add comes with who is in it.",
        "Save",
    );
    if groups.is_empty() {
        page.lead = "The provider has no groups.".into();
        return Some(page);
    }
    let choices = groups
        .iter()
        .map(|group| Choice::new(group.idp_id.clone(), group.name.clone()));
    let mut field = Field::new("kept_groups", "Groups", Kind::Many(choices.collect())).optional();
    let synced = groups.iter().filter(|group| group.is_synced);
    field.value = synced.map(|group| group.idp_id.clone()).collect();
    page.fields = vec![field];
    Some(page)
}

/// What the token in use is called; nothing when there is none.
pub(super) fn token_id(known: &Known) -> Option<String> {
    let token = known.setup.as_ref()?.token.as_ref()?;
    Some(token.id.as_str().to_owned())
}

pub(super) fn rotate_token(known: &Known) -> Option<Page> {
    if !known.directory.kind.is_scim() {
        return None;
    }
    let mut page = Page::new(
        "Replace the token",
        "A new token is made and shown once. The one in use is refused from then on, so have your provider’s settings open.",
        "Replace the token",
    );
    page.is_dangerous = true;
    page.fields = vec![
        Field::new("token_id", "Token", Kind::Hidden)
            .optional()
            .current(token_id(known)),
    ];
    Some(page)
}

pub(super) fn token(visit: &Visit<'_>, known: &Known) -> Option<Page> {
    if !known.directory.kind.is_scim() {
        return None;
    }
    let mut page = Page::new(
        "Your token",
        "Enter it at your provider in the place of the one before.",
        "I have copied it",
    );
    page.copied = scim(visit, known);
    Some(page)
}

pub(super) fn reset(known: &Known) -> Page {
    let mut page = Page::new(
        "Delete the directory",
        format!(
            "The connection to {} and every user and group that came from there are deleted. This cannot be undone.",
            providers::name(known.directory.kind)
        ),
        "Delete the directory",
    );
    page.is_dangerous = true;
    page.fields = vec![Field::confirmation(RESET)];
    page
}
