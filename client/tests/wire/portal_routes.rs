use std::io;

use axum::Router;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use reqwest::{Method, RequestBuilder, Response};
use tokio::net::TcpListener;
use workos_portal::portal::{AdminPortal, PortalRedirects, PortalRoutes};
use workos_portal::{OrganizationId, StatusCode};

use crate::log::Log;
use crate::server::{KEY, Server};

const LINK: &str = "https://setup.workos.test/portal/launch?secret=do-not-show";
const FORM: &str = "application/x-www-form-urlencoded";

/// Whoever the header `x-user` names: `ada` is the administrator of `org_1`, `bob` a member. `eve` cannot be
/// looked up.
#[derive(Clone)]
struct User {
    name: String,
    organization: Option<OrganizationId>,
}

/// What the app's extractor needs of the app's state.
#[derive(Clone)]
struct Sessions(&'static str);

#[derive(Clone)]
struct App {
    sessions: Sessions,
}

impl FromRef<App> for Sessions {
    fn from_ref(app: &App) -> Self {
        app.sessions.clone()
    }
}

impl<S: Sync> FromRequestParts<S> for User
where
    Sessions: FromRef<S>,
{
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Sessions(organization) = FromRef::from_ref(state);
        let name = parts.headers.get("x-user");
        let name = name.ok_or((StatusCode::IM_A_TEAPOT, "who are you?"))?;
        Ok(Self {
            name: name.to_str().unwrap().to_owned(),
            organization: organization.try_into().ok(),
        })
    }
}

async fn may(user: User, organization: OrganizationId) -> Result<bool, io::Error> {
    match &*user.name {
        "eve" => Err(io::Error::other("the database is away")),
        name => Ok(name == "ada" && organization == "org_1"),
    }
}

/// An app with the routes, in front of what stands for WorkOS.
struct Site {
    url: String,
    http: reqwest::Client,
    workos: Server,
}

impl Site {
    async fn new() -> Self {
        Self::before(Server::json(format!(r#"{{"link":"{LINK}"}}"#))).await
    }

    async fn before(workos: Server) -> Self {
        Self::with(workos, "org_1").await
    }

    /// The users' own organization is this one; none, where it is empty.
    async fn with(workos: Server, organization: &'static str) -> Self {
        let redirects = PortalRedirects::to(["https://app.example.com"]).unwrap();
        let portal = AdminPortal::new(workos.client(), redirects, may);
        let routes = PortalRoutes::new(portal)
            .own_organization(|user| user.organization.clone())
            .external_user_id(|user| Some(user.name.clone()))
            .return_url("https://app.example.com/settings")
            .unwrap();
        let app = Router::new()
            .nest("/of/{tenant}", routes.into_router::<App>())
            .with_state(App {
                sessions: Sessions(organization),
            });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, app).await });
        // Browsers bring a provider of cryptography of their own, even for `http`.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            url,
            http: http.build().unwrap(),
            workos,
        }
    }

    fn request(&self, method: Method, intent: &str) -> RequestBuilder {
        let url = format!("{}/of/acme/admin-portal/{intent}", self.url);
        self.http.request(method, url)
    }

    /// The form of a user, sent by the app's own page.
    fn form(&self, user: &str, body: &str) -> RequestBuilder {
        self.request(Method::POST, "sso")
            .header("x-user", user)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", FORM)
            .body(body.to_owned())
    }

    /// The answer without a link, which has the text alone, after no call of WorkOS.
    async fn refuses(&self, request: RequestBuilder) -> (u16, String) {
        let (status, text) = refusal(request.send().await.unwrap()).await;
        assert!(self.workos.request().is_none(), "{status} {text}");
        (status, text)
    }
}

fn header<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    let value = response.headers().get(name)?;
    Some(value.to_str().unwrap())
}

fn assert_kept_from_others(response: &Response) {
    assert_eq!(header(response, "cache-control"), Some("no-store"));
    assert_eq!(header(response, "referrer-policy"), Some("no-referrer"));
}

async fn refusal(response: Response) -> (u16, String) {
    assert_kept_from_others(&response);
    assert_eq!(header(&response, "location"), None);
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn the_button_leads_to_a_link_that_was_just_made() {
    let site = Site::new().await;
    for (intent, name) in [("sso", "sso"), ("bring_your_own_key", "bring_your_own_key")] {
        let request = site.request(Method::POST, intent).header("x-user", "ada");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(header(&response, "location"), Some(LINK));
        assert_kept_from_others(&response);
        assert_eq!(response.text().await.unwrap(), "");
        assert_eq!(
            site.workos.request().unwrap().body,
            format!(
                r#"{{"external_user_id":"ada","intent":"{name}","organization":"org_1","return_url":"https://app.example.com/settings"}}"#
            )
        );
    }
}

#[tokio::test]
async fn a_form_may_name_the_organization_and_where_to_go_back_to() {
    let site = Site::with(Server::json(format!(r#"{{"link":"{LINK}"}}"#)), "").await;
    let form = "csrf=x&organization=org%5F1&return_url=https%3A%2F%2Fapp.example.com%2Fa%3Fb%3Dc&success_url=https%3A%2F%2Fapp.example.com%2Fdone&csrf=y";
    let response = site.form("ada", form).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(
        site.workos.request().unwrap().body,
        r#"{"external_user_id":"ada","intent":"sso","organization":"org_1","return_url":"https://app.example.com/a?b=c","success_url":"https://app.example.com/done"}"#
    );

    let nothing = "organization=&return_url=&success_url=";
    let refused = (400, "no organization is named".to_owned());
    assert_eq!(site.refuses(site.form("ada", nothing)).await, refused);
    assert_eq!(site.refuses(site.form("ada", "")).await, refused);
}

#[tokio::test]
async fn a_form_that_asks_for_too_much_gets_nothing() {
    let site = Site::new().await;
    let long = format!("organization=org_1&more={}", "x".repeat(64 * 1024));
    for (user, form, status, text) in [
        ("bob", "", 403, "you may not set this up"),
        ("bob", "organization=org_1", 403, "you may not set this up"),
        ("ada", "organization=org_2", 403, "you may not set this up"),
        ("ada", "organization=%FF", 403, "you may not set this up"),
        ("eve", "", 500, "something went wrong here"),
        ("ada", "organization=..", 400, "no organization is named"),
        (
            "ada",
            "organization=org_1&organization=org_1",
            400,
            "a field is there twice",
        ),
        (
            "ada",
            "return_url=https://evil.example",
            400,
            "a URL to come back to is not allowed",
        ),
        (
            "ada",
            "success_url=//evil.example",
            400,
            "a URL to come back to is not allowed",
        ),
        (
            "ada",
            "return_url=javascript:alert(1)",
            400,
            "a URL to come back to is not allowed",
        ),
        ("ada", &long, 413, "the form is too long"),
    ] {
        let refused = site.refuses(site.form(user, form)).await;
        assert_eq!(refused, (status, text.to_owned()), "{user} {form}");
    }
}

#[tokio::test]
async fn what_is_no_form_gets_nothing() {
    let site = Site::new().await;
    for kind in ["application/json", "text/plain", "multipart/form-data", ""] {
        let request = site.request(Method::POST, "sso").header("x-user", "ada");
        let request = request.header("content-type", kind).body("{}");
        let refused = site.refuses(request).await;
        assert_eq!(
            refused,
            (415, "the body is not a form".to_owned()),
            "{kind}"
        );
    }
    let typed = format!("{FORM}; charset=utf-8").to_uppercase();
    let request = site.request(Method::POST, "sso").header("x-user", "ada");
    let request = request.header("content-type", typed).body("a=b");
    assert_eq!(request.send().await.unwrap().status(), 303);
}

#[tokio::test]
async fn whoever_is_not_signed_in_gets_the_app_s_own_answer() {
    let site = Site::new().await;
    let refused = site.refuses(site.request(Method::POST, "sso")).await;
    assert_eq!(refused, (418, "who are you?".to_owned()));
}

#[tokio::test]
async fn there_are_as_many_routes_as_intents_and_they_are_posted_to() {
    let site = Site::new().await;
    for intent in ["banana", "SSO", "sso%20", "%FF"] {
        let request = site.request(Method::POST, intent).header("x-user", "ada");
        let refused = site.refuses(request).await;
        assert_eq!(
            refused,
            (404, "there is no such setup".to_owned()),
            "{intent}"
        );
    }
    for method in [
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::PUT,
        Method::DELETE,
    ] {
        for site_of in ["none", "cross-site"] {
            let request = site.request(method.clone(), "sso").header("x-user", "ada");
            let request = request.header("sec-fetch-site", site_of);
            let response = request.send().await.unwrap();
            assert_eq!(header(&response, "allow"), Some("POST"), "{method}");
            assert_eq!(refusal(response).await, (405, String::new()), "{method}");
        }
    }
    assert!(site.workos.request().is_none());
}

#[tokio::test]
async fn another_site_s_form_gets_nothing() {
    let site = Site::new().await;
    let host = site.url.strip_prefix("http://").unwrap();
    let here = |scheme: &str| format!("{scheme}://{host}");
    for (name, value, sent) in [
        ("sec-fetch-site", "cross-site".to_owned(), false),
        ("sec-fetch-site", "same-site".to_owned(), false),
        ("sec-fetch-site", "none".to_owned(), true),
        ("origin", "https://evil.example".to_owned(), false),
        ("origin", "null".to_owned(), false),
        ("origin", here("http"), true),
        ("origin", here("https"), true),
        ("origin", "https://app.example.com".to_owned(), true),
    ] {
        let request = site.request(Method::POST, "sso").header("x-user", "ada");
        let request = request.header(name, &value);
        if sent {
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), StatusCode::SEE_OTHER, "{name}: {value}");
            assert!(site.workos.request().is_some());
        } else {
            let refused = (403, "the form is not one of this site".to_owned());
            assert_eq!(site.refuses(request).await, refused, "{name}: {value}");
        }
    }
    // Nobody is looked up for it.
    let request = site.request(Method::POST, "sso");
    let request = request.header("sec-fetch-site", "cross-site");
    assert_eq!(site.refuses(request).await.0, 403);
}

#[tokio::test]
async fn trouble_with_workos_is_told_to_the_log_and_not_to_the_visitor() {
    let opened = (502, "the setup cannot be opened");
    let later = (503, "the setup cannot be opened now; try again later");
    for (status, told, retry_after) in [
        ("400 Bad Request", opened, None),
        ("401 Unauthorized", opened, None),
        ("403 Forbidden", opened, None),
        ("404 Not Found", opened, None),
        ("422 Unprocessable Entity", opened, None),
        ("302 Found", opened, None),
        ("501 Not Implemented", opened, None),
        ("429 Too Many Requests", later, Some("7")),
        ("500 Internal Server Error", later, Some("7")),
        ("503 Service Unavailable", later, Some("7")),
    ] {
        let (log, _guard) = Log::of_this_thread();
        let site = Site::before(Server::new(
            status,
            "x-request-id: req_1\r\nretry-after: 7",
            r#"{"message":"No, ada@example.com.","code":"some_code"}"#,
        ));
        let site = site.await;
        let form = "return_url=https://app.example.com/?token=do-not-show";
        let response = site.form("ada", form).send().await.unwrap();
        assert_eq!(header(&response, "retry-after"), retry_after, "{status}");
        let (answered, text) = refusal(response).await;
        assert_eq!((answered, text.as_str()), told, "{status}");

        let log = log.text();
        let number = status.split_once(' ').unwrap().0;
        let line = format!(
            "ERROR workos_portal::portal::routes: no portal link was made: WorkOS refuses the call organization=\"org_1\" intent=\"sso\" status={number} code=\"some_code\" request_id=\"req_1\""
        );
        assert!(log.contains(&line), "{log}");
        for secret in [KEY, "ada@", "do-not-show"] {
            assert!(!log.contains(secret), "{log}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_leads_nowhere_is_not_passed_on() {
    let link = |link: &str| Server::json(format!(r#"{{"link":"{link}"}}"#));
    for workos in [
        link(r"https://setup.workos.test/\n"),
        link("javascript:alert(1)"),
        link("/portal"),
        link(""),
        Server::json("{}"),
        Server::saying(Vec::new()),
    ] {
        let (log, _guard) = Log::of_this_thread();
        let site = Site::before(workos).await;
        let response = site.form("ada", "").send().await.unwrap();
        let (status, _) = refusal(response).await;
        assert!(matches!(status, 502 | 503), "{status}");
        let log = log.text();
        assert!(
            log.contains("ERROR workos_portal::portal::routes: "),
            "{log}"
        );
    }
}

#[tokio::test]
async fn the_log_tells_who_was_turned_away_and_no_link() {
    let (log, _guard) = Log::of_this_thread();
    let site = Site::new().await;
    site.form("ada", "").send().await.unwrap();
    for (user, form) in [
        ("bob", ""),
        ("eve", ""),
        ("ada", "return_url=https://evil.example/?token=do-not-show"),
    ] {
        site.form(user, form).send().await.unwrap();
    }
    let request = site
        .form("ada", "")
        .header("origin", "https://evil.example");
    let foreign = request.header("sec-fetch-site", "cross-site");
    foreign.send().await.unwrap();

    let log = log.text();
    for line in [
        " INFO workos_portal::portal::routes: no portal link was made organization=\"org_1\" intent=\"sso\" error=the user may not open the portal of this organization",
        "ERROR workos_portal::portal::routes: no portal link was made: it cannot be told whether the user may open the portal of this organization organization=\"org_1\" intent=\"sso\" cause=the database is away",
        " INFO workos_portal::portal::routes: no portal link was made organization=\"org_1\" intent=\"sso\" error=return_url: the origin https://evil.example is not among",
    ] {
        assert!(log.contains(line), "{log}\n{line}");
    }
    assert!(!log.contains("do-not-show") && !log.contains(KEY), "{log}");
}

#[tokio::test]
async fn defaults_have_to_be_allowed_too() {
    let workos = Server::json("{}");
    let redirects = PortalRedirects::to(["https://app.example.com"]).unwrap();
    let portal = AdminPortal::new(workos.client(), redirects, may);
    let routes = || PortalRoutes::new(portal.clone());
    routes().return_url("https://evil.example/").unwrap_err();
    routes().success_url("/settings").unwrap_err();
    let routes = routes().success_url("https://app.example.com/?token=do-not-show");
    let shown = format!("{:?}", routes.unwrap());
    assert!(
        !shown.contains("do-not-show") && !shown.contains(KEY),
        "{shown}"
    );
}
