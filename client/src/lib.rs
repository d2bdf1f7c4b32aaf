#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

/// Holds the code in MIGRATING.md to what the crate is.
#[cfg(doctest)]
#[doc = include_str!("../MIGRATING.md")]
mod migrating {}

#[macro_use]
mod open_enum;

mod api_key;
mod attempt;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call_options;
mod choices;
mod clock;
pub mod codes;
mod comma_separated;
mod config;
mod decode_error;
mod error;
mod error_body;
mod error_response;
mod event;
mod ids;
#[cfg(feature = "axum")]
mod limited_body;
mod loopback;
mod nullable;
mod optional_text;
mod paginate;
mod path_segment;
pub mod portal;
mod response;
mod retry;
#[expect(unreachable_pub, reason = "the generated code re-exports these names")]
mod runtime;
mod secret;
mod tls;
mod transport;
pub mod webhook;

#[expect(
    clippy::allow_attributes,
    clippy::pedantic,
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "generated code"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

mod enums {
    include!(concat!(env!("OUT_DIR"), "/enums.rs"));
}

mod document {
    include!(concat!(env!("OUT_DIR"), "/document.rs"));
}

mod operations {
    include!(concat!(env!("OUT_DIR"), "/operations.rs"));
}

/// What is sent and what is answered.
///
/// Enums are open: a value that this version does not know is kept in `Unknown` and sent back as it came.
/// Fields that this version does not know are ignored, except by an [`Event`](types::Event), which keeps them.
pub mod types {
    pub use crate::enums::*;
    pub use crate::event::Event;
    pub use crate::generated::types::*;
}

pub use attempt::{Attempt, Outcome};
pub use call_options::CallOptions;
pub use chrono::{DateTime, Utc};
pub use clock::Clock;
pub use comma_separated::{CommaSeparated, InvalidList};
pub use config::{BuildError, ClientBuilder};
pub use decode_error::DecodeError;
pub use error::Error;
pub use error_response::ErrorResponse;
pub use generated::{Client, builder};
pub use ids::{
    AuditLogExportId, ConnectionId, DirectoryGroupId, DirectoryId, DirectoryTokenId,
    DirectoryUserId, EventId, ItContactId, LogStreamId, OrganizationDomainId, OrganizationId,
    WebhookEndpointId,
};
pub use nullable::Nullable;
pub use optional_text::OptionalText;
pub use paginate::ListStream;
pub use path_segment::{InvalidPathSegment, PathSegment};
pub use reqwest::{StatusCode, header::HeaderMap};
pub use response::ResponseValue;
pub use retry::RetryPolicy;
pub use secret::Secret;

/// The day on which WorkOS's OpenAPI document was taken that this version is generated from, such as `2026-01-31`. What WorkOS
/// has added since is read all the same; see "What to rely on".
pub const API_DOCUMENT_DATE: &str = document::DATE;

/// The commit of WorkOS's repository `openapi-spec` that the document was taken from, where it is known.
pub const API_DOCUMENT_COMMIT: Option<&str> = document::COMMIT;
