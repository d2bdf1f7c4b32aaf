//! What the generated code would take from the crate `progenitor_client`, in our own terms: errors that tell no
//! secret and keep what the answer said, and a transport that hands over answers already read.

use serde::{Serialize, Serializer};

pub use crate::error::Error;
pub(crate) use crate::path_segment::encode as encode_path;
pub use crate::response::ResponseValue;

use crate::response::Response;

/// What a client is made of.
pub trait ClientInfo<Inner> {
    /// The document's version of the API.
    fn api_version() -> &'static str;
    /// Where requests are sent.
    #[expect(
        dead_code,
        reason = "the generated code implements it and reads the field"
    )]
    fn baseurl(&self) -> &str;
    /// What sends them.
    fn client(&self) -> &reqwest::Client;
    /// What this crate adds to the generated client.
    fn inner(&self) -> &Inner;
}

/// Which operation a request is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OperationInfo {
    /// The operation's id in the document, such as `list_organizations`.
    pub(crate) operation_id: &'static str,
}

/// The steps of every call.
pub(crate) trait ClientHooks<Inner>: ClientInfo<Inner> {
    /// Completes the request, once for each call.
    async fn pre(
        &self,
        request: &mut reqwest::Request,
        operation: &OperationInfo,
    ) -> Result<(), Error>;

    /// Sends the request and reads the whole answer.
    async fn exec(
        &self,
        request: reqwest::Request,
        operation: &OperationInfo,
    ) -> Result<Response, Error>;

    /// Sees how the call went.
    async fn post(&self, _: &Result<Response, Error>, _: &OperationInfo) -> Result<(), Error> {
        Ok(())
    }
}

/// One parameter of a query, left out where it has no value.
pub(crate) struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    pub(crate) fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [(self.name, self.value)].serialize(serializer)
    }
}
