//! `/_mock/requests`: what the environment was asked and what it answered, and whether that is what a test expects.

use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::{FieldError, Refusal};
use super::call::Call;
use super::operations;
use super::route::Route;
use crate::domain::exchange::Expectation;
use crate::domain::page::{Order, PageRequest};
use crate::service::exchanges::{self, Findings, ListExchanges, Times};
use crate::view::PageView;
use crate::view::exchanges::{DifferenceView, ExchangeView};

/// The operations of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Method::GET,
            "/_mock/requests",
            "list_requests",
            "Lists requests to the API and to the portal's pages with what they were answered, newest first.",
            |call| Box::pin(async move { list(&call) }),
        )
        .description(
            "Keys, tokens and secrets are hidden. Of each body the first 16 kB are kept, and of all requests the newest.",
        )
        .query::<RequestFilter>()
        .answers::<PageView<ExchangeView>>(200, "A page of requests."),
        Route::new(
            Method::GET,
            "/_mock/requests/{id}",
            "get_request",
            "Shows a request with what it was answered.",
            |call| Box::pin(async move { show(&call) }),
        )
        .names("id", "The request, by its id in this list.")
        .answers::<ExchangeView>(200, "The request."),
        Route::new(
            Method::POST,
            "/_mock/requests/verify",
            "verify_requests",
            "Tells whether there were as many requests of a kind as a test expects.",
            |call| Box::pin(async move { verify(&call) }),
        )
        .description(
            "What is left out may be anything. Of `body`, every member that is given has to be in the request with this value.",
        )
        .body::<Verification>()
        .example(
            "one link for single sign-on, and no more",
            r#"{"operation": "generate_portal_link", "body": {"intent": "sso"}, "times": 1}"#,
        )
        .example("none that was refused", r#"{"status": 422, "times": 0}"#)
        .answers::<Verified>(200, "There were as many as expected.")
        .refuses(&[(
            409,
            "There were more or fewer; `near` has the requests that differ least, with what differs.",
        )]),
    ]
}

/// Which requests are to be listed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RequestFilter {
    /// Those of this operation of the API, by its id.
    operation: Option<String>,
    /// Those with this method, in capitals.
    method: Option<String>,
    /// Those with this path.
    path: Option<String>,
    /// Those that were answered with this status.
    #[schemars(range(min = 100, max = 599))]
    status: Option<u16>,
    /// How many, at most; 10 unless it is said.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u8>,
    /// Those that are newer than the one with this id.
    before: Option<String>,
    /// Those that are older than the one with this id.
    after: Option<String>,
}

/// What a test expects.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Verification {
    /// The operation of the API, by its id, such as `generate_portal_link`.
    operation: Option<String>,
    /// The method, in capitals.
    method: Option<String>,
    /// The path, without the query.
    path: Option<String>,
    /// The status that was answered.
    #[schemars(range(min = 100, max = 599))]
    status: Option<u16>,
    /// What the body has to have in it.
    body: Option<Value>,
    /// How many such requests there have to be, exactly. At least one, when nothing is said.
    times: Option<u32>,
    /// How many there have to be at least.
    at_least: Option<u32>,
    /// How many there may be at most.
    at_most: Option<u32>,
}

/// That there were as many requests as expected.
#[derive(Serialize, JsonSchema)]
pub(super) struct Verified {
    /// How many there were.
    matched: usize,
    /// Their ids, the newest first; no more than a hundred.
    requests: Vec<String>,
}

/// That there were not.
#[derive(Serialize)]
struct Differs {
    message: String,
    code: &'static str,
    matched: usize,
    near: Vec<Near>,
}

#[derive(Serialize)]
struct Near {
    request: ExchangeView,
    differences: Vec<DifferenceView>,
}

const USUAL_LIMIT: u8 = 10;
const MOST_NAMED: usize = 100;

fn list(call: &Call) -> Result<Response, Refusal> {
    let asked: RequestFilter = call.query()?;
    let page = PageRequest {
        limit: asked.limit.unwrap_or(USUAL_LIMIT).into(),
        order: Order::Desc,
        before: asked.before,
        after: asked.after,
    };
    let page = exchanges::list(
        &call.environment,
        ListExchanges {
            page,
            operation: asked.operation,
            method: asked.method,
            path: asked.path,
            status: asked.status,
        },
    )?;
    Ok(Json(PageView::new(&page, ExchangeView::new)).into_response())
}

fn show(call: &Call) -> Result<Response, Refusal> {
    let exchange = exchanges::get(&call.environment, call.path("id"))?;
    Ok(Json(ExchangeView::new(&exchange)).into_response())
}

fn verify(call: &Call) -> Result<Response, Refusal> {
    let expected: Verification = call.body()?;
    let times = times(&expected)?;
    if let Some(id) = &expected.operation {
        operations::named(id).map_err(|error| Refusal::Invalid(vec![error]))?;
    }
    let expectation = Expectation {
        operation: expected.operation,
        method: expected.method,
        path: expected.path,
        status: expected.status,
        body: expected.body,
    };
    let Findings { matching, near } = exchanges::find(&call.environment, &expectation);
    let matched = matching.len();
    if times.allow(matched) {
        let ids = matching.iter().take(MOST_NAMED);
        let view = Verified {
            matched,
            requests: ids.map(|exchange| exchange.id.to_string()).collect(),
        };
        return Ok(Json(view).into_response());
    }
    let near = near.into_iter().map(|(exchange, differences)| Near {
        request: ExchangeView::new(&exchange),
        differences: differences.iter().map(DifferenceView::new).collect(),
    });
    let view = Differs {
        message: sentence(times, matched),
        code: "requests_differ",
        matched,
        near: near.collect(),
    };
    Ok((StatusCode::CONFLICT, Json(view)).into_response())
}

fn times(expected: &Verification) -> Result<Times, Refusal> {
    let usize_of = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let bounds = (expected.at_least, expected.at_most);
    let wrong = |field: &str, message: &str| {
        let error = FieldError::new(field, "invalid_value", message);
        Err(Refusal::Invalid(vec![error]))
    };
    match (expected.times, bounds) {
        (Some(times), (None, None)) => Ok(Times {
            least: usize_of(times),
            most: usize_of(times),
        }),
        (Some(_), _) => wrong(
            "times",
            "times says it all: at_least and at_most go without it.",
        ),
        (None, (None, None)) => Ok(Times {
            least: 1,
            most: usize::MAX,
        }),
        (None, (Some(least), Some(most))) if least > most => {
            wrong("at_least", "at_least must be no more than at_most.")
        }
        (None, (least, most)) => Ok(Times {
            least: least.map_or(0, usize_of),
            most: most.map_or(usize::MAX, usize_of),
        }),
    }
}

/// `Expected exactly 1 such request, and there were 2.`
fn sentence(times: Times, matched: usize) -> String {
    let Times { least, most } = times;
    let expected = if least == most {
        format!("exactly {least}")
    } else if most == usize::MAX {
        format!("at least {least}")
    } else if least == 0 {
        format!("at most {most}")
    } else {
        format!("{least} to {most}")
    };
    let plural = if matched == 1 { "was" } else { "were" };
    format!("Expected {expected} such requests, and there {plural} {matched}.")
}
