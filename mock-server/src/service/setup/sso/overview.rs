//! What there is once single sign-on is set up.

use super::super::identity::validity;
use super::{last_sign_in, pages, protocol, providers};
use crate::domain::certificate::Purpose;
use crate::domain::connection::{Connection, ConnectionState};
use crate::domain::connection_settings::Settings;
use crate::domain::connection_type::Protocol;
use crate::domain::ids::Id as _;
use crate::domain::sign_in::SignInOutcome;
use crate::service::setup::{Action, Cell, Fact, Overview, Status, Table, Tone, Visit};
use crate::service::{certificates, connection_setup};

/// How many sign-ins are shown.
const SHOWN: usize = 20;

pub(super) fn overview(visit: &Visit<'_>) -> Overview {
    let mut overview = Overview::new(
        "Single sign-on",
        "The people of your organization sign in through your identity provider.",
    );
    let organization = visit.organization();
    let connections = connection_setup::of(&visit.work, &organization.id);
    let Some((connection, others)) = connections.split_first() else {
        overview.actions = vec![Action::new("provider", "Choose a provider")];
        return overview;
    };
    overview.alert = last_sign_in(visit, connection).map(|sign_in| pages::alert(&sign_in));
    overview.status = Some(state(connection));
    overview.facts = facts(connection);
    overview.copied = pages::copied(visit, connection);
    if protocol(connection) == Protocol::Saml {
        overview.tables.push(certificate_table(visit, connection));
    }
    overview.tables.push(sign_in_table(visit, connection));
    if !others.is_empty() {
        overview.tables.push(other_table(others));
    }
    overview.actions.push(Action::new("test", "Test sign-in"));
    if protocol(connection) != Protocol::Other {
        let edit = Action::new("identity_provider", "Edit the provider’s values");
        overview.actions.push(edit);
    }
    let reset = Action::new("reset", "Reset the connection");
    overview.actions.push(reset.dangerous());
    overview
}

fn state(connection: &Connection) -> Status {
    match connection.state {
        ConnectionState::Active => Status::new(Tone::Good, "Active"),
        ConnectionState::Inactive => Status::new(Tone::Bad, "Inactive"),
        ConnectionState::Validating => Status::new(Tone::Warn, "Waits for its first sign-in"),
        ConnectionState::RequiresType => Status::new(Tone::Neutral, "Without a provider"),
        ConnectionState::Draft => Status::new(Tone::Neutral, "Being set up"),
        ConnectionState::Deleting => Status::new(Tone::Neutral, "Being deleted"),
    }
}

fn facts(connection: &Connection) -> Vec<Fact> {
    let kind = connection.connection_type;
    let mut facts = vec![
        Fact::new("Provider", Cell::text(providers::name(kind))),
        Fact::new("Name", Cell::text(connection.name.clone())),
        Fact::new("ID", Cell::code(connection.id.as_str())),
        Fact::new("Created", Cell::Moment(connection.created_at)),
    ];
    let mut code = |label: &'static str, value: Option<&String>| {
        facts.extend(value.map(|value| Fact::new(label, Cell::code(value))));
    };
    match &connection.settings {
        Settings::Saml(saml) => {
            code("Metadata URL", saml.idp_metadata_url.as_ref());
            code("Entity ID", saml.idp_entity_id.as_ref());
            code("Sign-in URL", saml.idp_sso_url.as_ref());
            if saml.idp_metadata_url.is_some() && saml.idp_entity_id.is_none() {
                facts.push(taken_as_given());
            }
        }
        Settings::Oidc(oidc) => {
            code("Client ID", oidc.client_id.as_ref());
            code("Discovery endpoint", oidc.discovery_endpoint.as_ref());
            code("Issuer", oidc.issuer.as_ref());
            if oidc.discovery_endpoint.is_some() && oidc.issuer.is_none() {
                facts.push(taken_as_given());
            }
        }
        Settings::None => {}
    }
    facts
}

fn taken_as_given() -> Fact {
    let text = "Taken as given: this server does not dial that address.";
    Fact::new("Not read", Cell::text(text))
}

fn certificate_table(visit: &Visit<'_>, connection: &Connection) -> Table {
    let now = visit.work.at();
    let of = |purpose, label: &'static str| {
        let found = certificates::all(&visit.work, connection, purpose);
        found.into_iter().map(move |one| {
            vec![
                Cell::text(label),
                Cell::Moment(one.x509.not_after),
                validity(&one, now),
            ]
        })
    };
    let rows = of(Purpose::IdpSigning, "The provider signs responses")
        .chain(of(Purpose::SpSigning, "This side signs requests"))
        .chain(of(Purpose::SpEncryption, "Responses are encrypted"));
    Table {
        title: "Certificates".into(),
        columns: vec!["For".into(), "Expires".into(), "State".into()],
        rows: rows.collect(),
        empty: "There is no certificate.".into(),
        newer: None,
        older: None,
    }
}

fn sign_in_table(visit: &Visit<'_>, connection: &Connection) -> Table {
    let sign_ins = connection_setup::sign_ins(&visit.work, connection);
    let rows = sign_ins.iter().take(SHOWN).map(|sign_in| {
        let (tone, text) = match sign_in.outcome {
            SignInOutcome::Success => (Tone::Good, "Signed in"),
            SignInOutcome::Denied => (Tone::Bad, "Denied"),
            SignInOutcome::WrongDomain => (Tone::Bad, "Wrong domain"),
            SignInOutcome::Timeout => (Tone::Warn, "No answer"),
        };
        vec![
            Cell::Moment(sign_in.at),
            Cell::text(sign_in.email.as_str().to_owned()),
            Cell::status(tone, text),
        ]
    });
    Table {
        title: "Recent sign-ins".into(),
        columns: vec!["When".into(), "Who".into(), "Outcome".into()],
        rows: rows.collect(),
        empty: "Nobody has signed in on these pages yet.".into(),
        newer: None,
        older: None,
    }
}

fn other_table(others: &[std::sync::Arc<Connection>]) -> Table {
    let row = |connection: &std::sync::Arc<Connection>| {
        vec![
            Cell::text(connection.name.clone()),
            Cell::text(providers::name(connection.connection_type)),
            Cell::code(connection.id.as_str()),
            Cell::Status(state(connection)),
        ]
    };
    Table {
        title: "Older connections".into(),
        columns: vec![
            "Name".into(),
            "Provider".into(),
            "ID".into(),
            "State".into(),
        ],
        rows: others.iter().map(row).collect(),
        empty: "There is none.".into(),
        newer: None,
        older: None,
    }
}
