//! Certificate renewal: what of the identity provider's certificates ends when, and what takes their place.

use std::sync::Arc;

use super::identity::{self, Source, ends_soon, validity};
use super::{
    Action, Alert, Cell, Copied, Flow, Given, Made, Next, Overview, Page, Position, Step, Table,
    Tone, Visit,
};
use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::certificate::{Certificate, Purpose, X509};
use crate::domain::connection::Connection;
use crate::domain::connection_type::Protocol;
use crate::domain::error::{Rule, Violation};
use crate::domain::form::{Field, Kind};
use crate::domain::ids::Id as _;
use crate::domain::saml_metadata::IdpMetadata;
use crate::service::{certificates, connection_setup};

pub(super) struct CertificateRenewal;

impl Flow for CertificateRenewal {
    fn steps(&self, _visit: &Visit<'_>) -> Vec<Step> {
        vec![Step::new("certificate", "Enter the new certificate")]
    }

    fn position(&self, visit: &Visit<'_>) -> Position {
        if renewed(visit).next().is_some() {
            Position::Done
        } else {
            Position::At("certificate")
        }
    }

    fn landing(&self, _visit: &Visit<'_>) -> Position {
        Position::Done
    }

    fn is_reachable(&self, visit: &Visit<'_>, _step: &str) -> bool {
        !connections(visit).is_empty()
    }

    fn can_finish(&self, visit: &Visit<'_>) -> bool {
        !connections(visit).is_empty()
    }

    fn page(&self, visit: &Visit<'_>, step: &str, about: &Answers) -> Option<Page> {
        (step == "certificate").then(|| page(visit, about))
    }

    fn overview(&self, visit: &Visit<'_>, _query: &Answers) -> Overview {
        overview(visit)
    }

    fn address<'g>(&self, answers: &'g Answers) -> Option<&'g str> {
        identity::address(answers)
    }

    fn submit(&self, visit: &mut Visit<'_>, _step: &str, given: &Given<'_>) -> Result<Next, Error> {
        let connection = chosen(visit, given.answers).ok_or_else(|| {
            let field = if given.answers.text("connection_id").is_some() {
                "connection_id"
            } else {
                "intent"
            };
            let message =
                "The organization has no SAML connection whose certificate could be renewed.";
            Violation::new(field, Rule::Value, message)
        })?;
        let now = visit.work.at();
        let source = Source::of(given.answers, Source::Values);
        let (field, x509) = match source {
            Source::Values => {
                let certificate = identity::certificate(given.answers, now)?;
                ("certificate", certificate.map(|one| vec![one]))
            }
            Source::MetadataUrl | Source::MetadataXml => {
                let metadata = identity::metadata(given, source, now)?;
                let field = if source == Source::MetadataUrl {
                    "metadata_url"
                } else {
                    "metadata_xml"
                };
                (field, metadata.map(|metadata| metadata.certificates))
            }
        };
        let is_present = |x509: &X509| {
            let mut renewed = renewed(visit);
            renewed.any(|one| one.connection_id == connection.id && one.x509.is_same(x509))
        };
        let is_repeated = match &x509 {
            Some(given) => given.iter().all(is_present),
            // What stands at an address that is not dialled is made up, once on a visit.
            None => renewed(visit).any(|one| one.connection_id == connection.id),
        };
        if is_repeated {
            return Ok(Next::Overview);
        }
        let renewed = certificates::renew(&mut visit.work, &connection, x509);
        if renewed.is_empty() {
            let message = "The connection has this certificate already: give the one that is to take its place.";
            return Err(Violation::new(field, Rule::Duplicate, message).into());
        }
        Ok(Next::Overview)
    }

    fn failure(&self, _visit: &Visit<'_>, _step: &str) -> Option<Answers> {
        let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        let answers = Answers::default().with("source", "values");
        Some(answers.with("certificate", broken))
    }

    fn made(&self, visit: &Visit<'_>) -> Vec<Made> {
        renewed(visit).map(Made::Certificate).collect()
    }
}

/// The SAML connections that are set up, newest first.
fn connections(visit: &Visit<'_>) -> Vec<Arc<Connection>> {
    let mut found = connection_setup::of(&visit.work, &visit.organization().id);
    let is_saml = |connection: &Connection| connection.connection_type.protocol() == Protocol::Saml;
    found.retain(|connection| connection.state.is_set_up() && is_saml(connection));
    found
}

fn idp_certificates(visit: &Visit<'_>, connection: &Connection) -> Vec<Arc<Certificate>> {
    certificates::all(&visit.work, connection, Purpose::IdpSigning)
}

/// What was renewed on this visit.
fn renewed<'v>(visit: &'v Visit<'_>) -> impl Iterator<Item = Arc<Certificate>> + 'v {
    connections(visit)
        .into_iter()
        .flat_map(|connection| idp_certificates(visit, &connection))
        .filter(|one| one.is_renewal && one.added.at >= visit.since)
}

/// The connection in question: the one that is named, or the one whose last certificate ends first.
fn chosen(visit: &Visit<'_>, about: &Answers) -> Option<Arc<Connection>> {
    let mut all = connections(visit).into_iter();
    match about.text("connection_id") {
        Some(id) => all.find(|one| one.id.as_str() == id),
        None => all.min_by_key(|one| last(visit, one).map(|last| last.x509.not_after)),
    }
}

/// The certificate of a connection that ends last.
fn last(visit: &Visit<'_>, connection: &Connection) -> Option<Arc<Certificate>> {
    let all = idp_certificates(visit, connection);
    all.into_iter().max_by_key(|one| one.x509.not_after)
}

fn page(visit: &Visit<'_>, about: &Answers) -> Page {
    let Some(connection) = chosen(visit, about) else {
        return Page::new("There is nothing to renew", "", "Continue");
    };
    let source = Source::of(about, Source::Values);
    let mut page = Page::new(
        "Enter the new certificate",
        "The identity provider signs its responses with it. The present one stays until it is removed, so that nobody is locked out in between.",
        "Renew",
    );
    page.guide = vec![
        "Make a new signing certificate at your identity provider, and do not activate it yet."
            .into(),
        "Download it in PEM (often called Base64), or take the provider’s metadata.".into(),
        "Enter it here, then activate it there.".into(),
    ];
    if let Some(last) = last(visit, &connection) {
        page.alert = ends_soon(&last, visit.work.at()).then(|| alert(&last));
    }
    page.copied =
        vec![Copied::new("Connection", connection.id.as_str()).note(connection.name.clone())];
    page.ways = source.ways(
        "certificate",
        Some(("connection_id", connection.id.as_str())),
        [
            (Source::Values, "Certificate"),
            (Source::MetadataXml, "Metadata XML"),
            (Source::MetadataUrl, "Metadata URL"),
        ],
    );
    let present = idp_certificates(visit, &connection).len();
    let seed = format!("{} {present}", connection.external_key);
    let sample = X509::sample(&seed, visit.work.at());
    page.fields = vec![
        Field::new("connection_id", "Connection", Kind::Hidden).value(connection.id.as_str()),
        source.field(),
        match source {
            Source::Values => identity::certificate_field(&sample),
            Source::MetadataXml => identity::metadata_xml_field(&IdpMetadata {
                entity_id: "https://idp.example/saml".to_owned(),
                sso_url: "https://idp.example/saml/sign-in".to_owned(),
                certificates: vec![sample],
            }),
            Source::MetadataUrl => identity::metadata_url_field("idp"),
        },
    ];
    page
}

fn alert(last: &Certificate) -> Alert {
    Alert::new(
        Tone::Warn,
        "The certificate has to be renewed",
        format!(
            "It ends on {}. After that nobody can sign in through the connection.",
            last.x509.not_after.strftime("%-d %B %Y"),
        ),
    )
}

fn overview(visit: &Visit<'_>) -> Overview {
    let mut overview = Overview::new(
        "Signing certificates",
        "Your identity provider signs its responses with a certificate. Before that ends, another has to take its place.",
    );
    let connections = connections(visit);
    if connections.is_empty() {
        overview.alert = Some(Alert::new(
            Tone::Warn,
            "There is nothing to renew",
            "The organization has no SAML connection that is set up.",
        ));
        return overview;
    }
    let now = visit.work.at();
    let ending = connections
        .iter()
        .filter_map(|one| last(visit, one))
        .find(|last| ends_soon(last, now));
    overview.alert = if renewed(visit).next().is_some() {
        Some(Alert::new(
            Tone::Good,
            "The certificate is renewed",
            "Activate it at your identity provider now.",
        ))
    } else {
        ending.as_deref().map(alert)
    };
    let rows = connections.iter().flat_map(|connection| {
        let renew =
            Action::new("certificate", "Renew").about("connection_id", connection.id.as_str());
        idp_certificates(visit, connection)
            .into_iter()
            .map(move |one| {
                vec![
                    Cell::text(connection.name.clone()),
                    Cell::Moment(one.x509.not_after),
                    validity(&one, now),
                    Cell::Action(renew.clone()),
                ]
            })
    });
    overview.tables = vec![Table {
        title: "Certificates".into(),
        columns: vec![
            "Connection".into(),
            "Expires".into(),
            "State".into(),
            "".into(),
        ],
        rows: rows.collect(),
        empty: "No connection has a certificate of its provider.".into(),
        newer: None,
        older: None,
    }];
    overview.actions = vec![Action::new("certificate", "Renew the certificate")];
    overview
}
