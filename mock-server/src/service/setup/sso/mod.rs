//! Single sign-on: the provider, this side's values, the provider's values, and the first sign-in.

mod guides;
mod oidc;
mod overview;
mod pages;
mod providers;

use std::sync::Arc;

use super::identity::{self, Source};
use super::{Flow, Given, Made, Next, Overview, Page, Position, Step, Visit};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::connection::{Connection, ConnectionState};
use crate::domain::connection_settings::{SamlSettings, Settings};
use crate::domain::connection_type::{ConnectionType, Protocol};
use crate::domain::error::{Rule, Violation};
use crate::domain::ids::Id as _;
use crate::domain::sign_in::{Email, SignIn, SignInOutcome};
use crate::service::{connection_setup, connections};

pub(super) struct Sso;

/// What has to be typed to lose a connection.
const RESET_PHRASE: &str = "DELETE CONNECTION";

impl Flow for Sso {
    fn steps(&self, visit: &Visit<'_>) -> Vec<Step> {
        let (provider, test) = (
            Step::new("provider", "Choose a provider"),
            Step::new("test", "Test sign-in"),
        );
        let protocol = managed(visit).map(|connection| protocol(&connection));
        if protocol == Some(Protocol::Other) && !is_at_the_beginning(visit) {
            return vec![provider, test];
        }
        vec![
            provider,
            Step::new("values", "Add the app there"),
            Step::new("identity_provider", "Enter its values"),
            test,
        ]
    }

    fn position(&self, visit: &Visit<'_>) -> Position {
        let Some(connection) = managed(visit) else {
            return Position::At("provider");
        };
        match connection.state {
            ConnectionState::Draft if protocol(&connection) != Protocol::Other => {
                if connection.is_provider_told {
                    Position::At("identity_provider")
                } else {
                    Position::At("values")
                }
            }
            ConnectionState::RequiresType | ConnectionState::Draft => Position::At("provider"),
            ConnectionState::Validating | ConnectionState::Inactive => Position::At("test"),
            ConnectionState::Active | ConnectionState::Deleting => Position::Done,
        }
    }

    fn landing(&self, visit: &Visit<'_>) -> Position {
        if self.can_finish(visit) {
            Position::Done
        } else {
            self.position(visit)
        }
    }

    fn can_finish(&self, visit: &Visit<'_>) -> bool {
        managed(visit).is_some_and(|connection| has_signed_in(&connection))
    }

    fn is_reachable(&self, visit: &Visit<'_>, step: &str) -> bool {
        let Some(connection) = managed(visit) else {
            return step == "provider";
        };
        let has_settings = protocol(&connection) != Protocol::Other;
        match step {
            "provider" => !has_signed_in(&connection),
            "values" => has_settings,
            "identity_provider" => {
                has_settings && (connection.is_provider_told || connection.state.is_set_up())
            }
            "test" => connection.state.is_set_up(),
            _ => true,
        }
    }

    fn page(&self, visit: &Visit<'_>, step: &str, about: &Answers) -> Option<Page> {
        let connection = managed(visit);
        if step == "provider" {
            return Some(pages::provider(connection.as_deref()));
        }
        let connection = connection?;
        match (step, protocol(&connection)) {
            ("values", Protocol::Saml | Protocol::Oidc) => Some(pages::values(visit, &connection)),
            ("identity_provider", Protocol::Saml) => {
                Some(pages::identity_provider(visit, &connection, about))
            }
            ("identity_provider", Protocol::Oidc) => Some(oidc::page(&connection)),
            ("test", _) => Some(pages::test(visit, &connection)),
            ("reset", _) => Some(pages::reset(&connection)),
            _ => None,
        }
    }

    fn overview(&self, visit: &Visit<'_>, _query: &Answers) -> Overview {
        overview::overview(visit)
    }

    fn address<'g>(&self, answers: &'g Answers) -> Option<&'g str> {
        identity::address(answers).or_else(|| answers.text("discovery_endpoint"))
    }

    fn submit(&self, visit: &mut Visit<'_>, step: &str, given: &Given<'_>) -> Result<Next, Error> {
        let connection = managed(visit);
        if step == "provider" {
            return choose(visit, connection.as_ref(), given.answers);
        }
        if step == "reset" {
            return reset(visit, given.answers);
        }
        let connection = connection.ok_or_else(|| gone("provider"))?;
        match step {
            "values" => connection_setup::tell_provider(&mut visit.work, &connection),
            "identity_provider" if protocol(&connection) == Protocol::Oidc => {
                let settings = oidc::read(&connection, given)?;
                connection_setup::set_oidc(&mut visit.work, &connection, settings);
            }
            "identity_provider" => take_identity(visit, &connection, given)?,
            _ => return sign_in(visit, &connection, given.answers),
        }
        Ok(Next::Onward)
    }

    fn failure(&self, visit: &Visit<'_>, step: &str) -> Option<Answers> {
        let answers = Answers::default();
        match step {
            "identity_provider" => {
                let protocol = managed(visit).map(|connection| protocol(&connection));
                Some(if protocol == Some(Protocol::Oidc) {
                    answers.with("discovery_endpoint", "http://idp.example/discovery")
                } else {
                    answers
                        .with("source", "metadata_xml")
                        .with("metadata_xml", "<html>Sign in to see this page</html>")
                })
            }
            "test" => Some(answers.with("outcome", "denied")),
            _ => None,
        }
    }

    fn made(&self, visit: &Visit<'_>) -> Vec<Made> {
        let connection = managed(visit).filter(|connection| connection.updated_at >= visit.since);
        connection.map(Made::Connection).into_iter().collect()
    }
}

/// The connection that is set up and looked after: the newest.
fn managed(visit: &Visit<'_>) -> Option<Arc<Connection>> {
    let organization = visit.organization();
    let mut connections = connection_setup::of(&visit.work, &organization.id).into_iter();
    connections.next()
}

fn protocol(connection: &Connection) -> Protocol {
    connection.connection_type.protocol()
}

fn has_signed_in(connection: &Connection) -> bool {
    matches!(
        connection.state,
        ConnectionState::Active | ConnectionState::Inactive
    )
}

fn is_at_the_beginning(visit: &Visit<'_>) -> bool {
    Sso.position(visit) == Position::At("provider")
}

/// The last sign-in, if it was on this visit.
fn last_sign_in(visit: &Visit<'_>, connection: &Connection) -> Option<Arc<SignIn>> {
    let sign_ins = connection_setup::sign_ins(&visit.work, connection);
    let last = sign_ins.into_iter().next();
    last.filter(|sign_in| sign_in.at >= visit.since)
}

fn choose(
    visit: &mut Visit<'_>,
    present: Option<&Arc<Connection>>,
    answers: &Answers,
) -> Result<Next, Error> {
    let kind = answers.text("provider").and_then(ConnectionType::parse);
    let kind = kind.ok_or_else(|| gone("provider"))?;
    let organization = visit.organization();
    let begun = connection_setup::begin(&mut visit.work, &organization, present, kind);
    begun.map(|_| Next::Onward).ok_or_else(|| {
        let message = "The connection is in use: reset it before you choose another provider.";
        Violation::new("provider", Rule::Value, message).into()
    })
}

fn take_identity(
    visit: &mut Visit<'_>,
    connection: &Connection,
    given: &Given<'_>,
) -> Result<(), Error> {
    let Settings::Saml(present) = &connection.settings else {
        return Err(gone("source"));
    };
    let now = visit.work.at();
    let text = |name| given.answers.text(name).map(ToOwned::to_owned);
    let source = Source::of(given.answers, pages::usual_source(present));
    let metadata = identity::metadata(given, source, now)?;
    let url = text("metadata_url").filter(|_| source == Source::MetadataUrl);
    let (idp_entity_id, idp_sso_url, certificates) = match (source, metadata) {
        (_, Some(metadata)) => (
            Some(metadata.entity_id),
            Some(metadata.sso_url),
            Some(metadata.certificates),
        ),
        (Source::Values, None) => {
            let certificate = identity::certificate(given.answers, now)?;
            let certificates = certificate.map(|one| vec![one]);
            (text("idp_entity_id"), text("idp_sso_url"), certificates)
        }
        (_, None) => (None, None, None),
    };
    let settings = SamlSettings {
        idp_metadata_url: url,
        idp_entity_id,
        idp_sso_url,
        ..SamlSettings::clone(present)
    };
    connection_setup::set_saml(&mut visit.work, connection, settings, certificates);
    Ok(())
}

fn sign_in(
    visit: &mut Visit<'_>,
    connection: &Connection,
    answers: &Answers,
) -> Result<Next, Error> {
    let email = answers
        .text("email")
        .and_then(Email::parse)
        .ok_or_else(|| {
            let message = "The e-mail address has to be one such as ada@example.com.";
            Violation::new("email", Rule::Format, message)
        })?;
    let wanted = answers.text("outcome").and_then(SignInOutcome::parse);
    let wanted = wanted.ok_or_else(|| gone("outcome"))?;
    let last = connection_setup::sign_ins(&visit.work, connection);
    let is_last = last.first().map(|sign_in| sign_in.id.as_str()) == answers.text("previous");
    // The same form sent twice is one sign-in; what came of the first stands.
    let sign_in = match last.into_iter().next() {
        Some(last)
            if !is_last
                && last.email == email
                && last.at >= visit.since
                && came_of(&last, wanted) =>
        {
            last
        }
        _ => {
            let organization = visit.organization();
            connection_setup::sign_in(&mut visit.work, &organization, connection, email, wanted)
        }
    };
    Ok(if sign_in.outcome == SignInOutcome::Success {
        Next::Overview
    } else {
        Next::Step("test", Answers::default())
    })
}

fn came_of(sign_in: &SignIn, wanted: SignInOutcome) -> bool {
    let refused = (SignInOutcome::Success, SignInOutcome::WrongDomain);
    sign_in.outcome == wanted || (wanted, sign_in.outcome) == refused
}

fn reset(visit: &mut Visit<'_>, answers: &Answers) -> Result<Next, Error> {
    let named = answers.text("connection_id").unwrap_or_default();
    // Sent twice, or gone in another tab: there is nothing left to be lost.
    let organization = visit.organization();
    let present = connection_setup::of(&visit.work, &organization.id);
    if present.iter().any(|one| one.id.as_str() == named) {
        connections::delete_in(&mut visit.work, named)?;
    }
    Ok(Next::Overview)
}

fn gone(field: &str) -> Error {
    let message = "The connection is not there any more: begin with its provider.";
    Violation::new(field, Rule::Value, message).into()
}

#[cfg(test)]
mod tests;
