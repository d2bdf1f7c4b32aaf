//! Webhooks of a test's environment.

use std::time::Duration;

use axum::http::HeaderMap;
use serde_json::json;

use super::{Error, TestEnvironment};
use crate::api::contract;
use crate::config::Secret;
use crate::domain::delivery::DeliveryState as State;
use crate::domain::ids::Id as _;
use crate::domain::page::PageRequest;
use crate::environment::Environment;
use crate::operation::Operation;
use crate::service::deliveries::list::{self, ListDeliveries};
use crate::service::webhook_endpoints;

/// The most deliveries that are told of.
const MOST: usize = 1_000_000;

/// The webhooks of an environment: where they go, what became of them, and when they have arrived.
#[derive(Clone, Copy, Debug)]
pub struct Deliveries<'e> {
    environment: &'e TestEnvironment,
}

/// A webhook endpoint that was made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WebhookEndpoint {
    /// Its id.
    pub id: String,
    /// What deliveries are signed with; verify them with it.
    pub secret: Secret,
}

/// An event on its way to a webhook endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Its id.
    pub id: String,
    /// The endpoint's id.
    pub endpoint_id: String,
    /// The name of the event, such as `dsync.activated`.
    pub event: String,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: usize,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryState {
    /// It is being sent, or is to be sent now.
    UnderWay,
    /// It waits for a later time on the environment's clock, for others, or for what is before it.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// The last attempt has failed.
    Failed,
    /// The server does not dial the address: it is on another machine, and the configuration does not allow its host.
    NotDialled,
    /// It is not to be sent any more.
    Cancelled,
}

impl<'e> Deliveries<'e> {
    pub(super) fn of(environment: &'e TestEnvironment) -> Self {
        Self { environment }
    }

    /// Makes a webhook endpoint for events with these names.
    ///
    /// # Errors
    /// [`Error::Refused`] when the API would refuse it: an address that cannot be used or is another endpoint's, or an event
    /// that there is none of; [`Error::Gone`].
    pub fn endpoint(&self, url: &str, events: &[&str]) -> Result<WebhookEndpoint, Error> {
        let environment = self.environment.current()?;
        let body = json!({"endpoint_url": url, "events": events});
        let none: &[(&str, &str)] = &[];
        let operation = Operation::CreateWebhookEndpoint;
        let checked = contract::validate(operation, none, None, &HeaderMap::new(), Some(body));
        checked.map_err(|rejection| {
            let sentences = rejection.errors.into_iter().map(|error| error.message);
            let sentences: Vec<_> = sentences.collect();
            Error::Refused(if sentences.is_empty() {
                rejection.message
            } else {
                sentences.join(" ")
            })
        })?;
        let events = events.iter().map(|name| (*name).to_owned()).collect();
        let made = webhook_endpoints::create(&environment, url, events)?;
        Ok(WebhookEndpoint {
            id: made.id.as_str().to_owned(),
            secret: Secret::new(made.secret.expose()),
        })
    }

    /// Returns when nothing is being sent or to be sent now, so that everything has arrived that can arrive before the clock
    /// moves. `timeout` is real time.
    ///
    /// # Errors
    /// [`Error::StillUnderWay`] with the first of what is; [`Error::Gone`].
    ///
    /// # Panics
    /// Outside a tokio runtime with time.
    pub async fn wait_idle(&self, timeout: Duration) -> Result<(), Error> {
        let environment = self.environment.current()?;
        let idle = list::idle(&environment);
        if tokio::time::timeout(timeout, idle).await.is_ok() {
            return Ok(());
        }
        Err(still_under_way(&environment))
    }

    /// How many deliveries are not over: they are being sent, are to be sent now, or wait for their time.
    ///
    /// # Errors
    /// [`Error::Gone`].
    pub fn undelivered(&self) -> Result<usize, Error> {
        Ok(list::left_over(&*self.environment.current()?))
    }

    /// Every delivery to a webhook endpoint, the newest first.
    ///
    /// # Errors
    /// [`Error::Gone`].
    pub fn all(&self) -> Result<Vec<Delivery>, Error> {
        let environment = self.environment.current()?;
        let most = environment.settings.webhooks.max_deliveries.min(MOST);
        let page = PageRequest {
            limit: most,
            ..PageRequest::default()
        };
        let all = ListDeliveries {
            page,
            ..ListDeliveries::default()
        };
        let page = list::list(&environment, all)?;
        let all = page.items.iter().map(|delivery| Delivery {
            id: delivery.id.as_str().to_owned(),
            endpoint_id: delivery.endpoint_id.as_str().to_owned(),
            event: delivery.event.what.name().to_owned(),
            state: delivery.progress.state.into(),
            attempts: delivery.progress.attempts.len(),
        });
        Ok(all.collect())
    }
}

fn still_under_way(environment: &Environment) -> Error {
    let list::UnderWay {
        count,
        first,
        first_logged,
        ..
    } = list::under_way(environment);
    let first = first.iter().map(|delivery| {
        let (event, to) = (delivery.event.what.name(), &delivery.endpoint_id);
        format!("{event} to {to} is {}", delivery.progress.state.as_str())
    });
    let first_logged = first_logged.iter().map(|delivery| {
        let (action, through) = (&delivery.event.entry.action, &delivery.stream_id);
        let state = delivery.progress.state.as_str();
        format!("{action} through {through} is {state}")
    });
    Error::StillUnderWay {
        count,
        first: first.chain(first_logged).collect(),
    }
}

impl From<State> for DeliveryState {
    fn from(state: State) -> Self {
        match state {
            State::Due | State::Sending => Self::UnderWay,
            State::Held(_) | State::Waiting(_) | State::Blocked => Self::Waiting,
            State::Delivered => Self::Delivered,
            State::Failed => Self::Failed,
            State::NotDialled => Self::NotDialled,
            State::Cancelled(_) => Self::Cancelled,
        }
    }
}
