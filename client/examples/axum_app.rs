//! An app whose customers set up single sign-on and directory sync by themselves: they sign in, press a button, go
//! through the portal and come back to a page that says how it went, which webhooks tell the app.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --features axum --example axum_app
//! ```
//!
//! `ada` may open the portal, others may not.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Form, FromRef, FromRequestParts, State};
use axum::http::header::{COOKIE, REFRESH, SET_COOKIE};
use axum::http::{StatusCode, request::Parts};
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use workos_portal::portal::{AdminPortal, PortalRedirects, PortalRoutes};
use workos_portal::types::{EventPayload, WebhookEndpoint, WebhookEventType};
use workos_portal::webhook::{Verifier, WebhookEvent};
use workos_portal::{Client, DateTime, OrganizationId, Utc};

const SETTINGS: &str = r#"<!doctype html>
<title>Settings</title>
<form method="post" action="/login"><input name="name" value="ada"><button>Sign in</button></form>
<p><a href="/status">Status</a></p>
<form method="post" action="/admin-portal/sso"><button>Set up single sign-on</button></form>
<form method="post" action="/admin-portal/dsync"><button>Set up directory sync</button></form>"#;

const SSO: &str = "single sign-on";
const DIRECTORY_SYNC: &str = "directory sync";

/// What the app wants to be told.
pub(crate) const EVENTS: [WebhookEventType; 5] = [
    WebhookEventType::ConnectionActivated,
    WebhookEventType::ConnectionDeactivated,
    WebhookEventType::ConnectionDeleted,
    WebhookEventType::DsyncActivated,
    WebhookEventType::DsyncDeleted,
];

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    /// The only customer.
    organization: OrganizationId,
    webhooks: Verifier,
    /// Connections and directories by their ids. A real app keeps them in its database.
    setups: Arc<Mutex<HashMap<String, Setup>>>,
}

/// What the newest event has told of a connection or a directory.
struct Setup {
    organization: Option<OrganizationId>,
    part: &'static str,
    live: bool,
    told_at: DateTime<Utc>,
}

impl FromRef<App> for Verifier {
    fn from_ref(app: &App) -> Self {
        app.webhooks.clone()
    }
}

/// Whoever is signed in.
#[derive(Clone)]
pub(crate) struct User {
    name: String,
    organization: OrganizationId,
}

impl FromRequestParts<App> for User {
    type Rejection = (StatusCode, &'static str);

    /// Believes the cookie, which no real app does: yours looks a session up.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let cookies = parts.headers.get(COOKIE).and_then(|c| c.to_str().ok());
        let name = cookies.and_then(|c| c.split("; ").find_map(|c| c.strip_prefix("user=")));
        Ok(Self {
            name: name
                .ok_or((StatusCode::UNAUTHORIZED, "sign in first"))?
                .to_owned(),
            organization: app.organization.clone(),
        })
    }
}

/// The app at `origin`, for the customer `organization`, told by webhooks that are signed with `secret`.
pub(crate) fn app(
    client: Client,
    origin: &str,
    organization: OrganizationId,
    webhooks: Verifier,
) -> Result<Router, Box<dyn Error>> {
    // Whoever opens the portal can change how everybody signs in, so it is for administrators.
    let administrators = |user: User, organization: OrganizationId| async move {
        user.name == "ada" && user.organization == organization
    };
    let portal = AdminPortal::new(client, PortalRedirects::to([origin])?, administrators);
    let routes = PortalRoutes::new(portal)
        .own_organization(|user| Some(user.organization.clone()))
        .external_user_id(|user| Some(user.name.clone()))
        .return_url(&format!("{origin}/"))?
        .success_url(&format!("{origin}/status"))?;

    Ok(Router::new()
        .route("/", get(async || Html(SETTINGS)))
        .route("/login", post(login))
        .route("/status", get(status))
        .route("/webhooks/workos", post(webhook))
        .merge(routes.into_router())
        .with_state(App {
            organization,
            webhooks,
            setups: Arc::default(),
        }))
}

/// The cookie goes with forms of this site alone, and no script can read it.
async fn login(Form(form): Form<HashMap<String, String>>) -> impl IntoResponse {
    let letters = |name: &&String| name.chars().all(|c| c.is_ascii_alphanumeric());
    let name = form.get("name").filter(letters).ok_or_else(|| {
        let said = "a name has letters and digits";
        (StatusCode::BAD_REQUEST, said)
    })?;
    let cookie = format!("user={name}; Path=/; HttpOnly; SameSite=Lax");
    Ok::<_, (StatusCode, &str)>(([(SET_COOKIE, cookie)], Redirect::to("/")))
}

/// The portal leads back here. A webhook may come a little later, so the page looks again by itself.
async fn status(user: User, State(app): State<App>) -> impl IntoResponse {
    let setups = app.setups.lock().unwrap_or_else(PoisonError::into_inner);
    let line = |part: &str| {
        let is_ours = |setup: &&Setup| setup.organization.as_ref() == Some(&user.organization);
        let known = setups.values().filter(is_ours).filter(|s| s.part == part);
        let state = match known.map(|setup| setup.live).max() {
            None => "not set up",
            Some(true) => "live",
            Some(false) => "switched off",
        };
        format!("{part}: {state}\n")
    };
    ([(REFRESH, "2")], [SSO, DIRECTORY_SYNC].map(line).concat())
}

/// Webhooks come late, twice and in any order: what counts is which of them tells of the newest change.
async fn webhook(State(app): State<App>, WebhookEvent(event): WebhookEvent) -> StatusCode {
    let told = match event.payload() {
        Some(Ok(EventPayload::ConnectionActivated(c))) => {
            (c.id.into(), c.organization_id, SSO, true)
        }
        Some(Ok(EventPayload::ConnectionDeactivated(c))) => {
            (c.id.into(), c.organization_id, SSO, false)
        }
        Some(Ok(EventPayload::ConnectionDeleted(c))) => {
            (c.id.into(), c.organization_id, SSO, false)
        }
        Some(Ok(EventPayload::DsyncActivated(d))) => {
            (d.id.into(), d.organization_id, DIRECTORY_SYNC, true)
        }
        Some(Ok(EventPayload::DsyncDeleted(d))) => {
            (d.id.into(), d.organization_id, DIRECTORY_SYNC, false)
        }
        _ => return StatusCode::NO_CONTENT,
    };
    let (id, organization, part, live): (String, _, _, _) = told;
    let told_at = event.created_at;
    let mut setups = app.setups.lock().unwrap_or_else(PoisonError::into_inner);
    if setups.get(&id).is_none_or(|known| known.told_at <= told_at) {
        let setup = Setup {
            organization,
            part,
            live,
            told_at,
        };
        setups.insert(id, setup);
    }
    StatusCode::NO_CONTENT
}

/// The endpoint of an earlier run is good still.
async fn endpoint(client: &Client, url: &str) -> Result<WebhookEndpoint, workos_portal::Error> {
    let mut endpoints = client.list_webhook_endpoints().stream();
    while let Some(known) = endpoints.next().await.transpose()? {
        if known.endpoint_url == url {
            return Ok(known);
        }
    }
    let call = client.create_webhook_endpoint();
    let call = call.body_map(|body| body.endpoint_url(url).events(EVENTS.to_vec()));
    Ok(call.send().await?.into_inner())
}

#[expect(clippy::print_stdout, reason = "it says where to go")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = Client::from_env()?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    let origin = format!("http://localhost:{}", listener.local_addr()?.port());

    // An app does both once, and keeps the id and the secret.
    let organization = client.create_organization().body_map(|b| b.name("Acme"));
    let organization = organization.send().await?.id.clone();
    let endpoint = endpoint(&client, &format!("{origin}/webhooks/workos")).await?;

    let app = app(
        client,
        &origin,
        organization,
        Verifier::new(endpoint.secret)?,
    )?;
    println!("open {origin}");
    axum::serve(listener, app).await?;
    Ok(())
}
