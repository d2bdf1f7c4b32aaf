//! The axum extractor.

use std::error::Error;
use std::fmt;

use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use reqwest::StatusCode;

use super::{SIGNATURE_HEADER, Verifier, WebhookError};
use crate::limited_body::{self, Unread};
use crate::types::Event;

/// The most that is read of a delivery's body, in bytes: 1 MiB.
pub const MAX_BODY: usize = 1024 * 1024;

/// The event of a webhook, for handlers of axum 0.8: the request is known to come from WorkOS.
///
/// The [`Verifier`] comes from the router's state. What cannot be verified never reaches the handler; see
/// [`WebhookRejection`]. A handler that wants to log why takes `Result<WebhookEvent, WebhookRejection>`.
///
/// ```
/// use axum::Router;
/// use axum::http::StatusCode;
/// use axum::routing::post;
/// use workos_portal::webhook::{Verifier, WebhookEvent};
///
/// async fn webhook(WebhookEvent(event): WebhookEvent) -> StatusCode {
///     println!("{}: {}", event.id, event.event); // store it, and act on it later
///     StatusCode::NO_CONTENT
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = Verifier::new("whsec_3kT9vQ2mXz7LpN4rYb8WcD1Ha")?;
/// let app: Router = Router::new().route("/webhooks/workos", post(webhook)).with_state(verifier);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookEvent(pub Event);

/// Why a request is not a webhook's delivery.
///
/// As a response it tells the sender no more than the status says: 401 for all that concerns the
/// signature, 400 for a body that is genuine but no event or that broke off, 413 for one that is too long.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// It is not signed by WorkOS for this endpoint in time, or is no event.
    Refused(WebhookError),
    /// The body is longer than [`MAX_BODY`], or than the router allows.
    TooLarge,
    /// The body could not be read to its end.
    Unreadable(axum::Error),
}

impl WebhookRejection {
    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(WebhookError::NotAnEvent(_)) | Self::Unreadable(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Refused(_) => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}

impl<S> FromRequest<S> for WebhookEvent
where
    Verifier: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let header = request.headers().get(SIGNATURE_HEADER).cloned();
        let payload = limited_body::read(request, MAX_BODY).await?;
        let header = header.as_ref().map(|value| {
            // A header of other characters has no part that could be read.
            value.to_str().unwrap_or("?")
        });
        Verifier::from_ref(state)
            .event_now(&payload, header.unwrap_or_default())
            .map(Self)
            .map_err(WebhookRejection::Refused)
    }
}

impl From<Unread> for WebhookRejection {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge => Self::TooLarge,
            Unread::Broken(error) => Self::Unreadable(error),
        }
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        let status = self.status();
        let text = match status {
            StatusCode::UNAUTHORIZED => "the signature was not accepted",
            StatusCode::PAYLOAD_TOO_LARGE => "the body is too large",
            _ => "the body could not be read",
        };
        (status, text).into_response()
    }
}

impl fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::TooLarge => f.write_str("the body of the delivery is too large"),
            Self::Unreadable(error) => {
                write!(f, "the body of the delivery could not be read: {error}")
            }
        }
    }
}

impl Error for WebhookRejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Refused(error) => error.source(),
            Self::TooLarge => None,
            Self::Unreadable(error) => error.source(),
        }
    }
}
