use std::convert::Infallible;
use std::error::Error as _;
use std::io;

use workos_portal::portal::{
    AdminPortal, Authorize, BoxError, LinkError, PortalRedirects, RefusedRedirect,
};
use workos_portal::types::PortalIntent;
use workos_portal::{Error, OrganizationId};

use crate::log::Log;
use crate::server::{KEY, Server};

const LINK: &str = "https://setup.workos.test/portal/launch?secret=do-not-show";

/// Someone of one organization, perhaps its administrator.
#[derive(Clone)]
struct User {
    organization: &'static str,
    is_admin: bool,
}

const ADMIN: User = User {
    organization: "org_1",
    is_admin: true,
};

fn workos() -> Server {
    Server::json(format!(r#"{{"link":"{LINK}"}}"#))
}

fn redirects() -> PortalRedirects {
    PortalRedirects::to(["https://app.example.com"]).unwrap()
}

fn portal(workos: &Server) -> AdminPortal<User> {
    AdminPortal::new(
        workos.client(),
        redirects(),
        |user: User, organization: OrganizationId| async move {
            user.is_admin && organization == user.organization
        },
    )
}

/// A check that cannot be made.
struct Unreachable;

impl Authorize<User> for Unreachable {
    async fn authorize(&self, _: &User, _: &OrganizationId) -> Result<bool, BoxError> {
        Err(io::Error::other("the database is away").into())
    }
}

#[tokio::test]
async fn an_administrator_gets_a_link() {
    let workos = workos();
    let link = portal(&workos)
        .link(&ADMIN, "org_1", PortalIntent::Dsync)
        .return_url("https://app.example.com/settings?a=b")
        .success_url("https://app.example.com/done")
        .it_contact_emails(["it@example.com"])
        .external_user_id("user_7")
        .send()
        .await
        .unwrap();
    assert_eq!(link.link.expose(), LINK);
    let request = workos.request().unwrap();
    assert_eq!(request.line, "POST /portal/generate_link");
    assert_eq!(
        request.body,
        r#"{"external_user_id":"user_7","intent":"dsync","it_contact_emails":["it@example.com"],"organization":"org_1","return_url":"https://app.example.com/settings?a=b","success_url":"https://app.example.com/done"}"#
    );
}

#[tokio::test]
async fn what_is_not_given_is_not_sent() {
    let workos = workos();
    let portal = portal(&workos);
    let link = portal.link(&ADMIN, "org_1", PortalIntent::Sso);
    link.it_contact_emails([""; 0]).send().await.unwrap();
    assert_eq!(
        workos.request().unwrap().body,
        r#"{"intent":"sso","organization":"org_1"}"#
    );
}

#[tokio::test]
async fn whoever_may_not_causes_no_call() {
    let workos = workos();
    let portal = portal(&workos);
    let member = User {
        is_admin: false,
        ..ADMIN
    };
    for (user, organization) in [(&ADMIN, "org_2"), (&member, "org_1"), (&ADMIN, "ORG_1")] {
        let link = portal.link(user, organization, PortalIntent::Sso);
        let error = link.send().await.unwrap_err();
        assert!(matches!(error, LinkError::Denied), "{error:?}");
    }
    assert!(workos.request().is_none());
}

#[tokio::test]
async fn a_check_that_fails_lets_nobody_in() {
    let workos = workos();
    let by_type = AdminPortal::new(workos.client(), redirects(), Unreachable);
    let by_closure = AdminPortal::new(
        workos.client(),
        redirects(),
        |_: User, _: OrganizationId| async {
            Err::<bool, _>(io::Error::other("the database is away"))
        },
    );
    for portal in [by_type, by_closure] {
        let link = portal.link(&ADMIN, "org_1", PortalIntent::Sso);
        let error = link.send().await.unwrap_err();
        assert!(matches!(error, LinkError::Unchecked(_)), "{error:?}");
        assert_eq!(error.source().unwrap().to_string(), "the database is away");
        assert!(!error.to_string().contains("database"), "{error}");
    }
    assert!(workos.request().is_none());
}

#[tokio::test]
async fn a_closure_may_answer_with_a_result() {
    let workos = workos();
    let portal = AdminPortal::new(
        workos.client(),
        redirects(),
        |(): (), organization: OrganizationId| async move {
            Ok::<_, Infallible>(organization == "org_1")
        },
    );
    let link = portal.link(&(), "org_1", PortalIntent::Sso).send().await;
    assert_eq!(link.unwrap().link.expose(), LINK);
    let error = portal.link(&(), "org_2", PortalIntent::Sso).send().await;
    assert!(matches!(error, Err(LinkError::Denied)), "{error:?}");
}

#[tokio::test]
async fn a_url_of_somebody_else_causes_no_call_even_when_another_is_given_after_it() {
    let workos = workos();
    let portal = portal(&workos);
    let bad = "https://evil.example/?token=do-not-show";
    let good = "https://app.example.com/";
    let link = || portal.link(&ADMIN, "org_1", PortalIntent::Sso);
    for (link, refused) in [
        (link().return_url(bad), "return_url"),
        (link().success_url(bad), "success_url"),
        (link().success_url(good).return_url(bad), "return_url"),
        (link().return_url(bad).return_url(good), "return_url"),
    ] {
        let error = link.send().await.unwrap_err();
        let LinkError::Redirect { field, reason, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(*field, refused);
        assert_eq!(
            *reason,
            RefusedRedirect::Origin("https://evil.example".into())
        );
        assert_eq!(
            error.to_string(),
            format!(
                "{refused}: the origin https://evil.example is not among those that the portal may send people back to"
            )
        );
        assert!(!format!("{error:?}").contains("do-not-show"));
    }
    assert!(workos.request().is_none());
}

#[tokio::test]
async fn what_no_organization_or_intent_can_be_causes_no_call() {
    let workos = workos();
    let portal = portal(&workos);
    for (organization, intent, reason) in [
        (
            "",
            PortalIntent::Sso,
            "the request was not sent: organization: an id is not empty, `.` or `..`",
        ),
        (
            "..",
            PortalIntent::Sso,
            "the request was not sent: organization: an id is not empty, `.` or `..`",
        ),
        ("org_1", PortalIntent::from("banana"), "banana"),
    ] {
        let link = portal.link(&ADMIN, organization, intent).send().await;
        let error = link.unwrap_err();
        assert!(
            matches!(error, LinkError::Call(Error::InvalidRequest(_))),
            "{error:?}"
        );
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(workos.request().is_none());
}

#[tokio::test]
async fn the_way_past_the_check_says_why_in_the_log() {
    let (log, _guard) = Log::of_this_thread();
    let workos = workos();
    let portal = AdminPortal::new(workos.client(), redirects(), Unreachable);
    let intent = PortalIntent::LogStreams;
    let why = "the support desk asked for it";
    let link = portal.link_without_authorization("org_9", intent.clone(), why);
    assert_eq!(link.send().await.unwrap().link.expose(), LINK);
    let log = log.text();
    let told = " INFO workos_portal::portal::link: a portal link is made without authorization organization=\"org_9\" intent=\"log_streams\" reason=\"the support desk asked for it\"";
    assert!(log.contains(told), "{log}");
    assert!(!log.contains("do-not-show") && !log.contains(KEY), "{log}");

    let refused = portal.link_without_authorization("org_9", intent, why);
    let refused = refused.return_url("https://evil.example").send().await;
    assert!(
        matches!(refused, Err(LinkError::Redirect { .. })),
        "{refused:?}"
    );
    assert_eq!(workos.requests().len(), 1);
}

#[tokio::test]
async fn what_workos_says_is_handed_on() {
    let workos = Server::new(
        "404 Not Found",
        "x-request-id: req_1",
        r#"{"message":"No such organization.","code":"organization_not_found"}"#,
    );
    let portal = portal(&workos);
    let link = portal.link(&ADMIN, "org_1", PortalIntent::Sso);
    let error = link.send().await.unwrap_err();
    let LinkError::Call(call) = &error else {
        panic!("{error:?}")
    };
    assert!(call.is_organization_not_found());
    assert_eq!(error.to_string(), call.to_string());
}

#[test]
fn a_portal_shows_where_it_leads_back_to_and_no_secret() {
    let workos = workos();
    let portal = portal(&workos);
    let link = portal
        .link(&ADMIN, "org_1", PortalIntent::Sso)
        .return_url("https://app.example.com/?token=do-not-show")
        .it_contact_emails(["ada@example.com"]);
    let shown = format!("{portal:?} {link:?} {:?}", portal.providers());
    assert!(shown.contains("https://app.example.com"), "{shown}");
    for secret in [KEY, "do-not-show", "ada@"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
