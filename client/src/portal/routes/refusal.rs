//! Answers without a link.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;

use crate::limited_body::Unread;
use crate::portal::LinkError;

/// Why there is no link, as far as the visitor is told.
#[derive(Clone, Copy)]
pub(super) enum Refusal {
    Foreign,
    NoIntent,
    NoForm,
    TooLong,
    BrokeOff,
    Twice,
    NoOrganization,
    Redirect,
    Denied,
    Unchecked,
    BadGateway,
    Unavailable(Option<Duration>),
}

impl Refusal {
    pub(super) fn of(error: &LinkError) -> Self {
        match error {
            LinkError::Denied => Self::Denied,
            LinkError::Unchecked(_) => Self::Unchecked,
            LinkError::Redirect { .. } => Self::Redirect,
            LinkError::Call(error) if error.is_retryable() => {
                Self::Unavailable(error.retry_after())
            }
            LinkError::Call(_) => Self::BadGateway,
        }
    }

    fn answer(self) -> (StatusCode, &'static str) {
        match self {
            Self::Foreign => (StatusCode::FORBIDDEN, "the form is not one of this site"),
            Self::NoIntent => (StatusCode::NOT_FOUND, "there is no such setup"),
            Self::NoForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body is not a form"),
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "the form is too long"),
            Self::BrokeOff => (StatusCode::BAD_REQUEST, "the form could not be read"),
            Self::Twice => (StatusCode::BAD_REQUEST, "a field is there twice"),
            Self::NoOrganization => (StatusCode::BAD_REQUEST, "no organization is named"),
            Self::Redirect => (
                StatusCode::BAD_REQUEST,
                "a URL to come back to is not allowed",
            ),
            Self::Denied => (StatusCode::FORBIDDEN, "you may not set this up"),
            Self::Unchecked => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "something went wrong here",
            ),
            Self::BadGateway => (StatusCode::BAD_GATEWAY, "the setup cannot be opened"),
            Self::Unavailable(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the setup cannot be opened now; try again later",
            ),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.answer().into_response();
        if let Self::Unavailable(Some(wait)) = self {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, wait.as_secs().into());
        }
        response
    }
}

impl From<Unread> for Refusal {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge => Self::TooLong,
            Unread::Broken(_) => Self::BrokeOff,
        }
    }
}
