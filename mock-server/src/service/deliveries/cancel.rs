//! What is not to be sent any more since its endpoint has changed. There may be very much of it, so that it is done in
//! several units of work: none holds the environment for long.

use super::super::Work;
use super::keep_only;
use super::queue::put;
use crate::domain::delivery::{Cancellation, Cause, Delivery, DeliveryState, QueueId};
use crate::domain::ids::{DeliveryId, Id as _, WebhookEndpointId};
use crate::domain::page::{Order, PageRequest};
use crate::domain::webhook_endpoint::WebhookEndpoint;
use crate::environment::Environment;
use crate::store::{DeliveryKey, EVERYWHERE, Query};
use crate::wakeups::Job;

/// How many deliveries one unit of work looks at.
const AT_ONCE: usize = 1_000;

/// Cancels what is not to be sent any more to an endpoint as it is now: the first of it at once, the rest by a job that
/// follows.
pub(in crate::service) fn respect(work: &mut Work<'_>, id: &WebhookEndpointId) {
    if cancel_some(work, id, None).is_some() {
        work.begin_job(Job::Cancel(id.clone()));
    }
}

/// Cancels more of it, of what comes after a delivery. Returns the last delivery that was looked at; nothing when that was all.
pub(crate) fn go_on(
    environment: &Environment,
    id: &WebhookEndpointId,
    after: Option<DeliveryId>,
) -> Option<DeliveryId> {
    let mut work = Work::begin(environment);
    let last = cancel_some(&mut work, id, after);
    work.commit();
    last
}

fn cancel_some(
    work: &mut Work<'_>,
    id: &WebhookEndpointId,
    after: Option<DeliveryId>,
) -> Option<DeliveryId> {
    let open = work.list(&Query {
        filters: vec![vec![DeliveryKey::Open(id.clone())]],
        verify: &|_| true,
        within: EVERYWHERE,
        page: &PageRequest {
            after: after.map(|id| id.as_str().to_owned()),
            limit: AT_ONCE,
            order: Order::Asc,
            ..PageRequest::default()
        },
    });
    let open = open.expect("the id of a delivery is a cursor");
    let endpoint = work.get::<WebhookEndpoint>(id.as_str());
    for delivery in &open.items {
        if let Some(why) = why(endpoint.as_deref(), delivery) {
            put(work, delivery, DeliveryState::Cancelled(why));
        }
    }
    keep_only(work);
    // What is cancelled may have held up what is behind it.
    work.wake(QueueId::Endpoint(id.clone()));
    let last = open.after.and(open.items.last());
    last.map(|delivery| delivery.id.clone())
}

/// Why a delivery is not to be sent any more, if it is not.
fn why(endpoint: Option<&WebhookEndpoint>, delivery: &Delivery) -> Option<Cancellation> {
    match endpoint {
        None => Some(Cancellation::Deleted),
        Some(endpoint) if !endpoint.is_enabled() => Some(Cancellation::Disabled),
        Some(_) if delivery.cause == Cause::Test => None,
        Some(endpoint) => {
            let wanted = endpoint.wants(delivery.event.what.name());
            (!wanted).then_some(Cancellation::Unsubscribed)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::webhook_endpoint::EndpointStatus;
    use crate::service::organizations::{self, NewOrganization};
    use crate::service::tests::environment;
    use crate::service::webhook_endpoints::{self, EndpointChanges};

    const NAMES: [&str; 2] = ["organization.created", "organization.updated"];
    /// More than two units of work have in them.
    const MANY: usize = 2 * AT_ONCE + 500;

    /// An environment that sends nothing, with many deliveries to an endpoint.
    fn with_many() -> (Arc<Environment>, Arc<WebhookEndpoint>) {
        let environment = environment();
        let names = NAMES.map(str::to_owned).to_vec();
        let url = "http://localhost:9/";
        let endpoint = webhook_endpoints::create(&environment, url, names).unwrap();
        for number in 0..MANY {
            let new = NewOrganization {
                name: format!("Company {number}"),
                ..NewOrganization::default()
            };
            organizations::create(&environment, new).unwrap();
        }
        (environment, endpoint)
    }

    fn count(environment: &Environment, state: &str) -> usize {
        Work::begin(environment).count::<Delivery>(&DeliveryKey::State(state.into()))
    }

    /// How many are cancelled after each of the units of work that follow.
    fn steps(environment: &Environment, id: &WebhookEndpointId) -> Vec<usize> {
        let mut last = None;
        let mut counts = vec![count(environment, "cancelled")];
        loop {
            last = go_on(environment, id, last);
            counts.push(count(environment, "cancelled"));
            if last.is_none() {
                return counts;
            }
        }
    }

    #[test]
    fn very_many_are_cancelled_in_several_units_of_work() {
        let expected = [AT_ONCE, 2 * AT_ONCE, MANY];
        let disable = |environment: &Environment, id: &str| {
            let changes = EndpointChanges {
                status: Some(EndpointStatus::Disabled),
                ..EndpointChanges::default()
            };
            webhook_endpoints::update(environment, id, changes).unwrap();
        };
        let delete = |environment: &Environment, id: &str| {
            webhook_endpoints::delete(environment, id).unwrap();
        };
        for change in [&disable as &dyn Fn(&Environment, &str), &delete] {
            let (environment, endpoint) = with_many();
            assert_eq!(count(&environment, "due"), MANY);
            change(&environment, endpoint.id.as_str());
            assert_eq!(steps(&environment, &endpoint.id), expected);
            assert_eq!(count(&environment, "due"), 0);
        }
    }

    #[test]
    fn of_very_many_those_are_cancelled_that_are_not_wanted_any_more() {
        let (environment, endpoint) = with_many();
        let page = PageRequest {
            limit: 3,
            ..PageRequest::default()
        };
        let list = organizations::list(
            &environment,
            &organizations::ListOrganizations {
                page,
                ..Default::default()
            },
        );
        for organization in list.unwrap().items {
            let changes = organizations::OrganizationChanges {
                name: Some("Renamed".into()),
                ..Default::default()
            };
            organizations::update(&environment, organization.id.as_str(), changes).unwrap();
        }
        let changes = EndpointChanges {
            events: Some(vec![NAMES[1].to_owned()]),
            ..EndpointChanges::default()
        };
        webhook_endpoints::update(&environment, endpoint.id.as_str(), changes).unwrap();
        assert_eq!(
            steps(&environment, &endpoint.id),
            [AT_ONCE, 2 * AT_ONCE, MANY]
        );
        assert_eq!(count(&environment, "due"), 3);
    }

    #[test]
    fn what_is_disabled_sends_nothing_though_not_everything_is_cancelled_yet() {
        let (environment, endpoint) = with_many();
        let queue = QueueId::Endpoint(endpoint.id.clone());
        assert!(super::super::take(&environment, &queue).is_some());
        let changes = EndpointChanges {
            status: Some(EndpointStatus::Disabled),
            ..EndpointChanges::default()
        };
        webhook_endpoints::update(&environment, endpoint.id.as_str(), changes).unwrap();
        assert!(count(&environment, "due") > 0);
        assert!(super::super::take(&environment, &queue).is_none());
    }
}
