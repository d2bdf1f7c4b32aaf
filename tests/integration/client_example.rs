//! The client's example app, as it stands: from signing in to the status that a webhook tells.

use contract_tests::TestServer;
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use serde_json::json;
use tokio::net::TcpListener;
use workos_portal::webhook::Verifier;

use crate::webhooks_support::{idle, subscribe};

#[path = "../../client/examples/axum_app.rs"]
#[expect(dead_code, reason = "the example's `main` is not run here")]
mod axum_app;

/// The app, on a port of its own.
struct App {
    origin: String,
    http: Client,
}

impl App {
    async fn on(server: &TestServer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let origin = format!("http://localhost:{port}");
        let url = format!("{origin}/webhooks/workos");
        let events = axum_app::EVENTS.map(|event| event.to_string());
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        let endpoint = subscribe(server, &url, &events).await;
        let webhooks = Verifier::new(endpoint.secret).expect("a secret");
        let organization = server.organization().try_into().expect("an id");
        let app = axum_app::app(server.client(), &origin, organization, webhooks);
        let app = app.expect("an app");
        tokio::spawn(async { axum::serve(listener, app).await });
        let http = Client::builder().redirect(Policy::none());
        Self {
            origin,
            http: http.build().expect("a client"),
        }
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.origin))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        let request = self.http.post(format!("{}{path}", self.origin));
        request.header("origin", &self.origin)
    }

    /// Presses a button, and goes through the part of the portal behind it. Returns where that leads back to.
    async fn set_up(&self, server: &TestServer, cookie: &str, intent: &str) -> String {
        let button = self.post(&format!("/admin-portal/{intent}"));
        let pressed = answer(button.header("cookie", cookie)).await;
        assert_eq!(pressed.status(), 303);
        let link = pressed.headers()["location"].to_str().expect("a link");
        let visit = json!({"link": link});
        let visit = server.post("/_mock/portal_links/complete", &visit);
        let visit = visit.send().await.expect(200);
        idle(server).await;
        visit.string("/redirect_url")
    }

    /// Signs in, and returns the cookie.
    async fn sign_in(&self, name: &str) -> String {
        let form = self.post("/login").body(format!("name={name}"));
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        let signed_in = answer(form).await;
        assert_eq!(signed_in.status(), 303);
        let cookie = signed_in.headers()["set-cookie"].to_str();
        let cookie = cookie.expect("a cookie").split(';').next();
        cookie.expect("a name and a value").to_owned()
    }

    async fn status(&self, cookie: &str) -> String {
        let status = answer(self.get("/status").header("cookie", cookie)).await;
        status.text().await.expect("a text")
    }
}

async fn answer(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn a_customer_sets_everything_up_alone() {
    let server = TestServer::start().await;
    let app = App::on(&server).await;
    let page = answer(app.get("/")).await.text().await.expect("a page");
    let ada = app.sign_in("ada").await;
    let none = "single sign-on: not set up\ndirectory sync: not set up\n";
    assert_eq!(app.status(&ada).await, none);
    for (intent, status) in [
        ("sso", "single sign-on: live\ndirectory sync: not set up\n"),
        ("dsync", "single sign-on: live\ndirectory sync: live\n"),
    ] {
        let button = format!(r#"action="/admin-portal/{intent}""#);
        assert!(page.contains(&button), "{page}");
        let back = app.set_up(&server, &ada, intent).await;
        let expected = format!("{}/status", app.origin);
        assert!(back.starts_with(&expected), "{back}");
        assert_eq!(app.status(&ada).await, status);
    }
}

#[tokio::test]
async fn what_is_taken_away_is_not_live_any_more() {
    let server = TestServer::start().await;
    let app = App::on(&server).await;
    let ada = app.sign_in("ada").await;
    let mut ids = Vec::new();
    for (intent, list) in [("sso", "/connections"), ("dsync", "/directories")] {
        app.set_up(&server, &ada, intent).await;
        let list_of_one = server.get(list).send().await.expect(200);
        ids.push(format!("{list}/{}", list_of_one.string("/data/0/id")));
    }
    // A second connection keeps sign-in going.
    let second = crate::support::connection(&server, &json!({})).await;
    for (path, status) in [
        (&ids[0], "single sign-on: live\ndirectory sync: live\n"),
        (
            &ids[1],
            "single sign-on: live\ndirectory sync: switched off\n",
        ),
        (
            &format!("/connections/{second}"),
            "single sign-on: switched off\ndirectory sync: switched off\n",
        ),
    ] {
        let deleted = server.delete(path).send().await;
        assert!((202..=204).contains(&deleted.status), "{deleted}");
        idle(&server).await;
        assert_eq!(app.status(&ada).await, status, "{path}");
    }
}

#[tokio::test]
async fn others_get_no_further() {
    let server = TestServer::start().await;
    let app = App::on(&server).await;
    let button = || app.post("/admin-portal/sso");
    let bob = app.sign_in("bob").await;
    assert_eq!(answer(button()).await.status(), 401);
    assert_eq!(answer(button().header("cookie", bob)).await.status(), 403);
    let forged = app.post("/webhooks/workos").body("{}");
    assert_eq!(answer(forged).await.status(), 401);
}
