//! `/_mock/environments`: environments and the keys to them.

use std::sync::Arc;

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use super::answer::{FieldError, Refusal};
use super::call::Call;
use super::route::{Route, VERY_MUCH};
use super::serve::ended;
use super::snapshots::refused;
use crate::config::DEFAULT_CLIENT_ID;
use crate::domain::ids::{EnvironmentId, Id as _};
use crate::domain::permissions::KeyPermissions;
use crate::domain::redirect::RedirectUrl;
use crate::domain::settings::Settings;
use crate::environment::{ApiKey, Environment, EnvironmentSpec};
use crate::seed::Seed;
use crate::service::environments;
use crate::view::Time;

pub(super) const GONE: &[(u16, &str)] = &[(404, "The environment was taken away meanwhile.")];

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::POST,
            "/_mock/environments",
            "create_environment",
            "Makes an environment, with data, a clock and a key of its own.",
            |call| Box::pin(async move { make(call).await }),
        )
        .description(
            "Made in microseconds, so that every test can have its own. What is left out is as usual; its clock, where it is \
             not put anywhere, runs with the system's. A seed is what it starts with, and again after a reset; no event tells of it.",
        )
        .body::<NewEnvironment>()
        .largest_body(VERY_MUCH)
        .example("an empty one", "{}")
        .example(
            "one that stands still and gives the same ids every time",
            r#"{"clock": "2026-01-01T00:00:00Z", "random_seed": 7, "test_organization": true}"#,
        )
        .example(
            "one with an organization that has a directory",
            r#"{"seed": {"organizations": [{"key": "acme", "name": "Acme", "domains": ["acme.example"]}],
                "directories": [{"organization": "acme", "users": 50, "groups": 5}]}}"#,
        )
        .answers::<MadeEnvironment>(201, "The environment, with its key, which is shown only here."),
        Route::new(
            Method::GET,
            "/_mock/environments",
            "list_environments",
            "Lists environments, the oldest first; with a key only its own.",
            |call| Box::pin(async move { list(&call) }),
        )
        .query::<EnvironmentPage>()
        .answers::<EnvironmentList>(200, "A page of environments."),
        Route::new(
            Method::DELETE,
            "/_mock/environments/{id}",
            "delete_environment",
            "Takes an environment away with all that is in it.",
            |call| Box::pin(async move { delete(&call) }),
        )
        .names("id", "The environment, by its id.")
        .refuses(&[(409, "It is the environment that the server started with.")]),
        Route::new(
            Method::POST,
            "/_mock/reset",
            "reset_environment",
            "Makes the environment what it was at first: its data, clock, faults and limits. Its keys stay.",
            |call| Box::pin(async move { reset(&call) }),
        )
        .answers::<EnvironmentView>(200, "The environment as it is now.")
        .refuses(GONE),
        Route::new(
            Method::GET,
            "/_mock/keys",
            "list_keys",
            "Lists the keys of the environment.",
            |call| Box::pin(async move { Ok(keys(&call)) }),
        )
        .answers::<KeyList>(200, "Every key, without what would let anyone use it."),
        Route::new(
            Method::POST,
            "/_mock/keys",
            "create_key",
            "Makes another key to the environment.",
            |call| Box::pin(async move { add_key(&call) }),
        )
        .body::<NewKey>()
        .example("one that may only read", r#"{"permissions": "read_only"}"#)
        .answers::<MadeKey>(201, "The key, which is shown only here.")
        .refuses(GONE),
        Route::new(
            Method::DELETE,
            "/_mock/keys/{id}",
            "revoke_key",
            "Lets a key open nothing any more.",
            |call| Box::pin(async move { revoke_key(&call) }),
        )
        .names("id", "The key, by its id.")
        .answers::<KeyView>(200, "The key."),
    ]
}

/// What an environment is to be like.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NewEnvironment {
    /// Its client id: 1 to 512 visible ASCII characters.
    #[schemars(extend("pattern" = "^[!-~]{1,512}$", "x-expected" = "1 to 512 visible ASCII characters"))]
    client_id: String,
    /// Where its clock stands still. Without it, it runs with the system's.
    clock: Option<Timestamp>,
    /// Makes ids and tokens repeatable.
    random_seed: Option<u64>,
    /// Whether it starts with an organization to try things on.
    test_organization: bool,
    /// What it decides by; what is left out is as usual.
    settings: Settings,
    /// What it starts with, besides.
    seed: Seed,
}

impl Default for NewEnvironment {
    fn default() -> Self {
        Self {
            client_id: DEFAULT_CLIENT_ID.to_owned(),
            clock: None,
            random_seed: None,
            test_organization: false,
            settings: Settings::default(),
            seed: Seed::default(),
        }
    }
}

/// Which environments are to be listed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct EnvironmentPage {
    /// How many, at most.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u8>,
    /// Those that were made after the one with this id.
    after: Option<String>,
}

/// A key to be.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NewKey {
    /// What it may be used for.
    permissions: KeyPermissions,
    /// The first instant on the environment's clock at which it opens nothing.
    expires_at: Option<Timestamp>,
}

/// An environment.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Environment")]
pub(super) struct EnvironmentView {
    /// Always `environment`.
    #[schemars(extend("const" = "environment"))]
    object: &'static str,
    /// Its id.
    id: String,
    /// Its client id.
    client_id: String,
    /// What its clock shows.
    now: Time,
    /// Whether the server started with it.
    is_default: bool,
    /// The keys to it.
    keys: Vec<KeyView>,
}

/// An environment with the key to it.
#[derive(Serialize, JsonSchema)]
pub(super) struct MadeEnvironment {
    #[serde(flatten)]
    environment: EnvironmentView,
    /// The key, in plain.
    api_key: String,
    /// What of its seed will never come to anything.
    warnings: Vec<String>,
}

/// A page of environments.
#[derive(Serialize, JsonSchema)]
pub(super) struct EnvironmentList {
    /// Always `list`.
    #[schemars(extend("const" = "list"))]
    object: &'static str,
    /// The environments of the page.
    data: Vec<EnvironmentView>,
    /// How to go on.
    list_metadata: After,
}

/// How to go on.
#[derive(Serialize, JsonSchema)]
pub(super) struct After {
    /// Where the next page begins; nothing on the last one.
    after: Option<String>,
}

/// A key.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ApiKey")]
pub(super) struct KeyView {
    /// Always `api_key`.
    #[schemars(extend("const" = "api_key"))]
    object: &'static str,
    /// Its id.
    id: String,
    /// How it begins and ends.
    hint: String,
    /// What it may be used for.
    permissions: KeyPermissions,
    /// The first instant on the environment's clock at which it opens nothing.
    expires_at: Option<Time>,
    /// Whether it was withdrawn.
    revoked: bool,
}

/// A key in plain.
#[derive(Serialize, JsonSchema)]
pub(super) struct MadeKey {
    #[serde(flatten)]
    key: KeyView,
    /// The key, in plain.
    value: String,
}

/// Keys.
#[derive(Serialize, JsonSchema)]
pub(super) struct KeyList {
    /// Always `list`.
    #[schemars(extend("const" = "list"))]
    object: &'static str,
    /// The keys.
    data: Vec<KeyView>,
}

const USUAL_LIMIT: u8 = 10;

async fn make(mut call: Call) -> Result<Response, Refusal> {
    let new: NewEnvironment = call.take_body()?;
    let errors = unfit(&new.settings);
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    let warnings = new.seed.warnings();
    let is_sown = new.seed != Seed::default();
    let spec = EnvironmentSpec {
        client_id: new.client_id,
        settings: new.settings,
        clock: new.clock.or(new.seed.clock),
        random_seed: new.random_seed,
        test_organization: new.test_organization,
        seed: is_sown.then(|| Arc::new(new.seed)),
    };
    let made = if is_sown {
        let environments = Arc::clone(&call.state.environments);
        // A hundred thousand users take a while, in which this thread has other calls to answer.
        let made = spawn_blocking(move || environments::make(&environments, spec)).await;
        ended(made).map_err(refused)?
    } else {
        environments::make(&call.state.environments, spec)?
    };
    let view = MadeEnvironment {
        environment: view(&call, &made.environment),
        api_key: made.api_key,
        warnings,
    };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

/// What no schema can say: addresses go by the policy beside them.
fn unfit(settings: &Settings) -> Vec<FieldError> {
    let redirects = &settings.redirects;
    let addresses = [
        ("return_url", &redirects.return_url),
        ("success_url.sso", &redirects.success_url.sso),
        ("success_url.dsync", &redirects.success_url.dsync),
        (
            "success_url.log_streams",
            &redirects.success_url.log_streams,
        ),
    ];
    let unfit = addresses.into_iter().filter(|(_, address)| {
        let refused = |address: &RedirectUrl| {
            RedirectUrl::parse(address.as_str(), settings.url_policy).is_err()
        };
        address.as_ref().is_some_and(refused)
    });
    unfit
        .map(|(name, _)| {
            let field = format!("settings.redirects.{name}");
            let message =
                format!("{field} must be an https address: settings.url_policy is production.");
            FieldError::new(&field, "invalid_value", message)
        })
        .collect()
}

fn list(call: &Call) -> Result<Response, Refusal> {
    let asked: EnvironmentPage = call.query()?;
    let limit = usize::from(asked.limit.unwrap_or(USUAL_LIMIT));
    let (page, after) = if call.carries_key {
        (vec![call.environment.clone()], None)
    } else {
        let after = asked.after.as_deref().and_then(EnvironmentId::parse);
        let mut page = call.state.environments.page(after.as_ref(), limit + 1);
        let more = page.len() > limit;
        page.truncate(limit);
        let last = page.last().map(|environment| environment.id.to_string());
        (page, last.filter(|_| more))
    };
    let data = page.iter().map(|environment| view(call, environment));
    let list = EnvironmentList {
        object: "list",
        data: data.collect(),
        list_metadata: After { after },
    };
    Ok(Json(list).into_response())
}

fn delete(call: &Call) -> Result<Response, Refusal> {
    let id = call.path("id");
    if call.carries_key && call.environment.id.as_str() != id {
        return Err(Refusal::OtherEnvironment);
    }
    environments::delete(&call.state.environments, id)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn reset(call: &Call) -> Result<Response, Refusal> {
    let environment = environments::reset(&call.state.environments, &call.environment.id)?;
    Ok(Json(view(call, &environment)).into_response())
}

fn keys(call: &Call) -> Response {
    let keys = call.state.environments.keys(&call.environment.id);
    let list = KeyList {
        object: "list",
        data: keys.into_iter().map(key_view).collect(),
    };
    Json(list).into_response()
}

fn add_key(call: &Call) -> Result<Response, Refusal> {
    let NewKey {
        permissions,
        expires_at,
    } = call.body()?;
    let id = &call.environment.id;
    let (key, value) =
        environments::add_key(&call.state.environments, id, permissions, expires_at)?;
    let view = MadeKey {
        key: key_view(key),
        value,
    };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

fn revoke_key(call: &Call) -> Result<Response, Refusal> {
    let id = &call.environment.id;
    let key = environments::revoke_key(&call.state.environments, id, call.path("id"))?;
    Ok(Json(key_view(key)).into_response())
}

pub(super) fn view(call: &Call, environment: &Environment) -> EnvironmentView {
    let environments = &call.state.environments;
    let keys = environments.keys(&environment.id);
    EnvironmentView {
        object: "environment",
        id: environment.id.to_string(),
        client_id: environment.client_id.clone(),
        now: Time(environment.clock.now()),
        is_default: environments.is_default(&environment.id),
        keys: keys.into_iter().map(key_view).collect(),
    }
}

fn key_view(key: ApiKey) -> KeyView {
    KeyView {
        object: "api_key",
        id: key.id.to_string(),
        hint: key.spec.hint.into(),
        permissions: key.spec.permissions,
        expires_at: key.spec.expires_at.map(Time),
        revoked: key.spec.revoked,
    }
}
