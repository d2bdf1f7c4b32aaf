//! Portal links that a test goes through.

use serde_json::json;
use workos_portal_mock::MockServer;
use workos_portal_mock::testing::{
    BringYourOwnKey, CertificateRenewal, ConnectionType, DirectoryOutcome, DirectoryType,
    DomainOutcome, DomainVerification, Dsync, Error, Identity, Intent, KeyOutcome, KeyProvider,
    LogStream, LogStreamDestination, MadeKind, PortalLinkState, Setup, SignInOutcome, Sso,
    StreamOutcome, TestEnvironment, VisitOutcome,
};

use crate::app::{Receiver, get, post};

/// An environment with an organization, and what asks for links to it.
struct Stage {
    _mock: MockServer,
    env: TestEnvironment,
    http: reqwest::Client,
}

impl Stage {
    async fn new() -> Self {
        let mock = MockServer::start().await.expect("a server");
        let start = "2026-01-01T00:00:00Z".parse().expect("an instant");
        let env = mock.environment().clock_at(start).test_organization();
        let env = env.create().expect("an environment");
        Self {
            _mock: mock,
            env,
            http: reqwest::Client::new(),
        }
    }

    fn organization(&self) -> &str {
        self.env.organization_id().expect("an organization")
    }

    async fn link(&self, intent: Option<&str>) -> String {
        let body = json!({
            "organization": self.organization(),
            "intent": intent,
            "return_url": "http://localhost/back",
        });
        let body = if intent.is_some() {
            body
        } else {
            json!({"organization": self.organization()})
        };
        let (status, answer) = post(&self.http, &self.env, "/portal/generate_link", body).await;
        assert_eq!(status, 201, "{answer}");
        answer["link"].as_str().expect("a link").to_owned()
    }
}

/// The only value that an error names, and what it says.
fn invalid(error: &Error) -> (&str, &str) {
    match error {
        Error::Invalid(values) => match values.as_slice() {
            [value] => (&value.field, &value.message),
            several => panic!("{several:?}"),
        },
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn every_part_is_gone_through_with_typed_answers() {
    let stage = Stage::new().await;
    let receiver = Receiver::start().await;
    let setups: Vec<(Setup, MadeKind, serde_json::Value)> = vec![
        (
            Sso::new().provider(ConnectionType::OktaSAML).into(),
            MadeKind::Connection,
            json!({"connection_type": "OktaSAML", "state": "active"}),
        ),
        (
            CertificateRenewal::new().into(),
            MadeKind::Certificate,
            json!({"object": "saml_idp_signing_certificate"}),
        ),
        (
            Dsync::new()
                .provider(DirectoryType::OktaScim)
                .users(3)
                .groups(2)
                .into(),
            MadeKind::Directory,
            json!({"type": "okta scim v2.0", "state": "linked"}),
        ),
        (
            DomainVerification::new().domain("acme.example").into(),
            MadeKind::OrganizationDomain,
            json!({"domain": "acme.example", "state": "verified"}),
        ),
        (
            LogStream::new()
                .destination(LogStreamDestination::GenericHttps)
                .https_url(receiver.url("/logs"))
                .into(),
            MadeKind::LogStream,
            json!({"type": "GenericHttps", "state": "active"}),
        ),
        (
            BringYourOwnKey::new().provider(KeyProvider::GcpKms).into(),
            MadeKind::ByokKey,
            json!({"key_provider": "GCP_KMS", "state": "verified"}),
        ),
    ];
    for (setup, kind, expected) in setups {
        // A link that opens on a menu: the setup says which part is meant.
        let link = stage.link(None).await;
        let visit = stage.env.portal_link(&link).with(setup).complete().await;
        let visit = visit.expect("a visit");
        assert_eq!(
            (visit.outcome, visit.link),
            (VisitOutcome::Completed, PortalLinkState::Finished)
        );
        assert_eq!(visit.organization_id, stage.organization());
        assert!(!visit.steps.is_empty() && visit.next_step.is_none());
        let made = visit.first(kind).expect("something made");
        assert_eq!(made.shown["id"], made.id.as_str());
        for (name, value) in expected.as_object().expect("members") {
            assert_eq!(&made.shown[name], value, "{}", made.shown);
        }
    }
    // The first event of the stream was really sent.
    assert_eq!(receiver.received("/logs").len(), 1);
    let (_, users) = get(&stage.http, &stage.env, "/directories").await;
    let directory = users["data"][0]["id"].as_str().expect("a directory");
    let path = format!("/directory_users?directory={directory}");
    let (_, users) = get(&stage.http, &stage.env, &path).await;
    assert_eq!(users["data"].as_array().expect("users").len(), 3);
}

#[tokio::test]
async fn steps_fail_in_the_way_that_is_chosen() {
    let stage = Stage::new().await;
    let outcomes: Vec<(&str, Setup, &str)> = vec![
        (
            "sso",
            Sso::new().sign_in(SignInOutcome::Timeout).into(),
            "authentication.sso_timed_out",
        ),
        (
            "dsync",
            Dsync::new()
                .outcome(DirectoryOutcome::InvalidCredentials)
                .into(),
            "",
        ),
        (
            "domain_verification",
            DomainVerification::new()
                .outcome(DomainOutcome::PeriodExpired)
                .into(),
            "organization_domain.verification_failed",
        ),
        (
            "log_streams",
            LogStream::new().first_event(StreamOutcome::Error).into(),
            "",
        ),
        (
            "bring_your_own_key",
            BringYourOwnKey::new().outcome(KeyOutcome::Failure).into(),
            "vault.byok_key.verification_completed",
        ),
    ];
    for (intent, setup, event) in outcomes {
        let link = stage.link(Some(intent)).await;
        let visit = stage.env.portal_link(&link).with(setup).fail().await;
        let visit = visit.expect("a visit");
        assert_eq!(visit.outcome, VisitOutcome::Failed, "{intent}");
        assert_eq!(visit.link, PortalLinkState::Issued, "{intent}");
        assert!(visit.problem.is_some(), "{intent}");
        if !event.is_empty() {
            let path = format!("/events?events={event}");
            let (_, events) = get(&stage.http, &stage.env, &path).await;
            assert_eq!(events["data"][0]["event"], event, "{events}");
        }
    }
    let (_, events) = get(
        &stage.http,
        &stage.env,
        "/events?events=organization_domain.verification_failed",
    )
    .await;
    assert_eq!(
        events["data"][0]["data"]["reason"],
        "domain_verification_period_expired"
    );
    // Where nothing is chosen, it fails in the usual way, and at the step that is named.
    let link = stage.link(Some("certificate_renewal")).await;
    let error = stage.env.portal_link(&link).fail_at("nowhere").await;
    assert_eq!(invalid(&error.expect_err("no step")).0, "step");
}

#[tokio::test]
async fn a_visit_can_stop_and_go_on() {
    let stage = Stage::new().await;
    let link = stage.link(Some("sso")).await;
    let oidc = Identity::OpenIdConnect {
        client_id: "client".to_owned(),
        client_secret: workos_portal_mock::config::Secret::new("hush"),
        discovery_endpoint: "https://idp.example/.well-known/openid-configuration".to_owned(),
    };
    let setup = Sso::new().provider(ConnectionType::OktaOIDC).identity(oidc);
    assert!(!format!("{setup:?}").contains("hush"));
    let half = stage.env.portal_link(&link).with(setup).stop_at("test");
    let half = half.await.expect("a visit");
    assert_eq!(
        (half.outcome, half.next_step, half.link),
        (VisitOutcome::Stopped, Some("test"), PortalLinkState::Issued)
    );
    let newest = stage.env.newest_portal_link(stage.organization());
    let done = newest.with(Setup::of(Intent::Sso)).complete().await;
    let done = done.expect("a visit");
    assert_eq!(done.steps, ["test"]);
    assert_eq!(
        done.redirect_url.as_deref(),
        Some("http://localhost/back?success=true")
    );
    let connection = done.first(MadeKind::Connection).expect("a connection");
    assert_eq!(connection.shown["connection_type"], "OktaOIDC");
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_changes_nothing() {
    let stage = Stage::new().await;
    let link = stage.link(Some("sso")).await;
    let env = &stage.env;
    let at = |link: &str| env.portal_link(link);
    let unknown = at("http://localhost/portal/launch?token=no").complete();
    let unknown = unknown.await.expect_err("no link");
    assert_eq!(
        invalid(&unknown),
        ("link", "There is no link with this token.")
    );
    let other = at(&link).with(Dsync::new()).complete().await;
    assert_eq!(
        invalid(&other.expect_err("another part")),
        ("intent", "The link does not open on dsync.")
    );
    let denied = Sso::new().sign_in(SignInOutcome::Denied);
    let denied = at(&link).with(denied).complete().await;
    let denied = denied.expect_err("not the end");
    let (field, message) = invalid(&denied);
    assert_eq!(field, "answers");
    assert!(
        message.starts_with("The step 'test' is not done by these answers."),
        "{message}"
    );
    let unasked = Setup::of(Intent::Sso).answer("colour", "green");
    let unasked = at(&link).with(unasked).complete().await;
    assert_eq!(
        invalid(&unasked.expect_err("no such field")).0,
        "answers.colour"
    );
    let oauth = Sso::new().provider(ConnectionType::GitHubOAuth);
    let oauth = at(&link).with(oauth).complete().await;
    assert_eq!(
        invalid(&oauth.expect_err("no provider of the portal")).0,
        "provider"
    );
    let menu = stage.link(None).await;
    assert_eq!(
        invalid(&at(&menu).complete().await.expect_err("which")).0,
        "intent"
    );
    let nobody = env.newest_portal_link("org_nobody").complete().await;
    assert_eq!(
        nobody.expect_err("no organization"),
        Error::NotFound("Organization not found: 'org_nobody'.".to_owned())
    );
    let (_, connections) = get(&stage.http, env, "/connections").await;
    assert_eq!(connections["data"], json!([]));
    assert!(!format!("{:?}", at(&link)).contains("token="));

    let expired = at(&link).expire().expect("a visit");
    assert_eq!(
        (expired.outcome, expired.link),
        (VisitOutcome::Expired, PortalLinkState::Expired)
    );
    let late = at(&link).complete().await.expect_err("a dead link");
    assert_eq!(
        invalid(&late),
        ("link", "The link expired at 2026-01-01T00:00:00Z.")
    );
}
