//! Snapshots: what an environment has, as a seed that makes it again.

use std::sync::Arc;

use jiff::Timestamp;

use super::Work;
use crate::config::Secret;
use crate::domain::audit_log::retention::AuditLogSettings;
use crate::domain::audit_log::rules::TargetRules;
use crate::domain::audit_log::{AuditLogAction, AuditLogSchema};
use crate::domain::certificate::{Certificate, Purpose};
use crate::domain::connection::Connection;
use crate::domain::connection_settings::Settings;
use crate::domain::directory::Directory;
use crate::domain::directory_group::DirectoryGroup;
use crate::domain::directory_user::{DirectoryUser, UserEmail, UserState};
use crate::domain::domain_name::DomainName;
use crate::domain::ids::{Id, OrganizationId};
use crate::domain::it_contact::ItContact;
use crate::domain::organization::Organization;
use crate::domain::organization_domain::{DomainState, OrganizationDomain};
use crate::domain::webhook_endpoint::{EndpointStatus, WebhookEndpoint};
use crate::environment::Environment;
use crate::seed::{self, CertificatePurpose, People, Said, Seed, VerificationStrategy};
use crate::store::Record;

/// The records that a snapshot tells of, each kind in the order of insertion.
struct Records {
    organizations: Vec<Arc<Organization>>,
    it_contacts: Vec<Arc<ItContact>>,
    retentions: Vec<Arc<AuditLogSettings>>,
    connections: Vec<Arc<Connection>>,
    certificates: Vec<Arc<Certificate>>,
    directories: Vec<Arc<Directory>>,
    users: Vec<Arc<DirectoryUser>>,
    groups: Vec<Arc<DirectoryGroup>>,
    endpoints: Vec<Arc<WebhookEndpoint>>,
    schemas: Vec<Arc<AuditLogSchema>>,
    actions: Vec<Arc<AuditLogAction>>,
}

/// What an environment has now. Restored elsewhere, it is the same there, ids and times included.
pub(crate) fn take(environment: &Environment) -> Seed {
    let clock = &environment.clock;
    let work = Work::begin(environment);
    let records = Records {
        organizations: all(&work),
        it_contacts: all(&work),
        retentions: all(&work),
        connections: all(&work),
        certificates: all(&work),
        directories: all(&work),
        users: all(&work),
        groups: all(&work),
        endpoints: all(&work),
        schemas: all(&work),
        actions: all(&work),
    };
    let at = work.at();
    // Nobody waits while it is written down.
    drop(work);
    Seed {
        clock: clock.is_frozen().then_some(at),
        ..records.seed()
    }
}

/// Every record of a kind.
fn all<R: Record>(work: &Work<'_>) -> Vec<Arc<R>> {
    let mut records = work.newest(usize::MAX);
    records.reverse();
    records
}

/// Records by what they belong to, in their order.
fn by<K: Eq + std::hash::Hash, R>(
    records: Vec<Arc<R>>,
    key: impl Fn(&R) -> K,
) -> std::collections::HashMap<K, Vec<Arc<R>>> {
    let mut all = std::collections::HashMap::<K, Vec<_>>::new();
    for record in records {
        all.entry(key(&record)).or_default().push(record);
    }
    all
}

fn text(id: &impl Id) -> String {
    id.as_str().to_owned()
}

impl Records {
    fn seed(self) -> Seed {
        let mut contacts = by(self.it_contacts, |one| one.organization_id.clone());
        let mut certificates = by(self.certificates, |one| one.connection_id.clone());
        let mut users = by(self.users, |one| one.directory_id.clone());
        let mut groups = by(self.groups, |one| one.directory_id.clone());
        let mut schemas = by(self.schemas, |one| one.action_id.clone());
        let retentions = self.retentions;
        let days = |id: &OrganizationId| {
            let mut set = retentions.iter().filter(|one| one.organization_id == *id);
            set.next().map(|one| one.retention.days())
        };
        let organizations = self.organizations.iter().map(|one| seed::Organization {
            it_contacts: contacts
                .remove(&one.id)
                .iter()
                .flatten()
                .map(|contact| it_contact(contact))
                .collect(),
            audit_log_retention_days: days(&one.id),
            ..organization(one)
        });
        let organizations = organizations.collect();
        let connections = self.connections.iter().map(|one| {
            let certificates = certificates.remove(&one.id).unwrap_or_default();
            connection(one, &certificates)
        });
        let connections = connections.collect();
        let directories = self.directories.iter().map(|one| {
            let users = users.remove(&one.id).unwrap_or_default();
            let groups = groups.remove(&one.id).unwrap_or_default();
            seed::Directory {
                users: people(users.iter().map(|user| self::user(user, one)).collect()),
                groups: people(groups.iter().map(|group| self::group(group, one)).collect()),
                ..directory(one)
            }
        });
        let directories = directories.collect();
        let actions = self.actions.iter().map(|one| {
            let versions = schemas.remove(&one.id).unwrap_or_default();
            seed::AuditLogAction {
                name: one.name.clone(),
                id: Some(text(&one.id)),
                versions: versions.iter().map(|one| version(one)).collect(),
                created_at: Some(one.created_at),
                updated_at: Some(one.updated_at),
            }
        });
        Seed {
            clock: None,
            organizations,
            connections,
            directories,
            webhook_endpoints: self.endpoints.iter().map(|one| endpoint(one)).collect(),
            audit_log_actions: actions.collect(),
        }
    }
}

fn people<T>(people: Vec<T>) -> People<T> {
    if people.is_empty() {
        People::default()
    } else {
        People::Given(people)
    }
}

fn organization(one: &Organization) -> seed::Organization {
    seed::Organization {
        key: None,
        id: Some(text(&one.id)),
        name: one.name.clone(),
        external_id: one.external_id.clone(),
        stripe_customer_id: one.stripe_customer_id.clone(),
        metadata: one.metadata.to_map(),
        allow_profiles_outside_organization: one.allow_profiles_outside_organization,
        domains: one
            .domains
            .iter()
            .map(|domain| self::domain(domain))
            .collect(),
        it_contacts: Vec::new(),
        audit_log_retention_days: None,
        created_at: Some(one.created_at),
        updated_at: Some(one.updated_at),
    }
}

fn domain(one: &OrganizationDomain) -> seed::Domain {
    let (state, strategy, challenge, since) = match &one.state {
        DomainState::LegacyVerified => (seed::DomainState::LegacyVerified, None, None, None),
        DomainState::ManuallyVerified => {
            let manual = VerificationStrategy::Manual;
            (seed::DomainState::Verified, Some(manual), None, None)
        }
        DomainState::Pending(search) => (
            seed::DomainState::Pending,
            Some(VerificationStrategy::Dns),
            Some(&search.challenge),
            Some(search.since.at),
        ),
        DomainState::Verified(challenge) => (
            seed::DomainState::Verified,
            Some(VerificationStrategy::Dns),
            Some(&**challenge),
            None,
        ),
        DomainState::Failed(challenge) => (
            seed::DomainState::Failed,
            Some(VerificationStrategy::Dns),
            Some(&**challenge),
            None,
        ),
    };
    seed::Domain {
        domain: one.name.as_str().to_owned(),
        id: Some(text(&one.id)),
        state,
        verification_strategy: strategy,
        verification_prefix: challenge.map(|challenge| challenge.prefix.clone()),
        verification_token: challenge.map(|challenge| challenge.token.clone()),
        verification_started_at: since,
        created_at: Some(one.created_at),
        updated_at: Some(one.updated_at),
    }
}

fn it_contact(one: &ItContact) -> seed::ItContact {
    seed::ItContact {
        email: one.email.clone(),
        id: Some(text(&one.id)),
        created_at: Some(one.created_at),
    }
}

fn connection(one: &Connection, certificates: &[Arc<Certificate>]) -> seed::Connection {
    let domains = one.domains.iter().map(|domain| seed::ConnectionDomain {
        domain: domain.name.as_str().to_owned(),
        id: Some(text(&domain.id)),
    });
    let (saml, oidc) = match &one.settings {
        Settings::Saml(saml) => (
            Some(seed::SamlSettings {
                idp_metadata_url: saml.idp_metadata_url.clone(),
                idp_entity_id: saml.idp_entity_id.clone(),
                idp_sso_url: saml.idp_sso_url.clone(),
                acs_url: saml.acs_url.clone(),
                sp_entity_id: saml.sp_entity_id.clone(),
            }),
            None,
        ),
        Settings::Oidc(oidc) => (
            None,
            Some(seed::OidcSettings {
                discovery_endpoint: oidc.discovery_endpoint.clone(),
                issuer: oidc.issuer.clone(),
                client_id: oidc.client_id.clone(),
                redirect_uri: oidc.redirect_uri.clone(),
                pkce: Some(oidc.pkce),
                token_authentication_method: Some(oidc.authentication),
                id_token_signature_algorithm: oidc.id_token_signature_algorithm.clone(),
                fetch_user_info: oidc.fetch_user_info,
            }),
        ),
        Settings::None => (None, None),
    };
    let is_saml = saml.is_some();
    seed::Connection {
        organization: one.organization_id.to_string(),
        id: Some(text(&one.id)),
        external_key: Some(one.external_key.clone()),
        external_id: one.external_id.clone(),
        connection_type: Some(one.connection_type),
        name: Some(one.name.clone()),
        state: Some(one.state),
        domains: Some(domains.collect()),
        saml,
        oidc,
        certificates: is_saml.then(|| certificates.iter().map(|one| certificate(one)).collect()),
        attribute_maps: seed::AttributeMaps {
            standard: one.attribute_maps.standard.clone(),
            custom: one.attribute_maps.custom.clone(),
        },
        is_provider_told: one.is_provider_told,
        created_at: Some(one.created_at),
        updated_at: Some(one.updated_at),
    }
}

fn certificate(one: &Certificate) -> seed::Certificate {
    seed::Certificate {
        purpose: match one.purpose {
            Purpose::IdpSigning => CertificatePurpose::IdpSigning,
            Purpose::SpSigning => CertificatePurpose::SpSigning,
            Purpose::SpEncryption => CertificatePurpose::SpEncryption,
        },
        pem: one.x509.pem.clone(),
        id: Some(text(&one.id)),
        is_renewal: one.is_renewal,
        created_at: Some(one.added.at),
    }
}

fn directory(one: &Directory) -> seed::Directory {
    seed::Directory {
        organization: one.organization_id.to_string(),
        id: Some(text(&one.id)),
        external_key: Some(one.external_key.clone()),
        kind: Some(one.kind),
        state: Some(one.state),
        name: Some(one.name.clone()),
        domain: Said::exactly(one.domain.as_ref().map(DomainName::as_str)),
        users: People::default(),
        groups: People::default(),
        created_at: Some(one.created_at),
        updated_at: Some(one.updated_at),
    }
}

/// A user of a directory. There are many of them, so what is usual is left out.
fn user(one: &DirectoryUser, directory: &Directory) -> seed::User {
    let attributes = &one.attributes;
    let said = |value: &Option<String>, usual: Option<&str>| {
        if value.as_deref() == usual {
            Said::Usual
        } else {
            Said::exactly(value.as_deref())
        }
    };
    let names = [&attributes.first_name, &attributes.last_name];
    let names: Vec<_> = names.into_iter().flatten().map(String::as_str).collect();
    let whole = (!names.is_empty()).then(|| names.join(" "));
    let email = attributes.email.as_deref();
    let usual_emails: Vec<_> = email.map(UserEmail::work).into_iter().collect();
    let emails = attributes.emails.iter().map(|email| seed::Email {
        primary: email.primary,
        kind: Some(email.kind.clone()),
        value: email.value.clone(),
    });
    let (created_at, updated_at) = times(one.created_at, one.updated_at, directory);
    seed::User {
        id: Some(text(&one.id)),
        idp_id: Some(one.idp_id.clone()),
        email: attributes.email.clone(),
        first_name: attributes.first_name.clone(),
        last_name: attributes.last_name.clone(),
        name: said(&attributes.name, whole.as_deref()),
        emails: (attributes.emails != usual_emails).then(|| emails.collect()),
        job_title: attributes.job_title.clone(),
        username: said(&attributes.username, email),
        state: (attributes.state != UserState::default()).then_some(attributes.state),
        raw_attributes: attributes.raw_attributes.clone(),
        custom_attributes: attributes.custom_attributes.clone(),
        roles: attributes.roles.clone(),
        groups: one.groups.iter().map(ToString::to_string).collect(),
        created_at,
        updated_at,
    }
}

/// When something of a directory was made and last changed, where that is not usual.
fn times(
    created_at: Timestamp,
    updated_at: Timestamp,
    directory: &Directory,
) -> (Option<Timestamp>, Option<Timestamp>) {
    (
        (created_at != directory.created_at).then_some(created_at),
        (updated_at != created_at).then_some(updated_at),
    )
}

fn group(one: &DirectoryGroup, directory: &Directory) -> seed::Group {
    let (created_at, updated_at) = times(one.created_at, one.updated_at, directory);
    seed::Group {
        id: Some(text(&one.id)),
        idp_id: Some(one.idp_id.clone()),
        name: one.attributes.name.clone(),
        raw_attributes: one.attributes.raw_attributes.clone(),
        members: Vec::new(),
        created_at,
        updated_at,
    }
}

fn endpoint(one: &WebhookEndpoint) -> seed::WebhookEndpoint {
    seed::WebhookEndpoint {
        endpoint_url: one.url.as_str().to_owned(),
        events: one.events.clone(),
        secret: Some(Secret::new(one.secret.expose())),
        status: match one.status {
            EndpointStatus::Enabled => seed::EndpointStatus::Enabled,
            EndpointStatus::Disabled => seed::EndpointStatus::Disabled,
        },
        id: Some(text(&one.id)),
        created_at: Some(one.created_at),
        updated_at: Some(one.updated_at),
    }
}

fn version(one: &AuditLogSchema) -> seed::AuditLogVersion {
    use crate::domain::audit_log::metadata::MetadataSchema;
    let schema = |schema: &Option<MetadataSchema>| {
        let schema = schema.as_ref()?.schema().as_object()?;
        Some(schema.clone())
    };
    let target = |rules: &TargetRules| seed::AuditLogTarget {
        kind: rules.kind.clone(),
        metadata: schema(&rules.metadata),
    };
    seed::AuditLogVersion {
        id: Some(text(&one.id)),
        targets: one.rules.targets.iter().map(target).collect(),
        actor_metadata: schema(&one.rules.actor),
        metadata: schema(&one.rules.metadata),
        created_at: Some(one.created_at),
    }
}
