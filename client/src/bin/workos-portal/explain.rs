//! What a failed call means, and what to do about it.

use workos_portal::Error;

use crate::api::{DEADLINE, TIMEOUT};

/// One or two lines for people. They show no secret.
pub(crate) fn explain(error: &Error, base_url: &str) -> String {
    let place = origin(base_url);
    match error {
        Error::Unauthorized(_) => format!(
            "{place} does not accept the API key (401).\n\
             Set WORKOS_API_KEY to a key of this environment that has not been revoked."
        ),
        Error::Forbidden(_) => format!(
            "the API key may not do this (403): {}.\n\
             Give the key the permission in the WorkOS dashboard, or use another one.",
            message(error)
        ),
        Error::NotFound(_) if error.is_organization_not_found() => "there is no such organization \
             in the API key's environment (404).\nAn organization and the key have to be of the same \
             environment: `workos-portal organizations` lists what the key sees."
            .to_owned(),
        Error::RateLimited { retry_after, .. } => match retry_after {
            Some(wait) => format!(
                "too many requests (429).\nTry again in {} s.",
                wait.as_secs().max(1)
            ),
            None => "too many requests (429).\nTry again in a minute.".to_owned(),
        },
        Error::Transport(_) if error.is_timeout() => format!(
            "{place} does not answer in time: it has {} s for an attempt, and {} s for all of a call.\n\
             Try again, or look whether something holds it up.",
            TIMEOUT.as_secs(),
            DEADLINE.as_secs()
        ),
        Error::Transport(cause) if root(cause).contains("certificate") => format!(
            "{place} cannot prove who it is: {}.\n\
             Look whether the address is right, and whether this machine trusts the authority that signed for it.",
            root(cause)
        ),
        Error::Transport(cause) if cause.is_connect() => format!(
            "{place} cannot be reached.\n\
             Is the server running, and is this machine online? --base-url or WORKOS_BASE_URL says where it is."
        ),
        Error::Decode(_) => format!(
            "{place} answered something else than the API does: {error}.\n\
             Look whether --base-url or WORKOS_BASE_URL is the API's address."
        ),
        Error::Validation { errors, .. } if !errors.is_empty() => {
            let parts = errors.iter().map(|part| {
                let texts = [&part.field, &part.message, &part.code];
                let texts = texts.into_iter().flatten();
                let texts: Vec<&str> = texts.map(|text| text.trim_end_matches('.')).collect();
                texts.join(": ")
            });
            let parts: Vec<String> = parts.collect();
            let error = error.to_string();
            format!("{}:\n{}", error.trim_end_matches('.'), parts.join("\n"))
        }
        _ => error.to_string(),
    }
}

/// The origin of an address; what follows it may be private.
pub(crate) fn origin(url: &str) -> String {
    reqwest::Url::parse(url.trim()).map_or_else(
        |_| "the base URL".to_owned(),
        |url| url.origin().ascii_serialization(),
    )
}

/// What the last error of a chain says.
fn root(error: &dyn std::error::Error) -> String {
    let last = std::iter::successors(Some(error), |error| error.source()).last();
    last.unwrap_or(error).to_string()
}

fn message(error: &Error) -> &str {
    error
        .message()
        .unwrap_or("no reason is given")
        .trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use workos_portal::types::PortalIntent;

    use super::*;
    use crate::api;

    // Tokio's clock stands still and jumps to the next deadline when nothing else can happen.
    #[tokio::test(start_paused = true)]
    async fn a_server_that_says_nothing_is_waited_for_as_long_as_is_told() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let took = Arc::new(Mutex::new(Vec::new()));
        let seen = took.clone();
        let client = api::client("sk_test_a".into(), &url)
            .on_attempt(move |attempt| seen.lock().unwrap().push(attempt.took))
            .build()
            .unwrap();
        let call = client.generate_portal_link();
        let call = call.body_map(|body| body.organization("org_1").intent(PortalIntent::Sso));
        let error = call.send().await.unwrap_err();
        assert_eq!(
            explain(&error, &url).replace(&url, "http://server"),
            "http://server does not answer in time: it has 10 s for an attempt, and 20 s for all of a call.\n\
             Try again, or look whether something holds it up."
        );
        let attempts = std::mem::take(&mut *took.lock().unwrap());
        let attempts: Vec<u64> = attempts.iter().map(Duration::as_secs).collect();
        assert_eq!(attempts, [TIMEOUT.as_secs()]);

        // What may be sent again is, and that takes no longer than a call may.
        client.list_portal_providers().send().await.unwrap_err();
        let attempts = took.lock().unwrap();
        let sum: Duration = attempts.iter().sum();
        assert!(attempts.len() > 1, "{attempts:?}");
        assert!(sum.as_secs() <= DEADLINE.as_secs(), "{attempts:?}");
    }
}
