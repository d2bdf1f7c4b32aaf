//! Queues of deliveries, with a courier who does what it is told.

mod conduct;
mod properties;
mod trial;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::steer::{pause, resend, steer, steering};
use super::*;
use crate::domain::Error;
use crate::domain::delivery::{Answer, Attempt, Cancellation, Failure, Outcome};
use crate::domain::ids::Id as _;
use crate::domain::page::PageRequest;
use crate::domain::settings::Settings;
use crate::domain::webhook_endpoint::EndpointStatus;
use crate::domain::webhook_settings::{DeliveryOrdering, RetrySchedule};
use crate::domain::webhook_steering::Steering;
use crate::environment::{Environment, EnvironmentSpec, Surroundings};
use crate::service::environments;
use crate::service::organizations::{self, NewOrganization};
use crate::service::tests::start;
use crate::service::webhook_endpoints::{self, EndpointChanges};
use crate::wakeups::{Job, Wakeup};

const CREATED: &str = "organization.created";
const DELETED: &str = "organization.deleted";

/// An environment, and who does its jobs: only those that were given out, so that a queue which nobody is woken for stays.
struct World {
    environment: Arc<Environment>,
    jobs: UnboundedReceiver<Wakeup>,
    /// What was tried, in the order in which it was.
    tried: Vec<(Arc<Delivery>, Timestamp)>,
}

impl World {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        let (sender, jobs) = unbounded_channel();
        let spec = EnvironmentSpec {
            client_id: "client_1".into(),
            settings,
            clock: Some(start()),
            random_seed: Some(1),
            test_organization: false,
            seed: None,
        };
        let surroundings = Surroundings {
            couriers: Some(sender),
            ..Surroundings::default()
        };
        let environments = environments::first(spec, Vec::new(), surroundings).expect("no seed");
        Self {
            environment: environments.default_environment(),
            jobs,
            tried: Vec::new(),
        }
    }

    /// Makes an endpoint on a port of this machine.
    fn endpoint(&self, port: u16) -> String {
        let url = format!("http://localhost:{port}/");
        let events = vec![CREATED.to_owned(), DELETED.to_owned()];
        let made = webhook_endpoints::create(&self.environment, &url, events).unwrap();
        made.id.to_string()
    }

    /// Makes an organization, which is an event.
    fn happen(&self, name: &str) -> String {
        let new = NewOrganization {
            name: name.into(),
            ..NewOrganization::default()
        };
        let made = organizations::create(&self.environment, new).unwrap();
        made.id.to_string()
    }

    /// Deletes one, which is another.
    fn delete(&self, organization: &str) {
        organizations::delete(&self.environment, organization).unwrap();
    }

    fn change(&self, endpoint: &str, changes: EndpointChanges) {
        webhook_endpoints::update(&self.environment, endpoint, changes).unwrap();
    }

    fn enable(&self, endpoint: &str, enabled: bool) {
        let status = if enabled {
            EndpointStatus::Enabled
        } else {
            EndpointStatus::Disabled
        };
        let status = Some(status);
        self.change(
            endpoint,
            EndpointChanges {
                status,
                ..EndpointChanges::default()
            },
        );
    }

    fn subscribe(&self, endpoint: &str, to: &[&str]) {
        let events = Some(to.iter().map(ToString::to_string).collect());
        self.change(
            endpoint,
            EndpointChanges {
                events,
                ..EndpointChanges::default()
            },
        );
    }

    fn steer(&self, endpoint: &str, steering: Steering) {
        steer(&self.environment, endpoint, steering).unwrap();
    }

    fn advance(&self, by: SignedDuration) {
        self.environment.clock.advance(by).unwrap();
        keep_time(&self.environment);
    }

    fn advance_seconds(&self, seconds: i64) {
        self.advance(SignedDuration::from_secs(seconds));
    }

    /// Does every job that was given out, until there is none. Attempts end as `outcome` says.
    fn deliver(&mut self, mut outcome: impl FnMut() -> Outcome) {
        while let Ok(Wakeup { job, .. }) = self.jobs.try_recv() {
            // Time is kept by `advance`, by one who stays at it.
            let Job::Send(queue) = &job else { continue };
            loop {
                match take(&self.environment, queue) {
                    Some(parcel) => self.attempt(&parcel, outcome()),
                    None if self.environment.wakeups.goes_on(&job) => {}
                    None => break,
                }
            }
        }
    }

    fn attempt(&mut self, parcel: &Parcel, outcome: Outcome) {
        let Parcel::Webhook { delivery, endpoint } = parcel else {
            panic!("this is no webhook");
        };
        let now = Work::begin(&self.environment).now();
        let url = endpoint.url.as_str().into();
        let attempt = Attempt {
            outcome,
            ..Attempt::not_dialled(url, &now)
        };
        self.tried.push((Arc::clone(delivery), now.at()));
        attempted(&self.environment, parcel, attempt);
    }

    /// The organizations that what was tried since this was last asked tells of.
    fn tried(&mut self) -> Vec<String> {
        let tried = self.tried.drain(..);
        tried.map(|(delivery, _)| name(&delivery)).collect()
    }

    /// Every delivery, oldest first.
    fn all(&self) -> Vec<Arc<Delivery>> {
        let page = PageRequest {
            limit: 10_000,
            ..PageRequest::default()
        };
        let asked = list::ListDeliveries {
            page,
            ..list::ListDeliveries::default()
        };
        let mut all = list::list(&self.environment, asked).unwrap().items;
        all.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
        all
    }

    fn states(&self) -> Vec<&'static str> {
        let all = self.all();
        all.iter()
            .map(|delivery| delivery.progress.state.as_str())
            .collect()
    }
}

/// The name of the organization that a delivery tells of.
fn name(delivery: &Delivery) -> String {
    let crate::domain::event::Happening::Organization(event) = &delivery.event.what else {
        panic!("no organization: {delivery:?}");
    };
    event.organization().name.clone()
}

fn answered(status: u16) -> Outcome {
    Outcome::Answered(Answer {
        status,
        body: "".into(),
        truncated: false,
    })
}

fn failed() -> Outcome {
    Outcome::Failed(Failure::Timeout)
}

fn retries(waits: &[i64]) -> Settings {
    let waits = waits.iter().map(|wait| SignedDuration::from_secs(*wait));
    let mut settings = Settings::default();
    settings.webhooks.retries = RetrySchedule::Custom(waits.collect());
    settings
}
