use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use tracing::Instrument;

use crate::api_key::ApiKey;
#[cfg(feature = "blocking")]
pub(crate) use crate::blocking::is_waited_for;
use crate::call_options::IDEMPOTENCY_KEY;
use crate::operations::TAKE_IDEMPOTENCY_KEY;
use crate::response::{REQUEST_ID, Response, request_id};
use crate::retry::{retry_after, worth_repeating};
use crate::runtime::{ClientHooks, ClientInfo, OperationInfo};
use crate::{
    Attempt, CallOptions, Client, Clock, Error, ErrorResponse, Outcome, RetryPolicy, choices,
};

/// The most that is read of a successful answer, in bytes: far above a page of 100 directory users with
/// all their attributes.
pub(crate) const MAX_BODY: usize = 32 * 1024 * 1024;

/// The most that is read of an error, in bytes.
pub(crate) const MAX_ERROR_BODY: usize = 64 * 1024;

pub(crate) type Randomness = Arc<dyn Fn() -> u64 + Send + Sync>;
pub(crate) type Observer = Arc<dyn Fn(&Attempt<'_>) + Send + Sync>;

/// What this crate adds to every generated call.
#[derive(Clone)]
pub(crate) struct Transport {
    settings: Arc<Settings>,
    pub(crate) options: Option<Arc<CallOptions>>,
}

/// What every call of a client has in common.
pub(crate) struct Settings {
    pub(crate) api_key: ApiKey,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) retries: RetryPolicy,
    /// Whether values of enums are sent that this version does not know.
    pub(crate) unknown_values: bool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Randomness,
    pub(crate) observer: Option<Observer>,
    /// The connections of calls that are waited for; see [`crate::blocking`].
    #[cfg(feature = "blocking")]
    pub(crate) waited_for: reqwest::Client,
}

impl Transport {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            options: None,
        }
    }

    /// The clock of the client's calls.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.settings.clock
    }

    fn option<T>(&self, option: impl Fn(&CallOptions) -> Option<T>) -> Option<T> {
        self.options.as_deref().and_then(option)
    }

    /// The key of a call: its own, or else its client's.
    fn api_key(&self) -> Result<&ApiKey, String> {
        let own = self.options.as_deref().and_then(CallOptions::own_key);
        own.unwrap_or(Ok(&self.settings.api_key))
    }

    /// The connections for a call: its own, if it is waited for, or those of calls that are `awaited`.
    #[cfg_attr(
        not(feature = "blocking"),
        expect(
            clippy::unused_self,
            reason = "without the feature no call is waited for"
        )
    )]
    fn http<'a>(&'a self, awaited: &'a reqwest::Client) -> &'a reqwest::Client {
        #[cfg(feature = "blocking")]
        if is_waited_for() {
            return &self.settings.waited_for;
        }
        awaited
    }

    /// Sends a request as often as it takes, and as is allowed.
    async fn call(
        &self,
        http: &reqwest::Client,
        mut request: Request,
        operation: &'static str,
    ) -> Result<Response, Error> {
        let settings = &*self.settings;
        let retries = self.option(|o| o.retries).unwrap_or(settings.retries);
        let timeout = self.option(|o| o.timeout).unwrap_or(settings.timeout);
        let deadline = self.option(|o| o.deadline).unwrap_or(settings.deadline);
        let repeatable = request.method().is_idempotent()
            || TAKE_IDEMPOTENCY_KEY.contains(&operation)
            || self.options.as_ref().is_some_and(|o| o.repeatable);

        let begun = settings.clock.elapsed();
        let left = || deadline.saturating_sub(settings.clock.elapsed().saturating_sub(begun));
        let mut number = 1;
        loop {
            let next = if retries.goes_on_after(number) {
                request.try_clone()
            } else {
                None
            };
            *request.timeout_mut() = Some(timeout.min(left()));
            let before = settings.clock.elapsed();
            let result = self.attempt(http, request, operation).await;
            let took = settings.clock.elapsed().saturating_sub(before);

            let (outcome, asked, request_id) = match &result {
                Ok(response) => (
                    Outcome::Answered(response.status),
                    None,
                    request_id(&response.headers),
                ),
                Err(error) => (error.outcome(), error.retry_after(), error.request_id()),
            };
            let again = next
                .filter(|_| worth_repeating(outcome, repeatable))
                .and_then(|next| {
                    let wait = retries.wait(number, asked, (settings.randomness)())?;
                    (wait < left()).then_some((next, wait))
                });
            let attempt = Attempt {
                operation,
                number,
                outcome,
                request_id,
                took,
                retry_in: again.as_ref().map(|(_, wait)| *wait),
            };
            attempt.trace();
            if let Some(observer) = &settings.observer {
                observer(&attempt);
            }
            let Some((next, wait)) = again else {
                return result;
            };
            drop(result);
            settings.clock.sleep(wait).await;
            request = next;
            number += 1;
        }
    }

    /// Sends a request once, and reads the whole answer.
    async fn attempt(
        &self,
        http: &reqwest::Client,
        request: Request,
        operation: &'static str,
    ) -> Result<Response, Error> {
        let mut response = http.execute(request).await?;
        let status = response.status();
        let limit = if status.is_success() {
            MAX_BODY
        } else {
            MAX_ERROR_BODY
        };
        let body = read(&mut response, limit).await;
        let mut headers = std::mem::take(response.headers_mut());
        // It was sent, so it is one.
        let key = &self.api_key().unwrap_or(&self.settings.api_key).secret;
        if request_id(&headers).is_some_and(|id| id.contains(key.expose())) {
            headers.insert(REQUEST_ID, HeaderValue::from_static("[redacted]"));
        }
        if !status.is_success() {
            // Of an error the status is what counts, so a body that cannot be read is as good as none.
            let body = body.ok().flatten().unwrap_or_default();
            let asked = retry_after(&headers, self.settings.clock.now());
            return Err(ErrorResponse::read(operation, status, headers, body, asked, key).into());
        }
        let Some(body) = body? else {
            return Err(Error::BodyTooLarge {
                status,
                limit,
                request_id: request_id(&headers).map(str::to_owned),
            });
        };
        Ok(Response {
            operation,
            status,
            headers,
            body,
        })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("api_key", &self.settings.api_key)
            .field("timeout", &self.settings.timeout)
            .field("deadline", &self.settings.deadline)
            .field("retries", &self.settings.retries)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl ClientHooks<Transport> for Client {
    async fn pre(&self, request: &mut Request, operation: &OperationInfo) -> Result<(), Error> {
        let Transport { settings, options } = self.inner();
        let allowed = settings.unknown_values || options.as_ref().is_some_and(|o| o.unknown_values);
        if !allowed {
            choices::check(operation.operation_id, request).map_err(Error::InvalidRequest)?;
        }
        let headers = request.headers_mut();
        // The generated code sends the document's version in a header that WorkOS does not know.
        headers.remove("api-version");
        if let Some(options) = options {
            options.apply(headers).map_err(Error::InvalidRequest)?;
        }
        let api_key = self.inner().api_key().map_err(Error::InvalidRequest)?;
        headers.insert(AUTHORIZATION, api_key.authorization.clone());
        // Made once for a call, so that all its attempts carry the same.
        if TAKE_IDEMPOTENCY_KEY.contains(&operation.operation_id) {
            headers.entry(IDEMPOTENCY_KEY).or_insert_with(|| {
                let random = &settings.randomness;
                let key = format!("{:016x}{:016x}", random(), random());
                HeaderValue::from_str(&key).expect("hex digits can be sent")
            });
        }
        Ok(())
    }

    async fn exec(&self, request: Request, operation: &OperationInfo) -> Result<Response, Error> {
        let operation = operation.operation_id;
        let span = tracing::debug_span!("workos_call", operation);
        let http = self.inner().http(self.client());
        self.inner()
            .call(http, request, operation)
            .instrument(span)
            .await
    }
}

/// Whether this runs in something that is waited for.
#[cfg(not(feature = "blocking"))]
pub(crate) fn is_waited_for() -> bool {
    false
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
