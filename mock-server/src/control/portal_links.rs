//! `/_mock/portal_links`: what a person would do with a portal link, done by a call.

use axum::Json;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::answer::{FieldError, Refusal};
use super::call::Call;
use super::route::{MUCH, Route};
use crate::domain::answers::Answers;
use crate::domain::intent::Intent;
use crate::environment::Environment;
use crate::service::setup::script::{self, Brought, Halt, Named, Report, Script};
use crate::view::portal_visits::VisitView;
use crate::visits;

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    let visit = |name: &'static str, path, summary, handler| {
        Route::new(Method::POST, path, name, summary, handler)
            .largest_body(MUCH)
            .answers::<VisitView<'static>>(200, "What became of the visit.")
            .refuses(&[(404, "There is no such link or organization.")])
    };
    vec![
        visit(
            "complete_portal_link",
            "/_mock/portal_links/complete",
            "Goes through the portal as an admin would, and finishes.",
            |call| Box::pin(async move { complete(call).await }),
        )
        .description(
            "It is one unit of work: when a step is not done by the answers, nothing was. The answer says what was made and \
             where the browser would have gone.",
        )
        .body::<Visit>()
        .example("the newest link of an organization", r#"{"organization": "org_test_idp", "intent": "sso"}"#)
        .example(
            "with answers in the place of samples",
            r#"{"organization": "org_test_idp", "intent": "domain_verification", "answers": {"domain": "acme.example"}}"#,
        ),
        visit(
            "stop_portal_link",
            "/_mock/portal_links/step",
            "Goes through the portal up to a step and leaves it there.",
            |call| Box::pin(async move { step(call).await }),
        )
        .description("The link is not opened by that, so a browser can go on from there.")
        .body::<VisitTo>()
        .example("up to a step", r#"{"organization": "org_test_idp", "intent": "sso", "step": "attributes"}"#),
        visit(
            "fail_portal_link",
            "/_mock/portal_links/fail",
            "Goes through the portal up to a step and lets that fail.",
            |call| Box::pin(async move { fail(call).await }),
        )
        .description(
            "Without a step it is the last that can fail. An outcome among the `answers` that is not the good one says how it \
             fails. The answer has what the page tells the visitor.",
        )
        .body::<FailingVisit>()
        .example("at the last step that can", r#"{"organization": "org_test_idp", "intent": "sso"}"#)
        .example(
            "the identity provider does not answer",
            r#"{"organization": "org_test_idp", "intent": "sso", "step": "test", "answers": {"outcome": "timeout"}}"#,
        ),
        visit(
            "expire_portal_link",
            "/_mock/portal_links/expire",
            "Ends the lifetime of a link and of its session.",
            |call| Box::pin(async move { expire(call).await }),
        )
        .description("The clock stays where it is.")
        .body::<LinkName>()
        .example("by its token", r#"{"token": "…"}"#),
    ]
}

/// A portal link by its address, its token, or the organization that it is for: exactly one of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct LinkName {
    /// The address of the link.
    #[schemars(length(min = 1))]
    link: Option<String>,
    /// The token in its address.
    #[schemars(length(min = 1))]
    token: Option<String>,
    /// The organization whose newest link it is.
    #[schemars(length(min = 1))]
    organization: Option<String>,
    /// Which part of the portal. It has to be said with an organization, and where a link opens on several.
    intent: Option<Intent>,
}

/// A visit to the portal.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Visit {
    #[serde(flatten)]
    link: LinkName,
    /// What is answered to fields, by their names, in the place of samples.
    #[serde(default)]
    #[schemars(with = "Option<AnswersOf>")]
    answers: Map<String, Value>,
}

/// A visit to the portal that ends before a step.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct VisitTo {
    #[serde(flatten)]
    visit: Visit,
    /// The step to stop at, by its name in addresses.
    #[schemars(length(min = 1))]
    step: String,
}

/// A visit to the portal that fails at a step.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct FailingVisit {
    #[serde(flatten)]
    visit: Visit,
    /// The step that fails, by its name in addresses.
    #[schemars(length(min = 1))]
    step: Option<String>,
}

/// Answers by the names of their fields.
type AnswersOf = std::collections::BTreeMap<String, Answer>;

/// What is answered to a field, or several things to one, as the pages would send them.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(
    dead_code,
    reason = "answers are read as they come; this is their schema"
)]
enum Answer {
    One(Scalar),
    Several(Vec<Scalar>),
    Nothing(()),
}

/// One answer.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(
    dead_code,
    reason = "answers are read as they come; this is their schema"
)]
enum Scalar {
    Text(String),
    Number(f64),
    Truth(bool),
}

/// Goes through the part that the link opens, and finishes the session.
async fn complete(call: Call) -> Result<Response, Refusal> {
    let visit: Visit = call.body()?;
    run(&call, visit.script(None)?, script::complete).await
}

/// Goes through it up to a step and leaves it there.
async fn step(call: Call) -> Result<Response, Refusal> {
    let VisitTo { visit, step } = call.body()?;
    run(&call, visit.script(Some(step))?, script::stop_at).await
}

/// Goes through it up to a step and lets that fail.
async fn fail(call: Call) -> Result<Response, Refusal> {
    let FailingVisit { visit, step } = call.body()?;
    run(&call, visit.script(step)?, script::fail).await
}

/// Lets the lifetime of the link be over.
async fn expire(call: Call) -> Result<Response, Refusal> {
    let link: LinkName = call.body()?;
    let visit = Visit {
        link,
        answers: Map::new(),
    };
    let expire = |environment: &Environment, _: &str, script: &Script, _: Brought<'_>| {
        Ok(script::expire(environment, script)?)
    };
    run(&call, visit.script(None)?, expire).await
}

async fn run(
    call: &Call,
    read: Script,
    script: impl Fn(&Environment, &str, &Script, Brought<'_>) -> Result<Report, Halt>,
) -> Result<Response, Refusal> {
    let Call {
        environment, state, ..
    } = call;
    let report = visits::run(
        &state.dialing,
        environment,
        &state.public_url,
        &read,
        script,
    )
    .await?;
    Ok(Json(VisitView::new(&report)).into_response())
}

impl Visit {
    /// What is to be done, or why nothing can be.
    fn script(self, step: Option<String>) -> Result<Script, Refusal> {
        let intent = self.link.intent;
        let link = self.link.named();
        let link = link.map_err(|error| Refusal::Invalid(vec![error]))?;
        let mut answers = Answers::default();
        for (name, value) in &self.answers {
            answers.extend(texts(value).map(|text| (name.clone(), text)));
        }
        Ok(Script {
            link,
            intent,
            step,
            answers,
        })
    }
}

impl LinkName {
    fn named(self) -> Result<Named, FieldError> {
        match (self.link, self.token, self.organization) {
            (Some(link), None, None) => Ok(Named::link(&link)),
            (None, Some(token), None) => Ok(Named::Token(token)),
            (None, None, Some(organization)) => Ok(Named::Organization(organization)),
            (None, None, None) => {
                let message = "link is required, or token, or organization with intent.";
                Err(FieldError::new("link", "required", message))
            }
            _ => {
                let message = "link names the link, or token does, or organization with intent: give one of them.";
                Err(FieldError::new("link", "duplicate", message))
            }
        }
    }
}

/// An answer, or several to one field, as the pages would send them.
fn texts(value: &Value) -> impl Iterator<Item = String> + '_ {
    let all = match value {
        Value::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    };
    all.iter().filter_map(|one| match one {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        // The document lets nothing else through.
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })
}
