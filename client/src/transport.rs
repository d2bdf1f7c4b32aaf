use std::fmt;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Request, StatusCode};

use crate::error_body;
use crate::response::Response;
use crate::runtime::{ClientHooks, ClientInfo, OperationInfo};
use crate::{Client, Error, Secret};

/// The most that is read of a successful answer, in bytes: far above a page of 100 directory users with
/// all their attributes.
pub(crate) const MAX_BODY: usize = 32 * 1024 * 1024;

/// The most that is read of an error, in bytes.
pub(crate) const MAX_ERROR_BODY: usize = 64 * 1024;

/// What this crate adds to every generated call.
#[derive(Clone)]
pub(crate) struct Transport {
    authorization: HeaderValue,
    api_key: Secret,
}

impl Transport {
    /// `None` when the key has characters that no header can carry.
    pub(crate) fn new(api_key: Secret) -> Option<Self> {
        let mut authorization =
            HeaderValue::try_from(format!("Bearer {}", api_key.expose())).ok()?;
        authorization.set_sensitive(true);
        Some(Self {
            authorization,
            api_key,
        })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("api_key", &self.api_key)
            .finish_non_exhaustive()
    }
}

/// Why there is no complete answer.
#[derive(Debug)]
pub(crate) enum TransportError {
    Http(reqwest::Error),
    TooLarge { status: StatusCode, limit: usize },
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl ClientHooks<Transport> for Client {
    async fn pre<E>(&self, request: &mut Request, _: &OperationInfo) -> Result<(), Error<E>> {
        let headers = request.headers_mut();
        // The generated code sends the document's version in a header that WorkOS does not know.
        headers.remove("api-version");
        headers.insert(AUTHORIZATION, self.inner().authorization.clone());
        Ok(())
    }

    async fn exec(
        &self,
        request: Request,
        operation: &OperationInfo,
    ) -> Result<Response, TransportError> {
        let mut response = self.client().execute(request).await?;
        let status = response.status();
        let failed = status.is_client_error() || status.is_server_error();
        let limit = if failed { MAX_ERROR_BODY } else { MAX_BODY };
        let mut body = match read(&mut response, limit).await {
            Ok(Some(body)) => body,
            // Of an error the status is what counts, so a body that cannot be read is as good as none.
            Ok(None) | Err(_) if failed => Vec::new(),
            Ok(None) => return Err(TransportError::TooLarge { status, limit }),
            Err(error) => return Err(error.into()),
        };
        let headers = std::mem::take(response.headers_mut());
        if failed {
            let content_type = headers
                .get(CONTENT_TYPE)
                .and_then(|value| value.to_str().ok());
            body = error_body::normalise(status, content_type, &body, &self.inner().api_key);
        }
        Ok(Response {
            operation: operation.operation_id,
            status,
            headers,
            body,
        })
    }
}

/// The body, or `None` when it is longer than `limit`.
async fn read(response: &mut reqwest::Response, limit: usize) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if chunk.len() > limit - body.len() {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}
