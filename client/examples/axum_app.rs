//! An app whose customers set up single sign-on by themselves: they sign in, press a button, go through the
//! portal and come back; a webhook tells the app how it went.
//!
//! ```sh
//! workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --features axum --example axum_app
//! ```

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Form, FromRef, FromRequestParts, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{StatusCode, request::Parts};
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use workos_portal::portal::{AdminPortal, PortalRedirects, PortalRoutes};
use workos_portal::types::{ConnectionEventData, ConnectionState, EventPayload, WebhookEventType};
use workos_portal::webhook::{Verifier, WebhookEvent};
use workos_portal::{Client, OrganizationId};

const SETTINGS: &str = r#"<!doctype html>
<title>Settings</title>
<form method="post" action="/login"><input name="name" value="ada"><button>Sign in</button></form>
<p><a href="/status">Status</a></p>
<form method="post" action="/admin-portal/sso"><button>Set up single sign-on</button></form>"#;

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct App {
    /// The only customer.
    organization: OrganizationId,
    webhooks: Verifier,
    connections: Arc<Mutex<HashMap<OrganizationId, ConnectionEventData>>>,
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
            connections: Arc::default(),
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

async fn status(user: User, State(app): State<App>) -> &'static str {
    let connections = app.connections.lock();
    let connections = connections.unwrap_or_else(PoisonError::into_inner);
    match connections.get(&user.organization).map(|c| &c.state) {
        None => "single sign-on is not set up",
        Some(ConnectionState::Active) => "single sign-on is active",
        Some(_) => "single sign-on is not active",
    }
}

/// Webhooks come late, twice and in any order: what counts is which of them is about the newest change.
async fn webhook(State(app): State<App>, WebhookEvent(event): WebhookEvent) -> StatusCode {
    if let Some(Ok(
        EventPayload::ConnectionActivated(connection)
        | EventPayload::ConnectionDeactivated(connection),
    )) = event.payload()
        && let Some(organization) = &connection.organization_id
    {
        let connections = app.connections.lock();
        let mut connections = connections.unwrap_or_else(PoisonError::into_inner);
        let known = connections.get(organization);
        if known.is_none_or(|known| known.updated_at < connection.updated_at) {
            connections.insert(organization.clone(), connection);
        }
    }
    StatusCode::NO_CONTENT
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
    let endpoint = client
        .create_webhook_endpoint()
        .body_map(|body| {
            let events = [
                WebhookEventType::ConnectionActivated,
                WebhookEventType::ConnectionDeactivated,
            ];
            body.endpoint_url(format!("{origin}/webhooks/workos"))
                .events(events.to_vec())
        })
        .send()
        .await?;

    let webhooks = Verifier::new(endpoint.secret.clone())?;
    let app = app(client, &origin, organization, webhooks)?;
    println!("open {origin}");
    axum::serve(listener, app).await?;
    Ok(())
}
