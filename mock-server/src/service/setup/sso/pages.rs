//! The pages of the steps.

use super::super::identity::{self, Source};
use super::{RESET_PHRASE, last_sign_in, protocol, providers};
use crate::domain::answers::Answers;
use crate::domain::certificate::X509;
use crate::domain::connection::Connection;
use crate::domain::connection_settings::{SamlSettings, Settings};
use crate::domain::connection_type::Protocol;
use crate::domain::form::{Choice, Field, Kind, Words};
use crate::domain::ids::Id as _;
use crate::domain::saml_metadata::IdpMetadata;
use crate::domain::service_provider::ServiceProvider;
use crate::domain::sign_in::{SignIn, SignInOutcome};
use crate::service::connection_setup;
use crate::service::setup::{Alert, Copied, Page, Tone, Visit};

/// What a sign-in comes to: its name, what it is called, and more about it.
const OUTCOMES: [(SignInOutcome, &str, &str); 4] = [
    (
        SignInOutcome::Success,
        "The provider lets the person in",
        "The connection is active from then on.",
    ),
    (
        SignInOutcome::Denied,
        "The provider denies it",
        "As it does when the app is not assigned to the person.",
    ),
    (
        SignInOutcome::WrongDomain,
        "The address is of another domain",
        "Nobody gets in with an address that is not the organization’s.",
    ),
    (
        SignInOutcome::Timeout,
        "The provider does not answer",
        "The sign-in is given up after a while.",
    ),
];

pub(super) fn provider(connection: Option<&Connection>) -> Page {
    let mut page = Page::new(
        "Which identity provider do you use?",
        "It is where the people of your organization have their accounts.",
        "Continue",
    );
    let choices = providers::choices();
    let current = connection
        .map(|connection| connection.connection_type.as_str())
        .filter(|kind| choices.iter().any(|choice| choice.value == *kind));
    page.fields = vec![
        Field::new("provider", "Identity provider", Kind::Providers(choices))
            .current(current)
            .sample("OktaSAML"),
    ];
    page
}

pub(super) fn values(visit: &Visit<'_>, connection: &Connection) -> Page {
    let name = providers::name(connection.connection_type);
    let mut page = Page::new(
        format!("Add the app to {name}"),
        "The provider has to know these values before it can sign anybody in.",
        "Continue",
    );
    if let Some(guide) = providers::guide(connection.connection_type) {
        page.guide = guide.iter().map(|line| Words::Borrowed(*line)).collect();
    }
    page.copied = copied(visit, connection);
    page
}

/// What the identity provider has to know.
pub(super) fn copied(visit: &Visit<'_>, connection: &Connection) -> Vec<Copied> {
    let environment = visit.work.environment_id();
    let this_side = ServiceProvider::of(connection, environment, visit.public_url);
    match protocol(connection) {
        Protocol::Saml => vec![
            Copied::new("ACS URL", this_side.acs_url).note("Where responses are sent."),
            Copied::new("SP entity ID", this_side.entity_id).note("What this side is called."),
            Copied::new("SP metadata URL", this_side.metadata_url)
                .note("Has both, and the certificates, for a provider that reads metadata."),
        ],
        Protocol::Oidc => vec![
            Copied::new("Redirect URI", this_side.redirect_uri)
                .note("Where people come back to when they have signed in."),
        ],
        Protocol::Other => Vec::new(),
    }
}

/// Where the values come from, unless something else is said.
pub(super) fn usual_source(present: &SamlSettings) -> Source {
    let by_hand = present.idp_entity_id.is_some() || present.idp_sso_url.is_some();
    if present.idp_metadata_url.is_none() && by_hand {
        Source::Values
    } else {
        Source::MetadataUrl
    }
}

pub(super) fn identity_provider(
    visit: &Visit<'_>,
    connection: &Connection,
    about: &Answers,
) -> Page {
    let present = match &connection.settings {
        Settings::Saml(present) => SamlSettings::clone(present),
        Settings::Oidc(_) | Settings::None => SamlSettings::default(),
    };
    let source = Source::of(about, usual_source(&present));
    let name = providers::name(connection.connection_type);
    let slug = providers::slug(connection.connection_type);
    let mut page = Page::new(
        format!("What {name} says of itself"),
        "Its metadata says it all. If there is none, enter the values one by one.",
        "Save and continue",
    );
    page.ways = source.ways(
        "identity_provider",
        None,
        [
            (Source::MetadataUrl, "Metadata URL"),
            (Source::MetadataXml, "Metadata XML"),
            (Source::Values, "Values by hand"),
        ],
    );
    let sample = sample(visit, connection, slug);
    page.fields = vec![source.field()];
    match source {
        Source::MetadataUrl => page
            .fields
            .push(identity::metadata_url_field(slug).current(present.idp_metadata_url)),
        Source::MetadataXml => page.fields.push(identity::metadata_xml_field(&sample)),
        Source::Values => {
            let mut certificate = identity::certificate_field(&sample.certificates[0]);
            if connection.state.is_set_up() {
                certificate = certificate
                    .optional()
                    .hint("In PEM. Leave it empty to keep the certificates that are in use.");
            }
            page.fields.extend([
                Field::new("idp_entity_id", "Entity ID", Kind::Text)
                    .hint("Also called issuer or identifier.")
                    .current(present.idp_entity_id)
                    .sample(sample.entity_id),
                Field::new("idp_sso_url", "Sign-in URL", Kind::Url)
                    .hint("Also called single sign-on URL or login URL.")
                    .current(present.idp_sso_url)
                    .sample(sample.sso_url),
                certificate,
            ]);
        }
    }
    page
}

/// What an identity provider that is not there would say of itself.
fn sample(visit: &Visit<'_>, connection: &Connection, slug: &str) -> IdpMetadata {
    IdpMetadata {
        entity_id: format!("https://{slug}.example/saml"),
        sso_url: format!("https://{slug}.example/saml/sign-in"),
        certificates: vec![X509::sample(&connection.external_key, visit.work.at())],
    }
}

pub(super) fn test(visit: &Visit<'_>, connection: &Connection) -> Page {
    let name = providers::name(connection.connection_type);
    let mut page = Page::new(
        "Test sign-in",
        format!("Sign in once through {name}. The connection is active as soon as that works."),
        "Sign in",
    );
    let sign_ins = connection_setup::sign_ins(&visit.work, connection);
    let last = last_sign_in(visit, connection);
    page.alert = last
        .as_deref()
        .filter(|sign_in| sign_in.outcome != SignInOutcome::Success)
        .map(alert);
    let organization = visit.organization();
    let of_connection = connection.domains.iter().map(|domain| &domain.name);
    let of_organization = organization.domains.iter().map(|domain| &domain.name);
    let domains: Vec<_> = of_connection.chain(of_organization).collect();
    let hint = match domains.first() {
        Some(domain) => format!("An address of the organization, such as one at {domain}."),
        None => "The organization has no domain, so any address will do.".to_owned(),
    };
    let domain = domains.first().map_or("example.com", |name| name.as_str());
    let choices = OUTCOMES
        .iter()
        .map(|(outcome, label, note)| Choice::new(outcome.as_str(), *label).note(*note));
    page.fields = vec![
        Field::new("previous", "Sign-in before", Kind::Hidden)
            .optional()
            .current(sign_ins.first().map(|sign_in| sign_in.id.as_str())),
        Field::new("email", "E-mail address", Kind::Text)
            .hint(hint)
            .current(last.map(|sign_in| sign_in.email.as_str().to_owned()))
            .sample(format!("ada@{domain}")),
        Field::new(
            "outcome",
            "What comes of it",
            Kind::Choice(choices.collect()),
        )
        .hint("This server goes to no provider. Choose what it is to answer.")
        .value(SignInOutcome::Success.as_str()),
    ];
    page
}

/// What a visitor is told of a sign-in.
pub(super) fn alert(sign_in: &SignIn) -> Alert {
    let email = sign_in.email.as_str();
    match sign_in.outcome {
        SignInOutcome::Success => Alert::new(
            Tone::Good,
            "Single sign-on works",
            format!("{email} has signed in, and the connection is active."),
        ),
        SignInOutcome::Denied => Alert::new(
            Tone::Bad,
            "The provider denied the sign-in",
            format!("See that the app is assigned to {email} there, and try again."),
        ),
        SignInOutcome::WrongDomain => Alert::new(
            Tone::Bad,
            "The address is of another domain",
            format!(
                "The provider has to vouch for an address at a domain of the organization, so {email} was not let in."
            ),
        ),
        SignInOutcome::Timeout => Alert::new(
            Tone::Bad,
            "The provider did not answer",
            "See that its sign-in address is right and can be reached, and try again.",
        ),
    }
}

pub(super) fn reset(connection: &Connection) -> Page {
    let mut page = Page::new(
        "Reset the connection",
        "The connection is deleted with its certificates, and nobody can sign in through it. A new one begins with its provider.",
        "Delete the connection",
    );
    page.is_dangerous = true;
    page.fields = vec![
        Field::new("connection_id", "Connection", Kind::Hidden).value(connection.id.as_str()),
        Field::confirmation(RESET_PHRASE),
    ];
    page
}
