//! Events, each with the payload of its family.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Time;
use super::byok_keys::ByokKeyEventView;
use super::connections::{
    ConnectionEventView, DeletedConnectionView, RenewalRequiredView, RenewedView,
};
use super::directories::{ChangedView, DirectoryEventView, DirectoryGroupView, DirectoryUserView};
use super::directory_tokens::DirectoryTokenView;
use super::organizations::{OrganizationDomainView, OrganizationView};
use super::sign_ins::SignInView;
use crate::domain::connection::ConnectionEvent;
use crate::domain::directory::DirectoryEvent;
use crate::domain::directory_group::DirectoryGroupEvent;
use crate::domain::directory_user::DirectoryUserEvent;
use crate::domain::event::{Event, Happening};
use crate::domain::ids::Id as _;
use crate::domain::organization_domain::{FailureReason, OrganizationDomainEvent};
use crate::domain::page::Page;

/// An event. It is the same in a list and in a webhook.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Event")]
pub(crate) struct EventView<'a> {
    /// Always `event`.
    #[schemars(extend("const" = "event"))]
    object: &'static str,
    /// Its id.
    id: &'a str,
    /// Its name.
    event: &'static str,
    /// What it is about, as it was then; each name has members of its own.
    #[schemars(with = "Map<String, Value>")]
    data: Payload<'a>,
    /// When it happened.
    created_at: Time,
}

/// What an event is about.
#[derive(Serialize)]
#[serde(untagged)]
enum Payload<'a> {
    Organization(OrganizationView<'a>),
    OrganizationDomain(OrganizationDomainView<'a>),
    Connection(ConnectionEventView<'a>),
    DeletedConnection(DeletedConnectionView<'a>),
    CertificateRenewalRequired(RenewalRequiredView<'a>),
    CertificateRenewed(RenewedView<'a>),
    SignIn(SignInView<'a>),
    VerificationFailed {
        reason: FailureReason,
        organization_domain: OrganizationDomainView<'a>,
    },
    Directory(DirectoryEventView<'a>),
    DirectoryUser(DirectoryUserView<'a>),
    ChangedDirectoryUser(ChangedView<DirectoryUserView<'a>>),
    DirectoryGroup(DirectoryGroupView<'a>),
    ChangedDirectoryGroup(ChangedView<DirectoryGroupView<'a>>),
    Membership {
        directory_id: &'a str,
        user: DirectoryUserView<'a>,
        group: DirectoryGroupView<'a>,
    },
    DirectoryToken(DirectoryTokenView<'a>),
    ByokKey(ByokKeyEventView<'a>),
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
            Happening::Connection(event) => match event {
                ConnectionEvent::Activated(connection)
                | ConnectionEvent::Deactivated(connection) => {
                    Self::Connection(ConnectionEventView::new(connection))
                }
                ConnectionEvent::Deleted(connection) => {
                    Self::DeletedConnection(DeletedConnectionView::new(connection))
                }
                ConnectionEvent::CertificateRenewalRequired { certificate, days } => {
                    Self::CertificateRenewalRequired(RenewalRequiredView::new(certificate, *days))
                }
                ConnectionEvent::CertificateRenewed(certificate) => {
                    Self::CertificateRenewed(RenewedView::new(certificate))
                }
            },
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
            Happening::Directory(event) => Self::of_directory(event),
            Happening::DirectoryUser(event) => Self::of_directory_user(event),
            Happening::DirectoryGroup(event) => Self::of_directory_group(event),
            Happening::DirectoryToken(event) => {
                Self::DirectoryToken(DirectoryTokenView::new(event))
            }
            Happening::ByokKey(event) => Self::ByokKey(ByokKeyEventView::new(event)),
            Happening::SignIn(event) => Self::SignIn(SignInView::new(event)),
        }
    }

    fn of_directory(event: &'a DirectoryEvent) -> Self {
        Self::Directory(match event {
            DirectoryEvent::Activated { directory, domains } => {
                DirectoryEventView::activated(directory, domains.iter().map(AsRef::as_ref))
            }
            DirectoryEvent::Deleted(directory) => DirectoryEventView::deleted(directory),
        })
    }

    fn of_directory_user(event: &'a DirectoryUserEvent) -> Self {
        let view = DirectoryUserView::of_event;
        match event {
            DirectoryUserEvent::Created(user) | DirectoryUserEvent::Deleted(user) => {
                Self::DirectoryUser(view(user))
            }
            DirectoryUserEvent::Updated { user, before } => {
                Self::ChangedDirectoryUser(ChangedView::new(&view(before), view(user)))
            }
        }
    }

    fn of_directory_group(event: &'a DirectoryGroupEvent) -> Self {
        let view = DirectoryGroupView::new;
        match event {
            DirectoryGroupEvent::Created(group) | DirectoryGroupEvent::Deleted(group) => {
                Self::DirectoryGroup(view(group))
            }
            DirectoryGroupEvent::Updated { group, before } => {
                Self::ChangedDirectoryGroup(ChangedView::new(&view(before), view(group)))
            }
            DirectoryGroupEvent::UserAdded { group, user }
            | DirectoryGroupEvent::UserRemoved { group, user } => Self::Membership {
                directory_id: group.directory_id.as_str(),
                user: DirectoryUserView::of_event(user),
                group: view(group),
            },
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
