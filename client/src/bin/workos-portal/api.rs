//! Which API is called, with which key.

use std::env;
use std::time::Duration;

use workos_portal::{BuildError, Client, ClientBuilder, Secret};

use crate::Failure;

/// The API of WorkOS itself.
pub(crate) const DEFAULT_BASE_URL: &str = "https://api.workos.com";

/// How long one attempt of a call may take. Somebody is waiting.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// How long a call may take with all its attempts.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

pub(crate) const API_KEY: &str = "WORKOS_API_KEY";

/// Where the API is.
#[derive(Debug, clap::Args)]
pub(crate) struct Api {
    /// The address that was given.
    #[arg(
        long,
        help = format!("Call the API at this address, such as that of a mock server [default: {DEFAULT_BASE_URL}]"),
        global = true,
        value_name = "URL",
        env = "WORKOS_BASE_URL",
        hide_env_values = true
    )]
    base_url: Option<String>,
}

impl Api {
    /// The address that was asked for, if one was.
    pub(crate) fn given(&self) -> Option<&str> {
        self.base_url.as_deref().filter(|url| !url.is_empty())
    }

    pub(crate) fn base_url(&self) -> &str {
        self.given().unwrap_or(DEFAULT_BASE_URL)
    }

    /// A client with the key in the environment.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        self.build(|builder| builder)
    }

    /// A client with the key in the environment, and settings changed.
    pub(crate) fn build(
        &self,
        change: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Client, Failure> {
        let key = env::var_os(API_KEY).unwrap_or_default().into_string();
        let key = key.map_err(|_| Failure::Told(format!("{API_KEY} is not Unicode")))?;
        if !key.is_empty() && !key.starts_with("sk_") {
            return Err(Failure::Told(format!("{API_KEY} must start with `sk_`")));
        }
        change(client(key.into(), self.base_url()))
            .build()
            .map_err(|error| Failure::Told(unusable(&error)))
    }
}

/// A client for an address, as this command calls itself.
pub(crate) fn client(key: Secret, base_url: &str) -> ClientBuilder {
    Client::builder()
        .api_key(key)
        .base_url(base_url)
        .timeout(TIMEOUT)
        .deadline(DEADLINE)
        .user_agent("workos-portal-cli")
}

/// Why there is no client, and what to do.
pub(crate) fn unusable(error: &BuildError) -> String {
    match error {
        BuildError::MissingApiKey => {
            format!("there is no API key: set {API_KEY} to one from the WorkOS dashboard")
        }
        BuildError::UnsendableApiKey => {
            format!("{API_KEY} has white space or a character that cannot be sent")
        }
        _ => error.to_string(),
    }
}
