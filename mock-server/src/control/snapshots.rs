//! `/_mock/snapshot`: what an environment has, to be kept and to be put back.

use std::sync::Arc;

use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::answer::{FieldError, Refusal};
use super::call::Call;
use super::environments::{EnvironmentView, GONE, view};
use super::route::{Group, Route, VERY_MUCH};
use super::serve::ended;
use crate::domain::Error;
use crate::seed::Seed;
use crate::service::{environments, snapshots};

const ABOUT: &str = "A snapshot is a seed. It holds the organizations with their domains, IT contacts and retention, the \
connections with their settings and certificates, the directories with their users and groups, the webhook endpoints, and the \
actions and schemas of the audit logs; and where the clock stands, if it stands still. It has the secrets of webhook \
endpoints in plain. It holds no keys, no portal links and sessions, no events and deliveries, no events and exports of audit \
logs, no log streams, no mails, no faults and no requests.";

/// The operations of this file.
pub(super) fn group() -> Group {
    Group::new(
        "snapshots",
        "What an environment has, to be kept and to be put back.",
        routes(),
    )
}

fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/snapshot",
            "take_snapshot",
            "Shows what the environment has, as a seed that makes it again.",
            |call| Box::pin(async move { take(call).await }),
        )
        .description(ABOUT)
        .answers::<Seed>(200, "The snapshot."),
        Route::new(
            Method::PUT,
            "/_mock/snapshot",
            "restore_snapshot",
            "Puts a snapshot, or any other seed, in the place of all that the environment has.",
            |call| Box::pin(async move { restore(call).await }),
        )
        .description(
            "It is as if the environment had been reset and had started with this: objects have the ids and the times that they \
             are given, no event tells of them, and what is not in a snapshot is gone. The environment's keys and settings stay, \
             what a reset leads back to stays what it was, and the clock goes on unless the snapshot says where it stands still. Where anything is wrong, nothing has happened.",
        )
        .whole_body::<Seed>()
        .largest_body(VERY_MUCH)
        .example("nothing", "{}")
        .example(
            "an organization with a connection",
            r#"{"organizations": [{"key": "acme", "name": "Acme", "domains": ["acme.example"]}],
                "connections": [{"organization": "acme", "connection_type": "OktaSAML"}]}"#,
        )
        .answers::<Restored>(200, "The environment as it is now.")
        .refuses(GONE),
    ]
}

/// An environment after it was restored.
#[derive(Serialize, JsonSchema)]
pub(super) struct Restored {
    #[serde(flatten)]
    environment: EnvironmentView,
    /// What of the snapshot will never come to anything.
    warnings: Vec<String>,
}

async fn take(call: Call) -> Result<Response, Refusal> {
    let environment = Arc::clone(&call.environment);
    // A hundred thousand users take a while, in which this thread has other calls to answer.
    let taken = spawn_blocking(move || Json(snapshots::take(&environment)).into_response());
    Ok(ended(taken.await))
}

async fn restore(mut call: Call) -> Result<Response, Refusal> {
    let seed: Seed = call.take_body()?;
    let warnings = seed.warnings();
    let (state, id) = (call.state.clone(), call.environment.id.clone());
    let restored =
        spawn_blocking(move || environments::restore(&state.environments, &id, &seed)).await;
    let environment = ended(restored).map_err(refused)?;
    let restored = Restored {
        environment: view(&call, &environment),
        warnings,
    };
    Ok(Json(restored).into_response())
}

/// Why a seed is not sown, member by member.
pub(super) fn refused(error: Error) -> Refusal {
    let Error::Invalid(violations) = error else {
        return error.into();
    };
    let errors = violations.into_iter().map(FieldError::from);
    Refusal::Invalid(errors.collect())
}
