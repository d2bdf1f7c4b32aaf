//! Connections of a seed, with their settings and certificates.

use std::collections::HashSet;

use jiff::Timestamp;

use super::Sower;
use crate::domain::certificate::{Certificate, MAX_ENCRYPTION_CERTIFICATES, Notice, Purpose, X509};
use crate::domain::connection::{AttributeMaps, Connection, ConnectionDomain, ConnectionState};
use crate::domain::connection_settings::{OidcSettings, SamlSettings, Settings};
use crate::domain::connection_type::{ConnectionType, Protocol};
use crate::domain::error::Rule;
use crate::domain::ids::{CertificateId, ConnectionDomainId, ConnectionId};
use crate::domain::organization::Organization;
use crate::seed::{self, CertificatePurpose};
use crate::service::connections::EXTERNAL_KEY_LENGTH;

impl Sower<'_> {
    pub(super) fn connections(&mut self, given: &[seed::Connection]) {
        let mut external_ids = HashSet::new();
        let mut external_keys = HashSet::new();
        for (index, one) in given.iter().enumerate() {
            let at = format!("connections.{index}");
            let organization = self.organization(&at, &one.organization);
            if let Some(key) = &one.external_key
                && !external_keys.insert(key)
            {
                let message = "another connection of the seed has this external key";
                self.refuse(format!("{at}.external_key"), Rule::Duplicate, message);
            }
            if let (Some(organization), Some(id)) = (&organization, &one.external_id)
                && !external_ids.insert((organization.id.clone(), id))
            {
                let message = "another connection of the organization has this external id";
                self.refuse(format!("{at}.external_id"), Rule::Duplicate, message);
            }
            let connection = self.connection(&at, organization.as_deref(), one);
            if let Some(connection) = connection {
                self.certificates(&at, &connection, one);
                self.crop.connections.push(connection);
            }
        }
    }

    fn connection(
        &mut self,
        at: &str,
        organization: Option<&Organization>,
        given: &seed::Connection,
    ) -> Option<Connection> {
        let kind = given.connection_type.unwrap_or(ConnectionType::GenericSAML);
        let usual = if kind == ConnectionType::Pending {
            ConnectionState::RequiresType
        } else {
            ConnectionState::Active
        };
        let state = given.state.unwrap_or(usual);
        if (kind == ConnectionType::Pending) != (state == ConnectionState::RequiresType) {
            let message = "a connection is of the type \"Pending\" exactly while its state is \"requires_type\"";
            self.refuse(format!("{at}.state"), Rule::Value, message);
        }
        let id = self.id(at, given.id.as_deref(), ConnectionId::new);
        let settings = self.settings(at, kind, given);
        let created_at = given.created_at.unwrap_or(self.at());
        let domains = self.connection_domains(at, organization, given);
        let random = self.ground.random;
        let external_key = given.external_key.clone();
        let organization = organization?;
        Some(Connection {
            id,
            organization_id: organization.id.clone(),
            external_key: external_key
                .unwrap_or_else(|| random.letters_and_digits(EXTERNAL_KEY_LENGTH)),
            external_id: given.external_id.clone(),
            connection_type: kind,
            name: given
                .name
                .clone()
                .unwrap_or_else(|| organization.name.clone()),
            state,
            domains,
            settings,
            attribute_maps: AttributeMaps {
                standard: given.attribute_maps.standard.clone(),
                custom: given.attribute_maps.custom.clone(),
            },
            is_provider_told: given.is_provider_told,
            created_at,
            updated_at: given.updated_at.unwrap_or(created_at),
        })
    }

    fn connection_domains(
        &mut self,
        at: &str,
        organization: Option<&Organization>,
        given: &seed::Connection,
    ) -> Vec<ConnectionDomain> {
        let Some(given) = &given.domains else {
            let names = organization.into_iter().flat_map(|one| &one.domains);
            let names: Vec<_> = names.map(|domain| domain.name.clone()).collect();
            let domains = names.into_iter().map(|name| ConnectionDomain {
                id: ConnectionDomainId::new(self.ulid()),
                name,
            });
            return domains.collect();
        };
        let mut domains: Vec<ConnectionDomain> = Vec::with_capacity(given.len());
        let mut names = HashSet::new();
        for (index, domain) in given.iter().enumerate() {
            let at = format!("{at}.domains.{index}");
            let id = self.id(&at, domain.id.as_deref(), ConnectionDomainId::new);
            let Some(name) = self.domain_name(&at, &domain.domain) else {
                continue;
            };
            if names.insert(name.clone()) {
                domains.push(ConnectionDomain { id, name });
            } else {
                let message = "the connection has this domain twice";
                self.refuse(format!("{at}.domain"), Rule::Duplicate, message);
            }
        }
        domains
    }

    fn settings(&mut self, at: &str, kind: ConnectionType, given: &seed::Connection) -> Settings {
        let protocol = kind.protocol();
        let foreign = [
            ("saml", given.saml.is_some() && protocol != Protocol::Saml),
            ("oidc", given.oidc.is_some() && protocol != Protocol::Oidc),
            (
                "certificates",
                given.certificates.is_some() && protocol != Protocol::Saml,
            ),
        ];
        for (member, _) in foreign.into_iter().filter(|(_, foreign)| *foreign) {
            let message = format!("a connection of the type \"{}\" has none", kind.as_str());
            self.refuse(format!("{at}.{member}"), Rule::Value, message);
        }
        match (protocol, &given.saml, &given.oidc) {
            (Protocol::Saml, Some(saml), _) => Settings::Saml(Box::new(SamlSettings {
                idp_metadata_url: saml.idp_metadata_url.clone(),
                idp_entity_id: saml.idp_entity_id.clone(),
                idp_sso_url: saml.idp_sso_url.clone(),
                acs_url: saml.acs_url.clone(),
                sp_entity_id: saml.sp_entity_id.clone(),
            })),
            (Protocol::Oidc, _, Some(oidc)) => Settings::Oidc(Box::new(OidcSettings {
                discovery_endpoint: oidc.discovery_endpoint.clone(),
                issuer: oidc.issuer.clone(),
                client_id: oidc.client_id.clone(),
                redirect_uri: oidc.redirect_uri.clone(),
                pkce: oidc.pkce.unwrap_or(true),
                authentication: oidc.token_authentication_method.unwrap_or_default(),
                id_token_signature_algorithm: oidc.id_token_signature_algorithm.clone(),
                fetch_user_info: oidc.fetch_user_info,
            })),
            _ => Settings::blank(kind),
        }
    }

    fn certificates(&mut self, at: &str, connection: &Connection, given: &seed::Connection) {
        let is_saml = matches!(connection.settings, Settings::Saml(_));
        let Some(certificates) = &given.certificates else {
            if is_saml && connection.state.is_set_up() {
                self.crop.to_be_equipped.push(connection.clone());
            }
            return;
        };
        let mut counts = [0_usize; 2];
        for (index, one) in certificates.iter().enumerate() {
            let at = format!("{at}.certificates.{index}");
            let (purpose, most) = match one.purpose {
                CertificatePurpose::IdpSigning => (Purpose::IdpSigning, None),
                CertificatePurpose::SpSigning => (Purpose::SpSigning, Some((0, 1))),
                CertificatePurpose::SpEncryption => (
                    Purpose::SpEncryption,
                    Some((1, MAX_ENCRYPTION_CERTIFICATES)),
                ),
            };
            if let Some((number, most)) = most {
                counts[number] += 1;
                if counts[number] > most {
                    let message = format!("a connection has at most {most} for this purpose");
                    self.refuse(format!("{at}.purpose"), Rule::TooMany, message);
                }
            }
            let id = self.id(&at, one.id.as_deref(), CertificateId::new);
            // One that has expired is what a renewal is tried with.
            let x509 = match X509::read(&one.pem, Timestamp::MIN) {
                Ok(x509) => x509,
                Err(bad) => {
                    self.refuse(format!("{at}.pem"), Rule::Format, format!("it {bad}"));
                    continue;
                }
            };
            self.crop.certificates.push(Certificate {
                id,
                connection_id: connection.id.clone(),
                organization_id: connection.organization_id.clone(),
                purpose,
                notice: Notice::first(x509.not_after, self.at()),
                x509,
                added: self.moment(one.created_at.unwrap_or(connection.created_at)),
                is_renewal: one.is_renewal,
            });
        }
    }
}
