use std::fmt;

use reqwest::header::HeaderValue;

use crate::{BuildError, Secret};

/// An API key that can be sent.
#[derive(Clone)]
pub(crate) struct ApiKey {
    pub(crate) secret: Secret,
    /// The value of the header that sends it.
    pub(crate) authorization: HeaderValue,
}

impl ApiKey {
    /// Looks whether a text can be a key.
    pub(crate) fn new(secret: Secret) -> Result<Self, BuildError> {
        let key = secret.expose();
        if key.is_empty() {
            return Err(BuildError::MissingApiKey);
        }
        if key.contains(char::is_whitespace) {
            return Err(BuildError::UnsendableApiKey);
        }
        let mut authorization = HeaderValue::try_from(format!("Bearer {key}"))
            .map_err(|_| BuildError::UnsendableApiKey)?;
        authorization.set_sensitive(true);
        Ok(Self {
            secret,
            authorization,
        })
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.secret.fmt(f)
    }
}
