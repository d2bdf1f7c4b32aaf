//! What a failed call means, and what to do about it.

use workos_portal::Error;

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
            "{place} does not answer in time.\nTry again, or look whether something holds it up."
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
                let texts: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
                texts.join(": ")
            });
            let parts: Vec<String> = parts.collect();
            format!("{error}:\n{}", parts.join("\n"))
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
