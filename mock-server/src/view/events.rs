//! Events, each with the payload of its family.

use serde::Serialize;

use super::Time;
use super::organizations::{OrganizationDomainView, OrganizationView};
use crate::domain::event::{Event, Happening};
use crate::domain::ids::Id as _;
use crate::domain::organization_domain::{FailureReason, OrganizationDomainEvent};
use crate::domain::page::Page;

/// An event. It is the same in a list and in a webhook.
#[derive(Serialize)]
pub(crate) struct EventView<'a> {
    object: &'static str,
    id: &'a str,
    event: &'static str,
    data: Payload<'a>,
    created_at: Time,
}

/// What an event is about.
#[derive(Serialize)]
#[serde(untagged)]
enum Payload<'a> {
    Organization(OrganizationView<'a>),
    OrganizationDomain(OrganizationDomainView<'a>),
    VerificationFailed {
        reason: FailureReason,
        organization_domain: OrganizationDomainView<'a>,
    },
}

impl<'a> EventView<'a> {
    pub(crate) fn new(event: &'a Event) -> Self {
        Self {
            object: "event",
            id: event.id.as_str(),
            event: event.what.name(),
            data: Payload::new(&event.what),
            created_at: Time(event.created_at),
        }
    }
}

impl<'a> Payload<'a> {
    fn new(what: &'a Happening) -> Self {
        match what {
            Happening::Organization(event) => {
                Self::Organization(OrganizationView::of_event(event.organization()))
            }
            Happening::OrganizationDomain(event) => {
                let organization_domain = OrganizationDomainView::new(event.domain());
                match event {
                    OrganizationDomainEvent::VerificationFailed(_, reason) => {
                        Self::VerificationFailed {
                            reason: *reason,
                            organization_domain,
                        }
                    }
                    _ => Self::OrganizationDomain(organization_domain),
                }
            }
        }
    }
}

/// A page of events, which tells only how to go on.
#[derive(Serialize)]
pub(crate) struct EventPageView<'a> {
    object: &'static str,
    data: Vec<EventView<'a>>,
    list_metadata: After<'a>,
}

#[derive(Serialize)]
struct After<'a> {
    after: Option<&'a str>,
}

impl<'a> EventPageView<'a> {
    pub(crate) fn new(page: &'a Page<Event>) -> Self {
        Self {
            object: "list",
            data: page
                .items
                .iter()
                .map(|event| EventView::new(event))
                .collect(),
            list_metadata: After {
                after: page.after.as_deref(),
            },
        }
    }
}
