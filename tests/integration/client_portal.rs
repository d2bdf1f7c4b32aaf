//! The client's way into the portal, from the button in an app to the state after the setup.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::{StatusCode, request::Parts};
use contract_tests::TestServer;
use reqwest::{Response, redirect::Policy};
use serde_json::json;
use tokio::net::TcpListener;
use workos_portal::OrganizationId;
use workos_portal::portal::{AdminPortal, PortalRedirects, PortalRoutes};
use workos_portal::types::{ConnectionState, ConnectionType, PortalIntent};

use crate::support::organization;

/// Whoever the header `x-user` names, of the organization that `x-organization` does.
#[derive(Clone)]
struct User {
    name: String,
    organization: OrganizationId,
}

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let header = |name| parts.headers.get(name)?.to_str().ok();
        let organization = header("x-organization").and_then(|id| id.try_into().ok());
        Ok(Self {
            name: header("x-user").ok_or(StatusCode::UNAUTHORIZED)?.to_owned(),
            organization: organization.ok_or(StatusCode::UNAUTHORIZED)?,
        })
    }
}

fn portal(server: &TestServer) -> AdminPortal<User> {
    AdminPortal::new(
        server.client(),
        PortalRedirects::to(["https://app.example.com"]).expect("an origin"),
        |user: User, organization: OrganizationId| async move {
            user.name == "ada" && user.organization == organization
        },
    )
}

/// An app with the client's routes.
struct App {
    url: String,
    http: reqwest::Client,
}

impl App {
    async fn on(server: &TestServer) -> Self {
        let routes = PortalRoutes::new(portal(server))
            .own_organization(|user| Some(user.organization.clone()))
            .external_user_id(|user| Some(user.name.clone()))
            .success_url("https://app.example.com/done")
            .expect("a URL of the app");
        let app: Router = routes.into_router();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async { axum::serve(listener, app).await });
        let http = reqwest::Client::builder().redirect(Policy::none());
        Self {
            url,
            http: http.build().expect("a client"),
        }
    }

    /// Presses a button.
    async fn press(&self, intent: &str, user: &str, organization: &str, form: &str) -> Response {
        self.http
            .post(format!("{}/admin-portal/{intent}", self.url))
            .header("x-user", user)
            .header("x-organization", organization)
            .header("origin", &self.url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned())
            .send()
            .await
            .expect("an answer")
    }
}

fn link(response: &Response) -> &str {
    assert_eq!(response.status(), 303);
    let location = response.headers().get("location").expect("a link");
    location.to_str().expect("a text")
}

#[tokio::test]
async fn from_the_button_to_an_active_connection() {
    let server = TestServer::start().await;
    let app = App::on(&server).await;
    let organization = server.organization();

    let pressed = app.press("sso", "ada", organization, "").await;
    assert_eq!(pressed.headers()["cache-control"], "no-store");
    let link = link(&pressed);
    let visitor = server.visitor();
    let session = visitor.open(link).await;
    assert_eq!(visitor.landing(&session).await.status, 200);
    let complete = json!({"link": link});
    let _ = server
        .post("/_mock/portal_links/complete", &complete)
        .send()
        .await
        .expect(200);

    let connections = server.client();
    let connections = connections.list_connections().organization_id(organization);
    let connections = connections.send().await.expect("a list");
    let [connection] = &connections.data[..] else {
        panic!("{connections:?}")
    };
    assert_eq!(connection.state, ConnectionState::Active);
}

#[tokio::test]
async fn every_intent_has_its_button_and_goes_back_to_the_app() {
    let server = TestServer::start().await;
    let app = App::on(&server).await;
    for intent in PortalIntent::KNOWN {
        let back = "return_url=https://app.example.com/settings?tab=1";
        let pressed = app
            .press(intent.as_str(), "ada", server.organization(), back)
            .await;
        let visitor = server.visitor();
        let session = visitor.open(link(&pressed)).await;
        let page = visitor.landing(&session).await.expect(200);
        assert!(
            page.text()
                .contains("https://app.example.com/settings?tab=1"),
            "{intent}: {page}"
        );
    }
}

#[tokio::test]
async fn nobody_gets_into_the_portal_of_others() {
    let server = TestServer::start().await;
    let app = App::on(&server).await;
    let other = organization(&server, &json!({"name": "Other"})).await;
    let own = server.organization();
    for (user, named) in [("bob", own), ("ada", &other)] {
        let form = format!("organization={named}");
        let pressed = app.press("sso", user, own, &form).await;
        assert_eq!(pressed.status(), 403);
    }
    let made = server.get("/_mock/requests?path=/portal/generate_link");
    let made = made.send().await.expect(200).json();
    assert_eq!(made["data"], json!([]), "{made}");
}

#[tokio::test]
async fn an_organization_that_workos_does_not_know_is_the_app_s_mistake() {
    let server = TestServer::start().await;
    let app = App::on(&server).await;
    let pressed = app.press("sso", "ada", "org_gone", "").await;
    assert_eq!(pressed.status(), 502);
    let text = pressed.text().await.expect("a text");
    assert_eq!(text, "the setup cannot be opened");
}

#[tokio::test]
async fn the_links_of_a_user_who_leaves_are_taken_back() {
    let server = TestServer::start().await;
    let app = App::on(&server).await;
    let pressed = app.press("dsync", "ada", server.organization(), "").await;
    let link = link(&pressed);
    let visitor = server.visitor();
    let session = visitor.open(link).await;
    let client = server.client();
    client
        .revoke_portal_link()
        .body_map(|body| {
            body.organization(server.organization())
                .external_user_id("ada")
        })
        .send()
        .await
        .expect("it is revoked");
    let _ = visitor.get(&session).await.expect(410);
}

#[tokio::test]
async fn the_list_of_providers_is_asked_for_once() {
    let server = TestServer::start().await;
    let portal = portal(&server);
    let providers = portal.providers();
    let (first, second) = tokio::join!(providers.list(), portal.providers().list());
    let first = first.expect("a list");
    assert!(Arc::ptr_eq(&first, &second.expect("a list")));
    assert_eq!(first[0].provider, ConnectionType::GoogleOAuth);
    let asked = server.get("/_mock/requests?path=/portal/providers");
    let asked = asked.send().await.expect(200).json();
    assert_eq!(asked["data"].as_array().map(Vec::len), Some(1), "{asked}");
}
