//! What the API says.

use workos_portal::types::PortalIntent;
use workos_portal::{Client, Error, RetryPolicy, Secret};

use super::finding::Finding;
use super::project::Project;
use crate::api::{self, Api, DEFAULT_BASE_URL};
use crate::explain::{explain, origin};

const CHECK: &str = "api";

/// Stands in for an organization where none was named. The API says that it does not exist, which is all that
/// is to be learned.
const NOBODY: &str = "org_00000000000000000000000000";

/// Asks for a link, and for the organization when one is named.
pub(super) async fn check(
    project: &Project,
    api: &Api,
    organization: Option<&str>,
) -> Vec<Finding> {
    let Some((key, base_url)) = key_and_address(project, api) else {
        let message = "The API was not called: there is no API key to call it with.";
        return vec![Finding::warning(
            CHECK,
            message,
            "Set WORKOS_API_KEY first.",
        )];
    };
    let client = api::client(key, &base_url)
        .retries(RetryPolicy::default().max_retries(1))
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            let message = format!("The API cannot be called: {}.", api::unusable(&error));
            let fix = "Correct WORKOS_API_KEY, --base-url or WORKOS_BASE_URL.";
            return vec![Finding::failure(CHECK, message, fix)];
        }
    };
    let call = client.generate_portal_link().body_map(|body| {
        body.organization(organization.unwrap_or(NOBODY))
            .intent(PortalIntent::Sso)
    });
    let answer = call.send().await.map(drop);
    let mut findings = vec![verdict(answer.as_ref().err(), &base_url)];
    let known = matches!(&answer, Err(error) if error.is_organization_not_found());
    if let Some(id) = organization.filter(|_| answer.is_ok() || known) {
        findings.push(organization_of(&client, id, &base_url).await);
    }
    findings
}

/// The key that wins, and the address that goes with it. An address in a file is for keys of that very file:
/// whoever wrote another one is not to be sent the key.
fn key_and_address(project: &Project, api: &Api) -> Option<(Secret, String)> {
    let winner = project.set("WORKOS_API_KEY").into_iter().next()?;
    let in_file = winner.file.and_then(|file| file.last("WORKOS_BASE_URL"));
    let address = api
        .given()
        .or(in_file.map(|entry| entry.value.expose()))
        .unwrap_or(DEFAULT_BASE_URL);
    Some((winner.value.clone(), address.to_owned()))
}

/// What the answer to the call for a link means.
fn verdict(error: Option<&Error>, base_url: &str) -> Finding {
    let place = origin(base_url);
    match error {
        None => Finding::ok(
            CHECK,
            format!("{place} accepts the API key, and made a link."),
        ),
        Some(error) if error.is_organization_not_found() => {
            Finding::ok(CHECK, format!("{place} accepts the API key."))
        }
        // An answer to what was asked for comes after the key was looked at.
        Some(Error::Validation { .. } | Error::NotFound(_) | Error::Refused(_)) => {
            let error = error.map(ToString::to_string).unwrap_or_default();
            let error = error.trim_end_matches('.');
            Finding::warning(
                CHECK,
                format!("{place} accepts the API key, and makes no link: {error}."),
                "Look at what the answer names; the portal may not be set up in this environment.",
            )
        }
        Some(error) => {
            let told = explain(error, base_url);
            let (message, fix) = told.split_once('\n').unwrap_or((&told, ""));
            let fix = if fix.is_empty() {
                "Try again later."
            } else {
                fix
            };
            let message = message.trim_end_matches('.');
            Finding::failure(CHECK, format!("The test call fails: {message}."), fix)
        }
    }
}

async fn organization_of(client: &Client, id: &str, base_url: &str) -> Finding {
    const CHECK: &str = "organization";
    match client.get_organization().id(id).send().await {
        Ok(organization) => Finding::ok(
            CHECK,
            format!("The organization {id} exists: {}.", organization.name),
        ),
        Err(Error::NotFound(_)) => Finding::failure(
            CHECK,
            format!("The organization {id} does not exist in the API key's environment."),
            "The key and the organization have to be of one environment: `workos-portal organizations` \
             lists what the key sees.",
        ),
        Err(error) => {
            let told = explain(&error, base_url);
            let (message, fix) = told.split_once('\n').unwrap_or((&told, "Try again later."));
            let message = message.trim_end_matches('.');
            Finding::failure(
                CHECK,
                format!("The organization cannot be read: {message}."),
                fix,
            )
        }
    }
}
