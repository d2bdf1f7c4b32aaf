use std::io::Error;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRef, FromRequest, Request};
use axum::response::IntoResponse;
use workos_portal::Secret;
use workos_portal::webhook::{
    MAX_BODY, Verifier, WebhookError, WebhookEvent, WebhookRejection, sign,
};

use crate::{BODY, SECRET, header, signed};

#[derive(Clone)]
struct App {
    webhooks: Verifier,
}

impl FromRef<App> for Verifier {
    fn from_ref(app: &App) -> Self {
        app.webhooks.clone()
    }
}

fn app() -> App {
    App {
        webhooks: Verifier::new(SECRET).unwrap().clock(signed),
    }
}

fn request(header: &str, body: impl Into<Body>) -> Request {
    Request::post("/webhooks/workos")
        .header("workos-signature", header)
        .body(body.into())
        .unwrap()
}

/// With what status and text a request is turned away, and what the app learns of it.
async fn rejection(app: &App, request: Request) -> (u16, String, String) {
    let rejection = WebhookEvent::from_request(request, app).await.unwrap_err();
    let (status, reason) = (rejection.status(), rejection.to_string());
    let response = rejection.into_response();
    assert_eq!(response.status(), status);
    let text = to_bytes(response.into_body(), 1000).await.unwrap();
    let text = String::from_utf8(text.to_vec()).unwrap();
    (status.as_u16(), text, reason)
}

#[tokio::test]
async fn a_genuine_delivery_reaches_the_handler() {
    let WebhookEvent(event) = WebhookEvent::from_request(request(&header(), BODY), &app())
        .await
        .unwrap();
    assert_eq!(event.id, "event_1");
}

#[tokio::test]
async fn whatever_is_wrong_with_a_signature_is_answered_alike() {
    let app = app();
    let late = App {
        webhooks: app
            .webhooks
            .clone()
            .clock(|| signed() + Duration::from_secs(600)),
    };
    let unsigned = Request::post("/").body(Body::from(BODY)).unwrap();
    let mut unreadable = request("", BODY);
    unreadable.headers_mut().insert(
        "workos-signature",
        header().replace("v1", "v\u{e9}").parse().unwrap(),
    );
    for (app, request) in [
        (&app, unsigned),
        (&app, unreadable),
        (&app, request("nonsense", BODY)),
        (&app, request(&header(), "{}")),
        (&late, request(&header(), BODY)),
    ] {
        let (status, text, _) = rejection(app, request).await;
        assert_eq!(
            (status, text.as_str()),
            (401, "the signature was not accepted")
        );
    }
}

#[tokio::test]
async fn the_app_can_see_why() {
    let rejection = WebhookEvent::from_request(request(&header(), "{}"), &app())
        .await
        .unwrap_err();
    assert!(
        matches!(&rejection, WebhookRejection::Refused(error) if *error == WebhookError::NoMatch),
        "{rejection:?}"
    );
}

#[tokio::test]
async fn a_genuine_body_that_is_no_event_is_a_bad_request() {
    let header = sign(b"{}", &Secret::from(SECRET), signed());
    let (status, text, _) = rejection(&app(), request(&header, "{}")).await;
    assert_eq!((status, text.as_str()), (400, "the body could not be read"));
}

#[tokio::test]
async fn a_body_of_one_mebibyte_is_read_and_no_longer_one() {
    let padding = " ".repeat(MAX_BODY - BODY.len());
    let longest = format!("{BODY}{padding}");
    assert_eq!(longest.len(), 1_048_576);
    let header = sign(longest.as_bytes(), &Secret::from(SECRET), signed());
    WebhookEvent::from_request(request(&header, longest.clone()), &app())
        .await
        .unwrap();

    let longer = format!("{longest} ");
    let header = sign(longer.as_bytes(), &Secret::from(SECRET), signed());
    let (status, text, _) = rejection(&app(), request(&header, longer)).await;
    assert_eq!((status, text.as_str()), (413, "the body is too large"));
}

#[tokio::test]
async fn the_router_may_allow_less() {
    let mut request = request(&header(), BODY);
    DefaultBodyLimit::max(10).apply(&mut request);
    let (status, ..) = rejection(&app(), request).await;
    assert_eq!(status, 413);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_bad_request() {
    let pieces = [
        Ok(Bytes::from_static(b"{")),
        Err(Error::other("connection reset")),
    ];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let (status, text, reason) = rejection(&app(), request(&header(), body)).await;
    assert_eq!((status, text.as_str()), (400, "the body could not be read"));
    assert!(reason.contains("connection reset"), "{reason}");
}
