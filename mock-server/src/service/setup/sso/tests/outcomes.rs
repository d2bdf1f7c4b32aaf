//! Sign-ins that fail, resets, and renewals.

use super::*;
use crate::domain::sign_in::{MOST_SIGN_INS, SignIn};
use crate::store::SignInKey;

#[test]
fn sign_ins_that_fail_are_noted_and_change_nothing_else() {
    let environment = environment();
    validating(&environment, "OktaSAML");
    let before = connection(&environment);
    for (email, outcome, alert) in [
        ("ada@example.com", "denied", "denied"),
        ("ada@example.com", "timeout", "did not answer"),
        ("ada@example.com", "wrong_domain", "another domain"),
        ("ada@elsewhere.example", "success", "another domain"),
    ] {
        let pairs = [("email", email), ("outcome", outcome)];
        let next = sso(&environment, "test", &pairs).unwrap();
        assert_eq!(next, Next::Step("test", Answers::default()));
        let visit = visit(&environment);
        let page = flow(Intent::Sso).page(&visit, "test", &Answers::default());
        let title = page.unwrap().alert.unwrap().title;
        assert!(title.contains(alert), "{title}");
    }
    assert_eq!(connection(&environment), before);
    assert_eq!(position(&environment), Position::At("test"));
    assert_eq!(
        told(&environment),
        [
            "authentication.sso_failed",
            "authentication.sso_timed_out",
            "authentication.sso_failed",
            "authentication.sso_failed",
        ]
    );
    for email in ["ada", "ada@", "@example.com"] {
        let pairs = [("email", email), ("outcome", "success")];
        assert_eq!(refused(sso(&environment, "test", &pairs))[0].0, "email");
    }
}

#[test]
fn only_the_newest_sign_ins_are_kept() {
    let environment = environment();
    validating(&environment, "TestIdp");
    let key = SignInKey::Connection(connection(&environment).id.clone());
    for number in 0..MOST_SIGN_INS + 3 {
        let email = format!("ada{number}@example.com");
        let pairs = [("email", &*email), ("outcome", "denied")];
        sso(&environment, "test", &pairs).unwrap();
    }
    let kept = Work::begin(&environment).find_all::<SignIn>(&key);
    assert_eq!(kept.len(), MOST_SIGN_INS);
    assert_eq!(kept[0].email.as_str(), "ada3@example.com");
}

#[test]
fn a_reset_wants_its_words_and_takes_everything_along() {
    let environment = environment();
    complete(&environment, Intent::Sso, &[]).unwrap();
    let id = connection(&environment).id.to_string();
    let reset = |words: &str| {
        sso(
            &environment,
            "reset",
            &[("connection_id", &id), ("confirmation", words)],
        )
    };
    assert_eq!(refused(reset("delete connection"))[0].0, "confirmation");
    reset("DELETE CONNECTION").unwrap();
    assert_eq!(position(&environment), Position::At("provider"));
    assert_eq!(told(&environment).last(), Some(&"connection.deleted"));
    let visit = visit(&environment);
    assert!(
        flow(Intent::Sso)
            .page(&visit, "reset", &Answers::default())
            .is_none()
    );
}

#[test]
fn a_renewal_adds_a_certificate_and_tells_of_it() {
    let environment = environment();
    let nothing = refused(complete(&environment, Intent::CertificateRenewal, &[]).map(drop));
    assert!(nothing[0].1.contains("no SAML connection"), "{nothing:?}");
    complete(&environment, Intent::Sso, &[]).unwrap();
    let report = complete(&environment, Intent::CertificateRenewal, &[]).unwrap();
    assert_eq!(report.made.len(), 1);
    assert_eq!(idp_certificates(&environment).len(), 2);
    let renewed = "connection.saml_certificate_renewed";
    assert_eq!(told(&environment)[2..], [renewed]);
    // What was renewed on this visit stands; the same once more is the same.
    let pem = idp_certificates(&environment)[1].x509.pem.clone();
    let renew = |name: &str, value: &str, fetched: Option<&Fetched>| {
        post(
            &environment,
            Intent::CertificateRenewal,
            "certificate",
            &[(name, value)],
            fetched,
        )
    };
    renew("certificate", &pem, None).unwrap();
    assert_eq!(idp_certificates(&environment).len(), 2);
    let first = idp_certificates(&environment)[0].x509.pem.clone();
    let again = refused(renew("certificate", &first, None));
    assert!(
        again[0].1.contains("has this certificate already"),
        "{again:?}"
    );
    assert_eq!(refused(renew("certificate", "x", None))[0].0, "certificate");
    assert_eq!(
        refused(renew("metadata_xml", "x", None))[0].0,
        "metadata_xml"
    );
    renew("metadata_xml", &metadata("other").write(), None).unwrap();
    let text = Fetched::Text(metadata("another").write());
    renew("metadata_url", "http://localhost:1", Some(&text)).unwrap();
    let failed = Fetched::Failed("it answered 404".into());
    let wrong = refused(renew("metadata_url", "http://localhost:1", Some(&failed)));
    assert_eq!(wrong[0].0, "metadata_url");
    assert_eq!(idp_certificates(&environment).len(), 4);
    assert_eq!(told(&environment)[2..], [renewed; 3]);
}

#[test]
fn a_connection_that_does_not_use_saml_has_nothing_to_renew() {
    let environment = environment();
    complete(&environment, Intent::Sso, &[("provider", "OktaOIDC")]).unwrap();
    refused(complete(&environment, Intent::CertificateRenewal, &[]).map(drop));
}

#[test]
fn every_step_that_can_fail_does() {
    for (intent, step, part) in [
        (Intent::Sso, "identity_provider", "metadata"),
        (Intent::Sso, "test", "denied"),
        (Intent::CertificateRenewal, "certificate", "certificate"),
    ] {
        let environment = environment();
        if intent == Intent::CertificateRenewal {
            complete(&environment, Intent::Sso, &[]).unwrap();
        }
        let script = Script {
            step: Some(step.to_owned()),
            ..script_for(&environment, intent, &[])
        };
        let report =
            script::fail(&environment, "http://here", &script, Brought::default()).unwrap();
        let alert = report.alert.unwrap();
        assert!(alert.title.contains(part), "{alert:?}");
        assert_eq!(report.position, Some(Position::At(step)));
    }
}
