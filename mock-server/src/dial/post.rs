//! Posts webhooks and events of log streams.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use url::Url;

use super::{Dialing, client};
use crate::domain::delivery::{Answer, Failure, Outcome};

/// How many bytes of an answer are read.
const LARGEST: usize = 64 * 1024;
/// How many of them are kept.
const KEPT: usize = 4 * 1024;

/// What is to be posted.
#[derive(Debug)]
pub(crate) struct Letter<'a> {
    pub(crate) url: &'a str,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// How long the receiver has for its whole answer.
    pub(crate) timeout: Duration,
}

/// Posts a letter, if its address may be dialled. Redirects are not followed.
///
/// A receiver that has answered a status and more than is read has answered; one whose answer ends before its end, or takes
/// too long, has not.
pub(crate) async fn post(dialing: &Dialing, letter: Letter<'_>) -> Outcome {
    let Some(url) = Url::parse(letter.url)
        .ok()
        .filter(|url| dialing.reach.includes(url))
    else {
        return Outcome::NotDialled;
    };
    let Some(client) = client(&dialing.clients.posting, Policy::none) else {
        return Outcome::Failed(Failure::Connect);
    };
    let request = client
        .post(url)
        .headers(letter.headers)
        .body(letter.body)
        .timeout(letter.timeout);
    match answer(request).await {
        Ok(answer) => Outcome::Answered(answer),
        Err(failure) => Outcome::Failed(failure),
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Answer, Failure> {
    let mut response = request.send().await.map_err(|error| {
        if error.is_timeout() {
            Failure::Timeout
        } else if error.is_connect() {
            Failure::Connect
        } else {
            Failure::NoAnswer
        }
    })?;
    let status = response.status().as_u16();
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(chunk) = response.chunk().await.map_err(|error| {
        if error.is_timeout() {
            Failure::Timeout
        } else {
            Failure::BrokenOff
        }
    })? {
        length += chunk.len();
        let room = KEPT.saturating_sub(kept.len()).min(chunk.len());
        kept.extend_from_slice(&chunk[..room]);
        if length > LARGEST {
            break;
        }
    }
    Ok(Answer {
        status,
        body: text(&kept).into(),
        truncated: length > kept.len(),
    })
}

/// The bytes as text. A character that is cut at the end is left out; what is no text is replaced.
fn text(bytes: &[u8]) -> String {
    let whole = match str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    };
    String::from_utf8_lossy(whole).into_owned()
}

#[cfg(test)]
mod tests;
