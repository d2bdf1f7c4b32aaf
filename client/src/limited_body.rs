//! Bodies of requests to the app, read up to a limit.

use std::error::Error;

use axum::RequestExt;
use axum::extract::Request;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// Why a body was not read.
pub(crate) enum Unread {
    /// It is longer than the limit, or than the router allows.
    TooLarge,
    /// It broke off.
    Broken(axum::Error),
}

/// The whole body, of `limit` bytes at most.
pub(crate) async fn read(request: Request, limit: usize) -> Result<Vec<u8>, Unread> {
    let body = Limited::new(request.into_limited_body(), limit);
    let body = body.collect().await.map_err(unread)?;
    Ok(body.to_bytes().into())
}

fn unread(error: Box<dyn Error + Send + Sync>) -> Unread {
    let mut cause: Option<&dyn Error> = Some(error.as_ref());
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Unread::TooLarge;
        }
        cause = error.source();
    }
    Unread::Broken(axum::Error::new(error))
}
