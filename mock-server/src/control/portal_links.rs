//! `/_mock/portal_links`: what a person would do with a portal link, done by a call.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Target;
use super::answer::{FieldError, Refusal};
use super::body::JsonBody;
use super::members::Members;
use crate::dial;
use crate::domain::answers::Answers;
use crate::domain::intent::Intent;
use crate::environment::Environment;
use crate::service::log_streams::Sent;
use crate::service::setup::flow;
use crate::service::setup::script::{self, Brought, Halt, Named, Report, Script};
use crate::state::AppState;
use crate::view::portal_visits::VisitView;
use crate::webhooks::send_first;

/// The largest body: metadata and certificates are pasted whole.
const LARGEST: usize = 1024 * 1024;

/// Goes through the part that the link opens, and finishes the session.
pub(super) async fn complete(
    target: Target,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<LARGEST>,
) -> Result<Response, Refusal> {
    run(target, &state, &body, &["answers"], script::complete).await
}

/// Goes through it up to a step and leaves it there.
pub(super) async fn step(
    target: Target,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<LARGEST>,
) -> Result<Response, Refusal> {
    run(target, &state, &body, &["answers", "step"], script::stop_at).await
}

/// Goes through it up to a step and lets that fail.
pub(super) async fn fail(
    target: Target,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<LARGEST>,
) -> Result<Response, Refusal> {
    run(target, &state, &body, &["answers", "step"], script::fail).await
}

/// Lets the lifetime of the link be over.
pub(super) async fn expire(
    target: Target,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<LARGEST>,
) -> Result<Response, Refusal> {
    let expire = |environment: &Environment, _: &str, script: &Script, _: Brought<'_>| {
        Ok(script::expire(environment, script)?)
    };
    run(target, &state, &body, &[], expire).await
}

async fn run(
    Target(environment): Target,
    state: &AppState,
    body: &Value,
    more: &[&str],
    script: impl Fn(&Environment, &str, &Script, Brought<'_>) -> Result<Report, Halt>,
) -> Result<Response, Refusal> {
    let read = read(body, more).map_err(Refusal::Invalid)?;
    let address = Intent::ALL
        .into_iter()
        .filter(|intent| read.intent.is_none_or(|wanted| wanted == *intent))
        .find_map(|intent| flow(intent).address(&read.answers));
    let fetched = match address {
        Some(address) => Some(dial::read(&state.dialing, address).await),
        None => None,
    };
    let run = |sent: Option<&Sent>| {
        let brought = Brought {
            fetched: fetched.as_ref(),
            sent,
        };
        script(&environment, &state.public_url, &read, brought)
    };
    let mut outcome = run(None);
    if let Err(Halt::ToSend(first)) = outcome {
        let sent = send_first(&state.dialing, &environment, *first).await;
        outcome = run(Some(&sent));
    }
    let report = outcome.map_err(Halt::into_error)?;
    Ok(Json(VisitView::new(&report)).into_response())
}

/// Reads what is to be done, or says everything that is wrong with it.
fn read(body: &Value, more: &[&str]) -> Result<Script, Vec<FieldError>> {
    let mut errors = Vec::new();
    let known = [&["link", "token", "organization", "intent"], more].concat();
    let script =
        Members::of(body, "", &known, &mut errors).and_then(|mut members| script_of(&mut members));
    match script {
        Some(script) if errors.is_empty() => Ok(script),
        _ => Err(errors),
    }
}

fn script_of(members: &mut Members<'_>) -> Option<Script> {
    let link = members.text("link");
    let token = members.text("token");
    let organization = members.text("organization");
    let intent = members.one_of("intent", &Intent::ALL, Intent::as_str);
    let step = members.text("step");
    let answers = match members.object("answers") {
        None => Answers::default(),
        Some(object) => {
            let mut answers = Answers::default();
            for (name, value) in object {
                for text in texts(&name, &value, members) {
                    answers.extend([(name.clone(), text)]);
                }
            }
            answers
        }
    };
    let named = [link.is_some(), token.is_some(), organization.is_some()];
    let link = match named.into_iter().filter(|named| *named).count() {
        1 => link
            .map(|link| Named::Token(token_of(&link)))
            .or(token.map(Named::Token))
            .or(organization.map(Named::Organization)),
        0 => {
            let what = "is required, or token, or organization with intent";
            members.wrong("link", "required", what);
            None
        }
        _ => {
            let what =
                "names the link, or token does, or organization with intent: give one of them";
            members.wrong("link", "duplicate", what);
            None
        }
    };
    Some(Script {
        link: link?,
        intent,
        step,
        answers,
    })
}

/// An answer, or several to one field, as the pages would send them.
fn texts(name: &str, value: &Value, members: &mut Members<'_>) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let texts = match value {
        Value::Null => return Vec::new(),
        Value::Array(values) => values.iter().map(one).collect(),
        value => one(value).map(|text| vec![text]),
    };
    texts.unwrap_or_else(|| {
        let field = format!("answers.{name}");
        let message = format!("{field} must be text, a number, true, false, or a list of those.");
        members
            .errors()
            .push(FieldError::new(&field, "invalid_type", message));
        Vec::new()
    })
}

/// The token in a link; what is no link is taken for a token.
fn token_of(link: &str) -> String {
    let url = url::Url::parse(link).ok();
    let token = url.and_then(|url| {
        let mut pairs = url.query_pairs();
        pairs.find_map(|(name, value)| (name == "token").then(|| value.into_owned()))
    });
    token.unwrap_or_else(|| link.to_owned())
}
