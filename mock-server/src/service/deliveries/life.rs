//! A customer's life from beginning to end, in an environment apart: everything in it happens that has an event.
//!
//! It is lived by the services that do these things everywhere, so no event is made up that could not have happened.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::super::{
    Work, byok_keys, certificates, connection_setup, connections, directories, directory_setups,
    organization_domains, organizations, provisioning,
};
use crate::domain::Error;
use crate::domain::byok_key::KeyProvider;
use crate::domain::certificate::{LIFETIME, NOTICE_PERIOD};
use crate::domain::connection::{Connection, ConnectionState};
use crate::domain::connection_type::ConnectionType;
use crate::domain::directory::{DirectoryState, DirectoryType};
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::DirectoryUser;
use crate::domain::event::{Event, Happening};
use crate::domain::ids::{Id as _, OrganizationId};
use crate::domain::organization::{DomainInput, Organization};
use crate::domain::organization_domain::VERIFICATION_PERIOD;
use crate::domain::sign_in::{Email, SignInOutcome};
use crate::environment::Environment;
use crate::service::connections::MadeConnection;
use crate::service::directories::NewDirectory;
use crate::service::organizations::{NewOrganization, OrganizationChanges};
use crate::service::population::Populace;
use crate::store::{DirectoryGroupKey, DirectoryUserKey, EventKey};

/// What has happened in such a life.
pub(super) struct Life(Environment);

impl Life {
    /// The last thing that happened with this name.
    pub(super) fn last(&self, name: &str) -> Option<Happening> {
        let key = EventKey::Name(name.to_owned().into());
        let event = Work::begin(&self.0).find_last::<Event>(&key)?;
        Some(event.what.clone())
    }
}

/// A life until now, with the settings of an environment. The same seed makes the same life.
pub(super) fn lived(environment: &Environment, now: Timestamp, seed: u64) -> Life {
    // Certificates end at whole seconds.
    let known_for = LIFETIME - NOTICE_PERIOD + SignedDuration::from_secs(1);
    let birth = now.saturating_sub(known_for).unwrap_or(now);
    let apart = environment.apart(birth, seed);
    if let Err(error) = live(&apart, now) {
        tracing::error!(%error, "an event could not be made up");
    }
    Life(apart)
}

fn live(apart: &Environment, now: Timestamp) -> Result<(), Error> {
    let organization = found(apart, "Acme", "acme.example")?;
    let connection = connections::make(
        apart,
        MadeConnection {
            organization_id: organization.id.to_string(),
            connection_type: ConnectionType::OktaSAML,
            name: None,
            state: ConnectionState::Validating,
            domains: None,
        },
    )?;
    let searched_since = now.saturating_sub(VERIFICATION_PERIOD).unwrap_or(now);
    apart.clock.set(searched_since);
    let id = organization.id.as_str();
    let domain = organization_domains::create(apart, id, "shop.acme.example")?;
    apart.clock.set(now);
    neighbour(apart)?;
    domains(apart, &organization, domain.id.as_str())?;
    sign_ins(apart, &organization, &connection)?;
    directory(apart, &organization)?;
    key(apart, &organization.id);
    Ok(())
}

/// An organization with a domain of its own.
fn found(apart: &Environment, name: &str, domain: &str) -> Result<Arc<Organization>, Error> {
    organizations::create(
        apart,
        NewOrganization {
            name: name.to_owned(),
            domains: DomainInput {
                domains: None,
                domain_data: Some(vec![(domain.to_owned(), true)]),
            },
            ..NewOrganization::default()
        },
    )
}

/// Another organization comes, changes and goes.
fn neighbour(apart: &Environment) -> Result<(), Error> {
    let other = found(apart, "Globex", "globex.example")?;
    let id = other.id.as_str();
    let changes = OrganizationChanges {
        name: Some("Globex Corporation".to_owned()),
        ..OrganizationChanges::default()
    };
    organizations::update(apart, id, changes)?;
    organizations::delete(apart, id)
}

/// One domain could not be verified in time, and is when it is tried again; another comes and goes.
fn domains(apart: &Environment, organization: &Organization, late: &str) -> Result<(), Error> {
    organization_domains::verify(apart, late)?;
    organization_domains::mark_verified(apart, late)?;
    let id = organization.id.as_str();
    let domain = organization_domains::create(apart, id, "labs.acme.example")?;
    organization_domains::delete(apart, domain.id.as_str())
}

/// Signing in fails in each way, then works; the connection is switched off and on, gets a new certificate, and goes.
fn sign_ins(
    apart: &Environment,
    organization: &Organization,
    connection: &Connection,
) -> Result<(), Error> {
    let id = connection.id.as_str();
    for outcome in [
        SignInOutcome::Denied,
        SignInOutcome::Timeout,
        SignInOutcome::Success,
    ] {
        let mut work = Work::begin(apart);
        let connection = connections::find(&work, id)?;
        if let Some(email) = Email::parse("ada@acme.example") {
            connection_setup::sign_in(&mut work, organization, &connection, email, outcome);
        }
        work.commit();
    }
    connections::deactivate(apart, id)?;
    connections::activate(apart, id)?;
    let mut work = Work::begin(apart);
    let connection = connections::find(&work, id)?;
    certificates::renew(&mut work, &connection, None);
    work.commit();
    connections::delete(apart, id)
}

/// A directory is linked; its people and groups change and go, and so does it. The token of another is replaced.
fn directory(apart: &Environment, organization: &Organization) -> Result<(), Error> {
    let new = NewDirectory {
        organization_id: organization.id.to_string(),
        name: None,
        domain: None,
        kind: DirectoryType::OktaScim,
        state: DirectoryState::Linked,
        users: Populace::Samples(2),
        groups: Populace::Samples(1),
    };
    let directory = directories::create(apart, new)?;
    let work = Work::begin(apart);
    let user = work.find::<DirectoryUser>(&DirectoryUserKey::Directory(directory.id.clone()));
    let group = work.find::<DirectoryGroup>(&DirectoryGroupKey::Directory(directory.id.clone()));
    drop(work);
    if let (Some(user), Some(group)) = (user, group) {
        let (user, group) = (user.id.as_str(), group.id.as_str());
        provisioning::leave(apart, group, user)?;
        provisioning::join(apart, group, user)?;
        provisioning::update_user(apart, user, |attributes| {
            let title = "Director".to_owned();
            let custom = &mut attributes.custom_attributes;
            custom.insert("job_title".to_owned(), json!(title));
            attributes.job_title = Some(title);
        })?;
        provisioning::update_group(apart, group, |attributes| {
            attributes.name.push_str(" worldwide");
        })?;
        provisioning::remove_user(apart, user)?;
        provisioning::remove_group(apart, group)?;
    }
    directories::delete(apart, directory.id.as_str())?;
    let mut work = Work::begin(apart);
    directory_setups::begin(&mut work, organization, DirectoryType::OktaScim);
    if let Some(directory) = directory_setups::managed(&work, &organization.id) {
        directory_setups::rotate_token(&mut work, &directory);
    }
    work.commit();
    Ok(())
}

/// A key is tried out, and goes again.
fn key(apart: &Environment, organization: &OrganizationId) {
    let mut work = Work::begin(apart);
    byok_keys::begin(&mut work, organization, KeyProvider::AwsKms);
    if let Some(key) = byok_keys::under_way(&work, organization) {
        byok_keys::try_out(&mut work, &key, true);
    }
    byok_keys::delete_of(&mut work, organization);
    work.commit();
}
