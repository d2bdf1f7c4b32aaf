//! The services on an environment with a still clock.

mod backlog;
mod customers;
mod directories;
mod domains;
mod journal;
mod visits;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::organizations::{self, ListOrganizations, NewOrganization, OrganizationChanges};
use super::portal_links::{self, IssuedLink, NewPortalLink, OpenError, Opened, SessionError};
use super::*;
use crate::domain::Error;
use crate::domain::ids::{Id as _, OrganizationId, PortalSessionId};
use crate::domain::it_contact::ItContact;
use crate::domain::organization::DomainInput;
use crate::domain::organization_domain::DomainState;
use crate::domain::page::{Order, PageRequest};
use crate::domain::portal_link::{Death, PortalLink};
use crate::domain::portal_session::{Destination, PortalSession, SessionEnd};
use crate::domain::settings::{LinkReuse, Settings, UrlPolicy};
use crate::domain::token::Token;
use crate::environment::{ApiKeySpec, Environment, EnvironmentSpec, Environments, Surroundings};
use crate::store::{ItContactKey, LinkKey, SessionKey};

const START: &str = "2026-01-01T00:00:00Z";

pub(super) fn start() -> Timestamp {
    START.parse().unwrap()
}

fn environments(settings: Settings) -> Environments {
    let key = |value, expires_at, revoked| ApiKeySpec {
        expires_at,
        revoked,
        ..ApiKeySpec::new(value)
    };
    let soon = start() + SignedDuration::from_secs(60);
    environments::first(
        EnvironmentSpec {
            client_id: "client_1".into(),
            settings,
            clock: Some(start()),
            random_seed: Some(1),
            test_organization: true,
            seed: None,
        },
        vec![
            key("good", None, false),
            key("revoked", None, true),
            key("short", Some(soon), false),
        ],
        Surroundings::default(),
    )
    .expect("no seed")
}

pub(super) fn environment() -> Arc<Environment> {
    environments(Settings::default()).default_environment()
}

pub(super) fn environment_with(settings: Settings) -> Arc<Environment> {
    environments(settings).default_environment()
}

fn new_link() -> NewPortalLink {
    NewPortalLink {
        organization: OrganizationId::TEST.into(),
        ..NewPortalLink::default()
    }
}

fn issue(environment: &Environment, external_user_id: Option<&str>) -> IssuedLink {
    let new = NewPortalLink {
        external_user_id: external_user_id.map(str::to_owned),
        ..new_link()
    };
    portal_links::generate(environment, new).unwrap()
}

fn nothing_held(_: &PortalSessionId) -> Option<Token> {
    None
}

fn open(environment: &Environment, token: &Token) -> Result<Opened, OpenError> {
    portal_links::open(environment, token, nothing_held)
}

fn death(result: Result<Opened, OpenError>) -> Death {
    match result {
        Err(OpenError::Dead { death, .. }) => death,
        other => panic!("not dead: {other:?}"),
    }
}

fn named(name: &str) -> NewOrganization {
    NewOrganization {
        name: name.into(),
        ..NewOrganization::default()
    }
}
