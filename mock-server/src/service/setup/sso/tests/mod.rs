//! The part as a script walks it, on an environment with a still clock.

mod outcomes;

use std::sync::Arc;

use crate::domain::Error;
use crate::domain::answers::Answers;
use crate::domain::certificate::{Certificate, Purpose, X509};
use crate::domain::connection::{Connection, ConnectionState};
use crate::domain::connection_settings::Settings;
use crate::domain::form::Kind;
use crate::domain::intent::Intent;
use crate::domain::organization::Organization;
use crate::domain::page::{Order, PageRequest};
use crate::domain::saml_metadata::IdpMetadata;
use crate::environment::Environment;
use crate::service::events::ListEvents;
use crate::service::portal_links::NewPortalLink;
use crate::service::setup::script::{self, Brought, Halt, Named, Report, Script};
use crate::service::setup::{Fetched, Given, Next, Position, Visit, flow, submit};
use crate::service::tests::{environment, start};
use crate::service::{Work, certificates, connection_setup, events, portal_links};

const ORGANIZATION: &str = "org_test_idp";

fn answers(pairs: &[(&str, &str)]) -> Answers {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(own).collect()
}

fn visit(environment: &Environment) -> Visit<'_> {
    let work = Work::begin(environment);
    let organization: Arc<Organization> = work.get(ORGANIZATION).unwrap();
    Visit::new(work, organization, "http://here", start())
}

/// Submits a step as a page does, and lets it stand if it is taken.
fn post(
    environment: &Environment,
    intent: Intent,
    step: &str,
    pairs: &[(&str, &str)],
    fetched: Option<&Fetched>,
) -> Result<Next, Error> {
    let mut visit = visit(environment);
    let (flow, mut answers) = (flow(intent), answers(pairs));
    let page = flow.page(&visit, step, &answers).expect("a page");
    // What a page carries along unseen, but not which sign-in came before: so each of these forms was made first of all.
    let hidden = page
        .fields
        .iter()
        .filter(|field| field.kind == Kind::Hidden);
    for field in hidden.filter(|field| field.name != "previous") {
        if answers.text(field.name).is_none() {
            let values = field.value.iter();
            answers.extend(values.map(|value| (field.name.to_owned(), value.clone())));
        }
    }
    let given = Given {
        answers: &answers,
        fetched,
        sent: None,
    };
    let next = submit(flow, &mut visit, step, &page.fields, &given)?;
    visit.work.commit();
    Ok(next)
}

fn sso(environment: &Environment, step: &str, pairs: &[(&str, &str)]) -> Result<Next, Error> {
    post(environment, Intent::Sso, step, pairs, None)
}

fn refused(result: Result<impl std::fmt::Debug, Error>) -> Vec<(String, String)> {
    let Err(Error::Invalid(violations)) = result else {
        panic!("not refused: {result:?}")
    };
    let short = |one: crate::domain::error::Violation| (one.field, one.message);
    violations.into_iter().map(short).collect()
}

fn position(environment: &Environment) -> Position {
    flow(Intent::Sso).position(&visit(environment))
}

fn connection(environment: &Environment) -> Arc<Connection> {
    let visit = visit(environment);
    let all = connection_setup::of(&visit.work, &visit.organization().id);
    all.into_iter().next().expect("a connection")
}

fn idp_certificates(environment: &Environment) -> Vec<Arc<Certificate>> {
    let connection = connection(environment);
    certificates::all(&Work::begin(environment), &connection, Purpose::IdpSigning)
}

/// The names of the events of connections, oldest first.
fn told(environment: &Environment) -> Vec<&'static str> {
    let names = [
        "connection.activated",
        "connection.deleted",
        "connection.saml_certificate_renewed",
        "authentication.sso_succeeded",
        "authentication.sso_failed",
        "authentication.sso_timed_out",
    ];
    let list = ListEvents {
        names: names.map(ToOwned::to_owned).to_vec(),
        page: PageRequest {
            order: Order::Asc,
            limit: 100,
            ..PageRequest::default()
        },
        ..ListEvents::default()
    };
    let page = events::list(environment, list).unwrap();
    page.items.iter().map(|event| event.what.name()).collect()
}

fn script_for(environment: &Environment, intent: Intent, pairs: &[(&str, &str)]) -> Script {
    let new = NewPortalLink {
        organization: ORGANIZATION.to_owned(),
        intent: Some(intent),
        ..NewPortalLink::default()
    };
    let issued = portal_links::generate(environment, new).unwrap();
    Script {
        link: Named::Token(issued.token.expose().to_owned()),
        intent: None,
        step: None,
        answers: answers(pairs),
    }
}

fn complete(
    environment: &Environment,
    intent: Intent,
    pairs: &[(&str, &str)],
) -> Result<Report, Error> {
    let script = script_for(environment, intent, pairs);
    script::complete(environment, "http://here", &script, Brought::default())
        .map_err(Halt::into_error)
}

fn metadata(seed: &str) -> IdpMetadata {
    IdpMetadata {
        entity_id: "https://idp.example".to_owned(),
        sso_url: "https://idp.example/sso".to_owned(),
        certificates: vec![X509::sample(seed, start())],
    }
}

/// A connection of this type that knows everything of its provider.
fn validating(environment: &Environment, kind: &str) {
    sso(environment, "provider", &[("provider", kind)]).unwrap();
    if kind == "TestIdp" {
        return;
    }
    sso(environment, "values", &[]).unwrap();
    let xml = metadata("first").write();
    sso(environment, "identity_provider", &[("metadata_xml", &xml)]).unwrap();
}

#[test]
fn every_provider_is_set_up_by_samples_alone() {
    for choice in super::providers::choices() {
        let environment = environment();
        let report = complete(&environment, Intent::Sso, &[("provider", &choice.value)]).unwrap();
        let connection = connection(&environment);
        assert_eq!(connection.state, ConnectionState::Active);
        assert_eq!(connection.connection_type.as_str(), choice.value);
        assert_eq!(report.position, Some(Position::Done));
        assert_eq!(report.made.len(), 1);
        assert_eq!(
            told(&environment),
            ["connection.activated", "authentication.sso_succeeded"]
        );
    }
}

#[test]
fn each_step_leads_to_the_next_and_twice_is_once() {
    let environment = environment();
    assert_eq!(position(&environment), Position::At("provider"));
    for _ in 0..2 {
        sso(&environment, "provider", &[("provider", "OktaSAML")]).unwrap();
        assert_eq!(position(&environment), Position::At("values"));
    }
    let draft = connection(&environment);
    assert_eq!(draft.state, ConnectionState::Draft);
    assert!(idp_certificates(&environment).is_empty());
    for _ in 0..2 {
        sso(&environment, "values", &[]).unwrap();
        assert_eq!(position(&environment), Position::At("identity_provider"));
    }
    let xml = metadata("first").write();
    for _ in 0..2 {
        sso(&environment, "identity_provider", &[("metadata_xml", &xml)]).unwrap();
        assert_eq!(position(&environment), Position::At("test"));
        assert_eq!(idp_certificates(&environment).len(), 1);
    }
    let good = [("email", "ada@example.com"), ("outcome", "success")];
    for _ in 0..2 {
        assert_eq!(sso(&environment, "test", &good).unwrap(), Next::Overview);
        assert_eq!(position(&environment), Position::Done);
    }
    let connection = connection(&environment);
    assert_eq!(connection.id, draft.id);
    let visit = visit(&environment);
    assert_eq!(
        connection_setup::sign_ins(&visit.work, &connection).len(),
        1
    );
    drop(visit);
    assert_eq!(told(&environment).len(), 2);
}

#[test]
fn the_provider_can_be_changed_until_somebody_has_signed_in() {
    let environment = environment();
    validating(&environment, "OktaSAML");
    let before = connection(&environment);
    // The same once more keeps what was entered.
    sso(&environment, "provider", &[("provider", "OktaSAML")]).unwrap();
    assert_eq!(connection(&environment), before);
    sso(&environment, "provider", &[("provider", "OktaOIDC")]).unwrap();
    let changed = connection(&environment);
    assert_eq!(
        (&changed.id, changed.state),
        (&before.id, ConnectionState::Draft)
    );
    assert!(matches!(changed.settings, Settings::Oidc(_)));
    let all = certificates::all(&Work::begin(&environment), &changed, Purpose::SpSigning);
    assert!(all.is_empty() && idp_certificates(&environment).is_empty());
    complete(&environment, Intent::Sso, &[]).unwrap();
    let active = connection(&environment);
    assert_eq!(active.state, ConnectionState::Active);
    let wrong = refused(sso(&environment, "provider", &[("provider", "OktaSAML")]));
    assert_eq!(wrong[0].0, "provider");
    assert_eq!(connection(&environment), active);
}

#[test]
fn values_come_from_metadata_or_one_by_one() {
    let environment = environment();
    validating(&environment, "GenericSAML");
    let saml = || match &connection(&environment).settings {
        Settings::Saml(saml) => saml.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(saml().idp_entity_id.as_deref(), Some("https://idp.example"));
    let text = Fetched::Text(metadata("second").write());
    let url = [("metadata_url", "http://localhost:1/metadata")];
    let fetch = |fetched: &Fetched| {
        post(
            &environment,
            Intent::Sso,
            "identity_provider",
            &url,
            Some(fetched),
        )
    };
    fetch(&text).unwrap();
    assert_eq!(
        saml().idp_sso_url.as_deref(),
        Some("https://idp.example/sso")
    );
    assert_eq!(saml().idp_metadata_url.as_deref(), Some(url[0].1));
    assert_eq!(
        idp_certificates(&environment)[0].x509,
        X509::sample("second", start())
    );
    for (fetched, why) in [
        (Fetched::Failed("it answered 404".into()), "it answered 404"),
        (Fetched::Text("<html/>".into()), "not SAML metadata"),
    ] {
        let wrong = refused(fetch(&fetched));
        assert_eq!(wrong[0].0, "metadata_url");
        assert!(wrong[0].1.contains(why), "{wrong:?}");
    }
    fetch(&Fetched::NotDialled).unwrap();
    assert_eq!(saml().idp_entity_id, None);
    assert_eq!(idp_certificates(&environment).len(), 1);
    let pem = X509::sample("third", start()).pem;
    let by_hand = [
        ("idp_entity_id", "me"),
        ("idp_sso_url", "https://idp.example/in"),
        ("certificate", &pem),
    ];
    sso(&environment, "identity_provider", &by_hand).unwrap();
    assert_eq!(saml().idp_metadata_url, None);
    assert_eq!(
        idp_certificates(&environment)[0].x509.pem.trim(),
        pem.trim()
    );
    // Left out, the certificate stays.
    sso(&environment, "identity_provider", &by_hand[..2]).unwrap();
    assert_eq!(idp_certificates(&environment).len(), 1);
    let before = connection(&environment);
    let mut broken = by_hand;
    broken[2].1 = "MIIB";
    let wrong = refused(sso(&environment, "identity_provider", &broken));
    assert!(
        wrong[0].0 == "certificate" && wrong[0].1.contains("PEM"),
        "{wrong:?}"
    );
    assert_eq!(connection(&environment), before);
}

#[test]
fn a_discovery_endpoint_is_read_where_it_can_be() {
    let environment = environment();
    sso(&environment, "provider", &[("provider", "GenericOIDC")]).unwrap();
    sso(&environment, "values", &[]).unwrap();
    let fetch = |url: &str, fetched: Option<Fetched>| {
        let pairs = [
            ("client_id", "me"),
            ("client_secret", "hush"),
            ("discovery_endpoint", url),
        ];
        post(
            &environment,
            Intent::Sso,
            "identity_provider",
            &pairs,
            fetched.as_ref(),
        )
    };
    let here = "http://localhost:1/d";
    for fetched in [
        None,
        Some(Fetched::NotDialled),
        Some(Fetched::Failed("it answered 500".into())),
        Some(Fetched::Text("{}".into())),
    ] {
        assert_eq!(refused(fetch(here, fetched))[0].0, "discovery_endpoint");
    }
    let document =
        r#"{"issuer":"http://localhost:1","authorization_endpoint":"http://localhost:1/a"}"#;
    fetch(here, Some(Fetched::Text(document.into()))).unwrap();
    let connection = connection(&environment);
    assert_eq!(connection.state, ConnectionState::Validating);
    let shown = format!("{connection:?}");
    assert!(
        shown.contains("http://localhost:1") && !shown.contains("hush"),
        "{shown}"
    );
}
