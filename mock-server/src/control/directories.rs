//! `/_mock/directories`: makes directories, which an app cannot do by WorkOS's API.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::{FieldError, Refusal};
use super::call::Call;
use super::people::{Group, User};
use super::route::{MUCH, Route};
use crate::domain::directory::{DirectoryState, DirectoryType};
use crate::domain::domain_name::{DomainName, PATTERN};
use crate::service::directories::{self, NewDirectory};
use crate::service::population::Populace;
use crate::view::directories::DirectoryView;

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::POST,
            "/_mock/directories",
            "create_directory",
            "Makes a directory, with the users and groups of its first sync.",
            |call| Box::pin(async move { make(call).await }),
        )
        .description(
            "WorkOS's API makes none; an admin does, in the portal. A number of users or groups makes samples, which depend \
             on the environment's seed alone; a list gives them exactly.",
        )
        .body::<Directory>()
        .largest_body(MUCH)
        .example("with samples", r#"{"organization_id": "org_test_idp", "users": 12, "groups": 3}"#)
        .example(
            "with people of one's own",
            r#"{"organization_id": "org_test_idp", "name": "Acme", "type": "okta scim v2.0",
                "users": [{"idp_id": "ada", "email": "ada@acme.example", "first_name": "Ada", "last_name": "Lovelace"}],
                "groups": [{"name": "Engineering", "members": ["ada"]}]}"#,
        )
        .answers::<DirectoryView<'static>>(201, "The directory, synced.")
        .refuses(&[(404, "There is no such organization.")]),
    ]
}

/// A directory that is to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewDirectory")]
pub(super) struct Directory {
    /// The organization that it is for.
    #[schemars(length(min = 1))]
    organization_id: String,
    /// What it is called. Usually as the organization is.
    #[schemars(length(min = 1))]
    name: Option<String>,
    /// The domain of its people, such as `acme.example`. Usually the organization's first.
    #[schemars(extend("pattern" = PATTERN, "x-expected" = "a domain name such as example.com"))]
    domain: Option<String>,
    /// Where its people come from. Usually `generic scim v2.0`.
    #[serde(rename = "type")]
    kind: Option<DirectoryType>,
    /// How far it is. Usually `linked`.
    state: Option<DirectoryState>,
    /// Its users. Usually none.
    users: Option<People<User>>,
    /// Its groups. Usually none.
    groups: Option<People<Group>>,
}

/// How many of them are made up, or each of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "{T}s")]
enum People<T> {
    /// So many samples.
    Samples(#[schemars(range(max = 100_000))] u32),
    /// Exactly these.
    Given(Vec<T>),
}

async fn make(call: Call) -> Result<Response, Refusal> {
    let new: Directory = call.body()?;
    let domain = new.domain.as_deref().map(DomainName::parse).transpose();
    let domain = domain.map_err(|error| {
        let message = format!("domain {error}.");
        Refusal::Invalid(vec![FieldError::new("domain", "invalid_format", message)])
    })?;
    let new = NewDirectory {
        organization_id: new.organization_id,
        name: new.name,
        domain,
        kind: new.kind.unwrap_or(DirectoryType::GenericScim),
        state: new.state.unwrap_or(DirectoryState::Linked),
        users: populace(new.users, User::into_new),
        groups: populace(new.groups, Group::into_new),
    };
    let environment = call.environment;
    // A hundred thousand users take a while, in which this thread has other calls to answer.
    let made = tokio::task::spawn_blocking(move || directories::create(&environment, new)).await;
    let directory = match made {
        Ok(made) => made?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    Ok((StatusCode::CREATED, Json(DirectoryView::new(&directory))).into_response())
}

/// Nobody when nothing is said.
fn populace<T, N>(people: Option<People<T>>, new: impl Fn(T) -> N) -> Populace<N> {
    match people {
        None => Populace::Samples(0),
        Some(People::Samples(count)) => Populace::Samples(usize::try_from(count).unwrap_or(0)),
        Some(People::Given(people)) => Populace::Given(people.into_iter().map(new).collect()),
    }
}
